/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A relayed transport address is one for TCP too: what it listens on is where it connects from.
 */
#include "relay/peer-socket.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "relay/tcp-socket.h"

#define BACKLOG 16

ThPeerSocket *
th_peer_socket_new (int fd, gint *count)
{
  ThPeerSocket *self = g_new0 (ThPeerSocket, 1);
  int one = 1;

  (void) setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  self->watch.fd = fd;
  self->count = count;
  g_atomic_int_inc (count);
  return self;
}

void
th_peer_socket_free (ThPeerSocket *self)
{
  close (self->watch.fd);
  g_atomic_int_add (self->count, -1);
  g_free (self);
}

ThPeerSocket *
th_peer_socket_connect (const ThAddress *bound, const ThAddress *peer, gint *count)
{
  int fd = th_tcp_socket_bind (bound, TRUE);

  if (fd < 0)
    return NULL;
  if (connect (fd, &peer->any, th_address_size (peer)) == 0 || errno == EINPROGRESS)
    return th_peer_socket_new (fd, count);
  th_tcp_socket_close (fd);
  return NULL;
}

int
th_peer_socket_listen (const ThAddress *address)
{
  int one = 1;
  int fd = th_tcp_socket_bind (address, FALSE); /* alone: nobody else may have it */

  if (fd < 0)
    return -1;
  if (listen (fd, BACKLOG) == 0 && setsockopt (fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one) == 0)
    return fd;
  th_tcp_socket_close (fd);
  return -1;
}
