/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Listening and accepting for the endpoint, with a deadline on every connection.
 */
#include "endpoint/acceptor.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "endpoint/greeting.h"
#include "endpoint/reply.h"
#include "endpoint/tls-stream.h"

#define BACKLOG           TH_ACCEPTOR_CONNECTIONS /* may come while a handshake is computed */
#define LINGER            1000  /* milliseconds between a refusal and the end of its connection */
#define ACCEPT_PAUSE      500   /* milliseconds, when accepting failed: no file descriptors left */
#define HANDSHAKE_TIMEOUT 10000 /* milliseconds; less where a request has less */

typedef struct {
  ThAcceptor *acceptor;
  ThGreeting *greeting; /* nullable: until it is done */
  GSocket *socket;
  GIOStream *stream; /* nullable: until then; not owned: libsoup does */
  GSocketAddress *local, *remote;
  gboolean handshaking;
  gint64 deadline;  /* monotonic microseconds */
  guint timer;      /* source; may go off before the deadline, which was moved since */
  gboolean idle;    /* its last request was answered, and no other has come */
  gboolean closing; /* libsoup is to drop it */
  gboolean refused; /* it ends soon, whatever comes */
} Connection;

typedef struct {
  ThAcceptor *acceptor;
  GSocket *socket;
  GSource *source; /* nullable: while accepting pauses */
  guint pause;     /* source, then */
} Listener;

struct _ThAcceptor {
  SoupServer *server;
  ThTlsContext *tls; /* nullable */
  guint timeout;
  int keep_alive;         /* descriptor; see let_connections_live() */
  GPtrArray *listeners;   /* Listener */
  GPtrArray *connections; /* Connection */
  gulong finished_handler;
};

static GQuark
connection_quark (void)
{
  static GQuark quark;

  if (quark == 0)
    quark = g_quark_from_static_string ("th-acceptor-connection");
  return quark;
}

static void listener_watch (Listener *listener);
static void on_stream_finalized (gpointer data, GObject *stream);
static void connection_set_deadline (Connection *connection, guint milliseconds);

static void
connection_free (gpointer data)
{
  Connection *connection = data;

  g_clear_handle_id (&connection->timer, g_source_remove);
  g_clear_pointer (&connection->greeting, th_greeting_free);
  g_object_set_qdata (G_OBJECT (connection->remote), connection_quark (), NULL);
  g_object_unref (connection->local);
  g_object_unref (connection->remote);
  g_object_unref (connection->socket);
  g_free (connection);
}

/* What was sent is the last there is. */
static void
connection_end_sending (Connection *connection)
{
  if (TH_IS_TLS_STREAM (connection->stream))
    th_tls_stream_say_goodbye (TH_TLS_STREAM (connection->stream));
  g_socket_shutdown (connection->socket, FALSE, TRUE, NULL);
}

/* Whoever still holds the stream: it is closed. */
static void
connection_drop (Connection *connection)
{
  if (connection->stream != NULL)
    {
      g_object_weak_unref (G_OBJECT (connection->stream), on_stream_finalized, connection);
      g_io_stream_close (connection->stream, NULL, NULL);
    }
  g_ptr_array_remove_fast (connection->acceptor->connections, connection);
}

static gboolean
client_has_left (Connection *connection)
{
  char byte;

  return recv (g_socket_get_fd (connection->socket), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/*
 * libsoup then reads the end of the stream, and drops it. But where the client ended it before,
 * libsoup (3.2) has read that, reads no more and keeps the socket open: such a one is gone at once,
 * as is one that libsoup never got.
 */
static void
connection_close (Connection *connection)
{
  if (connection->stream == NULL || connection->closing || client_has_left (connection))
    {
      connection_drop (connection);
      return;
    }
  connection->closing = TRUE;
  connection_end_sending (connection);
  g_socket_shutdown (connection->socket, TRUE, TRUE, NULL);
  connection_set_deadline (connection, LINGER);
}

static gboolean
on_connection_timer (gpointer data)
{
  Connection *connection = data;
  gint64 left = connection->deadline - g_get_monotonic_time ();

  connection->timer = 0;
  if (left > 0)
    connection->timer = g_timeout_add (left / 1000 + 1, on_connection_timer, connection);
  else
    connection_close (connection); /* which may have freed it */
  return G_SOURCE_REMOVE;
}

/* Deadlines mostly move away, with each request: the timer then stays and looks again. */
static void
connection_set_deadline (Connection *connection, guint milliseconds)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) milliseconds * 1000;

  if (connection->timer != 0 && deadline < connection->deadline)
    g_clear_handle_id (&connection->timer, g_source_remove);
  connection->deadline = deadline;
  if (connection->timer == 0)
    connection->timer = g_timeout_add (milliseconds, on_connection_timer, connection);
}

static void
on_stream_finalized (gpointer data, GObject *stream)
{
  Connection *connection = data;

  g_ptr_array_remove_fast (connection->acceptor->connections, connection);
}

