/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many timers of whole seconds, such as the lifetimes of allocations: setting, moving and
 * cancelling one takes the same short time however many there are, and nothing is allocated. The
 * owner tells the time and is called back. One thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ThTimer ThTimer;
typedef struct _ThTimerWheel ThTimerWheel;

/* Part of the structure it is to wake; all zero: not scheduled. The links are the wheel's. */
struct _ThTimer {
  ThTimer *next;
  ThTimer *previous;
  gint64 due; /* seconds of the monotonic clock */
};

/* @timer is off the wheel when this is called, and may be freed. */
typedef void (*ThTimerFunc) (ThTimer *timer, gpointer user_data);

ThTimerWheel *th_timer_wheel_new (gint64 now_s);

/* Timers still on the wheel are taken off it, not fired. */
void th_timer_wheel_free (ThTimerWheel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTimerWheel, th_timer_wheel_free)

static inline gboolean
th_timer_is_scheduled (const ThTimer *timer)
{
  return timer->next != NULL;
}

/* Schedules or moves @timer. If @due_s has passed already it fires at the next advance. */
void th_timer_wheel_set (ThTimerWheel *self, ThTimer *timer, gint64 due_s);

/* Harmless if @timer is not scheduled. Must be called before a scheduled timer is freed. */
void th_timer_wheel_cancel (ThTimerWheel *self, ThTimer *timer);

/**
 * th_timer_wheel_advance:
 * @now_s: the monotonic clock in seconds; a time before the last one counts as the last one
 *
 * Fires every timer that is due by now, once, in no promised order. @func may set and cancel any
 * timer, the one it was called for included; what it sets fires at a later advance, even if due.
 * It must not advance or free the wheel. However long the jump, each slot is visited at most once.
 */
void th_timer_wheel_advance (ThTimerWheel *self,
                             gint64 now_s,
                             ThTimerFunc func,
                             gpointer user_data);

G_END_DECLS
