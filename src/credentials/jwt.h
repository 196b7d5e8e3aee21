/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The JWT scheme: the user name is the user's id, the password is an access token as LiveKit has
 * it. TURN never carries the password, so a token must be a pure function of API key, API secret,
 * user and issue time, and issue times lie on a grid: the relay recomputes the few tokens that
 * can be valid. Pure functions; any thread may call.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest user name that credentials are made for, in bytes. */
#define TH_CREDENTIAL_USER_MAX 256

/* How many tokens of one user and API secret are valid at a time, at most. */
#define TH_JWT_TOKENS_MAX 15

/* In its metadata, which sets a password for the relay apart from apps' own tokens. */
#define TH_JWT_RELAY_PURPOSE "p2p-ice"

/* Seconds from one issue time to the next: an eighth of @ttl, rounded down, but 1 at least.
 * @ttl: more than 0 */
gint64 th_jwt_get_step (gint64 ttl);

/* The last issue time that is not after @now: a multiple of the step since 1970. */
gint64 th_jwt_get_issue_time (gint64 ttl, gint64 now);

/**
 * th_jwt_make:
 * @user: plain text (th_text_is_plain), not terminated
 * @issued: the token's nbf; its exp is @ttl seconds later
 *
 * A JWT signed with HS256 (RFC 7515, RFC 7518 section 3.2), its members in one fixed order. It
 * allows no entry to a room; its metadata say that it is meant for ICE.
 *
 * Returns: (transfer full) (nullable): wipe it after use; %NULL if the system's policy forbids
 *   HMAC-SHA256
 */
char *th_jwt_make (const char *api_key,
                   const char *api_secret,
                   const char *user,
                   gsize user_length,
                   gint64 issued,
                   gint64 ttl);

G_END_DECLS
