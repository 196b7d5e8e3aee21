/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A peer that gets many packets in a row may be sent to in a faster way. Nobody must notice: order,
 * the relayed address and what other peers send stay as they are, and nothing is left open.
 */
#include "fixture.h"

#include "descriptors.h"

/* Certainly enough packets in a row for a peer to be a favourite, and to take that place over. */
#define STREAK 100
#define LONG_STREAK 5000

typedef struct {
  Fixture relay;
  Client *client;
  Peer peers[3];
  guint32 n_sent;
} Scene;

static void
set_up (Scene *self, gconstpointer workers)
{
  fixture_init (&self->relay, "127.0.0.1");
  fixture_set_workers (&self->relay, GPOINTER_TO_UINT (workers));
  fixture_start (&self->relay);
  self->client = client_new (TH_TRANSPORT_UDP, &self->relay.address, "alice");
  g_assert_cmpuint (client_allocate (self->client), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (self->peers); i++)
    {
      peer_open (&self->peers[i], "127.0.0.1");
      g_assert_cmpuint (client_bind_channel (self->client, (guint16) (0x4000 + i),
                                             &self->peers[i].address),
                        ==, 0);
    }
}

static void
tear_down (Scene *self, gconstpointer workers)
{
  g_clear_pointer (&self->client, client_free);
  for (guint i = 0; i < G_N_ELEMENTS (self->peers); i++)
    peer_close (&self->peers[i]);
  fixture_tear_down (&self->relay, NULL);
}

static void
send_number (Scene *self, guint peer)
{
  client_send_channel (self->client, (guint16) (0x4000 + peer), &self->n_sent,
                       sizeof self->n_sent);
  self->n_sent++;
}

static void
expect_number (Scene *self, guint peer, guint32 number)
{
  ThAddress from;
  g_autoptr (GBytes) bytes = peer_receive (&self->peers[peer], &from, PATIENCE / 1000);

  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &number,
                   sizeof number);
  g_assert_true (th_address_equal (&from, &self->client->relayed));
}

/* So many packets to one peer, a few at a time; all arrive in order. */
static void
send_streak (Scene *self, guint peer, guint count)
{
  guint burst = 20;

  for (guint i = 0; i < count; i += burst)
    {
      guint32 first = self->n_sent;

      for (guint j = 0; j < burst; j++)
        send_number (self, peer);
      for (guint j = 0; j < burst; j++)
        expect_number (self, peer, first + j);
    }
}

static void
hear_from_all (Scene *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->peers); i++)
    {
      peer_send (&self->peers[i], &self->client->relayed, "hello", 5);
      client_expect_channel_data (self->client, (guint16) (0x4000 + i), "hello");
    }
}

static void
test_order_is_kept (Scene *self, gconstpointer workers)
{
  send_streak (self, 0, 3 * STREAK);
}

static void
test_other_peers_are_heard (Scene *self, gconstpointer workers)
{
  send_streak (self, 0, STREAK);
  hear_from_all (self);
  send_streak (self, 1, STREAK);
  hear_from_all (self);
}

static void
test_peers_by_turns (Scene *self, gconstpointer workers)
{
  send_streak (self, 0, STREAK);
  for (guint i = 0; i < STREAK; i++)
    {
      send_number (self, i % 3);
      expect_number (self, i % 3, self->n_sent - 1);
    }
  hear_from_all (self);
}

/* In one burst, packets for the favourite and for others. */
static void
test_peers_mixed_in_a_burst (Scene *self, gconstpointer workers)
{
  send_streak (self, 0, STREAK);
  for (guint round = 0; round < 10; round++)
    {
      guint32 first = self->n_sent;

      for (guint i = 0; i < 30; i++)
        send_number (self, i % 3);
      for (guint i = 0; i < 30; i++)
        expect_number (self, i % 3, first + i);
    }
}

static void
test_another_becomes_the_favourite (Scene *self, gconstpointer workers)
{
  send_streak (self, 0, STREAK);
  send_streak (self, 1, LONG_STREAK);
  hear_from_all (self);
  send_streak (self, 0, STREAK);
  send_streak (self, 2, STREAK);
  hear_from_all (self);
}

/* A stranger may write to the relayed address, but is not heard. */
static void
test_strangers_are_not_heard (Scene *self, gconstpointer workers)
{
  Peer stranger;

  peer_open (&stranger, "127.0.0.2");
  send_streak (self, 0, STREAK);
  peer_send (&stranger, &self->client->relayed, "hello", 5);
  wait_until (fixture_look (&self->relay)->dropped_no_permission == 1);
  hear_from_all (self);
  peer_close (&stranger);
}

/* Both ways at once, one packet in flight each. */
static void
test_both_ways (Scene *self, gconstpointer workers)
{
  for (guint i = 0; i < STREAK; i++)
    {
      send_number (self, 0);
      expect_number (self, 0, self->n_sent - 1);
      peer_send (&self->peers[0], &self->client->relayed, "and back", 8);
      client_expect_channel_data (self->client, 0x4000, "and back");
    }
}

static void
test_nothing_stays_open (Scene *self, gconstpointer workers)
{
  guint before = count_descriptors ();

  g_assert_cmpuint (client_refresh (self->client, 0), ==, 0);
  wait_until (count_descriptors () == before - 1);
  for (guint i = 0; i < 20; i++)
    {
      g_assert_cmpuint (client_allocate (self->client), ==, 0);
      g_assert_cmpuint (client_bind_channel (self->client, 0x4000, &self->peers[0].address), ==, 0);
      send_streak (self, 0, STREAK);
      g_assert_cmpuint (client_refresh (self->client, 0), ==, 0);
      g_assert_cmpuint (count_descriptors (), ==, before - 1);
    }
}

/* It is a luxury: without descriptors to spare all goes on as before. */
static void
test_without_descriptors (Scene *self, gconstpointer workers)
{
  allow_descriptors (0);
  send_streak (self, 0, STREAK);
  hear_from_all (self);
  restore_descriptors ();
  send_streak (self, 0, STREAK);
  hear_from_all (self);
}

static const Case cases[] = {
  CASE ("order-is-kept", test_order_is_kept),
  CASE ("other-peers-are-heard", test_other_peers_are_heard),
  CASE ("peers-by-turns", test_peers_by_turns),
  CASE ("peers-mixed-in-a-burst", test_peers_mixed_in_a_burst),
  CASE ("another-becomes-the-favourite", test_another_becomes_the_favourite),
  CASE ("strangers-are-not-heard", test_strangers_are_not_heard),
  CASE ("both-ways", test_both_ways),
  CASE ("nothing-stays-open", test_nothing_stays_open),
  CASE ("without-descriptors", test_without_descriptors),
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
  add_tests ("/relay/favourite-peer/on-the-main-context", 0);
  add_tests ("/relay/favourite-peer/one-worker", 1);
  return g_test_run ();
}
