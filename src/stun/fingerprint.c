/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * FINGERPRINT and its CRC-32, four bytes a step. The compiler makes the tables: a CRC is linear,
 * so the entry of a byte is the XOR of the entries of its bits, and only those eight are written.
 */
#include "stun/fingerprint.h"

#include <string.h>

#include "stun/bytes.h"

#define BIT(i, n, entry) (((i) >> (n)) & 1 ? (entry) : 0u)
#define ENTRY(i, a, b, c, d, e, f, g, h)                                                           \
  (BIT (i, 0, a) ^ BIT (i, 1, b) ^ BIT (i, 2, c) ^ BIT (i, 3, d) ^ BIT (i, 4, e) ^ BIT (i, 5, f) ^ \
   BIT (i, 6, g) ^ BIT (i, 7, h))
#define ENTRIES_4(i, ...)                                                                          \
  ENTRY (i, __VA_ARGS__), ENTRY (i + 1, __VA_ARGS__), ENTRY (i + 2, __VA_ARGS__),                  \
      ENTRY (i + 3, __VA_ARGS__)
#define ENTRIES_16(i, ...)                                                                         \
  ENTRIES_4 (i, __VA_ARGS__), ENTRIES_4 (i + 4, __VA_ARGS__), ENTRIES_4 (i + 8, __VA_ARGS__),      \
      ENTRIES_4 (i + 12, __VA_ARGS__)
#define ENTRIES_64(i, ...)                                                                         \
  ENTRIES_16 (i, __VA_ARGS__), ENTRIES_16 (i + 16, __VA_ARGS__),                                   \
      ENTRIES_16 (i + 32, __VA_ARGS__), ENTRIES_16 (i + 48, __VA_ARGS__)
#define TABLE(...)                                                                                 \
  {                                                                                                \
    ENTRIES_64 (0, __VA_ARGS__), ENTRIES_64 (64, __VA_ARGS__), ENTRIES_64 (128, __VA_ARGS__),      \
        ENTRIES_64 (192, __VA_ARGS__)                                                              \
  }

/* tables[n][b]: what byte b does to the remainder when n further bytes follow it. */
static const guint32 tables[4][256] = {
  TABLE (0x77073096, 0xEE0E612C, 0x076DC419, 0x0EDB8832,
         0x1DB71064, 0x3B6E20C8, 0x76DC4190, 0xEDB88320),
  TABLE (0x191B3141, 0x32366282, 0x646CC504, 0xC8D98A08,
         0x4AC21251, 0x958424A2, 0xF0794F05, 0x3B83984B),
  TABLE (0x01C26A37, 0x0384D46E, 0x0709A8DC, 0x0E1351B8,
         0x1C26A370, 0x384D46E0, 0x709A8DC0, 0xE1351B80),
  TABLE (0xB8BC6765, 0xAA09C88B, 0x8F629757, 0xC5B428EF,
         0x5019579F, 0xA032AF3E, 0x9B14583D, 0xED59B63B),
};

gboolean
th_stun_check_fingerprint (const ThStunMessage *message)
{
  const guint8 *end = message->bytes + message->length;
  ThStunAttribute attribute;
  guint32 value;

  if (!th_stun_message_find (message, TH_STUN_FINGERPRINT, &attribute) ||
      !th_stun_attribute_get_u32 (&attribute, &value) || attribute.value + sizeof value != end)
    return FALSE;
  return value == (th_stun_crc32 (message->bytes, message->length - 8) ^ TH_STUN_FINGERPRINT_XOR);
}

guint32
th_stun_crc32 (const guint8 *bytes, gsize length)
{
  guint32 crc = 0xFFFFFFFFu;

  for (; length >= 4; bytes += 4, length -= 4)
    {
      crc ^= GUINT32_SWAP_LE_BE (th_read_u32 (bytes)); /* the first byte lowest */
      crc = tables[3][crc & 0xFF] ^ tables[2][(crc >> 8) & 0xFF] ^ tables[1][(crc >> 16) & 0xFF] ^
            tables[0][crc >> 24];
    }
  for (; length > 0; bytes++, length--)
    crc = tables[0][(crc ^ *bytes) & 0xFF] ^ (crc >> 8);
  return ~crc;
}
