/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects of JSON, which may hold anything. Any thread may call.
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

G_END_DECLS
