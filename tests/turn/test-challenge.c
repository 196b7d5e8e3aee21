/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The challenge to strangers: what it says, how short it is, how often it is given, and that
 * nothing is kept for anyone who has not proven to be where he says he is. And its nonces: good
 * for one address and one hour.
 */
#include <string.h>

#include "addresses.h"
#include "world-client.h"

/* IP and UDP, which a packet's sender and its victim pay for as well. */
#define PACKET_OVERHEAD 28

/* The challenge of a realm as long as the usual one, without and with FINGERPRINT. */
#define CHALLENGE_MAX 100
#define FINGERPRINTED_CHALLENGE_MAX (CHALLENGE_MAX + 8)

static void
test_challenge_offers_what_it_must (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  ThStunAttribute attribute;

  g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
  attribute = client_answer_get (ada, TH_STUN_REALM);
  g_assert_cmpmem (attribute.value, attribute.length, WORLD_REALM, strlen (WORLD_REALM));
  attribute = client_answer_get (ada, TH_STUN_NONCE);
  g_assert_cmpmem (attribute.value, 9, "obMatJos2", 9);
  attribute = client_answer_get (ada, TH_STUN_PASSWORD_ALGORITHMS);
  g_assert_cmpmem (attribute.value, attribute.length, "\0\2\0\0\0\1\0\0", 8);
  g_assert_false (ada->answer_is_signed);
  g_assert_cmpuint (COUNTED (world, challenges), ==, 1);
  g_assert_cmpuint (COUNTED (world, wrong_credentials), ==, 0);
}

/*
 * A spoofed Allocate of the smallest legal size draws at most 2.3 times its bytes on the wire, and
 * a network can be made to draw only a few a second.
 */
static void
test_challenge_is_short (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpuint (ada->request_length, ==, 28);
  g_assert_cmpuint (ada->answer->len, <=, CHALLENGE_MAX);
  g_assert_cmpuint (10 * (ada->answer->len + PACKET_OVERHEAD), <=,
                    23 * (ada->request_length + PACKET_OVERHEAD));

  ada->fingerprint = TRUE;
  g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpuint (ada->answer->len, <=, FINGERPRINTED_CHALLENGE_MAX);
}

/* A challenge of the best liar's is not longer: what he sends does not come back. */
static void
test_long_lies_draw_no_longer_answers (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) liar = client_new (world, "ada");
  g_autofree char *text = g_strnfill (508, 'x');

  client_begin_allocate (liar);
  th_stun_builder_add_string (&liar->builder, TH_STUN_USERNAME, text);
  th_stun_builder_add_string (&liar->builder, TH_STUN_REALM, text);
  th_stun_builder_add_string (&liar->builder, TH_STUN_NONCE, text);
  for (guint16 type = 0x7000; type < 0x7080; type++)
    th_stun_builder_add_flag (&liar->builder, type);
  g_assert_cmpint (client_exchange (liar), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpuint (liar->answer->len, <=, CHALLENGE_MAX);

  client_begin_allocate (liar);
  th_stun_builder_add_string (&liar->builder, TH_STUN_USERNAME, text);
  th_stun_builder_add_string (&liar->builder, TH_STUN_REALM, text);
  th_stun_builder_add_string (&liar->builder, TH_STUN_NONCE, text);
  client_add_proof (liar);
  g_assert_cmpint (client_exchange (liar), ==, TH_STUN_STALE_NONCE);
  g_assert_cmpuint (liar->answer->len, <=, CHALLENGE_MAX);
}

