/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tokens that open something once.
 */
#include <string.h>

#include "endpoint/one-time.h"

#define TOKENS_MAX 3
#define LIFETIME 1000

static void
test_once (void)
{
  g_autoptr (ThOneTime) tokens = th_one_time_new (TOKENS_MAX, LIFETIME);
  g_autofree char *token = th_one_time_make (tokens, 0);

  g_assert_cmpint (th_one_time_get_time_left (tokens, token, 1), ==, LIFETIME - 1);
  g_assert_cmpint (th_one_time_get_time_left (tokens, token, 1), >, 0); /* looking does not use it up */
  g_assert_true (th_one_time_take (tokens, token, 1));
  g_assert_cmpint (th_one_time_get_time_left (tokens, token, 1), ==, 0);
  g_assert_false (th_one_time_take (tokens, token, 1));
}

static void
test_ends (void)
{
  g_autoptr (ThOneTime) tokens = th_one_time_new (TOKENS_MAX, LIFETIME);
  g_autofree char *first = th_one_time_make (tokens, 0);
  g_autofree char *second = th_one_time_make (tokens, 10);

  g_assert_cmpint (th_one_time_get_time_left (tokens, first, LIFETIME - 1), ==, 1);
  g_assert_false (th_one_time_take (tokens, first, LIFETIME));
  g_assert_true (th_one_time_take (tokens, second, LIFETIME));
}

static void
test_one_too_many_ends_the_oldest (void)
{
  g_autoptr (ThOneTime) tokens = th_one_time_new (TOKENS_MAX, LIFETIME);
  char *made[TOKENS_MAX + 1];

  for (guint i = 0; i <= TOKENS_MAX; i++)
    made[i] = th_one_time_make (tokens, i);
  for (guint i = 0; i <= TOKENS_MAX; i++)
    {
      g_assert_cmpint (th_one_time_take (tokens, made[i], TOKENS_MAX), ==, i > 0);
      g_free (made[i]);
    }
}

static void
test_has_128_bits_that_differ (void)
{
  g_autoptr (ThOneTime) tokens = th_one_time_new (TOKENS_MAX, LIFETIME);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 1000; i++)
    {
      char *token = th_one_time_make (tokens, 0);

      g_assert_cmpuint (strlen (token), ==, 22); /* 16 bytes as base64url */
      g_assert_true (g_hash_table_add (seen, token));
    }
}

static void
test_others_are_refused (void)
{
  g_autoptr (ThOneTime) tokens = th_one_time_new (TOKENS_MAX, LIFETIME);
  g_autofree char *token = th_one_time_make (tokens, 0);
  g_autofree char *longer = g_strconcat (token, "A", NULL);
  g_autofree char *padded = g_strconcat (token, "==", NULL);
  g_autofree char *shorter = g_strndup (token, strlen (token) - 1);
  g_autofree char *endless = g_strnfill (100000, 'A');
  const char *const others[] = { "", " ", "AAAAAAAAAAAAAAAAAAAAAA", "%41", longer, padded, shorter,
                                 endless, "\xff\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (th_one_time_take (tokens, others[i], 0));
  g_assert_true (th_one_time_take (tokens, token, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/endpoint/one-time/is-good-once", test_once);
  g_test_add_func ("/endpoint/one-time/ends", test_ends);
  g_test_add_func ("/endpoint/one-time/one-too-many-ends-the-oldest",
                   test_one_too_many_ends_the_oldest);
  g_test_add_func ("/endpoint/one-time/has-128-bits-that-differ", test_has_128_bits_that_differ);
  g_test_add_func ("/endpoint/one-time/others-are-refused", test_others_are_refused);
  return g_test_run ();
}
