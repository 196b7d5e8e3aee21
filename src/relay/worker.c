/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The worker's loop: what is ready is read into the inbox, the TURN server says what to do, and
 * when the batch is done the outbox leaves. Lists that other events may touch meanwhile (broken
 * connections) are worked through after the batch.
 */
#include "relay/worker.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "relay/connection.h"
#include "relay/inbox.h"
#include "relay/outbox.h"
#include "relay/poller.h"
#include "relay/relay-socket.h"

/* How many datagrams one socket may bring before the others have their turn. */
#define LISTENER_BATCH 64
#define RELAY_BATCH 16
#define ACCEPT_BATCH 32
#define ICMP_BATCH 16

typedef struct {
  ThUdpSocket udp; /* first: a watch of the socket is a watch of the listener */
  ThWorker *worker;
  ThAddress address;
  gboolean any_host; /* bound to the wildcard: every datagram tells its own host */
} UdpListener;

typedef struct {
  ThWatch watch;
  ThWorker *worker;
  gboolean paused; /* out of descriptors: until the next tick */
} TcpListener;

struct _ThWorker {
  ThWorkersShared *shared;
  ThPoller *poller;
  ThTurnServer *turn;
  ThInbox *inbox;
  ThOutbox *outbox;
  GPtrArray *udp_listeners;
  GPtrArray *tcp_listeners;
  GPtrArray *connections;
  GPtrArray *broken;
  ThDropCounters drops;
  gint64 now;

  GMainContext *context;
  GMainLoop *loop; /* NULL on a context of others' */
  GThread *thread;
  GSource *tick;
};

/* ---- what the TURN server decided ---- */

static void
post_to_client (ThWorker *self, const ThTurnAction *action)
{
  const ThTurnClient *client = action->client;
  gboolean datagram = client->transport == TH_TRANSPORT_UDP;
  ThOutlet *outlet = datagram ? &((UdpListener *) client->path)->udp.outlet
                              : &((ThConnection *) client->path)->outlet;
  ThParcel *parcel = th_outbox_post (self->outbox, outlet, action->head_length, action->payload,
                                     action->payload_length, action->tail);

  parcel->control = action->payload_length == 0;
  if (!datagram)
    return;
  parcel->to = client->address;
  if (((UdpListener *) client->path)->any_host)
    parcel->from = client->local;
}

/* Before the packet that proved it worth while, so that it does not overtake the ones before. */
static void
connect_directly (ThWorker *self, ThRelaySocket *socket, const ThAddress *peer)
{
  th_outbox_flush_outlet (self->outbox, &socket->open.outlet);
  th_outbox_flush_outlet (self->outbox, &socket->direct.outlet);
  if (th_relay_socket_connect (socket, peer) &&
      !th_poller_add (self->poller, &socket->direct.watch, EPOLLIN))
    g_warning ("A direct relay socket cannot be waited on: %s", g_strerror (errno));
}

static void
post_to_peer (ThWorker *self, const ThTurnAction *action)
{
  ThRelaySocket *socket = action->end->socket;
  gboolean deserves_direct;
  ThUdpSocket *way = th_relay_socket_choose (socket, &action->peer, &deserves_direct);
  ThParcel *parcel;

  if (G_UNLIKELY (deserves_direct))
    {
      connect_directly (self, socket, &action->peer);
      way = th_relay_socket_choose (socket, &action->peer, &deserves_direct);
    }
  parcel = th_outbox_post (self->outbox, &way->outlet, 0, action->payload, action->payload_length, 0);
  parcel->dont_fragment = action->dont_fragment;
  if (!way->sender.connected)
    parcel->to = action->peer;
}

static void
post (ThWorker *self, const ThTurnAction *action)
{
  if (action->verb == TH_TURN_TO_PEER)
    post_to_peer (self, action);
  else if (action->verb == TH_TURN_TO_CLIENT)
    post_to_client (self, action);
}

static void
begin_action (ThWorker *self, ThTurnAction *action)
{
  if (!th_outbox_has_room (self->outbox))
    th_outbox_flush (self->outbox);
  action->head = th_outbox_head (self->outbox);
}

static void
handle_from_client (ThWorker *self, const ThTurnClient *client, const guint8 *bytes, gsize length)
{
  ThTurnAction action;

  begin_action (self, &action);
  th_turn_server_from_client (self->turn, client, bytes, length, &action);
  post (self, &action);
}

