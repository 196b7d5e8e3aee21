/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GSettings, if its schema is installed: GLib ends a program that asks for one that is not.
 */
#include "panel/panel-settings.h"

ThSettings *
th_panel_settings_load (void)
{
  g_autoptr (GError) error = NULL;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source ? g_settings_schema_source_lookup (source, TH_APPLICATION_ID, TRUE) : NULL;
  if (!schema)
    {
      g_message ("The settings schema is not installed: all settings are at their defaults");
      return th_settings_new ();
    }

  g_autoptr (GSettings) gsettings = g_settings_new (TH_APPLICATION_ID);
  ThSettings *settings = th_settings_new_from_gsettings (gsettings, &error);
  if (settings)
    return settings;
  g_message ("The settings cannot be read, all are at their defaults: %s", error->message);
  return th_settings_new ();
}
