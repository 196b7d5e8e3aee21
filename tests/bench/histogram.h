/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Histogram: how often which duration was seen, with a resolution of 3 % of it at any size.
 */
#pragma once

#include <glib.h>

/* 32 steps from each power of two to the next */
#define HISTOGRAM_STEPS 32
#define HISTOGRAM_BINS (60 * HISTOGRAM_STEPS)

/* All zero: nothing seen yet. */
typedef struct {
  guint64 bins[HISTOGRAM_BINS];
  guint64 count;
  gint64 largest;
} Histogram;

/* Negative ones count as zero. */
void histogram_add (Histogram *self, gint64 value);

/* @part: 0.5 is the median; 0 if nothing was seen */
gint64 histogram_quantile (const Histogram *self, double part);
