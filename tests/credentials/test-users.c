/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Static users: their keys are the RFC's, they are found by hash, and a malformed list says which
 * entry is wrong without repeating it.
 */
#include <string.h>

#include "credentials/ring.h"
#include "credentials/users.h"
#include "stun/integrity.h"

/* All by openssl, of "anna:turnhouse" and of "anna:turnhouse:north:star". */
static const char userhash_hex[] =
    "0f36e800c1ec7e445f93a782722359063a144ffe838f717179885cb6b48204fa";
static const char md5_hex[] = "a9412e70d1c10a551bc6a3ff5edb8405";
static const char sha256_hex[] =
    "b661f12858e1bc73d19aeb44dd861d922041e76a43f6f09a081007e92ba5984d";

static char *
to_hex (const guint8 *bytes, gsize length)
{
  GString *hex = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", bytes[i]);
  return g_string_free (hex, FALSE);
}

static const ThUser *
find (ThUsers *users, const char *name)
{
  guint8 hash[TH_STUN_USERHASH_SIZE];

  th_stun_userhash (name, strlen (name), "turnhouse", strlen ("turnhouse"), hash);
  return th_users_find (users, hash);
}

static void
test_keys (void)
{
  const char *pairs[] = { "bo:x", "anna:north:star", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (ThUsers) users = th_users_new ("turnhouse", pairs, &error);
  const ThUser *anna = find (users, "anna");
  g_autofree char *hash = NULL, *md5 = NULL, *sha256 = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (th_users_get_realm (users), ==, "turnhouse");
  g_assert_cmpstr (anna->name, ==, "anna");
  hash = to_hex (anna->userhash, sizeof anna->userhash);
  md5 = to_hex (anna->md5_key, anna->md5_length);
  sha256 = to_hex (anna->sha256_key, anna->sha256_length);
  g_assert_cmpstr (hash, ==, userhash_hex);
  g_assert_cmpstr (md5, ==, md5_hex);
  g_assert_cmpstr (sha256, ==, sha256_hex);
}

static void
test_found_by_name_only (void)
{
  const char *pairs[] = { "anna:a", "bo:b", NULL }, *none[] = { NULL };
  g_autoptr (ThUsers) users = th_users_new ("turnhouse", pairs, NULL);
  g_autoptr (ThUsers) nobody = th_users_new ("turnhouse", none, NULL);

  g_assert_cmpstr (find (users, "bo")->name, ==, "bo");
  g_assert_null (find (users, "b"));
  g_assert_null (find (users, "boo"));
  g_assert_null (find (users, ""));
  g_assert_null (find (nobody, "bo"));
}

/* RFC 8265: other blanks are spaces, and letters are composed. */
static void
test_prepared (void)
{
  const char *pairs[] = { "zoe\xcc\x88:p", "a\xc2\xa0""b:p", NULL };
  g_autoptr (ThUsers) users = th_users_new ("turnhouse", pairs, NULL);

  g_assert_nonnull (find (users, "zo\xc3\xab"));
  g_assert_nonnull (find (users, "a b"));
}

static void
test_malformed (void)
{
  g_autofree char *longest = g_strnfill (127, 'n'), *too_long = g_strnfill (128, 'n');
  g_autofree char *longest_pair = g_strconcat (longest, ":p", NULL);
  g_autofree char *too_long_pair = g_strconcat (too_long, ":hidden", NULL);
  const char *good[] = { longest_pair, NULL };
  const char *bad[][3] = {
    { "hidden", NULL },         { ":hidden", NULL },        { "anna:", NULL },
    { "an\nna:hidden", NULL },  { "anna:hid\nden", NULL },  { "\xff:hidden", NULL },
    { "", NULL },               { too_long_pair, NULL },    { "anna:x", "anna:hidden", NULL },
    { "anna:x", "hidden", NULL },
  };
  g_autoptr (ThUsers) users = th_users_new ("turnhouse", good, NULL);

  g_assert_cmpstr (find (users, longest)->name, ==, longest);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *place = g_strdup_printf ("in place %u: ", bad[i][1] != NULL ? 2 : 1);

      g_assert_null (th_users_new ("turnhouse", bad[i], &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
      g_assert_nonnull (strstr (error->message, place));
      g_assert_null (strstr (error->message, "hid"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/credentials/users/keys", test_keys);
  g_test_add_func ("/credentials/users/found-by-name-only", test_found_by_name_only);
  g_test_add_func ("/credentials/users/prepared", test_prepared);
  g_test_add_func ("/credentials/users/malformed", test_malformed);
  return g_test_run ();
}
