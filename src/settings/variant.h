/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Settings as GSettings keeps them: booleans and integers as such, lists as lists of strings, all
 * else as a string. Secrets are not kept there: they live in the state directory.
 */
#pragma once

#include "settings/value.h"

G_BEGIN_DECLS

static inline gboolean
th_setting_row_is_in_schema (const ThSettingRow *row)
{
  return !row->secret;
}

/* "b", "i", "as" or "s" */
const char *th_setting_row_get_variant_type (const ThSettingRow *row);

/* (transfer floating) */
GVariant *th_setting_value_to_variant (const ThSettingValue *value, const ThSettingRow *row);

/* (transfer full): the text that th_setting_value_parse() takes; @variant is of the row's type */
char *th_setting_text_from_variant (const ThSettingRow *row, GVariant *variant);

G_END_DECLS
