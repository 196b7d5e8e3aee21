/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Apps and the digests of their tokens: who is found by which token and for how long, and what is
 * refused.
 */
#include <string.h>

#include "credentials/app-record.h"
#include "credentials/ring.h"

#define NOW 1700000000

static GPtrArray *
new_records (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) th_app_record_free);
}

static gboolean
add (GPtrArray *records, const char *name, const char *token, GError **error)
{
  guint8 digest[TH_APP_DIGEST_SIZE];

  th_app_digest (token, digest);
  return th_app_records_add (records, 0, name, digest, NOW, error);
}

static gboolean
replace (GPtrArray *records, const char *name, const char *token, gint64 now, gint64 grace)
{
  guint8 digest[TH_APP_DIGEST_SIZE];

  th_app_digest (token, digest);
  return th_app_records_replace (records, name, digest, now, grace, NULL);
}

static const char *
find (GPtrArray *records, const char *token, gint64 now)
{
  const ThAppRecord *record = th_app_records_find (records, token, now);

  return record != NULL ? record->name : NULL;
}

static void
assert_refused (gboolean done, GError *error)
{
  g_assert_false (done);
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
  g_error_free (error);
}

/* As sha256sum computes it. */
static void
test_digest (void)
{
  static const guint8 expected[] = { 0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea };
  guint8 digest[TH_APP_DIGEST_SIZE];

  th_app_digest ("abc", digest);
  g_assert_cmpmem (digest, sizeof expected, expected, sizeof expected);
}

static void
test_pairs (void)
{
  const char *pairs[] = { "chat:one", "video:two:three", "nothing", "empty:", "chat:four", NULL };
  g_autoptr (GPtrArray) records = th_app_records_from_pairs (pairs);

  g_assert_cmpuint (records->len, ==, 2);
  g_assert_cmpstr (find (records, "one", NOW), ==, "chat");
  g_assert_cmpstr (find (records, "four", NOW), ==, "chat");
  g_assert_cmpstr (find (records, "two:three", NOW), ==, "video");
  g_assert_null (find (records, "", NOW));
  g_assert_null (find (records, "two", NOW));
  g_assert_null (find (records, "nothing", NOW));
}

static void
test_former_token_ends (void)
{
  g_autoptr (GPtrArray) records = new_records ();

  g_assert_true (add (records, "chat", "first", NULL));
  g_assert_true (replace (records, "chat", "second", NOW + 5, 60));
  g_assert_cmpstr (find (records, "second", NOW + 5), ==, "chat");
  g_assert_cmpstr (find (records, "first", NOW + 64), ==, "chat");
  g_assert_null (find (records, "first", NOW + 65));
  g_assert_cmpstr (find (records, "second", G_MAXINT64), ==, "chat");

  g_assert_true (replace (records, "chat", "third", NOW + 6, 0));
  g_assert_null (find (records, "second", NOW + 6));
  g_assert_cmpstr (find (records, "first", NOW + 6), ==, "chat");
  g_assert_true (replace (records, "chat", "fourth", NOW + 7, G_MAXINT64));
  g_assert_cmpstr (find (records, "third", G_MAXINT64 - 1), ==, "chat");
  g_assert_false (replace (records, "video", "fifth", NOW, 0));
}

static void
test_only_so_many_former_ones (void)
{
  g_autoptr (GPtrArray) records = new_records ();

  g_assert_true (add (records, "chat", "0", NULL));
  for (guint i = 1; i <= TH_APP_TOKENS_KEPT; i++)
    {
      g_autofree char *token = g_strdup_printf ("%u", i);
      g_assert_true (replace (records, "chat", token, NOW, 1000));
    }
  g_assert_null (find (records, "0", NOW));
  for (guint i = 1; i <= TH_APP_TOKENS_KEPT; i++)
    {
      g_autofree char *token = g_strdup_printf ("%u", i);
      g_assert_cmpstr (find (records, token, NOW), ==, "chat");
    }
}

static void
test_names (void)
{
  g_autofree char *longest = g_strnfill (TH_APP_NAME_MAX, 'n');
  g_autofree char *too_long = g_strnfill (TH_APP_NAME_MAX + 1, 'n');
  const char *good[] = { "a", longest, "Café 🏠", "%s%n", "\"\\" };
  const char *bad[] = { "", too_long, "a:b", ":", "a\nb", "\x01", "\x7f", "\xff", "\xc3" };
  g_autoptr (GPtrArray) records = new_records ();

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (add (records, good[i], good[i], NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      GError *error = NULL;
      gboolean done = add (records, bad[i], "t", &error);

      assert_refused (done, error);
    }
  g_assert_cmpuint (records->len, ==, G_N_ELEMENTS (good));
}

static void
test_each_name_once (void)
{
  g_autoptr (GPtrArray) records = new_records ();
  GError *error = NULL;
  gboolean done;

  g_assert_true (add (records, "chat", "first", NULL));
  done = add (records, "chat", "second", &error);
  assert_refused (done, error);
  g_assert_null (find (records, "second", NOW));

  g_assert_true (th_app_records_remove (records, "chat", NULL));
  error = NULL;
  done = th_app_records_remove (records, "chat", &error);
  assert_refused (done, error);
  g_assert_null (find (records, "first", NOW));
  g_assert_true (add (records, "chat", "second", NULL));
}

static void
test_only_so_many_apps (void)
{
  g_autoptr (GPtrArray) records = new_records ();
  guint8 digest[TH_APP_DIGEST_SIZE];
  GError *error = NULL;
  gboolean done;

  for (guint i = 0; i < TH_APPS_MAX; i++)
    {
      g_autofree char *name = g_strdup_printf ("app-%u", i);
      g_assert_true (add (records, name, name, NULL));
    }
  done = add (records, "one-more", "t", &error);
  assert_refused (done, error);

  g_assert_true (th_app_records_remove (records, "app-7", NULL));
  th_app_digest ("t", digest);
  error = NULL;
  done = th_app_records_add (records, 1, "one-more", digest, NOW, &error);
  assert_refused (done, error);
  g_assert_true (th_app_records_add (records, 0, "one-more", digest, NOW, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/credentials/app-record/" name, function)
  ADD ("digest", test_digest);
  ADD ("pairs", test_pairs);
  ADD ("former-token-ends", test_former_token_ends);
  ADD ("only-so-many-former-ones", test_only_so_many_former_ones);
  ADD ("names", test_names);
  ADD ("each-name-once", test_each_name_once);
  ADD ("only-so-many-apps", test_only_so_many_apps);
#undef ADD
  return g_test_run ();
}
