/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fresh copy of the settings is read and looked at whole, before the running ones take it over.
 */
#include "server/reload.h"

#include "app/credentials-setup.h"
#include "app/relay-settings.h"
#include "server/config-file.h"
#include "server/notify.h"

/* A pipe's contents were read by the start, and an empty file would reset everything. */
static gboolean
can_be_read_again (const char *config, GError **error)
{
  if (config == NULL || !g_file_test (config, G_FILE_TEST_EXISTS) ||
      g_file_test (config, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  g_set_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_READ,
               "%s: no regular file, which could be read again", config);
  return FALSE;
}

/* (transfer full) (nullable) */
static ThSettings *
load (const char *config, GError **error)
{
  g_autoptr (ThSettings) settings = NULL;

  if (can_be_read_again (config, error))
    settings = th_config_file_load (config, error);
  if (settings == NULL || !th_secret_settings_check (settings, error))
    return NULL;
  return g_steal_pointer (&settings);
}

static gboolean
differs (ThSettings *settings, ThSettings *fresh, ThSetting setting)
{
  return !g_str_equal (th_settings_get_string (settings, setting),
                       th_settings_get_string (fresh, setting));
}

/* Returns: (transfer full): "relay/port, relay/realm", or "" */
static char *
list_what_waits (ThSettings *settings, ThSettings *fresh)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      const ThSettingRow *row = th_setting_get_row (i);

      if (th_relay_setting_needs_restart (i) && differs (settings, fresh, i))
        g_string_append_printf (names, "%s%s/%s", names->len > 0 ? ", " : "", row->group, row->key);
    }
  return g_string_free (names, FALSE);
}

static void
take_over (ThEngine *engine, ThSettings *fresh)
{
  ThSettings *settings = th_engine_get_settings (engine);
  g_autofree char *waiting = list_what_waits (settings, fresh);

  th_settings_adopt (settings, fresh);
  th_engine_reread (engine);
  th_ice_runs_follow_setting (th_engine_get_ice_runs (engine), FALSE);
  g_message ("the configuration was read again");
  if (*waiting != '\0')
    g_message ("%s: takes effect after a restart", waiting);
}

void
th_reload (ThEngine *engine, const char *config)
{
  g_autofree char *reloading = g_strdup_printf ("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT,
                                                g_get_monotonic_time ());
  g_autoptr (GError) error = NULL;
  ThSettings *fresh;

  th_notify (reloading);
  fresh = load (config, &error);
  if (fresh != NULL)
    take_over (engine, fresh);
  else
    g_warning ("The configuration stays as it was. %s", error->message);
  th_notify ("READY=1");
}
