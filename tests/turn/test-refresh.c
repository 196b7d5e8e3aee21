/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Refresh (RFC 8656, section 8): longer lives, early ends, whole and by family, and what is left
 * for a client whose allocation is gone.
 */
#include "addresses.h"
#include "world-client.h"

typedef struct {
  World *world;
  WorldClient *ada; /* has an allocation */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->world = world_new (NULL);
  fixture->ada = client_new (fixture->world, "ada");
  g_assert_cmpint (client_allocate (fixture->ada), ==, 0);
}

static void
set_up_both_families (Fixture *fixture, gconstpointer data)
{
  fixture->world = world_new (NULL);
  fixture->ada = client_new (fixture->world, "ada");
  client_begin_allocate (fixture->ada);
  th_stun_builder_add_u32 (&fixture->ada->builder, TH_STUN_ADDITIONAL_ADDRESS_FAMILY, 0x02000000);
  g_assert_cmpint (client_end (fixture->ada), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  client_free (fixture->ada);
  world_free (fixture->world);
}

static int
refresh_family (WorldClient *client, guint32 lifetime, guint8 family)
{
  client_begin (client, TH_STUN_REFRESH);
  th_stun_builder_add_u32 (&client->builder, TH_STUN_LIFETIME, lifetime);
  th_stun_builder_add_u32 (&client->builder, TH_STUN_REQUESTED_ADDRESS_FAMILY,
                           (guint32) family << 24);
  return client_end (client);
}

static void
test_lifetimes_are_bounded (Fixture *fixture, gconstpointer data)
{
  static const struct {
    guint32 asked, given;
  } cases[] = {
    { 1, 600 }, { 600, 600 }, { 1234, 1234 }, { 3600, 3600 }, { 3601, 3600 }, { G_MAXUINT32, 3600 },
  };
  WorldClient *ada = fixture->ada;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (client_refresh (ada, cases[i].asked), ==, 0);
      g_assert_cmpuint (client_answer_u32 (ada, TH_STUN_LIFETIME), ==, cases[i].given);
      world_advance (fixture->world, SECONDS (cases[i].given - 1));
      g_assert_cmpuint (th_turn_server_count (fixture->world->server), ==, 1);
    }
}

static void
test_without_lifetime_the_default (Fixture *fixture, gconstpointer data)
{
  client_begin (fixture->ada, TH_STUN_REFRESH);
  g_assert_cmpint (client_end (fixture->ada), ==, 0);
  g_assert_cmpuint (client_answer_u32 (fixture->ada, TH_STUN_LIFETIME), ==,
                    TH_TURN_LIFETIME_DEFAULT);
  g_assert_cmpuint (fixture->world->n_refreshed, ==, 1);
  g_assert_cmpuint (client_relay_end (fixture->ada)->allocation->record->lives_until, ==,
                    (guint64) fixture->world->monotonic + SECONDS (TH_TURN_LIFETIME_DEFAULT));
}

