/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A locked array that changes hands as a whole. What is being delivered has a place of its own, so
 * that whoever is told of one event may ask for the others.
 */
#include "relay/events.h"

struct _ThEvents {
  GMainContext *context;
  ThWorkerEventFunc func;
  gpointer user_data;
  GMutex lock;
  GArray *posted;
  GSource *source; /* scheduled: the array is not empty */
  GArray *batch;   /* being delivered, by the context's thread alone */
  guint next;      /* of the batch */
};

/* A client can name peers and refresh faster than anybody can be told.
 * Called with the lock held. */
static gboolean
is_too_much (const ThEvents *self, const ThWorkerEvent *event)
{
  return self->posted->len >= TH_EVENTS_WAITING_MAX &&
         (event->kind == TH_WORKER_EVENT_SESSION_PEER ||
          event->kind == TH_WORKER_EVENT_SESSION_REFRESHED);
}

/* Called with the lock held. */
static void
append (ThEvents *self, const ThWorkerEvent *event)
{
  if (event->record != NULL)
    th_turn_record_ref (event->record);
  if (event->refusals != NULL)
    g_array_ref (event->refusals);
  g_array_append_vals (self->posted, event, 1);
}

/* Called with the lock held. */
static void
unschedule (ThEvents *self)
{
  if (self->source == NULL)
    return;
  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static void
take_batch (ThEvents *self)
{
  GArray *empty = g_array_set_size (self->batch, 0);

  g_mutex_lock (&self->lock);
  self->batch = self->posted;
  self->posted = empty;
  self->next = 0;
  unschedule (self);
  g_mutex_unlock (&self->lock);
}

static void
deliver_batch (ThEvents *self)
{
  while (self->next < self->batch->len)
    {
      ThWorkerEvent event = g_array_index (self->batch, ThWorkerEvent, self->next++);

      if (self->func != NULL)
        self->func (&event, self->user_data);
      g_clear_pointer (&event.record, th_turn_record_unref);
      g_clear_pointer (&event.refusals, g_array_unref);
    }
}

static gboolean
on_batch_due (gpointer user_data)
{
  th_events_deliver (user_data);
  return G_SOURCE_REMOVE;
}

ThEvents *
th_events_new (GMainContext *context, ThWorkerEventFunc func, gpointer user_data)
{
  ThEvents *self = g_new0 (ThEvents, 1);

  self->context = g_main_context_ref (context);
  self->func = func;
  self->user_data = user_data;
  self->posted = g_array_new (FALSE, FALSE, sizeof (ThWorkerEvent));
  self->batch = g_array_new (FALSE, FALSE, sizeof (ThWorkerEvent));
  g_mutex_init (&self->lock);
  return self;
}

void
th_events_free (ThEvents *self)
{
  self->func = NULL; /* what is left is only let go */
  th_events_deliver (self);
  g_array_unref (self->posted);
  g_array_unref (self->batch);
  g_mutex_clear (&self->lock);
  g_main_context_unref (self->context);
  g_free (self);
}

void
th_events_post (ThEvents *self, const ThWorkerEvent *event)
{
  g_mutex_lock (&self->lock);
  if (!is_too_much (self, event))
    append (self, event);
  if (self->source == NULL)
    {
      self->source = g_idle_source_new ();
      g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
      g_source_set_callback (self->source, on_batch_due, self, NULL);
      g_source_attach (self->source, self->context);
    }
  g_mutex_unlock (&self->lock);
}

void
th_events_deliver (ThEvents *self)
{
  deliver_batch (self); /* the rest, where an event's receiver asks */
  take_batch (self);
  deliver_batch (self);
}
