/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A worker's TCP side: taking connections in, frames from them, and letting them go.
 */
#include "relay/worker-private.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define ACCEPT_BATCH 32
#define RELEASE_BATCH 4

/* What a client has said waits in the kernel until other handshakes are done, or its patience. */
static void
hold (ThWorker *self, ThConnection *connection)
{
  connection->held.data = connection;
  g_queue_push_tail_link (&self->held, &connection->held);
  th_poller_change (self->poller, &connection->watch, 0);
}

static void
release (ThWorker *self, ThConnection *connection)
{
  g_queue_unlink (&self->held, &connection->held);
  connection->held.data = NULL;
  th_poller_change (self->poller, &connection->watch, EPOLLIN);
}

/* They try again, the first to have come first. */
static void
release_some (ThWorker *self)
{
  for (guint i = 0; i < RELEASE_BATCH && self->held.head != NULL; i++)
    release (self, self->held.head->data);
}

static void
end_handshake (ThWorker *self, ThConnection *connection)
{
  connection->shaking = FALSE;
  th_handshakes_end (self->handshakes, &connection->client.address);
  release_some (self);
}

/* The first byte decides what a connection speaks. FALSE: nothing may be read of it yet. */
static gboolean
greet (ThWorker *self, ThConnection *connection)
{
  guint8 first;
  ssize_t n = recv (connection->watch.fd, &first, 1, MSG_PEEK | MSG_DONTWAIT);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return FALSE; /* it has not come yet: behind a proxy's header, say */
  if (n != 1 || first != TH_TLS_FIRST_BYTE)
    return TRUE;
  if (self->tls == NULL)
    th_connection_break (connection);
  else if (th_handshakes_begin (self->handshakes, &connection->client.address))
    {
      connection->shaking = TRUE;
      connection->last_message = self->now; /* its time begins, however long it was held */
    }
  else
    hold (self, connection);
  return connection->shaking;
}

static gsize
read_bytes (ThWorker *self, ThConnection *connection, const guint8 **bytes)
{
  gsize length = th_connection_read (connection, self->inbox, bytes);

  if (length > 0 && !connection->greeted)
    {
      connection->greeted = TRUE;
      if (connection->shaking)
        length = th_connection_start_tls (connection, self->tls, *bytes, length);
    }
  if (connection->shaking && connection->tls != NULL && th_tls_pipe_is_open (connection->tls))
    end_handshake (self, connection);
  return length > 0 && th_connection_refuse_website (connection) ? 0 : length;
}

static void
read_frames (ThWorker *self, ThConnection *connection)
{
  const guint8 *bytes = NULL;
  const guint8 *frame;
  gsize frame_length;
  gsize length;

  th_worker_make_room (self);
  length = read_bytes (self, connection, &bytes);
  while (length > 0 && !connection->broken && connection->splice == NULL &&
         th_connection_next_frame (connection, &bytes, &length, &frame, &frame_length))
    {
      connection->last_message = self->now;
      th_worker_handle_from_client (self, &connection->client, frame, frame_length);
    }
  if (connection->splice != NULL)
    {
      th_worker_carry_to_peer (self, connection, bytes, length);
      return;
    }
  if (!connection->ended)
    return;
  th_outbox_flush_outlet (self->outbox, &connection->outlet); /* the answers */
  th_connection_break (connection);
}

/* A handshake may have to wait for the next batch: then it is ready again. */
static gboolean
may_read (ThWorker *self, ThConnection *connection)
{
  if (connection->greeted && !connection->shaking)
    return TRUE;
  return th_handshakes_take_step (self->handshakes) &&
         (connection->greeted || connection->shaking || greet (self, connection));
}

