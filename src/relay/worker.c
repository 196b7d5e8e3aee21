/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A worker's life: what it does around each batch of events, what the TURN server asks of it, and
 * the orders that reach it from other threads. What other events may touch meanwhile (broken
 * connections) is worked through after the batch.
 */
#include "relay/worker-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void
th_worker_begin_batch (ThWorker *self)
{
  self->now = g_get_monotonic_time ();
  th_turn_server_set_time (self->turn, self->now, g_get_real_time () / G_USEC_PER_SEC);
  th_handshakes_begin_batch (self->handshakes);
}

void
th_worker_end_batch (ThWorker *self)
{
  th_worker_settle_dtls (self);
  th_outbox_flush (self->outbox);
  th_inbox_empty (self->inbox);
  while (self->broken->len > 0)
    th_worker_close_connection (self, g_ptr_array_steal_index_fast (self->broken, self->broken->len - 1));
}

static void
on_batch_begin (gpointer user_data)
{
  th_worker_begin_batch (user_data);
}

static void
on_batch_end (gpointer user_data)
{
  th_worker_end_batch (user_data);
}

static void
tell_refusals (ThWorker *self)
{
  g_autoptr (GArray) refusals =
      th_refusals_take (self->refusals, g_get_real_time () / G_USEC_PER_SEC);

  if (refusals != NULL)
    th_events_post (self->shared->events, &(ThWorkerEvent) { .kind = TH_WORKER_EVENT_REFUSALS,
                                                             .refusals = refusals });
}

static gboolean
on_tick (gpointer user_data)
{
  ThWorker *self = user_data;

  on_batch_begin (self);
  th_worker_look_after_streams (self);
  th_worker_look_after_peers (self);
  th_worker_look_after_dtls (self);
  on_batch_end (self);
  tell_refusals (self);
  return G_SOURCE_CONTINUE;
}

static gpointer
driver_open_socket (gpointer user_data, const ThAddress *address, gboolean stream, int *error)
{
  ThRelaySocket *socket = th_relay_socket_open (address, stream);

  if (socket == NULL)
    *error = errno;
  return socket;
}

static void
driver_attach_socket (gpointer user_data, gpointer socket, ThRelayEnd *end)
{
  ThWorker *self = user_data;
  ThRelaySocket *relay_socket = socket;

  relay_socket->end = end;
  relay_socket->worker = self;
  th_udp_socket_count_drops (&relay_socket->open, &self->drops);
  relay_socket->open.watch.ready = relay_socket->stream ? th_worker_on_peer_listener_ready
                                                        : th_worker_on_relay_socket_ready;
  if (!th_poller_add (self->poller, &relay_socket->open.watch, EPOLLIN))
    g_warning ("A relay socket cannot be waited on: %s", g_strerror (errno));
}

void
th_worker_forget_socket (ThWorker *self, ThUdpSocket *socket)
{
  th_outbox_flush_outlet (self->outbox, &socket->outlet);
  g_ptr_array_remove_fast (self->resting, &socket->watch);
  if (socket->watch.fd >= 0)
    th_poller_remove (self->poller, &socket->watch);
}

static void
driver_close_socket (gpointer user_data, gpointer socket)
{
  ThWorker *self = user_data;
  ThRelaySocket *relay_socket = socket;

  if (relay_socket->end != NULL)
    {
      th_worker_forget_socket (self, &relay_socket->open);
      th_worker_forget_socket (self, &relay_socket->direct);
    }
  th_relay_socket_free (relay_socket);
}

void
th_worker_set_has_allocation (const ThTurnClient *client, gboolean has_allocation)
{
  if (th_transport_is_stream (client->transport))
    ((ThConnection *) client->path)->has_allocation = has_allocation;
  else if (client->transport == TH_TRANSPORT_DTLS)
    ((ThDtlsSession *) client->path)->has_allocation = has_allocation;
}

static void
tell (ThWorker *self, ThWorkerEventKind kind, const ThTurnAllocation *allocation)
{
  th_events_post (self->shared->events,
                  &(ThWorkerEvent) { .kind = kind, .record = allocation->record });
}

static void
driver_session_started (gpointer user_data, ThTurnAllocation *allocation)
{
  th_worker_set_has_allocation (&allocation->client, TRUE);
  tell (user_data, TH_WORKER_EVENT_SESSION_STARTED, allocation);
}

static void
driver_session_refreshed (gpointer user_data, ThTurnAllocation *allocation)
{
  tell (user_data, TH_WORKER_EVENT_SESSION_REFRESHED, allocation);
}

static void
driver_session_peer (gpointer user_data,
                     ThTurnAllocation *allocation,
                     const ThAddress *peer,
                     guint16 channel)
{
  ThWorker *self = user_data;

  th_events_post (self->shared->events, &(ThWorkerEvent) { .kind = TH_WORKER_EVENT_SESSION_PEER,
                                                     .record = allocation->record,
                                                     .peer = *peer,
                                                     .channel = channel });
}

