/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Credentials that end, change or are one of several, while allocations made with them live.
 */
#include "addresses.h"
#include "world-client.h"

#define EXPIRY 1700001000 /* a thousand seconds after the world begins */

static const WorldUser short_lived = { "1700001000:ada", "key", "ada", EXPIRY, 1 };

static World *
new_world_of (const WorldUser *user, const WorldSetup *setup)
{
  World *world = world_new (setup);

  world_set_users (world, user, 1);
  return world;
}

static WorldClient *
new_client_of (World *world, const WorldUser *user)
{
  WorldClient *client = client_new (world, user->name);

  client->password = user->password;
  return client;
}

static void
test_expired_credential_makes_no_allocation (void)
{
  g_autoptr (World) world = new_world_of (&short_lived, NULL);
  g_autoptr (WorldClient) early = new_client_of (world, &short_lived);
  g_autoptr (WorldClient) late = new_client_of (world, &short_lived);

  world_set_wall (world, EXPIRY - 1);
  g_assert_cmpint (client_allocate (early), ==, 0);
  world_set_wall (world, EXPIRY);
  g_assert_cmpint (client_allocate (late), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_false (late->answer_is_signed);
  g_assert_cmpuint (COUNTED (world, wrong_credentials), ==, 0);
  g_assert_cmpuint (COUNTED (world, expired_credentials), ==, 1);
}

/* The expiry says until when a call may begin; one that runs is not cut off. */
static void
test_running_session_outlives_its_credential (void)
{
  g_autoptr (World) world = new_world_of (&short_lived, NULL);
  g_autoptr (WorldClient) ada = new_client_of (world, &short_lived);
  ThAddress peer = address ("8.8.4.4");

  g_assert_cmpint (client_allocate (ada), ==, 0);
  for (guint i = 0; i < 100; i++)
    {
      world_advance (world, SECONDS (590));
      g_assert_cmpint (client_refresh (ada, 600), ==, 0);
      g_assert_cmpint (client_permit (ada, &peer), ==, 0);
      g_assert_cmpint (client_bind (ada, 0x4000, &peer), ==, 0);
    }
  g_assert_cmpint (client_refresh (ada, 0), ==, 0);
  g_assert_cmpint (client_refresh (ada, 600), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpint (client_permit (ada, &peer), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpint (client_allocate (ada), ==, TH_STUN_UNAUTHENTICATED);
}

/* Unless the owner wishes it: then nothing lengthens the session, and it ends when it is due. */
static void
test_strict_expiry_refuses_refresh (void)
{
  const WorldSetup setup = { .strict_expiry = TRUE };
  g_autoptr (World) world = new_world_of (&short_lived, &setup);
  g_autoptr (WorldClient) ada = new_client_of (world, &short_lived);
  ThAddress peer = address ("8.8.4.4");

  g_assert_cmpint (client_allocate (ada), ==, 0);
  world_advance (world, SECONDS (500));
  g_assert_cmpint (client_refresh (ada, 600), ==, 0);
  world_advance (world, SECONDS (500));
  g_assert_cmpint (client_refresh (ada, 600), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpint (client_permit (ada, &peer), ==, 0);
  g_assert_cmpint (client_send (ada, &peer, "x"), ==, TH_TURN_TO_PEER);
  world_advance (world, SECONDS (100));
  g_assert_cmpuint (th_turn_server_count (world->server), ==, 0);
}

/* Lifetimes go by the monotonic clock, credentials by the wall clock, whichever way it jumps. */
static void
test_wall_clock_jumps (void)
{
  g_autoptr (World) world = new_world_of (&short_lived, NULL);
  g_autoptr (WorldClient) ada = new_client_of (world, &short_lived);
  g_autoptr (WorldClient) late = new_client_of (world, &short_lived);

  g_assert_cmpint (client_allocate (ada), ==, 0);
  world_set_wall (world, EXPIRY + 100000);
  g_assert_cmpint (client_allocate (late), ==, TH_STUN_UNAUTHENTICATED);
  world_set_wall (world, 0);
  g_assert_cmpint (client_allocate (late), ==, 0);
  g_assert_cmpuint (th_turn_server_count (world->server), ==, 2);
  world_advance (world, SECONDS (600) - 1);
  g_assert_cmpuint (th_turn_server_count (world->server), ==, 2);
  world_advance (world, 1);
  g_assert_cmpuint (th_turn_server_count (world->server), ==, 0);
}

static void
test_any_of_several_keys (void)
{
  static const WorldUser users[] = {
    { .name = "ada", .password = "new", .secret = 3 },
    { .name = "ada", .password = "middle", .secret = 2, .expires_at = EXPIRY },
    { .name = "ada", .password = "old", .secret = 1 },
  };
  g_autoptr (World) world = world_new (NULL);

  world_set_users (world, users, G_N_ELEMENTS (users));
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    {
      g_autoptr (WorldClient) client = new_client_of (world, &users[i]);
      const ThTurnRecord *record;

      g_assert_cmpint (client_allocate (client), ==, 0);
      record = client_relay_end (client)->allocation->record;
      g_assert_cmpuint (record->secret, ==, users[i].secret);
      g_assert_cmpint (record->expires_at, ==, users[i].expires_at);
    }
}

/* As many as the server asks for at most, and the last of them is the right one. */
static void
test_last_of_the_most_keys (void)
{
  WorldUser users[TH_TURN_KEYS_MAX + 1];
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  g_autoptr (WorldClient) late = client_new (world, "ada");

  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    users[i] = (WorldUser) { .name = "ada", .password = "other" };
  users[TH_TURN_KEYS_MAX - 1].password = "last";
  users[TH_TURN_KEYS_MAX].password = "beyond";
  world_set_users (world, users, G_N_ELEMENTS (users));

  ada->password = "last";
  g_assert_cmpint (client_allocate (ada), ==, 0);
  late->password = "beyond";
  g_assert_cmpint (client_allocate (late), ==, TH_STUN_UNAUTHENTICATED);
}

/* The allocation keeps the key it was made with, so a rotation does not cut running calls off. */
static void
test_rotation_while_a_session_runs (void)
{
  const WorldUser before = { .name = "ada", .password = "old", .secret = 1 };
  const WorldUser after = { .name = "ada", .password = "new", .secret = 2 };
  g_autoptr (World) world = new_world_of (&before, NULL);
  g_autoptr (WorldClient) running = new_client_of (world, &before);
  g_autoptr (WorldClient) late = new_client_of (world, &before);
  g_autoptr (WorldClient) fresh = new_client_of (world, &after);
  ThAddress peer = address ("8.8.4.4");

  g_assert_cmpint (client_allocate (running), ==, 0);
  world_set_users (world, &after, 1);
  g_assert_cmpint (client_refresh (running, 600), ==, 0);
  g_assert_cmpint (client_bind (running, 0x4000, &peer), ==, 0);
  g_assert_cmpint (client_allocate (late), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpint (client_allocate (fresh), ==, 0);

  /* The same person with the new key may go on with what the old one began. */
  running->password = after.password;
  g_assert_cmpint (client_refresh (running, 600), ==, 0);
  running->password = "neither";
  g_assert_cmpint (client_refresh (running, 600), ==, TH_STUN_UNAUTHENTICATED);
}

static gboolean
is_of_secret (const ThTurnRecord *record, gconstpointer secret)
{
  return record->secret == GPOINTER_TO_UINT (secret);
}

/* "Revoke now" is to end them, too. */
static void
test_revocation_ends_the_sessions_of_a_secret (void)
{
  const WorldUser users[] = { { .name = "ada", .password = "old", .secret = 1 },
                              { .name = "ada", .password = "new", .secret = 2 } };
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) old = new_client_of (world, &users[0]);
  g_autoptr (WorldClient) new = new_client_of (world, &users[1]);

  world_set_users (world, users, G_N_ELEMENTS (users));
  g_assert_cmpint (client_allocate (old), ==, 0);
  g_assert_cmpint (client_allocate (new), ==, 0);
  world_set_users (world, &users[1], 1);
  g_assert_cmpuint (th_turn_server_end_sessions (world->server, is_of_secret, GUINT_TO_POINTER (1)),
                    ==, 1);
  g_assert_cmpint (client_refresh (old, 600), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpint (client_refresh (new, 600), ==, 0);
}

/* The owner's requests cost no look-up: the allocation knows its key. */
static void
test_owner_is_known_without_asking (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_assert_cmpuint (world->n_questions, ==, 1);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (client_refresh (ada, 600), ==, 0);
  g_assert_cmpuint (world->n_questions, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/credentials/expired-credential-makes-no-allocation",
                   test_expired_credential_makes_no_allocation);
  g_test_add_func ("/turn/credentials/running-session-outlives-its-credential",
                   test_running_session_outlives_its_credential);
  g_test_add_func ("/turn/credentials/strict-expiry-refuses-refresh",
                   test_strict_expiry_refuses_refresh);
  g_test_add_func ("/turn/credentials/wall-clock-jumps", test_wall_clock_jumps);
  g_test_add_func ("/turn/credentials/any-of-several-keys", test_any_of_several_keys);
  g_test_add_func ("/turn/credentials/last-of-the-most-keys", test_last_of_the_most_keys);
  g_test_add_func ("/turn/credentials/rotation-while-a-session-runs",
                   test_rotation_while_a_session_runs);
  g_test_add_func ("/turn/credentials/revocation-ends-the-sessions-of-a-secret",
                   test_revocation_ends_the_sessions_of_a_secret);
  g_test_add_func ("/turn/credentials/owner-is-known-without-asking",
                   test_owner_is_known_without_asking);
  return g_test_run ();
}