static void
on_connection_ready (ThWatch *watch, guint32 events)
{
  ThConnection *connection = (ThConnection *) watch;
  ThWorker *self = connection->owner;

  if (connection->held.data != NULL) /* it has gone, or it would not have been told of */
    th_connection_break (connection);
  if (events & EPOLLOUT)
    {
      th_connection_write_queue (connection);
      if (connection->splice != NULL)
        th_worker_settle_splice (self, connection);
    }
  if (connection->broken ||
      (connection->awaits_proxy_header && !th_connection_take_proxy_header (connection)))
    return;
  if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) && may_read (self, connection))
    read_frames (self, connection);
}

static void
add_connection (ThWorker *self, int fd, const ThAddress *peer)
{
  ThAddress local;
  socklen_t size = sizeof local;
  ThConnection *connection;

  if (!th_worker_may_have_connection (self) || getsockname (fd, &local.any, &size) != 0)
    {
      close (fd);
      return;
    }
  g_atomic_int_inc (&self->shared->connections);
  connection = th_connection_new (fd, peer, &local, self->poller, self->broken, &self->drops,
                                  self->desk, self->now);
  connection->owner = self;
  connection->awaits_proxy_header = th_proxies_contain (&self->shared->proxies, peer);
  connection->watch.ready = on_connection_ready;
  connection->index = self->connections->len;
  g_ptr_array_add (self->connections, connection);
  if (!th_poller_add (self->poller, &connection->watch, EPOLLIN))
    th_connection_break (connection);
}

/* It rests until the next tick. */
static void
pause_listener (ThWorker *self, ThTcpListener *listener)
{
  listener->paused = TRUE;
  th_poller_change (self->poller, &listener->watch, 0);
}

void
th_worker_on_tcp_listener_ready (ThWatch *watch, guint32 events)
{
  ThTcpListener *listener = (ThTcpListener *) watch;
  ThWorker *self = listener->worker;

  for (guint i = 0; i < ACCEPT_BATCH; i++)
    {
      ThAddress peer = TH_ADDRESS_NONE;
      socklen_t size = sizeof peer;
      int fd = accept4 (watch->fd, &peer.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

      if (fd >= 0)
        add_connection (self, fd, &peer);
      else if (th_worker_is_short (errno))
        pause_listener (self, listener);
      if (fd < 0 && errno != ECONNABORTED)
        return;
    }
}

gboolean
th_worker_is_short (int error)
{
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

gboolean
th_worker_may_have_connection (const ThWorker *self)
{
  return g_atomic_int_get (&self->shared->connections) <
         g_atomic_int_get (&self->shared->max_connections);
}

void
th_worker_close_connection (ThWorker *self, ThConnection *connection)
{
  ThConnection *last = self->connections->pdata[self->connections->len - 1];

  th_turn_server_client_gone (self->turn, &connection->client);
  th_outbox_flush_outlet (self->outbox, &connection->outlet);
  if (connection->held.data != NULL)
    release (self, connection);
  if (connection->shaking)
    end_handshake (self, connection);
  if (connection->splice != NULL)
    th_worker_end_splice (self, connection);
  th_connection_say_goodbye (connection);
  th_poller_remove (self->poller, &connection->watch);
  last->index = connection->index;
  g_ptr_array_remove_index_fast (self->connections, connection->index);
  g_atomic_int_add (&self->shared->connections, -1);
  th_connection_free (connection);
}

void
th_worker_look_after_streams (ThWorker *self)
{
  for (guint i = 0; i < self->tcp_listeners->len; i++)
    {
      ThTcpListener *listener = self->tcp_listeners->pdata[i];

      if (listener->paused)
        th_poller_change (self->poller, &listener->watch, EPOLLIN);
      listener->paused = FALSE;
    }
  release_some (self);
  for (guint i = 0; i < self->connections->len; i++)
    {
      ThConnection *connection = self->connections->pdata[i];

      if (th_connection_is_idle (connection, self->now) ||
          (connection->splice != NULL &&
           th_counter_read (&connection->splice->stream->record->over) != 0))
        th_connection_break (connection);
    }
}
