/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * EVEN-PORT and RESERVATION-TOKEN (RFC 8656, sections 7.2, 18.7 and 18.10): even ports alone, pairs
 * of which the second one waits, and who may have it.
 */
#include <errno.h>
#include <string.h>

#include "turn/reservation.h"
#include "world-client.h"

/* Four ports, so that what is lost is soon missed. */
static const WorldSetup few_ports = { .port_min = 50000, .port_max = 50003 };

static int
allocate_even (WorldClient *client, gboolean reserve)
{
  const guint8 value = reserve ? 0x80 : 0;
  int code;

  client_begin_allocate (client);
  th_stun_builder_add_bytes (&client->builder, TH_STUN_EVEN_PORT, &value, 1);
  code = client_end (client);
  if (code == 0)
    client->relayed = client_answer_address (client, TH_STUN_XOR_RELAYED_ADDRESS);
  return code;
}

static int
allocate_reserved (WorldClient *client, const guint8 token[TH_RESERVATION_TOKEN_SIZE])
{
  int code;

  client_begin_allocate (client);
  th_stun_builder_add_bytes (&client->builder, TH_STUN_RESERVATION_TOKEN, token,
                             TH_RESERVATION_TOKEN_SIZE);
  code = client_end (client);
  if (code == 0)
    client->relayed = client_answer_address (client, TH_STUN_XOR_RELAYED_ADDRESS);
  return code;
}

static void
take_token (WorldClient *client, guint8 token[TH_RESERVATION_TOKEN_SIZE])
{
  ThStunAttribute attribute = client_answer_get (client, TH_STUN_RESERVATION_TOKEN);

  g_assert_cmpuint (attribute.length, ==, TH_RESERVATION_TOKEN_SIZE);
  memcpy (token, attribute.value, attribute.length);
}

static guint
count_free (World *world)
{
  return th_ports_count_free (world->config->ports, 0);
}

/* Token, both clients and their common world. */
typedef struct {
  World *world;
  WorldClient *first, *second;
  guint8 token[TH_RESERVATION_TOKEN_SIZE];
} Pair;

static void
set_up_pair (Pair *pair, gconstpointer setup)
{
  pair->world = world_new (setup);
  pair->first = client_new (pair->world, "ada");
  pair->second = client_new (pair->world, "ada");
  g_assert_cmpint (allocate_even (pair->first, TRUE), ==, 0);
  take_token (pair->first, pair->token);
}

static void
tear_down_pair (Pair *pair, gconstpointer setup)
{
  client_free (pair->first);
  client_free (pair->second);
  world_free (pair->world);
}

