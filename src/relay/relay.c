/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRelay makes the workers, has the listeners opened for them, and keeps the model of live
 * sessions from what the workers tell.
 */
#include "relay/relay.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/resource.h>

#include "relay/listeners.h"
#include "relay/session-list.h"
#include "relay/session-private.h"
#include "relay/turn-setup.h"
#include "relay/worker.h"

struct _ThRelay {
  GObject parent_instance;
  GMainContext *context;
  GListStore *listeners;
  ThSessionList *sessions;
  ThSessionTally tally[TH_N_TRANSPORTS][TH_N_FAMILIES];
  GPtrArray *workers;
  ThWorkersShared shared;
  ThTlsContext *tls;         /* nullable */
  ThTurnConfig *turn_config; /* nullable: of the workers, while there are any */
  gboolean running;
  gboolean draining;
};

G_DEFINE_FINAL_TYPE (ThRelay, th_relay, G_TYPE_OBJECT)
G_DEFINE_QUARK (th-relay-error-quark, th_relay_error)

enum {
  PROP_RUNNING = 1,
  PROP_SESSION_COUNT,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

enum {
  SESSION_STARTED,
  SESSION_ENDED,
  REFUSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Relayed addresses need a descriptor each, and the usual soft limit of 1024 is for select(2). */
static void
raise_file_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max)
    return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
    g_warning ("The limit of open files stays low: %s", g_strerror (errno));
}

static guint
count_workers (const ThRelayConfig *config)
{
  return config->workers_auto ? g_get_num_processors () : MIN (config->workers, TH_WORKERS_MAX);
}

static gboolean
make_workers (ThRelay *self, ThTurnAuthenticator *authenticator, guint n, GError **error)
{
  for (guint i = 0; i < n; i++)
    {
      ThWorker *worker = th_worker_new (self->turn_config, authenticator, &self->shared, error);

      if (worker == NULL)
        return FALSE;
      g_ptr_array_add (self->workers, worker);
      if (self->tls != NULL)
        th_worker_set_tls (worker, self->tls);
    }
  return TRUE;
}

static void
clear_workers (ThRelay *self)
{
  g_ptr_array_set_size (self->workers, 0);
  g_clear_pointer (&self->turn_config, th_turn_config_unref);
  th_events_deliver (self->shared.events);
  th_session_list_clear (self->sessions);
  memset (self->tally, 0, sizeof self->tally);
}

