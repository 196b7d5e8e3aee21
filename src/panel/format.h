/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers as people read them: rates with SI prefixes, spans of time in whole words. A number with a
 * unit is never broken at the end of a line.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): "0 bit/s", "7.9 Mbit/s", "124 Mbit/s": what changes while one looks */
char *th_format_rate (double bits_per_second);

typedef enum {
  TH_RATE_BITS,
  TH_RATE_BYTES
} ThRateUnit;

/* The same in the unit that was chosen: "7.9 Mbit/s" or "988 kB/s" */
char *th_format_rate_in (double bits_per_second, ThRateUnit unit);

/* Returns: (transfer full): "5 Mbit/s", without digits that say nothing: what stands on an axis */
char *th_format_round_rate (double bits_per_second, ThRateUnit unit);

/* Returns: (transfer full): "0.21 ms", "13.4 ms", "134 ms"; and on an axis, "0.2 ms" */
char *th_format_milliseconds (double milliseconds);
char *th_format_round_milliseconds (double milliseconds);

/* Returns: (transfer full): "0.4 %"; and on an axis, "5 %" */
char *th_format_percent (double percent);
char *th_format_round_percent (double percent);

/* Returns: (transfer full): "3.2 GB", "41 GB", "20 TB"; a GB is 10^9 bytes */
char *th_format_size (guint64 bytes);

/* Returns: (transfer full): "12,345", as here */
char *th_format_count (guint64 n);

/* Returns: (transfer full): "3 days", "1 hour", "2 minutes"; NULL below a minute */
char *th_format_span (gint64 seconds);

/* Returns: (transfer full): "3 days", "24 h", "23 h 41 min", "41 min", "less than a
 * minute": what is left */
char *th_format_time_left (gint64 seconds);

/* Returns: (transfer full): "2 hours ago", "just now" below a minute */
char *th_format_ago (gint64 seconds);

/* @time: seconds since 1970, UTC
 * Returns: (transfer full): date and time of day, here, to the second */
char *th_format_moment (gint64 time);

/* Returns: (transfer full): an address or a range of ports so that it is read from left to right
 * among words that are not, too; as it is where all words are */
char *th_format_left_to_right (const char *text);

G_END_DECLS