static void
driver_session_ended (gpointer user_data, ThTurnAllocation *allocation, ThSessionEnd why)
{
  ThWorker *self = user_data;

  th_worker_set_has_allocation (&allocation->client, FALSE);
  th_events_post (self->shared->events, &(ThWorkerEvent) { .kind = TH_WORKER_EVENT_SESSION_ENDED,
                                                     .record = allocation->record,
                                                     .why = why });
}

static void
driver_refused (gpointer user_data, const ThTurnRefusal *refusal)
{
  ThWorker *self = user_data;

  th_refusals_note (self->refusals, refusal, g_get_real_time () / G_USEC_PER_SEC);
}

static const ThTurnDriver driver = {
  .open_socket = driver_open_socket,
  .attach_socket = driver_attach_socket,
  .detach_socket = th_worker_detach_socket,
  .close_socket = driver_close_socket,
  .session_started = driver_session_started,
  .session_refreshed = driver_session_refreshed,
  .session_peer = driver_session_peer,
  .session_moved = th_worker_session_moved,
  .client_left = th_worker_client_left,
  .session_ended = driver_session_ended,
  .hand_over = th_worker_hand_over,
  .connect = th_worker_connect,
  .give_up = th_worker_give_up,
  .bind_stream = th_worker_bind_stream,
  .refused = driver_refused,
};

/* What is not set is not ordered. */
typedef struct {
  ThWorker *worker;
  ThTurnConfig *config;
  ThTurnAuthenticator *authenticator;
  ThTlsContext *tls;
  char *user;
  guint secret;    /* 0: none */
  guint64 session; /* 0: none */
} Order;

static void
free_order (gpointer data)
{
  Order *order = data;

  g_clear_pointer (&order->config, th_turn_config_unref);
  g_clear_pointer (&order->authenticator, th_turn_authenticator_unref);
  g_clear_pointer (&order->tls, th_tls_context_unref);
  g_free (order->user);
  g_free (order);
}

static gboolean
is_of_user (const ThTurnRecord *record, gconstpointer user)
{
  return strcmp (record->user, user) == 0;
}

static gboolean
is_by_secret (const ThTurnRecord *record, gconstpointer secret)
{
  return record->secret == *(const guint *) secret;
}

static gboolean
has_id (const ThTurnRecord *record, gconstpointer id)
{
  return record->id == *(const guint64 *) id;
}

static void
take_tls (ThWorker *self, ThTlsContext *context)
{
  g_clear_pointer (&self->tls, th_tls_context_unref);
  self->tls = th_tls_context_ref (context);
}

static gboolean
on_order (gpointer data)
{
  Order *order = data;
  ThWorker *self = order->worker;

  if (order->config != NULL)
    th_turn_server_set_config (self->turn, order->config);
  if (order->authenticator != NULL)
    th_turn_server_set_authenticator (self->turn, order->authenticator);
  if (order->tls != NULL)
    take_tls (self, order->tls);
  if (order->user != NULL)
    th_turn_server_end_sessions (self->turn, is_of_user, order->user);
  if (order->secret != 0)
    th_turn_server_end_sessions (self->turn, is_by_secret, &order->secret);
  if (order->session != 0)
    th_turn_server_end_sessions (self->turn, has_id, &order->session);
  return G_SOURCE_REMOVE;
}

static void
give_order (ThWorker *self, const Order *what)
{
  Order *order = g_new0 (Order, 1);

  order->worker = self;
  order->user = g_strdup (what->user);
  order->secret = what->secret;
  order->session = what->session;
  if (what->config != NULL)
    order->config = th_turn_config_ref (what->config);
  if (what->authenticator != NULL)
    order->authenticator = th_turn_authenticator_ref (what->authenticator);
  if (what->tls != NULL)
    order->tls = th_tls_context_ref (what->tls);
  g_main_context_invoke_full (self->context, G_PRIORITY_HIGH, on_order, order, free_order);
}

