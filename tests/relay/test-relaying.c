/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The relay as its clients meet it, with every number of workers, over each transport and both
 * families on one port: data goes both ways, by channel and by indication, unchanged and in order.
 */
#include "fixture.h"

#include <string.h>

#define CHANNEL 0x4001

typedef struct {
  ThTransport transport;
  const char *host;
} Way;

static const Way ways[] = {
  { TH_TRANSPORT_UDP, "127.0.0.1" },
  { TH_TRANSPORT_TCP, "127.0.0.1" },
  { TH_TRANSPORT_TLS, "127.0.0.1" },
  { TH_TRANSPORT_DTLS, "127.0.0.1" },
  { TH_TRANSPORT_UDP, "::1" },
  { TH_TRANSPORT_TCP, "::1" },
  { TH_TRANSPORT_TLS, "::1" },
  { TH_TRANSPORT_DTLS, "::1" },
};

static guint
count_ways (void)
{
  return has_ipv6 () ? 8 : 4;
}

static void
set_up (Fixture *self, gconstpointer workers)
{
  fixture_init (self, "127.0.0.1");
  if (has_ipv6 ())
    fixture_listen_also (self, "::1");
  fixture_set_workers (self, GPOINTER_TO_UINT (workers));
  fixture_start (self);
}

static Client *
connect_by (const Fixture *self, const Way *way)
{
  ThAddress server = fixture_address_on (self, way->host);

  return client_new (way->transport, &server, "alice");
}

static void
exchange_indications (Client *client, const Peer *peer)
{
  ThAddress from;

  g_assert_cmpuint (client_permit (client, &peer->address), ==, 0);
  client_send (client, &peer->address, "up", 2);
  peer_expect (peer, "up", &from);
  g_assert_true (th_address_equal (&from, &client->relayed));
  peer_send (peer, &client->relayed, "down!", 5);
  client_expect_data (client, &peer->address, "down!");

  client_send (client, &peer->address, "", 0);
  peer_expect (peer, "", NULL);
  peer_send (peer, &client->relayed, "", 0);
  client_expect_data (client, &peer->address, "");
}

static void
exchange_channel_data (Client *client, const Peer *peer)
{
  ThAddress from;

  g_assert_cmpuint (client_bind_channel (client, CHANNEL, &peer->address), ==, 0);
  client_send_channel (client, CHANNEL, "by channel", 10);
  peer_expect (peer, "by channel", &from);
  g_assert_true (th_address_equal (&from, &client->relayed));
  peer_send (peer, &client->relayed, "and back", 8);
  client_expect_channel_data (client, CHANNEL, "and back");

  client_send_channel (client, CHANNEL, "", 0);
  peer_expect (peer, "", NULL);
  peer_send (peer, &client->relayed, "", 0);
  client_expect_channel_data (client, CHANNEL, "");
}

static void
test_both_ways (Fixture *self, gconstpointer workers)
{
  for (guint i = 0; i < count_ways (); i++)
    {
      g_autoptr (Client) client = connect_by (self, &ways[i]);
      Peer peer;

      peer_open (&peer, ways[i].host);
      g_assert_cmpuint (client_bind_test (client), ==, 0);
      g_assert_cmpuint (client_allocate (client), ==, 0);
      g_assert_true (th_address_family (&client->relayed) == th_address_family (&peer.address));
      exchange_indications (client, &peer);
      exchange_channel_data (client, &peer);
      g_assert_cmpuint (client_refresh (client, 0), ==, 0);
      g_assert_cmpuint (client_refresh (client, 600), ==, TH_STUN_ALLOCATION_MISMATCH);
      peer_close (&peer);
    }
}

/* A payload that tells its number and where each of its bytes belongs. */
static void
fill (guint8 *bytes, gsize length, guint32 number)
{
  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) (number * 31 + i * 7 + (i >> 8));
  memcpy (bytes, &number, MIN (length, sizeof number));
}

/* From 4 bytes to more than a frame of Ethernet; every remainder of 4. */
static gsize
length_of (guint32 number)
{
  return 4 + number * 37 % 1800;
}

static void
check (const guint8 *bytes, gsize length, guint32 number)
{
  guint8 expected[2048];

  fill (expected, length_of (number), number);
  g_assert_cmpmem (bytes, length, expected, length_of (number));
}

#define BURST 16
#define BURSTS 20

