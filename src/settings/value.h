/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSettingValue: one setting's value, read from text as it stands in a key file and kept in every
 * form that someone asks for. A backslash escapes, as in all key files: "\\" is one backslash,
 * "\s" a space at either end, and in lists "\," and "\;" are no separators.
 */
#pragma once

#include "settings/table.h"

G_BEGIN_DECLS

typedef struct {
  char *text;     /* in one form whatever way it was written; as it would stand in a key file */
  char *string;   /* what it means, escapes undone; of lists, the same as @text */
  char **items;   /* of lists, escapes undone, NULL-terminated; of others NULL */
  gint64 integer; /* of integers and ports; booleans are 0 and 1, choices count from 0 */
  gboolean given; /* not just the default; whoever fills in values sets this */
} ThSettingValue;

/**
 * th_setting_value_parse:
 * @self: (out): filled in only on success; clear it afterwards
 * @text: UTF-8; blanks around it and around list items do not count
 *
 * Returns: %FALSE with TH_SETTINGS_ERROR_VALUE and a message of one line, which does not repeat the
 *   text of a secret
 */
gboolean th_setting_value_parse (ThSettingValue *self,
                                 const ThSettingRow *row,
                                 const char *text,
                                 GError **error);

void th_setting_value_parse_default (ThSettingValue *self, const ThSettingRow *row);

/* Frees what it holds, wiping the text of all. */
void th_setting_value_clear (ThSettingValue *self);

gboolean th_setting_value_equal (const ThSettingValue *a, const ThSettingValue *b);

/* (transfer full): the escaped forms of a plain value and of plain list items */
char *th_setting_escape_string (const char *string);
char *th_setting_escape_items (const char *const *items);

/* (transfer full): @text on one line and short enough to stand in a message, in quotes */
char *th_setting_quote (const char *text);

G_END_DECLS
