/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connections in one epoll set, each with what it has to write and the beginning of a frame.
 */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "stun/bytes.h"

#define EVENTS_MAX 64
#define BUFFER_SIZE (256 * 1024)
#define RECORD_MAX (16 * 1024)

typedef struct {
  int fd;
  gnutls_session_t tls; /* NULL: without */
  gboolean unsent;      /* the session has taken what it could not send yet */
  GByteArray *out;
  gboolean waiting; /* in the list of those that have something to write */
  guint8 *in;       /* the beginning of a frame stays at its start */
  gsize in_length;
} Stream;

struct _Streams {
  int epoll;
  gnutls_certificate_credentials_t credentials; /* NULL: without TLS */
  Stream *streams;
  guint n;
  GArray *waiting; /* guint: indices */
};

/* Returns: how long the frame is that begins there; 0 if that is not known yet */
static gsize
measure (const guint8 *bytes, gsize length)
{
  if (length < 4)
    return 0;
  if (bytes[0] & 0x40)
    return TH_CHANNEL_HEADER_SIZE + th_padded_length (th_read_u16 (bytes + 2));
  return TH_STUN_HEADER_SIZE + th_read_u16 (bytes + 2);
}

/* As recv(2): what all records that are there bring. */
static ssize_t
decrypt (Stream *stream, guint8 *bytes, gsize size)
{
  gsize length = 0;
  ssize_t n = 0;

  while (length < size && (n = gnutls_record_recv (stream->tls, bytes + length, size - length)) > 0)
    length += (gsize) n;
  if (length > 0)
    return (ssize_t) length;
  errno = n == GNUTLS_E_AGAIN ? EAGAIN : EPROTO;
  return n == 0 ? 0 : -1;
}

/* As send(2) */
static ssize_t
encrypt (Stream *stream, const guint8 *bytes, gsize length)
{
  ssize_t n = stream->unsent ? gnutls_record_send (stream->tls, NULL, 0)
                             : gnutls_record_send (stream->tls, bytes, MIN (length, RECORD_MAX));

  stream->unsent = n == GNUTLS_E_AGAIN;
  errno = stream->unsent ? EAGAIN : EPROTO;
  return n < 0 ? -1 : n;
}

static ssize_t
receive (Stream *stream, guint8 *bytes, gsize size)
{
  return stream->tls != NULL ? decrypt (stream, bytes, size) : recv (stream->fd, bytes, size, 0);
}

static void
read_frames (Stream *stream, guint index, StreamFunc func, gpointer user_data)
{
  ssize_t n = receive (stream, stream->in + stream->in_length, BUFFER_SIZE - stream->in_length);
  gint64 now = clock_now ();
  gsize used = 0;
  gsize frame;

  if (n == 0 || (n < 0 && errno != EAGAIN))
    fail ("the server has closed connection %u", index);
  stream->in_length += (gsize) MAX (n, 0);
  while ((frame = measure (stream->in + used, stream->in_length - used)) > 0 &&
         frame <= stream->in_length - used)
    {
      func (index, stream->in + used, frame, now, user_data);
      used += frame;
    }
  stream->in_length -= used;
  memmove (stream->in, stream->in + used, stream->in_length);
}

/* Returns: whether all is written */
static gboolean
write_out (Stream *stream)
{
  ssize_t n = stream->tls != NULL
                  ? encrypt (stream, stream->out->data, stream->out->len)
                  : send (stream->fd, stream->out->data, stream->out->len, MSG_NOSIGNAL);

  if (n < 0 && errno != EAGAIN)
    fail ("writing to the server: %s", g_strerror (errno));
  if (n > 0)
    g_byte_array_remove_range (stream->out, 0, (guint) n);
  return stream->out->len == 0;
}

static void
shake_hands (Streams *self, Stream *stream)
{
  int result;

  gnutls_init (&stream->tls, GNUTLS_CLIENT);
  gnutls_set_default_priority (stream->tls);
  gnutls_credentials_set (stream->tls, GNUTLS_CRD_CERTIFICATE, self->credentials);
  gnutls_transport_set_int (stream->tls, stream->fd);
  while ((result = gnutls_handshake (stream->tls)) < 0)
    if (gnutls_error_is_fatal (result))
      fail ("shaking hands with the server: %s", gnutls_strerror (result));
}

Streams *
streams_new (guint n, gboolean tls)
{
  Streams *self = g_new0 (Streams, 1);

  if (tls)
    gnutls_certificate_allocate_credentials (&self->credentials);

  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  self->streams = g_new0 (Stream, n);
  self->n = n;
  self->waiting = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < n; i++)
    self->streams[i].fd = -1;
  return self;
}

void
streams_free (Streams *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      if (self->streams[i].fd < 0)
        continue;
      close (self->streams[i].fd);
      if (self->streams[i].tls != NULL)
        gnutls_deinit (self->streams[i].tls);
      g_byte_array_unref (self->streams[i].out);
      g_free (self->streams[i].in);
    }
  close (self->epoll);
  g_clear_pointer (&self->credentials, gnutls_certificate_free_credentials);
  g_array_unref (self->waiting);
  g_free (self->streams);
  g_free (self);
}

void
streams_connect (Streams *self, guint index, ThAddress *local, const ThAddress *server)
{
  Stream *stream = &self->streams[index];
  struct epoll_event event = { .events = EPOLLIN, .data.u32 = index };
  socklen_t size = sizeof *local;
  int one = 1;

  stream->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (stream->fd < 0 || bind (stream->fd, &local->any, sizeof local->v4) != 0 ||
      connect (stream->fd, &server->any, sizeof server->v4) != 0 ||
      getsockname (stream->fd, &local->any, &size) != 0 ||
      setsockopt (stream->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0)
    fail ("connecting to the server: %s", g_strerror (errno));
  if (self->credentials != NULL)
    shake_hands (self, stream);
  if (fcntl (stream->fd, F_SETFL, O_NONBLOCK) != 0 ||
      epoll_ctl (self->epoll, EPOLL_CTL_ADD, stream->fd, &event) != 0)
    fail ("waiting for the server: %s", g_strerror (errno));
  stream->out = g_byte_array_new ();
  stream->in = g_malloc (BUFFER_SIZE);
}

gboolean
streams_is_connected (const Streams *self, guint index)
{
  return self->streams[index].fd >= 0;
}

void
streams_post (Streams *self, guint index, const void *bytes, gsize length)
{
  Stream *stream = &self->streams[index];

  g_byte_array_append (stream->out, bytes, (guint) length);
  if (stream->waiting)
    return;
  stream->waiting = TRUE;
  g_array_append_val (self->waiting, index);
}

void
streams_flush (Streams *self)
{
  for (guint i = 0; i < self->waiting->len;)
    {
      Stream *stream = &self->streams[g_array_index (self->waiting, guint, i)];

      if (write_out (stream))
        {
          stream->waiting = FALSE;
          g_array_remove_index_fast (self->waiting, i);
        }
      else
        {
          i++;
        }
    }
}

void
streams_receive (Streams *self, StreamFunc func, gpointer user_data)
{
  struct epoll_event events[EVENTS_MAX];
  int n = epoll_wait (self->epoll, events, EVENTS_MAX, 0);

  for (int i = 0; i < n; i++)
    read_frames (&self->streams[events[i].data.u32], events[i].data.u32, func, user_data);
}
