/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing STUN messages. Every attribute begins in add_attribute(), which alone knows the limits
 * and keeps the length in the header true, so that integrity can be computed at any time.
 */
#include "stun/builder.h"

#include <string.h>

#include "stun/bytes.h"
#include "stun/integrity.h"

#define ERROR_HEADER_SIZE 4
#define REASON_MAX 509 /* bytes that may be sent (RFC 8489, section 14.8) */

/* The most a header's 16-bit length can say, as whole attributes end on multiples of 4. */
#define MESSAGE_SIZE_MAX (TH_STUN_HEADER_SIZE + 0xFFFCu)

/* Reserves room for an attribute, header and padding written; NULL if it does not fit. */
static guint8 *
add_attribute (ThStunBuilder *self, guint16 type, gsize length)
{
  guint8 *here = self->buffer + self->length;
  gsize room = MIN (self->capacity, MESSAGE_SIZE_MAX) - self->length;
  gsize padded = th_padded_length (length);

  if (self->overflow || length > G_MAXUINT16 || TH_STUN_ATTRIBUTE_HEADER_SIZE + padded > room)
    {
      self->overflow = TRUE;
      return NULL;
    }

  th_write_u16 (here, type);
  th_write_u16 (here + 2, (guint16) length);
  memset (here + TH_STUN_ATTRIBUTE_HEADER_SIZE + length, 0, padded - length);
  self->length += TH_STUN_ATTRIBUTE_HEADER_SIZE + padded;
  th_write_u16 (self->buffer + 2, (guint16) (self->length - TH_STUN_HEADER_SIZE));
  return here + TH_STUN_ATTRIBUTE_HEADER_SIZE;
}

/* @mask: what port and address are XORed with, 16 bytes */
static void
add_masked_address (ThStunBuilder *self,
                    guint16 type,
                    const ThAddress *address,
                    const guint8 *mask)
{
  gsize length;
  const guint8 *host = th_address_bytes (address, &length);
  guint8 *value = add_attribute (self, type, 4 + length);

  if (value == NULL)
    return;
  value[0] = 0;
  value[1] = th_address_family (address);
  th_write_u16 (value + 2, th_address_port (address) ^ th_read_u16 (mask));
  for (gsize i = 0; i < length; i++)
    value[4 + i] = host[i] ^ mask[i];
}

static void
add_mac (ThStunBuilder *self, guint16 type, gsize length, const guint8 *key, gsize key_length)
{
  gsize covered = self->length;
  guint8 *mac = add_attribute (self, type, length);

  if (mac == NULL)
    return;
  if (!th_stun_compute_integrity (self->buffer, covered, type, length, key, key_length, mac))
    {
      self->overflow = TRUE; /* a message without its proof must not leave */
      memset (mac, 0, length);
    }
}

void
th_stun_builder_init (ThStunBuilder *self,
                      guint8 *buffer,
                      gsize capacity,
                      ThStunClass class,
                      guint16 method,
                      const guint8 *transaction_id)
{
  guint16 type = (method & 0x000F) | ((method & 0x0070) << 1) | ((method & 0x0F80) << 2) |
                 ((class & 1) << 4) | ((class & 2) << 7);

  self->buffer = buffer;
  self->capacity = capacity;
  self->length = 0;
  self->overflow = capacity < TH_STUN_HEADER_SIZE;
  if (self->overflow)
    return;

  th_write_u16 (buffer, type);
  th_write_u16 (buffer + 2, 0);
  th_write_u32 (buffer + 4, TH_STUN_MAGIC_COOKIE);
  memcpy (buffer + 8, transaction_id, TH_STUN_TRANSACTION_ID_SIZE);
  self->length = TH_STUN_HEADER_SIZE;
}

void
th_stun_builder_add_bytes (ThStunBuilder *self, guint16 type, const void *value, gsize length)
{
  guint8 *here = add_attribute (self, type, length);

  if (here != NULL && length > 0)
    memcpy (here, value, length);
}

void
th_stun_builder_add_string (ThStunBuilder *self, guint16 type, const char *text)
{
  th_stun_builder_add_bytes (self, type, text, strlen (text));
}

void
th_stun_builder_add_flag (ThStunBuilder *self, guint16 type)
{
  add_attribute (self, type, 0);
}

void
th_stun_builder_add_u32 (ThStunBuilder *self, guint16 type, guint32 value)
{
  guint8 *here = add_attribute (self, type, sizeof value);

  if (here != NULL)
    th_write_u32 (here, value);
}

void
th_stun_builder_add_address (ThStunBuilder *self, guint16 type, const ThAddress *address)
{
  static const guint8 no_mask[16];

  add_masked_address (self, type, address, no_mask);
}

