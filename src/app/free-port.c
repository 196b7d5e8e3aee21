/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tries ports as the relay would open them.
 */
#include "app/free-port.h"

#include <errno.h>
#include <unistd.h>

#include "relay/listener.h"

#define TRIES 100

static gboolean
can_open (ThTransport transport, const ThAddress *address)
{
  int fd;

  if (th_listener_open (transport, address, &fd, 1))
    {
      close (fd);
      return TRUE;
    }
  /* An address this machine has not got keeps no port from being free. */
  return errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT;
}

static gboolean
is_free_on (const ThAddress *host, gboolean udp, guint16 port)
{
  ThAddress address = *host;

  th_address_set_port (&address, port);
  return can_open (TH_TRANSPORT_TCP, &address) && (!udp || can_open (TH_TRANSPORT_UDP, &address));
}

static gboolean
is_free (const ThAddress *hosts, guint n_hosts, gboolean udp, guint16 port)
{
  for (guint i = 0; i < n_hosts; i++)
    if (!is_free_on (&hosts[i], udp, port))
      return FALSE;
  return TRUE;
}

guint16
th_free_port_find (const ThAddress *hosts, guint n_hosts, gboolean udp, guint first)
{
  ThAddress everywhere[2];

  if (n_hosts == 0)
    {
      th_address_parse (&everywhere[0], "0.0.0.0", 0);
      th_address_parse (&everywhere[1], "::", 0);
      hosts = everywhere;
      n_hosts = G_N_ELEMENTS (everywhere);
    }
  for (guint port = first; port <= G_MAXUINT16 && port < first + TRIES; port++)
    if (is_free (hosts, n_hosts, udp, port))
      return port;
  return 0;
}
