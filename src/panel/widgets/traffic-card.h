/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTrafficCard: the throughput chart with its legend, and buttons for the span of time it shows.
 */
#pragma once

#include <adwaita.h>

#include "panel/traffic-meter.h"

G_BEGIN_DECLS

#define TH_TYPE_TRAFFIC_CARD (th_traffic_card_get_type ())
G_DECLARE_FINAL_TYPE (ThTrafficCard, th_traffic_card, TH, TRAFFIC_CARD, AdwBin)

/* Property and action of the same meaning: "span" and "traffic.span" (uint): minutes shown. */

void th_traffic_card_set_meter (ThTrafficCard *self, ThTrafficMeter *meter);

G_END_DECLS
