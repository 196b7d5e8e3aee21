/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTrafficHistory: how much the relay has carried, by the minute for some hours and by the local
 * day for more than a year, and what that comes to this month. Of fixed size. No clock and no
 * file: the time comes in. One thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many rows are kept of each; the oldest make room. */
#define TH_TRAFFIC_MINUTES_MAX 240
#define TH_TRAFFIC_DAYS_MAX    400

/* Relayed payload, at most G_MAXINT64 each. */
typedef struct {
  guint64 to_peers, to_clients;
} ThTrafficBytes;

/* A minute or a day in which something was carried. */
typedef struct {
  gint64 number; /* minutes since 1970, UTC; of days their Julian number, as GDate counts */
  ThTrafficBytes bytes;
} ThTrafficRow;

/* What it comes to; bytes both ways. */
typedef struct {
  guint64 today, month;
  guint64 forecast; /* by the end of the month; 0: too little is known */
  guint days;       /* whole days of this month that the forecast stands on */
} ThTrafficTotals;

typedef struct _ThTrafficHistory ThTrafficHistory;

ThTrafficHistory *th_traffic_history_new (void);
void th_traffic_history_free (ThTrafficHistory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTrafficHistory, th_traffic_history_free)

/* The counters start at zero from here. */
void th_traffic_history_begin (ThTrafficHistory *self);

/**
 * th_traffic_history_note:
 * @time: seconds since 1970, UTC; may be before what was noted last, if the clock was set back
 * @zone: where days begin and end
 * @counters: what was carried since th_traffic_history_begin(); those that are less than at the
 *   last time started at zero again
 *
 * Counts what was carried meanwhile towards that minute and that day. After the clock was set back,
 * minutes that are still to come are forgotten; days are not.
 *
 * Returns: whether that was anything
 */
gboolean th_traffic_history_note (ThTrafficHistory *self,
                                  gint64 time,
                                  GTimeZone *zone,
                                  const ThTrafficBytes *counters);

/**
 * th_traffic_history_get_totals:
 *
 * The forecast takes the rest of the month to be like its days so far, from the first on of which
 * anything is known. There is none before these are two.
 */
void th_traffic_history_get_totals (ThTrafficHistory *self,
                                    gint64 time,
                                    GTimeZone *zone,
                                    ThTrafficTotals *totals);

/* How much of @plan (bytes a month) is used, rounded down; 0 where there is no plan */
guint th_traffic_totals_get_percent (const ThTrafficTotals *totals, guint64 plan);

/* (transfer none): oldest first; until the history changes */
const ThTrafficRow *th_traffic_history_get_minutes (ThTrafficHistory *self, guint *n);
const ThTrafficRow *th_traffic_history_get_days (ThTrafficHistory *self, guint *n);

/* For who reads a history: FALSE unless the row comes after the others, fits a history and there is
 * room. */
gboolean th_traffic_history_append_minute (ThTrafficHistory *self, const ThTrafficRow *row);
gboolean th_traffic_history_append_day (ThTrafficHistory *self, const ThTrafficRow *row);

G_END_DECLS
