/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of what is remembered of traffic, with clocks that are set, days, months and places.
 */
#include "app/traffic-history.h"

#define MIB  G_GUINT64_CONSTANT (1048576)
#define DAY  G_GINT64_CONSTANT (86400)
#define HOUR G_GINT64_CONSTANT (3600)

static gint64
at (const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  g_assert_nonnull (time);
  return g_date_time_to_unix (time);
}

static GTimeZone *
zone (const char *offset)
{
  GTimeZone *found = g_time_zone_new_identifier (offset);

  g_assert_nonnull (found);
  return found;
}

static gboolean
note_in (ThTrafficHistory *history, const char *offset, gint64 time, guint64 up, guint64 down)
{
  g_autoptr (GTimeZone) place = zone (offset);

  return th_traffic_history_note (history, time, place, &(ThTrafficBytes) { up, down });
}

static gboolean
note (ThTrafficHistory *history, gint64 time, guint64 up, guint64 down)
{
  return note_in (history, "Z", time, up, down);
}

static ThTrafficTotals
totals_in (ThTrafficHistory *history, const char *offset, gint64 time)
{
  g_autoptr (GTimeZone) place = zone (offset);
  ThTrafficTotals totals;

  th_traffic_history_get_totals (history, time, place, &totals);
  return totals;
}

static guint
count_minutes (ThTrafficHistory *history)
{
  guint n;

  th_traffic_history_get_minutes (history, &n);
  return n;
}

static guint
count_days (ThTrafficHistory *history)
{
  guint n;

  th_traffic_history_get_days (history, &n);
  return n;
}

static void
assert_sorted (const ThTrafficRow *rows, guint n)
{
  for (guint i = 1; i < n; i++)
    g_assert_cmpint (rows[i - 1].number, <, rows[i].number);
}

static void
test_minutes_and_days_add_up (void)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();
  gint64 noon = at ("2026-11-21T12:00:00Z");
  guint n;

  g_assert_true (note (history, noon + 5, 100, 10));
  g_assert_true (note (history, noon + 15, 150, 40));
  g_assert_true (note (history, noon + 60, 150, 41));

  const ThTrafficRow *minutes = th_traffic_history_get_minutes (history, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (minutes[0].number, ==, noon / 60);
  g_assert_cmpuint (minutes[0].bytes.to_peers, ==, 150);
  g_assert_cmpuint (minutes[0].bytes.to_clients, ==, 40);
  g_assert_cmpuint (minutes[1].bytes.to_clients, ==, 1);
  g_assert_cmpuint (count_days (history), ==, 1);
  g_assert_cmpuint (totals_in (history, "Z", noon + 60).today, ==, 191);
}

static void
test_no_traffic_leaves_no_row (void)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();

  g_assert_false (note (history, at ("2026-11-21T12:00:00Z"), 0, 0));
  g_assert_true (note (history, at ("2026-11-21T12:01:00Z"), 1, 0));
  g_assert_false (note (history, at ("2026-11-21T12:02:00Z"), 1, 0));
  g_assert_cmpuint (count_minutes (history), ==, 1);
}

static void
test_counters_that_start_at_zero_again (void)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();
  gint64 time = at ("2026-11-21T12:00:00Z");

  note (history, time, 1000, 0);
  note (history, time + 10, 300, 7); /* a relay that nobody told of */
  g_assert_cmpuint (totals_in (history, "Z", time).today, ==, 1307);
  th_traffic_history_begin (history);
  note (history, time + 20, 400, 7); /* more than before, but from zero */
  g_assert_cmpuint (totals_in (history, "Z", time).today, ==, 1714);
}

static void
test_clock_set_back (void)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();
  gint64 time = at ("2026-11-21T12:00:00Z");
  guint n;

  for (guint i = 1; i <= 10; i++)
    note (history, time + i * 60, i * 100, 0);
  note (history, time + 5 * 60 + 30, 1001, 0);

  const ThTrafficRow *minutes = th_traffic_history_get_minutes (history, &n);
  g_assert_cmpuint (n, ==, 5);
  g_assert_cmpint (minutes[4].number, ==, time / 60 + 5);
  g_assert_cmpuint (minutes[4].bytes.to_peers, ==, 101);
  g_assert_cmpuint (totals_in (history, "Z", time).today, ==, 1001);

  note (history, time - 40 * DAY, 1003, 0);
  g_assert_cmpuint (count_minutes (history), ==, 1);
  g_assert_cmpuint (count_days (history), ==, 2);
  assert_sorted (th_traffic_history_get_days (history, &n), 2);
  g_assert_cmpuint (totals_in (history, "Z", time - 40 * DAY).today, ==, 2);
  g_assert_cmpuint (totals_in (history, "Z", time).today, ==, 1001);
}

