/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sending the parcels of a batch through a datagram socket with as few calls as they allow: runs
 * of equal size to one destination leave as one buffer that the kernel cuts up (UDP_SEGMENT), and
 * everything together by sendmmsg.
 */
#pragma once

#include "relay/outbox.h"

G_BEGIN_DECLS

typedef struct {
  int fd;
  gboolean ipv6;
  gboolean connected;    /* parcels carry no address of their own */
  gboolean segmentation; /* the kernel cuts runs up; falls to FALSE for good if it refuses */
  guint64 *lost;         /* counts packets that the kernel did not take */
  guint16 too_large_for; /* the port that the last packet too large for its way was sent to */
} ThUdpSender;

/* Whether this kernel, in this sandbox, knows UDP_SEGMENT. Any thread. */
gboolean th_udp_segmentation_is_known (void);

/* Sends the parcels from @first on, following `next`. */
void th_udp_send (ThUdpSender *self, const ThParcel *parcels, gint first);

/* Whether routers may fragment what this socket sends. */
void th_udp_set_fragmenting (int fd, gboolean ipv6, gboolean allowed);

G_END_DECLS
