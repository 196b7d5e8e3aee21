/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Settings from real files: ones that cannot be read, ones that everyone can read, taking over, and
 * the files that a configuration names for its secrets.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "folder.h"
#include "settings/settings.h"

/* Writes the file and reads settings from it; (transfer full) (nullable) */
static ThSettings *
load_file (const char *folder, const char *name, const char *text, int mode, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  test_folder_write (folder, name, text, mode);
  return th_settings_new_from_file (path, error);
}

static ThSettings *
load (const char *folder, const char *text)
{
  g_autoptr (GError) error = NULL;
  ThSettings *settings = load_file (folder, "t.conf", text, 0600, &error);

  g_assert_no_error (error);
  return settings;
}

static void
test_unreadable (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "none.conf", NULL);
  g_autofree char *message =
      g_strdup_printf ("%s: cannot be read: No such file or directory", path);
  g_autoptr (GError) absent = NULL, a_folder = NULL;

  g_assert_null (th_settings_new_from_file (path, &absent));
  g_assert_error (absent, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_READ);
  g_assert_cmpstr (absent->message, ==, message);

  g_assert_null (th_settings_new_from_file (folder, &a_folder));
  g_assert_error (a_folder, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_READ);
}

static void
test_errors_name_the_file (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (load_file (folder, "odd\nname.conf", "[relay]\nport=x\n", 0600, &error));
  g_assert_nonnull (strstr (error->message, "odd?name.conf:2: [relay] port: \"x\""));
}

static void
test_endless (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (th_settings_new_from_file ("/dev/zero", &error));
  g_assert_cmpstr (error->message, ==, "/dev/zero: cannot be read: File too large");
}

static void
test_warns_if_all_may_read_a_secret (void)
{
  static const char secret[] = "[credentials]\nsecret=s\n";
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSettings) open = NULL, closed = NULL, without = NULL;

  g_test_expect_message ("turnhouse-settings", G_LOG_LEVEL_WARNING, "*open.conf holds secrets*");
  open = load_file (folder, "open.conf", secret, 0644, NULL);
  g_test_assert_expected_messages ();
  g_assert_nonnull (open);
  /* Any warning more would end the test. */
  closed = load_file (folder, "closed.conf", secret, 0640, NULL);
  g_assert_nonnull (closed);
  without = load_file (folder, "without.conf", "[relay]\nport=1\n", 0644, NULL);
  g_assert_nonnull (without);
}

static void
on_settings_changed (ThSettings *settings, guint *count)
{
  (*count)++;
}

static void
test_adopt_tells_what_changed (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSettings) settings = load (folder, "[relay]\nport=1\nrealm=r\n");
  guint of_port = 0, of_all = 0;

  g_signal_connect (settings, "changed::relay-port", G_CALLBACK (on_settings_changed), &of_port);
  g_signal_connect (settings, "changed", G_CALLBACK (on_settings_changed), &of_all);
  th_settings_adopt (settings, load (folder, "[relay]\nport=2\n"));
  g_assert_cmpint (th_settings_get_integer (settings, TH_SETTING_RELAY_PORT), ==, 2);
  g_assert_cmpstr (th_settings_get_string (settings, TH_SETTING_RELAY_REALM), ==, "turnhouse");
  g_assert_false (th_settings_is_set (settings, TH_SETTING_RELAY_REALM));
  g_assert_cmpuint (of_port, ==, 1);
  g_assert_cmpuint (of_all, ==, 2);
}

static void
on_port_changed (ThSettings *settings, gboolean *all_in_place)
{
  *all_in_place = th_settings_get_integer (settings, TH_SETTING_ENDPOINT_PORT) == 20;
}

static void
test_adopt_tells_when_all_is_in_place (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSettings) settings = load (folder, "[relay]\nport=1\n[endpoint]\nport=10\n");
  gboolean all_in_place = FALSE;

  g_signal_connect (settings, "changed::relay-port", G_CALLBACK (on_port_changed), &all_in_place);
  th_settings_adopt (settings, load (folder, "[relay]\nport=2\n[endpoint]\nport=20\n"));
  g_assert_true (all_in_place);
}

