/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Settings behind GSettings, as the panel has them: the schema that the build makes, writing,
 * following, and what does not belong there.
 */
#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>

#include "folder.h"
#include "settings/settings.h"
#include "settings/variant.h"

/* A GSettings with a memory of its own, so that tests do not see each other's values. */
static GSettings *
make_gsettings (void)
{
  g_autoptr (GSettingsBackend) backend = g_memory_settings_backend_new ();

  return g_settings_new_with_backend (TH_APPLICATION_ID, backend);
}

static ThSettings *
make_settings (GSettings *gsettings)
{
  g_autoptr (GError) error = NULL;
  ThSettings *settings = th_settings_new_from_gsettings (gsettings, &error);

  g_assert_no_error (error);
  return settings;
}

static void
on_settings_changed (ThSettings *settings, guint *count)
{
  (*count)++;
}

static void
test_defaults_agree (void)
{
  g_autoptr (GSettings) gsettings = make_gsettings ();
  g_autoptr (ThSettings) settings = make_settings (gsettings);
  g_autoptr (ThSettings) plain = th_settings_new ();

  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      g_assert_cmpstr (th_settings_get_string (settings, i), ==,
                       th_settings_get_string (plain, i));
      g_assert_false (th_settings_is_set (settings, i));
    }
}

static void
test_schema_holds_no_secrets (void)
{
  g_autoptr (GSettings) gsettings = make_gsettings ();
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;

  g_object_get (gsettings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      const ThSettingRow *row = th_setting_get_row (i);

      g_assert_cmpint (g_strv_contains ((const char *const *) keys, row->name), ==, !row->secret);
    }
  g_assert_cmpstr (g_settings_schema_get_path (schema), ==, "/io/github/turnhouse/Turnhouse/");
}

static gboolean
fits (const char *name, GVariant *value)
{
  g_autoptr (GSettings) gsettings = make_gsettings ();
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettingsSchemaKey) key = NULL;
  g_autoptr (GVariant) variant = g_variant_ref_sink (value);

  g_object_get (gsettings, "settings-schema", &schema, NULL);
  key = g_settings_schema_get_key (schema, name);
  return g_settings_schema_key_range_check (key, variant);
}

static gboolean
is_in_range (const char *name, int value)
{
  return fits (name, g_variant_new_int32 (value));
}

static gboolean
is_choice (const char *name, const char *value)
{
  return fits (name, g_variant_new_string (value));
}

static void
test_schema_ranges (void)
{
  g_assert_true (is_in_range ("relay-port", 0));
  g_assert_true (is_in_range ("relay-port", 65535));
  g_assert_false (is_in_range ("relay-port", 65536));
  g_assert_false (is_in_range ("relay-port", -1));
  g_assert_true (is_in_range ("relay-tls-port", 0));
  g_assert_true (is_in_range ("relay-tls-port", 5349));
  g_assert_false (is_in_range ("relay-tls-port", 65536));
  g_assert_false (is_in_range ("limits-permissions", 0));
  g_assert_true (is_choice ("credentials-rotate", "never"));
  g_assert_true (is_choice ("credentials-rotate", "monthly"));
  g_assert_false (is_choice ("credentials-rotate", "yearly"));
  g_assert_false (is_choice ("credentials-rotate", ""));
}

static void
test_round_trip (void)
{
  static const struct
  {
    ThSetting setting;
    const char *text;
  } values[] = {
    { TH_SETTING_RELAY_PORT, "443" },
    { TH_SETTING_RELAY_WORKERS, "3" },
    { TH_SETTING_RELAY_REALM, "a, b; c" },
    { TH_SETTING_RELAY_ALLOW_LAN_PEERS, "true" },
    { TH_SETTING_RELAY_LISTEN, "192.0.2.1,::1" },
    { TH_SETTING_RELAY_EXTERNAL_ADDRESS, "192.0.2.1/10.0.0.1" },
    { TH_SETTING_RELAY_EXTRA_UDP_PORTS, "443,53" },
    { TH_SETTING_ENDPOINT_FALLBACK_STUN, "" },
    { TH_SETTING_ENDPOINT_CORS_ORIGINS, "*" },
    { TH_SETTING_CREDENTIALS_ROTATE, "weekly" },
  };
  g_autoptr (GSettings) gsettings = make_gsettings ();
  g_autoptr (ThSettings) writer = make_settings (gsettings);
  g_autoptr (ThSettings) reader = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GError) error = NULL;

      th_settings_set_text (writer, values[i].setting, values[i].text, &error);
      g_assert_no_error (error);
    }
  reader = make_settings (gsettings);
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      g_assert_cmpstr (th_settings_get_string (reader, i), ==, th_settings_get_string (writer, i));
      g_assert_cmpint (th_settings_is_set (reader, i), ==, th_settings_is_set (writer, i));
    }
  g_assert_cmpint (g_settings_get_int (gsettings, "relay-port"), ==, 443);
  g_assert_cmpstr (th_settings_get_string (reader, TH_SETTING_RELAY_REALM), ==, "a, b; c");
}