static void
test_before_1970_nothing_is_counted (void)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();

  g_assert_false (note (history, -1, 5, 5));
  g_assert_true (note (history, 0, 6, 5));
  g_assert_cmpuint (totals_in (history, "Z", -1).today, ==, 0);
  g_assert_cmpuint (totals_in (history, "Z", 0).today, ==, 1);
}

static void
test_midnight_and_end_of_month (void)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();
  gint64 last = at ("2026-11-30T23:59:59Z");
  ThTrafficTotals totals;

  note (history, last - DAY, 1, 0);
  note (history, last, 1, 10);
  totals = totals_in (history, "Z", last);
  g_assert_cmpuint (totals.today, ==, 10);
  g_assert_cmpuint (totals.month, ==, 11);

  totals = totals_in (history, "Z", last + 1);
  g_assert_cmpuint (totals.today, ==, 0);
  g_assert_cmpuint (totals.month, ==, 0);
  note (history, last + 1, 101, 10);
  totals = totals_in (history, "Z", last + 1);
  g_assert_cmpuint (totals.today, ==, 100);
  g_assert_cmpuint (totals.month, ==, 100);
  g_assert_cmpuint (count_days (history), ==, 3);
}

/* Ten in the evening in London is the next morning in Tokyo. */
static void
test_days_are_local (void)
{
  g_autoptr (ThTrafficHistory) east = th_traffic_history_new ();
  gint64 time = at ("2026-11-30T22:00:00Z");

  note_in (east, "+09:00", time, 50, 0);
  g_assert_cmpuint (totals_in (east, "+09:00", time + 16 * HOUR).today, ==, 50);
  g_assert_cmpuint (totals_in (east, "+09:00", time + 18 * HOUR).today, ==, 0);
  g_assert_cmpuint (totals_in (east, "+09:00", time - 8 * HOUR).month, ==, 0); /* November */
  g_assert_cmpuint (totals_in (east, "-05:00", time).today, ==, 0);
}

static void
test_days_as_long_as_the_clocks_say (void)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();
  const char *berlin = "CET-1CEST,M3.5.0,M10.5.0/3";
  gint64 midnight = at ("2026-10-24T22:00:00Z"); /* of a day with 25 hours */

  note_in (history, berlin, midnight, 1, 0);
  note_in (history, berlin, midnight + 25 * HOUR - 1, 3, 0);
  note_in (history, berlin, midnight + 25 * HOUR, 7, 0);
  g_assert_cmpuint (totals_in (history, berlin, midnight + HOUR).today, ==, 3);
  g_assert_cmpuint (totals_in (history, berlin, midnight + 25 * HOUR).today, ==, 4);
}

static void
test_the_oldest_make_room (void)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();
  gint64 time = at ("2024-01-01T12:00:00Z");
  guint n;

  for (guint i = 0; i < TH_TRAFFIC_DAYS_MAX + 20; i++)
    note (history, time + i * DAY, i + 1, 0);
  const ThTrafficRow *days = th_traffic_history_get_days (history, &n);
  g_assert_cmpuint (n, ==, TH_TRAFFIC_DAYS_MAX);
  assert_sorted (days, n);
  g_assert_cmpint (days[n - 1].number - days[0].number, ==, TH_TRAFFIC_DAYS_MAX - 1);
  g_assert_cmpuint (count_minutes (history), ==, TH_TRAFFIC_MINUTES_MAX);
}

/* Else a clock that was once far ahead would leave no room for any day until then. */
static void
test_days_ahead_make_room_first (void)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();
  gint64 ahead = at ("2036-01-01T12:00:00Z"), time = at ("2026-11-21T12:00:00Z");

  for (guint i = 0; i < TH_TRAFFIC_DAYS_MAX; i++)
    note (history, ahead + i * DAY, i + 1, 0);
  note (history, time, TH_TRAFFIC_DAYS_MAX + 6, 0);
  note (history, time - DAY, TH_TRAFFIC_DAYS_MAX + 9, 0);
  g_assert_cmpuint (count_days (history), ==, TH_TRAFFIC_DAYS_MAX);
  g_assert_cmpuint (totals_in (history, "Z", time).today, ==, 6);
  g_assert_cmpuint (totals_in (history, "Z", time).month, ==, 9);
}

