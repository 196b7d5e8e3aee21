/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The choice of algorithms (RFC 8489, sections 9.2 and 18.5): every combination that is legal is
 * answered in kind, and nobody between client and server can bid them down.
 */
#include <string.h>

#include "stun/integrity.h"
#include "world-client.h"

#define LIST "\0\2\0\0\0\1\0\0"
#define SHA256 "\0\2\0\0"
#define MD5 "\0\1\0\0"

static const ThStunPasswordAlgorithm algorithms[] = { 0, TH_STUN_ALGORITHM_MD5,
                                                      TH_STUN_ALGORITHM_SHA256 };

static void
test_all_combinations (void)
{
  g_autoptr (World) world = world_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++)
    for (guint sha256 = 0; sha256 <= 1; sha256++)
      {
        g_autoptr (WorldClient) ada = client_new (world, "ada");

        ada->algorithm = algorithms[i];
        ada->sha256 = (gboolean) sha256;
        g_assert_cmpint (client_allocate (ada), ==, 0);
        g_assert_true (ada->answer_is_signed);
        g_assert_cmpint (client_refresh (ada, 600), ==, 0);
        g_assert_cmpint (client_allocate (ada), ==, TH_STUN_ALLOCATION_MISMATCH);
      }
}

/* One who speaks of another algorithm with the next request still proves who he is. */
static void
test_change_of_algorithm_on_a_live_allocation (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (client_allocate (ada), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++)
    {
      ada->algorithm = algorithms[i];
      ada->sha256 = !ada->sha256;
      g_assert_cmpint (client_refresh (ada, 600), ==, 0);
    }
}

/* @list or @chosen NULL: not there; the proof is right for the algorithm that the client means */
static int
allocate_with (WorldClient *client, const char *list, gsize list_length, const char *chosen,
               gsize chosen_length)
{
  client_begin_allocate (client);
  th_stun_builder_add_string (&client->builder, TH_STUN_USERNAME, client->user);
  th_stun_builder_add_string (&client->builder, TH_STUN_REALM, WORLD_REALM);
  th_stun_builder_add_string (&client->builder, TH_STUN_NONCE, client->nonce);
  if (list != NULL)
    th_stun_builder_add_bytes (&client->builder, TH_STUN_PASSWORD_ALGORITHMS, list, list_length);
  if (chosen != NULL)
    th_stun_builder_add_bytes (&client->builder, TH_STUN_PASSWORD_ALGORITHM, chosen,
                               chosen_length);
  client_add_proof (client);
  return client_exchange (client);
}

