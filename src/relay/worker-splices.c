/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Data connections (RFC 6062): a client's connection and a peer's, with their bytes going across.
 * Whoever is slow is not read for: the kernel tells the other one to wait.
 */
#include "relay/worker-private.h"

#include <errno.h>
#include <unistd.h>

#define READ_MAX (64 * 1024)

/* What each of the two is waited for, after anything has changed. */
static void
watch_both (ThWorker *self, ThConnection *connection)
{
  ThSplice *splice = connection->splice;
  gboolean read_peer = !splice->peer_ended && connection->queue == NULL;

  th_connection_pause (connection, splice->client_ended || splice->to_peer != NULL);
  th_poller_set (self->poller, &splice->peer->watch, &splice->peer->unwatched,
                 (read_peer ? EPOLLIN : 0) | (splice->to_peer != NULL ? EPOLLOUT : 0));
}

static void
settle (ThWorker *self, ThConnection *connection)
{
  ThSplice *splice = connection->splice;

  if (connection->broken)
    return;
  if (splice->peer_ended && !splice->told_client && connection->queue == NULL)
    {
      th_outbox_flush_outlet (self->outbox, &connection->outlet);
      if (connection->queue == NULL)
        {
          th_connection_finish (connection);
          splice->told_client = TRUE;
        }
    }
  if (th_splice_is_done (splice))
    th_connection_break (connection);
  else
    watch_both (self, connection);
}

/* Returns: whether the peer's connection goes on */
static gboolean
read_peer (ThWorker *self, ThConnection *connection)
{
  ThSplice *splice = connection->splice;
  guint8 *slot;
  gssize n;

  th_worker_make_room (self);
  if (connection->queue != NULL || splice->peer_ended)
    return TRUE;
  slot = th_inbox_take_slot (self->inbox);
  n = recv (splice->peer->watch.fd, slot, READ_MAX, MSG_DONTWAIT);
  if (n < 0)
    return errno == EAGAIN || errno == EINTR;
  if (n == 0)
    {
      splice->peer_ended = TRUE;
      return TRUE;
    }
  th_turn_server_count_carried (self->turn, splice->stream, 0, (gsize) n);
  if (!th_outbox_has_room (self->outbox))
    th_outbox_flush (self->outbox);
  th_outbox_post (self->outbox, &connection->outlet, 0, slot, (gsize) n, 0);
  return TRUE;
}

static void
on_peer_ready (ThWatch *watch, guint32 events)
{
  ThPeerSocket *socket = (ThPeerSocket *) watch;
  ThWorker *self = socket->worker;
  ThConnection *connection = socket->carrier;

  if (connection->broken)
    return;
  if ((events & EPOLLERR) || !th_splice_write (connection->splice, NULL, 0) ||
      ((events & (EPOLLIN | EPOLLHUP)) && !read_peer (self, connection)))
    th_connection_break (connection);
  settle (self, connection);
}

void
th_worker_bind_stream (gpointer user_data, const ThTurnClient *client, ThTurnStream *stream)
{
  ThWorker *self = user_data;
  ThConnection *connection = client->path;
  ThSplice *splice = th_splice_new (stream);

  connection->splice = splice;
  connection->has_allocation = TRUE; /* it may be silent as long as it likes */
  splice->peer->watch.ready = on_peer_ready;
  splice->peer->worker = self;
  splice->peer->carrier = connection;
  if (!th_poller_add (self->poller, &splice->peer->watch, EPOLLIN))
    th_connection_break (connection);
}

void
th_worker_carry_to_peer (ThWorker *self, ThConnection *connection, const guint8 *bytes, gsize length)
{
  ThSplice *splice = connection->splice;

  th_turn_server_count_carried (self->turn, splice->stream, length, 0);
  splice->client_ended = connection->ended;
  if (!connection->broken && !th_splice_write (splice, bytes, length))
    th_connection_break (connection);
  settle (self, connection);
}

void
th_worker_settle_splice (ThWorker *self, ThConnection *connection)
{
  settle (self, connection);
}

void
th_worker_end_splice (ThWorker *self, ThConnection *connection)
{
  th_poller_remove (self->poller, &connection->splice->peer->watch);
  g_clear_pointer (&connection->splice, th_splice_free);
}
