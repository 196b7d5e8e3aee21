/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The timer wheel: single properties, then a comparison with a plain list of due times over random
 * operations and years of simulated time.
 */
#include "turn/timer-wheel.h"

#define YEAR (G_GINT64_CONSTANT (365) * 24 * 3600)
#define N_TIMERS 64

typedef struct {
  ThTimer timer; /* the first member: a timer is cast to its Alarm */
  guint fired;
  gint64 again_at; /* set again when fired; 0: not */
  ThTimerWheel *wheel;
  ThTimer *cancels; /* when fired; may be NULL */
} Alarm;

static void
on_alarm (ThTimer *timer, gpointer user_data)
{
  Alarm *alarm = (Alarm *) timer;
  guint *count = user_data;

  g_assert_false (th_timer_is_scheduled (timer));
  alarm->fired++;
  if (alarm->again_at != 0)
    th_timer_wheel_set (alarm->wheel, timer, alarm->again_at);
  if (alarm->cancels != NULL)
    th_timer_wheel_cancel (alarm->wheel, alarm->cancels);
  *count += 1;
}

static guint
advance (ThTimerWheel *wheel, gint64 now)
{
  guint count = 0;

  th_timer_wheel_advance (wheel, now, on_alarm, &count);
  return count;
}

static void
test_fires_when_due_and_once (void)
{
  g_autoptr (ThTimerWheel) wheel = th_timer_wheel_new (100);
  Alarm alarm = { 0 };

  th_timer_wheel_set (wheel, &alarm.timer, 110);
  g_assert_true (th_timer_is_scheduled (&alarm.timer));
  g_assert_cmpuint (advance (wheel, 109), ==, 0);
  g_assert_cmpuint (advance (wheel, 110), ==, 1);
  g_assert_false (th_timer_is_scheduled (&alarm.timer));
  g_assert_cmpuint (advance (wheel, 110), ==, 0);
  g_assert_cmpuint (advance (wheel, 110 + YEAR), ==, 0);
}

static void
test_due_in_the_past_fires_at_the_next_advance (void)
{
  g_autoptr (ThTimerWheel) wheel = th_timer_wheel_new (100);
  Alarm now = { 0 }, past = { 0 }, long_past = { 0 };

  th_timer_wheel_set (wheel, &now.timer, 100);
  th_timer_wheel_set (wheel, &past.timer, 99);
  th_timer_wheel_set (wheel, &long_past.timer, -5);
  g_assert_cmpuint (advance (wheel, 100), ==, 3);
  g_assert_cmpuint (advance (wheel, 100), ==, 0);
}

static void
test_moved_fires_at_the_new_time_only (void)
{
  g_autoptr (ThTimerWheel) wheel = th_timer_wheel_new (0);
  Alarm alarm = { 0 };

  th_timer_wheel_set (wheel, &alarm.timer, 10);
  th_timer_wheel_set (wheel, &alarm.timer, 20);
  g_assert_cmpuint (advance (wheel, 15), ==, 0);
  th_timer_wheel_set (wheel, &alarm.timer, 17);
  g_assert_cmpuint (advance (wheel, 17), ==, 1);
  g_assert_cmpuint (advance (wheel, 30), ==, 0);
}

static void
test_cancelled_stays_silent (void)
{
  g_autoptr (ThTimerWheel) wheel = th_timer_wheel_new (0);
  Alarm alarm = { 0 };

  th_timer_wheel_cancel (wheel, &alarm.timer);
  th_timer_wheel_set (wheel, &alarm.timer, 10);
  th_timer_wheel_cancel (wheel, &alarm.timer);
  th_timer_wheel_cancel (wheel, &alarm.timer);
  g_assert_false (th_timer_is_scheduled (&alarm.timer));
  g_assert_cmpuint (advance (wheel, 10), ==, 0);
}

static void
test_same_slot_of_a_later_round_waits (void)
{
  g_autoptr (ThTimerWheel) wheel = th_timer_wheel_new (0);
  Alarm alarms[8] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (alarms); i++)
    th_timer_wheel_set (wheel, &alarms[i].timer, 10 + i * 4096);
  for (guint i = 0; i < G_N_ELEMENTS (alarms); i++)
    {
      g_assert_cmpuint (advance (wheel, 9 + i * 4096), ==, 0);
      g_assert_cmpuint (advance (wheel, 10 + i * 4096), ==, 1);
      g_assert_cmpuint (alarms[i].fired, ==, 1);
    }
}

