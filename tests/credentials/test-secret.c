/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets: made strong, checked for what cannot be one.
 */
#include <string.h>

#include "credentials/ring.h"
#include "credentials/secret.h"

static void
test_made_ones_differ (void)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, (GDestroyNotify) th_secret_free, NULL);

  for (guint i = 0; i < 1000; i++)
    {
      char *secret = th_secret_generate ();

      g_assert_cmpuint (strlen (secret), ==, 43); /* 32 bytes */
      g_assert_cmpuint (strspn (secret, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_"), ==, 43);
      g_assert_true (g_hash_table_add (seen, secret));
    }
}

static void
test_what_is_a_secret (void)
{
  g_autofree char *longest = g_strnfill (1024, 's'), *too_long = g_strnfill (1025, 's');
  const char *good[] = { "s", "north", "with spaces: and, more;", "ñ☎", longest };
  const char *bad[] = { "", "two\nlines", "bell\a", "\x7f", "\xff", "\xc2\x85", too_long };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (th_secret_check (good[i], NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (th_secret_check (bad[i], &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
      g_assert_true (*bad[i] == '\0' || strstr (error->message, bad[i]) == NULL);
    }
}

static void
test_plain_text (void)
{
  g_assert_true (th_text_is_plain ("anna\n", 4)); /* what is behind its length does not count */
  g_assert_true (th_text_is_plain ("", 0));
  g_assert_false (th_text_is_plain ("a\0b", 3));
  g_assert_false (th_text_is_plain ("é", 1));
}

/* Under AddressSanitizer this tells of whatever is left. */
static void
test_list_is_freed (void)
{
  char **secrets = g_new0 (char *, 3);

  secrets[0] = th_secret_generate ();
  secrets[1] = g_strdup ("");
  th_secrets_free (secrets);
  th_secrets_free (g_new0 (char *, 1));
  th_secrets_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/credentials/secret/made-ones-differ", test_made_ones_differ);
  g_test_add_func ("/credentials/secret/what-is-a-secret", test_what_is_a_secret);
  g_test_add_func ("/credentials/secret/plain-text", test_plain_text);
  g_test_add_func ("/credentials/secret/list-is-freed", test_list_is_freed);
  return g_test_run ();
}
