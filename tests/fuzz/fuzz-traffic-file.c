/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes the file of traffic: whatever stands there is refused, or is a history that prints as
 * something that reads back as itself, takes more traffic, and has a month.
 */
#include <string.h>

#include "app/traffic-file.h"
#include "fuzz.h"

static void
check_history (ThTrafficHistory *history)
{
  gsize length;
  g_autofree char *text = th_traffic_file_print (history, &length), *again_text = NULL;
  g_autoptr (ThTrafficHistory) again = th_traffic_file_parse (text, length);

  g_assert_nonnull (again);
  again_text = th_traffic_file_print (again, NULL);
  g_assert_cmpstr (again_text, ==, text);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_malloc (size + 1); /* terminated, as the store reads it */
  g_autoptr (ThTrafficHistory) history = NULL;
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  ThTrafficTotals totals;

  if (size > 0)
    memcpy (text, data, size);
  text[size] = '\0';
  history = th_traffic_file_parse (text, size);
  if (history == NULL)
    return 0;
  check_history (history);
  th_traffic_history_note (history, 1800000000, zone, &(ThTrafficBytes) { G_MAXINT64, 5 });
  check_history (history);
  th_traffic_history_get_totals (history, 1800000000, zone, &totals);
  g_assert_cmpuint (totals.today, <=, totals.month);
  return 0;
}
