/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects of JSON: reading those that may hold anything, and building. Any thread may call.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * th_json_object_parse:
 * @depth: how deep objects and arrays may lie in each other
 *
 * Only what passes th_json_is_well_formed(), and in which no object, however deep, has two members
 * of one name: of those each reader would pick another.
 *
 * Returns: (transfer full) (nullable)
 */
JsonObject *th_json_object_parse (const char *text, gsize length, guint depth);

/* (transfer none) (nullable): a member's text; %NULL where there is none or it is no text */
const char *th_json_object_get_text (JsonObject *self, const char *name);

/* Adds texts to an array that is being built. */
void th_json_add_strings (JsonBuilder *array, char **strings);

/* Adds a member to an object that is being built. */
void th_json_add_text (JsonBuilder *object, const char *name, const char *value);
void th_json_add_number (JsonBuilder *object, const char *name, gint64 value);
void th_json_add_flag (JsonBuilder *object, const char *name, gboolean value);

/* @seconds: since 1970, UTC; becomes ISO 8601 */
void th_json_add_time (JsonBuilder *object, const char *name, gint64 seconds);

/* (transfer full): that text, such as "2026-01-31T23:59:59Z" */
char *th_json_time (gint64 seconds);

G_END_DECLS