static void
test_own_change_is_told_once (void)
{
  g_autoptr (GSettings) gsettings = make_gsettings ();
  g_autoptr (ThSettings) settings = make_settings (gsettings);
  guint count = 0;

  g_signal_connect (settings, "changed", G_CALLBACK (on_settings_changed), &count);
  th_settings_set_text (settings, TH_SETTING_RELAY_PORT, "443", NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (count, ==, 1);
}

static void
test_follows_changes_from_outside (void)
{
  g_autoptr (GSettings) gsettings = make_gsettings ();
  g_autoptr (ThSettings) settings = make_settings (gsettings);
  guint count = 0;

  g_signal_connect (settings, "changed::relay-port", G_CALLBACK (on_settings_changed), &count);
  g_settings_set_int (gsettings, "relay-port", 444);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (th_settings_get_integer (settings, TH_SETTING_RELAY_PORT), ==, 444);
  g_assert_true (th_settings_is_set (settings, TH_SETTING_RELAY_PORT));
  g_settings_reset (gsettings, "relay-port");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (th_settings_get_integer (settings, TH_SETTING_RELAY_PORT), ==, 3478);
  g_assert_false (th_settings_is_set (settings, TH_SETTING_RELAY_PORT));
  g_assert_cmpuint (count, ==, 2);
}

static void
test_bad_value_from_outside (void)
{
  g_autoptr (GSettings) gsettings = make_gsettings ();
  g_autoptr (ThSettings) settings = make_settings (gsettings);

  th_settings_set_text (settings, TH_SETTING_RELAY_REALM, "home", NULL);
  g_test_expect_message ("turnhouse-settings", G_LOG_LEVEL_WARNING,
                         "A setting kept by GSettings is passed over: *realm*");
  g_settings_set_string (gsettings, "relay-realm", "a\"b");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_test_assert_expected_messages ();
  g_assert_cmpstr (th_settings_get_string (settings, TH_SETTING_RELAY_REALM), ==, "home");
}

static void
test_bad_value_to_set (void)
{
  g_autoptr (GSettings) gsettings = make_gsettings ();
  g_autoptr (ThSettings) settings = make_settings (gsettings);
  g_autoptr (GError) error = NULL;

  g_assert_false (th_settings_set_text (settings, TH_SETTING_RELAY_PORT, "x", &error));
  g_assert_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_VALUE);
  g_assert_cmpint (g_settings_get_int (gsettings, "relay-port"), ==, 3478);
}

static void
test_secrets_stay_here (void)
{
  g_autoptr (GSettings) gsettings = make_gsettings ();
  g_autoptr (ThSettings) settings = make_settings (gsettings);
  g_autoptr (ThSettings) other = NULL;

  g_assert_true (th_settings_set_text (settings, TH_SETTING_CREDENTIALS_SECRET, "north", NULL));
  g_assert_cmpstr (th_settings_get_string (settings, TH_SETTING_CREDENTIALS_SECRET), ==, "north");
  other = make_settings (gsettings);
  g_assert_cmpstr (th_settings_get_string (other, TH_SETTING_CREDENTIALS_SECRET), ==, "");
}

static void
test_opens_its_own (void)
{
  g_autoptr (ThSettings) settings = make_settings (NULL);

  g_assert_cmpint (th_settings_get_integer (settings, TH_SETTING_RELAY_PORT), ==, 3478);
}

static void
test_listener_outlives_the_settings (void)
{
  g_autoptr (GSettings) gsettings = make_gsettings ();
  ThSettings *settings = make_settings (gsettings);

  g_object_unref (settings);
  g_settings_set_int (gsettings, "relay-port", 444);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (g_settings_get_int (gsettings, "relay-port"), ==, 444);
}

