/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Static users made at run time: only their keys are kept, they hold for one realm, the
 * configuration's users go before them, and the ring accepts exactly those that are usable.
 */
#include <string.h>

#include "awaiting.h"
#include "credentials/kept-json.h"
#include "credentials/ring.h"
#include "credentials/user-list.h"
#include "credentials/user-record.h"
#include "folder.h"
#include "stun/integrity.h"

#define REALM "turnhouse"

static ThUserList *
open_users (const char *folder)
{
  g_autoptr (GError) error = NULL;
  ThUserList *users = th_user_list_open (folder, REALM, &error);

  g_assert_no_error (error);
  return users;
}

/* (transfer full) (nullable) */
static char *
try_add (ThUserList *users, const char *name, const char *password, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  th_user_list_add_async (users, name, password, NULL, keep_result, &slot);
  result = await_result (&slot);
  return th_user_list_add_finish (users, result, error);
}

static char *
add (ThUserList *users, const char *name, const char *password)
{
  g_autoptr (GError) error = NULL;
  char *returned = try_add (users, name, password, &error);

  g_assert_no_error (error);
  return returned;
}

static gboolean
try_remove (ThUserList *users, const char *name, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  th_user_list_remove_async (users, name, NULL, keep_result, &slot);
  result = await_result (&slot);
  return th_user_list_remove_finish (users, result, error);
}

/* Whether a client that has this password is let in. */
static gboolean
accepts (ThUserList *users, const char *name, const char *password)
{
  const char *realm = th_users_get_realm (th_user_list_get_users (users));
  guint8 hash[TH_STUN_USERHASH_SIZE], key[TH_STUN_KEY_MAX];
  const ThUser *user;
  gsize length;

  th_stun_userhash (name, strlen (name), realm, strlen (realm), hash);
  user = th_users_find (th_user_list_get_users (users), hash);
  if (user == NULL)
    return FALSE;
  length = th_stun_long_term_key (TH_STUN_ALGORITHM_SHA256, name, strlen (name), realm,
                                  strlen (realm), password, strlen (password), key);
  if (memcmp (key, user->sha256_key, length) != 0)
    return FALSE;
  length = th_stun_long_term_key (TH_STUN_ALGORITHM_MD5, name, strlen (name), realm,
                                  strlen (realm), password, strlen (password), key);
  g_assert_cmpmem (key, length, user->md5_key, user->md5_length);
  return TRUE;
}

/* Names joined by spaces: [of the configuration], (not usable) */
static void
assert_rows (ThUserList *users, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (users)); i++)
    {
      g_autoptr (ThUserEntry) row = g_list_model_get_item (G_LIST_MODEL (users), i);

      g_string_append (text, i > 0 ? " " : "");
      if (th_user_entry_is_configured (row))
        g_string_append_printf (text, "[%s]", th_user_entry_get_name (row));
      else if (!th_user_entry_is_usable (row))
        g_string_append_printf (text, "(%s)", th_user_entry_get_name (row));
      else
        g_string_append (text, th_user_entry_get_name (row));
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_kept_over_restarts (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "users.json", NULL);
  g_autofree char *anna = NULL, *bo = NULL, *stored = NULL;

  {
    g_autoptr (ThUserList) users = open_users (folder);

    anna = add (users, "anna", "north:star");
    bo = add (users, "bo", NULL);
    g_assert_cmpstr (anna, ==, "north:star");
    g_assert_true (accepts (users, "bo", bo));
  }

  g_autoptr (ThUserList) users = open_users (folder);
  assert_rows (users, "anna bo");
  g_assert_true (accepts (users, "anna", "north:star"));
  g_assert_true (accepts (users, "bo", bo));
  g_assert_false (accepts (users, "bo", anna));
  g_assert_true (g_file_get_contents (path, &stored, NULL, NULL));
  g_assert_null (strstr (stored, anna));
  g_assert_null (strstr (stored, bo));
  /* As openssl computes them, of "anna:turnhouse" and "anna:turnhouse:north:star". */
  g_assert_nonnull (strstr (stored, "\"a9412e70d1c10a551bc6a3ff5edb8405\""));
  g_assert_nonnull (
      strstr (stored, "\"b661f12858e1bc73d19aeb44dd861d922041e76a43f6f09a081007e92ba5984d\""));
  g_assert_nonnull (
      strstr (stored, "\"0f36e800c1ec7e445f93a782722359063a144ffe838f717179885cb6b48204fa\""));
}

