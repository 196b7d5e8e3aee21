/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nonces that need no memory: each carries the time it was made and a keyed hash over that time and
 * the client's address, so the server can tell its own from invented, altered and borrowed ones
 * (RFC 8489, section 9.2). Pure functions; any thread may call with the same key.
 */
#pragma once

#include <glib.h>

#include "stun/address.h"

G_BEGIN_DECLS

/* The exact length of a nonce's text: cookie 9, features 4, time 8, hash 16. */
#define TH_NONCE_SIZE 37

/* One for each run of the program, so no nonce outlives a restart. Secret. */
typedef struct {
  guint8 key[32];
  guint32 epoch; /* added to the time, so that nonces do not tell how long the machine is up */
} ThNonceKey;

typedef enum {
  TH_NONCE_VALID,
  TH_NONCE_STALE,
} ThNonceVerdict;

void th_nonce_key_init (ThNonceKey *self);

/**
 * th_nonce_make:
 * @client: the nonce will be good for this host and port only
 * @monotonic_us: now, in microseconds of the monotonic clock
 * @out: (out): %TH_NONCE_SIZE characters and a terminating zero
 *
 * The text begins with the nonce cookie and the security features of RFC 8489, section 9.2: it
 * announces password algorithms, and not username anonymity.
 */
void th_nonce_make (const ThNonceKey *key,
                    const ThAddress *client,
                    gint64 monotonic_us,
                    char out[TH_NONCE_SIZE + 1]);

/**
 * th_nonce_check:
 * @lifetime_us: how long a nonce is good, in microseconds. Its time is counted from the beginning
 *   of the second in which it was made, so it may live up to a second less
 * @nonce: (array length=length): what the client sent; not terminated
 *
 * Returns: %TH_NONCE_STALE for everything that is not a nonce made with this key for this client
 *   within the last @lifetime_us: expired, from the future, altered, of another length or address.
 *   The comparison takes the same time wherever the difference lies
 */
ThNonceVerdict th_nonce_check (const ThNonceKey *key,
                               const ThAddress *client,
                               gint64 monotonic_us,
                               gint64 lifetime_us,
                               const guint8 *nonce,
                               gsize length);

/* The seconds since @nonce was made, which th_nonce_check() found valid at @monotonic_us. */
guint32 th_nonce_age (const ThNonceKey *key, gint64 monotonic_us, const guint8 *nonce);

G_END_DECLS
