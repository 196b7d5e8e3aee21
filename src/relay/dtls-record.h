/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The outside of DTLS records (RFC 6347, section 4.1): where one ends in its datagram, and what can
 * be told of a ClientHello before there is a session. Pure functions over bytes that anyone may
 * have sent.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TH_DTLS_HEADER_SIZE 13
#define TH_DTLS_RANDOM_SIZE 32

typedef enum {
  TH_DTLS_CHANGE_CIPHER_SPEC = 20,
  TH_DTLS_ALERT = 21,
  TH_DTLS_HANDSHAKE = 22,
  TH_DTLS_APPLICATION_DATA = 23,
} ThDtlsContent;

typedef struct {
  ThDtlsContent content;
  guint16 epoch; /* 0: nothing proves who sent it */
  const guint8 *bytes; /* with the header */
  gsize length;
} ThDtlsRecord;

/* What the first byte of a datagram says where DTLS and STUN share a port (RFC 7983). */
static inline gboolean
th_dtls_is_record (const guint8 *bytes, gsize length)
{
  return length > 0 && bytes[0] >= 20 && bytes[0] <= 63;
}

/**
 * th_dtls_next_record:
 * @bytes, @length: (inout): what is left of a datagram; moved past the record
 *
 * Returns: FALSE at the end of the datagram, and at anything that is no whole record of DTLS 1.0 or
 * 1.2; what follows in its datagram is then of no use either
 */
gboolean th_dtls_next_record (const guint8 **bytes, gsize *length, ThDtlsRecord *record);

/**
 * th_dtls_record_get_hello:
 * @random: (out): %TH_DTLS_RANDOM_SIZE bytes, another for each session that a client begins
 *
 * Returns: whether it is a ClientHello from its beginning up to the cookie at least, in clear
 */
gboolean th_dtls_record_get_hello (const ThDtlsRecord *self, const guint8 **random);

G_END_DECLS