static void
test_bad_lengths (Fixture *fixture, gconstpointer data)
{
  static const struct {
    guint16 type;
    gsize length;
  } cases[] = {
    { TH_STUN_LIFETIME, 0 },
    { TH_STUN_LIFETIME, 3 },
    { TH_STUN_LIFETIME, 8 },
    { TH_STUN_REQUESTED_ADDRESS_FAMILY, 0 },
    { TH_STUN_REQUESTED_ADDRESS_FAMILY, 1 },
    { TH_STUN_REQUESTED_ADDRESS_FAMILY, 8 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      client_begin (fixture->ada, TH_STUN_REFRESH);
      th_stun_builder_add_bytes (&fixture->ada->builder, cases[i].type, "\1\0\0\0\0\0\0\0",
                                 cases[i].length);
      g_assert_cmpint (client_end (fixture->ada), ==, TH_STUN_BAD_REQUEST);
    }
  g_assert_cmpuint (th_turn_server_count (fixture->world->server), ==, 1);
}

/* Every method that needs an allocation, and data both ways. */
static void
assert_nothing_left (World *world, WorldClient *client)
{
  ThAddress peer = address ("8.8.4.4");

  g_assert_cmpint (client_refresh (client, 600), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpint (client_refresh (client, 0), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpint (client_permit (client, &peer), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpint (client_bind (client, 0x4000, &peer), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpint (client_send (client, &peer, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_send_channel (client, 0x4000, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpuint (COUNTED (world, dropped_no_allocation), ==, 2);
}

static void
test_without_allocation (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  assert_nothing_left (world, ada);
}

static void
test_zero_ends_at_once (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;
  ThAddress peer = address ("8.8.4.4");

  g_assert_cmpint (client_bind (ada, 0x4000, &peer), ==, 0);
  g_assert_cmpint (client_refresh (ada, 0), ==, 0);
  g_assert_cmpuint (client_answer_u32 (ada, TH_STUN_LIFETIME), ==, 0);
  g_assert_cmpint (fixture->world->last_end, ==, TH_SESSION_END_REFRESH);
  g_assert_cmpuint (g_hash_table_size (fixture->world->sockets), ==, 0);
  g_assert_false (th_ports_is_open (fixture->world->config->ports, 0,
                                    th_address_port (&ada->relayed)));
  assert_nothing_left (fixture->world, ada);

  /* And what comes next knows nothing of what was. */
  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_assert_cmpint (client_send_channel (ada, 0x4000, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_send (ada, &peer, "x"), ==, TH_TURN_NOTHING);
}

/* The answer got lost and the client asks again: 437 tells it that all is done (section 8.3). */
static void
test_zero_repeated (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_refresh (fixture->ada, 0), ==, 0);
  g_assert_cmpint (client_repeat (fixture->ada), ==, TH_STUN_ALLOCATION_MISMATCH);
}

static void
test_wrong_family (Fixture *fixture, gconstpointer data)
{
  static const guint8 families[] = { TH_STUN_FAMILY_IPV6, 0, 3, 255 };

  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_assert_cmpint (refresh_family (fixture->ada, 600, families[i]), ==,
                       TH_STUN_PEER_FAMILY_MISMATCH);
      g_assert_cmpint (refresh_family (fixture->ada, 0, families[i]), ==,
                       TH_STUN_PEER_FAMILY_MISMATCH);
    }
  g_assert_cmpuint (th_turn_server_count (fixture->world->server), ==, 1);
  g_assert_cmpint (refresh_family (fixture->ada, 600, TH_STUN_FAMILY_IPV4), ==, 0);
  g_assert_cmpint (refresh_family (fixture->ada, 0, TH_STUN_FAMILY_IPV4), ==, 0);
  assert_nothing_left (fixture->world, fixture->ada);
}

/* One family is given up: the other goes on, and the first is as if it had never been. */
static void
test_ending_one_family_of_two (Fixture *fixture, gconstpointer data)
{
  World *world = fixture->world;
  WorldClient *ada = fixture->ada;
  ThAddress v4 = address ("8.8.4.4"), v6 = address ("2a00::1");

  g_assert_cmpuint (g_hash_table_size (world->sockets), ==, 2);
  g_assert_cmpint (client_bind (ada, 0x4000, &v4), ==, 0);
  g_assert_cmpint (client_bind (ada, 0x4001, &v6), ==, 0);
  g_assert_cmpint (client_send_channel (ada, 0x4001, "x"), ==, TH_TURN_TO_PEER);

  g_assert_cmpint (refresh_family (ada, 0, TH_STUN_FAMILY_IPV6), ==, 0);
  g_assert_cmpuint (client_answer_u32 (ada, TH_STUN_LIFETIME), ==, 0);
  g_assert_cmpuint (g_hash_table_size (world->sockets), ==, 1);
  g_assert_cmpuint (world->n_ended, ==, 0);

  g_assert_cmpint (client_send_channel (ada, 0x4000, "x"), ==, TH_TURN_TO_PEER);
  g_assert_cmpint (client_send_channel (ada, 0x4001, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_send (ada, &v6, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpuint (COUNTED (world, dropped_no_permission), ==, 2);
  g_assert_cmpint (client_permit (ada, &v6), ==, TH_STUN_PEER_FAMILY_MISMATCH);
  g_assert_cmpint (client_bind (ada, 0x4001, &v6), ==, TH_STUN_PEER_FAMILY_MISMATCH);
  g_assert_cmpint (refresh_family (ada, 600, TH_STUN_FAMILY_IPV6), ==,
                   TH_STUN_PEER_FAMILY_MISMATCH);

  g_assert_cmpint (refresh_family (ada, 0, TH_STUN_FAMILY_IPV4), ==, 0);
  g_assert_cmpuint (th_turn_server_count (world->server), ==, 0);
  g_assert_cmpint (world->last_end, ==, TH_SESSION_END_REFRESH);
}

static void
test_ending_both_families_at_once (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_refresh (fixture->ada, 0), ==, 0);
  g_assert_cmpuint (g_hash_table_size (fixture->world->sockets), ==, 0);
  assert_nothing_left (fixture->world, fixture->ada);
}

static void
test_either_family_refreshes_both (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 10; i++)
    {
      guint8 family = i % 2 == 0 ? TH_STUN_FAMILY_IPV4 : TH_STUN_FAMILY_IPV6;

      world_advance (fixture->world, SECONDS (500));
      g_assert_cmpint (refresh_family (fixture->ada, 600, family), ==, 0);
    }
  g_assert_cmpuint (g_hash_table_size (fixture->world->sockets), ==, 2);
}

int
main (int argc, char **argv)
{
#define ADD(name, set_up, test)                                                                    \
  g_test_add ("/turn/refresh/" name, Fixture, NULL, set_up, test, tear_down)

  g_test_init (&argc, &argv, NULL);
  ADD ("lifetimes-are-bounded", set_up, test_lifetimes_are_bounded);
  ADD ("without-lifetime-the-default", set_up, test_without_lifetime_the_default);
  ADD ("bad-lengths", set_up, test_bad_lengths);
  g_test_add_func ("/turn/refresh/without-allocation", test_without_allocation);
  ADD ("zero-ends-at-once", set_up, test_zero_ends_at_once);
  ADD ("zero-repeated", set_up, test_zero_repeated);
  ADD ("wrong-family", set_up, test_wrong_family);
  ADD ("ending-one-family-of-two", set_up_both_families, test_ending_one_family_of_two);
  ADD ("ending-both-families-at-once", set_up_both_families, test_ending_both_families_at_once);
  ADD ("either-family-refreshes-both", set_up_both_families, test_either_family_refreshes_both);
  return g_test_run ();
}
