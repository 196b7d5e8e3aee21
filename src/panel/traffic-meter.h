/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTrafficMeter: asks the relay once a second what it has carried and keeps the rates, for an
 * hour. It sleeps while nobody looks, and has the recorder tell what went on meanwhile.
 */
#pragma once

#include "app/traffic-recorder.h"
#include "panel/widgets/series.h"
#include "relay/relay.h"

G_BEGIN_DECLS

#define TH_TYPE_TRAFFIC_METER (th_traffic_meter_get_type ())
G_DECLARE_FINAL_TYPE (ThTrafficMeter, th_traffic_meter, TH, TRAFFIC_METER, GObject)

/* Signal "sampled": the rates below are new. */

/* @recorder: (nullable): must outlive it; knows what there was before, and in long pauses */
ThTrafficMeter *th_traffic_meter_new (ThRelay *relay, ThTrafficRecorder *recorder);

/* Off at first. After a pause the mean rate stands for all of it, or after a long one that of each
 * minute. */
void th_traffic_meter_set_active (ThTrafficMeter *self, gboolean active);

/* Takes counters as a sample; the timer does that with the relay's.
 * @time: microseconds, of the monotonic clock */
void th_traffic_meter_add (ThTrafficMeter *self, const ThRelayStatistics *now, gint64 time);

/* (transfer none): bit/s */
ThSeries *th_traffic_meter_get_to_peers (ThTrafficMeter *self);
ThSeries *th_traffic_meter_get_to_clients (ThTrafficMeter *self);

/* bit/s, both directions, as last sampled; 0 before that */
double th_traffic_meter_get_rate (ThTrafficMeter *self);

G_END_DECLS
