/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frames from a stream.
 */
#include "ice/ice-frames.h"

#include "stun/bytes.h"
#include "stun/defs.h"

void
th_ice_frames_init (ThIceFrames *self)
{
  self->bytes = g_byte_array_new ();
  self->channel = 0;
}

void
th_ice_frames_clear (ThIceFrames *self)
{
  g_clear_pointer (&self->bytes, g_byte_array_unref);
}

void
th_ice_frames_push (ThIceFrames *self, const guint8 *bytes, gsize length)
{
  g_byte_array_append (self->bytes, bytes, length);
}

/* 8 bytes tell: ChannelData of a channel that is bound, or a STUN header with its cookie. */
gboolean
th_ice_frame_is_possible (const guint8 *bytes, gsize length, guint16 channel)
{
  if (length >= TH_CHANNEL_HEADER_SIZE && channel != 0 && th_read_u16 (bytes) == channel)
    return TRUE;
  if (length > 0 && bytes[0] >= 0x40)
    return FALSE;
  return length < 8 || th_read_u32 (bytes + 4) == TH_STUN_MAGIC_COOKIE;
}

guint8 *
th_ice_frames_pop (ThIceFrames *self, gsize *length, gboolean *garbage)
{
  const guint8 *bytes = self->bytes->data;
  gsize available = self->bytes->len;
  gsize on_wire;
  guint8 *frame;

  *garbage = FALSE;
  if (available < TH_CHANNEL_HEADER_SIZE)
    return NULL;
  *garbage = !th_ice_frame_is_possible (bytes, available, self->channel);
  if (*garbage)
    return NULL;
  *length = th_read_u16 (bytes + 2) +
            (bytes[0] < 0x40 ? TH_STUN_HEADER_SIZE : TH_CHANNEL_HEADER_SIZE);
  on_wire = th_padded_length (*length);
  if (available < on_wire)
    return NULL;
  frame = g_memdup2 (bytes, *length);
  g_byte_array_remove_range (self->bytes, 0, on_wire);
  return frame;
}
