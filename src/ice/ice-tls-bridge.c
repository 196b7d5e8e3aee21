/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes from one stream to the other, and back. A connection lives as long as both directions do.
 */
#include "ice/ice-tls-bridge.h"

#include <netinet/tcp.h>

#define CONNECT_SECONDS 5

/* A call needs a handful for each address of this machine; who asks for more is no part of it. */
#define CONNECTIONS_MAX 64

struct _ThIceTlsBridge {
  GSocketService *service;
  GSocketConnectable *identity;
  GSocketAddress *server;
  gboolean any_certificate;
  GCancellable *cancellable;
  guint n_connections;
  int references; /* the owner's, and one a connection */
};

/* Counted by its pending operations. */
typedef struct {
  ThIceTlsBridge *bridge;
  GIOStream *near; /* libnice */
  GIOStream *far;  /* nullable: the server */
  GCancellable *cancellable; /* of this connection: cancelled with it and with the bridge */
  gulong cancelled;
  int references;
} Link;

static void
bridge_unref (ThIceTlsBridge *self)
{
  if (--self->references > 0)
    return;
  g_object_unref (self->server);
  g_object_unref (self->identity);
  g_object_unref (self->cancellable);
  g_free (self);
}

static void
link_unref (Link *self)
{
  if (--self->references > 0)
    return;
  g_cancellable_disconnect (self->bridge->cancellable, self->cancelled);
  g_object_unref (self->cancellable);
  g_object_unref (self->near);
  g_clear_object (&self->far);
  self->bridge->n_connections--;
  bridge_unref (self->bridge);
  g_free (self);
}

/* Packets that go through a stream want to be on their way at once. */
static void
hurry (GSocketConnection *connection)
{
  g_socket_set_option (g_socket_connection_get_socket (connection), IPPROTO_TCP, TCP_NODELAY, TRUE,
                       NULL);
}

/* One direction has ended: so does the other. */
static void
on_spliced (GObject *source, GAsyncResult *result, gpointer data)
{
  Link *self = data;

  g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, NULL);
  g_cancellable_cancel (self->cancellable);
  link_unref (self);
}

static void
splice (Link *self, GIOStream *from, GIOStream *to)
{
  self->references++;
  g_output_stream_splice_async (g_io_stream_get_output_stream (to),
                                g_io_stream_get_input_stream (from), G_OUTPUT_STREAM_SPLICE_NONE,
                                G_PRIORITY_DEFAULT, self->cancellable, on_spliced, self);
}

static void
on_handshake_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Link *self = data;
  g_autoptr (GError) error = NULL;

  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error))
    {
      splice (self, self->near, self->far);
      splice (self, self->far, self->near);
    }
  else
    g_debug ("No TLS with a relay: %s", error->message);
  link_unref (self);
}

static gboolean
on_certificate (GTlsConnection *connection,
                GTlsCertificate *certificate,
                GTlsCertificateFlags problems,
                gpointer any_certificate)
{
  return GPOINTER_TO_INT (any_certificate);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  Link *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

  if (connection != NULL)
    {
      hurry (connection);
      /* Silence is no fault from here on. */
      g_socket_set_timeout (g_socket_connection_get_socket (connection), 0);
      self->far = g_tls_client_connection_new (G_IO_STREAM (connection), self->bridge->identity,
                                               &error);
    }
  if (self->far == NULL)
    {
      g_debug ("No way to a relay: %s", error->message);
      link_unref (self);
      return;
    }
  g_signal_connect (self->far, "accept-certificate", G_CALLBACK (on_certificate),
                    GINT_TO_POINTER (self->bridge->any_certificate));
  g_tls_connection_handshake_async (G_TLS_CONNECTION (self->far), G_PRIORITY_DEFAULT,
                                    self->cancellable, on_handshake_done, self);
}

static void
on_bridge_cancelled (GCancellable *bridge, gpointer link)
{
  g_cancellable_cancel (link);
}

static gboolean
on_incoming (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  ThIceTlsBridge *bridge = data;
  g_autoptr (GSocketClient) client = NULL;
  Link *self;

  if (bridge->n_connections >= CONNECTIONS_MAX)
    return TRUE; /* and it closes */
  self = g_new0 (Link, 1);
  self->bridge = bridge;
  bridge->references++;
  bridge->n_connections++;
  hurry (connection);
  self->near = G_IO_STREAM (g_object_ref (connection));
  self->cancellable = g_cancellable_new ();
  self->cancelled = g_cancellable_connect (bridge->cancellable, G_CALLBACK (on_bridge_cancelled),
                                           self->cancellable, NULL);
  self->references = 1;

  client = g_socket_client_new ();
  g_socket_client_set_timeout (client, CONNECT_SECONDS);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (bridge->server), self->cancellable,
                                 on_connected, self);
  return TRUE;
}

static gboolean
listen_near (ThIceTlsBridge *self, GSocketFamily family, ThAddress *bridge)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (family);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autofree char *host = g_inet_address_to_string (loopback);

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), any_port,
                                      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound,
                                      NULL))
    return FALSE;
  return th_address_parse (bridge, host,
                           g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
}

ThIceTlsBridge *
th_ice_tls_bridge_new (const ThAddress *server,
                       const char *name,
                       gboolean any_certificate,
                       ThAddress *bridge)
{
  ThIceTlsBridge *self = g_new0 (ThIceTlsBridge, 1);
  ThAddress address = *server; /* @bridge may be the same variable */

  self->references = 1;
  self->server = g_socket_address_new_from_native (&address, th_address_size (&address));
  self->identity = g_network_address_new (name, th_address_port (&address));
  self->any_certificate = any_certificate;
  self->cancellable = g_cancellable_new ();
  self->service = g_socket_service_new ();
  if (!listen_near (self, g_socket_address_get_family (self->server), bridge))
    {
      th_ice_tls_bridge_free (self);
      return NULL;
    }
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
  return self;
}

void
th_ice_tls_bridge_free (ThIceTlsBridge *self)
{
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
  g_cancellable_cancel (self->cancellable);
  bridge_unref (self);
}
