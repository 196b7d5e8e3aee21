/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP clients that read slowly, late or never: the relay keeps a bounded amount for them, drops
 * whole packets and counts them, and never cuts one in the middle.
 */
#include "fixture.h"

#include <string.h>

#define PACKET_SIZE 1000
#define BURST 32

/* A client that does not read by itself, and its peer who sends packets that tell their number. */
typedef struct {
  Fixture relay;
  Client *client;
  Peer peer;
  guint32 n_sent;
} Scene;

static void
set_up (Scene *self, gconstpointer data)
{
  fixture_init (&self->relay, "127.0.0.1");
  fixture_start (&self->relay);
  self->client = client_new (TH_TRANSPORT_TCP, &self->relay.address, "alice");
  peer_open (&self->peer, "127.0.0.1");
  g_assert_cmpuint (client_allocate (self->client), ==, 0);
  g_assert_cmpuint (client_bind_channel (self->client, 0x4001, &self->peer.address), ==, 0);
  self->n_sent = 0;
}

static void
tear_down (Scene *self, gconstpointer data)
{
  g_clear_pointer (&self->client, client_free);
  peer_close (&self->peer);
  fixture_tear_down (&self->relay, NULL);
}

/* Slowly enough that the relay gets each of them. */
static void
send_burst (Scene *self)
{
  guint8 bytes[PACKET_SIZE];

  memset (bytes, 'x', sizeof bytes);
  for (guint i = 0; i < BURST; i++)
    {
      memcpy (bytes, &self->n_sent, sizeof self->n_sent);
      peer_send (&self->peer, &self->client->relayed, bytes, sizeof bytes);
      self->n_sent++;
    }
  wait_until (fixture_look (&self->relay)->packets_to_clients == self->n_sent);
}

/* Until the relay has had to drop at least @n packets. */
static void
send_until_dropped (Scene *self, guint64 n)
{
  while (fixture_look (&self->relay)->dropped_queue_full < n)
    {
      send_burst (self);
      g_assert_cmpuint (self->n_sent, <, 200000);
    }
}

/* Reads all that comes within a moment: whole packets with rising numbers. Returns how many. */
static guint
read_all (Scene *self)
{
  gint64 last = -1;
  guint count = 0;
  Packet *packet;

  while ((packet = client_receive (self->client, 100)) != NULL)
    {
      guint32 number;

      g_assert_cmpint (packet->kind, ==, PACKET_CHANNEL_DATA);
      g_assert_cmpuint (packet->length, ==, PACKET_SIZE);
      memcpy (&number, packet->data, sizeof number);
      g_assert_cmpint (number, >, last);
      for (guint i = sizeof number; i < PACKET_SIZE; i++)
        g_assert_cmpuint (packet->data[i], ==, 'x');
      last = number;
      count++;
      packet_free (packet);
    }
  g_assert_cmpuint (self->client->in->len, ==, 0); /* nothing is left half */
  return count;
}

static void
test_media_is_dropped_whole (Scene *self, gconstpointer data)
{
  guint64 dropped;

  send_until_dropped (self, 500);
  dropped = self->relay.statistics.dropped_queue_full;
  g_assert_cmpuint (read_all (self) + dropped, ==, self->n_sent);

  /* Having read, it gets everything again. */
  send_burst (self);
  g_assert_cmpuint (read_all (self), ==, BURST);
  g_assert_cmpuint (fixture_look (&self->relay)->dropped_queue_full, ==, dropped);
}

/* However much is sent, no more is kept than was already when the first packet was dropped. */
static void
test_memory_is_bounded (Scene *self, gconstpointer data)
{
  guint kept;

  send_until_dropped (self, 1);
  kept = self->n_sent;
  send_until_dropped (self, 10000);
  g_assert_cmpuint (read_all (self), <=, kept);
}

/* Media is dropped at a point where answers still have room. */
static void
test_answers_still_come (Scene *self, gconstpointer data)
{
  send_until_dropped (self, 100);
  for (guint i = 0; i < 10; i++)
    {
      client_begin (self->client, TH_STUN_REQUEST, TH_STUN_BINDING);
      client_tell (self->client);
    }
  g_assert_cmpuint (client_refresh (self->client, 600), ==, 0);
  g_assert_false (self->client->ended);
}

