/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Units, by the words that format.c has for them.
 */
#include "panel/widgets/chart-unit.h"

#include "panel/format.h"

static char *
format_bits (double value)
{
  return th_format_rate_in (value, TH_RATE_BITS);
}

static char *
format_round_bits (double value)
{
  return th_format_round_rate (value, TH_RATE_BITS);
}

static char *
format_bytes (double value)
{
  return th_format_rate_in (value, TH_RATE_BYTES);
}

static char *
format_round_bytes (double value)
{
  return th_format_round_rate (value, TH_RATE_BYTES);
}

/* Bits, whose unit is the wider word, for both: a chart keeps its width when the unit changes. */
static char *
format_widest_rate (void)
{
  return format_round_bits (500e6);
}

static char *
format_widest_milliseconds (void)
{
  return th_format_round_milliseconds (0.55);
}

static char *
format_widest_percent (void)
{
  return th_format_round_percent (100);
}

const ThChartUnit th_chart_bits = {
  .one = 1,
  .smallest_step = 10000, /* a keep-alive now and then */
  .format = format_bits,
  .format_round = format_round_bits,
  .format_widest = format_widest_rate,
};

const ThChartUnit th_chart_bytes = {
  .one = 8,
  .smallest_step = 10000,
  .format = format_bytes,
  .format_round = format_round_bytes,
  .format_widest = format_widest_rate,
};

const ThChartUnit th_chart_milliseconds = {
  .one = 1,
  .smallest_step = 0.1,
  .format = th_format_milliseconds,
  .format_round = th_format_round_milliseconds,
  .format_widest = format_widest_milliseconds,
};

const ThChartUnit th_chart_percent = {
  .one = 1,
  .smallest_step = 1,
  .format = th_format_percent,
  .format_round = th_format_round_percent,
  .format_widest = format_widest_percent,
};
