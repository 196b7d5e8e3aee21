/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Between a setting's value and the GVariant that GSettings keeps.
 */
#include "settings/variant.h"

const char *
th_setting_row_get_variant_type (const ThSettingRow *row)
{
  switch (row->type)
    {
    case TH_SETTING_TYPE_BOOLEAN:
      return "b";
    case TH_SETTING_TYPE_INTEGER:
    case TH_SETTING_TYPE_PORT:
      return "i";
    default:
      return th_setting_row_is_list (row) ? "as" : "s";
    }
}

GVariant *
th_setting_value_to_variant (const ThSettingValue *value, const ThSettingRow *row)
{
  switch (th_setting_row_get_variant_type (row)[0])
    {
    case 'b':
      return g_variant_new_boolean (value->integer != 0);
    case 'i':
      return g_variant_new_int32 ((gint32) value->integer);
    case 'a':
      return g_variant_new_strv ((const char *const *) value->items, -1);
    default:
      return g_variant_new_string (value->string);
    }
}

char *
th_setting_text_from_variant (const ThSettingRow *row, GVariant *variant)
{
  switch (th_setting_row_get_variant_type (row)[0])
    {
    case 'b':
      return g_strdup (g_variant_get_boolean (variant) ? "true" : "false");
    case 'i':
      return g_strdup_printf ("%d", g_variant_get_int32 (variant));
    case 'a':
      {
        g_autofree const char **items = g_variant_get_strv (variant, NULL);
        return th_setting_escape_items (items);
      }
    default:
      return th_setting_escape_string (g_variant_get_string (variant, NULL));
    }
}
