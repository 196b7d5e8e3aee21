/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks at the first byte without taking it, and shakes hands where that is asked for.
 */
#include "endpoint/greeting.h"

#include <errno.h>
#include <sys/socket.h>

#include "endpoint/tls-stream.h"

#define TLS_HANDSHAKE 0x16

/*
 * A step of a handshake can cost a hundred times what a request does. So whatever else is to be
 * done comes first, and between two of them the main loop looks for it once more: many handshakes
 * delay each other, and not the window or the relay.
 */
#define HANDSHAKE_PRIORITY G_PRIORITY_DEFAULT_IDLE

struct _ThGreeting
{
  GSocketConnection *connection;
  ThTlsContext *context; /* nullable */
  ThTlsStream *tls;      /* nullable */
  GSource *source;       /* nullable */
  GIOCondition condition;
  ThGreetingFunc notify;
  gpointer data;
};

static void
stop_waiting (ThGreeting *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

/* Unless it does so already. */
static void
wait_for (ThGreeting *self, GIOCondition condition, GSocketSourceFunc callback, int priority)
{
  if (self->source != NULL && self->condition == condition)
    return;
  stop_waiting (self);
  self->condition = condition;
  self->source =
      g_socket_create_source (g_socket_connection_get_socket (self->connection), condition, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (callback), self, NULL);
  g_source_set_priority (self->source, priority);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

static void
finish (ThGreeting *self, ThGreetingEvent event, GIOStream *stream)
{
  stop_waiting (self);
  self->notify (event, stream, self->data);
}

/* Whether this turn of the main loop has had its handshake; all of a turn see the same time. */
static gboolean
had_its_turn (GSource *source)
{
  static gint64 last;
  gint64 now = g_source_get_time (source);

  if (now == last)
    return TRUE;
  last = now;
  return FALSE;
}

/* Returns: whether to go on waiting; if not, @self may be gone */
static gboolean
on_handshake_ready (GSocket *socket, GIOCondition condition, gpointer data)
{
  ThGreeting *self = data;
  g_autoptr (GError) error = NULL;

  if (had_its_turn (self->source))
    return G_SOURCE_CONTINUE;
  if (th_tls_stream_handshake (self->tls, &error))
    finish (self, TH_GREETING_DONE, G_IO_STREAM (self->tls));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      g_debug ("A handshake failed: %s", error->message);
      finish (self, TH_GREETING_FAILED, NULL);
    }
  else
    {
      GSource *before = self->source;

      wait_for (self, th_tls_stream_get_condition (self->tls), on_handshake_ready,
                HANDSHAKE_PRIORITY);
      return self->source == before ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
    }
  return G_SOURCE_REMOVE;
}

static void
begin_handshake (ThGreeting *self)
{
  if (self->context != NULL)
    self->tls = th_tls_stream_new (self->connection, self->context);
  if (self->tls == NULL)
    {
      finish (self, TH_GREETING_FAILED, NULL);
      return;
    }
  stop_waiting (self);
  wait_for (self, G_IO_IN, on_handshake_ready, HANDSHAKE_PRIORITY);
  self->notify (TH_GREETING_HANDSHAKE, NULL, self->data);
}

/* Returns: 1 with @byte, 0 at the end of the stream, -1 with errno */
static gssize
peek (GSocketConnection *connection, guint8 *byte)
{
  int fd = g_socket_get_fd (g_socket_connection_get_socket (connection));
  gssize n;

  do
    n = recv (fd, byte, 1, MSG_PEEK | MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  return n;
}

/* Returns: whether there is nothing yet; if not, @self may be gone */
static gboolean
look (ThGreeting *self)
{
  guint8 byte = 0;
  gssize n = peek (self->connection, &byte);

  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    return TRUE;
  if (n <= 0)
    finish (self, TH_GREETING_FAILED, NULL);
  else if (byte == TLS_HANDSHAKE)
    begin_handshake (self);
  else
    finish (self, TH_GREETING_DONE, G_IO_STREAM (self->connection));
  return FALSE;
}

static gboolean
on_first_byte (GSocket *socket, GIOCondition condition, gpointer data)
{
  return look (data) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

ThGreeting *
th_greeting_new (GSocketConnection *connection,
                 ThTlsContext *context,
                 ThGreetingFunc notify,
                 gpointer data)
{
  ThGreeting *self = g_new0 (ThGreeting, 1);

  self->connection = g_object_ref (connection);
  self->context = context != NULL ? th_tls_context_ref (context) : NULL;
  self->notify = notify;
  self->data = data;
  return self;
}

void
th_greeting_free (ThGreeting *self)
{
  stop_waiting (self);
  g_clear_object (&self->tls);
  g_clear_pointer (&self->context, th_tls_context_unref);
  g_clear_object (&self->connection);
  g_free (self);
}

void
th_greeting_start (ThGreeting *self)
{
  if (look (self))
    wait_for (self, G_IO_IN, on_first_byte, G_PRIORITY_DEFAULT);
}
