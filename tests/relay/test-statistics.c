/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The statistics add up to exactly what was sent, over all workers, and each cause of silence is
 * counted where it belongs.
 */
#include "fixture.h"

static Client *
stranger (Fixture *self)
{
  return client_new (TH_TRANSPORT_UDP, &self->address, "alice");
}

static Client *
allocated (Fixture *self, ThTransport transport)
{
  Client *client = client_new (transport, &self->address, "alice");

  g_assert_cmpuint (client_allocate (client), ==, 0);
  return client;
}

static void
test_payload_is_counted_exactly (Fixture *self, gconstpointer workers)
{
  guint64 bytes_up = 0, bytes_down = 0, packets = 0;

  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (Client) client = allocated (self, i % 2);
      guint8 bytes[1500] = { 0 };
      Peer peer;

      peer_open (&peer, "127.0.0.1");
      g_assert_cmpuint (client_bind_channel (client, 0x4000, &peer.address), ==, 0);
      for (gsize length = 0; length <= sizeof bytes; length += 173 + i)
        {
          g_autoptr (GBytes) up = NULL;
          g_autoptr (Packet) down = NULL;

          if (i % 3 == 0)
            client_send (client, &peer.address, bytes, length);
          else
            client_send_channel (client, 0x4000, bytes, length);
          up = peer_receive (&peer, NULL, PATIENCE / 1000);
          g_assert_nonnull (up);
          peer_send (&peer, &client->relayed, bytes, length / 2);
          down = client_receive (client, PATIENCE / 1000);
          g_assert_nonnull (down);
          bytes_up += length;
          bytes_down += length / 2;
          packets++;
        }
      peer_close (&peer);
    }
  fixture_look (self);
  g_assert_cmpuint (self->statistics.bytes_to_peers, ==, bytes_up);
  g_assert_cmpuint (self->statistics.bytes_to_clients, ==, bytes_down);
  g_assert_cmpuint (self->statistics.packets_to_peers, ==, packets);
  g_assert_cmpuint (self->statistics.packets_to_clients, ==, packets);
  g_assert_cmpuint (self->statistics.allocations_made, ==, 12);
  g_assert_cmpuint (self->statistics.dropped_send_error, ==, 0);
  g_assert_cmpuint (self->statistics.dropped_queue_full, ==, 0);
}

static void
test_challenges (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) good = stranger (self);
  g_autoptr (Client) bad = stranger (self);

  client_set_password (bad, "guessed");
  g_assert_cmpuint (client_allocate (good), ==, 0);
  g_assert_cmpuint (client_allocate (bad), ==, TH_STUN_UNAUTHENTICATED);
  fixture_look (self);
  g_assert_cmpuint (self->statistics.challenges, ==, 3);
  g_assert_cmpuint (self->statistics.wrong_credentials, ==, 1);
  g_assert_cmpuint (self->statistics.challenges_withheld, ==, 0);
  g_assert_cmpuint (self->statistics.allocations_made, ==, 1);
}

static void
test_bindings (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) client = stranger (self);

  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (client_bind_test (client), ==, 0);
  g_assert_cmpuint (fixture_look (self)->bindings_answered, ==, 5);
  g_assert_cmpuint (self->statistics.challenges, ==, 0);
}

static void
test_malformed (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) client = stranger (self);

  client_write (client, "hello", 5);
  client_write (client, "\0\1\0\0 too short", 14);
  client_write (client, "\x40\0\0\x10 too short", 14);
  client_write (client, "\x80\0\0\0", 4);
  g_assert_cmpuint (client_bind_test (client), ==, 0);
  g_assert_cmpuint (fixture_look (self)->malformed, ==, 4);
}

