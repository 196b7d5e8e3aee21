/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAppToken: one app that may ask for credentials, as a row of ThAppTokens. Main context only.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TH_TYPE_APP_TOKEN (th_app_token_get_type ())
G_DECLARE_FINAL_TYPE (ThAppToken, th_app_token, TH, APP_TOKEN, GObject)

/*
 * Properties (read-only): name (string), configured (boolean: named in the configuration, and only
 * changed there); and these, which notify: created (int64, of the current token, seconds since
 * 1970, UTC; 0 where configured), last-seen (int64, the same; 0: never since the start), generation
 * (uint, of the secret that its last credential was made from, as ThTurnKey tells it; 0: none since
 * the start)
 */
const char *th_app_token_get_name (ThAppToken *self);
gboolean th_app_token_is_configured (ThAppToken *self);
gint64 th_app_token_get_created (ThAppToken *self);
gint64 th_app_token_get_last_seen (ThAppToken *self);
guint th_app_token_get_generation (ThAppToken *self);

G_END_DECLS
