/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A worker's TCP connections with peers (RFC 6062), until they are there: those that it makes for
 * its clients, and those that come to their relayed addresses.
 */
#include "relay/worker-private.h"

#include <errno.h>
#include <unistd.h>

#define ACCEPT_BATCH 16

/* From here on the stream has the socket, or nobody. */
static void
end_connecting (ThWorker *self, ThPeerSocket *socket, gboolean connected)
{
  g_autoptr (ThTurnStream) stream = g_steal_pointer (&socket->stream);
  ThRelayEnd *end = socket->end;
  ThTurnAction action;

  th_poller_remove (self->poller, &socket->watch);
  g_ptr_array_remove_fast (self->connecting, socket);
  if (connected)
    stream->socket = socket;
  else
    {
      stream->socket = NULL;
      th_peer_socket_free (socket);
    }
  th_worker_begin_action (self, &action);
  th_turn_server_stream_connected (self->turn, end, stream, connected, &action);
  th_worker_post (self, &action, action.client);
}

static void
on_connecting_ready (ThWatch *watch, guint32 events)
{
  ThPeerSocket *socket = (ThPeerSocket *) watch;
  int error = 0;
  socklen_t size = sizeof error;

  if (getsockopt (watch->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
    error = errno;
  end_connecting (socket->worker, socket, error == 0);
}

gboolean
th_worker_connect (gpointer user_data, ThRelayEnd *end, ThTurnStream *stream)
{
  ThWorker *self = user_data;
  ThPeerSocket *socket = th_worker_may_have_connection (self)
                             ? th_peer_socket_connect (&end->bound, &stream->wire,
                                                       &self->shared->connections)
                             : NULL;

  if (socket == NULL)
    return FALSE;
  socket->watch.ready = on_connecting_ready;
  socket->worker = self;
  socket->end = end;
  socket->stream = th_stream_ref (stream);
  socket->deadline = self->now + TH_STREAM_PATIENCE_US;
  stream->socket = socket;
  g_ptr_array_add (self->connecting, socket);
  th_poller_add (self->poller, &socket->watch, EPOLLOUT);
  return TRUE;
}

void
th_worker_give_up (gpointer user_data, ThTurnStream *stream)
{
  ThWorker *self = user_data;
  ThPeerSocket *socket = g_steal_pointer (&stream->socket);

  th_poller_remove (self->poller, &socket->watch);
  g_ptr_array_remove_fast (self->connecting, socket);
  g_clear_pointer (&socket->stream, th_stream_unref);
  th_peer_socket_free (socket);
}

static void
wake_listeners (ThWorker *self)
{
  for (guint i = 0; i < self->resting->len; i++)
    th_poller_change (self->poller, self->resting->pdata[i], EPOLLIN);
  g_ptr_array_set_size (self->resting, 0);
}

void
th_worker_look_after_peers (ThWorker *self)
{
  wake_listeners (self);
  for (guint i = self->connecting->len; i-- > 0;)
    {
      ThPeerSocket *socket = self->connecting->pdata[i];

      if (socket->deadline <= self->now)
        end_connecting (self, socket, FALSE);
    }
}

static void
rest (ThWorker *self, ThWatch *watch)
{
  g_ptr_array_add (self->resting, watch);
  th_poller_change (self->poller, watch, 0);
}

static void
take_peer (ThWorker *self, ThRelayEnd *end, int fd, const ThAddress *peer)
{
  ThPeerSocket *socket = th_peer_socket_new (fd, &self->shared->connections);
  ThTurnAction action;

  th_worker_begin_action (self, &action);
  if (th_worker_may_have_connection (self) &&
      th_turn_server_from_listener (self->turn, end, peer, socket, &action))
    th_worker_post (self, &action, action.client);
  else
    th_peer_socket_free (socket);
}

void
th_worker_on_peer_listener_ready (ThWatch *watch, guint32 events)
{
  ThRelaySocket *listener = ((ThUdpSocket *) watch)->owner;

  for (guint i = 0; i < ACCEPT_BATCH; i++)
    {
      ThAddress peer = TH_ADDRESS_NONE;
      socklen_t size = sizeof peer;
      int fd = accept4 (watch->fd, &peer.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

      if (fd < 0 && th_worker_is_short (errno))
        rest (listener->worker, watch);
      else if (fd >= 0)
        take_peer (listener->worker, listener->end, fd, &peer);
      if (fd < 0 && errno != ECONNABORTED)
        return;
    }
}
