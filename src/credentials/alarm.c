/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A timeout to the time that is left, an hour at most: timeouts follow the monotonic clock, which
 * does not hear of it when the wall clock is set, nor of a night that the machine slept.
 */
#include "credentials/alarm.h"

#define LONGEST_WAIT_MS (3600 * 1000)

struct _ThAlarm
{
  GMainContext *context;
  GSource *source; /* nullable: while set */
  gint64 time;
  ThAlarmFunc func;
  gpointer data;
};

static void wait_for_it (ThAlarm *self);

static void
stop_waiting (ThAlarm *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static gboolean
on_timeout (gpointer data)
{
  ThAlarm *self = data;

  stop_waiting (self);
  if (g_get_real_time () / G_USEC_PER_SEC < self->time)
    wait_for_it (self);
  else
    self->func (self->data); /* which may set it again, or free it */
  return G_SOURCE_REMOVE;
}

static void
wait_for_it (ThAlarm *self)
{
  gint64 now = g_get_real_time ();
  gint64 left = LONGEST_WAIT_MS;

  if (self->time - now / G_USEC_PER_SEC < LONGEST_WAIT_MS / 1000)
    left = MAX ((self->time * G_USEC_PER_SEC - now) / 1000 + 1, 0);
  self->source = g_timeout_source_new ((guint) left);
  g_source_set_callback (self->source, on_timeout, self, NULL);
  g_source_attach (self->source, self->context);
}

ThAlarm *
th_alarm_new (ThAlarmFunc func, gpointer data)
{
  ThAlarm *self = g_new (ThAlarm, 1);

  *self = (ThAlarm) {
    .context = g_main_context_ref_thread_default (),
    .func = func,
    .data = data,
  };
  return self;
}

void
th_alarm_free (ThAlarm *self)
{
  stop_waiting (self);
  g_main_context_unref (self->context);
  g_free (self);
}

void
th_alarm_set (ThAlarm *self, gint64 time)
{
  stop_waiting (self);
  self->time = MAX (time, 0);
  if (time != 0)
    wait_for_it (self);
}