static void
handle_from_peer (ThWorker *self,
                  ThRelayEnd *end,
                  const ThAddress *peer,
                  const guint8 *bytes,
                  gsize length)
{
  ThTurnAction action;

  begin_action (self, &action);
  th_turn_server_from_peer (self->turn, end, peer, bytes, length, &action);
  post (self, &action);
}

static void
make_room (ThWorker *self)
{
  if (th_inbox_room (self->inbox) > 0)
    return;
  th_outbox_flush (self->outbox);
  th_inbox_empty (self->inbox);
}

/* ---- sockets that became ready ---- */

static void
on_udp_listener_ready (ThWatch *watch, guint32 events)
{
  UdpListener *listener = (UdpListener *) watch;
  ThWorker *self = listener->worker;
  const ThDatagram *datagrams;
  guint n;

  make_room (self);
  n = th_udp_socket_receive (&listener->udp, self->inbox, LISTENER_BATCH, &datagrams);
  for (guint i = 0; i < n; i++)
    {
      ThTurnClient client = {
        .address = datagrams[i].from,
        .local = listener->address,
        .transport = TH_TRANSPORT_UDP,
        .path = listener,
      };
      const guint8 *bytes;
      gsize length;
      gsize offset = 0;

      if (listener->any_host && th_address_is_set (&datagrams[i].local))
        {
          client.local = datagrams[i].local;
          th_address_set_port (&client.local, th_address_port (&listener->address));
        }
      while (th_run_next (&datagrams[i], &offset, &bytes, &length))
        handle_from_client (self, &client, bytes, length);
    }
}

static void
report_icmp_errors (ThWorker *self, ThUdpSocket *udp, ThRelayEnd *end)
{
  ThIcmpError error;

  for (guint i = 0; i < ICMP_BATCH && th_udp_socket_read_error (udp, &error); i++)
    {
      ThTurnAction action;

      begin_action (self, &action);
      th_turn_server_from_icmp (self->turn, end, &error.peer, error.type, error.code,
                                error.data, &action);
      post (self, &action);
    }
}

static void
on_relay_socket_ready (ThWatch *watch, guint32 events)
{
  ThUdpSocket *udp = (ThUdpSocket *) watch;
  ThRelaySocket *socket = udp->owner;
  ThWorker *self = socket->worker;
  const ThDatagram *datagrams;
  guint n;

  if (events & EPOLLERR)
    report_icmp_errors (self, udp, socket->end);
  make_room (self);
  n = th_udp_socket_receive (udp, self->inbox, RELAY_BATCH, &datagrams);
  for (guint i = 0; i < n; i++)
    {
      const guint8 *bytes;
      gsize length;
      gsize offset = 0;

      while (th_run_next (&datagrams[i], &offset, &bytes, &length))
        handle_from_peer (self, socket->end, &datagrams[i].from, bytes, length);
    }
}

static void
read_frames (ThWorker *self, ThConnection *connection)
{
  const guint8 *bytes;
  const guint8 *frame;
  gsize frame_length;
  gsize length;

  make_room (self);
  length = th_connection_read (connection, self->inbox, &bytes);
  while (length > 0 && !connection->broken &&
         th_connection_next_frame (connection, &bytes, &length, &frame, &frame_length))
    {
      connection->last_message = self->now;
      handle_from_client (self, &connection->client, frame, frame_length);
    }
}

static void
on_connection_ready (ThWatch *watch, guint32 events)
{
  ThConnection *connection = (ThConnection *) watch;
  ThWorker *self = connection->owner;

  if (events & EPOLLOUT)
    th_connection_write_queue (connection);
  if (events & (EPOLLIN | EPOLLERR | EPOLLHUP))
    read_frames (self, connection);
}

static void
add_connection (ThWorker *self, int fd, const ThAddress *peer)
{
  ThAddress local;
  socklen_t size = sizeof local;
  ThConnection *connection;

  if (getsockname (fd, &local.any, &size) != 0 ||
      g_atomic_int_add (&self->shared->connections, 1) >= self->shared->max_connections)
    {
      g_atomic_int_add (&self->shared->connections, -1);
      close (fd);
      return;
    }
  connection = th_connection_new (fd, peer, &local, self->poller, self->broken, &self->drops,
                                  self->now);
  connection->owner = self;
  connection->watch.ready = on_connection_ready;
  connection->index = self->connections->len;
  g_ptr_array_add (self->connections, connection);
  if (!th_poller_add (self->poller, &connection->watch, EPOLLIN))
    th_connection_break (connection);
}

