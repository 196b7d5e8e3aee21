/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of ThSeries, the samples behind a chart, and of the round steps of a chart's axis.
 */
#include <math.h>

#include "panel/widgets/axis.h"
#include "panel/widgets/series.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

static const ThSeriesPoint *
point (GArray *points, guint index)
{
  g_assert_cmpuint (index, <, points->len);
  return &g_array_index (points, ThSeriesPoint, index);
}

/* Samples at 1, 2, 3 ... @n seconds, whose values are their numbers. */
static ThSeries *
counting_series (guint capacity, guint n)
{
  ThSeries *series = th_series_new (capacity);
  for (guint i = 1; i <= n; i++)
    th_series_add (series, i * SECOND, i);
  return series;
}

static void
test_empty (void)
{
  g_autoptr (ThSeries) series = th_series_new (3);
  g_autoptr (GArray) points = th_series_get_points (series, 0, 0);
  g_autoptr (GArray) means = th_series_get_points (series, 0, SECOND);
  ThSeriesPoint last;

  g_assert_cmpuint (th_series_get_length (series), ==, 0);
  g_assert_false (th_series_get_last (series, &last));
  g_assert_cmpuint (points->len, ==, 0);
  g_assert_cmpuint (means->len, ==, 0);
}

static void
test_keeps_the_newest (void)
{
  g_autoptr (ThSeries) series = counting_series (4, 10);
  g_autoptr (GArray) points = th_series_get_points (series, 0, 0);
  ThSeriesPoint last;

  g_assert_cmpuint (th_series_get_length (series), ==, 4);
  g_assert_true (th_series_get_last (series, &last));
  g_assert_cmpint (last.time, ==, 10 * SECOND);
  g_assert_cmpuint (points->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpint (point (points, i)->time, ==, (7 + i) * SECOND);
      g_assert_cmpfloat (point (points, i)->value, ==, 7 + i);
    }
}

