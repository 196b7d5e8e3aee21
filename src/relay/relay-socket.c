/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening and closing the sockets behind relayed transport addresses.
 */
#include "relay/relay-socket.h"

ThRelaySocket *
th_relay_socket_open (const ThAddress *address)
{
  ThRelaySocket *self;
  int fd = th_udp_socket_open (address, TH_UDP_RELAY, FALSE);

  if (fd < 0)
    return NULL;
  self = g_new0 (ThRelaySocket, 1);
  th_udp_socket_init (&self->udp, fd, th_address_is_ipv6 (address));
  return self;
}

void
th_relay_socket_free (ThRelaySocket *self)
{
  th_udp_socket_close (&self->udp);
  g_free (self);
}
