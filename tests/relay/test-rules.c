/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Other rules for a relay that runs: they count from the next request on, for those who are there
 * too, and take nothing away. And a relay that drains.
 */
#include "fixture.h"
#include "turn/peer-policy.h"

#define EVEN_PORT_AND_NEXT 0x80

static Client *
join (Fixture *self, const char *user)
{
  g_autoptr (Client) client = client_new (TH_TRANSPORT_UDP, &self->address, user);

  g_assert_cmpuint (client_allocate (client), ==, 0);
  return g_steal_pointer (&client);
}

static guint
try_to_join (Fixture *self, const char *user)
{
  g_autoptr (Client) client = client_new (TH_TRANSPORT_UDP, &self->address, user);

  return client_allocate (client);
}

static void
set_rules (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  th_relay_set_rules (self->relay, self->config, &error);
  g_assert_no_error (error);
}

static void
deny (Fixture *self, const char *peers)
{
  g_clear_pointer (&self->config->deny_peers, g_strfreev);
  self->config->deny_peers = g_strsplit (peers, ",", -1);
}

static void
test_peers (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) ada = join (self, "ada");
  g_autoptr (Client) bob = join (self, "bob");
  g_autoptr (GError) error = NULL;
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  g_assert_cmpuint (client_bind_channel (ada, 0x4000, &peer.address), ==, 0);
  deny (self, "127.0.0.1");
  set_rules (self);
  wait_until (client_permit (bob, &peer.address) == TH_STUN_FORBIDDEN);
  client_send_channel (ada, 0x4000, "still", 5);
  peer_expect (&peer, "still", NULL);

  deny (self, "nowhere");
  g_assert_false (th_relay_set_rules (self->relay, self->config, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (client_permit (bob, &peer.address), ==, TH_STUN_FORBIDDEN);

  g_clear_pointer (&self->config->deny_peers, g_strfreev);
  set_rules (self);
  wait_until (client_permit (bob, &peer.address) == 0);
  peer_close (&peer);
}

static void
test_limits (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) ada = join (self, "ada");

  self->config->user_quota = 1;
  set_rules (self);
  g_assert_cmpuint (try_to_join (self, "ada"), ==, TH_STUN_ALLOCATION_QUOTA_REACHED);
  g_assert_cmpuint (client_refresh (ada, 600), ==, 0);
  self->config->user_quota = 0;
  self->config->max_allocations = 1;
  set_rules (self);
  g_assert_cmpuint (try_to_join (self, "bob"), ==, TH_STUN_INSUFFICIENT_CAPACITY);

  Peer peer, other;
  peer_open (&peer, "127.0.0.1");
  peer_open (&other, "127.0.0.2");
  g_assert_cmpuint (client_permit (ada, &peer.address), ==, 0);
  self->config->max_allocations = 0;
  self->config->max_permissions = 1;
  set_rules (self);
  wait_until (client_permit (ada, &other.address) == TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpuint (try_to_join (self, "bob"), ==, 0);
  peer_close (&peer);
  peer_close (&other);
}

/* A port that is kept for later belongs to no single set of rules. */
static void
test_reservation_outlasts_rules (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) ada = client_new (TH_TRANSPORT_UDP, &self->address, "ada");
  const guint8 even = EVEN_PORT_AND_NEXT;
  ThStunBuilder *request = client_begin (ada, TH_STUN_REQUEST, TH_STUN_ALLOCATE);

  th_stun_builder_add_u32 (request, TH_STUN_REQUESTED_TRANSPORT, TH_TURN_TRANSPORT_UDP << 24);
  th_stun_builder_add_bytes (request, TH_STUN_EVEN_PORT, &even, 1);
  g_assert_cmpuint (client_ask (ada), ==, 0);
  for (guint i = 0; i < 3; i++)
    set_rules (self);
  g_assert_cmpuint (client_refresh (ada, 0), ==, 0);
  set_rules (self);
  th_relay_stop (self->relay); /* which gives it back */
}

static void
test_many_times (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) ada = join (self, "ada");

  for (guint i = 0; i < 500; i++)
    {
      self->config->user_quota = 2 + i % 3;
      set_rules (self);
      if (i % 50 == 0)
        g_assert_cmpuint (client_refresh (ada, 600), ==, 0);
    }
}

static void
test_draining (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) ada = join (self, "ada");
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  th_relay_set_draining (self->relay, TRUE);
  for (guint i = 0; i < 6; i++) /* whichever worker it is */
    g_assert_cmpuint (try_to_join (self, "bob"), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  set_rules (self);
  g_assert_cmpuint (try_to_join (self, "bob"), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpuint (client_bind_channel (ada, 0x4000, &peer.address), ==, 0);
  client_send_channel (ada, 0x4000, "still", 5);
  peer_expect (&peer, "still", NULL);
  g_assert_cmpuint (client_refresh (ada, 600), ==, 0);

  peer_close (&peer);

  th_relay_stop (self->relay);
  fixture_start (self);
  g_assert_cmpuint (try_to_join (self, "bob"), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  th_relay_set_draining (self->relay, FALSE);
  g_assert_cmpuint (try_to_join (self, "bob"), ==, 0);
}

static const Case cases[] = {
  CASE ("peers", test_peers),
  CASE ("limits", test_limits),
  CASE ("reservation-outlasts-rules", test_reservation_outlasts_rules),
  CASE ("many-times", test_many_times),
  CASE ("draining", test_draining),
};

static void
add_tests (const char *path, guint workers)
{
  add_cases (path, cases, Fixture, GUINT_TO_POINTER (workers), fixture_set_up_running,
             fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_tests ("/relay/rules/on-the-main-context", 0);
  add_tests ("/relay/rules/one-worker", 1);
  add_tests ("/relay/rules/three-workers", 3);
  return g_test_run ();
}