/* What was read apart is taken over whole, with the folder that names of files start from. */
static void
test_adopt (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (TestFolder) elsewhere = test_folder_new ();
  g_autoptr (ThSettings) settings = load (folder, "[relay]\nport=1\nrealm=r\n");
  guint of_all = 0;

  g_signal_connect (settings, "changed", G_CALLBACK (on_settings_changed), &of_all);
  test_folder_write (elsewhere, "s", "south", 0600);
  th_settings_adopt (settings, load (elsewhere, "[relay]\nport=1\n[credentials]\nsecret-file=s\n"));
  g_assert_cmpuint (of_all, ==, 2); /* realm and secret-file */
  g_assert_true (th_settings_is_set (settings, TH_SETTING_RELAY_PORT));
  g_assert_false (th_settings_is_set (settings, TH_SETTING_RELAY_REALM));
  g_autofree char *secret = NULL;
  g_assert_true (th_settings_read_secret (settings, TH_SETTING_CREDENTIALS_SECRET, &secret, NULL));
  g_assert_cmpstr (secret, ==, "south");
}

static void
test_secret_from_value (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSettings) settings = load (folder, "[credentials]\nsecret=north\n");
  g_autoptr (ThSettings) without = th_settings_new ();
  g_autofree char *secret = NULL, *none = NULL;

  g_assert_true (th_settings_read_secret (settings, TH_SETTING_CREDENTIALS_SECRET, &secret, NULL));
  g_assert_cmpstr (secret, ==, "north");
  g_assert_true (th_settings_read_secret (without, TH_SETTING_CREDENTIALS_SECRET, &none, NULL));
  g_assert_null (none);
}

static void
test_secret_from_file (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "s", NULL);
  g_autoptr (ThSettings) settings = load (folder, "[credentials]\nsecret-file=s\n");
  g_autofree char *relative = NULL, *absolute = NULL;
  g_autoptr (GError) error = NULL;

  test_folder_write (folder, "s", " north \n\n", 0600);
  g_assert_true (
      th_settings_read_secret (settings, TH_SETTING_CREDENTIALS_SECRET, &relative, &error));
  g_assert_cmpstr (relative, ==, "north");
  th_settings_set_text (settings, TH_SETTING_CREDENTIALS_SECRET_FILE, path, NULL);
  g_assert_true (
      th_settings_read_secret (settings, TH_SETTING_CREDENTIALS_SECRET, &absolute, &error));
  g_assert_cmpstr (absolute, ==, "north");
  g_assert_no_error (error);
}

static void
test_api_secret_from_file (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSettings) settings =
      load (folder, "[credentials]\nsecret=north\napi-key=APIhome\napi-secret-file=s\n");
  g_autofree char *key = NULL, *secret = NULL;

  test_folder_write (folder, "s", "star\n", 0600);
  g_assert_true (
      th_settings_read_secret (settings, TH_SETTING_CREDENTIALS_API_KEY, &key, NULL));
  g_assert_cmpstr (key, ==, "APIhome");
  g_assert_true (
      th_settings_read_secret (settings, TH_SETTING_CREDENTIALS_API_SECRET, &secret, NULL));
  g_assert_cmpstr (secret, ==, "star");
}

static void
test_bad_secret_files (void)
{
  static const struct
  {
    const char *text, *message;
  } bad[] = {
    { "", "s:1: no secret; allowed: one line of 1 to 1024 bytes without control characters" },
    { "two\nlines", "s:1: no secret; allowed: one line of 1 to 1024 bytes without control "
                    "characters" },
    { "\xff\xfe", "s:1: not text; allowed: UTF-8 without NUL bytes" },
  };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSettings) settings = load (folder, "[credentials]\nsecret-file=s\n");
  g_autofree char *secret = NULL, *huge = g_strnfill (64 * 1024 + 1, 's');
  g_autoptr (GError) absent = NULL, too_large = NULL;

  g_assert_false (th_settings_read_secret (settings, TH_SETTING_CREDENTIALS_SECRET, &secret, &absent));
  g_assert_error (absent, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_READ);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      test_folder_write (folder, "s", bad[i].text, 0600);
      g_assert_false (th_settings_read_secret (settings, TH_SETTING_CREDENTIALS_SECRET, &secret, &error));
      g_assert_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_VALUE);
      g_assert_true (g_str_has_suffix (error->message, bad[i].message));
      g_assert_null (secret);
    }

  test_folder_write (folder, "s", huge, 0600);
  g_assert_false (th_settings_read_secret (settings, TH_SETTING_CREDENTIALS_SECRET, &secret, &too_large));
  g_assert_error (too_large, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_READ);
}

