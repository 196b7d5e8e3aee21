/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading STUN messages (RFC 8489, section 5) in place: a message is a view of bytes that the
 * caller keeps. Parsing checks the frame once, from its first to its last attribute, so that later
 * reads need no further length checks. Nothing here allocates; any thread may call.
 */
#pragma once

#include <glib.h>

#include "stun/address.h"
#include "stun/defs.h"

G_BEGIN_DECLS

typedef struct {
  const guint8 *bytes; /* the whole message, not owned */
  gsize length;        /* header and attributes */
  guint16 method;      /* ThStunMethod, or one this version does not know */
  ThStunClass class;
} ThStunMessage;

typedef struct {
  guint16 type;         /* ThStunAttributeType, or an unknown one */
  guint16 length;       /* of the value, without padding */
  const guint8 *value;  /* inside the message; no alignment is promised */
} ThStunAttribute;

typedef struct {
  const ThStunMessage *message;
  gsize offset;
  guint16 sealed_by; /* the integrity attribute that was passed last, or 0 */
} ThStunIter;

/**
 * th_stun_looks_like_message:
 *
 * Tells whether a datagram can be a STUN message at all: 20 bytes or more, first two bits zero, the
 * magic cookie in its place. Cheap enough for every packet.
 */
gboolean th_stun_looks_like_message (const guint8 *bytes, gsize length);

/**
 * th_stun_message_parse:
 * @bytes: (not nullable): one whole message; may lie at any address
 *
 * Checks header, magic cookie, length (a multiple of 4, equal to what is there) and that every
 * attribute, with its padding, ends inside the message (RFC 8489, sections 5, 6.3 and 14).
 *
 * Returns: %FALSE for anything else; @self is then undefined
 */
gboolean th_stun_message_parse (ThStunMessage *self, const guint8 *bytes, gsize length);

/* The 12 bytes of the transaction id. */
static inline const guint8 *
th_stun_message_transaction_id (const ThStunMessage *self)
{
  return self->bytes + 8;
}

void th_stun_iter_init (ThStunIter *self, const ThStunMessage *message);

/**
 * th_stun_iter_next:
 *
 * Steps through the attributes in order. What follows MESSAGE-INTEGRITY is passed over, except
 * MESSAGE-INTEGRITY-SHA256 and FINGERPRINT; after MESSAGE-INTEGRITY-SHA256 only FINGERPRINT counts
 * (RFC 8489, sections 14.5 and 14.6).  Nothing follows FINGERPRINT.
 */
gboolean th_stun_iter_next (ThStunIter *self, ThStunAttribute *attribute);

/* The first attribute of that type, by the rules of th_stun_iter_next(). */
gboolean th_stun_message_find (const ThStunMessage *self, guint16 type, ThStunAttribute *attribute);

/* Typed reads; FALSE if the value has not exactly the form the RFC gives it. */
gboolean th_stun_attribute_get_u32 (const ThStunAttribute *self, guint32 *value);
gboolean th_stun_attribute_get_address (const ThStunAttribute *self, ThAddress *address);
gboolean th_stun_attribute_get_xor_address (const ThStunAttribute *self,
                                            const ThStunMessage *message,
                                            ThAddress *address);
/* @reason: (out) (nullable): points into the message, not terminated */
gboolean th_stun_attribute_get_error (const ThStunAttribute *self,
                                      guint *code,
                                      const char **reason,
                                      gsize *reason_length);

G_END_DECLS
