/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The server as a service.
 */
#include <glib-unix.h>

#include "app/engine.h"
#include "app/state-directory.h"
#include "server/commands.h"
#include "control/control-server.h"
#include "server/drain.h"
#include "server/event-logger.h"
#include "server/notify.h"
#include "server/reload.h"

typedef struct {
  ThEngine *engine;
  const char *config; /* nullable */
} Service;

static gboolean
on_hangup (gpointer data)
{
  Service *self = data;

  th_reload (self->engine, self->config);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_signal (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

static void
log_urls (ThEngine *engine)
{
  GListModel *urls = th_engine_get_urls (engine);

  for (guint i = 0; i < g_list_model_get_n_items (urls); i++)
    {
      g_autoptr (ThConnectUrl) url = g_list_model_get_item (urls, i);

      g_message ("%s: %s", th_connect_url_get_label (url), th_connect_url_get_url (url));
    }
}

/* Problems are told when they come up, at the start or later. */
static void
on_problems_changed (GListModel *problems, guint position, guint removed, guint added, gpointer data)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (ThProblem) problem = g_list_model_get_item (problems, i);

      g_warning ("%s. %s", th_problem_get_title (problem), th_problem_get_detail (problem));
    }
}

/*
 * A listener that cannot be bound does not end the others: the service runs, and systemd is told
 * what it lacks; but only where all of it works does the log say "ready".
 */
static gboolean
start (ThEngine *engine)
{
  g_autoptr (GError) error = NULL;
  gboolean whole;

  g_signal_connect (th_engine_get_problems (engine), "items-changed",
                    G_CALLBACK (on_problems_changed), NULL);
  th_event_logger_watch (th_engine_get_events (engine));
  whole = th_engine_start (engine, &error);
  if (th_engine_get_state (engine) != TH_ENGINE_RUNNING)
    return FALSE;
  log_urls (engine);
  if (whole)
    {
      g_message ("ready");
      th_notify ("READY=1");
    }
  else
    {
      g_autofree char *state = g_strdup_printf ("READY=1\nSTATUS=%s", error->message);
      th_notify (state);
    }
  return TRUE;
}

/* Runs @engine until it is told to stop. Returns whether it ran at all. */
static gboolean
run (ThEngine *engine, const char *config, ThControlSocket *socket)
{
  Service service = { engine, config };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (ThDrain) drain = th_drain_new (engine, loop);
  g_autoptr (ThControlServer) control = socket != NULL ? th_control_server_new (engine, socket) : NULL;
  guint terminate = g_unix_signal_add (SIGTERM, on_signal, loop);
  guint interrupt = g_unix_signal_add (SIGINT, on_signal, loop);
  guint hangup = g_unix_signal_add (SIGHUP, on_hangup, &service);
  gboolean runs = start (engine);

  if (runs)
    g_main_loop_run (loop);
  th_notify ("STOPPING=1");
  g_source_remove (terminate);
  g_source_remove (interrupt);
  g_source_remove (hangup);
  return runs;
}

int
th_command_run (ThSettings *settings, const char *config)
{
  g_autofree char *state_directory = th_state_directory_find ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ThControlSocket) socket = th_control_socket_open (state_directory, &error);
  g_autoptr (ThEngine) engine = NULL;
  gboolean runs;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    return th_command_fail (error);
  if (socket == NULL)
    g_warning ("--status and the like will not reach this server. %s", error->message);
  g_clear_error (&error);

  engine = th_engine_new (settings, state_directory, &error);
  if (engine == NULL)
    return th_command_fail (error);
  th_ice_runs_follow_setting (th_engine_get_ice_runs (engine), FALSE);
  runs = run (engine, config, socket);
  th_engine_stop (engine);
  return runs ? TH_EXIT_WELL : TH_EXIT_FAILED;
}