static void
close_connection (ThWorker *self, ThConnection *connection)
{
  ThConnection *last = self->connections->pdata[self->connections->len - 1];

  th_turn_server_client_gone (self->turn, &connection->client);
  th_outbox_flush_outlet (self->outbox, &connection->outlet);
  th_poller_remove (self->poller, &connection->watch);
  last->index = connection->index;
  g_ptr_array_remove_index_fast (self->connections, connection->index);
  g_atomic_int_add (&self->shared->connections, -1);
  th_connection_free (connection);
}

/* Without descriptors to spare the listener would wake us for ever: it rests until the next tick. */
static void
pause_listener (ThWorker *self, TcpListener *listener)
{
  listener->paused = TRUE;
  th_poller_change (self->poller, &listener->watch, 0);
}

static void
on_tcp_listener_ready (ThWatch *watch, guint32 events)
{
  TcpListener *listener = (TcpListener *) watch;
  ThWorker *self = listener->worker;

  for (guint i = 0; i < ACCEPT_BATCH; i++)
    {
      ThAddress peer = TH_ADDRESS_NONE;
      socklen_t size = sizeof peer;
      int fd = accept4 (watch->fd, &peer.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

      if (fd >= 0)
        add_connection (self, fd, &peer);
      else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        pause_listener (self, listener);
      if (fd < 0 && errno != ECONNABORTED)
        return;
    }
}

/* ---- around each batch ---- */

static void
on_batch_begin (gpointer user_data)
{
  ThWorker *self = user_data;

  self->now = g_get_monotonic_time ();
  th_turn_server_set_time (self->turn, self->now, g_get_real_time () / G_USEC_PER_SEC);
}

static void
on_batch_end (gpointer user_data)
{
  ThWorker *self = user_data;

  th_outbox_flush (self->outbox);
  th_inbox_empty (self->inbox);
  while (self->broken->len > 0)
    close_connection (self, g_ptr_array_steal_index_fast (self->broken, self->broken->len - 1));
}

static gboolean
on_tick (gpointer user_data)
{
  ThWorker *self = user_data;

  on_batch_begin (self);
  for (guint i = 0; i < self->tcp_listeners->len; i++)
    {
      TcpListener *listener = self->tcp_listeners->pdata[i];

      if (listener->paused)
        th_poller_change (self->poller, &listener->watch, EPOLLIN);
      listener->paused = FALSE;
    }
  for (guint i = 0; i < self->connections->len; i++)
    {
      if (th_connection_is_idle (self->connections->pdata[i], self->now))
        th_connection_break (self->connections->pdata[i]);
    }
  on_batch_end (self);
  return G_SOURCE_CONTINUE;
}

/* ---- what the TURN server asks for ---- */

static gpointer
driver_open_socket (gpointer user_data, const ThAddress *address, int *error)
{
  ThRelaySocket *socket = th_relay_socket_open (address);

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
  relay_socket->open.watch.ready = on_relay_socket_ready;
  if (!th_poller_add (self->poller, &relay_socket->open.watch, EPOLLIN))
    g_warning ("A relay socket cannot be waited on: %s", g_strerror (errno));
}

static void
forget_socket (ThWorker *self, ThUdpSocket *socket)
{
  th_outbox_flush_outlet (self->outbox, &socket->outlet);
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
      forget_socket (self, &relay_socket->open);
      forget_socket (self, &relay_socket->direct);
    }
  th_relay_socket_free (relay_socket);
}

static void
set_has_allocation (ThTurnAllocation *allocation, gboolean has_allocation)
{
  if (allocation->client.transport == TH_TRANSPORT_TCP)
    ((ThConnection *) allocation->client.path)->has_allocation = has_allocation;
}

static void
driver_session_started (gpointer user_data, ThTurnAllocation *allocation)
{
  ThWorker *self = user_data;

  set_has_allocation (allocation, TRUE);
  th_events_post (self->shared->events, TH_EVENT_SESSION_STARTED, allocation->record, NULL, 0);
}

static void
driver_session_peer (gpointer user_data,
                     ThTurnAllocation *allocation,
                     const ThAddress *peer,
                     guint16 channel)
{
  ThWorker *self = user_data;

  th_events_post (self->shared->events, TH_EVENT_SESSION_PEER, allocation->record, peer, 0);
}

