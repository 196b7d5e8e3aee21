/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading STUN messages in place. The frame is checked once by th_stun_message_parse(); the
 * iterator then walks it without fear, and the typed reads check each value's own form.
 */
#include "stun/message.h"

#include "stun/bytes.h"


/* Method and class bits are interleaved: M11..M7 C1 M6..M4 C0 M3..M0 (RFC 8489, section 5). */
static guint16
method_of_type (guint16 type)
{
  return (type & 0x000F) | ((type >> 1) & 0x0070) | ((type >> 2) & 0x0F80);
}

static ThStunClass
class_of_type (guint16 type)
{
  return (ThStunClass) (((type >> 4) & 1) | ((type >> 7) & 2));
}

/* The bytes that an attribute takes, from its header to the end of its padding. */
static gsize
attribute_size (const guint8 *attribute)
{
  return TH_STUN_ATTRIBUTE_HEADER_SIZE + th_padded_length (th_read_u16 (attribute + 2));
}

static gboolean
attributes_fit (const guint8 *bytes, gsize length)
{
  gsize offset = TH_STUN_HEADER_SIZE;

  while (offset < length)
    {
      gsize left = length - offset;

      if (left < TH_STUN_ATTRIBUTE_HEADER_SIZE || attribute_size (bytes + offset) > left)
        return FALSE;
      offset += attribute_size (bytes + offset);
    }
  return TRUE;
}

/* Whether an attribute of that type still counts where the iterator stands. */
static gboolean
counts_here (const ThStunIter *self, guint16 type)
{
  if (self->sealed_by == 0 || type == TH_STUN_FINGERPRINT)
    return TRUE;
  return self->sealed_by == TH_STUN_MESSAGE_INTEGRITY && type == TH_STUN_MESSAGE_INTEGRITY_SHA256;
}

/* What has passed the iterator decides what may come after it. */
static void
note_passed (ThStunIter *self, guint16 type)
{
  if (type == TH_STUN_FINGERPRINT)
    self->offset = self->message->length;
  else if (type == TH_STUN_MESSAGE_INTEGRITY || type == TH_STUN_MESSAGE_INTEGRITY_SHA256)
    self->sealed_by = type;
}

/* @mask: what the port (2 bytes) and the address (4 or 16) are XORed with */
static gboolean
read_address (const ThStunAttribute *self, const guint8 *mask, ThAddress *address)
{
  guint8 host[16];
  gsize host_length = 0;

  if (self->length == 4 + 4 && self->value[1] == TH_STUN_FAMILY_IPV4)
    host_length = 4;
  else if (self->length == 4 + 16 && self->value[1] == TH_STUN_FAMILY_IPV6)
    host_length = 16;
  else
    return FALSE;

  for (gsize i = 0; i < host_length; i++)
    host[i] = self->value[4 + i] ^ mask[i];
  th_address_init_bytes (address, self->value[1], host,
                         th_read_u16 (self->value + 2) ^ th_read_u16 (mask));
  return TRUE;
}

gboolean
th_stun_looks_like_message (const guint8 *bytes, gsize length)
{
  return length >= TH_STUN_HEADER_SIZE && (bytes[0] & 0xC0) == 0 &&
         th_read_u32 (bytes + 4) == TH_STUN_MAGIC_COOKIE;
}

gboolean
th_stun_message_parse (ThStunMessage *self, const guint8 *bytes, gsize length)
{
  if (!th_stun_looks_like_message (bytes, length))
    return FALSE;
  if (length % 4 != 0 || length - TH_STUN_HEADER_SIZE != th_read_u16 (bytes + 2))
    return FALSE;
  if (!attributes_fit (bytes, length))
    return FALSE;

  self->bytes = bytes;
  self->length = length;
  self->method = method_of_type (th_read_u16 (bytes));
  self->class = class_of_type (th_read_u16 (bytes));
  return TRUE;
}

void
th_stun_iter_init (ThStunIter *self, const ThStunMessage *message)
{
  self->message = message;
  self->offset = TH_STUN_HEADER_SIZE;
  self->sealed_by = 0;
}

gboolean
th_stun_iter_next (ThStunIter *self, ThStunAttribute *attribute)
{
  while (self->offset < self->message->length)
    {
      const guint8 *here = self->message->bytes + self->offset;
      guint16 type = th_read_u16 (here);

      self->offset += attribute_size (here);
      if (!counts_here (self, type))
        continue;
      note_passed (self, type);

      attribute->type = type;
      attribute->length = th_read_u16 (here + 2);
      attribute->value = here + TH_STUN_ATTRIBUTE_HEADER_SIZE;
      return TRUE;
    }
  return FALSE;
}

gboolean
th_stun_message_find (const ThStunMessage *self, guint16 type, ThStunAttribute *attribute)
{
  ThStunIter iter;

  th_stun_iter_init (&iter, self);
  while (th_stun_iter_next (&iter, attribute))
    if (attribute->type == type)
      return TRUE;
  return FALSE;
}

gboolean
th_stun_attribute_get_u32 (const ThStunAttribute *self, guint32 *value)
{
  if (self->length != sizeof *value)
    return FALSE;
  *value = th_read_u32 (self->value);
  return TRUE;
}

gboolean
th_stun_attribute_get_address (const ThStunAttribute *self, ThAddress *address)
{
  static const guint8 no_mask[16];

  return read_address (self, no_mask, address);
}

gboolean
th_stun_attribute_get_xor_address (const ThStunAttribute *self,
                                   const ThStunMessage *message,
                                   ThAddress *address)
{
  /* The cookie and the transaction id behind it are the mask, in one piece (section 14.2). */
  return read_address (self, message->bytes + 4, address);
}

gboolean
th_stun_attribute_get_error (const ThStunAttribute *self,
                             guint *code,
                             const char **reason,
                             gsize *reason_length)
{
  guint hundreds, rest;

  if (self->length < 4)
    return FALSE;
  hundreds = self->value[2] & 0x07; /* the bits above are reserved (section 14.8) */
  rest = self->value[3];
  if (hundreds < 3 || hundreds > 6 || rest > 99)
    return FALSE;

  *code = hundreds * 100 + rest;
  *reason_length = self->length - 4u;
  *reason = *reason_length > 0 ? (const char *) self->value + 4 : NULL;
  return TRUE;
}