static void
test_bidding_down (void)
{
  static const struct {
    const char *list;
    gsize list_length;
    const char *chosen;
    gsize chosen_length;
  } cases[] = {
    { LIST, 8, NULL, 0 },                      /* no choice */
    { NULL, 0, MD5, 4 },                       /* no list */
    { MD5, 4, MD5, 4 },                        /* the better one struck out */
    { "\0\1\0\0\0\2\0\0", 8, MD5, 4 },         /* the worse one first */
    { "\0\1\0\0\0\1\0\0", 8, MD5, 4 },         /* the worse one twice */
    { LIST "\0\3\0\0", 12, MD5, 4 },           /* one more */
    { LIST, 7, MD5, 4 },                       /* cut off */
    { "", 0, MD5, 4 },                         /* empty */
    { "\0\2\0\1\0\1\0\0", 8, MD5, 4 },         /* parameters that were not offered */
    { LIST, 8, "\0\3\0\0", 4 },                /* a choice that was not offered */
    { LIST, 8, "\0\0\0\0", 4 },
    { LIST, 8, "\0\1\0\1", 4 },                /* with parameters that are not there */
    { LIST, 8, "\0\1\0\4\0\0\0\0", 8 },        /* with parameters that are */
    { LIST, 8, "\0\1", 2 },
    { LIST, 8, "", 0 },
  };
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (allocate_with (ada, cases[i].list, cases[i].list_length, cases[i].chosen,
                                    cases[i].chosen_length), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpuint (world->n_questions, ==, 0);
  g_assert_cmpint (allocate_with (ada, LIST, 8, MD5, 4), ==, 0);
}

/* The key of one algorithm under the name of the other. */
static void
test_key_of_another_algorithm (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpint (allocate_with (ada, LIST, 8, SHA256, 4), ==, TH_STUN_UNAUTHENTICATED);
  ada->algorithm = TH_STUN_ALGORITHM_SHA256;
  g_assert_cmpint (allocate_with (ada, LIST, 8, MD5, 4), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpint (allocate_with (ada, NULL, 0, NULL, 0), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpint (allocate_with (ada, LIST, 8, SHA256, 4), ==, 0);
}

/* Who strikes the algorithms out of a challenge must alter the nonce, too, which then is stale. */
static void
test_nonce_without_its_feature_bits (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
  memcpy (ada->nonce + 9, "AAAA", 4);
  g_assert_cmpint (allocate_with (ada, NULL, 0, NULL, 0), ==, TH_STUN_STALE_NONCE);
  memcpy (ada->nonce, "xxxxxxxxx", 9);
  g_assert_cmpint (allocate_with (ada, NULL, 0, NULL, 0), ==, TH_STUN_STALE_NONCE);
}

static int
allocate_truncated (WorldClient *client, gsize length)
{
  guint8 key[TH_STUN_KEY_MAX];
  guint8 mac[32];
  gsize key_length;

  client_begin_allocate (client);
  client_add_names (client);
  key_length = th_stun_long_term_key (TH_STUN_ALGORITHM_MD5, "ada", 3, WORLD_REALM,
                                      strlen (WORLD_REALM), "lovelace", 8, key);
  g_assert_true (th_stun_compute_integrity (client->request, client->builder.length,
                                            TH_STUN_MESSAGE_INTEGRITY_SHA256, length, key,
                                            key_length, mac));
  th_stun_builder_add_bytes (&client->builder, TH_STUN_MESSAGE_INTEGRITY_SHA256, mac, length);
  return client_exchange (client);
}

/* RFC 8489, section 14.6: 16 to 32 bytes in steps of four; the answer has them all. */
static void
test_truncated_sha256 (void)
{
  g_autoptr (World) world = world_new (NULL);

  for (gsize length = 16; length <= 32; length += 4)
    {
      g_autoptr (WorldClient) ada = client_new (world, "ada");

      ada->sha256 = TRUE;
      g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
      g_assert_cmpint (allocate_truncated (ada, length), ==, 0);
      g_assert_cmpuint (client_answer_get (ada, TH_STUN_MESSAGE_INTEGRITY_SHA256).length, ==, 32);
    }
}

/* Both proofs: the better one decides, and the answer has that one. */
static void
test_both_integrities (void)
{
  static const guint8 zeros[32];
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
  client_begin_allocate (ada);
  client_add_names (ada);
  client_add_proof (ada);
  th_stun_builder_add_bytes (&ada->builder, TH_STUN_MESSAGE_INTEGRITY_SHA256, zeros, 32);
  g_assert_cmpint (client_exchange (ada), ==, TH_STUN_UNAUTHENTICATED);

  client_begin_allocate (ada);
  client_add_names (ada);
  client_add_proof (ada);
  ada->sha256 = TRUE;
  client_add_proof (ada);
  g_assert_cmpint (client_exchange (ada), ==, 0);
  g_assert_true (ada->answer_is_signed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/algorithms/all-combinations", test_all_combinations);
  g_test_add_func ("/turn/algorithms/change-of-algorithm-on-a-live-allocation",
                   test_change_of_algorithm_on_a_live_allocation);
  g_test_add_func ("/turn/algorithms/bidding-down", test_bidding_down);
  g_test_add_func ("/turn/algorithms/key-of-another-algorithm", test_key_of_another_algorithm);
  g_test_add_func ("/turn/algorithms/nonce-without-its-feature-bits",
                   test_nonce_without_its_feature_bits);
  g_test_add_func ("/turn/algorithms/truncated-sha256", test_truncated_sha256);
  g_test_add_func ("/turn/algorithms/both-integrities", test_both_integrities);
  return g_test_run ();
}