static void
test_generated_passwords (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThUserList) users = open_users (folder);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint letters[256] = { 0 };

  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *name = g_strdup_printf ("u%u", i);
      char *password = add (users, name, NULL);

      g_assert_cmpuint (strlen (password), ==, 20);
      g_assert_cmpuint (strspn (password, "abcdefghijkmnpqrstuvwxyz23456789"), ==, 20);
      for (const char *p = password; *p != '\0'; p++)
        letters[(guint8) *p]++;
      g_assert_true (g_hash_table_add (seen, password));
    }
  /* 1200 drawn of 32: one that never comes, or thrice as often as it should, is a fault */
  for (const char *p = "abcdefghijkmnpqrstuvwxyz23456789"; *p != '\0'; p++)
    g_assert_true (letters[(guint8) *p] > 0 && letters[(guint8) *p] < 112);
}

static void
test_removed (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThUserList) users = open_users (folder);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = add (users, "anna", "x"), *second = NULL;

  g_assert_true (try_remove (users, "anna", NULL));
  assert_rows (users, "");
  g_assert_false (accepts (users, "anna", "x"));
  g_assert_false (try_remove (users, "anna", &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
  second = add (users, "anna", "y");
  g_assert_false (accepts (users, "anna", "x"));
  g_assert_true (accepts (users, "anna", "y"));
}

static void
test_configured (void)
{
  const char *pairs[] = { "zoe:z", "anna:c", NULL }, *none[] = { NULL }, *wrong[] = { "x", NULL };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThUserList) users = open_users (folder);
  g_autofree char *anna = add (users, "anna", "a"), *bo = add (users, "bo", "b");
  g_autoptr (GError) error = NULL;

  g_assert_true (th_user_list_set_configured (users, REALM, pairs, NULL));
  assert_rows (users, "[zoe] [anna] bo");
  g_assert_true (accepts (users, "zoe", "z"));
  g_assert_true (accepts (users, "anna", "c"));
  g_assert_true (accepts (users, "bo", "b"));
  g_assert_false (th_user_list_set_configured (users, REALM, wrong, &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
  assert_rows (users, "[zoe] [anna] bo");

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) refusal = NULL;

      if (i == 0)
        g_assert_null (try_add (users, "zoe", "x", &refusal));
      else if (i == 1)
        g_assert_null (try_add (users, "bo", "x", &refusal));
      else
        g_assert_false (try_remove (users, "anna", &refusal));
      g_assert_error (refusal, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
    }

  g_assert_true (th_user_list_set_configured (users, REALM, none, NULL));
  assert_rows (users, "anna bo");
  g_assert_true (accepts (users, "anna", "a"));
}

static void
test_another_realm (void)
{
  const char *none[] = { NULL };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThUserList) users = open_users (folder);
  g_autofree char *anna = add (users, "anna", "a"), *bo = NULL;
  g_autoptr (ThUserEntry) row = g_list_model_get_item (G_LIST_MODEL (users), 0);
  g_autoptr (GError) error = NULL;

  g_assert_true (th_user_entry_is_usable (row));
  g_assert_true (th_user_list_set_configured (users, "elsewhere", none, NULL));
  g_assert_false (th_user_entry_is_usable (row));
  g_assert_cmpstr (th_user_entry_get_realm (row), ==, REALM);
  g_assert_false (accepts (users, "anna", "a"));
  g_assert_null (try_add (users, "anna", "b", &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
  g_assert_nonnull (strstr (error->message, REALM));

  bo = add (users, "bo", "b");
  assert_rows (users, "(anna) bo");
  g_assert_true (accepts (users, "bo", "b"));
  g_assert_true (th_user_list_set_configured (users, REALM, none, NULL));
  assert_rows (users, "anna (bo)");
  g_assert_true (accepts (users, "anna", "a"));
}

/* RFC 8265: other blanks are spaces, and letters are composed. */
static void
test_prepared (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThUserList) users = open_users (folder);
  g_autofree char *password = add (users, "zoe\xcc\x88", "a\xc2\xa0""b");

  assert_rows (users, "zo\xc3\xab");
  g_assert_true (accepts (users, "zo\xc3\xab", "a b"));
  g_assert_null (try_add (users, "zo\xc3\xab", "x", NULL));
  g_assert_true (try_remove (users, "zo\xc3\xab", NULL));
}

static void
test_not_allowed (void)
{
  g_autofree char *longest = g_strnfill (127, 'n'), *too_long = g_strnfill (128, 'n');
  const char *bad[][2] = {
    { "", "hidden" },         { too_long, "hidden" }, { "a:b", "hidden" },  { "a\nb", "hidden" },
    { "a\x7f""b", "hidden" }, { "\xff", "hidden" },   { "anna", "" },       { "anna", "hid\nden" },
    { "anna", "hid\xff" },
  };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThUserList) users = open_users (folder);
  g_autofree char *password = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (try_add (users, bad[i][0], bad[i][1], &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
      g_assert_null (strstr (error->message, "hid"));
    }
  password = add (users, longest, "x");
  assert_rows (users, longest);
}

static void
on_changed (ThUserList *users, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_changes_are_told (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThUserList) users = open_users (folder);
  g_autofree char *password = NULL;
  guint count = 0;

  g_signal_connect (users, "changed", G_CALLBACK (on_changed), &count);
  password = add (users, "anna", "a");
  g_assert_cmpuint (count, ==, 1);
  g_assert_null (try_add (users, "anna", "a", NULL));
  g_assert_cmpuint (count, ==, 1);
  g_assert_true (try_remove (users, "anna", NULL));
  g_assert_cmpuint (count, ==, 2);
}

#define HASH "0f36e800c1ec7e445f93a782722359063a144ffe838f717179885cb6b48204fa"
#define MD5 "\"md5\":\"a9412e70d1c10a551bc6a3ff5edb8405\""
#define SHA256 "\"sha256\":\"b661f12858e1bc73d19aeb44dd861d922041e76a43f6f09a081007e92ba5984d\""
#define USER(name, realm, hash, keys)                                                              \
  "{\"name\":" name ",\"realm\":" realm ",\"created\":1,\"userhash\":\"" hash "\"" keys "}"
#define ANNA USER ("\"anna\"", "\"turnhouse\"", HASH, "," MD5 "," SHA256)
#define FILE_OF(users) "{\"version\":1,\"users\":[" users "]}"

static void
test_file_by_hand (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThUserList) users = NULL;

  test_folder_write (folder, "users.json", FILE_OF (ANNA), 0600);
  users = open_users (folder);
  g_assert_true (accepts (users, "anna", "north:star"));
}