static gboolean
is_reset (Client *client)
{
  struct pollfd item = { .fd = client->fd, .events = POLLRDHUP };

  return poll (&item, 1, 0) > 0 && (item.revents & (POLLHUP | POLLERR | POLLRDHUP)) != 0;
}

/* It asks and asks but does not take the answers. */
static void
test_reader_that_never_reads (Scene *self, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  while (!is_reset (self->client))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      client_begin (self->client, TH_STUN_REQUEST, TH_STUN_BINDING);
      client_tell (self->client);
    }
  wait_until (fixture_look (&self->relay)->connections == 0);
  wait_until (fixture_look (&self->relay)->sessions == 0);
  g_assert_cmpuint (self->relay.statistics.dropped_queue_full, >=, 1);
}

/*
 * Peers cannot end a client's connection by sending much, not even packets without content. They
 * come from another port of the peer, which has no channel, as indications.
 */
static void
test_empty_media_is_media (Scene *self, gconstpointer data)
{
  guint64 n = 0;
  Peer other;

  peer_open (&other, "127.0.0.1");
  send_until_dropped (self, 1);
  while (fixture_look (&self->relay)->dropped_queue_full < 10000)
    {
      for (guint i = 0; i < BURST; i++)
        peer_send (&other, &self->client->relayed, "", 0);
      n += BURST;
      wait_until (fixture_look (&self->relay)->packets_to_clients == self->n_sent + n ||
                  self->relay.statistics.connections == 0);
      g_assert_cmpuint (self->relay.statistics.connections, ==, 1);
    }
  g_assert_false (is_reset (self->client));
  peer_close (&other);
}

static void
test_reset_while_much_waits (Scene *self, gconstpointer data)
{
  static const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
  g_autoptr (Client) witness = client_new (TH_TRANSPORT_TCP, &self->relay.address, "bob");

  g_assert_cmpuint (client_allocate (witness), ==, 0);
  wait_until (fixture_look (&self->relay)->sessions == 2);
  send_until_dropped (self, 1);
  g_assert_no_errno (
      setsockopt (self->client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
  g_clear_pointer (&self->client, client_free);
  wait_until (fixture_look (&self->relay)->sessions == 1 &&
              self->relay.statistics.connections == 1);
  g_assert_cmpuint (client_bind_test (witness), ==, 0);
}

/* A little is read now and then, so that what is sent stops at any byte of a frame. */
static void
test_reading_in_crumbs (Scene *self, gconstpointer data)
{
  guint8 bytes[7919];

  send_until_dropped (self, 10);
  for (guint round = 0; round < 200; round++)
    {
      gsize wish = (gsize) g_test_rand_int_range (1, sizeof bytes);
      gssize n = recv (self->client->fd, bytes, wish, MSG_DONTWAIT);

      if (n > 0)
        g_byte_array_append (self->client->in, bytes, (guint) n);
      send_burst (self);
    }
  g_assert_cmpuint (read_all (self) + fixture_look (&self->relay)->dropped_queue_full, ==,
                    self->n_sent);
}

static void
add_test_of (const char *path, void (*func) (Scene *, gconstpointer))
{
  g_test_add (path, Scene, NULL, set_up, func, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test_of ("/relay/slow-reader/media-is-dropped-whole", test_media_is_dropped_whole);
  add_test_of ("/relay/slow-reader/memory-is-bounded", test_memory_is_bounded);
  add_test_of ("/relay/slow-reader/answers-still-come", test_answers_still_come);
  add_test_of ("/relay/slow-reader/reader-that-never-reads", test_reader_that_never_reads);
  add_test_of ("/relay/slow-reader/empty-media-is-media", test_empty_media_is_media);
  add_test_of ("/relay/slow-reader/reset-while-much-waits", test_reset_while_much_waits);
  add_test_of ("/relay/slow-reader/reading-in-crumbs", test_reading_in_crumbs);
  return g_test_run ();
}
