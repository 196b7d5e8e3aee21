/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the settings table as a key file that a person can read.
 */
#include "settings/sample.h"

#include <string.h>

static void
append_row (GString *sample, const ThSettingRow *row, const char *text)
{
  g_string_append_printf (sample, "\n# %s\n", row->help);
  if (text != NULL)
    g_string_append_printf (sample, "%s=%s\n", row->key, text);
  else
    g_string_append_printf (sample, "#%s=%s\n", row->key, row->fallback);
}

/* Large enough for all, so that a secret leaves no copy behind in a buffer that moved. */
static gsize
estimate_size (const ThSettingsSample *values)
{
  gsize size = 1024;

  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      const ThSettingRow *row = th_setting_get_row (i);
      size += strlen (row->help) + strlen (row->key) + strlen (row->fallback) + 16;
      size += values->text[i] != NULL ? strlen (values->text[i]) : 0;
    }
  return size;
}

char *
th_settings_make_sample (const ThSettingsSample *values)
{
  GString *sample = g_string_sized_new (estimate_size (values));
  const char *group = "";

  g_string_append (sample,
                   "# Turnhouse's configuration. A line that starts with # does not count: behind\n"
                   "# it stands what the setting is for, or its default. Lists are separated by\n"
                   "# commas.\n");
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      const ThSettingRow *row = th_setting_get_row (i);

      if (!g_str_equal (row->group, group))
        g_string_append_printf (sample, "\n[%s]\n", row->group);
      group = row->group;
      append_row (sample, row, values->text[i]);
    }
  return g_string_free (sample, FALSE);
}
