/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What listeners and the relay's own ends towards peers have in common.
 */
#include "relay/tcp-socket.h"

#include <errno.h>
#include <unistd.h>

int
th_tcp_socket_bind (const ThAddress *address, gboolean shared)
{
  int one = 1;
  int fd = socket (address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return -1;
  if (setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
      (!shared || setsockopt (fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one) == 0) &&
      (!th_address_is_ipv6 (address) ||
       setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one) == 0) &&
      bind (fd, &address->any, th_address_size (address)) == 0)
    return fd;
  th_tcp_socket_close (fd);
  return -1;
}

void
th_tcp_socket_close (int fd)
{
  int error = errno;

  close (fd);
  errno = error;
}
