/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who watches is told why each request was turned down, and nothing of what is as it should be: the
 * challenge that begins a session, a nonce renewed, a farewell said twice.
 */
#include <errno.h>

#include "addresses.h"
#include "world-client.h"

#define EXPIRY 1700001000 /* a thousand seconds after the world begins */

static const WorldUser temporary = { "1700001000:ada", "key", "ada", EXPIRY, 1 };

static void
assert_refused (World *world, guint n, ThRefusalReason reason, guint code, const char *user)
{
  g_assert_cmpuint (world->n_refused, ==, n);
  g_assert_cmpint (world->last_refusal.reason, ==, reason);
  g_assert_cmpuint (world->last_refusal.code, ==, code);
  g_assert_cmpstr (world->refused_user, ==, user);
}

static void
test_ordinary_session_is_none (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  ThAddress peer = address ("8.8.4.4");

  g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_assert_cmpint (client_permit (ada, &peer), ==, 0);
  g_assert_cmpint (client_refresh (ada, 0), ==, 0);
  g_assert_cmpint (client_refresh (ada, 0), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpuint (world->n_refused, ==, 0);
}

static void
test_wrong_password (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  ada->password = "byron";
  g_assert_cmpint (client_allocate (ada), ==, TH_STUN_UNAUTHENTICATED);
  assert_refused (world, 1, TH_REFUSAL_WRONG_PASSWORD, 401, "ada");
  g_assert_cmpint (world->last_refusal.kind, ==, TH_TURN_KEY_OF_USER);
  g_assert_cmpint (world->last_refusal.expires_at, ==, 0);
  g_assert_cmpuint (world->last_refusal.name_length, ==, 3);
}

static void
test_wrong_secret (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, temporary.name);

  world_set_users (world, &temporary, 1);
  ada->password = "of another secret";
  g_assert_cmpint (client_allocate (ada), ==, TH_STUN_UNAUTHENTICATED);
  assert_refused (world, 1, TH_REFUSAL_WRONG_PASSWORD, 401, "ada");
  g_assert_cmpint (world->last_refusal.kind, ==, TH_TURN_KEY_OF_SECRET);
  g_assert_cmpint (world->last_refusal.expires_at, ==, EXPIRY);
}

static void
test_unknown_name (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) eve = client_new (world, "eve");

  eve->password = "anything";
  g_assert_cmpint (client_allocate (eve), ==, TH_STUN_UNAUTHENTICATED);
  assert_refused (world, 1, TH_REFUSAL_UNKNOWN_NAME, 401, "");
}

static void
test_expired (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, temporary.name);

  world_set_users (world, &temporary, 1);
  world_set_wall (world, EXPIRY + 40);
  ada->password = temporary.password;
  g_assert_cmpint (client_allocate (ada), ==, TH_STUN_UNAUTHENTICATED);
  assert_refused (world, 1, TH_REFUSAL_EXPIRED, 401, "ada");
  g_assert_cmpint (world->last_refusal.expires_at, ==, EXPIRY);
}

static void
test_stale_nonce (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  client_ask_nonce (ada);
  ada->nonce[20] ^= 1;
  client_begin_allocate (ada);
  client_add_names (ada);
  client_add_proof (ada);
  g_assert_cmpint (client_exchange (ada), ==, TH_STUN_STALE_NONCE);
  assert_refused (world, 1, TH_REFUSAL_STALE_NONCE, 438, "");
}

static void
test_withheld_challenge (void)
{
  g_autoptr (World) world = world_new (&(WorldSetup){ .unauthorized_per_second = 1 });
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  while (client_ask_nonce (ada) != SILENCE)
    g_assert_cmpuint (world->n_refused, ==, 0);
  assert_refused (world, 1, TH_REFUSAL_WITHHELD, 0, "");
}

static void
test_wrong_password_stays_one_when_unanswered (void)
{
  g_autoptr (World) world = world_new (&(WorldSetup){ .unauthorized_per_second = 1 });
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  ada->password = "byron";
  client_ask_nonce (ada);
  for (guint i = 0; world->last_refusal.code != 0 || i == 0; i++)
    {
      client_begin_allocate (ada);
      client_add_names (ada);
      client_add_proof (ada);
      client_exchange (ada);
      g_assert_cmpint (world->last_refusal.reason, ==, TH_REFUSAL_WRONG_PASSWORD);
    }
}

static void
test_denied_peer (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  ThAddress peer = address ("10.1.2.3");
  g_autofree char *network = NULL;

  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_assert_cmpint (client_permit (ada, &peer), ==, TH_STUN_FORBIDDEN);
  assert_refused (world, 1, TH_REFUSAL_FORBIDDEN_PEER, 403, "ada");
  g_assert_true (th_address_equal (&world->refused_peer, &peer));
  g_assert_cmpuint (world->last_refusal.session, !=, 0);
  network = th_peer_policy_find_network (world->config->policy, &peer);
  g_assert_cmpstr (network, ==, "10.0.0.0/8");
}