static void
test_a_copy_stays_as_it_is (void)
{
  g_autoptr (ThSeries) series = counting_series (4, 10);
  g_autoptr (ThSeries) copy = th_series_copy (series);
  th_series_add (series, 11 * SECOND, 11);
  g_autoptr (GArray) points = th_series_get_points (copy, 0, 0);

  g_assert_cmpuint (points->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat (point (points, i)->value, ==, 7 + i);
}

static void
test_starts_one_point_early (void)
{
  g_autoptr (ThSeries) series = counting_series (20, 10);
  g_autoptr (GArray) from_sample = th_series_get_points (series, 6 * SECOND, 0);
  g_autoptr (GArray) from_between = th_series_get_points (series, 6 * SECOND + 1, 0);
  g_autoptr (GArray) from_end = th_series_get_points (series, 99 * SECOND, 0);

  g_assert_cmpfloat (point (from_sample, 0)->value, ==, 5);
  g_assert_cmpfloat (point (from_between, 0)->value, ==, 6);
  g_assert_cmpuint (from_end->len, ==, 1);
  g_assert_cmpfloat (point (from_end, 0)->value, ==, 10);
}

static void
test_means_of_steps (void)
{
  g_autoptr (ThSeries) series = counting_series (20, 9);
  g_autoptr (GArray) points = th_series_get_points (series, 4 * SECOND, 4 * SECOND);

  /* Steps of the clock: 1 to 3, 4 to 7, 8 to 9. */
  g_assert_cmpuint (points->len, ==, 3);
  g_assert_cmpfloat (point (points, 0)->value, ==, 2);
  g_assert_cmpint (point (points, 0)->time, ==, 2 * SECOND);
  g_assert_cmpfloat (point (points, 1)->value, ==, 5.5);
  g_assert_cmpint (point (points, 1)->time, ==, 5 * SECOND + SECOND / 2);
  g_assert_cmpfloat (point (points, 2)->value, ==, 8.5);

  /* The step that holds @from may begin after it, so the one before is there too. */
  g_autoptr (GArray) from_within = th_series_get_points (series, 6 * SECOND, 4 * SECOND);
  g_assert_cmpuint (from_within->len, ==, 3);
}

/* While time goes on, a point of the past must keep its place and value. */
static void
test_means_stand_still (void)
{
  g_autoptr (ThSeries) series = counting_series (100, 50);
  g_autoptr (GArray) before = th_series_get_points (series, 20 * SECOND, 5 * SECOND);
  for (guint second = 51; second <= 57; second++)
    th_series_add (series, second * SECOND, second);
  g_autoptr (GArray) after = th_series_get_points (series, 27 * SECOND, 5 * SECOND);

  for (guint i = 0; i < after->len; i++)
    for (guint j = 0; j + 1 < before->len; j++)
      if (ABS (point (after, i)->time - point (before, j)->time) < 2 * SECOND)
        {
          g_assert_cmpint (point (after, i)->time, ==, point (before, j)->time);
          g_assert_cmpfloat (point (after, i)->value, ==, point (before, j)->value);
        }
}

static void
test_random_sums_agree (void)
{
  g_autoptr (ThSeries) series = th_series_new (500);
  gint64 time = 0;
  double sum = 0;
  guint n = g_test_rand_int_range (1, 500);
  for (guint i = 0; i < n; i++)
    {
      double value = g_test_rand_double_range (0, 1e9);
      time += g_test_rand_int_range (0, 3 * SECOND);
      th_series_add (series, time, value);
      sum += value;
    }

  g_autoptr (GArray) all = th_series_get_points (series, 0, 0);
  g_autoptr (GArray) one = th_series_get_points (series, 0, time + 1);
  g_assert_cmpuint (all->len, ==, n);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpfloat_with_epsilon (point (one, 0)->value, sum / n, sum * 1e-9);
}

static void
on_changed (ThSeries *series, guint *count)
{
  *count += 1;
}

static void
test_says_when_it_changes (void)
{
  g_autoptr (ThSeries) series = th_series_new (2);
  guint count = 0;
  g_signal_connect (series, "changed", G_CALLBACK (on_changed), &count);
  for (guint i = 0; i < 5; i++)
    th_series_add (series, i, i);
  g_assert_cmpuint (count, ==, 5);
}

static void
test_axis_is_round (void)
{
  static const struct {
    double maximum, step;
  } cases[] = {
    { 0, 10e3 },     { 29e3, 10e3 },   { 30e3, 10e3 },   { 31e3, 20e3 },       { 7.9e6, 3e6 },
    { 12.4e6, 5e6 }, { 15e6, 5e6 },    { 15.1e6, 10e6 }, { 100e6, 40e6 },      { 299e6, 100e6 },
    { 1e9, 400e6 },  { 0.9e9, 300e6 }, { 9e9, 3e9 },     { 0.3e6 * 3, 300e3 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpfloat_with_epsilon (th_axis_step (cases[i].maximum, 3, 10e3), cases[i].step,
                                    cases[i].step * 1e-9);
}

static void
test_axis_reaches_the_maximum (void)
{
  for (guint i = 0; i < 1000; i++)
    {
      double maximum = pow (10, g_test_rand_double_range (0, 12));
      double step = th_axis_step (maximum, 3, 10e3);
      g_assert_cmpfloat (3 * step, >=, maximum * (1 - 1e-9));
      if (step > 10e3)
        g_assert_cmpfloat (3 * step, <=, 2.01 * maximum);
    }
}

static void
test_may_begin_anew (void)
{
  g_autoptr (ThSeries) series = th_series_new (2);
  ThSeriesPoint point;

  for (int i = 0; i < 3; i++)
    th_series_add (series, 100 + i, i);
  th_series_clear (series);
  g_assert_false (th_series_get_last (series, &point));
  th_series_add (series, 7, 5); /* before those that were there */
  g_assert_true (th_series_get_last (series, &point));
  g_assert_cmpint (point.time, ==, 7);
  g_assert_cmpuint (th_series_get_length (series), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/panel/series/empty", test_empty);
  g_test_add_func ("/panel/series/keeps-the-newest", test_keeps_the_newest);
  g_test_add_func ("/panel/series/a-copy-stays-as-it-is", test_a_copy_stays_as_it_is);
  g_test_add_func ("/panel/series/starts-one-point-early", test_starts_one_point_early);
  g_test_add_func ("/panel/series/means-of-steps", test_means_of_steps);
  g_test_add_func ("/panel/series/means-stand-still", test_means_stand_still);
  g_test_add_func ("/panel/series/random-sums-agree", test_random_sums_agree);
  g_test_add_func ("/panel/series/says-when-it-changes", test_says_when_it_changes);
  g_test_add_func ("/panel/series/may-begin-anew", test_may_begin_anew);
  g_test_add_func ("/panel/axis/is-round", test_axis_is_round);
  g_test_add_func ("/panel/axis/reaches-the-maximum", test_axis_reaches_the_maximum);
  return g_test_run ();
}
