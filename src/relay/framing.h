/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where one frame ends and the next begins on a stream (RFC 8656, section 12.5, and RFC 8489,
 * section 6.2.2): STUN messages and ChannelData, both padded to four bytes. Pure functions.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  TH_FRAME_WHOLE,
  TH_FRAME_PARTIAL, /* more bytes are needed */
  TH_FRAME_INVALID, /* neither of the two: the stream cannot be followed any further */
} ThFrameVerdict;

/* As many bytes as tell what a frame is. */
#define TH_FRAME_HEADER_SIZE 8

/**
 * th_frame_measure:
 * @bytes: the stream from where a frame begins
 * @length: how many bytes of it are there; may be 0
 * @frame_length: (out): with padding; set for whole frames, and for partial ones as soon as it is
 *   known (else 0)
 * @is_channel_data: (out): which of the two it is; set with @frame_length
 */
ThFrameVerdict th_frame_measure (const guint8 *bytes,
                                 gsize length,
                                 gsize *frame_length,
                                 gboolean *is_channel_data);

G_END_DECLS
