/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With SO_REUSEPORT the kernel spreads clients over the workers. It would as readily share a port
 * with another program of the same user's, and each would then get half of the packets; so the
 * port is first bound without it, which succeeds only if nobody has it.
 */
#include "relay/listener.h"

#include <errno.h>
#include <unistd.h>

#include "relay/udp-socket.h"

#define BACKLOG 512

static void
close_keeping_errno (int fd)
{
  int error = errno;

  close (fd);
  errno = error;
}

static int
open_tcp (const ThAddress *address, gboolean shared)
{
  int one = 1;
  int fd = socket (address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return -1;
  if (setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
      (!shared || setsockopt (fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one) == 0) &&
      (!th_address_is_ipv6 (address) ||
       setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one) == 0) &&
      bind (fd, &address->any, th_address_size (address)) == 0 && listen (fd, BACKLOG) == 0)
    return fd;
  close_keeping_errno (fd);
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
        close_keeping_errno (fds[i]);
      return FALSE;
    }
  return TRUE;
}
