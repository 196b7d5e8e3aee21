/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEventLog: the last events of a relay, newest first. It keeps to its size whatever comes: what
 * happens again is counted, a crowd becomes one event, and what talks most gives way first. Main
 * context only.
 */
#pragma once

#include <gio/gio.h>

#include "app/event.h"

G_BEGIN_DECLS

/* As many events as are kept. */
#define TH_EVENT_LOG_MAX 1000

/* An event that is this old, in seconds, is not counted on: there is a new one then. */
#define TH_EVENT_LOG_SAME_FOR 600

/* As many new events about sessions, and about clients, as come one by one at a time, and after how
 * many seconds there may be one more. */
#define TH_EVENT_LOG_BURST 60
#define TH_EVENT_LOG_PAUSE 2

#define TH_TYPE_EVENT_LOG (th_event_log_get_type ())
G_DECLARE_FINAL_TYPE (ThEventLog, th_event_log, TH, EVENT_LOG, GObject)

/* A GListModel of ThEvent. */

ThEventLog *th_event_log_new (void);

/**
 * th_event_log_add:
 * @same: (nullable): events of one kind that have this text in common are one; NULL: each is one
 * @crowd: (nullable): what is said in place of @facts where too many come at a time; NULL: none is
 *   too many
 *
 * Time is what @facts say it is.
 */
void th_event_log_add (ThEventLog *self,
                       const ThEventFacts *facts,
                       const char *same,
                       const char *crowd);

/* Returns: (transfer full): a JSON array of all events in that list, in its order; times are ISO
 * 8601 in UTC */
char *th_events_to_json (GListModel *events);

G_END_DECLS
