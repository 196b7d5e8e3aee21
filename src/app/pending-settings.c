/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compares texts: a setting that was changed and changed back waits for nothing.
 */
#include "app/pending-settings.h"

#include "app/relay-settings.h"

struct _ThPendingSettings {
  char *started_with[TH_N_SETTINGS]; /* NULL for those that need no restart */
};

ThPendingSettings *
th_pending_settings_new (ThSettings *settings)
{
  ThPendingSettings *self = g_new0 (ThPendingSettings, 1);

  for (guint i = 0; i < TH_N_SETTINGS; i++)
    if (th_relay_setting_needs_restart (i))
      self->started_with[i] = g_strdup (th_settings_get_string (settings, i));
  return self;
}

void
th_pending_settings_free (ThPendingSettings *self)
{
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    g_free (self->started_with[i]);
  g_free (self);
}

gboolean
th_pending_settings_has (ThPendingSettings *self, ThSettings *settings, ThSetting setting)
{
  g_return_val_if_fail (setting < TH_N_SETTINGS, FALSE);
  return self->started_with[setting] != NULL &&
         !g_str_equal (self->started_with[setting], th_settings_get_string (settings, setting));
}

gboolean
th_pending_settings_has_any (ThPendingSettings *self, ThSettings *settings)
{
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    if (th_pending_settings_has (self, settings, i))
      return TRUE;
  return FALSE;
}