static void
send_burst_up (Client *client, const Peer *peer, guint32 first)
{
  guint8 bytes[2048];

  for (guint32 number = first; number < first + BURST; number++)
    {
      fill (bytes, length_of (number), number);
      if (number % 2 == 0)
        client_send_channel (client, CHANNEL, bytes, length_of (number));
      else
        client_send (client, &peer->address, bytes, length_of (number));
    }
  for (guint32 number = first; number < first + BURST; number++)
    {
      g_autoptr (GBytes) got = peer_receive (peer, NULL, PATIENCE / 1000);

      g_assert_nonnull (got);
      check (g_bytes_get_data (got, NULL), g_bytes_get_size (got), number);
    }
}

static void
send_burst_down (Client *client, const Peer *peer, guint32 first)
{
  guint8 bytes[2048];

  for (guint32 number = first; number < first + BURST; number++)
    {
      fill (bytes, length_of (number), number);
      peer_send (peer, &client->relayed, bytes, length_of (number));
    }
  for (guint32 number = first; number < first + BURST; number++)
    {
      g_autoptr (Packet) got = client_receive (client, PATIENCE / 1000);

      g_assert_nonnull (got);
      check (got->data, got->length, number);
    }
}

static void
test_content_and_order (Fixture *self, gconstpointer workers)
{
  for (guint i = 0; i < count_ways (); i++)
    {
      g_autoptr (Client) client = connect_by (self, &ways[i]);
      Peer peer;

      peer_open (&peer, ways[i].host);
      g_assert_cmpuint (client_allocate (client), ==, 0);
      g_assert_cmpuint (client_bind_channel (client, CHANNEL, &peer.address), ==, 0);
      for (guint burst = 0; burst < BURSTS; burst++)
        {
          send_burst_up (client, &peer, burst * BURST);
          send_burst_down (client, &peer, burst * BURST);
        }
      peer_close (&peer);
    }
}

/* As many clients as certainly keep every worker busy, all at once. */
static void
test_many_clients_at_once (Fixture *self, gconstpointer workers)
{
  Client *clients[24];
  Peer peers[G_N_ELEMENTS (clients)];

  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      const Way *way = &ways[i % count_ways ()];

      clients[i] = connect_by (self, way);
      peer_open (&peers[i], way->host);
      g_assert_cmpuint (client_allocate (clients[i]), ==, 0);
      g_assert_cmpuint (client_bind_channel (clients[i], CHANNEL, &peers[i].address), ==, 0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    client_send_channel (clients[i], CHANNEL, clients[i]->user, strlen (clients[i]->user));
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      ThAddress from;

      peer_expect (&peers[i], "alice", &from);
      g_assert_true (th_address_equal (&from, &clients[i]->relayed));
      peer_send (&peers[i], &from, "hello", 5);
    }
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      client_expect_channel_data (clients[i], CHANNEL, "hello");
      client_free (clients[i]);
      peer_close (&peers[i]);
    }
}

/* 64 KiB is more than a datagram holds, but over TCP it may be asked for. */
static void
test_largest_packets (Fixture *self, gconstpointer workers)
{
  for (guint i = 1; i < 3; i++)
    {
      g_autoptr (Client) client = connect_by (self, &ways[i]);
      g_autofree guint8 *bytes = g_malloc0 (G_MAXUINT16);
      g_autoptr (GBytes) got = NULL;
      Peer peer;

      g_assert_true (th_transport_is_stream (ways[i].transport));
      peer_open (&peer, "127.0.0.1");
      g_assert_cmpuint (client_allocate (client), ==, 0);
      g_assert_cmpuint (client_bind_channel (client, CHANNEL, &peer.address), ==, 0);
      client_send_channel (client, CHANNEL, bytes, G_MAXUINT16);
      client_send_channel (client, CHANNEL, bytes, 65507);
      got = peer_receive (&peer, NULL, PATIENCE / 1000);
      g_assert_nonnull (got);
      g_assert_cmpuint (g_bytes_get_size (got), ==, 65507);
      peer_close (&peer);
    }
}

static const Case cases[] = {
  CASE ("both-ways", test_both_ways),
  CASE ("content-and-order", test_content_and_order),
  CASE ("many-clients-at-once", test_many_clients_at_once),
  CASE ("largest-packets", test_largest_packets),
};

static void
add_tests (const char *path, guint n_workers)
{
  add_cases (path, cases, Fixture, GUINT_TO_POINTER (n_workers), set_up, fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_tests ("/relay/relaying/on-the-main-context", 0);
  add_tests ("/relay/relaying/one-worker", 1);
  add_tests ("/relay/relaying/three-workers", 3);
  add_tests ("/relay/relaying/a-worker-per-processor", WORKERS_AUTO);
  return g_test_run ();
}
