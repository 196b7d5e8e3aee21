/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Alarms by the wall clock: not early, not late, once, and not after they were set anew.
 */
#include "../relay/waiting.h"
#include "credentials/alarm.h"

typedef struct
{
  ThAlarm *alarm;
  guint rung;
  gint64 at;    /* of the clock, microseconds */
  gint64 again; /* seconds: set when it rings; 0: not */
} Ringing;

static void
on_alarm (gpointer data)
{
  Ringing *ringing = data;

  ringing->rung++;
  ringing->at = g_get_real_time ();
  if (ringing->again != 0)
    th_alarm_set (ringing->alarm, ringing->again);
  ringing->again = 0;
}

static void
on_alarm_free (gpointer data)
{
  Ringing *ringing = data;

  ringing->rung++;
  g_clear_pointer (&ringing->alarm, th_alarm_free);
}

static gint64
now_in_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
test_rings_in_time (void)
{
  Ringing ringing = { 0 };
  g_autoptr (ThAlarm) alarm = th_alarm_new (on_alarm, &ringing);
  gint64 time = now_in_seconds () + 1;

  th_alarm_set (alarm, time);
  wait_until (ringing.rung > 0);
  g_assert_cmpint (ringing.at, >=, time * G_USEC_PER_SEC);
  g_assert_cmpint (ringing.at, <, (time + 5) * G_USEC_PER_SEC);
  run_for (20);
  g_assert_cmpuint (ringing.rung, ==, 1);
}

static void
test_time_that_has_passed (void)
{
  static const gint64 times[] = { 1, -1, G_MININT64 };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      Ringing ringing = { 0 };
      g_autoptr (ThAlarm) alarm = th_alarm_new (on_alarm, &ringing);

      th_alarm_set (alarm, times[i]);
      g_assert_cmpuint (ringing.rung, ==, 0); /* not from within */
      wait_until (ringing.rung == 1);
    }
}

static void
test_set_anew (void)
{
  Ringing ringing = { 0 };
  g_autoptr (ThAlarm) alarm = th_alarm_new (on_alarm, &ringing);

  th_alarm_set (alarm, 1);
  th_alarm_set (alarm, 0);
  run_for (20);
  g_assert_cmpuint (ringing.rung, ==, 0);

  th_alarm_set (alarm, 1);
  th_alarm_set (alarm, now_in_seconds () + 7200);
  th_alarm_set (alarm, G_MAXINT64);
  run_for (20);
  g_assert_cmpuint (ringing.rung, ==, 0);

  ringing.alarm = alarm;
  ringing.again = 1;
  th_alarm_set (alarm, 1);
  wait_until (ringing.rung == 2);
}

static void
test_freed_when_it_rings (void)
{
  Ringing ringing = { 0 };

  ringing.alarm = th_alarm_new (on_alarm_free, &ringing);
  th_alarm_set (ringing.alarm, 1);
  wait_until (ringing.rung == 1);
  run_for (20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/credentials/alarm/rings-in-time", test_rings_in_time);
  g_test_add_func ("/credentials/alarm/time-that-has-passed", test_time_that_has_passed);
  g_test_add_func ("/credentials/alarm/set-anew", test_set_anew);
  g_test_add_func ("/credentials/alarm/freed-when-it-rings", test_freed_when_it_rings);
  return g_test_run ();
}
