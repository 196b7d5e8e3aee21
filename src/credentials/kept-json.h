/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON that is kept in the state directory: reading what may be anything, since a file can be
 * truncated or edited by hand, and leaving no secret of it in memory. Any thread may call.
 */
#pragma once

#include "credentials/json-object.h"

G_BEGIN_DECLS

/* (transfer full) (nullable): the object that the text is; NULL if it is none, or nests deeper than
 * any file of ours. Wipe it after use. */
JsonNode *th_kept_json_parse (const char *json, gsize length);

/* (transfer full): with line ends, for people to read; wipe it after use. Wipes and frees @root. */
char *th_kept_json_print (JsonNode *root, gsize *length);

/* Blanks all texts in it, and frees it; NULL is fine. */
void th_kept_json_wipe (JsonNode *root);
typedef JsonNode ThKeptJson;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThKeptJson, th_kept_json_wipe)

/* -1 if it is absent (NULL), negative, no whole number, or 2^63 - 1 or more */
gint64 th_kept_json_read_number (JsonNode *node);

/* The same for a member. */
gint64 th_kept_json_get_number (JsonObject *object, const char *member);

/* Whether the member is there as exactly 2 * @size digits, which go to @bytes. */
gboolean th_kept_json_get_hex (JsonObject *object, const char *member, guint8 *bytes, gsize size);

/* Adds a member to an object that is being built. */
void th_kept_json_add_hex (JsonBuilder *builder,
                           const char *member,
                           const guint8 *bytes,
                           gsize size);

G_END_DECLS
