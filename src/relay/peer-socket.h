/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPeerSocket: a TCP connection with a peer (RFC 6062), from the first packet until somebody
 * carries its bytes. It counts among the connections that there may be.
 */
#pragma once

#include "relay/poller.h"
#include "turn/allocation.h"

G_BEGIN_DECLS

typedef struct {
  ThWatch watch;   /* first: the watch is the socket */
  gint *count;     /* atomic: of all connections; shared */
  gpointer worker; /* ThWorker: whose poller waits on it */
  gboolean unwatched; /* nothing is waited for; then */
  gpointer carrier; /* ThConnection, once its bytes are carried */
  ThRelayEnd *end; /* while it connects, as the next two */
  ThTurnStream *stream;
  gint64 deadline; /* monotonic microseconds */
} ThPeerSocket;

/* @fd becomes its own. @count: outlives it */
ThPeerSocket *th_peer_socket_new (int fd, gint *count);
void th_peer_socket_free (ThPeerSocket *self);

/* Begins to connect from @bound, which another socket listens on. (nullable): NULL with errno set */
ThPeerSocket *th_peer_socket_connect (const ThAddress *bound, const ThAddress *peer, gint *count);

/* Listens for peers at a relayed transport address; others of this process may connect from there.
 * Returns: a non-blocking descriptor, or -1 with errno set */
int th_peer_socket_listen (const ThAddress *address);

G_END_DECLS
