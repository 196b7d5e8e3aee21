/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSeries: a value over time, the newest samples of it, for a chart to draw. Knows nothing of
 * widgets.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct {
  gint64 time; /* microseconds, of the monotonic clock */
  double value;
} ThSeriesPoint;

#define TH_TYPE_SERIES (th_series_get_type ())
G_DECLARE_FINAL_TYPE (ThSeries, th_series, TH, SERIES, GObject)

/* Signal "changed": a sample was added, or all are gone. */

/* @capacity: how many samples are kept; the oldest make room */
ThSeries *th_series_new (guint capacity);

/* (transfer full): the same samples, which stay as they are */
ThSeries *th_series_copy (ThSeries *self);

/* @time: not before the newest sample */
void th_series_add (ThSeries *self, gint64 time, double value);

void th_series_clear (ThSeries *self);

guint th_series_get_length (ThSeries *self);

/* Returns: FALSE while there is no sample */
gboolean th_series_get_last (ThSeries *self, ThSeriesPoint *point);

/**
 * th_series_get_points:
 * @from: microseconds; the last point before it is included too, so that a line enters from there
 * @step: microseconds; all samples of one step become one point, their mean. 0: every sample
 *
 * Steps lie on a grid of the clock and not of @from, so a point keeps its value while time goes on.
 *
 * Returns: (transfer full) (element-type ThSeriesPoint): in order of time
 */
GArray *th_series_get_points (ThSeries *self, gint64 from, gint64 step);

G_END_DECLS
