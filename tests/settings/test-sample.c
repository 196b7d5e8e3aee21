/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sample configuration: it says what the defaults are, and reads back as what went in.
 */
#include <string.h>

#include "settings/sample.h"
#include "settings/settings.h"

static ThSettings *
load (const char *text)
{
  g_autoptr (GError) error = NULL;
  ThSettings *settings = th_settings_new_from_data ("t.conf", text, strlen (text), &error);

  g_assert_no_error (error);
  return settings;
}

static void
test_reads_back_as_defaults (void)
{
  ThSettingsSample sample = { 0 };
  g_autofree char *text = th_settings_make_sample (&sample);
  g_autoptr (ThSettings) settings = load (text);
  g_autoptr (ThSettings) defaults = th_settings_new ();

  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      g_assert_cmpstr (th_settings_get_string (settings, i), ==,
                       th_settings_get_string (defaults, i));
      g_assert_false (th_settings_is_set (settings, i));
    }
}

static void
test_names_every_key (void)
{
  ThSettingsSample sample = { 0 };
  g_autofree char *text = th_settings_make_sample (&sample);

  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      const ThSettingRow *row = th_setting_get_row (i);
      g_autofree char *expected =
          g_strdup_printf ("\n# %s\n#%s=%s\n", row->help, row->key, row->fallback);

      g_assert_nonnull (strstr (text, expected));
    }
}

/* What stands behind the "#" is the default: taking the "#" away changes nothing. */
static void
test_defaults_uncommented (void)
{
  ThSettingsSample sample = { 0 };
  g_autoptr (ThSettings) settings = NULL;
  g_autoptr (ThSettings) defaults = th_settings_new ();
  g_autofree char *text = NULL;

  for (guint i = 0; i < TH_N_SETTINGS; i++)
    if (*th_setting_get_row (i)->fallback != '\0')
      sample.text[i] = th_setting_get_row (i)->fallback;
  text = th_settings_make_sample (&sample);
  settings = load (text);
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      g_assert_cmpstr (th_settings_get_string (settings, i), ==,
                       th_settings_get_string (defaults, i));
      g_assert_cmpint (th_settings_is_set (settings, i), ==, sample.text[i] != NULL);
    }
}

static void
test_given_values (void)
{
  ThSettingsSample sample = { .text = {
                                  [TH_SETTING_CREDENTIALS_SECRET] = "north",
                                  [TH_SETTING_RELAY_EXTERNAL_ADDRESS] = "192.0.2.1/10.0.0.1",
                              } };
  g_autofree char *text = th_settings_make_sample (&sample);
  g_autoptr (ThSettings) settings = load (text);

  g_assert_cmpstr (th_settings_get_string (settings, TH_SETTING_CREDENTIALS_SECRET), ==, "north");
  g_assert_cmpstr (th_settings_get_list (settings, TH_SETTING_RELAY_EXTERNAL_ADDRESS)[0], ==,
                   "192.0.2.1/10.0.0.1");
  g_assert_false (th_settings_is_set (settings, TH_SETTING_RELAY_PORT));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/sample/reads-back-as-defaults", test_reads_back_as_defaults);
  g_test_add_func ("/settings/sample/names-every-key", test_names_every_key);
  g_test_add_func ("/settings/sample/defaults-uncommented", test_defaults_uncommented);
  g_test_add_func ("/settings/sample/given-values", test_given_values);
  return g_test_run ();
}