static void
set_running (ThRelay *self, gboolean running)
{
  if (self->running == running)
    return;
  self->running = running;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

static ThSessionTally *
find_tally (ThRelay *self, const ThTurnRecord *record)
{
  return &self->tally[record->transport][th_address_is_ipv6 (&record->client)];
}

static void
start_session (ThRelay *self, ThTurnRecord *record)
{
  g_autoptr (ThSession) session = th_session_new (record);

  th_session_list_add (self->sessions, session);
  find_tally (self, record)->made++;
  find_tally (self, record)->live++;
  g_signal_emit (self, signals[SESSION_STARTED], 0, session);
}

static void
end_session (ThRelay *self, ThTurnRecord *record, ThSessionEnd why)
{
  ThSession *found = th_session_list_find (self->sessions, record->id);
  g_autoptr (ThSession) session = found != NULL ? g_object_ref (found) : NULL;

  if (session != NULL)
    th_session_note_end (session, why);
  th_session_list_remove (self->sessions, record->id);
  find_tally (self, record)->live--;
  if (session != NULL)
    g_signal_emit (self, signals[SESSION_ENDED], 0, session);
}

static void
tell_refusals (ThRelay *self, const GArray *refusals)
{
  for (guint i = 0; i < refusals->len; i++)
    g_signal_emit (self, signals[REFUSED], 0, &g_array_index (refusals, ThRelayRefusal, i));
}

static void
on_worker_event (const ThWorkerEvent *event, gpointer user_data)
{
  ThRelay *self = user_data;
  ThSession *session = event->record != NULL
                           ? th_session_list_find (self->sessions, event->record->id)
                           : NULL;

  switch (event->kind)
    {
    case TH_WORKER_EVENT_SESSION_STARTED:
      start_session (self, event->record);
      break;
    case TH_WORKER_EVENT_SESSION_REFRESHED:
      if (session != NULL)
        th_session_note_refresh (session);
      break;
    case TH_WORKER_EVENT_SESSION_PEER:
      if (session != NULL)
        th_session_add_peer (session, &event->peer, event->channel);
      break;
    case TH_WORKER_EVENT_SESSION_ENDED:
      end_session (self, event->record, event->why);
      break;
    case TH_WORKER_EVENT_REFUSALS:
      tell_refusals (self, event->refusals);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
on_sessions_changed (ThRelay *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION_COUNT]);
}

static void
refresh_session (gpointer session, gpointer now)
{
  th_session_refresh (session, *(gint64 *) now);
}

static void
add_counters (ThRelayStatistics *sum, const ThTurnCounters *turn, const ThDropCounters *drops)
{
  sum->bytes_to_peers += th_counter_read (&turn->bytes_up);
  sum->bytes_to_clients += th_counter_read (&turn->bytes_down);
  sum->packets_to_peers += th_counter_read (&turn->packets_up);
  sum->packets_to_clients += th_counter_read (&turn->packets_down);
  sum->allocations_made += th_counter_read (&turn->allocations);
  sum->quota_refusals += th_counter_read (&turn->quota_refusals);
  sum->bindings_answered += th_counter_read (&turn->bindings);
  sum->binding_errors += th_counter_read (&turn->binding_errors);
  sum->challenges += th_counter_read (&turn->challenges);
  sum->stale_nonces += th_counter_read (&turn->stale_nonces);
  sum->wrong_credentials += th_counter_read (&turn->wrong_credentials);
  sum->expired_credentials += th_counter_read (&turn->expired_credentials);
  sum->challenges_withheld += th_counter_read (&turn->challenges_withheld);
  sum->malformed += th_counter_read (&turn->malformed);
  sum->peers_refused += th_counter_read (&turn->peers_refused);
  sum->dropped_no_permission += th_counter_read (&turn->dropped_no_permission);
  sum->dropped_no_allocation += th_counter_read (&turn->dropped_no_allocation);
  sum->dropped_queue_full += th_counter_read (&drops->queue_full);
  sum->dropped_send_error += th_counter_read (&drops->send_error);
  sum->dropped_receive_buffer += th_counter_read (&drops->receive_buffer);
}

static void
th_relay_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThRelay *self = TH_RELAY (object);

  switch (id)
    {
    case PROP_RUNNING:
      g_value_set_boolean (value, self->running);
      break;
    case PROP_SESSION_COUNT:
      g_value_set_uint (value, th_session_list_count (self->sessions));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_relay_finalize (GObject *object)
{
  ThRelay *self = TH_RELAY (object);

  clear_workers (self);
  g_ptr_array_unref (self->workers);
  th_events_free (self->shared.events);
  g_clear_pointer (&self->tls, th_tls_context_unref);
  g_object_unref (self->listeners);
  g_object_unref (self->sessions);
  g_main_context_unref (self->context);
  G_OBJECT_CLASS (th_relay_parent_class)->finalize (object);
}

static guint
new_signal (const char *name, GType type)
{
  return g_signal_new (name, TH_TYPE_RELAY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                       type);
}

static void
th_relay_class_init (ThRelayClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = th_relay_get_property;
  object_class->finalize = th_relay_finalize;
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);
  properties[PROP_SESSION_COUNT] =
      g_param_spec_uint ("session-count", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[SESSION_STARTED] = new_signal ("session-started", TH_TYPE_SESSION);
  signals[SESSION_ENDED] = new_signal ("session-ended", TH_TYPE_SESSION);
  signals[REFUSED] = new_signal ("refused", G_TYPE_POINTER);
}

static void
th_relay_init (ThRelay *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->listeners = g_list_store_new (TH_TYPE_LISTENER_INFO);
  self->sessions = th_session_list_new ();
  self->workers = g_ptr_array_new_with_free_func ((GDestroyNotify) th_worker_free);
  self->shared.events = th_events_new (self->context, on_worker_event, self);
  g_signal_connect_object (self->sessions, "items-changed", G_CALLBACK (on_sessions_changed), self,
                           G_CONNECT_SWAPPED);
}

ThRelay *
th_relay_new (void)
{
  return g_object_new (TH_TYPE_RELAY, NULL);
}

static void
set_max_connections (ThRelay *self, const ThRelayConfig *config)
{
  g_atomic_int_set (&self->shared.max_connections, (gint) MIN (config->max_connections, G_MAXINT));
}

gboolean
th_relay_start (ThRelay *self,
                const ThRelayConfig *config,
                ThTurnAuthenticator *authenticator,
                GError **error)
{
  guint n_workers = count_workers (config);
  ThListeners listeners;

  g_return_val_if_fail (!self->running, FALSE);

  raise_file_limit ();
  g_list_store_remove_all (self->listeners);
  set_max_connections (self, config);
  self->turn_config = th_turn_setup (config, error);
  if (self->turn_config == NULL || !make_workers (self, authenticator, MAX (n_workers, 1), error))
    {
      clear_workers (self);
      return FALSE;
    }
  th_turn_config_set_draining (self->turn_config, self->draining);
  listeners = (ThListeners) { self->listeners, self->workers, config };
  if (th_listeners_open (&listeners) == 0)
    {
      clear_workers (self);
      g_set_error (error, TH_RELAY_ERROR, TH_RELAY_ERROR_NO_LISTENER,
                   _("None of the ports to listen on could be opened"));
      return FALSE;
    }
  th_listeners_open_alternates (&listeners, self->turn_config);
  for (guint i = 0; i < self->workers->len; i++)
    th_worker_start (self->workers->pdata[i], n_workers == 0 ? self->context : NULL);
  set_running (self, TRUE);
  return TRUE;
}

void
th_relay_stop (ThRelay *self)
{
  clear_workers (self);
  g_list_store_remove_all (self->listeners);
  set_running (self, FALSE);
}

gboolean
th_relay_is_running (ThRelay *self)
{
  return self->running;
}

gboolean
th_relay_set_rules (ThRelay *self, const ThRelayConfig *config, GError **error)
{
  ThTurnConfig *turn_config;

  g_return_val_if_fail (self->running, FALSE);

  turn_config = th_turn_setup_again (self->turn_config, config, error);
  if (turn_config == NULL)
    return FALSE;
  th_turn_config_unref (self->turn_config);
  self->turn_config = turn_config;
  set_max_connections (self, config);
  for (guint i = 0; i < self->workers->len; i++)
    th_worker_set_config (self->workers->pdata[i], turn_config);
  return TRUE;
}

void
th_relay_set_draining (ThRelay *self, gboolean draining)
{
  self->draining = draining;
  if (self->turn_config != NULL)
    th_turn_config_set_draining (self->turn_config, draining);
}

void
th_relay_set_authenticator (ThRelay *self, ThTurnAuthenticator *authenticator)
{
  for (guint i = 0; i < self->workers->len; i++)
    th_worker_set_authenticator (self->workers->pdata[i], authenticator);
}

void
th_relay_set_tls (ThRelay *self, ThTlsContext *context)
{
  th_tls_context_ref (context);
  g_clear_pointer (&self->tls, th_tls_context_unref);
  self->tls = context;
  for (guint i = 0; i < self->workers->len; i++)
    th_worker_set_tls (self->workers->pdata[i], context);
}

GListModel *
th_relay_get_listeners (ThRelay *self)
{
  return G_LIST_MODEL (self->listeners);
}

GListModel *
th_relay_get_sessions (ThRelay *self)
{
  return G_LIST_MODEL (self->sessions);
}

void
th_relay_get_statistics (ThRelay *self, ThRelayStatistics *statistics)
{
  *statistics = (ThRelayStatistics) {
    .sessions = th_session_list_count (self->sessions),
    .connections = (guint) g_atomic_int_get (&self->shared.connections),
  };
  memcpy (statistics->tally, self->tally, sizeof self->tally);
  for (guint i = 0; i < self->workers->len; i++)
    {
      ThWorkerCounters counters = th_worker_get_counters (self->workers->pdata[i]);

      add_counters (statistics, counters.turn, counters.drops);
    }
}

void
th_relay_refresh_sessions (ThRelay *self)
{
  gint64 now = g_get_monotonic_time ();

  th_session_list_foreach (self->sessions, refresh_session, &now);
}

char *
th_relay_find_denying_network (ThRelay *self, const ThAddress *peer)
{
  return self->turn_config != NULL ? th_peer_policy_find_network (self->turn_config->policy, peer)
                                   : NULL;
}

void
th_relay_disconnect_user (ThRelay *self, const char *user)
{
  for (guint i = 0; i < self->workers->len; i++)
    th_worker_disconnect_user (self->workers->pdata[i], user);
}

void
th_relay_end_secret (ThRelay *self, guint generation)
{
  g_return_if_fail (generation != 0);

  for (guint i = 0; i < self->workers->len; i++)
    th_worker_end_secret (self->workers->pdata[i], generation);
}

void
th_relay_end_session (ThRelay *self, guint64 id)
{
  g_return_if_fail (id != 0);

  for (guint i = 0; i < self->workers->len; i++)
    th_worker_end_session (self->workers->pdata[i], id);
}
