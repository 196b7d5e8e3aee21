/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The object that holds all settings: where they come from, what they are now, who is told when
 * one changes.
 */
#include "settings/settings-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "settings/check.h"
#include "settings/file.h"
#include "settings/key-file.h"
#include "settings/load.h"
#include "settings/variant.h"

struct _ThSettings
{
  GObject parent_instance;
  ThSettingValue values[TH_N_SETTINGS];
  char *path;           /* of the key file, nullable */
  GSettings *gsettings; /* nullable */
};

G_DEFINE_FINAL_TYPE (ThSettings, th_settings, G_TYPE_OBJECT)

G_DEFINE_QUARK (th-settings-error-quark, th_settings_error)

enum
{
  CHANGED,
  WRITABLE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
init_values (ThSettingValue *values)
{
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    th_setting_value_parse_default (&values[i], th_setting_get_row (i));
}

static void
clear_values (ThSettingValue *values)
{
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    th_setting_value_clear (&values[i]);
}

/* Takes @value over. Returns whether it is another than before. */
static gboolean
replace_value (ThSettings *self, ThSetting setting, ThSettingValue *value)
{
  ThSettingValue *mine = &self->values[setting];

  if (th_setting_value_equal (mine, value))
    {
      mine->given = value->given; /* and what getters returned stays valid */
      th_setting_value_clear (value);
      return FALSE;
    }
  th_setting_value_clear (mine);
  *mine = *value;
  return TRUE;
}

static void
emit_changed (ThSettings *self, ThSetting setting)
{
  g_signal_emit (self, signals[CHANGED],
                 g_quark_from_static_string (th_setting_get_row (setting)->name));
}

static void
take_value (ThSettings *self, ThSetting setting, ThSettingValue *value)
{
  if (replace_value (self, setting, value))
    emit_changed (self, setting);
}

static gboolean
holds_secrets (const ThSettingValue *values)
{
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    if (th_setting_get_row (i)->secret && values[i].given)
      return TRUE;
  return FALSE;
}

static gboolean
load_file (ThSettingValue *values, const char *path, GError **error)
{
  gsize length = 0;
  gboolean open_to_all = FALSE;
  g_autofree char *name = th_display_path (path);
  g_autofree char *bytes =
      th_read_limited (path, TH_KEY_FILE_SIZE_MAX, &length, &open_to_all, error);
  gboolean loaded;

  if (bytes == NULL)
    return FALSE;
  loaded = th_settings_load (values, name, bytes, length, error);
  explicit_bzero (bytes, length);
  if (loaded && open_to_all && holds_secrets (values))
    th_warn_about_open_file (path);
  return loaded;
}

static void
read_from_gsettings (ThSettings *self, ThSetting setting)
{
  const ThSettingRow *row = th_setting_get_row (setting);
  g_autoptr (GVariant) variant = g_settings_get_value (self->gsettings, row->name);
  g_autoptr (GVariant) by_user = g_settings_get_user_value (self->gsettings, row->name);
  g_autofree char *text = th_setting_text_from_variant (row, variant);
  g_autoptr (GError) error = NULL;
  ThSettingValue value;

  if (!th_setting_value_parse (&value, row, text, &error))
    {
      g_warning ("A setting kept by GSettings is passed over: %s", error->message);
      return;
    }
  value.given = by_user != NULL;
  take_value (self, setting, &value);
}

static gboolean
refuse_locked (const ThSettingRow *row, GError **error)
{
  g_set_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_VALUE,
               "[%s] %s: %s", row->group, row->key,
               _("this setting is locked by the administrator"));
  return FALSE;
}

static gboolean
write_to_gsettings (ThSettings *self,
                    const ThSettingRow *row,
                    const ThSettingValue *value,
                    GError **error)
{
  if (g_settings_set_value (self->gsettings, row->name, th_setting_value_to_variant (value, row)))
    return TRUE;
  return refuse_locked (row, error);
}

/* Whether @row's value is kept by GSettings, not just in memory. */
static gboolean
is_in_gsettings (ThSettings *self, const ThSettingRow *row)
{
  return self->gsettings != NULL && th_setting_row_is_in_schema (row);
}

