/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThFigureChart: one thing that was measured: its name, its figure, and a chart of how it came about.
 */
#pragma once

#include <adwaita.h>

#include "panel/widgets/chart.h"

G_BEGIN_DECLS

#define TH_TYPE_FIGURE_CHART (th_figure_chart_get_type ())
G_DECLARE_FINAL_TYPE (ThFigureChart, th_figure_chart, TH, FIGURE_CHART, AdwBin)

/**
 * th_figure_chart_set_up:
 * @name: what is measured, translated
 * @unit: static: of the samples
 * @color_name: a colour of the style sheet
 *
 * Once, before anything is shown.
 */
void th_figure_chart_set_up (ThFigureChart *self,
                             const char *name,
                             const ThChartUnit *unit,
                             const char *color_name);

/* Forgets all samples; the chart then shows the first @length microseconds. */
void th_figure_chart_clear (ThFigureChart *self, gint64 length);

/* @time: microseconds since measuring began, not before the newest sample */
void th_figure_chart_add (ThFigureChart *self, gint64 time, double value);

void th_figure_chart_set_figure (ThFigureChart *self, const char *text);

G_END_DECLS