static void
test_forecast_after_two_days (void)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();
  gint64 first = at ("2026-11-01T00:00:00Z");
  ThTrafficTotals totals;

  note (history, first, 10 * MIB, 0);
  note (history, first + DAY, 20 * MIB, 0);
  totals = totals_in (history, "Z", first + 2 * DAY - 1);
  g_assert_cmpuint (totals.month, ==, 20 * MIB);
  g_assert_cmpuint (totals.forecast, ==, 0);

  totals = totals_in (history, "Z", first + 2 * DAY);
  g_assert_cmpuint (totals.forecast, ==, 300 * MIB); /* 10 MiB on each of 30 days */
  g_assert_cmpuint (totals.days, ==, 2);
  totals = totals_in (history, "Z", first + 15 * DAY);
  g_assert_cmpuint (totals.forecast, ==, 40 * MIB);
}

/* What was before this program came does not count as days without traffic. */
static void
test_forecast_from_the_middle_of_a_month (void)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();
  gint64 start = at ("2026-11-21T00:00:00Z");

  note (history, start, 40, 0);
  g_assert_cmpuint (totals_in (history, "Z", start + DAY).forecast, ==, 0);
  g_assert_cmpuint (totals_in (history, "Z", start + 4 * DAY).forecast, ==, 100);
  g_assert_cmpuint (totals_in (history, "Z", start - DAY).forecast, ==, 0);
}

static void
test_numbers_stay_in_range (void)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();
  gint64 time = at ("2026-11-21T12:00:00Z");
  ThTrafficTotals totals;

  note (history, time, G_MAXUINT64, G_MAXUINT64);
  note (history, time, 5, 5);
  note (history, time + DAY, G_MAXUINT64, 5);
  totals = totals_in (history, "Z", time + 3 * DAY);
  g_assert_cmpuint (totals.month, ==, G_MAXINT64 - 1);
  g_assert_cmpuint (totals.forecast, ==, G_MAXINT64 - 1);
}

static void
test_percent_of_a_plan (void)
{
  ThTrafficTotals totals = { .month = 799 };

  g_assert_cmpuint (th_traffic_totals_get_percent (&totals, 1000), ==, 79);
  totals.month = 800;
  g_assert_cmpuint (th_traffic_totals_get_percent (&totals, 1000), ==, 80);
  g_assert_cmpuint (th_traffic_totals_get_percent (&totals, 0), ==, 0);
  g_assert_cmpuint (th_traffic_totals_get_percent (&totals, 1), ==, 800);
  totals.month = G_MAXINT64;
  g_assert_cmpuint (th_traffic_totals_get_percent (&totals, 1), ==, G_MAXINT);
}

static void
test_only_rows_in_order_are_appended (void)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();
  ThTrafficRow row = { .number = 10 };

  g_assert_true (th_traffic_history_append_day (history, &row));
  g_assert_false (th_traffic_history_append_day (history, &row));
  row.number = 9;
  g_assert_false (th_traffic_history_append_day (history, &row));
  row.number = -1;
  g_assert_false (th_traffic_history_append_minute (history, &row));
  row.number = G_MAXINT64;
  g_assert_false (th_traffic_history_append_minute (history, &row));
  g_assert_false (th_traffic_history_append_day (history, &row));
  row = (ThTrafficRow) { .number = 20, .bytes.to_clients = G_MAXUINT64 };
  g_assert_false (th_traffic_history_append_day (history, &row));
  g_assert_cmpuint (count_days (history), ==, 1);
  g_assert_cmpuint (count_minutes (history), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/app/traffic-history/" name, function)
  ADD ("minutes-and-days-add-up", test_minutes_and_days_add_up);
  ADD ("no-traffic-leaves-no-row", test_no_traffic_leaves_no_row);
  ADD ("counters-that-start-at-zero-again", test_counters_that_start_at_zero_again);
  ADD ("clock-set-back", test_clock_set_back);
  ADD ("before-1970-nothing-is-counted", test_before_1970_nothing_is_counted);
  ADD ("midnight-and-end-of-month", test_midnight_and_end_of_month);
  ADD ("days-are-local", test_days_are_local);
  ADD ("days-as-long-as-the-clocks-say", test_days_as_long_as_the_clocks_say);
  ADD ("the-oldest-make-room", test_the_oldest_make_room);
  ADD ("days-ahead-make-room-first", test_days_ahead_make_room_first);
  ADD ("forecast-after-two-days", test_forecast_after_two_days);
  ADD ("forecast-from-the-middle-of-a-month", test_forecast_from_the_middle_of_a_month);
  ADD ("numbers-stay-in-range", test_numbers_stay_in_range);
  ADD ("percent-of-a-plan", test_percent_of_a_plan);
  ADD ("only-rows-in-order-are-appended", test_only_rows_in_order_are_appended);
  return g_test_run ();
}
