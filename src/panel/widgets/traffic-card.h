/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTrafficCard: the throughput chart with its legend, what is chosen about it, and what the day
 * and the month come to.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"
#include "panel/traffic-meter.h"

G_BEGIN_DECLS

#define TH_TYPE_TRAFFIC_CARD (th_traffic_card_get_type ())
G_DECLARE_FINAL_TYPE (ThTrafficCard, th_traffic_card, TH, TRAFFIC_CARD, AdwBin)

/* Properties and actions of the same meaning: "span" and "traffic.span" (uint): minutes shown;
 * "paused" and "traffic.paused" (boolean). Property "bytes" (boolean): bytes, not bits. */

/* Once. @engine: (transfer none): must outlive the card */
void th_traffic_card_set_engine (ThTrafficCard *self, ThEngine *engine, ThTrafficMeter *meter);

/* Opens where the month's plan is set. */
void th_traffic_card_show_plan (ThTrafficCard *self);

G_END_DECLS
