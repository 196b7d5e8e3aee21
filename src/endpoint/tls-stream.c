/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A GIOStream over a GnuTLS session. Input and output are objects of their own, as GIO wants them,
 * and hold on to nothing: the stream outlives both for whoever uses them.
 */
#include "endpoint/tls-stream.h"

static const char *const protocols[] = { "http/1.1", NULL };

struct _ThTlsStream
{
  GIOStream parent_instance;
  GSocketConnection *connection;
  ThTlsContext *context;
  gnutls_session_t session;
  GInputStream *input;
  GOutputStream *output;
  gboolean unsent;      /* the session took bytes that it could not yet send */
  gboolean established; /* the handshake is done */
  gboolean ended;       /* nothing can be sent any more */
};

/* Both directions are the same two words; their classes differ. */
#define TH_TYPE_TLS_INPUT (th_tls_input_get_type ())
G_DECLARE_FINAL_TYPE (ThTlsInput, th_tls_input, TH, TLS_INPUT, GInputStream)
struct _ThTlsInput
{
  GInputStream parent_instance;
  ThTlsStream *stream; /* not owned: owns this; NULL: gone */
};

#define TH_TYPE_TLS_OUTPUT (th_tls_output_get_type ())
G_DECLARE_FINAL_TYPE (ThTlsOutput, th_tls_output, TH, TLS_OUTPUT, GOutputStream)
struct _ThTlsOutput
{
  GOutputStream parent_instance;
  ThTlsStream *stream; /* not owned: owns this; NULL: gone */
};

static void th_tls_input_pollable_init (GPollableInputStreamInterface *iface);
static void th_tls_output_pollable_init (GPollableOutputStreamInterface *iface);

G_DEFINE_FINAL_TYPE (ThTlsStream, th_tls_stream, G_TYPE_IO_STREAM)
G_DEFINE_FINAL_TYPE_WITH_CODE (ThTlsInput,
                               th_tls_input,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      th_tls_input_pollable_init))
G_DEFINE_FINAL_TYPE_WITH_CODE (ThTlsOutput,
                               th_tls_output,
                               G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                      th_tls_output_pollable_init))

static GSocket *
get_socket (ThTlsStream *self)
{
  return g_socket_connection_get_socket (self->connection);
}

/* Warnings of the client's are no reason to stop. GnuTLS reads no further ahead than the record it
 * is at, so the socket tells of what follows one. */
static gboolean
is_to_be_repeated (gssize result)
{
  return result == GNUTLS_E_AGAIN || result == GNUTLS_E_WARNING_ALERT_RECEIVED;
}

/* @result: what GnuTLS said. Returns: -1 */
static gssize
fail (ThTlsStream *self, gssize result, GError **error)
{
  if (is_to_be_repeated (result))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "The client is waited for");
      return -1;
    }
  self->ended = TRUE;
  g_set_error (error, G_TLS_ERROR,
               result == GNUTLS_E_PREMATURE_TERMINATION ? G_TLS_ERROR_EOF : G_TLS_ERROR_MISC,
               "TLS failed: %s", gnutls_strerror ((int) result));
  return -1;
}

static gssize
fail_closed (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The stream is closed");
  return -1;
}

/*
 * A client that wants to negotiate once more (GNUTLS_E_REHANDSHAKE; TLS 1.2) is refused by the end
 * of the connection: none needs it, and each time costs the server more than the client.
 */
static gssize
receive (ThTlsStream *self, void *buffer, gsize count, GError **error)
{
  gssize result;

  if (self == NULL)
    return fail_closed (error);
  do
    result = gnutls_record_recv (self->session, buffer, count);
  while (result == GNUTLS_E_INTERRUPTED);
  if (result >= 0)
    return result;
  if (result == GNUTLS_E_REHANDSHAKE)
    gnutls_alert_send (self->session, GNUTLS_AL_FATAL, GNUTLS_A_NO_RENEGOTIATION);
  return fail (self, result, error);
}

/*
 * What the session took before goes first. It is asked for by sending nothing, and GnuTLS then says
 * how much that was; the caller comes again with the same bytes (GPollableOutputStream).
 */
