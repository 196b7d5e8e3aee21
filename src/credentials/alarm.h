/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAlarm: calls when the wall clock reaches a time, however the clock is set meanwhile. It lives
 * on the main context that was the thread's default when it was made.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ThAlarm ThAlarm;
typedef void (*ThAlarmFunc) (gpointer data);

ThAlarm *th_alarm_new (ThAlarmFunc func, gpointer data);
void th_alarm_free (ThAlarm *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThAlarm, th_alarm_free)

/**
 * th_alarm_set:
 * @time: seconds since 1970, UTC; one that has passed rings at once, but never from within this
 *   call; 0: never
 *
 * Rings once, in place of what was set before. A clock that was set forward is noticed within the
 * hour.
 */
void th_alarm_set (ThAlarm *self, gint64 time);

G_END_DECLS
