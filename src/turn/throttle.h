/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Limits how many challenges (401 and 438 replies) a client network may draw in a second: the
 * source of a datagram can be forged, and a server that answers every one floods whoever was named.
 * Counts by IPv4 /24 and IPv6 /48, in memory of a fixed size. One thread at a time.
 */
#pragma once

#include <glib.h>

#include "stun/address.h"

G_BEGIN_DECLS

typedef struct _ThThrottle ThThrottle;

/* A number that all clients of one network have in common, and no others. */
guint64 th_throttle_network_of (const ThAddress *client);

/**
 * th_throttle_new:
 * @per_second: replies a network may draw per second in the long run; 0: no limit
 *
 * A network that was quiet may draw two seconds' worth at once.
 */
ThThrottle *th_throttle_new (guint per_second);
void th_throttle_free (ThThrottle *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThThrottle, th_throttle_free)

/* Takes effect with the next reply. */
void th_throttle_set_rate (ThThrottle *self, guint per_second);

/**
 * th_throttle_allow:
 * @monotonic_us: now, in microseconds of the monotonic clock
 *
 * Asks for one reply to @client and counts it. Loopback is never limited: nobody outside can forge
 * it. When the table is full of busy networks a new one shares the allowance of another, so the
 * replies of the whole server are bounded as well. Never allocates.
 *
 * Returns: %FALSE: stay silent
 */
gboolean th_throttle_allow (ThThrottle *self, const ThAddress *client, gint64 monotonic_us);

G_END_DECLS