/* libsoup hands out the very address that it was given with the stream. */
static Connection *
find_connection (SoupServerMessage *message)
{
  GSocketAddress *remote = soup_server_message_get_remote_address (message);

  return remote == NULL ? NULL : g_object_get_qdata (G_OBJECT (remote), connection_quark ());
}

static void
on_server_request_finished (SoupServer *server, SoupServerMessage *message, gpointer data)
{
  ThAcceptor *self = data;
  Connection *connection = find_connection (message);

  if (connection == NULL || connection->refused || connection->closing)
    return;
  connection->idle = TRUE;
  connection_set_deadline (connection, self->timeout);
}

static Connection *
find_longest_idle (ThAcceptor *self)
{
  Connection *found = NULL;

  for (guint i = 0; i < self->connections->len; i++)
    {
      Connection *connection = g_ptr_array_index (self->connections, i);

      if (connection->idle && (found == NULL || connection->deadline < found->deadline))
        found = connection;
    }
  return found;
}

/* Returns: whether there is room for one more connection */
static gboolean
make_room (ThAcceptor *self)
{
  Connection *idle;

  if (self->connections->len < TH_ACCEPTOR_CONNECTIONS)
    return TRUE;
  idle = find_longest_idle (self);
  if (idle == NULL)
    return FALSE;
  idle->idle = FALSE; /* it goes as soon as libsoup sees its end, and is over the count till then */
  connection_close (idle);
  return TRUE;
}

/* The oldest handshake makes way for the newest: of many that stall, none stays for long. */
static void
bound_handshakes (ThAcceptor *self)
{
  Connection *oldest = NULL;
  guint n = 0;

  for (guint i = 0; i < self->connections->len; i++)
    {
      Connection *connection = g_ptr_array_index (self->connections, i);

      if (!connection->handshaking)
        continue;
      n++;
      if (oldest == NULL || connection->deadline < oldest->deadline)
        oldest = connection;
    }
  if (n > TH_ACCEPTOR_HANDSHAKES)
    connection_close (oldest);
}

static void
serve (ThAcceptor *self, Connection *connection, GIOStream *stream)
{
  connection->stream = stream;
  if (connection->handshaking)
    connection_set_deadline (connection, self->timeout);
  connection->handshaking = FALSE;
  g_object_weak_ref (G_OBJECT (stream), on_stream_finalized, connection);
  soup_server_accept_iostream (self->server, stream, connection->local, connection->remote, NULL);
}

static void
on_greeting_event (ThGreetingEvent event, GIOStream *stream, gpointer data)
{
  Connection *connection = data;
  ThAcceptor *self = connection->acceptor;
  g_autoptr (ThGreeting) greeting = NULL;

  switch (event)
    {
    case TH_GREETING_HANDSHAKE:
      connection->handshaking = TRUE;
      connection_set_deadline (connection, MIN (self->timeout, HANDSHAKE_TIMEOUT));
      bound_handshakes (self);
      break;
    case TH_GREETING_DONE:
      greeting = g_steal_pointer (&connection->greeting); /* holds the stream until libsoup does */
      serve (self, connection, stream);
      break;
    case TH_GREETING_FAILED:
      connection_close (connection);
      break;
    }
}

static void
take_connection (ThAcceptor *self, GSocket *socket)
{
  g_autoptr (GSocketConnection) stream = g_socket_connection_factory_create_connection (socket);
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (stream, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (stream, NULL);

  /* Without addresses it has gone again. */
  if (local == NULL || remote == NULL || !make_room (self))
    return;

  /* Headers and body leave in two writes; the second must not wait for the first's receipt. */
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);

  Connection *connection = g_new0 (Connection, 1);
  connection->acceptor = self;
  connection->socket = g_object_ref (socket);
  connection->local = g_object_ref (local);
  connection->remote = g_object_ref (remote);
  connection->greeting = th_greeting_new (stream, self->tls, on_greeting_event, connection);
  g_object_set_qdata (G_OBJECT (remote), connection_quark (), connection);
  connection_set_deadline (connection, self->timeout);
  g_ptr_array_add (self->connections, connection);
  th_greeting_start (connection->greeting);
}

/*
 * libsoup ends a connection after its first answer unless the server itself listens on something.
 * So it is given a socket to listen on from which nothing ever comes: one end of a pair, the other
 * end of which stays here, silent. Without one, each connection carries one request.
 */
static void
let_connections_live (ThAcceptor *self)
{
  int ends[2];
  g_autoptr (GSocket) silent = NULL;
  g_autoptr (GError) error = NULL;

  self->keep_alive = -1;
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return;
  self->keep_alive = ends[0];
  silent = g_socket_new_from_fd (ends[1], &error);
  if (silent == NULL)
    close (ends[1]);
  else
    soup_server_listen_socket (self->server, silent, 0, &error);
  if (error != NULL)
    g_warning ("The endpoint ends connections after each answer: %s", error->message);
}

static gboolean
on_listener_pause_over (gpointer data)
{
  Listener *listener = data;

  listener->pause = 0;
  listener_watch (listener);
  return G_SOURCE_REMOVE;
}

