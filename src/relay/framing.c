/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first bytes of a frame tell its kind and length.
 */
#include "relay/framing.h"

#include <string.h>

#include "stun/defs.h"

static ThFrameVerdict
compare (gsize there, gsize needed, gsize *frame_length)
{
  *frame_length = needed;
  return there >= needed ? TH_FRAME_WHOLE : TH_FRAME_PARTIAL;
}

ThFrameVerdict
th_frame_measure (const guint8 *bytes, gsize length, gsize *frame_length, gboolean *is_channel_data)
{
  gsize body;
  guint32 cookie;

  *frame_length = 0;
  *is_channel_data = FALSE;
  if (length == 0)
    return TH_FRAME_PARTIAL;

  *is_channel_data = (bytes[0] & 0xC0) == 0x40;
  if (!*is_channel_data && (bytes[0] & 0xC0) != 0)
    return TH_FRAME_INVALID;
  if (length < TH_CHANNEL_HEADER_SIZE)
    return TH_FRAME_PARTIAL;

  body = (gsize) (bytes[2] << 8 | bytes[3]);
  if (*is_channel_data)
    return compare (length, TH_CHANNEL_HEADER_SIZE + ((body + 3) & ~(gsize) 3), frame_length);

  if (body % 4 != 0)
    return TH_FRAME_INVALID;
  if (length < TH_FRAME_HEADER_SIZE)
    return TH_FRAME_PARTIAL;
  memcpy (&cookie, bytes + 4, sizeof cookie);
  if (cookie != GUINT32_TO_BE (TH_STUN_MAGIC_COOKIE))
    return TH_FRAME_INVALID;
  return compare (length, TH_STUN_HEADER_SIZE + body, frame_length);
}
