/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who wrote a message: long-term keys, MESSAGE-INTEGRITY, its SHA-256 sister and USERHASH
 * (RFC 8489, sections 9.2.2, 14.4 to 14.6 and 18.5). Comparisons of secrets take constant time.
 * Any thread may call. FINGERPRINT comes along from its own header.
 */
#pragma once

#include <glib.h>

#include "stun/fingerprint.h"
#include "stun/message.h"

G_BEGIN_DECLS

/**
 * th_stun_long_term_key:
 * @username, @realm, @password: UTF-8, already prepared with the OpaqueString profile where they
 *   come from people (th_stun_prepare_string()); lengths in bytes
 * @key: (out): at least %TH_STUN_KEY_MAX bytes
 *
 * The hash of "username:realm:password" (RFC 8489, section 18.5.1).
 *
 * Returns: the key's length: 16 for MD5, 32 for SHA-256; 0, which proves nothing, where the system
 *   forbids MD5
 */
gsize th_stun_long_term_key (ThStunPasswordAlgorithm algorithm,
                             const char *username,
                             gsize username_length,
                             const char *realm,
                             gsize realm_length,
                             const char *password,
                             gsize password_length,
                             guint8 *key);

/* @hash: (out): 32 bytes: SHA-256 of "username:realm" (RFC 8489, section 14.4) */
void th_stun_userhash (const char *username,
                       gsize username_length,
                       const char *realm,
                       gsize realm_length,
                       guint8 *hash);

/* Returns: (transfer full) (nullable): @text by the OpaqueString profile (RFC 8265), or NULL */
char *th_stun_prepare_string (const char *text);

/**
 * th_stun_check_integrity:
 * @attribute: the message's MESSAGE-INTEGRITY (20 bytes) or MESSAGE-INTEGRITY-SHA256 (16 to 32
 *   bytes, a multiple of 4); other lengths fail
 *
 * Computes over the message up to @attribute, with the header's length set to end there.
 */
gboolean th_stun_check_integrity (const ThStunMessage *message,
                                  const ThStunAttribute *attribute,
                                  const guint8 *key,
                                  gsize key_length);

/**
 * th_stun_compute_integrity:
 * @bytes: a message from its header on; what the header says of the length does not count
 * @end: where the integrity attribute begins, at least %TH_STUN_HEADER_SIZE
 * @type: %TH_STUN_MESSAGE_INTEGRITY or %TH_STUN_MESSAGE_INTEGRITY_SHA256
 * @mac_length: of that attribute's value: 20, or 16 to 32 in steps of 4
 * @mac: (out): @mac_length bytes; the leftmost ones of the HMAC
 *
 * Returns: %FALSE, and nothing in @mac, for other lengths, an empty key, or if the hash is missing
 */
gboolean th_stun_compute_integrity (const guint8 *bytes,
                                    gsize end,
                                    guint16 type,
                                    gsize mac_length,
                                    const guint8 *key,
                                    gsize key_length,
                                    guint8 *mac);

/* TRUE if equal; takes the same time wherever the difference lies */
gboolean th_equal_in_constant_time (const void *a, const void *b, gsize length);

G_END_DECLS
