/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is this text a port, a network, a host name? The form of single values by the type of their
 * setting, and in words what that form is. Pure functions; any thread may call.
 */
#pragma once

#include "settings/table.h"

G_BEGIN_DECLS

/**
 * th_setting_check_text:
 * @row: of any type but the integers and booleans
 * @text: UTF-8; one item where @row is a list
 *
 * Returns: %TRUE if @text has the form that @row asks for
 */
gboolean th_setting_check_text (const ThSettingRow *row, const char *text);

/* Reads a whole decimal number without sign in @row's range; FALSE for anything else. */
gboolean th_setting_check_integer (const ThSettingRow *row, const char *text, gint64 *value);

/* One of the row's choices, in any case; @value: which, from 0 */
gboolean th_setting_check_choice (const ThSettingRow *row, const char *text, gint64 *value);

/* "true", "yes", "on", "1" and their opposites, in any case */
gboolean th_setting_check_boolean (const char *text, gint64 *value);

/* Reads "FIRST-LAST", both 1 to 65535, FIRST not above LAST. */
gboolean th_setting_check_port_range (const char *text, guint16 *first, guint16 *last);

/* (transfer full): what is allowed: "a port from 1 to 65535, or 0 (off)" */
char *th_setting_describe_allowed (const ThSettingRow *row);

G_END_DECLS