static gssize
transmit (ThTlsStream *self, const void *buffer, gsize count, GError **error)
{
  gssize result;

  if (self == NULL || self->ended)
    return fail_closed (error);
  do
    result = self->unsent ? gnutls_record_send (self->session, NULL, 0)
                          : gnutls_record_send (self->session, buffer, count);
  while (result == GNUTLS_E_INTERRUPTED);
  self->unsent = result == GNUTLS_E_AGAIN;
  return result < 0 ? fail (self, result, error) : MIN (result, (gssize) count);
}

static gboolean
can_read (ThTlsStream *self)
{
  return self == NULL || gnutls_record_check_pending (self->session) > 0 ||
         g_socket_condition_check (get_socket (self), G_IO_IN) != 0;
}

static gboolean
can_write (ThTlsStream *self)
{
  return self == NULL || g_socket_condition_check (get_socket (self), G_IO_OUT) != 0;
}

/* A source that is ready when the socket is, or at once. */
static GSource *
create_source (ThTlsStream *self, GObject *end, GIOCondition condition, gboolean at_once)
{
  g_autoptr (GSource) child = at_once ? g_timeout_source_new (0)
                                      : g_socket_create_source (get_socket (self), condition, NULL);

  return g_pollable_source_new_full (end, child, NULL);
}

/* For those who want to block; libsoup's server does not. */
static gboolean
wait (ThTlsStream *self, GIOCondition condition, GCancellable *cancellable, GError **error)
{
  return g_socket_condition_wait (get_socket (self), condition, cancellable, error);
}

static gssize
th_tls_input_read_nonblocking (GPollableInputStream *stream,
                               void *buffer,
                               gsize count,
                               GError **error)
{
  return receive (TH_TLS_INPUT (stream)->stream, buffer, count, error);
}

static gssize
th_tls_input_read (GInputStream *stream,
                   void *buffer,
                   gsize count,
                   GCancellable *cancellable,
                   GError **error)
{
  ThTlsStream *self = TH_TLS_INPUT (stream)->stream;

  for (;;)
    {
      g_autoptr (GError) reason = NULL;
      gssize n = receive (self, buffer, count, &reason);

      if (n >= 0)
        return n;
      if (!g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return -1;
        }
      if (!wait (self, th_tls_stream_get_condition (self), cancellable, error))
        return -1;
    }
}

static gboolean
th_tls_input_is_readable (GPollableInputStream *stream)
{
  return can_read (TH_TLS_INPUT (stream)->stream);
}

static GSource *
th_tls_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  ThTlsStream *self = TH_TLS_INPUT (stream)->stream;
  gboolean at_once = self == NULL || gnutls_record_check_pending (self->session) > 0;

  return create_source (self, G_OBJECT (stream), G_IO_IN, at_once);
}

static void
th_tls_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = th_tls_input_is_readable;
  iface->create_source = th_tls_input_create_source;
  iface->read_nonblocking = th_tls_input_read_nonblocking;
}

static void
th_tls_input_class_init (ThTlsInputClass *class)
{
  G_INPUT_STREAM_CLASS (class)->read_fn = th_tls_input_read;
}

static void
th_tls_input_init (ThTlsInput *self)
{
}

static gssize
th_tls_output_write_nonblocking (GPollableOutputStream *stream,
                                 const void *buffer,
                                 gsize count,
                                 GError **error)
{
  return transmit (TH_TLS_OUTPUT (stream)->stream, buffer, count, error);
}

static gssize
th_tls_output_write (GOutputStream *stream,
                     const void *buffer,
                     gsize count,
                     GCancellable *cancellable,
                     GError **error)
{
  ThTlsStream *self = TH_TLS_OUTPUT (stream)->stream;

  for (;;)
    {
      g_autoptr (GError) reason = NULL;
      gssize n = transmit (self, buffer, count, &reason);

      if (n >= 0)
        return n;
      if (!g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return -1;
        }
      if (!wait (self, G_IO_OUT, cancellable, error))
        return -1;
    }
}

static gboolean
th_tls_output_is_writable (GPollableOutputStream *stream)
{
  return can_write (TH_TLS_OUTPUT (stream)->stream);
}

static GSource *
th_tls_output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  ThTlsStream *self = TH_TLS_OUTPUT (stream)->stream;

  return create_source (self, G_OBJECT (stream), G_IO_OUT, self == NULL);
}

