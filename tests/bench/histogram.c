/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bin is chosen by a value's highest six bits and how far they had to be shifted.
 */
#include "histogram.h"

static guint
shift_of (guint64 value)
{
  return value < 2 * HISTOGRAM_STEPS ? 0 : 58 - (guint) __builtin_clzll (value);
}

void
histogram_add (Histogram *self, gint64 value)
{
  guint64 size = (guint64) MAX (value, 0);
  guint shift = shift_of (size);

  self->bins[shift * HISTOGRAM_STEPS + (size >> shift)]++;
  self->count++;
  self->largest = MAX (self->largest, value);
}

/* The middle of what falls into that bin. */
static gint64
bin_value (guint bin)
{
  guint shift = bin < 2 * HISTOGRAM_STEPS ? 0 : bin / HISTOGRAM_STEPS - 1;
  gint64 lowest = (gint64) (bin - shift * HISTOGRAM_STEPS) << shift;

  return lowest + ((G_GINT64_CONSTANT (1) << shift) - 1) / 2;
}

gint64
histogram_quantile (const Histogram *self, double part)
{
  guint64 wanted = (guint64) (part * (double) self->count);
  guint64 passed = 0;

  for (guint bin = 0; bin < HISTOGRAM_BINS; bin++)
    {
      passed += self->bins[bin];
      if (passed > wanted)
        return MIN (bin_value (bin), self->largest);
    }
  return self->largest;
}