static void
driver_session_ended (gpointer user_data, ThTurnAllocation *allocation, ThSessionEnd why)
{
  ThWorker *self = user_data;

  set_has_allocation (allocation, FALSE);
  th_events_post (self->shared->events, TH_EVENT_SESSION_ENDED, allocation->record, NULL, why);
}

static const ThTurnDriver driver = {
  .open_socket = driver_open_socket,
  .attach_socket = driver_attach_socket,
  .close_socket = driver_close_socket,
  .session_started = driver_session_started,
  .session_peer = driver_session_peer,
  .session_ended = driver_session_ended,
};

/* ---- orders from outside ---- */

typedef struct {
  ThWorker *worker;
  ThTurnAuthenticator *authenticator;
  char *user;
} Order;

static void
free_order (gpointer data)
{
  Order *order = data;

  g_clear_pointer (&order->authenticator, th_turn_authenticator_unref);
  g_free (order->user);
  g_free (order);
}

static gboolean
is_of_user (const ThTurnRecord *record, gconstpointer user)
{
  return strcmp (record->user, user) == 0;
}

static gboolean
on_order (gpointer data)
{
  Order *order = data;
  ThWorker *self = order->worker;

  if (order->authenticator != NULL)
    th_turn_server_set_authenticator (self->turn, order->authenticator);
  if (order->user != NULL)
    th_turn_server_end_sessions (self->turn, is_of_user, order->user);
  return G_SOURCE_REMOVE;
}

static void
give_order (ThWorker *self, ThTurnAuthenticator *authenticator, const char *user)
{
  Order *order = g_new0 (Order, 1);

  order->worker = self;
  order->user = g_strdup (user);
  if (authenticator != NULL)
    order->authenticator = th_turn_authenticator_ref (authenticator);
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

static void
stop (ThWorker *self)
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
  UdpListener *listener = data;

  th_udp_socket_close (&listener->udp);
  g_free (listener);
}

static void
free_tcp_listener (gpointer data)
{
  TcpListener *listener = data;

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
  self->turn = th_turn_server_new (config, authenticator, &driver, self);
  self->inbox = th_inbox_new ();
  self->outbox = th_outbox_new ();
  self->udp_listeners = g_ptr_array_new_with_free_func (free_udp_listener);
  self->tcp_listeners = g_ptr_array_new_with_free_func (free_tcp_listener);
  self->connections = g_ptr_array_new ();
  self->broken = g_ptr_array_new ();
  on_batch_begin (self);
  return self;
}

void
th_worker_free (ThWorker *self)
{
  stop (self);
  while (self->connections->len > 0)
    close_connection (self, self->connections->pdata[0]);
  th_turn_server_free (self->turn);
  th_poller_free (self->poller);
  g_ptr_array_unref (self->udp_listeners);
  g_ptr_array_unref (self->tcp_listeners);
  g_ptr_array_unref (self->connections);
  g_ptr_array_unref (self->broken);
  th_outbox_free (self->outbox);
  th_inbox_free (self->inbox);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self);
}

void
th_worker_add_udp_listener (ThWorker *self, int fd, const ThAddress *address)
{
  UdpListener *listener = g_new0 (UdpListener, 1);

  th_udp_socket_init (&listener->udp, fd, th_address_is_ipv6 (address));
  th_udp_socket_count_drops (&listener->udp, &self->drops);
  listener->udp.watch.ready = on_udp_listener_ready;
  listener->worker = self;
  listener->address = *address;
  listener->any_host = th_address_is_wildcard (address);
  g_ptr_array_add (self->udp_listeners, listener);
  th_poller_add (self->poller, &listener->udp.watch, EPOLLIN);
}

void
th_worker_add_tcp_listener (ThWorker *self, int fd, const ThAddress *address)
{
  TcpListener *listener = g_new0 (TcpListener, 1);

  listener->watch = (ThWatch) { .ready = on_tcp_listener_ready, .fd = fd };
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
th_worker_set_authenticator (ThWorker *self, ThTurnAuthenticator *authenticator)
{
  give_order (self, authenticator, NULL);
}

void
th_worker_disconnect_user (ThWorker *self, const char *user)
{
  give_order (self, NULL, user);
}

ThWorkerCounters
th_worker_get_counters (ThWorker *self)
{
  return (ThWorkerCounters) {
    .turn = th_turn_server_get_counters (self->turn),
    .drops = &self->drops,
  };
}
