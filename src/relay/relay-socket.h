/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRelaySocket: the socket behind one relayed transport address. It is opened when a port is
 * found, and belongs to a worker from the moment the server attaches it; a reserved port's socket
 * waits in between.
 */
#pragma once

#include "relay/udp-socket.h"
#include "turn/allocation.h"

G_BEGIN_DECLS

typedef struct {
  ThUdpSocket udp;
  ThRelayEnd *end;  /* NULL until attached */
  gpointer worker;  /* ThWorker, likewise */
} ThRelaySocket;

/* NULL with errno set if the port cannot be bound. */
ThRelaySocket *th_relay_socket_open (const ThAddress *address);
void th_relay_socket_free (ThRelaySocket *self);

static inline ThRelaySocket *
th_relay_socket_from_watch (ThWatch *watch)
{
  return (ThRelaySocket *) watch; /* the watch is the first member of the first member */
}

G_END_DECLS
