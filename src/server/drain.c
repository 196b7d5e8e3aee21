/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks at the number of sessions whenever it changes.
 */
#include "server/drain.h"

#include "server/notify.h"

/* A session that began the moment before may not be counted yet, and who asked for the end is still
 * being answered. */
#define LAST_LOOK_SECONDS 1

struct _ThDrain {
  ThEngine *engine;
  GMainLoop *loop;
  guint last_look; /* source */
};

static guint
count_sessions (ThDrain *self)
{
  return g_list_model_get_n_items (th_relay_get_sessions (th_engine_get_relay (self->engine)));
}

static gboolean
on_last_look (gpointer data)
{
  ThDrain *self = data;

  self->last_look = 0;
  if (th_engine_is_draining (self->engine) && count_sessions (self) == 0)
    {
      g_message ("drained: no session is left");
      g_main_loop_quit (self->loop);
    }
  return G_SOURCE_REMOVE;
}

static void
look (ThDrain *self)
{
  guint n = count_sessions (self);
  g_autofree char *status =
      g_strdup_printf ("STATUS=Draining: %u %s left", n, n == 1 ? "session" : "sessions");

  if (!th_engine_is_draining (self->engine))
    return;
  th_notify (status);
  if (n == 0 && self->last_look == 0)
    self->last_look = g_timeout_add_seconds (LAST_LOOK_SECONDS, on_last_look, self);
}

static void
on_draining_changed (ThEngine *engine, GParamSpec *pspec, gpointer data)
{
  ThDrain *self = data;

  if (th_engine_is_draining (engine))
    g_message ("draining: no new sessions; %u go on", count_sessions (self));
  else
    th_notify ("STATUS=");
  look (self);
}

static void
on_session_count_changed (ThRelay *relay, GParamSpec *pspec, gpointer data)
{
  look (data);
}

ThDrain *
th_drain_new (ThEngine *engine, GMainLoop *loop)
{
  ThDrain *self = g_new0 (ThDrain, 1);

  self->engine = g_object_ref (engine);
  self->loop = g_main_loop_ref (loop);
  g_signal_connect (engine, "notify::draining", G_CALLBACK (on_draining_changed), self);
  g_signal_connect (th_engine_get_relay (engine), "notify::session-count",
                    G_CALLBACK (on_session_count_changed), self);
  return self;
}

void
th_drain_free (ThDrain *self)
{
  g_clear_handle_id (&self->last_look, g_source_remove);
  g_signal_handlers_disconnect_by_data (th_engine_get_relay (self->engine), self);
  g_signal_handlers_disconnect_by_data (self->engine, self);
  g_object_unref (self->engine);
  g_main_loop_unref (self->loop);
  g_free (self);
}
