/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How ThRelay makes a ThRelayStatistics, from the counters of its workers.
 */
#pragma once

#include "relay/statistics.h"
#include "relay/udp-socket.h"
#include "turn/server.h"

G_BEGIN_DECLS

/* Adds what one worker has counted so far. */
void th_relay_statistics_add (ThRelayStatistics *sum,
                              const ThTurnCounters *turn,
                              const ThDropCounters *drops);

G_END_DECLS