static void
test_open_secret_file_warns (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSettings) settings = load (folder, "[credentials]\nsecret-file=s\n");
  g_autofree char *secret = NULL;

  test_folder_write (folder, "s", "north", 0644);
  g_test_expect_message ("turnhouse-settings", G_LOG_LEVEL_WARNING, "*/s holds secrets*");
  g_assert_true (th_settings_read_secret (settings, TH_SETTING_CREDENTIALS_SECRET, &secret, NULL));
  g_test_assert_expected_messages ();
}

static void
test_pairs_from_file (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSettings) settings =
      load (folder, "[credentials]\nusers-file=u\n[endpoint]\ntokens=app:t\n");
  g_auto (GStrv) users = NULL, tokens = NULL;
  g_autoptr (GError) error = NULL;

  test_folder_write (folder, "u", "\n# people\nanna:a,b;c\\d\r\n  bo:x:y\n", 0600);
  users = th_settings_read_pairs (settings, TH_SETTING_CREDENTIALS_USERS, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (users), ==, 2);
  g_assert_cmpstr (users[0], ==, "anna:a,b;c\\d");
  g_assert_cmpstr (users[1], ==, "bo:x:y");
  tokens = th_settings_read_pairs (settings, TH_SETTING_ENDPOINT_TOKENS, &error);
  g_assert_cmpuint (g_strv_length (tokens), ==, 1);
  g_assert_cmpstr (tokens[0], ==, "app:t");
}

static void
test_bad_pairs_in_file (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSettings) settings = load (folder, "[credentials]\nusers-file=u\n");
  g_autoptr (GError) error = NULL;

  test_folder_write (folder, "u", "\n#\nanna:x\nhidden\n", 0600);
  g_assert_null (th_settings_read_pairs (settings, TH_SETTING_CREDENTIALS_USERS, &error));
  g_assert_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_VALUE);
  g_assert_true (g_str_has_suffix (
      error->message, "u:4: not understood; allowed: NAME:PASSWORD pairs, one a line"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/file/unreadable", test_unreadable);
  g_test_add_func ("/settings/file/errors-name-the-file", test_errors_name_the_file);
  g_test_add_func ("/settings/file/endless", test_endless);
  g_test_add_func ("/settings/file/warns-if-all-may-read-a-secret",
                   test_warns_if_all_may_read_a_secret);
  g_test_add_func ("/settings/file/adopt-tells-what-changed", test_adopt_tells_what_changed);
  g_test_add_func ("/settings/file/adopt", test_adopt);
  g_test_add_func ("/settings/file/adopt-tells-when-all-is-in-place",
                   test_adopt_tells_when_all_is_in_place);
  g_test_add_func ("/settings/file/secret-from-value", test_secret_from_value);
  g_test_add_func ("/settings/file/secret-from-file", test_secret_from_file);
  g_test_add_func ("/settings/file/api-secret-from-file", test_api_secret_from_file);
  g_test_add_func ("/settings/file/bad-secret-files", test_bad_secret_files);
  g_test_add_func ("/settings/file/open-secret-file-warns", test_open_secret_file_warns);
  g_test_add_func ("/settings/file/pairs-from-file", test_pairs_from_file);
  g_test_add_func ("/settings/file/bad-pairs-in-file", test_bad_pairs_in_file);
  return g_test_run ();
}
