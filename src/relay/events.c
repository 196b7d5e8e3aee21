/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A locked array that changes hands as a whole.
 */
#include "relay/events.h"

struct _ThEvents {
  GMainContext *context;
  ThEventFunc func;
  gpointer user_data;
  GMutex lock;
  GArray *posted;
  GSource *source; /* scheduled: the array is not empty */
};

static void
clear_event (gpointer event)
{
  th_turn_record_unref (((ThEvent *) event)->record);
}

static GArray *
new_batch (void)
{
  GArray *batch = g_array_new (FALSE, FALSE, sizeof (ThEvent));

  g_array_set_clear_func (batch, clear_event);
  return batch;
}

static gboolean
on_batch_due (gpointer user_data)
{
  th_events_deliver (user_data);
  return G_SOURCE_REMOVE;
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

ThEvents *
th_events_new (GMainContext *context, ThEventFunc func, gpointer user_data)
{
  ThEvents *self = g_new0 (ThEvents, 1);

  self->context = g_main_context_ref (context);
  self->func = func;
  self->user_data = user_data;
  self->posted = new_batch ();
  g_mutex_init (&self->lock);
  return self;
}

void
th_events_free (ThEvents *self)
{
  unschedule (self);
  g_array_unref (self->posted);
  g_mutex_clear (&self->lock);
  g_main_context_unref (self->context);
  g_free (self);
}

void
th_events_post (ThEvents *self,
                ThEventKind kind,
                ThTurnRecord *record,
                const ThAddress *peer,
                ThSessionEnd why)
{
  ThEvent event = { .kind = kind, .record = th_turn_record_ref (record), .why = why };

  if (peer != NULL)
    event.peer = *peer;
  g_mutex_lock (&self->lock);
  g_array_append_val (self->posted, event);
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
  g_autoptr (GArray) batch = NULL;

  g_mutex_lock (&self->lock);
  batch = g_steal_pointer (&self->posted);
  self->posted = new_batch ();
  unschedule (self);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < batch->len; i++)
    self->func (&g_array_index (batch, ThEvent, i), self->user_data);
}