static void
test_set_again_when_fired (void)
{
  g_autoptr (ThTimerWheel) wheel = th_timer_wheel_new (0);
  Alarm alarm = { .wheel = wheel, .again_at = 20 };

  th_timer_wheel_set (wheel, &alarm.timer, 10);
  g_assert_cmpuint (advance (wheel, 10), ==, 1);
  alarm.again_at = 0;
  g_assert_cmpuint (advance (wheel, 19), ==, 0);
  g_assert_cmpuint (advance (wheel, 20), ==, 1);
}

static void
test_set_again_in_the_past_does_not_spin (void)
{
  g_autoptr (ThTimerWheel) wheel = th_timer_wheel_new (0);
  Alarm alarm = { .wheel = wheel, .again_at = 5 };

  th_timer_wheel_set (wheel, &alarm.timer, 10);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (advance (wheel, 10), ==, 1);
}

static void
test_cancelled_by_another_that_is_due_too (void)
{
  g_autoptr (ThTimerWheel) wheel = th_timer_wheel_new (0);
  Alarm first = { .wheel = wheel }, second = { .wheel = wheel };

  first.cancels = &second.timer;
  second.cancels = &first.timer;
  th_timer_wheel_set (wheel, &first.timer, 10);
  th_timer_wheel_set (wheel, &second.timer, 10);
  g_assert_cmpuint (advance (wheel, 50), ==, 1);
  g_assert_cmpuint (first.fired + second.fired, ==, 1);
}

static void
free_timer (ThTimer *timer, gpointer user_data)
{
  g_free (timer);
}

static void
test_may_be_freed_when_fired (void)
{
  g_autoptr (ThTimerWheel) wheel = th_timer_wheel_new (0);

  for (gint64 due = -10; due < 100; due++)
    th_timer_wheel_set (wheel, g_new0 (ThTimer, 1), due / 2);
  th_timer_wheel_advance (wheel, 100, free_timer, NULL);
  g_assert_cmpuint (advance (wheel, 200), ==, 0);
}

static void
test_time_going_back_counts_as_standing_still (void)
{
  g_autoptr (ThTimerWheel) wheel = th_timer_wheel_new (1000);
  Alarm late = { 0 }, alarm = { 0 };

  th_timer_wheel_set (wheel, &late.timer, 990);
  th_timer_wheel_set (wheel, &alarm.timer, 1010);
  g_assert_cmpuint (advance (wheel, 5), ==, 1);
  g_assert_cmpuint (advance (wheel, 1009), ==, 0);
  g_assert_cmpuint (advance (wheel, 1010), ==, 1);
}

static void
test_longest_jump_ends (void)
{
  g_autoptr (ThTimerWheel) wheel = th_timer_wheel_new (0);
  Alarm near = { 0 }, far = { 0 }, never = { 0 };

  th_timer_wheel_set (wheel, &near.timer, 1);
  th_timer_wheel_set (wheel, &far.timer, 1000 * YEAR);
  th_timer_wheel_set (wheel, &never.timer, G_MAXINT64);
  g_assert_cmpuint (advance (wheel, G_MAXINT64 - 1), ==, 2);
  g_assert_cmpuint (advance (wheel, G_MAXINT64), ==, 1);
}

static void
test_freeing_the_wheel_takes_timers_off (void)
{
  ThTimerWheel *wheel = th_timer_wheel_new (0);
  Alarm late = { 0 }, waiting = { 0 };

  th_timer_wheel_set (wheel, &late.timer, 0);
  th_timer_wheel_set (wheel, &waiting.timer, 10);
  th_timer_wheel_free (wheel);
  g_assert_false (th_timer_is_scheduled (&late.timer));
  g_assert_false (th_timer_is_scheduled (&waiting.timer));
  g_assert_cmpuint (late.fired + waiting.fired, ==, 0);
}

