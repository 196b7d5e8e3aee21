/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The protocol is one datagram to the socket that $NOTIFY_SOCKET names.
 */
#include "server/notify.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>

static GSocketAddress *
socket_address (const char *name)
{
  if (name[0] == '@')
    return g_unix_socket_address_new_with_type (name + 1, -1, G_UNIX_SOCKET_ADDRESS_ABSTRACT);
  return g_unix_socket_address_new (name);
}

void
th_notify (const char *state)
{
  const char *name = g_getenv ("NOTIFY_SOCKET");
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;

  if (name == NULL || (name[0] != '/' && name[0] != '@'))
    return;
  address = socket_address (name);
  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT,
                         &error);
  if (socket == NULL ||
      g_socket_send_to (socket, address, state, strlen (state), NULL, &error) < 0)
    g_warning ("The service manager could not be told %s: %s", state, error->message);
}