void
th_stun_builder_add_xor_address (ThStunBuilder *self, guint16 type, const ThAddress *address)
{
  /* The cookie and the transaction id behind it are the mask, in one piece (section 14.2). */
  if (!self->overflow)
    add_masked_address (self, type, address, self->buffer + 4);
}

void
th_stun_builder_add_error (ThStunBuilder *self, guint code, const char *reason)
{
  const char *phrase = reason != NULL ? reason : th_stun_error_reason (code);
  gsize length = MIN (strlen (phrase), REASON_MAX);
  guint8 *value;

  while (length > 0 && (phrase[length] & 0xC0) == 0x80) /* a character stays whole */
    length--;
  value = add_attribute (self, TH_STUN_ERROR_CODE, ERROR_HEADER_SIZE + length);
  if (value == NULL)
    return;
  th_write_u16 (value, 0);
  value[2] = (guint8) (code / 100);
  value[3] = (guint8) (code % 100);
  memcpy (value + ERROR_HEADER_SIZE, phrase, length);
}

void
th_stun_builder_add_unknown_attributes (ThStunBuilder *self, const guint16 *types, gsize n_types)
{
  guint8 *value = add_attribute (self, TH_STUN_UNKNOWN_ATTRIBUTES, 2 * n_types);

  for (gsize i = 0; value != NULL && i < n_types; i++)
    th_write_u16 (value + 2 * i, types[i]);
}

void
th_stun_builder_add_password_algorithms (ThStunBuilder *self,
                                         const ThStunPasswordAlgorithm *algorithms,
                                         gsize n_algorithms)
{
  guint8 *value = add_attribute (self, TH_STUN_PASSWORD_ALGORITHMS, 4 * n_algorithms);

  for (gsize i = 0; value != NULL && i < n_algorithms; i++)
    {
      th_write_u16 (value + 4 * i, (guint16) algorithms[i]);
      th_write_u16 (value + 4 * i + 2, 0); /* length of the parameters */
    }
}

void
th_stun_builder_add_integrity (ThStunBuilder *self, const guint8 *key, gsize key_length)
{
  add_mac (self, TH_STUN_MESSAGE_INTEGRITY, 20, key, key_length);
}

void
th_stun_builder_add_integrity_sha256 (ThStunBuilder *self, const guint8 *key, gsize key_length)
{
  add_mac (self, TH_STUN_MESSAGE_INTEGRITY_SHA256, 32, key, key_length);
}

void
th_stun_builder_add_fingerprint (ThStunBuilder *self)
{
  gsize covered = self->length;
  guint8 *value = add_attribute (self, TH_STUN_FINGERPRINT, 4);

  if (value != NULL)
    th_write_u32 (value, th_stun_crc32 (self->buffer, covered) ^ TH_STUN_FINGERPRINT_XOR);
}

gsize
th_stun_builder_end (ThStunBuilder *self)
{
  return self->overflow ? 0 : self->length;
}

const char *
th_stun_error_reason (guint code)
{
  static const struct {
    ThStunErrorCode code;
    const char *reason;
  } reasons[] = {
    { TH_STUN_TRY_ALTERNATE, "Try Alternate" },
    { TH_STUN_BAD_REQUEST, "Bad Request" },
    { TH_STUN_UNAUTHENTICATED, "Unauthenticated" },
    { TH_STUN_FORBIDDEN, "Forbidden" },
    { TH_STUN_MOBILITY_FORBIDDEN, "Mobility Forbidden" },
    { TH_STUN_UNKNOWN_ATTRIBUTE, "Unknown Attribute" },
    { TH_STUN_ALLOCATION_MISMATCH, "Allocation Mismatch" },
    { TH_STUN_STALE_NONCE, "Stale Nonce" },
    { TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED, "Address Family not Supported" },
    { TH_STUN_WRONG_CREDENTIALS, "Wrong Credentials" },
    { TH_STUN_UNSUPPORTED_TRANSPORT, "Unsupported Transport Protocol" },
    { TH_STUN_PEER_FAMILY_MISMATCH, "Peer Address Family Mismatch" },
    { TH_STUN_CONNECTION_EXISTS, "Connection Already Exists" },
    { TH_STUN_CONNECTION_FAILED, "Connection Timeout or Failure" },
    { TH_STUN_ALLOCATION_QUOTA_REACHED, "Allocation Quota Reached" },
    { TH_STUN_SERVER_ERROR, "Server Error" },
    { TH_STUN_INSUFFICIENT_CAPACITY, "Insufficient Capacity" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].code == code)
      return reasons[i].reason;
  return "";
}