static gpointer
run_thread (gpointer data)
{
  ThWorker *self = data;

  g_main_context_push_thread_default (self->context);
  th_poller_drive (self->poller, self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static gboolean
on_quit (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

void
th_worker_stop (ThWorker *self)
{
  if (self->thread != NULL)
    {
      g_main_context_invoke (self->context, on_quit, self->loop);
      g_thread_join (g_steal_pointer (&self->thread));
    }
  if (self->tick != NULL)
    {
      g_source_destroy (self->tick);
      g_clear_pointer (&self->tick, g_source_unref);
    }
}

static void
free_udp_listener (gpointer data)
{
  ThUdpListener *listener = data;

  th_udp_socket_close (&listener->udp);
  g_free (listener);
}

static void
free_tcp_listener (gpointer data)
{
  ThTcpListener *listener = data;

  close (listener->watch.fd);
  g_free (listener);
}

ThWorker *
th_worker_new (ThTurnConfig *config,
               ThTurnAuthenticator *authenticator,
               ThWorkersShared *shared,
               GError **error)
{
  ThWorker *self = g_new0 (ThWorker, 1);

  self->poller = th_poller_new (on_batch_begin, on_batch_end, self, error);
  if (self->poller == NULL)
    {
      g_free (self);
      return NULL;
    }
  self->shared = shared;
  self->refusals = th_refusals_new ();
  self->desk = th_tls_desk_new ();
  self->handshakes = th_handshakes_new (&shared->handshakes);
  self->turn = th_turn_server_new (config, authenticator, &driver, self);
  self->inbox = th_inbox_new ();
  self->outbox = th_outbox_new ();
  self->udp_listeners = g_ptr_array_new_with_free_func (free_udp_listener);
  self->tcp_listeners = g_ptr_array_new_with_free_func (free_tcp_listener);
  self->connections = g_ptr_array_new ();
  self->connecting = g_ptr_array_new ();
  self->resting = g_ptr_array_new ();
  self->broken = g_ptr_array_new ();
  on_batch_begin (self);
  th_worker_init_dtls (self);
  return self;
}

void
th_worker_free (ThWorker *self)
{
  th_worker_stop (self);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref); /* with the orders not yet carried out */
  while (self->connections->len > 0)
    th_worker_close_connection (self, self->connections->pdata[0]);
  th_worker_clear_dtls (self);
  th_turn_server_free (self->turn);
  tell_refusals (self);
  th_refusals_free (self->refusals);
  th_tls_desk_free (self->desk);
  th_handshakes_free (self->handshakes);
  th_poller_free (self->poller);
  g_ptr_array_unref (self->udp_listeners);
  g_ptr_array_unref (self->tcp_listeners);
  g_ptr_array_unref (self->connections);
  g_ptr_array_unref (self->connecting);
  g_ptr_array_unref (self->resting);
  g_ptr_array_unref (self->broken);
  th_outbox_free (self->outbox);
  th_inbox_free (self->inbox);
  g_clear_pointer (&self->tls, th_tls_context_unref);
  g_free (self);
}

void
th_worker_add_udp_listener (ThWorker *self, int fd, const ThAddress *address)
{
  ThUdpListener *listener = g_new0 (ThUdpListener, 1);

  th_udp_socket_init (&listener->udp, fd, th_address_is_ipv6 (address));
  th_udp_socket_count_drops (&listener->udp, &self->drops);
  listener->udp.owner = listener;
  listener->udp.watch.ready = th_worker_on_udp_listener_ready;
  listener->worker = self;
  listener->address = *address;
  listener->any_host = th_address_is_wildcard (address);
  g_ptr_array_add (self->udp_listeners, listener);
  th_poller_add (self->poller, &listener->udp.watch, EPOLLIN);
}

void
th_worker_add_tcp_listener (ThWorker *self, int fd, const ThAddress *address)
{
  ThTcpListener *listener = g_new0 (ThTcpListener, 1);

  listener->watch = (ThWatch) { .ready = th_worker_on_tcp_listener_ready, .fd = fd };
  listener->worker = self;
  g_ptr_array_add (self->tcp_listeners, listener);
  th_poller_add (self->poller, &listener->watch, EPOLLIN);
}

void
th_worker_start (ThWorker *self, GMainContext *context)
{
  self->tick = g_timeout_source_new_seconds (1);
  g_source_set_callback (self->tick, on_tick, self, NULL);

  if (context != NULL)
    {
      self->context = g_main_context_ref (context);
      th_poller_attach (self->poller, context);
      g_source_attach (self->tick, context);
      return;
    }
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_source_attach (self->tick, self->context);
  self->thread = g_thread_new ("relay", run_thread, self);
}

void
th_worker_set_config (ThWorker *self, ThTurnConfig *config)
{
  give_order (self, &(Order) { .config = config });
}

void
th_worker_set_authenticator (ThWorker *self, ThTurnAuthenticator *authenticator)
{
  give_order (self, &(Order) { .authenticator = authenticator });
}

void
th_worker_set_tls (ThWorker *self, ThTlsContext *context)
{
  give_order (self, &(Order) { .tls = context });
}

void
th_worker_disconnect_user (ThWorker *self, const char *user)
{
  give_order (self, &(Order) { .user = (char *) user });
}

void
th_worker_end_secret (ThWorker *self, guint generation)
{
  give_order (self, &(Order) { .secret = generation });
}

void
th_worker_end_session (ThWorker *self, guint64 id)
{
  give_order (self, &(Order) { .session = id });
}

ThWorkerCounters
th_worker_get_counters (ThWorker *self)
{
  return (ThWorkerCounters) {
    .turn = th_turn_server_get_counters (self->turn),
    .drops = &self->drops,
  };
}
