/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of numbers as people read them.
 */
#include "panel/format.h"

#include <gtk/gtk.h>

#define NBSP "\u00a0"
#define PER  "/\u2060"

static void
test_rates (void)
{
  static const struct {
    double rate;
    const char *text;
  } cases[] = {
    { 0, "0" NBSP "bit" PER "s" },           { 999.4, "999" NBSP "bit" PER "s" },
    { 999.6, "1.0" NBSP "kbit" PER "s" },    { 7.9e6, "7.9" NBSP "Mbit" PER "s" },
    { 12.44e6, "12.4" NBSP "Mbit" PER "s" }, { 99.94e6, "99.9" NBSP "Mbit" PER "s" },
    { 99.96e6, "100" NBSP "Mbit" PER "s" },  { 999.6e6, "1.0" NBSP "Gbit" PER "s" },
    { 1234e9, "1234" NBSP "Gbit" PER "s" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = th_format_rate (cases[i].rate);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_round_rates (void)
{
  static const struct {
    double rate;
    const char *text;
  } cases[] = {
    { 10e3, "10" NBSP "kbit" PER "s" },
    { 15e6, "15" NBSP "Mbit" PER "s" },
    { 1.2e9, "1.2" NBSP "Gbit" PER "s" },
    { 900e6, "900" NBSP "Mbit" PER "s" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = th_format_round_rate (cases[i].rate, TH_RATE_BITS);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_rates_in_bytes (void)
{
  g_autofree char *none = th_format_rate_in (0, TH_RATE_BYTES);
  g_autofree char *some = th_format_rate_in (7.9e6, TH_RATE_BYTES);
  g_autofree char *round = th_format_round_rate (16e6, TH_RATE_BYTES);
  g_autofree char *many = th_format_rate_in (16e9, TH_RATE_BYTES);
  g_assert_cmpstr (none, ==, "0" NBSP "B" PER "s");
  g_assert_cmpstr (some, ==, "988" NBSP "kB" PER "s");
  g_assert_cmpstr (round, ==, "2" NBSP "MB" PER "s");
  g_assert_cmpstr (many, ==, "2.0" NBSP "GB" PER "s");
}

static void
assert_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_milliseconds (void)
{
  assert_text (th_format_milliseconds (0), "0.00\u00a0ms");
  assert_text (th_format_milliseconds (0.214), "0.21\u00a0ms");
  assert_text (th_format_milliseconds (9.996), "10.0\u00a0ms");
  assert_text (th_format_milliseconds (99.96), "100\u00a0ms");
  assert_text (th_format_round_milliseconds (0.2), "0.2\u00a0ms");
  assert_text (th_format_round_milliseconds (300), "300\u00a0ms");
}

static void
test_percent (void)
{
  assert_text (th_format_percent (0.04), "0.0\u00a0%");
  assert_text (th_format_percent (100), "100.0\u00a0%");
  assert_text (th_format_round_percent (5), "5\u00a0%");
}

static void
test_sizes (void)
{
  static const struct {
    guint64 size;
    const char *text;
  } cases[] = {
    { 0, "0" NBSP "B" },
    { 999, "999" NBSP "B" },
    { 1000, "1" NBSP "kB" },
    { 1049, "1" NBSP "kB" },
    { 3240000000, "3.2" NBSP "GB" },
    { 9940000000, "9.9" NBSP "GB" },
    { 9960000000, "10" NBSP "GB" },
    { 999600000, "1" NBSP "GB" },
    { 41200000000, "41" NBSP "GB" },
    { 20000000000000, "20" NBSP "TB" },
    { G_MAXINT64, "9223" NBSP "PB" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = th_format_size (cases[i].size);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_spans (void)
{
  static const struct {
    gint64 seconds;
    const char *text;
  } cases[] = {
    { 0, NULL },           { 59, NULL },
    { 60, "1 minute" },    { 3599, "59 minutes" },
    { 3600, "1 hour" },    { 7200, "2 hours" },
    { 86400, "24 hours" }, { 172799, "47 hours" },
    { 172800, "2 days" },  { 3 * 86400, "3 days" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = th_format_span (cases[i].seconds);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_time_left (void)
{
  static const struct {
    gint64 seconds;
    const char *text;
  } cases[] = {
    { 0, "less than a minute" },
    { 59, "less than a minute" },
    { 60, "1" NBSP "min" },
    { 3599, "59" NBSP "min" },
    { 3600, "1" NBSP "h" },
    { 85260, "23" NBSP "h" NBSP "41" NBSP "min" },
    { 86400, "24" NBSP "h" },
    { 172799, "47" NBSP "h" NBSP "59" NBSP "min" },
    { 172800, "2 days" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = th_format_time_left (cases[i].seconds);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_ago (void)
{
  g_autofree char *now = th_format_ago (59);
  g_autofree char *hours = th_format_ago (7200);
  g_autofree char *ahead = th_format_ago (-5); /* a clock that was set back */
  g_assert_cmpstr (now, ==, "just now");
  g_assert_cmpstr (hours, ==, "2 hours ago");
  g_assert_cmpstr (ahead, ==, "just now");
}

/* "::1" would read "1::" among words from right to left. */
static void
test_left_to_right (void)
{
  g_autofree char *usual = th_format_left_to_right ("::1");
  g_assert_cmpstr (usual, ==, "::1");

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  g_autofree char *isolated = th_format_left_to_right ("::1");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  g_assert_cmpstr (isolated, ==, "\u2066::1\u2069");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/panel/format/rates", test_rates);
  g_test_add_func ("/panel/format/round-rates", test_round_rates);
  g_test_add_func ("/panel/format/rates-in-bytes", test_rates_in_bytes);
  g_test_add_func ("/panel/format/milliseconds", test_milliseconds);
  g_test_add_func ("/panel/format/percent", test_percent);
  g_test_add_func ("/panel/format/sizes", test_sizes);
  g_test_add_func ("/panel/format/spans", test_spans);
  g_test_add_func ("/panel/format/time-left", test_time_left);
  g_test_add_func ("/panel/format/ago", test_ago);
  g_test_add_func ("/panel/format/left-to-right", test_left_to_right);
  return g_test_run ();
}
