/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTrafficRate: how much the relay carries per second, over the last interval that is over. Looks
 * at the relay's counters by a timer of its own, so that it does not matter who asks how often.
 * Main context only.
 */
#pragma once

#include "endpoint/backend.h"

G_BEGIN_DECLS

/**
 * th_traffic_rate_new:
 * @backend, @backend_data: outlive it
 * @interval: milliseconds
 */
ThTrafficRate *
th_traffic_rate_new (const ThEndpointBackend *backend, gpointer backend_data, guint interval);
void th_traffic_rate_free (ThTrafficRate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTrafficRate, th_traffic_rate_free)

/* Bits of payload per second; 0 until the first interval is over. */
gint64 th_traffic_rate_to_peers (const ThTrafficRate *self);
gint64 th_traffic_rate_to_clients (const ThTrafficRate *self);

G_END_DECLS
