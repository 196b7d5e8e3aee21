/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes the reader of configurations: whatever the bytes are, it yields settings that read back
 * as themselves, or one line that says where and what is wrong.
 */
#include <string.h>

#include "fuzz.h"
#include "settings/settings.h"

static void
ignore_message (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
}

/* A group that stands twice is only a warning; tests would end with it. */
static void
silence_warnings (void)
{
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return;
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_handler ("turnhouse-settings", G_LOG_LEVEL_WARNING, ignore_message, NULL);
  g_once_init_leave (&done, 1);
}

/* A setting's text, put into another object, means the same there. */
static void
check_setting (ThSettings *settings, ThSettings *copy, ThSetting setting)
{
  const ThSettingRow *row = th_setting_get_row (setting);
  const char *text = th_settings_get_string (settings, setting);

  if (!th_settings_is_set (settings, setting) || !th_setting_row_is_list (row))
    return;
  g_assert_true (th_settings_set_text (copy, setting, text, NULL));
  g_assert_true (g_strv_equal (th_settings_get_list (settings, setting),
                               th_settings_get_list (copy, setting)));
}

static void
check_message (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (g_str_has_prefix (error->message, "f:"));
  g_assert_true (g_ascii_isdigit (error->message[2]));
  g_assert_null (strpbrk (error->message, "\r\n"));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThSettings) settings = NULL;
  g_autoptr (ThSettings) copy = th_settings_new ();

  silence_warnings ();
  settings = th_settings_new_from_data ("f", (const char *) data, size, &error);
  if (settings == NULL)
    check_message (error);
  else
    for (guint i = 0; i < TH_N_SETTINGS; i++)
      check_setting (settings, copy, i);
  return 0;
}
