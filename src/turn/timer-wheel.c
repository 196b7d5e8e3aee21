/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The wheel: one circular list of timers for each second, reused every N_SLOTS seconds, so a slot
 * also holds timers of later rounds. Timers that were late when set wait in a list of their own.
 */
#include "turn/timer-wheel.h"

/* More than an hour, so that the longest lifetime of an allocation is within one round. */
#define N_SLOTS 4096

struct _ThTimerWheel {
  gint64 now_s;
  ThTimer late;           /* list heads: only their links are used */
  ThTimer slots[N_SLOTS]; /* by due time modulo N_SLOTS */
};

static void
list_init (ThTimer *list)
{
  list->next = list;
  list->previous = list;
}

static void
list_append (ThTimer *list, ThTimer *timer)
{
  timer->next = list;
  timer->previous = list->previous;
  list->previous->next = timer;
  list->previous = timer;
}

static void
unlink_timer (ThTimer *timer)
{
  timer->next->previous = timer->previous;
  timer->previous->next = timer->next;
  timer->next = NULL;
  timer->previous = NULL;
}

/* Moves the timers of @from that are due by @now_s to the end of @to. */
static void
move_due (ThTimer *from, ThTimer *to, gint64 now_s)
{
  ThTimer *next;

  for (ThTimer *timer = from->next; timer != from; timer = next)
    {
      next = timer->next;
      if (timer->due > now_s)
        continue;
      unlink_timer (timer);
      list_append (to, timer);
    }
}

static void
unlink_all (ThTimer *list)
{
  while (list->next != list)
    unlink_timer (list->next);
}

static ThTimer *
slot_of (ThTimerWheel *self, gint64 second)
{
  return &self->slots[(guint64) second % N_SLOTS];
}

ThTimerWheel *
th_timer_wheel_new (gint64 now_s)
{
  ThTimerWheel *self = g_new0 (ThTimerWheel, 1);

  self->now_s = now_s;
  list_init (&self->late);
  for (guint i = 0; i < N_SLOTS; i++)
    list_init (&self->slots[i]);
  return self;
}

void
th_timer_wheel_free (ThTimerWheel *self)
{
  unlink_all (&self->late);
  for (guint i = 0; i < N_SLOTS; i++)
    unlink_all (&self->slots[i]);
  g_free (self);
}

void
th_timer_wheel_set (ThTimerWheel *self, ThTimer *timer, gint64 due_s)
{
  th_timer_wheel_cancel (self, timer);
  timer->due = due_s;
  list_append (due_s <= self->now_s ? &self->late : slot_of (self, due_s), timer);
}

void
th_timer_wheel_cancel (ThTimerWheel *self, ThTimer *timer)
{
  if (th_timer_is_scheduled (timer))
    unlink_timer (timer);
}

void
th_timer_wheel_advance (ThTimerWheel *self, gint64 now_s, ThTimerFunc func, gpointer user_data)
{
  gint64 n_slots;
  ThTimer due;

  now_s = MAX (now_s, self->now_s);
  n_slots = MIN (now_s - self->now_s, N_SLOTS);

  list_init (&due);
  move_due (&self->late, &due, now_s);
  for (gint64 i = 1; i <= n_slots; i++)
    move_due (slot_of (self, self->now_s + i), &due, now_s);
  self->now_s = now_s;

  /* One by one from the head: @func may take any other out of the list, too. */
  while (due.next != &due)
    {
      ThTimer *timer = due.next;

      unlink_timer (timer);
      func (timer, user_data);
    }
}
