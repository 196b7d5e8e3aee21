/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEventRecorder: watches an engine and everything in it, and writes down what happens. Nobody
 * else writes to the log. Main context only.
 */
#pragma once

#include "app/engine.h"
#include "app/event-log.h"

G_BEGIN_DECLS

#define TH_TYPE_EVENT_RECORDER (th_event_recorder_get_type ())
G_DECLARE_FINAL_TYPE (ThEventRecorder, th_event_recorder, TH, EVENT_RECORDER, GObject)

/* @engine: (transfer none): whole but not started; it owns the recorder */
ThEventRecorder *th_event_recorder_new (ThEngine *engine);

ThEventLog *th_event_recorder_get_log (ThEventRecorder *self); /* (transfer none) */

G_END_DECLS
