/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers: JSON with a status, and errors, which are always `{"error": "text"}`.
 */
#pragma once

#include <libsoup/soup.h>

#include "credentials/json-object.h"

G_BEGIN_DECLS

/* Errors whose code is the HTTP status to answer with, and whose message is fit for the caller. */
#define TH_HTTP_ERROR (th_http_error_quark ())
GQuark th_http_error_quark (void);

/* @object: (transfer none): holds one whole value */
void th_reply_json (SoupServerMessage *message, guint status, JsonBuilder *object);

void th_reply_error (SoupServerMessage *message, guint status, const char *text);

/* @retry_after: seconds */
void th_reply_too_many (SoupServerMessage *message, guint retry_after);

/* (transfer full): the body that th_reply_error() sends */
char *th_reply_error_body (const char *text);

/* The words of a status line for @status. */
const char *th_status_phrase (guint status);

G_END_DECLS