static gboolean
on_listener_readable (GSocket *socket, GIOCondition condition, gpointer data)
{
  Listener *listener = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) accepted = g_socket_accept (socket, NULL, &error);

  if (accepted != NULL)
    take_connection (listener->acceptor, accepted);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      g_warning ("The endpoint cannot take a connection: %s", error->message);
      g_clear_pointer (&listener->source, g_source_unref);
      listener->pause = g_timeout_add (ACCEPT_PAUSE, on_listener_pause_over, listener);
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static void
listener_watch (Listener *listener)
{
  listener->source = g_socket_create_source (listener->socket, G_IO_IN, NULL);
  g_source_set_callback (listener->source, G_SOURCE_FUNC (on_listener_readable), listener, NULL);
  g_source_attach (listener->source, g_main_context_get_thread_default ());
}

static void
listener_free (gpointer data)
{
  Listener *listener = data;

  if (listener->source != NULL)
    g_source_destroy (listener->source);
  g_clear_pointer (&listener->source, g_source_unref);
  g_clear_handle_id (&listener->pause, g_source_remove);
  g_socket_close (listener->socket, NULL);
  g_object_unref (listener->socket);
  g_free (listener);
}

static GSocket *
open_socket (GInetAddress *address, guint16 port, GError **error)
{
  GSocketFamily family = g_inet_address_get_family (address);
  g_autoptr (GSocketAddress) where = g_inet_socket_address_new (address, port);
  g_autoptr (GSocket) socket =
      g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (socket == NULL)
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (family == G_SOCKET_FAMILY_IPV6)
    g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, 1, NULL);
  if (!g_socket_bind (socket, where, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

ThAcceptor *
th_acceptor_new (SoupServer *server, guint timeout)
{
  ThAcceptor *self = g_new0 (ThAcceptor, 1);

  self->server = server;
  self->timeout = timeout;
  self->listeners = g_ptr_array_new_with_free_func (listener_free);
  self->connections = g_ptr_array_new_with_free_func (connection_free);
  self->finished_handler =
      g_signal_connect (server, "request-finished", G_CALLBACK (on_server_request_finished), self);
  let_connections_live (self);
  return self;
}

void
th_acceptor_free (ThAcceptor *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->listeners);
  while (self->connections->len > 0)
    connection_drop (g_ptr_array_index (self->connections, self->connections->len - 1));
  g_ptr_array_unref (self->connections);
  g_clear_pointer (&self->tls, th_tls_context_unref);
  g_signal_handler_disconnect (self->server, self->finished_handler);
  if (self->keep_alive >= 0)
    close (self->keep_alive);
  g_free (self);
}

gboolean
th_acceptor_listen (ThAcceptor *self, GInetAddress *address, guint16 port, GError **error)
{
  GSocket *socket = open_socket (address, port, error);

  if (socket == NULL)
    return FALSE;

  Listener *listener = g_new0 (Listener, 1);
  listener->acceptor = self;
  listener->socket = socket;
  listener_watch (listener);
  g_ptr_array_add (self->listeners, listener);
  return TRUE;
}

guint16
th_acceptor_get_port (ThAcceptor *self)
{
  if (self->listeners->len == 0)
    return 0;

  Listener *listener = g_ptr_array_index (self->listeners, 0);
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (listener->socket, NULL);
  return address == NULL ? 0 : g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

void
th_acceptor_set_tls (ThAcceptor *self, ThTlsContext *context)
{
  g_clear_pointer (&self->tls, th_tls_context_unref);
  self->tls = context != NULL ? th_tls_context_ref (context) : NULL;
}

void
th_acceptor_got_headers (ThAcceptor *self, SoupServerMessage *message)
{
  Connection *connection = find_connection (message);

  if (connection == NULL || connection->closing)
    return;
  connection->idle = FALSE;
  connection_set_deadline (connection, self->timeout);
}

void
th_acceptor_let_live (ThAcceptor *self, SoupServerMessage *message, guint milliseconds)
{
  Connection *connection = find_connection (message);

  if (connection != NULL && !connection->closing)
    connection_set_deadline (connection, milliseconds);
}

void
th_acceptor_refuse (ThAcceptor *self, SoupServerMessage *message, guint status, const char *body)
{
  Connection *connection = find_connection (message);

  if (connection == NULL)
    return;

  GOutputStream *output = g_io_stream_get_output_stream (connection->stream);
  g_autofree char *answer =
      g_strdup_printf ("HTTP/1.1 %u %s\r\n"
                       "Connection: close\r\n"
                       "Content-Type: application/json\r\n"
                       "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                       status, th_status_phrase (status), strlen (body), body);
  /* A few bytes into an empty buffer: all of it goes, or the client has gone. */
  g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (output), answer,
                                              strlen (answer), NULL, NULL);
  connection_end_sending (connection);
  connection->refused = TRUE;
  connection_set_deadline (connection, LINGER);
}
