/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Root may; others may where they are let become root of a user namespace.
 */
#include "namespace.h"

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

gboolean
enter_namespace (guint mtu)
{
  struct ifreq request = { .ifr_name = "lo", .ifr_mtu = (int) mtu };
  gboolean done = FALSE;
  int fd;

  if (unshare (CLONE_NEWNET) != 0 && unshare (CLONE_NEWUSER | CLONE_NEWNET) != 0)
    return FALSE;
  fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (ioctl (fd, SIOCSIFMTU, &request) == 0)
    {
      request.ifr_flags = IFF_UP | IFF_RUNNING;
      done = ioctl (fd, SIOCSIFFLAGS, &request) == 0;
    }
  close (fd);
  return done;
}
