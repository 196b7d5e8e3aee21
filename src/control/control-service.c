/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The door: who knocks is looked at (SO_PEERCRED), counted, and given a connection of its own.
 */
#include "control/control-service.h"

#include <string.h>
#include <unistd.h>

#define CLIENTS_MAX 256

/* A request is one small line; whoever needs longer than this has gone astray. */
#define PATIENCE_MS 5000

/* How long the door stays shut when there are no descriptors left for those who knock. */
#define REST_SECONDS 1

struct _ThControlService {
  GSocket *socket;
  GSource *watch; /* nullable: while it rests */
  guint rest;     /* source */
  GPtrArray *connections; /* (element-type ThControlConnection) */
  ThControlHandler handler;
  gpointer data;
};

/* Nobody else can open the socket as it is made; but modes can be changed by hand. */
static gboolean
may_ask (GSocket *client)
{
  g_autoptr (GCredentials) credentials = g_socket_get_credentials (client, NULL);
  uid_t user = credentials != NULL ? g_credentials_get_unix_user (credentials, NULL) : (uid_t) -1;

  return user == 0 || (user != (uid_t) -1 && user == geteuid ());
}

static void
turn_away (GSocket *client, const char *why)
{
  g_autofree char *line = th_control_failure_line (why);

  g_socket_send (client, line, strlen (line), NULL, NULL);
  g_socket_close (client, NULL);
}

static void
on_done (ThControlConnection *connection, gpointer data)
{
  ThControlService *self = data;

  g_ptr_array_remove_fast (self->connections, connection);
}

static void
on_request (const ThControlRequest *request, ThControlReply *reply, gpointer data)
{
  ThControlService *self = data;

  self->handler (request, reply, self->data);
}

static void watch (ThControlService *self);

static gboolean
on_rested (gpointer data)
{
  ThControlService *self = data;

  self->rest = 0;
  watch (self);
  return G_SOURCE_REMOVE;
}

static void
stop_watching (ThControlService *self)
{
  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
}

static gboolean
on_client (GSocket *socket, GIOCondition condition, gpointer data)
{
  ThControlService *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) client = g_socket_accept (socket, NULL, &error);

  if (client == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  if (client == NULL)
    {
      g_debug ("The control socket rests: %s", error->message);
      stop_watching (self);
      self->rest = g_timeout_add_seconds (REST_SECONDS, on_rested, self);
      return G_SOURCE_REMOVE;
    }
  g_socket_set_blocking (client, FALSE);
  if (!may_ask (client))
    turn_away (client, "Only the user that runs the server may ask this, and root");
  else if (self->connections->len >= CLIENTS_MAX)
    turn_away (client, "Too many ask at the same time; try again");
  else
    g_ptr_array_add (self->connections, th_control_connection_new (client, PATIENCE_MS, on_request,
                                                                   on_done, self));
  return G_SOURCE_CONTINUE;
}

static void
watch (ThControlService *self)
{
  self->watch = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (on_client), self, NULL);
  g_source_attach (self->watch, NULL);
}

ThControlService *
th_control_service_new (ThControlSocket *socket, ThControlHandler handler, gpointer data)
{
  ThControlService *self = g_new0 (ThControlService, 1);

  self->socket = g_object_ref (th_control_socket_get (socket));
  self->connections =
      g_ptr_array_new_with_free_func ((GDestroyNotify) th_control_connection_free);
  self->handler = handler;
  self->data = data;
  watch (self);
  return self;
}

void
th_control_service_free (ThControlService *self)
{
  stop_watching (self);
  g_clear_handle_id (&self->rest, g_source_remove);
  g_ptr_array_unref (self->connections);
  g_object_unref (self->socket);
  g_free (self);
}
