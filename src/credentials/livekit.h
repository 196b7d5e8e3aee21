/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scheme of LiveKit's embedded TURN server: the user name is base62 (base62.h) of
 * "APIKEY|PARTICIPANT|EXPIRY", the password base62 of SHA-256 over "SECRET|PARTICIPANT|EXPIRY",
 * with the expiry in seconds since 1970. Older LiveKit servers left the expiry out: such a
 * credential has no end, and is not accepted here. Pure functions; any thread may call.
 */
#pragma once

#include <glib.h>

#include "stun/defs.h"

G_BEGIN_DECLS

/* What a user name says, decoded, but not whose API key it has. */
typedef struct {
  guint8 bytes[TH_STUN_USERNAME_MAX];
  gsize length;
} ThLivekitText;

typedef struct {
  const char *user; /* inside the text, not terminated: 1 to TH_CREDENTIAL_USER_MAX bytes, plain */
  gsize user_length;
  gint64 expires_at; /* seconds since 1970, UTC; 1 to TH_REST_EXPIRY_MAX */
} ThLivekitName;

/* @name: any bytes, not terminated; %FALSE if it is no base62 of at most TH_STUN_USERNAME_MAX */
gboolean th_livekit_decode_name (ThLivekitText *self, const char *name, gsize length);

/* %FALSE unless @text is @api_key, a user without "|", and an expiry without leading zeros. */
gboolean th_livekit_parse_text (ThLivekitName *self,
                                const ThLivekitText *text,
                                const char *api_key);

/* (transfer full) (nullable): %NULL if that is longer than a STUN message can carry, or @user holds
 * a "|" */
char *th_livekit_make_name (const char *api_key, const char *user, gint64 expires_at);

/* (transfer full): wipe it after use. @user: not terminated */
char *th_livekit_make_password (const char *api_secret,
                                const char *user,
                                gsize user_length,
                                gint64 expires_at);

G_END_DECLS
