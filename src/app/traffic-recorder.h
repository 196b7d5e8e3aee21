/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTrafficRecorder: keeps the traffic history of a relay, on from one start to the next, and says
 * when the month comes near what the plan allows (traffic/plan-limit). Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "app/traffic-history.h"
#include "relay/relay.h"
#include "settings/settings.h"

G_BEGIN_DECLS

typedef struct _ThTrafficRecorder ThTrafficRecorder;

/**
 * th_traffic_recorder_new:
 * @directory: the state directory
 * @problems: (transfer none): gets a "traffic-plan" problem from 80 % of the plan on
 *
 * Reads what is kept, which blocks. Nothing is counted yet.
 */
ThTrafficRecorder *th_traffic_recorder_new (const char *directory,
                                            ThRelay *relay,
                                            ThSettings *settings,
                                            GListStore *problems);
/* Stops it. */
void th_traffic_recorder_free (ThTrafficRecorder *self);

/* After the relay was started, and before it is stopped. Starting tells at once what the plan is
 * at; stopping writes, which blocks. */
void th_traffic_recorder_start (ThTrafficRecorder *self);
void th_traffic_recorder_stop (ThTrafficRecorder *self);

/* Counts what was carried until now; while started it does so itself every ten seconds, and writes
 * at most once a minute, in a thread. */
void th_traffic_recorder_look (ThTrafficRecorder *self);

/* As of the last look. */
ThTrafficHistory *th_traffic_recorder_get_history (ThTrafficRecorder *self); /* (transfer none) */
void th_traffic_recorder_get_totals (ThTrafficRecorder *self, ThTrafficTotals *totals);

/* Bytes a month; 0: no limit */
guint64 th_traffic_recorder_get_plan (ThTrafficRecorder *self);

G_END_DECLS