/* Where the system forbade a hash, that key is not there, and the other still counts. */
static void
test_file_without_md5 (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThUserList) users = NULL;
  const ThUser *user;

  test_folder_write (folder, "users.json",
                     FILE_OF (USER ("\"anna\"", "\"turnhouse\"", HASH, "," SHA256)), 0600);
  users = open_users (folder);
  user = th_users_get (th_user_list_get_users (users), 0);
  g_assert_cmpuint (user->md5_length, ==, 0);
  g_assert_cmpuint (user->sha256_length, ==, 32);
}

static void
test_damaged (void)
{
  static const char *const bad[] = {
    "{}",
    FILE_OF ("{}"),
    FILE_OF ("[]"),
    FILE_OF (ANNA "," ANNA),
    FILE_OF (USER ("\"bo\"", "\"turnhouse\"", HASH, "," MD5 "," SHA256)), /* another's hash */
    FILE_OF (USER ("\"anna\"", "\"elsewhere\"", HASH, "," MD5 "," SHA256)),
    FILE_OF (USER ("\"anna\"", "\"turnhouse\"", "", "," MD5 "," SHA256)),
    FILE_OF (USER ("\"anna\"", "\"turnhouse\"", HASH, ",\"md5\":\"\"")),
    FILE_OF (USER ("\"anna\"", "\"turnhouse\"", HASH, ",\"sha256\":\"ab\"")),
    FILE_OF (USER ("\"anna\"", "\"turnhouse\"", HASH, ",\"md5\":1")),
    FILE_OF (USER ("\"anna\"", "\"\"", HASH, "," MD5)),
    FILE_OF (USER ("\"\"", "\"turnhouse\"", HASH, "," MD5)),
    FILE_OF (USER ("\"a:b\"", "\"turnhouse\"", HASH, "," MD5)),
    FILE_OF (USER ("null", "\"turnhouse\"", HASH, "," MD5)),
    FILE_OF (USER ("\"anna\"", "7", HASH, "," MD5)),
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (ThUserList) fresh = NULL;

      test_folder_write (folder, "users.json", bad[i], 0600);
      g_test_message ("row %u", i);
      g_assert_null (th_user_list_open (folder, REALM, &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED);
      g_assert_nonnull (strstr (error->message, "users.json.damaged-"));
      fresh = open_users (folder);
      assert_rows (fresh, "");
    }
}

/* (transfer full): of that many users, whose names are as long as can be */
static char *
print_users (const char *realm, guint count)
{
  g_autofree char *rest = g_strnfill (124, '"');
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gsize length;

  json_builder_begin_object (builder);
  th_json_add_number (builder, "version", 1);
  json_builder_set_member_name (builder, "users");
  json_builder_begin_array (builder);
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *name = g_strdup_printf ("%03u%s", i, rest);
      ThUserRecord record = { .realm = (char *) realm, .created = 1700000000 };

      g_assert_true (th_user_make (&record.user, realm, name, "x", NULL));
      json_builder_begin_object (builder);
      th_user_record_form.print (builder, &record);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return th_kept_json_print (json_builder_get_root (builder), &length);
}

/* As many users as there can be, with names as long, for a long realm, fit the file. */
static void
test_fullest_file (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *realm = g_strnfill (255, 'r');
  g_autofree char *json = print_users (realm, TH_USERS_KEPT_MAX - 1);
  g_autofree char *longest = g_strnfill (127, 'n'), *password = NULL;
  g_autoptr (ThUserList) users = NULL;
  g_autoptr (GError) error = NULL;

  test_folder_write (folder, "users.json", json, 0600);
  users = th_user_list_open (folder, realm, &error);
  g_assert_no_error (error);
  password = add (users, longest, NULL);
  g_assert_true (accepts (users, longest, password));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (users)), ==, TH_USERS_KEPT_MAX);
  g_assert_null (try_add (users, "one-more", NULL, &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
}

/* What the ring is given is what it accepts. */
static void
test_in_the_ring (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThUserList) users = open_users (folder);
  g_autoptr (ThSecretRing) ring = th_secret_ring_open (folder, NULL, NULL);
  g_autofree char *password = add (users, "anna", NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ThTurnAuthenticator) authenticator = NULL;
      ThTurnClaim claim = { .username = "anna", .username_length = 4, .realm = REALM };
      ThTurnKey keys[TH_TURN_KEYS_MAX];
      guint count;

      th_secret_ring_set_users (ring, th_user_list_get_users (users));
      authenticator = th_secret_ring_get_authenticator (ring);
      count = authenticator->find_keys (authenticator, &claim, keys, TH_TURN_KEYS_MAX);
      g_assert_true ((count > 0 && keys[0].secret == 0) == (i == 0));
      if (i == 0)
        g_assert_true (try_remove (users, "anna", NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/credentials/user-list/" name, function)
  ADD ("kept-over-restarts", test_kept_over_restarts);
  ADD ("generated-passwords", test_generated_passwords);
  ADD ("removed", test_removed);
  ADD ("configured", test_configured);
  ADD ("another-realm", test_another_realm);
  ADD ("prepared", test_prepared);
  ADD ("not-allowed", test_not_allowed);
  ADD ("changes-are-told", test_changes_are_told);
  ADD ("file-by-hand", test_file_by_hand);
  ADD ("file-without-md5", test_file_without_md5);
  ADD ("damaged", test_damaged);
  ADD ("fullest-file", test_fullest_file);
  ADD ("in-the-ring", test_in_the_ring);
#undef ADD
  return g_test_run ();
}