/* Thousands of spoofed sources, with and without made-up credentials. */
static void
test_strangers_leave_no_trace (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) stranger = client_new (world, "ada");
  static const guint16 methods[] = { TH_STUN_ALLOCATE, TH_STUN_REFRESH, TH_STUN_CREATE_PERMISSION,
                                     TH_STUN_CHANNEL_BIND };

  strcpy (stranger->nonce, "obMatJos2AAAB0000000000000000000000000");
  for (guint i = 0; i < 2000; i++)
    {
      const guint8 host[] = { 30, 0, (guint8) (i >> 8), (guint8) i };

      th_address_init_bytes (&stranger->tuple.address, TH_STUN_FAMILY_IPV4, host, 1024);
      client_begin (stranger, methods[i % G_N_ELEMENTS (methods)]);
      th_stun_builder_add_u32 (&stranger->builder, TH_STUN_REQUESTED_TRANSPORT, 0x11000000);
      if (i % 2 == 0)
        {
          client_add_names (stranger);
          client_add_proof (stranger);
        }
      g_assert_cmpint (client_exchange (stranger), !=, 0);
    }
  g_assert_cmpuint (th_turn_server_count (world->server), ==, 0);
  g_assert_cmpuint (world->n_opened, ==, 0);
  g_assert_cmpuint (world->n_started, ==, 0);
  g_assert_cmpuint (world->n_questions, ==, 0); /* not even the keys were looked up */
  g_assert_cmpuint (th_ports_count_free (world->config->ports, 0), ==, world->n_free_ports);
}

static void
test_challenges_are_rationed (void)
{
  const WorldSetup setup = { .unauthorized_per_second = 10 };
  g_autoptr (World) world = world_new (&setup);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  guint n_answers = 0;

  for (guint i = 0; i < 1000; i++)
    n_answers += client_ask_nonce (ada) == TH_STUN_UNAUTHENTICATED;
  g_assert_cmpuint (n_answers, ==, 20);
  g_assert_cmpuint (COUNTED (world, challenges), ==, 20);
  g_assert_cmpuint (COUNTED (world, challenges_withheld), ==, 980);

  world_advance (world, SECONDS (1));
  for (guint i = 0; i < 1000; i++)
    n_answers += client_ask_nonce (ada) == TH_STUN_UNAUTHENTICATED;
  g_assert_cmpuint (n_answers, ==, 30);
}

/* Who knows his password is served in the middle of the flood; guesses are met with silence. */
static void
test_guesses_are_rationed_and_users_served (void)
{
  const WorldSetup setup = { .unauthorized_per_second = 10 };
  g_autoptr (World) world = world_new (&setup);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  g_autoptr (WorldClient) guesser = client_new (world, "ada");
  guint n_answers = 0;

  g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpint (client_ask_nonce (guesser), ==, TH_STUN_UNAUTHENTICATED);
  guesser->password = "guess";
  for (guint i = 0; i < 100; i++)
    n_answers += client_allocate (guesser) != SILENCE;
  g_assert_cmpuint (n_answers, ==, 18);
  g_assert_cmpuint (COUNTED (world, wrong_credentials), ==, 100);

  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_assert_cmpint (client_refresh (ada, 600), ==, 0);
}

static guint
count_answers_from_48 (World *world, WorldClient *client, guint8 last_of_prefix)
{
  guint n_answers = 0;

  for (guint i = 0; i < 200; i++)
    {
      const guint8 host[16] = { 0x2a, 0, 0, 0, 0, last_of_prefix, (guint8) i, [15] = (guint8) i };

      th_address_init_bytes (&client->tuple.address, TH_STUN_FAMILY_IPV6, host, 4000);
      n_answers += client_ask_nonce (client) != SILENCE;
    }
  return n_answers;
}

static void
test_one_prefix_is_one_stranger (void)
{
  const WorldSetup setup = { .unauthorized_per_second = 10 };
  g_autoptr (World) world = world_new (&setup);
  g_autoptr (WorldClient) stranger = client_new (world, "ada");

  g_assert_cmpuint (count_answers_from_48 (world, stranger, 1), ==, 20);
  g_assert_cmpuint (count_answers_from_48 (world, stranger, 2), ==, 20);
}

/* ---- nonces ---- */

