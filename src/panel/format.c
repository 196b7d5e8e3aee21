/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers as people read them. Rates are SI, as network rates always are: a kilobit is 1,000 bits.
 */
#include "panel/format.h"

#include <glib/gi18n.h>

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Puts the unit behind a number that was divided by 1,000 @prefix times. */
static char *
with_unit (const char *number, guint prefix)
{
  switch (prefix)
    {
    case 0:
      /* Translators: a data rate in bits per second; the space is one that does not break */
      return g_strdup_printf (_("%s\u00a0bit/s"), number);
    case 1:
      return g_strdup_printf (_("%s\u00a0kbit/s"), number);
    case 2:
      return g_strdup_printf (_("%s\u00a0Mbit/s"), number);
    default:
      return g_strdup_printf (_("%s\u00a0Gbit/s"), number);
    }
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
th_format_rate (double bits_per_second)
{
  double value = bits_per_second;
  guint prefix = scale (&value);
  int decimals = prefix > 0 && value < 99.95 ? 1 : 0;
  g_autofree char *number = g_strdup_printf ("%.*f", decimals, value);
  return with_unit (number, prefix);
}

char *
th_format_round_rate (double bits_per_second)
{
  double value = bits_per_second;
  guint prefix = scale (&value);
  g_autofree char *number = g_strdup_printf ("%g", value);
  return with_unit (number, prefix);
}

char *
th_format_span (gint64 seconds)
{
  if (seconds >= 2 * DAY)
    {
      guint days = seconds / DAY;
      return g_strdup_printf (ngettext ("%u day", "%u days", days), days);
    }
  if (seconds >= HOUR)
    {
      guint hours = seconds / HOUR;
      return g_strdup_printf (ngettext ("%u hour", "%u hours", hours), hours);
    }
  if (seconds >= MINUTE)
    {
      guint minutes = seconds / MINUTE;
      return g_strdup_printf (ngettext ("%u minute", "%u minutes", minutes), minutes);
    }
  return NULL;
}
