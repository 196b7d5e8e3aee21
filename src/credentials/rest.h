/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The REST scheme of time-limited credentials (draft-uberti-behave-turn-rest-00): the user name
 * carries its own end, the password is an HMAC of it. Pure functions; any thread may call.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The end of the year 9999. Later times are slips, such as milliseconds taken for seconds. */
#define TH_REST_EXPIRY_MAX G_GINT64_CONSTANT (253402300799)

/* base64 of 20 bytes, and its end */
#define TH_REST_PASSWORD_SIZE 29

typedef struct {
  gint64 expires_at; /* seconds since 1970, UTC; 1 to TH_REST_EXPIRY_MAX */
  const char *user;  /* inside the name, not terminated; the expiry itself where there is no user */
  gsize user_length; /* at least 1 */
} ThRestName;

/**
 * th_rest_parse_name:
 * @name: "1700000000:anna", "anna:1700000000" or "1700000000"; any bytes, not terminated
 *
 * What stands before the first colon is the expiry if it is all digits; if not, what stands behind
 * the last colon.
 *
 * Returns: %FALSE if there is no expiry, or one that is no time: 0, or after TH_REST_EXPIRY_MAX
 */
gboolean th_rest_parse_name (ThRestName *self, const char *name, gsize length);

/* (transfer full): "EXPIRY:USER" */
char *th_rest_make_name (gint64 expires_at, const char *user);

/**
 * th_rest_make_password:
 * @password: (out): at least %TH_REST_PASSWORD_SIZE bytes; terminated; wipe it after use
 *
 * base64 of HMAC-SHA1 over the whole @name, keyed with @secret.
 *
 * Returns: %FALSE if the system's policy forbids HMAC-SHA1
 */
gboolean th_rest_make_password (const char *secret,
                                gsize secret_length,
                                const char *name,
                                gsize name_length,
                                char *password);

G_END_DECLS
