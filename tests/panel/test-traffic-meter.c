/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of how the relay's counters become rates.
 */
#include "panel/traffic-meter.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define START  (1000 * SECOND)

static ThTrafficMeter *
new_meter (void)
{
  g_autoptr (ThRelay) relay = th_relay_new ();
  return th_traffic_meter_new (relay);
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
  g_assert_cmpuint (th_traffic_meter_get_total (meter), ==, 12000);
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
  g_assert_cmpuint (th_traffic_meter_get_total (meter), ==, 6000);
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
  g_test_add_func ("/panel/traffic-meter/samples-only-while-active",
                   test_samples_only_while_active);
  return g_test_run ();
}
