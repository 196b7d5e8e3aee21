/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way to the peer; the way back is that of every connection.
 */
#include "relay/splice.h"

#include <errno.h>

ThSplice *
th_splice_new (ThTurnStream *stream)
{
  ThSplice *self = g_new0 (ThSplice, 1);

  self->stream = stream;
  self->peer = g_steal_pointer (&stream->socket);
  return self;
}

void
th_splice_free (ThSplice *self)
{
  th_stream_set_state (self->stream, TH_STREAM_OVER);
  th_stream_unref (self->stream);
  th_peer_socket_free (self->peer);
  g_clear_pointer (&self->to_peer, g_byte_array_unref);
  g_free (self);
}

/* Returns: how many bytes the kernel took, or -1 */
static gssize
send_some (ThSplice *self, const guint8 *bytes, gsize length)
{
  gssize sent = send (self->peer->watch.fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);

  if (sent >= 0)
    return sent;
  return errno == EAGAIN || errno == EINTR ? 0 : -1;
}

static void
tell_peer (ThSplice *self)
{
  if (!self->client_ended || self->told_peer || self->to_peer != NULL)
    return;
  shutdown (self->peer->watch.fd, SHUT_WR);
  self->told_peer = TRUE;
}

gboolean
th_splice_write (ThSplice *self, const guint8 *bytes, gsize length)
{
  gssize sent = 0;

  if (self->to_peer != NULL)
    {
      sent = send_some (self, self->to_peer->data, self->to_peer->len);
      if (sent < 0)
        return FALSE;
      g_byte_array_remove_range (self->to_peer, 0, (guint) sent);
      if (self->to_peer->len == 0)
        g_clear_pointer (&self->to_peer, g_byte_array_unref);
      sent = 0;
    }
  if (length > 0 && self->to_peer == NULL)
    sent = send_some (self, bytes, length);
  if (sent < 0)
    return FALSE;
  if ((gsize) sent < length)
    {
      if (self->to_peer == NULL)
        self->to_peer = g_byte_array_new ();
      g_byte_array_append (self->to_peer, bytes + sent, (guint) (length - (gsize) sent));
    }
  tell_peer (self);
  return TRUE;
}

gboolean
th_splice_is_done (const ThSplice *self)
{
  return self->told_peer && self->told_client;
}
