/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers as people read them. Rates are SI, as network rates always are: a kilobit is 1,000 bits.
 */
#include "panel/format.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <math.h>

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Of Unicode's algorithm for text in two directions */
#define LEFT_TO_RIGHT_ISOLATE "\u2066"
#define POP_ISOLATE           "\u2069"

/* The same words, but never apart at the end of a line. Takes @text. */
static char *
kept_together (char *text)
{
  GString *string = g_string_new (text);
  g_string_replace (string, " ", "\u00a0", 0);  /* no-break space */
  g_string_replace (string, "/", "/\u2060", 0); /* word joiner */
  g_free (text);
  return g_string_free (string, FALSE);
}

/* Puts the unit behind a number that was divided by 1,000 @prefix times. */
static char *
with_bits (const char *number, guint prefix)
{
  switch (prefix)
    {
    case 0:
      /* Translators: a data rate in bits per second */
      return kept_together (g_strdup_printf (_("%s bit/s"), number));
    case 1:
      return kept_together (g_strdup_printf (_("%s kbit/s"), number));
    case 2:
      return kept_together (g_strdup_printf (_("%s Mbit/s"), number));
    default:
      return kept_together (g_strdup_printf (_("%s Gbit/s"), number));
    }
}

static char *
with_bytes (const char *number, guint prefix)
{
  switch (prefix)
    {
    case 0:
      /* Translators: a data rate in bytes per second */
      return kept_together (g_strdup_printf (_("%s B/s"), number));
    case 1:
      return kept_together (g_strdup_printf (_("%s kB/s"), number));
    case 2:
      return kept_together (g_strdup_printf (_("%s MB/s"), number));
    default:
      return kept_together (g_strdup_printf (_("%s GB/s"), number));
    }
}

static char *
with_size_unit (const char *number, guint prefix)
{
  switch (prefix)
    {
    case 0:
      /* Translators: an amount of data in bytes */
      return kept_together (g_strdup_printf (_("%s B"), number));
    case 1:
      return kept_together (g_strdup_printf (_("%s kB"), number));
    case 2:
      return kept_together (g_strdup_printf (_("%s MB"), number));
    case 3:
      return kept_together (g_strdup_printf (_("%s GB"), number));
    case 4:
      return kept_together (g_strdup_printf (_("%s TB"), number));
    default:
      return kept_together (g_strdup_printf (_("%s PB"), number));
    }
}

static char *
with_unit (const char *number, guint prefix, ThRateUnit unit)
{
  return unit == TH_RATE_BYTES ? with_bytes (number, prefix) : with_bits (number, prefix);
}

/* Divides @value until it reads as less than 1,000; returns how often. */
static guint
scale (double *value)
{
  guint prefix = 0;
  while (*value >= 999.5 && prefix < 3)
    {
      *value /= 1000;
      prefix++;
    }
  return prefix;
}

char *
th_format_rate_in (double bits_per_second, ThRateUnit unit)
{
  double value = unit == TH_RATE_BYTES ? bits_per_second / 8 : bits_per_second;
  guint prefix = scale (&value);
  int decimals = prefix > 0 && value < 99.95 ? 1 : 0;
  g_autofree char *number = g_strdup_printf ("%.*f", decimals, value);
  return with_unit (number, prefix, unit);
}

char *
th_format_rate (double bits_per_second)
{
  return th_format_rate_in (bits_per_second, TH_RATE_BITS);
}

char *
th_format_round_rate (double bits_per_second, ThRateUnit unit)
{
  double value = unit == TH_RATE_BYTES ? bits_per_second / 8 : bits_per_second;
  guint prefix = scale (&value);
  g_autofree char *number = g_strdup_printf ("%g", value);
  return with_unit (number, prefix, unit);
}

static char *
with_milliseconds (const char *number)
{
  /* Translators: a span of time in thousandths of a second */
  return kept_together (g_strdup_printf (_("%s ms"), number));
}