static void
test_peers (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) client = allocated (self, TH_TRANSPORT_UDP);
  ThAddress forbidden;
  Peer peer;

  th_address_parse (&forbidden, "169.254.169.254", 80);
  peer_open (&peer, "127.0.0.1");
  g_assert_cmpuint (client_permit (client, &forbidden), ==, TH_STUN_FORBIDDEN);
  g_assert_cmpuint (client_bind_channel (client, 0x4000, &forbidden), ==, TH_STUN_FORBIDDEN);
  client_send (client, &peer.address, "not permitted", 13);
  client_send_channel (client, 0x4000, "not bound", 9);
  peer_send (&peer, &client->relayed, "not permitted", 13);
  wait_until (fixture_look (self)->dropped_no_permission == 3);
  g_assert_cmpuint (self->statistics.peers_refused, ==, 2);
  g_assert_cmpuint (self->statistics.packets_to_peers, ==, 0);
  g_assert_cmpuint (self->statistics.packets_to_clients, ==, 0);
  g_assert_null (peer_receive (&peer, NULL, 20));
  peer_close (&peer);
}

static void
test_connections (Fixture *self, gconstpointer workers)
{
  Client *clients[8];

  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      clients[i] = client_new (TH_TRANSPORT_TCP, &self->address, "alice");
      wait_until (fixture_look (self)->connections == i + 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      client_free (clients[i]);
      wait_until (fixture_look (self)->connections == G_N_ELEMENTS (clients) - 1 - i);
    }
}

/* Sessions are told apart by transport and family: live ones, and all there ever were. */
static void
test_tally (Fixture *self, gconstpointer workers)
{
  const ThSessionTally *udp = &self->statistics.tally[TH_TRANSPORT_UDP][0];
  const ThSessionTally *tcp = &self->statistics.tally[TH_TRANSPORT_TCP][0];
  Client *clients[3];

  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    clients[i] = allocated (self, i == 0 ? TH_TRANSPORT_TCP : TH_TRANSPORT_UDP);
  wait_until (fixture_look (self)->sessions == 3);
  g_assert_cmpuint (udp->live, ==, 2);
  g_assert_cmpuint (tcp->live, ==, 1);
  g_assert_cmpuint (self->statistics.tally[TH_TRANSPORT_UDP][1].made, ==, 0);

  client_free (clients[0]); /* its session ends with its connection */
  wait_until (fixture_look (self)->sessions == 2);
  g_assert_cmpuint (tcp->live, ==, 0);
  g_assert_cmpuint (tcp->made, ==, 1);
  g_assert_cmpuint (udp->live, ==, 2);
  client_free (clients[1]);
  client_free (clients[2]);
}

/* They count from each start anew. */
static void
test_start_from_nothing (Fixture *self, gconstpointer workers)
{
  static const ThRelayStatistics nothing = { 0 };
  g_autoptr (Client) client = stranger (self);

  g_assert_cmpuint (client_bind_test (client), ==, 0);
  g_assert_cmpuint (fixture_look (self)->bindings_answered, ==, 1);
  th_relay_stop (self->relay);
  g_assert_cmpmem (fixture_look (self), sizeof nothing, &nothing, sizeof nothing);
  fixture_start (self);
  g_assert_cmpmem (fixture_look (self), sizeof nothing, &nothing, sizeof nothing);
}

static const Case cases[] = {
  CASE ("payload-is-counted-exactly", test_payload_is_counted_exactly),
  CASE ("challenges", test_challenges),
  CASE ("bindings", test_bindings),
  CASE ("malformed", test_malformed),
  CASE ("peers", test_peers),
  CASE ("connections", test_connections),
  CASE ("tally", test_tally),
  CASE ("start-from-nothing", test_start_from_nothing),
};

static void
add_tests (const char *path, guint workers)
{
  add_cases (path, cases, Fixture, GUINT_TO_POINTER (workers),
             fixture_set_up_running, fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_tests ("/relay/statistics/on-the-main-context", 0);
  add_tests ("/relay/statistics/three-workers", 3);
  return g_test_run ();
}