static void
test_even_alone (void)
{
  g_autoptr (World) world = world_new (&few_ports);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  g_autoptr (WorldClient) bob = client_new (world, "bob");
  g_autoptr (WorldClient) eve = client_new (world, "ada");

  g_assert_cmpint (allocate_even (ada, FALSE), ==, 0);
  g_assert_cmpint (th_address_port (&ada->relayed) % 2, ==, 0);
  g_assert_false (client_answer_has (ada, TH_STUN_RESERVATION_TOKEN));
  g_assert_cmpuint (world->n_opened, ==, 1);
  g_assert_cmpuint (count_free (world), ==, 3); /* the odd sibling stays free */

  g_assert_cmpint (allocate_even (bob, FALSE), ==, 0);
  g_assert_cmpint (allocate_even (eve, FALSE), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpint (client_allocate (eve), ==, 0);
  g_assert_cmpint (th_address_port (&eve->relayed) % 2, ==, 1);
}

static void
test_pair_waits_for_its_token (Pair *pair, gconstpointer data)
{
  guint16 port = th_address_port (&pair->first->relayed);

  g_assert_cmpint (port % 2, ==, 0);
  g_assert_cmpuint (g_hash_table_size (pair->world->sockets), ==, 2);
  g_assert_cmpuint (count_free (pair->world), ==, 2);
  g_assert_false (th_ports_is_open (pair->world->config->ports, 0, port + 1));

  g_assert_cmpint (allocate_reserved (pair->second, pair->token), ==, 0);
  g_assert_cmpint (th_address_port (&pair->second->relayed), ==, port + 1);
  g_assert_true (th_address_same_host (&pair->second->relayed, &pair->first->relayed));
  g_assert_nonnull (client_relay_end (pair->second));
  g_assert_cmpuint (pair->world->n_opened, ==, 2);
  g_assert_true (th_ports_is_open (pair->world->config->ports, 0, port + 1));

  g_assert_cmpint (client_refresh (pair->first, 0), ==, 0);
  g_assert_cmpint (client_refresh (pair->second, 0), ==, 0);
  g_assert_cmpuint (count_free (pair->world), ==, 4);
}

static void
test_repetition_has_the_same_token (Pair *pair, gconstpointer data)
{
  guint8 again[TH_RESERVATION_TOKEN_SIZE];

  g_assert_cmpint (client_repeat (pair->first), ==, 0);
  take_token (pair->first, again);
  g_assert_cmpmem (again, sizeof again, pair->token, sizeof pair->token);
  g_assert_cmpuint (pair->world->n_opened, ==, 2);
}

static void
test_token_is_good_once (Pair *pair, gconstpointer data)
{
  g_autoptr (WorldClient) third = client_new (pair->world, "ada");

  g_assert_cmpint (allocate_reserved (pair->second, pair->token), ==, 0);
  g_assert_cmpint (allocate_reserved (third, pair->token), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpint (client_repeat (pair->second), ==, 0);
}

static void
test_token_outlives_the_first_allocation (Pair *pair, gconstpointer data)
{
  g_assert_cmpint (client_refresh (pair->first, 0), ==, 0);
  g_assert_cmpint (allocate_reserved (pair->second, pair->token), ==, 0);
}

static void
test_token_grows_stale (Pair *pair, gconstpointer data)
{
  world_advance (pair->world, TH_RESERVATION_LIFETIME_US - 1);
  g_assert_cmpuint (g_hash_table_size (pair->world->sockets), ==, 2);
  world_advance (pair->world, 1);
  g_assert_cmpint (allocate_reserved (pair->second, pair->token), ==,
                   TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpuint (g_hash_table_size (pair->world->sockets), ==, 1);
  g_assert_cmpuint (count_free (pair->world), ==, 3);
}

static void
test_token_in_its_last_moment (Pair *pair, gconstpointer data)
{
  world_advance (pair->world, TH_RESERVATION_LIFETIME_US - 1);
  g_assert_cmpint (allocate_reserved (pair->second, pair->token), ==, 0);
  world_advance (pair->world, SECONDS (60));
  g_assert_nonnull (client_relay_end (pair->second));
}

static void
test_token_of_another_user (Pair *pair, gconstpointer data)
{
  g_autoptr (WorldClient) bob = client_new (pair->world, "bob");

  g_assert_cmpint (allocate_reserved (bob, pair->token), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpint (allocate_reserved (pair->second, pair->token), ==, 0);
}

static void
test_invented_token (Pair *pair, gconstpointer data)
{
  static const guint8 zeros[TH_RESERVATION_TOKEN_SIZE];

  g_assert_cmpint (allocate_reserved (pair->second, zeros), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  for (guint bit = 0; bit < 64; bit++)
    {
      pair->token[bit / 8] ^= (guint8) (1 << bit % 8);
      g_assert_cmpint (allocate_reserved (pair->second, pair->token), ==,
                       TH_STUN_INSUFFICIENT_CAPACITY);
      pair->token[bit / 8] ^= (guint8) (1 << bit % 8);
    }
  g_assert_cmpuint (th_turn_server_count (pair->world->server), ==, 1);
}

/* EVEN-PORT and both family attributes ask for what the token has settled. */
static void
test_token_stands_alone (Pair *pair, gconstpointer data)
{
  static const struct {
    guint16 type;
    gsize length;
  } others[] = {
    { TH_STUN_EVEN_PORT, 1 },
    { TH_STUN_REQUESTED_ADDRESS_FAMILY, 4 },
    { TH_STUN_ADDITIONAL_ADDRESS_FAMILY, 4 },
  };
  WorldClient *second = pair->second;

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      client_begin_allocate (second);
      th_stun_builder_add_bytes (&second->builder, TH_STUN_RESERVATION_TOKEN, pair->token,
                                 sizeof pair->token);
      th_stun_builder_add_bytes (&second->builder, others[i].type, "\2\0\0", others[i].length);
      g_assert_cmpint (client_end (second), ==, TH_STUN_BAD_REQUEST);
    }
  g_assert_cmpint (allocate_reserved (second, pair->token), ==, 0);
}

/* A quota that refuses must not use up the token. */
static void
test_refused_by_quota_the_token_stays_good (void)
{
  const WorldSetup setup = { .user_quota = 1 };
  Pair pair;

  set_up_pair (&pair, &setup);
  g_assert_cmpint (allocate_reserved (pair.second, pair.token), ==,
                   TH_STUN_ALLOCATION_QUOTA_REACHED);
  g_assert_cmpint (client_refresh (pair.first, 0), ==, 0);
  g_assert_cmpint (allocate_reserved (pair.second, pair.token), ==, 0);
  tear_down_pair (&pair, NULL);
}

static void
test_pairs_and_both_families_do_not_mix (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  for (guint reserve = 0; reserve <= 1; reserve++)
    {
      client_begin_allocate (ada);
      th_stun_builder_add_bytes (&ada->builder, TH_STUN_EVEN_PORT, reserve ? "\200" : "\0", 1);
      th_stun_builder_add_u32 (&ada->builder, TH_STUN_ADDITIONAL_ADDRESS_FAMILY, 0x02000000);
      g_assert_cmpint (client_end (ada), ==, reserve ? TH_STUN_BAD_REQUEST : 0);
      client_refresh (ada, 0);
    }
}

/* The second port is somebody else's: the first must not be kept either. */
static void
test_sibling_taken_by_another_program (void)
{
  g_autoptr (World) world = world_new (&few_ports);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  world->open_error = EADDRINUSE;
  world->odd_ports_fail = TRUE;
  world->open_failures = G_MAXUINT;
  g_assert_cmpint (allocate_even (ada, TRUE), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpuint (g_hash_table_size (world->sockets), ==, 0);
  g_assert_cmpuint (count_free (world), ==, 4);

  world->open_failures = 3;
  g_assert_cmpint (allocate_even (ada, TRUE), ==, 0);
  g_assert_true (client_answer_has (ada, TH_STUN_RESERVATION_TOKEN));
}

/* RFC 8656, section 7.2: who cannot be given the pair is refused, and nothing of it is kept. */
static void
test_too_many_reservations (void)
{
  const WorldSetup setup = { .max_reservations = 2 };
  g_autoptr (World) world = world_new (&setup);
  g_autoptr (WorldClient) last = client_new (world, "ada");

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (WorldClient) ada = client_new (world, "ada");

      g_assert_cmpint (allocate_even (ada, TRUE), ==, 0);
    }
  g_assert_cmpint (allocate_even (last, TRUE), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpuint (g_hash_table_size (world->sockets), ==, 4);
  g_assert_cmpint (allocate_even (last, FALSE), ==, 0);
}

static void
test_no_pair_left (void)
{
  const WorldSetup three_ports = { .port_min = 50001, .port_max = 50003 };
  g_autoptr (World) world = world_new (&three_ports);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  g_autoptr (WorldClient) bob = client_new (world, "bob");

  g_assert_cmpint (allocate_even (ada, TRUE), ==, 0);
  g_assert_cmpint (th_address_port (&ada->relayed), ==, 50002);
  g_assert_cmpint (allocate_even (bob, TRUE), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpint (client_allocate (bob), ==, 0);
  g_assert_cmpint (th_address_port (&bob->relayed), ==, 50001);
}

/* The server ends while somebody still might come with a token. */
static void
test_reservation_at_shutdown (Pair *pair, gconstpointer data)
{
  g_assert_cmpuint (g_hash_table_size (pair->world->sockets), ==, 2);
  /* Freeing the world counts sockets and ports. */
}

int
main (int argc, char **argv)
{
#define ADD_PAIR(name, test)                                                                       \
  g_test_add ("/turn/even-port/" name, Pair, &few_ports, set_up_pair, test, tear_down_pair)

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/even-port/even-alone", test_even_alone);
  ADD_PAIR ("pair-waits-for-its-token", test_pair_waits_for_its_token);
  ADD_PAIR ("repetition-has-the-same-token", test_repetition_has_the_same_token);
  ADD_PAIR ("token-is-good-once", test_token_is_good_once);
  ADD_PAIR ("token-outlives-the-first-allocation", test_token_outlives_the_first_allocation);
  ADD_PAIR ("token-grows-stale", test_token_grows_stale);
  ADD_PAIR ("token-in-its-last-moment", test_token_in_its_last_moment);
  ADD_PAIR ("token-of-another-user", test_token_of_another_user);
  ADD_PAIR ("invented-token", test_invented_token);
  ADD_PAIR ("token-stands-alone", test_token_stands_alone);
  g_test_add_func ("/turn/even-port/refused-by-quota-the-token-stays-good",
                   test_refused_by_quota_the_token_stays_good);
  g_test_add_func ("/turn/even-port/pairs-and-both-families-do-not-mix",
                   test_pairs_and_both_families_do_not_mix);
  g_test_add_func ("/turn/even-port/sibling-taken-by-another-program",
                   test_sibling_taken_by_another_program);
  g_test_add_func ("/turn/even-port/too-many-reservations", test_too_many_reservations);
  g_test_add_func ("/turn/even-port/no-pair-left", test_no_pair_left);
  ADD_PAIR ("reservation-at-shutdown", test_reservation_at_shutdown);
  return g_test_run ();
}
