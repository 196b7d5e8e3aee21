/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks the kernel for the interfaces' addresses, and for the source address it would use towards
 * the internet: connecting a datagram socket chooses one and sends nothing.
 */
#include "relay/machine-addresses.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <unistd.h>

static gboolean
contains (const GArray *addresses, const ThAddress *address)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      if (th_address_same_host (&g_array_index (addresses, ThAddress, i), address))
        return TRUE;
    }
  return FALSE;
}

static void
add (GArray *addresses, const ThAddress *address)
{
  ThAddress host = *address;

  th_address_set_port (&host, 0);
  if (!contains (addresses, &host))
    g_array_append_val (addresses, host);
}

static gboolean
is_link_local (const ThAddress *address)
{
  return th_address_is_ipv6 (address)
             ? IN6_IS_ADDR_LINKLOCAL (&address->v6.sin6_addr)
             : (g_ntohl (address->v4.sin_addr.s_addr) & 0xFFFF0000u) == 0xA9FE0000u;
}

/* @somewhere: any address outside; nothing is sent to it */
static void
add_default_source (GArray *addresses, const char *somewhere)
{
  ThAddress address;
  socklen_t size = sizeof address;
  int fd;

  if (!th_address_parse (&address, somewhere, 9))
    return;
  fd = socket (address.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return;
  if (connect (fd, &address.any, th_address_size (&address)) == 0 &&
      getsockname (fd, &address.any, &size) == 0 && !th_address_is_loopback (&address) &&
      !is_link_local (&address))
    add (addresses, &address);
  close (fd);
}

static void
add_interfaces (GArray *addresses, const struct ifaddrs *interfaces, gboolean loopback)
{
  for (const struct ifaddrs *at = interfaces; at != NULL; at = at->ifa_next)
    {
      ThAddress address;

      if (at->ifa_addr == NULL || !(at->ifa_flags & IFF_UP) ||
          !th_address_from_sockaddr (&address, at->ifa_addr, sizeof address))
        continue;
      if (th_address_is_loopback (&address) == loopback && !is_link_local (&address))
        add (addresses, &address);
    }
}

GArray *
th_machine_addresses (void)
{
  GArray *addresses = g_array_new (FALSE, FALSE, sizeof (ThAddress));
  struct ifaddrs *interfaces = NULL;

  add_default_source (addresses, "198.51.100.1");
  add_default_source (addresses, "2001:db8::1");
  if (getifaddrs (&interfaces) == 0)
    {
      add_interfaces (addresses, interfaces, FALSE);
      add_interfaces (addresses, interfaces, TRUE);
      freeifaddrs (interfaces);
    }
  return addresses;
}

/* Whether all bits that @mask has are the same in both. */
static gboolean
is_same_network (const ThAddress *address, const ThAddress *own, const ThAddress *mask)
{
  gsize length;
  const guint8 *bytes = th_address_bytes (address, &length);
  const guint8 *own_bytes = th_address_bytes (own, &length);
  const guint8 *mask_bytes = th_address_bytes (mask, &length);

  for (gsize i = 0; i < length; i++)
    if ((bytes[i] ^ own_bytes[i]) & mask_bytes[i])
      return FALSE;
  return TRUE;
}

static gboolean
is_near_interface (const ThAddress *address, const struct ifaddrs *interface)
{
  ThAddress own, mask;

  return interface->ifa_addr != NULL && interface->ifa_netmask != NULL &&
         interface->ifa_addr->sa_family == address->any.sa_family &&
         th_address_from_sockaddr (&own, interface->ifa_addr, sizeof own) &&
         th_address_from_sockaddr (&mask, interface->ifa_netmask, sizeof mask) &&
         is_same_network (address, &own, &mask);
}

static ThAddress
unmap (const ThAddress *address)
{
  ThAddress plain = *address;

  if (th_address_is_ipv6 (address) && IN6_IS_ADDR_V4MAPPED (&address->v6.sin6_addr))
    th_address_init_bytes (&plain, TH_STUN_FAMILY_IPV4, address->v6.sin6_addr.s6_addr + 12, 0);
  return plain;
}

gboolean
th_machine_is_near (const ThAddress *address)
{
  const ThAddress plain = unmap (address);
  struct ifaddrs *interfaces = NULL;
  gboolean near = th_address_is_loopback (&plain) || is_link_local (&plain);

  if (near || getifaddrs (&interfaces) != 0)
    return near;
  for (const struct ifaddrs *at = interfaces; at != NULL && !near; at = at->ifa_next)
    near = is_near_interface (&plain, at);
  freeifaddrs (interfaces);
  return near;
}
