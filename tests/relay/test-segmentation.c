/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs of datagrams that the kernel carries as one (UDP_SEGMENT, UDP_GRO): what a client or peer
 * sends as a run is taken apart into the same datagrams, and what the relay sends as a run arrives
 * as them.
 */
#include "fixture.h"

#include <netinet/udp.h>
#include <string.h>

#include "stun/bytes.h"

#define CHANNEL 0x4000
#define RUN 20

typedef struct {
  Fixture relay;
  Client *client;
  Peer peer;
} Scene;

static gboolean
set_segment (int fd, int size)
{
  return setsockopt (fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size) == 0;
}

static void
set_up (Scene *self, gconstpointer workers)
{
  fixture_init (&self->relay, "127.0.0.1");
  fixture_set_workers (&self->relay, GPOINTER_TO_UINT (workers));
  fixture_start (&self->relay);
  self->client = client_new (TH_TRANSPORT_UDP, &self->relay.address, "alice");
  peer_open (&self->peer, "127.0.0.1");
  g_assert_cmpuint (client_allocate (self->client), ==, 0);
  g_assert_cmpuint (client_bind_channel (self->client, CHANNEL, &self->peer.address), ==, 0);
}

static void
tear_down (Scene *self, gconstpointer workers)
{
  client_free (self->client);
  peer_close (&self->peer);
  fixture_tear_down (&self->relay, NULL);
}

static gboolean
must_skip (void)
{
  Peer probe;
  gboolean known;

  peer_open (&probe, "127.0.0.1");
  known = set_segment (probe.fd, 100);
  peer_close (&probe);
  if (!known)
    g_test_skip ("this kernel does not know UDP_SEGMENT");
  return !known;
}

/* The datagrams of a run: all of one length, but the last, which may be shorter. */
static gsize
length_of (guint number, gsize length, gsize last)
{
  return number + 1 < RUN ? length : last;
}

static void
fill (guint8 *bytes, gsize length, guint number)
{
  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) (number * 37 + i);
}

static void
check (const guint8 *bytes, gsize length, guint number, gsize expected_length)
{
  guint8 expected[2048];

  fill (expected, expected_length, number);
  g_assert_cmpmem (bytes, length, expected, expected_length);
}

/* As ChannelData, in one call. */
static void
send_run_up (Scene *self, gsize length, gsize last)
{
  g_autofree guint8 *run = g_malloc (RUN * (TH_CHANNEL_HEADER_SIZE + length));
  guint8 *at = run;

  for (guint i = 0; i < RUN; i++)
    {
      th_write_u16 (at, CHANNEL);
      th_write_u16 (at + 2, (guint16) length_of (i, length, last));
      fill (at + TH_CHANNEL_HEADER_SIZE, length_of (i, length, last), i);
      at += TH_CHANNEL_HEADER_SIZE + length_of (i, length, last);
    }
  g_assert_true (set_segment (self->client->fd, (int) (TH_CHANNEL_HEADER_SIZE + length)));
  g_assert_cmpint (send (self->client->fd, run, (gsize) (at - run), 0), ==, at - run);
  g_assert_true (set_segment (self->client->fd, 0));
}

static void
expect_run_up (Scene *self, gsize length, gsize last)
{
  for (guint i = 0; i < RUN; i++)
    {
      g_autoptr (GBytes) bytes = peer_receive (&self->peer, NULL, PATIENCE / 1000);

      g_assert_nonnull (bytes);
      check (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), i,
             length_of (i, length, last));
    }
}

static void
send_run_down (Scene *self, gsize length, gsize last)
{
  g_autofree guint8 *run = g_malloc (RUN * length);
  guint8 *at = run;

  for (guint i = 0; i < RUN; i++)
    {
      fill (at, length_of (i, length, last), i);
      at += length_of (i, length, last);
    }
  g_assert_true (set_segment (self->peer.fd, (int) length));
  peer_send (&self->peer, &self->client->relayed, run, (gsize) (at - run));
  g_assert_true (set_segment (self->peer.fd, 0));
}

static void
expect_run_down (Scene *self, gsize length, gsize last)
{
  for (guint i = 0; i < RUN; i++)
    {
      g_autoptr (Packet) packet = client_receive (self->client, PATIENCE / 1000);

      g_assert_nonnull (packet);
      check (packet->data, packet->length, i, length_of (i, length, last));
    }
}

static const struct {
  gsize length, last;
} runs[] = {
  { 100, 100 }, { 101, 1 }, { 1000, 999 }, { 1200, 1200 }, { 1448, 3 }, { 4, 4 },
};

static void
test_up (Scene *self, gconstpointer workers)
{
  guint64 packets = 0;

  if (must_skip ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      send_run_up (self, runs[i].length, runs[i].last);
      expect_run_up (self, runs[i].length, runs[i].last);
      packets += RUN;
    }
  g_assert_cmpuint (fixture_look (&self->relay)->packets_to_peers, ==, packets);
}

static void
test_down (Scene *self, gconstpointer workers)
{
  guint64 packets = 0;

  if (must_skip ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      send_run_down (self, runs[i].length, runs[i].last);
      expect_run_down (self, runs[i].length, runs[i].last);
      packets += RUN;
    }
  g_assert_cmpuint (fixture_look (&self->relay)->packets_to_clients, ==, packets);
}

/* A run that is more than the outbox holds at once, several times over. */
static void
test_many_runs_at_once (Scene *self, gconstpointer workers)
{
  if (must_skip ())
    return;
  for (guint i = 0; i < 20; i++)
    send_run_up (self, 64, 64);
  for (guint i = 0; i < 20; i++)
    expect_run_up (self, 64, 64);
  for (guint i = 0; i < 20; i++)
    send_run_down (self, 64, 64);
  for (guint i = 0; i < 20; i++)
    expect_run_down (self, 64, 64);
}

/* Requests in a run, as no client sends them, are requests all the same. */
static void
test_requests_in_a_run (Scene *self, gconstpointer workers)
{
  guint8 run[RUN * TH_STUN_HEADER_SIZE];

  if (must_skip ())
    return;
  for (guint i = 0; i < RUN; i++)
    {
      client_begin (self->client, TH_STUN_REQUEST, TH_STUN_BINDING);
      memcpy (run + i * TH_STUN_HEADER_SIZE, self->client->out, TH_STUN_HEADER_SIZE);
    }
  g_assert_true (set_segment (self->client->fd, TH_STUN_HEADER_SIZE));
  g_assert_cmpint (send (self->client->fd, run, sizeof run, 0), ==, sizeof run);
  g_assert_true (set_segment (self->client->fd, 0));
  for (guint i = 0; i < RUN; i++)
    {
      g_autoptr (Packet) packet = client_receive (self->client, PATIENCE / 1000);

      g_assert_nonnull (packet);
      g_assert_cmpint (packet->kind, ==, PACKET_ANSWER);
      g_assert_cmpmem (packet->data + 8, TH_STUN_TRANSACTION_ID_SIZE,
                       run + i * TH_STUN_HEADER_SIZE + 8, TH_STUN_TRANSACTION_ID_SIZE);
    }
}

static const Case cases[] = {
  CASE ("up", test_up),
  CASE ("down", test_down),
  CASE ("many-runs-at-once", test_many_runs_at_once),
  CASE ("requests-in-a-run", test_requests_in_a_run),
};

static void
add_tests (const char *path, guint workers)
{
  add_cases (path, cases, Scene, GUINT_TO_POINTER (workers), set_up, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_tests ("/relay/segmentation/on-the-main-context", 0);
  add_tests ("/relay/segmentation/one-worker", 1);
  return g_test_run ();
}