static gboolean
schema_fits (GSettingsSchema *schema)
{
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      const ThSettingRow *row = th_setting_get_row (i);
      g_autoptr (GSettingsSchemaKey) key = NULL;

      if (!th_setting_row_is_in_schema (row))
        continue;
      if (!g_settings_schema_has_key (schema, row->name))
        return FALSE;
      key = g_settings_schema_get_key (schema, row->name);
      if (!g_variant_type_equal (g_settings_schema_key_get_value_type (key),
                                 G_VARIANT_TYPE (th_setting_row_get_variant_type (row))))
        return FALSE;
    }
  return TRUE;
}

/* (transfer full) (nullable): our GSettings, once it is sure that our schema is behind it */
static GSettings *
open_gsettings (GSettings *given, GError **error)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (given != NULL)
    g_object_get (given, "settings-schema", &schema, NULL);
  else if (source != NULL)
    schema = g_settings_schema_source_lookup (source, TH_APPLICATION_ID, TRUE);

  if (schema == NULL || !schema_fits (schema))
    {
      g_set_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_READ,
                   _("The settings schema %s is not installed, or is of another version"),
                   TH_APPLICATION_ID);
      return NULL;
    }
  return given != NULL ? g_object_ref (given) : g_settings_new_full (schema, NULL, NULL);
}

static void
on_gsettings_changed (GSettings *gsettings, const char *name, ThSettings *self)
{
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      const ThSettingRow *row = th_setting_get_row (i);

      if (th_setting_row_is_in_schema (row) && g_str_equal (row->name, name))
        read_from_gsettings (self, i);
    }
}

static void
on_gsettings_writable_changed (GSettings *gsettings, const char *name, ThSettings *self)
{
  g_signal_emit (self, signals[WRITABLE_CHANGED], g_quark_from_string (name));
}

static void
th_settings_finalize (GObject *object)
{
  ThSettings *self = TH_SETTINGS (object);

  if (self->gsettings != NULL)
    g_signal_handlers_disconnect_by_data (self->gsettings, self);
  g_clear_object (&self->gsettings);
  g_free (self->path);
  clear_values (self->values);
  G_OBJECT_CLASS (th_settings_parent_class)->finalize (object);
}