static void
test_reset (void)
{
  g_autoptr (GSettings) gsettings = make_gsettings ();
  g_autoptr (ThSettings) settings = make_settings (gsettings);
  g_autoptr (GError) error = NULL;
  guint count = 0;

  g_assert_true (th_settings_is_default (settings, TH_SETTING_RELAY_PORT));
  g_assert_true (th_settings_is_writable (settings, TH_SETTING_RELAY_PORT));
  th_settings_set_text (settings, TH_SETTING_RELAY_PORT, "443", NULL);
  g_assert_false (th_settings_is_default (settings, TH_SETTING_RELAY_PORT));

  g_signal_connect (settings, "changed::relay-port", G_CALLBACK (on_settings_changed), &count);
  g_assert_true (th_settings_reset (settings, TH_SETTING_RELAY_PORT, &error));
  g_assert_no_error (error);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpint (th_settings_get_integer (settings, TH_SETTING_RELAY_PORT), ==, 3478);
  g_assert_true (th_settings_is_default (settings, TH_SETTING_RELAY_PORT));
  g_assert_false (th_settings_is_set (settings, TH_SETTING_RELAY_PORT));
}

static void
test_reset_in_memory (void)
{
  g_autoptr (GSettings) gsettings = make_gsettings ();
  g_autoptr (ThSettings) settings = make_settings (gsettings);
  g_autoptr (ThSettings) plain = th_settings_new ();

  th_settings_set_text (settings, TH_SETTING_CREDENTIALS_SECRET, "north", NULL);
  g_assert_false (th_settings_is_default (settings, TH_SETTING_CREDENTIALS_SECRET));
  g_assert_true (th_settings_reset (settings, TH_SETTING_CREDENTIALS_SECRET, NULL));
  g_assert_cmpstr (th_settings_get_string (settings, TH_SETTING_CREDENTIALS_SECRET), ==, "");

  th_settings_set_text (plain, TH_SETTING_RELAY_REALM, "home", NULL);
  g_assert_true (th_settings_reset (plain, TH_SETTING_RELAY_REALM, NULL));
  g_assert_cmpstr (th_settings_get_string (plain, TH_SETTING_RELAY_REALM), ==, "turnhouse");
}

/* A GSettings in which the administrator locked the realm. */
static GSettings *
make_locked_gsettings (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "user", NULL);
  g_autoptr (GSettingsBackend) first = g_keyfile_settings_backend_new (path, "/", NULL);
  g_autoptr (GSettingsBackend) backend = NULL;

  test_folder_write (folder, "locks", "/io/github/turnhouse/Turnhouse/relay-realm\n", 0644);
  /* Only by its type can it be told where the administrator's files are. */
  backend = g_object_new (G_OBJECT_TYPE (first), "filename", path, "root-path", "/",
                          "defaults-dir", folder, NULL);
  return g_settings_new_with_backend (TH_APPLICATION_ID, backend);
}

static void
test_what_is_locked_stays (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GSettings) gsettings = make_locked_gsettings (folder);
  g_autoptr (ThSettings) settings = make_settings (gsettings);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) reset_error = NULL;

  g_assert_true (th_settings_is_writable (settings, TH_SETTING_RELAY_PORT));
  g_assert_false (th_settings_is_writable (settings, TH_SETTING_RELAY_REALM));
  g_assert_false (th_settings_set_text (settings, TH_SETTING_RELAY_REALM, "home", &error));
  g_assert_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_VALUE);
  g_assert_false (th_settings_reset (settings, TH_SETTING_RELAY_REALM, &reset_error));
  g_assert_error (reset_error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_VALUE);
  g_assert_cmpstr (th_settings_get_string (settings, TH_SETTING_RELAY_REALM), ==, "turnhouse");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/gsettings/defaults-agree", test_defaults_agree);
  g_test_add_func ("/settings/gsettings/schema-holds-no-secrets", test_schema_holds_no_secrets);
  g_test_add_func ("/settings/gsettings/schema-ranges", test_schema_ranges);
  g_test_add_func ("/settings/gsettings/round-trip", test_round_trip);
  g_test_add_func ("/settings/gsettings/own-change-is-told-once", test_own_change_is_told_once);
  g_test_add_func ("/settings/gsettings/follows-changes-from-outside",
                   test_follows_changes_from_outside);
  g_test_add_func ("/settings/gsettings/bad-value-from-outside", test_bad_value_from_outside);
  g_test_add_func ("/settings/gsettings/bad-value-to-set", test_bad_value_to_set);
  g_test_add_func ("/settings/gsettings/secrets-stay-here", test_secrets_stay_here);
  g_test_add_func ("/settings/gsettings/opens-its-own", test_opens_its_own);
  g_test_add_func ("/settings/gsettings/outlives-the-settings",
                   test_listener_outlives_the_settings);
  g_test_add_func ("/settings/gsettings/reset", test_reset);
  g_test_add_func ("/settings/gsettings/reset-in-memory", test_reset_in_memory);
  g_test_add_func ("/settings/gsettings/what-is-locked-stays", test_what_is_locked_stays);
  return g_test_run ();
}
