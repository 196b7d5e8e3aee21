/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records whose headers lie about their length are told here, so that nothing of one datagram is
 * ever read together with the next.
 */
#include "relay/dtls-record.h"

#include "stun/bytes.h"

/* Of the protected part (RFC 5246, section 6.2.3). */
#define BODY_MAX ((1 << 14) + 2048)

#define VERSION_1_0 0xFEFF /* also what every first ClientHello says */
#define VERSION_1_2 0xFEFD

#define CLIENT_HELLO 1
#define HANDSHAKE_HEADER_SIZE 12
#define FRAGMENT_OFFSET 6 /* in the handshake's header; three bytes */

/* In the ClientHello: after its version, and after the random */
#define RANDOM_AT (TH_DTLS_HEADER_SIZE + HANDSHAKE_HEADER_SIZE + 2)
#define SESSION_ID_AT (RANDOM_AT + TH_DTLS_RANDOM_SIZE)
#define SESSION_ID_MAX 32

static gboolean
is_known (const guint8 *header)
{
  guint16 version = th_read_u16 (header + 1);

  return header[0] >= TH_DTLS_CHANGE_CIPHER_SPEC && header[0] <= TH_DTLS_APPLICATION_DATA &&
         (version == VERSION_1_0 || version == VERSION_1_2);
}

gboolean
th_dtls_next_record (const guint8 **bytes, gsize *length, ThDtlsRecord *record)
{
  gsize body;

  if (*length < TH_DTLS_HEADER_SIZE || !is_known (*bytes))
    return FALSE;
  body = th_read_u16 (*bytes + 11);
  if (body == 0 || body > BODY_MAX || body > *length - TH_DTLS_HEADER_SIZE)
    return FALSE;
  *record = (ThDtlsRecord) {
    .content = (ThDtlsContent) (*bytes)[0],
    .epoch = th_read_u16 (*bytes + 3),
    .bytes = *bytes,
    .length = TH_DTLS_HEADER_SIZE + body,
  };
  *bytes += record->length;
  *length -= record->length;
  return TRUE;
}

gboolean
th_dtls_record_get_hello (const ThDtlsRecord *self, const guint8 **random)
{
  const guint8 *handshake = self->bytes + TH_DTLS_HEADER_SIZE;
  gsize at = SESSION_ID_AT;

  if (self->content != TH_DTLS_HANDSHAKE || self->epoch != 0 || self->length <= SESSION_ID_AT ||
      handshake[0] != CLIENT_HELLO || self->bytes[at] > SESSION_ID_MAX)
    return FALSE;
  for (guint i = 0; i < 3; i++)
    {
      if (handshake[FRAGMENT_OFFSET + i] != 0)
        return FALSE;
    }
  at += 1 + self->bytes[at];
  if (self->length <= at || self->length <= at + self->bytes[at])
    return FALSE;
  *random = self->bytes + RANDOM_AT;
  return TRUE;
}