char *
th_format_milliseconds (double milliseconds)
{
  int decimals = milliseconds < 9.995 ? 2 : milliseconds < 99.95 ? 1 : 0;
  g_autofree char *number = g_strdup_printf ("%.*f", decimals, milliseconds);
  return with_milliseconds (number);
}

char *
th_format_round_milliseconds (double milliseconds)
{
  g_autofree char *number = g_strdup_printf ("%g", milliseconds);
  return with_milliseconds (number);
}

static char *
with_percent (const char *number)
{
  return kept_together (g_strdup_printf (_("%s %%"), number));
}

char *
th_format_percent (double percent)
{
  g_autofree char *number = g_strdup_printf ("%.1f", percent);
  return with_percent (number);
}

char *
th_format_round_percent (double percent)
{
  g_autofree char *number = g_strdup_printf ("%g", percent);
  return with_percent (number);
}

char *
th_format_size (guint64 bytes)
{
  double value = bytes;
  guint prefix = 0;
  for (; value >= 999.5 && prefix < 5; prefix++)
    value /= 1000;

  /* Two digits tell enough, and none that says nothing: "3.2", "41", "20". */
  double rounded = value < 9.95 ? round (value * 10) / 10 : round (value);
  g_autofree char *number = g_strdup_printf ("%g", rounded);
  return with_size_unit (number, prefix);
}

char *
th_format_count (guint64 n)
{
  return g_strdup_printf ("%'" G_GUINT64_FORMAT, n);
}

/* How many there are of the largest unit that tells enough: 'd', 'h', 'm', or 0 below a minute */
static char
largest_unit (gint64 seconds, guint *n)
{
  static const struct {
    gint64 from;
    gint64 length;
    char unit;
  } units[] = { { 2 * DAY, DAY, 'd' }, { HOUR, HOUR, 'h' }, { MINUTE, MINUTE, 'm' } };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (seconds >= units[i].from)
      {
        *n = seconds / units[i].length;
        return units[i].unit;
      }
  *n = 0;
  return 0;
}

char *
th_format_span (gint64 seconds)
{
  guint n;
  switch (largest_unit (seconds, &n))
    {
    case 'd':
      return g_strdup_printf (ngettext ("%u day", "%u days", n), n);
    case 'h':
      return g_strdup_printf (ngettext ("%u hour", "%u hours", n), n);
    case 'm':
      return g_strdup_printf (ngettext ("%u minute", "%u minutes", n), n);
    default:
      return NULL;
    }
}

char *
th_format_time_left (gint64 seconds)
{
  guint hours = seconds / HOUR;
  guint minutes = seconds % HOUR / MINUTE;
  if (seconds >= 2 * DAY)
    return th_format_span (seconds);
  if (hours > 0 && minutes == 0)
    return kept_together (g_strdup_printf (_("%u h"), hours));
  if (hours > 0)
    /* Translators: hours and minutes, short: "23 h 41 min" */
    return kept_together (g_strdup_printf (_("%1$u h %2$u min"), hours, minutes));
  if (minutes > 0)
    return kept_together (g_strdup_printf (_("%u min"), minutes));
  return g_strdup (_("less than a minute"));
}

char *
th_format_ago (gint64 seconds)
{
  guint n;
  switch (largest_unit (seconds, &n))
    {
    case 'd':
      return g_strdup_printf (ngettext ("%u day ago", "%u days ago", n), n);
    case 'h':
      return g_strdup_printf (ngettext ("%u hour ago", "%u hours ago", n), n);
    case 'm':
      return g_strdup_printf (ngettext ("%u minute ago", "%u minutes ago", n), n);
    default:
      return g_strdup (_("just now"));
    }
}

char *
th_format_moment (gint64 time)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_local (time);
  return moment ? g_date_time_format (moment, "%c") : g_strdup ("");
}

char *
th_format_left_to_right (const char *text)
{
  if (gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL)
    return g_strconcat (LEFT_TO_RIGHT_ISOLATE, text, POP_ISOLATE, NULL);
  return g_strdup (text);
}
