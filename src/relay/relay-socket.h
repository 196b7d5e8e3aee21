/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRelaySocket: what stands behind one relayed transport address. It is opened when a port is
 * found, and belongs to a worker from the moment the server attaches it; a reserved port's socket
 * waits in between.
 *
 * Mostly it is two sockets. The kernel sends through a connected socket a good deal faster, for it
 * knows the route; so when one peer gets all the packets, a second socket on the same port is
 * connected to it. Both receive for the same allocation, so nothing that arrives can be missed or
 * mistaken; order is kept as each peer has one way at a time, and when it gets another, what came
 * by the former is read first.
 */
#pragma once

#include "relay/udp-socket.h"
#include "turn/allocation.h"

G_BEGIN_DECLS

typedef struct {
  gboolean stream;    /* the open one listens for TCP connections (RFC 6062), and that is all */
  ThUdpSocket open;   /* to and from any peer */
  ThUdpSocket direct; /* connected to one; its descriptor is -1 where there is none */
  ThAddress direct_peer;
  ThAddress last_peer;
  gboolean older_waits; /* packets from before the direct socket may still be at the open one */
  guint streak;         /* packets to @last_peer since there was one to another */
  ThRelayEnd *end;      /* NULL until attached */
  gpointer worker;      /* ThWorker, likewise */
} ThRelaySocket;

/* NULL with errno set if the port cannot be bound. */
ThRelaySocket *th_relay_socket_open (const ThAddress *address, gboolean stream);
void th_relay_socket_free (ThRelaySocket *self);

/**
 * th_relay_socket_choose:
 * @deserves_direct: (out): the peer has got so many packets in a row that a direct socket to it
 *   pays: th_relay_socket_connect() makes one
 *
 * The socket through which to send to @peer. Also counts.
 */
ThUdpSocket *th_relay_socket_choose (ThRelaySocket *self,
                                     const ThAddress *peer,
                                     gboolean *deserves_direct);

/**
 * th_relay_socket_connect:
 *
 * Opens the direct socket, or turns it to another peer; what waits to leave through it must have
 * left. Where it cannot be had, all goes on through the open one.
 *
 * Returns: TRUE if the direct socket is new and must be waited on
 */
gboolean th_relay_socket_connect (ThRelaySocket *self, const ThAddress *peer);

/* Goes back to the open socket alone. */
void th_relay_socket_disconnect (ThRelaySocket *self);

G_END_DECLS