static void
th_settings_class_init (ThSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = th_settings_finalize;

  signals[CHANGED] = g_signal_new ("changed", TH_TYPE_SETTINGS,
                                   G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[WRITABLE_CHANGED] = g_signal_new ("writable-changed", TH_TYPE_SETTINGS,
                                            G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL,
                                            NULL, G_TYPE_NONE, 0);
}

static void
th_settings_init (ThSettings *self)
{
  init_values (self->values);
}

ThSettings *
th_settings_new (void)
{
  return g_object_new (TH_TYPE_SETTINGS, NULL);
}

ThSettings *
th_settings_new_from_file (const char *path, GError **error)
{
  g_autoptr (ThSettings) self = th_settings_new ();

  if (!load_file (self->values, path, error))
    return NULL;
  self->path = g_strdup (path);
  return g_steal_pointer (&self);
}

ThSettings *
th_settings_new_from_data (const char *name, const char *bytes, gsize length, GError **error)
{
  g_autoptr (ThSettings) self = th_settings_new ();

  if (!th_settings_load (self->values, name, bytes, length, error))
    return NULL;
  self->path = g_strdup (name);
  return g_steal_pointer (&self);
}

ThSettings *
th_settings_new_from_gsettings (GSettings *gsettings, GError **error)
{
  g_autoptr (ThSettings) self = th_settings_new ();

  self->gsettings = open_gsettings (gsettings, error);
  if (self->gsettings == NULL)
    return NULL;
  /* Reading every key first is what makes GSettings tell of later changes. */
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    if (th_setting_row_is_in_schema (th_setting_get_row (i)))
      read_from_gsettings (self, i);
  g_signal_connect (self->gsettings, "changed", G_CALLBACK (on_gsettings_changed), self);
  g_signal_connect (self->gsettings, "writable-changed",
                    G_CALLBACK (on_gsettings_writable_changed), self);
  return g_steal_pointer (&self);
}

const char *
th_settings_get_path (ThSettings *self)
{
  return self->path;
}

void
th_settings_adopt (ThSettings *self, ThSettings *other)
{
  gboolean changed[TH_N_SETTINGS];

  g_return_if_fail (TH_IS_SETTINGS (self) && TH_IS_SETTINGS (other));

  /* All are in place before the first is told of: who listens may look at others, too. */
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    changed[i] = replace_value (self, i, &other->values[i]);
  init_values (other->values); /* they were taken */
  g_free (self->path);
  self->path = g_steal_pointer (&other->path);
  g_object_unref (other);
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    if (changed[i])
      emit_changed (self, i);
}

gboolean
th_settings_get_boolean (ThSettings *self, ThSetting setting)
{
  return th_settings_get_integer (self, setting) != 0;
}

gint64
th_settings_get_integer (ThSettings *self, ThSetting setting)
{
  g_return_val_if_fail (TH_IS_SETTINGS (self) && setting < TH_N_SETTINGS, 0);
  return self->values[setting].integer;
}

const char *
th_settings_get_string (ThSettings *self, ThSetting setting)
{
  g_return_val_if_fail (TH_IS_SETTINGS (self) && setting < TH_N_SETTINGS, "");
  return self->values[setting].string;
}

const char *const *
th_settings_get_list (ThSettings *self, ThSetting setting)
{
  static const char *const nothing[] = { NULL };

  g_return_val_if_fail (TH_IS_SETTINGS (self) && setting < TH_N_SETTINGS, nothing);
  g_return_val_if_fail (th_setting_row_is_list (th_setting_get_row (setting)), nothing);
  return (const char *const *) self->values[setting].items;
}

void
th_settings_get_port_range (ThSettings *self, ThSetting setting, guint16 *first, guint16 *last)
{
  g_return_if_fail (TH_IS_SETTINGS (self) && setting < TH_N_SETTINGS);
  g_return_if_fail (th_setting_get_row (setting)->type == TH_SETTING_TYPE_PORT_RANGE);
  th_setting_check_port_range (self->values[setting].string, first, last);
}

gboolean
th_settings_is_set (ThSettings *self, ThSetting setting)
{
  g_return_val_if_fail (TH_IS_SETTINGS (self) && setting < TH_N_SETTINGS, FALSE);
  return self->values[setting].given;
}

gboolean
th_settings_set_text (ThSettings *self, ThSetting setting, const char *text, GError **error)
{
  const ThSettingRow *row = th_setting_get_row (setting);
  ThSettingValue value;

  g_return_val_if_fail (TH_IS_SETTINGS (self) && setting < TH_N_SETTINGS, FALSE);

  if (!th_setting_value_parse (&value, row, text, error))
    return FALSE;
  value.given = TRUE;
  if (is_in_gsettings (self, row) && !write_to_gsettings (self, row, &value, error))
    {
      th_setting_value_clear (&value);
      return FALSE;
    }
  take_value (self, setting, &value);
  return TRUE;
}

gboolean
th_settings_is_default (ThSettings *self, ThSetting setting)
{
  const ThSettingRow *row = th_setting_get_row (setting);
  ThSettingValue fallback;
  gboolean is_default;

  g_return_val_if_fail (TH_IS_SETTINGS (self) && setting < TH_N_SETTINGS, TRUE);

  if (is_in_gsettings (self, row))
    {
      /* The administrator's default, where there is one, counts more than the table's. */
      g_autoptr (GVariant) variant = g_settings_get_default_value (self->gsettings, row->name);
      g_autofree char *text = th_setting_text_from_variant (row, variant);

      if (!th_setting_value_parse (&fallback, row, text, NULL))
        return FALSE;
    }
  else
    th_setting_value_parse_default (&fallback, row);
  is_default = th_setting_value_equal (&fallback, &self->values[setting]);
  th_setting_value_clear (&fallback);
  return is_default;
}

gboolean
th_settings_is_writable (ThSettings *self, ThSetting setting)
{
  const ThSettingRow *row = th_setting_get_row (setting);

  g_return_val_if_fail (TH_IS_SETTINGS (self) && setting < TH_N_SETTINGS, FALSE);
  return !is_in_gsettings (self, row) || g_settings_is_writable (self->gsettings, row->name);
}

gboolean
th_settings_reset (ThSettings *self, ThSetting setting, GError **error)
{
  const ThSettingRow *row = th_setting_get_row (setting);
  ThSettingValue value;

  g_return_val_if_fail (TH_IS_SETTINGS (self) && setting < TH_N_SETTINGS, FALSE);

  if (!th_settings_is_writable (self, setting))
    return refuse_locked (row, error);
  if (is_in_gsettings (self, row))
    {
      g_settings_reset (self->gsettings, row->name);
      read_from_gsettings (self, setting);
      return TRUE;
    }
  th_setting_value_parse_default (&value, row);
  take_value (self, setting, &value);
  return TRUE;
}