static void
test_denying_network (void)
{
  static const char *const deny[] = { "8.8.0.0/16", "2606:4700::/32", NULL };
  static const struct {
    const char *peer, *network;
  } rows[] = {
    { "8.8.4.4", "8.8.0.0/16" },         { "9.9.9.9", NULL },
    { "192.168.7.7", "192.168.0.0/16" }, { "2606:4700::1", "2606:4700::/32" },
    { "fe80::1", "::/0" },               { "64:ff9b::a01:203", "10.0.0.0/8" },
    { "127.0.0.1", "127.0.0.0/8" },
  };
  g_autoptr (ThPeerPolicy) policy = th_peer_policy_new (NULL, deny, FALSE, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ThAddress peer = address (rows[i].peer);
      g_autofree char *network = th_peer_policy_find_network (policy, &peer);

      g_assert_cmpstr (network, ==, rows[i].network);
    }
}

static void
test_quota_and_capacity (void)
{
  g_autoptr (World) world = world_new (&(WorldSetup){ .user_quota = 1, .capacity = 2 });
  g_autoptr (WorldClient) first = client_new (world, "ada");
  g_autoptr (WorldClient) second = client_new (world, "ada");
  g_autoptr (WorldClient) third = client_new (world, "bob");

  g_assert_cmpint (client_allocate (first), ==, 0);
  g_assert_cmpint (client_allocate (second), ==, TH_STUN_ALLOCATION_QUOTA_REACHED);
  assert_refused (world, 1, TH_REFUSAL_USER_QUOTA, 486, "ada");
  th_quota_set_limits (world->config->quota, 0, 0);
  th_quota_set_limits (world->config->capacity, 0, 1);
  g_assert_cmpint (client_allocate (third), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  assert_refused (world, 2, TH_REFUSAL_CAPACITY, 508, "bob");
  th_quota_set_limits (world->config->quota, 0, 1);
  g_assert_cmpint (client_allocate (third), ==, TH_STUN_ALLOCATION_QUOTA_REACHED);
  assert_refused (world, 3, TH_REFUSAL_TOTAL_QUOTA, 486, "bob");
}

static void
test_no_port_no_socket_draining (void)
{
  g_autoptr (World) world = world_new (&(WorldSetup){ .port_min = 50000, .port_max = 50001 });
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  world->open_error = EMFILE;
  world->open_failures = 1;
  g_assert_cmpint (client_allocate (ada), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  assert_refused (world, 1, TH_REFUSAL_NO_SOCKET, 508, "ada");
  world->open_error = EADDRINUSE;
  world->open_failures = 100;
  g_assert_cmpint (client_allocate (ada), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  assert_refused (world, 2, TH_REFUSAL_NO_PORT, 508, "ada");
  th_turn_config_set_draining (world->config, TRUE);
  g_assert_cmpint (client_allocate (ada), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  assert_refused (world, 3, TH_REFUSAL_DRAINING, 508, "ada");
}

static void
test_mismatches (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  guint8 tcp[] = { 6, 0, 0, 0 };

  g_assert_cmpint (client_refresh (ada, 600), ==, TH_STUN_ALLOCATION_MISMATCH);
  assert_refused (world, 1, TH_REFUSAL_NO_ALLOCATION, 437, "ada");
  client_begin (ada, TH_STUN_ALLOCATE);
  th_stun_builder_add_bytes (&ada->builder, TH_STUN_REQUESTED_TRANSPORT, tcp, sizeof tcp);
  g_assert_cmpint (client_end (ada), ==, TH_STUN_UNSUPPORTED_TRANSPORT);
  assert_refused (world, 2, TH_REFUSAL_TRANSPORT, 442, "ada");
  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_assert_cmpint (client_allocate (ada), ==, TH_STUN_ALLOCATION_MISMATCH);
  assert_refused (world, 3, TH_REFUSAL_SECOND_ALLOCATION, 437, "ada");
}

/* The user whom quotas know is not asked for again where the key is not known. */
static void
test_other_user (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  g_autoptr (WorldClient) bob = client_new (world, "bob");

  g_assert_cmpint (client_allocate (ada), ==, 0);
  bob->tuple = ada->tuple;
  g_assert_cmpint (client_refresh (bob, 600), ==, TH_STUN_WRONG_CREDENTIALS);
  assert_refused (world, 1, TH_REFUSAL_OTHER_USER, 441, "bob");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/turn/refusals/" name, function)
  ADD ("an-ordinary-session-is-none", test_ordinary_session_is_none);
  ADD ("a-wrong-password-of-a-user", test_wrong_password);
  ADD ("a-password-of-another-secret", test_wrong_secret);
  ADD ("an-unknown-name", test_unknown_name);
  ADD ("an-expired-credential-with-its-end", test_expired);
  ADD ("a-stale-nonce", test_stale_nonce);
  ADD ("a-challenge-withheld", test_withheld_challenge);
  ADD ("a-wrong-password-stays-one-when-unanswered", test_wrong_password_stays_one_when_unanswered);
  ADD ("a-denied-peer-with-the-session", test_denied_peer);
  ADD ("the-network-that-denies-a-peer", test_denying_network);
  ADD ("quotas-and-capacity-are-told-apart", test_quota_and_capacity);
  ADD ("ports-sockets-and-draining-are-told-apart", test_no_port_no_socket_draining);
  ADD ("mismatches-are-told-apart", test_mismatches);
  ADD ("another-user-than-the-owner", test_other_user);
  return g_test_run ();
}
