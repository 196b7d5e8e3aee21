/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cuts what a server sends over a stream into STUN messages and ChannelData (RFC 8656, section
 * 12.5). A server that speaks something else altogether is noticed at the first bytes.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  GByteArray *bytes; /* of a frame that has not all come yet */
  guint16 channel;   /* the only one that may come; 0: none */
} ThIceFrames;

void th_ice_frames_init (ThIceFrames *self);
void th_ice_frames_clear (ThIceFrames *self);
void th_ice_frames_push (ThIceFrames *self, const guint8 *bytes, gsize length);

/**
 * th_ice_frames_pop:
 * @length: (out): of the frame without padding
 * @garbage: (out): whether what comes next can be no frame
 *
 * Returns: (transfer full) (nullable): the next frame that is whole
 */
guint8 *th_ice_frames_pop (ThIceFrames *self, gsize *length, gboolean *garbage);

/* Whether a datagram can be a frame, as on @channel. */
gboolean th_ice_frame_is_possible (const guint8 *bytes, gsize length, guint16 channel);

G_END_DECLS
