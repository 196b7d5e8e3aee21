/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands in the files that the configuration names in place of a value: secret-file,
 * users-file, tokens-file.
 */
#include "settings/settings-private.h"

#include <string.h>

#include "settings/check.h"
#include "settings/file.h"
#include "settings/wipe.h"

#define NAMED_FILE_SIZE_MAX (64 * 1024)

char *
th_settings_dup_path (ThSettings *self, ThSetting setting)
{
  const char *name = th_settings_get_string (self, setting);
  const char *configuration = th_settings_get_path (self);
  g_autofree char *folder = NULL;

  if (*name == '\0')
    return NULL;
  if (configuration == NULL)
    return g_canonicalize_filename (name, NULL);
  folder = g_path_get_dirname (configuration);
  return g_path_is_absolute (name) ? g_strdup (name) : g_build_filename (folder, name, NULL);
}

static void
set_value_error (const char *path, guint line, const char *what, GError **error)
{
  g_autofree char *name = th_display_path (path);

  g_set_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_VALUE, "%s:%u: %s", name, line, what);
}

static char *
read_text (const char *path, GError **error)
{
  gsize length = 0;
  gboolean open_to_all = FALSE;
  char *text = th_read_limited (path, NAMED_FILE_SIZE_MAX, &length, &open_to_all, error);

  if (text == NULL)
    return NULL;
  if (open_to_all)
    th_warn_about_open_file (path);
  if (!g_utf8_validate_len (text, length, NULL))
    {
      set_value_error (path, 1, "not text; allowed: UTF-8 without NUL bytes", error);
      explicit_bzero (text, length);
      g_clear_pointer (&text, g_free);
    }
  return text;
}

gboolean
th_settings_read_secret (ThSettings *self, ThSetting setting, char **secret, GError **error)
{
  const ThSettingRow *row = th_setting_get_row (setting);
  g_autofree char *allowed = th_setting_describe_allowed (row);
  g_autofree char *what = g_strdup_printf ("no secret; allowed: one line of %s", allowed);
  g_autofree char *path = NULL;
  ThSetting file;
  char *text;

  if (th_setting_find_file (setting, &file))
    path = th_settings_dup_path (self, file);
  *secret = NULL;
  if (path == NULL)
    {
      const char *given = th_settings_get_string (self, setting);
      *secret = *given != '\0' ? g_strdup (given) : NULL;
      return TRUE;
    }
  text = read_text (path, error);
  if (text == NULL)
    return FALSE;
  if (th_setting_check_text (row, g_strstrip (text)))
    {
      *secret = text;
      return TRUE;
    }
  set_value_error (path, 1, what, error);
  th_wipe_and_free (text);
  return FALSE;
}

/* (transfer full) (nullable): @text is written to */
static char **
read_pair_lines (const char *path, const ThSettingRow *row, char *text, GError **error)
{
  g_autoptr (GStrvBuilder) pairs = g_strv_builder_new ();
  g_autofree char *allowed = th_setting_describe_allowed (row);
  g_autofree char *what = g_strdup_printf ("not understood; allowed: %s, one a line", allowed);
  guint line_number = 0;
  char *line;

  while ((line = strsep (&text, "\n")) != NULL)
    {
      line_number++;
      g_strstrip (line);
      if (*line == '\0' || *line == '#')
        continue;
      if (!th_setting_check_text (row, line))
        {
          set_value_error (path, line_number, what, error);
          return NULL;
        }
      g_strv_builder_add (pairs, line);
    }
  return g_strv_builder_end (pairs);
}

char **
th_settings_read_pairs (ThSettings *self, ThSetting setting, GError **error)
{
  const ThSettingRow *row = th_setting_get_row (setting);
  g_autofree char *path = NULL;
  ThSetting file;
  char *text;
  gsize length;
  char **pairs;

  g_return_val_if_fail (TH_IS_SETTINGS (self) && setting < TH_N_SETTINGS, NULL);
  g_return_val_if_fail (row->type == TH_SETTING_TYPE_PAIR_LIST, NULL);

  if (th_setting_find_file (setting, &file))
    path = th_settings_dup_path (self, file);
  if (path == NULL)
    return g_strdupv ((char **) th_settings_get_list (self, setting));

  text = read_text (path, error);
  if (text == NULL)
    return NULL;
  length = strlen (text);
  pairs = read_pair_lines (path, row, text, error);
  explicit_bzero (text, length);
  g_free (text);
  return pairs;
}