/* 438, unsigned, and with a nonce that is good at once. */
static void
assert_stale_and_renewed (WorldClient *client)
{
  ThStunAttribute nonce;

  client_begin_allocate (client);
  client_add_names (client);
  client_add_proof (client);
  g_assert_cmpint (client_exchange (client), ==, TH_STUN_STALE_NONCE);
  g_assert_false (client->answer_is_signed);
  g_assert_true (client_answer_has (client, TH_STUN_REALM));
  g_assert_true (client_answer_has (client, TH_STUN_PASSWORD_ALGORITHMS));

  nonce = client_answer_get (client, TH_STUN_NONCE);
  memcpy (client->nonce, nonce.value, nonce.length);
  client->nonce[nonce.length] = '\0';
  client_begin (client, TH_STUN_REFRESH);
  client_add_names (client);
  client_add_proof (client);
  g_assert_cmpint (client_exchange (client), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_true (client->answer_is_signed);
}

static void
test_nonce_of_another_address (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
  ada->tuple.address = address_and_port ("21.0.0.1", 40000);
  assert_stale_and_renewed (ada);
  th_address_set_port (&ada->tuple.address, 40001);
  assert_stale_and_renewed (ada);
  g_assert_cmpuint (COUNTED (world, stale_nonces), ==, 2);
}

static void
test_nonce_lives_an_hour (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
  world_advance (world, SECONDS (3600));
  client_begin (ada, TH_STUN_REFRESH);
  client_add_names (ada);
  client_add_proof (ada);
  g_assert_cmpint (client_exchange (ada), ==, TH_STUN_ALLOCATION_MISMATCH);
  world_advance (world, SECONDS (1));
  assert_stale_and_renewed (ada);
}

static void
test_nonce_from_before_a_restart (void)
{
  g_autoptr (World) before = world_new (NULL);
  g_autoptr (World) after = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (before, "ada");

  g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
  ada->world = after;
  assert_stale_and_renewed (ada);
}

static void
test_nonce_from_the_future (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  th_nonce_make (&world->config->nonce_key, &ada->tuple.address, world->monotonic + SECONDS (5),
                 ada->nonce);
  assert_stale_and_renewed (ada);
}

static void
test_nonce_with_any_bit_altered (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  gsize length;

  g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
  length = strlen (ada->nonce);
  for (gsize bit = 0; bit < 8 * length; bit++)
    {
      ada->nonce[bit / 8] ^= (char) (1 << bit % 8);
      client_begin_allocate (ada);
      client_add_names (ada);
      client_add_proof (ada);
      g_assert_cmpint (client_exchange (ada), ==, TH_STUN_STALE_NONCE);
      ada->nonce[bit / 8] ^= (char) (1 << bit % 8);
    }
  g_assert_cmpint (client_allocate (ada), ==, 0);
}

/* A wrong password under a stale nonce teaches nothing about the password. */
static void
test_stale_nonce_comes_before_the_password (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  strcpy (ada->nonce, "invented");
  ada->password = "guess";
  client_begin_allocate (ada);
  client_add_names (ada);
  client_add_proof (ada);
  g_assert_cmpint (client_exchange (ada), ==, TH_STUN_STALE_NONCE);
  g_assert_cmpuint (world->n_questions, ==, 0);
  g_assert_cmpuint (COUNTED (world, wrong_credentials), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/challenge/offers-what-it-must", test_challenge_offers_what_it_must);
  g_test_add_func ("/turn/challenge/is-short", test_challenge_is_short);
  g_test_add_func ("/turn/challenge/long-lies-draw-no-longer-answers",
                   test_long_lies_draw_no_longer_answers);
  g_test_add_func ("/turn/challenge/strangers-leave-no-trace", test_strangers_leave_no_trace);
  g_test_add_func ("/turn/challenge/challenges-are-rationed", test_challenges_are_rationed);
  g_test_add_func ("/turn/challenge/guesses-are-rationed-and-users-served",
                   test_guesses_are_rationed_and_users_served);
  g_test_add_func ("/turn/challenge/one-prefix-is-one-stranger", test_one_prefix_is_one_stranger);
  g_test_add_func ("/turn/challenge/nonce-of-another-address", test_nonce_of_another_address);
  g_test_add_func ("/turn/challenge/nonce-lives-an-hour", test_nonce_lives_an_hour);
  g_test_add_func ("/turn/challenge/nonce-from-before-a-restart",
                   test_nonce_from_before_a_restart);
  g_test_add_func ("/turn/challenge/nonce-from-the-future", test_nonce_from_the_future);
  g_test_add_func ("/turn/challenge/nonce-with-any-bit-altered", test_nonce_with_any_bit_altered);
  g_test_add_func ("/turn/challenge/stale-nonce-comes-before-the-password",
                   test_stale_nonce_comes_before_the_password);
  return g_test_run ();
}
