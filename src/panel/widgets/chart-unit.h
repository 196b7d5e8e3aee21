/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a chart's values are counted in, and how they are written.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  double one;           /* how much of a series' value is one on the axis */
  double smallest_step; /* of the axis, in a series' values: less is no mountain range */
  char *(*format) (double value);       /* (transfer full): what changes while one looks */
  char *(*format_round) (double value); /* (transfer full): what stands on the axis */
  char *(*format_widest) (void);        /* (transfer full): as wide as any on the axis */
} ThChartUnit;

/* Series of these have bit/s. */
extern const ThChartUnit th_chart_bits, th_chart_bytes;
extern const ThChartUnit th_chart_milliseconds;
extern const ThChartUnit th_chart_percent;

G_END_DECLS
