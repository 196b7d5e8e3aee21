/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line in, a line out. The socket is watched for one of the two at a time, and for neither while
 * the answer is being found.
 */
#include "control/control-connection.h"

#include <string.h>

#include "credentials/json-object.h"

struct _ThControlConnection {
  GSocket *socket;
  guint patience;
  ThControlHandler handler;
  ThControlDone done;
  gpointer data;
  GSource *watch;    /* nullable */
  GSource *deadline; /* nullable: while the client is waited for */
  ThControlReply *reply; /* (transfer none) (nullable): while it is awaited */
  char input[TH_CONTROL_REQUEST_MAX];
  gsize length;
  char *output; /* nullable */
  gsize sent;
};

struct _ThControlReply {
  ThControlConnection *connection; /* nullable: gone */
};

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static gboolean
on_deadline (gpointer data)
{
  ThControlConnection *self = data;

  if (self->output == NULL)
    {
      g_autofree char *line = th_control_failure_line ("The request took too long");
      g_socket_send (self->socket, line, strlen (line), NULL, NULL);
    }
  self->done (self, self->data);
  return G_SOURCE_REMOVE;
}

static void
wait_for_client (ThControlConnection *self, GIOCondition condition, GSocketSourceFunc ready)
{
  self->watch = g_socket_create_source (self->socket, condition, NULL);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (ready), self, NULL);
  g_source_attach (self->watch, NULL);
  self->deadline = g_timeout_source_new (self->patience);
  g_source_set_callback (self->deadline, on_deadline, self, NULL);
  g_source_attach (self->deadline, NULL);
}

static void
stop_waiting (ThControlConnection *self)
{
  clear_source (&self->watch);
  clear_source (&self->deadline);
}

static gboolean
on_writable (GSocket *socket, GIOCondition condition, gpointer data)
{
  ThControlConnection *self = data;
  gsize left = strlen (self->output + self->sent);
  g_autoptr (GError) error = NULL;
  gssize n = g_socket_send (socket, self->output + self->sent, left, NULL, &error);

  if (n > 0)
    self->sent += n;
  if (n == (gssize) left ||
      (n < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)))
    {
      self->done (self, self->data);
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

/* @line: (transfer full) */
static void
answer (ThControlReply *self, char *line)
{
  ThControlConnection *connection = self->connection;

  g_free (self);
  if (connection == NULL)
    {
      g_free (line);
      return;
    }
  connection->reply = NULL;
  connection->output = line;
  wait_for_client (connection, G_IO_OUT, on_writable);
}

static void
take_request (ThControlConnection *self, gsize length)
{
  g_autoptr (ThControlRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  stop_waiting (self);
  self->reply = g_new (ThControlReply, 1);
  self->reply->connection = self;
  request = th_control_request_parse (self->input, length, &error);
  if (request != NULL)
    self->handler (request, self->reply, self->data);
  else
    th_control_reply_fail (self->reply, error->message);
}

/* The line feed that ends the request is the last byte, or there is none yet. */
static gboolean
on_readable (GSocket *socket, GIOCondition condition, gpointer data)
{
  ThControlConnection *self = data;
  g_autoptr (GError) error = NULL;
  gssize n = g_socket_receive (socket, self->input + self->length,
                               sizeof self->input - self->length, NULL, &error);
  const char *end;

  if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  if (n <= 0)
    {
      self->done (self, self->data);
      return G_SOURCE_REMOVE;
    }
  self->length += n;
  end = memchr (self->input, '\n', self->length);
  if (end == NULL && self->length < sizeof self->input)
    return G_SOURCE_CONTINUE;
  take_request (self, end == self->input + self->length - 1 ? self->length - 1 : self->length);
  return G_SOURCE_REMOVE;
}

ThControlConnection *
th_control_connection_new (GSocket *socket,
                           guint patience,
                           ThControlHandler handler,
                           ThControlDone done,
                           gpointer data)
{
  ThControlConnection *self = g_new0 (ThControlConnection, 1);

  self->socket = g_object_ref (socket);
  self->patience = patience;
  self->handler = handler;
  self->done = done;
  self->data = data;
  wait_for_client (self, G_IO_IN, on_readable);
  return self;
}

void
th_control_connection_free (ThControlConnection *self)
{
  stop_waiting (self);
  if (self->reply != NULL)
    self->reply->connection = NULL;
  g_socket_close (self->socket, NULL);
  g_object_unref (self->socket);
  g_free (self->output);
  g_free (self);
}

static char *
to_line (JsonBuilder *object)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_end_object (object);
  root = json_builder_get_root (object);
  text = json_to_string (root, FALSE);
  return g_strconcat (text, "\n", NULL);
}

JsonBuilder *
th_control_reply_begin (void)
{
  JsonBuilder *object = json_builder_new ();

  json_builder_begin_object (object);
  th_json_add_flag (object, "ok", TRUE);
  return object;
}

void
th_control_reply_send (ThControlReply *self, JsonBuilder *object)
{
  answer (self, to_line (object));
}

char *
th_control_failure_line (const char *text)
{
  g_autoptr (JsonBuilder) object = json_builder_new ();

  json_builder_begin_object (object);
  th_json_add_flag (object, "ok", FALSE);
  th_json_add_text (object, "error", text);
  return to_line (object);
}

void
th_control_reply_fail (ThControlReply *self, const char *text)
{
  answer (self, th_control_failure_line (text));
}
