/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers: JSON with a status, and errors, which are always `{"error": "text"}`.
 */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Errors whose code is the HTTP status to answer with, and whose message is fit for the caller. */
#define TH_HTTP_ERROR (th_http_error_quark ())
GQuark th_http_error_quark (void);

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

/* @object: (transfer none): holds one whole value */
void th_reply_json (SoupServerMessage *message, guint status, JsonBuilder *object);

void th_reply_error (SoupServerMessage *message, guint status, const char *text);

/* (transfer full): the body that th_reply_error() sends */
char *th_reply_error_body (const char *text);

/* The words of a status line for @status. */
const char *th_status_phrase (guint status);

G_END_DECLS
