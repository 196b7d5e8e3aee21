/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing STUN messages (RFC 8489, section 5) into a buffer of the caller's. The builder never
 * writes past the buffer: what does not fit marks the message as overflown, and then
 * th_stun_builder_end() returns 0. Padding bytes are zero. Nothing allocates but the hashes.
 */
#pragma once

#include <glib.h>

#include "stun/address.h"
#include "stun/defs.h"

G_BEGIN_DECLS

typedef struct {
  guint8 *buffer;
  gsize capacity;
  gsize length;
  gboolean overflow;
} ThStunBuilder;

/* @transaction_id: 12 bytes; @buffer may lie at any address */
void th_stun_builder_init (ThStunBuilder *self,
                           guint8 *buffer,
                           gsize capacity,
                           ThStunClass class,
                           guint16 method,
                           const guint8 *transaction_id);

void th_stun_builder_add_bytes (ThStunBuilder *self,
                                guint16 type,
                                const void *value,
                                gsize length);
void th_stun_builder_add_string (ThStunBuilder *self, guint16 type, const char *text);
void th_stun_builder_add_flag (ThStunBuilder *self, guint16 type);
void th_stun_builder_add_u32 (ThStunBuilder *self, guint16 type, guint32 value);
void th_stun_builder_add_address (ThStunBuilder *self, guint16 type, const ThAddress *address);
void th_stun_builder_add_xor_address (ThStunBuilder *self,
                                      guint16 type,
                                      const ThAddress *address);

/* The RFCs' own phrase for a code of ThStunErrorCode; "" for others. Static, never NULL. */
const char *th_stun_error_reason (guint code);

/* ERROR-CODE; @reason NULL: th_stun_error_reason() of @code */
void th_stun_builder_add_error (ThStunBuilder *self, guint code, const char *reason);

void th_stun_builder_add_unknown_attributes (ThStunBuilder *self,
                                             const guint16 *types,
                                             gsize n_types);

/* PASSWORD-ALGORITHMS with MD5 and SHA-256, neither with parameters, in the order given. */
void th_stun_builder_add_password_algorithms (ThStunBuilder *self,
                                              const ThStunPasswordAlgorithm *algorithms,
                                              gsize n_algorithms);

/* Integrity over all that was added so far (RFC 8489, sections 14.5 and 14.6). */
void th_stun_builder_add_integrity (ThStunBuilder *self, const guint8 *key, gsize key_length);
void th_stun_builder_add_integrity_sha256 (ThStunBuilder *self,
                                           const guint8 *key,
                                           gsize key_length);

/* FINGERPRINT; must be the last one (section 14.7). */
void th_stun_builder_add_fingerprint (ThStunBuilder *self);

/**
 * th_stun_builder_end:
 *
 * Returns: the length of the finished message, or 0 if it did not fit
 */
gsize th_stun_builder_end (ThStunBuilder *self);

G_END_DECLS
