/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With SO_REUSEPORT the kernel spreads clients over the workers. It would as readily share a port
 * with another program of the same user's, and each would then get half of the packets; so the
 * port is first bound without it, which succeeds only if nobody has it.
 */
#include "relay/listener.h"

#include <unistd.h>

#include "relay/tcp-socket.h"
#include "relay/udp-socket.h"

#define BACKLOG 512

static int
open_tcp (const ThAddress *address, gboolean shared)
{
  int fd = th_tcp_socket_bind (address, shared);

  if (fd < 0 || listen (fd, BACKLOG) == 0)
    return fd;
  th_tcp_socket_close (fd);
  return -1;
}

static int
open_one (ThTransport transport, const ThAddress *address, gboolean shared)
{
  return th_transport_is_stream (transport) ? open_tcp (address, shared)
                                            : th_udp_socket_open (address, TH_UDP_LISTENER, shared);
}

gboolean
th_listener_open (ThTransport transport, const ThAddress *address, int *fds, guint n)
{
  gboolean shared = n > 1;

  if (shared)
    {
      int probe = open_one (transport, address, FALSE);

      if (probe < 0)
        return FALSE;
      close (probe);
    }
  for (guint i = 0; i < n; i++)
    {
      fds[i] = open_one (transport, address, shared);
      if (fds[i] >= 0)
        continue;
      while (i-- > 0)
        th_tcp_socket_close (fds[i]);
      return FALSE;
    }
  return TRUE;
}
