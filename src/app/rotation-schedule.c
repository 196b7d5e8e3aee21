/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The calendar of rotations.
 */
#include "app/rotation-schedule.h"

#define DAY 86400

static gint64
add_month (gint64 since)
{
  g_autoptr (GDateTime) begin = g_date_time_new_from_unix_utc (since);
  g_autoptr (GDateTime) end = begin != NULL ? g_date_time_add_months (begin, 1) : NULL;

  return end != NULL ? g_date_time_to_unix (end) : 0; /* behind the calendar's end: never */
}

gint64
th_rotation_schedule_get_due (ThSettingRotate rotate, gint64 since)
{
  switch (rotate)
    {
    case TH_SETTING_ROTATE_NEVER:
      return 0;
    case TH_SETTING_ROTATE_DAILY:
      return since < G_MAXINT64 - DAY ? since + DAY : 0;
    case TH_SETTING_ROTATE_WEEKLY:
      return since < G_MAXINT64 - 7 * DAY ? since + 7 * DAY : 0;
    case TH_SETTING_ROTATE_MONTHLY:
      return add_month (since);
    }
  g_return_val_if_reached (0);
}
