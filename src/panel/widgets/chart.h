/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThChart: values over time as filled lines, with an axis, a grid and a cursor that tells the
 * values at a moment. The cursor follows the pointer, or the arrow keys when the chart has focus.
 */
#pragma once

#include <gtk/gtk.h>

#include "panel/widgets/chart-unit.h"
#include "panel/widgets/series.h"

G_BEGIN_DECLS

#define TH_TYPE_CHART (th_chart_get_type ())
G_DECLARE_FINAL_TYPE (ThChart, th_chart, TH, CHART, GtkWidget)

/* How many lines the grid has above zero. */
#define TH_CHART_GRID_LINES 3

GtkWidget *th_chart_new (void);

/**
 * th_chart_add_line:
 * @series: (transfer none): in the chart's unit; the chart redraws as it changes
 * @label: what the line shows, as it stands after the value: "to peers"
 * @color_name: a colour of the style sheet
 */
void th_chart_add_line (ThChart *self, ThSeries *series, const char *label, const char *color_name);

/* How many seconds the chart shows: 60 at first. */
void th_chart_set_span (ThChart *self, guint seconds);

/* What values are told in: bits at first. @unit: static */
void th_chart_set_unit (ThChart *self, const ThChartUnit *unit);

/* Has the chart stand still: it shows what is between these times of its series, in microseconds, and
 * its time axis counts from the first of them. Without, its right end is always the newest sample. */
void th_chart_set_range (ThChart *self, gint64 from, gint64 to);

/* A paused chart stays as it is, for as long as it takes. Its cursor still moves, and other spans
 * show more or less of the same. */
void th_chart_set_paused (ThChart *self, gboolean paused);

/* Returns: (transfer full): what stands at grid line @line, 1 to TH_CHART_GRID_LINES from below */
char *th_chart_dup_axis_label (ThChart *self, guint line);

/* Where the lines are drawn, in the coordinates of the widget. */
graphene_rect_t th_chart_get_plot_area (ThChart *self);

/**
 * th_chart_set_cursor:
 * @position: 0 (oldest) to 1 (now); negative: no cursor
 */
void th_chart_set_cursor (ThChart *self, double position);

G_END_DECLS