static void
th_tls_output_pollable_init (GPollableOutputStreamInterface *iface)
{
  iface->is_writable = th_tls_output_is_writable;
  iface->create_source = th_tls_output_create_source;
  iface->write_nonblocking = th_tls_output_write_nonblocking;
}

static void
th_tls_output_class_init (ThTlsOutputClass *class)
{
  G_OUTPUT_STREAM_CLASS (class)->write_fn = th_tls_output_write;
}

static void
th_tls_output_init (ThTlsOutput *self)
{
}

static GInputStream *
th_tls_stream_get_input_stream (GIOStream *stream)
{
  return TH_TLS_STREAM (stream)->input;
}

static GOutputStream *
th_tls_stream_get_output_stream (GIOStream *stream)
{
  return TH_TLS_STREAM (stream)->output;
}

/* Input and output may be held by others for longer, but the socket's descriptor is no more. */
static gboolean
th_tls_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  ThTlsStream *self = TH_TLS_STREAM (stream);

  th_tls_stream_say_goodbye (self);
  TH_TLS_INPUT (self->input)->stream = NULL;
  TH_TLS_OUTPUT (self->output)->stream = NULL;
  return g_io_stream_close (G_IO_STREAM (self->connection), cancellable, error);
}

/* As it does not block, it needs no thread; GIO would take one. */
static void
th_tls_stream_close_async (GIOStream *stream,
                           int priority,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, data);
  g_autoptr (GError) error = NULL;

  g_task_set_priority (task, priority);
  if (th_tls_stream_close (stream, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
th_tls_stream_close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* GIOStream has closed it before. */
static void
th_tls_stream_finalize (GObject *object)
{
  ThTlsStream *self = TH_TLS_STREAM (object);

  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_pointer (&self->session, gnutls_deinit);
  g_clear_pointer (&self->context, th_tls_context_unref);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (th_tls_stream_parent_class)->finalize (object);
}

static void
th_tls_stream_class_init (ThTlsStreamClass *class)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = th_tls_stream_finalize;
  stream_class->get_input_stream = th_tls_stream_get_input_stream;
  stream_class->get_output_stream = th_tls_stream_get_output_stream;
  stream_class->close_fn = th_tls_stream_close;
  stream_class->close_async = th_tls_stream_close_async;
  stream_class->close_finish = th_tls_stream_close_finish;
}

static void
th_tls_stream_init (ThTlsStream *self)
{
  self->input = g_object_new (TH_TYPE_TLS_INPUT, NULL);
  self->output = g_object_new (TH_TYPE_TLS_OUTPUT, NULL);
  TH_TLS_INPUT (self->input)->stream = self;
  TH_TLS_OUTPUT (self->output)->stream = self;
}

ThTlsStream *
th_tls_stream_new (GSocketConnection *connection, ThTlsContext *context)
{
  gnutls_session_t session = th_tls_context_new_session (context, TH_TLS_OVER_TCP, protocols);
  ThTlsStream *self;

  if (session == NULL)
    return NULL;
  self = g_object_new (TH_TYPE_TLS_STREAM, NULL);
  self->connection = g_object_ref (connection);
  self->context = th_tls_context_ref (context);
  self->session = session;
  gnutls_transport_set_int (session, g_socket_get_fd (get_socket (self)));
  return self;
}

gboolean
th_tls_stream_handshake (ThTlsStream *self, GError **error)
{
  int result;

  do
    result = gnutls_handshake (self->session);
  while (result == GNUTLS_E_INTERRUPTED);
  if (result >= 0)
    {
      self->established = TRUE;
      return TRUE;
    }
  if (!is_to_be_repeated (result))
    gnutls_alert_send_appropriate (self->session, result);
  fail (self, result, error);
  return FALSE;
}

GIOCondition
th_tls_stream_get_condition (ThTlsStream *self)
{
  return gnutls_record_get_direction (self->session) == 1 ? G_IO_OUT : G_IO_IN;
}

void
th_tls_stream_say_goodbye (ThTlsStream *self)
{
  if (self->established && !self->ended)
    gnutls_bye (self->session, GNUTLS_SHUT_WR);
  self->ended = TRUE;
}
