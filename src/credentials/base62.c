/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Base62: characters are groups of bits, the lowest first. Values whose four middle bits are all
 * set (30, 31, 62, 63) carry only their five lower bits, so that 62 and 63 never come.
 */
#include "credentials/base62.h"

#include <string.h>

#define NO_VALUE 0xff
#define FIVE_BITS 0x1f
#define SHORT_MASK 0x1e

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

static guint8
value_of (char character)
{
  if (character >= 'A' && character <= 'Z')
    return character - 'A';
  if (character >= 'a' && character <= 'z')
    return character - 'a' + 26;
  if (character >= '0' && character <= '9')
    return character - '0' + 52;
  return NO_VALUE;
}

static gboolean
is_short (guint8 value)
{
  return (value & SHORT_MASK) == SHORT_MASK;
}

/* The six bits from @position on, counted from the lowest bit of the last byte; then come zeros. */
static guint8
get_six_bits (const guint8 *bytes, gsize length, gsize position)
{
  gsize byte = position / 8; /* from the end */
  guint16 window = bytes[length - 1 - byte];

  if (byte + 1 < length)
    window |= bytes[length - 2 - byte] << 8;
  return window >> position % 8 & 0x3f;
}

/* The value of the next character; moves @position behind its bits. */
static guint8
take_value (const guint8 *bytes, gsize length, gsize *position)
{
  guint8 value = get_six_bits (bytes, length, *position);
  gboolean last = length * 8 - *position <= 6;

  /* The last one may be short of bits, and 30 and 31 are then all there is. */
  if (!is_short (value) || (last && value <= FIVE_BITS))
    {
      *position += 6;
      return value;
    }
  *position += 5;
  return value & FIVE_BITS;
}

char *
th_base62_encode (const guint8 *bytes, gsize length)
{
  char *text = g_malloc (TH_BASE62_TEXT_MAX (length) + 1);
  gsize position = 0, count = 0;

  while (position < length * 8)
    text[count++] = alphabet[take_value (bytes, length, &position)];
  text[count] = '\0';
  return text;
}

/* Writes from the end of @bytes towards its start; returns how many. */
static gsize
write_bits (const char *text, gsize length, guint8 *end)
{
  guint bits = 0, n_bits = 0;
  gsize count = 0;

  for (gsize i = 0; i < length; i++)
    {
      guint8 value = value_of (text[i]);

      bits |= value << n_bits;
      if (i + 1 == length)
        n_bits += g_bit_storage (value) - (value == 0);
      else
        n_bits += is_short (value) ? 5 : 6;
      if (n_bits >= 8)
        {
          end[-(gssize) ++count] = bits;
          bits >>= 8;
          n_bits -= 8;
        }
    }
  if (n_bits > 0)
    end[-(gssize) ++count] = bits;
  return count;
}

static gboolean
is_encoding_of (const char *text, gsize length, const guint8 *bytes, gsize n_bytes)
{
  gsize position = 0, count = 0;

  while (position < n_bytes * 8 && count < length)
    if (text[count++] != alphabet[take_value (bytes, n_bytes, &position)])
      return FALSE;
  return position >= n_bytes * 8 && count == length;
}

gboolean
th_base62_decode (const char *text, gsize length, guint8 *bytes, gsize *n_bytes)
{
  gsize room = TH_BASE62_BYTES_MAX (length);

  for (gsize i = 0; i < length; i++)
    if (value_of (text[i]) == NO_VALUE)
      return FALSE;
  *n_bytes = write_bits (text, length, bytes + room);
  memmove (bytes, bytes + room - *n_bytes, *n_bytes);
  return is_encoding_of (text, length, bytes, *n_bytes);
}