/* Mostly steps of seconds, sometimes a suspended night, rarely years. */
static gint64
random_step (void)
{
  gint32 kind = g_test_rand_int_range (0, 100);

  if (kind < 20)
    return 0;
  if (kind < 80)
    return g_test_rand_int_range (1, 5);
  if (kind < 98)
    return g_test_rand_int_range (5, 40000);
  return g_test_rand_int_range (1, 3) * YEAR + g_test_rand_int_range (0, 100000);
}

static gint64
random_due (gint64 now)
{
  return g_test_rand_int_range (0, 50) == 0 ? now + YEAR : now + g_test_rand_int_range (-10, 9000);
}

/* The plain list: @due[i] is the due time, or G_MAXINT64 where nothing is scheduled. */
static guint
expect_fired (gint64 *due, guint *fired, gint64 now)
{
  guint count = 0;

  for (guint i = 0; i < N_TIMERS; i++)
    {
      if (due[i] > now)
        continue;
      due[i] = G_MAXINT64;
      fired[i]++;
      count++;
    }
  return count;
}

static void
change_some (ThTimerWheel *wheel, Alarm *alarms, gint64 *due, gint64 now)
{
  for (guint n = (guint) g_test_rand_int_range (0, 6); n > 0; n--)
    {
      guint i = (guint) g_test_rand_int_range (0, N_TIMERS);

      if (g_test_rand_int_range (0, 4) == 0)
        {
          due[i] = G_MAXINT64;
          th_timer_wheel_cancel (wheel, &alarms[i].timer);
        }
      else
        {
          due[i] = random_due (now);
          th_timer_wheel_set (wheel, &alarms[i].timer, due[i]);
        }
    }
}

static void
test_agrees_with_a_plain_list (void)
{
  gint64 now = g_test_rand_int_range (0, 100000);
  g_autoptr (ThTimerWheel) wheel = th_timer_wheel_new (now);
  Alarm alarms[N_TIMERS] = { 0 };
  gint64 due[N_TIMERS];
  guint fired[N_TIMERS] = { 0 };

  for (guint i = 0; i < N_TIMERS; i++)
    due[i] = G_MAXINT64;
  for (guint round = 0; round < 20000; round++)
    {
      change_some (wheel, alarms, due, now);
      now += random_step ();
      g_assert_cmpuint (advance (wheel, now), ==, expect_fired (due, fired, now));
      for (guint i = 0; i < N_TIMERS; i++)
        {
          g_assert_cmpuint (alarms[i].fired, ==, fired[i]);
          g_assert_cmpint (th_timer_is_scheduled (&alarms[i].timer), ==, due[i] != G_MAXINT64);
        }
    }
  g_assert_cmpint (now, >, 100 * YEAR);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/timer-wheel/fires-when-due-and-once", test_fires_when_due_and_once);
  g_test_add_func ("/turn/timer-wheel/due-in-the-past-fires-at-the-next-advance",
                   test_due_in_the_past_fires_at_the_next_advance);
  g_test_add_func ("/turn/timer-wheel/moved-fires-at-the-new-time-only",
                   test_moved_fires_at_the_new_time_only);
  g_test_add_func ("/turn/timer-wheel/cancelled-stays-silent", test_cancelled_stays_silent);
  g_test_add_func ("/turn/timer-wheel/same-slot-of-a-later-round-waits",
                   test_same_slot_of_a_later_round_waits);
  g_test_add_func ("/turn/timer-wheel/set-again-when-fired", test_set_again_when_fired);
  g_test_add_func ("/turn/timer-wheel/set-again-in-the-past-does-not-spin",
                   test_set_again_in_the_past_does_not_spin);
  g_test_add_func ("/turn/timer-wheel/cancelled-by-another-that-is-due-too",
                   test_cancelled_by_another_that_is_due_too);
  g_test_add_func ("/turn/timer-wheel/may-be-freed-when-fired", test_may_be_freed_when_fired);
  g_test_add_func ("/turn/timer-wheel/time-going-back-counts-as-standing-still",
                   test_time_going_back_counts_as_standing_still);
  g_test_add_func ("/turn/timer-wheel/longest-jump-ends", test_longest_jump_ends);
  g_test_add_func ("/turn/timer-wheel/freeing-the-wheel-takes-timers-off",
                   test_freeing_the_wheel_takes_timers_off);
  g_test_add_func ("/turn/timer-wheel/agrees-with-a-plain-list", test_agrees_with_a_plain_list);
  return g_test_run ();
}
