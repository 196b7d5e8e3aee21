/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSeries: a ring of samples.
 */
#include "panel/widgets/series.h"

#include <string.h>

struct _ThSeries {
  GObject parent_instance;

  ThSeriesPoint *ring;
  guint capacity;
  guint start; /* where in @ring the oldest sample is */
  guint length;
};

G_DEFINE_FINAL_TYPE (ThSeries, th_series, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const ThSeriesPoint *
nth (ThSeries *self, guint index)
{
  return &self->ring[(self->start + index) % self->capacity];
}

/* How many samples are older than @time. */
static guint
count_before (ThSeries *self, gint64 time)
{
  guint low = 0, high = self->length;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (nth (self, middle)->time < time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The mean of the samples from @index on that lie in the same step; moves @index behind them. */
static ThSeriesPoint
mean_of_step (ThSeries *self, guint *index, gint64 step)
{
  const ThSeriesPoint *first = nth (self, *index);
  gint64 number = first->time / step;
  gint64 offsets = 0;
  double values = 0;
  guint n = 0;
  for (; *index < self->length && nth (self, *index)->time / step == number; (*index)++)
    {
      offsets += nth (self, *index)->time - first->time;
      values += nth (self, *index)->value;
      n++;
    }
  return (ThSeriesPoint){ .time = first->time + offsets / n, .value = values / n };
}

static void
th_series_finalize (GObject *object)
{
  ThSeries *self = TH_SERIES (object);
  g_free (self->ring);
  G_OBJECT_CLASS (th_series_parent_class)->finalize (object);
}

static void
th_series_class_init (ThSeriesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = th_series_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", TH_TYPE_SERIES, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
th_series_init (ThSeries *self)
{
}

ThSeries *
th_series_new (guint capacity)
{
  g_return_val_if_fail (capacity > 0, NULL);
  ThSeries *self = g_object_new (TH_TYPE_SERIES, NULL);
  self->capacity = capacity;
  self->ring = g_new0 (ThSeriesPoint, capacity);
  return self;
}

ThSeries *
th_series_copy (ThSeries *self)
{
  g_return_val_if_fail (TH_IS_SERIES (self), NULL);
  ThSeries *copy = th_series_new (self->capacity);
  copy->start = self->start;
  copy->length = self->length;
  memcpy (copy->ring, self->ring, self->capacity * sizeof copy->ring[0]);
  return copy;
}

void
th_series_add (ThSeries *self, gint64 time, double value)
{
  g_return_if_fail (TH_IS_SERIES (self));
  g_return_if_fail (self->length == 0 || time >= nth (self, self->length - 1)->time);

  if (self->length == self->capacity)
    self->start = (self->start + 1) % self->capacity;
  else
    self->length++;
  self->ring[(self->start + self->length - 1) % self->capacity] = (ThSeriesPoint){ time, value };
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
th_series_clear (ThSeries *self)
{
  g_return_if_fail (TH_IS_SERIES (self));
  self->start = self->length = 0;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

guint
th_series_get_length (ThSeries *self)
{
  return self->length;
}

gboolean
th_series_get_last (ThSeries *self, ThSeriesPoint *point)
{
  if (self->length == 0)
    return FALSE;
  *point = *nth (self, self->length - 1);
  return TRUE;
}

GArray *
th_series_get_points (ThSeries *self, gint64 from, gint64 step)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (ThSeriesPoint));
  guint index = count_before (self, step > 0 ? from - from % step : from);
  if (index > 0)
    {
      index--;
      if (step > 0) /* from the first sample of that step on */
        index = count_before (self, nth (self, index)->time - nth (self, index)->time % step);
    }
  while (index < self->length)
    {
      ThSeriesPoint point;
      if (step > 0)
        point = mean_of_step (self, &index, step);
      else
        point = *nth (self, index++);
      g_array_append_val (points, point);
    }
  return points;
}
