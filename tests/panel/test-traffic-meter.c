/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of how the relay's counters become rates.
 */
#include "panel/traffic-meter.h"

#include <glib/gstdio.h>

#include "app/kept-file.h"
#include "app/problem.h"
#include "app/traffic-file.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define START  (1000 * SECOND)

static ThTrafficMeter *
new_meter (void)
{
  g_autoptr (ThRelay) relay = th_relay_new ();
  return th_traffic_meter_new (relay, NULL);
}

static void
add (ThTrafficMeter *meter, double seconds, guint64 to_peers, guint64 to_clients)
{
  ThRelayStatistics now = { .bytes_to_peers = to_peers, .bytes_to_clients = to_clients };
  th_traffic_meter_add (meter, &now, START + seconds * SECOND);
}

static double
last (ThSeries *series)
{
  ThSeriesPoint point;
  g_assert_true (th_series_get_last (series, &point));
  return point.value;
}

static void
test_first_sample_says_nothing (void)
{
  g_autoptr (ThTrafficMeter) meter = new_meter ();
  add (meter, 0, 5000, 7000);
  g_assert_cmpuint (th_series_get_length (th_traffic_meter_get_to_peers (meter)), ==, 0);
  g_assert_cmpfloat (th_traffic_meter_get_rate (meter), ==, 0);
}

static void
test_bytes_become_bits_per_second (void)
{
  g_autoptr (ThTrafficMeter) meter = new_meter ();
  add (meter, 0, 1000, 0);
  add (meter, 2, 2000, 4000);
  g_assert_cmpfloat (last (th_traffic_meter_get_to_peers (meter)), ==, 4000);
  g_assert_cmpfloat (last (th_traffic_meter_get_to_clients (meter)), ==, 16000);
  g_assert_cmpfloat (th_traffic_meter_get_rate (meter), ==, 20000);
}

/* The counters of a relay that was started anew begin at zero. */
static void
test_counter_that_went_back (void)
{
  g_autoptr (ThTrafficMeter) meter = new_meter ();
  add (meter, 0, G_GUINT64_CONSTANT (1) << 40, 0);
  add (meter, 1, 125, 0);
  g_assert_cmpfloat (last (th_traffic_meter_get_to_peers (meter)), ==, 1000);
}

static void
test_pause_is_a_level (void)
{
  g_autoptr (ThTrafficMeter) meter = new_meter ();
  ThSeries *series = th_traffic_meter_get_to_peers (meter);
  add (meter, 0, 0, 0);
  add (meter, 1, 125, 0);
  add (meter, 101, 125 + 12500 * 2, 0);

  g_autoptr (GArray) points = th_series_get_points (series, 0, 0);
  g_assert_cmpuint (points->len, ==, 3);
  ThSeriesPoint start = g_array_index (points, ThSeriesPoint, 1);
  ThSeriesPoint end = g_array_index (points, ThSeriesPoint, 2);
  g_assert_cmpint (start.time, ==, START + SECOND);
  g_assert_cmpint (end.time, ==, START + 101 * SECOND);
  g_assert_cmpfloat (start.value, ==, 2000);
  g_assert_cmpfloat (end.value, ==, 2000);
}

static void
on_sampled (ThTrafficMeter *meter, guint *count)
{
  *count += 1;
}

static void
test_samples_only_while_active (void)
{
  g_autoptr (ThTrafficMeter) meter = new_meter ();
  guint count = 0;
  g_signal_connect (meter, "sampled", G_CALLBACK (on_sampled), &count);

  th_traffic_meter_set_active (meter, TRUE);
  g_assert_cmpuint (count, ==, 1);
  while (count < 2)
    g_main_context_iteration (NULL, TRUE);

  /* Coming and going does not ask more often than the timer would. */
  th_traffic_meter_set_active (meter, FALSE);
  th_traffic_meter_set_active (meter, TRUE);
  g_assert_cmpuint (count, ==, 2);
  th_traffic_meter_set_active (meter, FALSE);
  g_assert_false (g_main_context_pending (NULL));
}

/* A relay that does not run, and a recorder that knows of the last minutes. */
static ThTrafficMeter *
new_meter_with_history (const char *directory, ThTrafficRecorder **recorder)
{
  g_autoptr (ThRelay) relay = th_relay_new ();
  g_autoptr (ThSettings) settings = th_settings_new ();
  g_autoptr (GListStore) problems = g_list_store_new (TH_TYPE_PROBLEM);
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GError) error = NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gsize length;

  th_traffic_history_note (history, now - 30 * 60, zone, &(ThTrafficBytes){ 7500, 750 });
  th_traffic_history_note (history, now - 10 * 60, zone, &(ThTrafficBytes){ 22500, 2250 });
  g_autofree char *json = th_traffic_file_print (history, &length);
  th_kept_file_write (directory, TH_TRAFFIC_FILE_NAME, json, length, &error);
  g_assert_no_error (error);
  *recorder = th_traffic_recorder_new (directory, relay, settings, problems);
  return th_traffic_meter_new (relay, *recorder);
}

/* The highest value between @from and @until seconds ago. */
static double
highest (ThSeries *series, gint64 from, gint64 until)
{
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GArray) points = th_series_get_points (series, 0, 0);
  double value = 0;
  for (guint i = 0; i < points->len; i++)
    {
      ThSeriesPoint point = g_array_index (points, ThSeriesPoint, i);
      if (point.time > now - from * SECOND && point.time < now - until * SECOND)
        value = MAX (value, point.value);
    }
  return value;
}

static void
test_history_stands_before_the_first_sample (void)
{
  g_autofree char *directory = g_dir_make_tmp ("turnhouse-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, TH_TRAFFIC_FILE_NAME, NULL);
  ThTrafficRecorder *recorder;
  g_autoptr (ThTrafficMeter) meter = new_meter_with_history (directory, &recorder);
  ThSeries *to_peers = th_traffic_meter_get_to_peers (meter);
  ThSeries *to_clients = th_traffic_meter_get_to_clients (meter);

  th_traffic_meter_set_active (meter, TRUE);
  th_traffic_meter_set_active (meter, FALSE);
  g_assert_cmpfloat (highest (to_peers, 32 * 60, 28 * 60), ==, 1000);
  g_assert_cmpfloat (highest (to_clients, 32 * 60, 28 * 60), ==, 100);
  g_assert_cmpfloat (highest (to_peers, 12 * 60, 8 * 60), ==, 2000);
  g_assert_cmpfloat (highest (to_peers, 28 * 60, 12 * 60), ==, 0);
  g_assert_cmpfloat (highest (to_peers, 3600, 32 * 60), ==, 0);
  g_assert_cmpuint (th_series_get_length (to_peers), >=, 59);
  g_assert_cmpuint (th_series_get_length (to_peers), <=, 62);

  th_traffic_recorder_free (recorder);
  g_unlink (path);
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/panel/traffic-meter/first-sample-says-nothing",
                   test_first_sample_says_nothing);
  g_test_add_func ("/panel/traffic-meter/bytes-become-bits-per-second",
                   test_bytes_become_bits_per_second);
  g_test_add_func ("/panel/traffic-meter/counter-that-went-back", test_counter_that_went_back);
  g_test_add_func ("/panel/traffic-meter/pause-is-a-level", test_pause_is_a_level);
  g_test_add_func ("/panel/traffic-meter/history-stands-before-the-first-sample",
                   test_history_stands_before_the_first_sample);
  g_test_add_func ("/panel/traffic-meter/samples-only-while-active",
                   test_samples_only_while_active);
  return g_test_run ();
}
