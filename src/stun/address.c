/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A transport address: making one from bytes, text or what the kernel wrote, comparing two, and
 * writing one for people.
 */
#include "stun/address.h"

#include <arpa/inet.h>
#include <string.h>

/* FALSE unless @self is an IPv4 address, or one mapped into IPv6; in host order. */
static gboolean
get_ipv4 (const ThAddress *self, guint32 *host)
{
  in_addr_t ipv4;

  if (th_address_is_ipv4 (self))
    ipv4 = self->v4.sin_addr.s_addr;
  else if (th_address_is_ipv6 (self) && IN6_IS_ADDR_V4MAPPED (&self->v6.sin6_addr))
    memcpy (&ipv4, self->v6.sin6_addr.s6_addr + 12, sizeof ipv4);
  else
    return FALSE;
  *host = g_ntohl (ipv4);
  return TRUE;
}

void
th_address_init_bytes (ThAddress *self, ThStunFamily family, const guint8 *bytes, guint16 port)
{
  memset (self, 0, sizeof *self);
  if (family == TH_STUN_FAMILY_IPV6)
    {
      self->v6.sin6_family = AF_INET6;
      memcpy (&self->v6.sin6_addr, bytes, sizeof self->v6.sin6_addr);
    }
  else
    {
      self->v4.sin_family = AF_INET;
      memcpy (&self->v4.sin_addr, bytes, sizeof self->v4.sin_addr);
    }
  th_address_set_port (self, port);
}

gboolean
th_address_parse (ThAddress *self, const char *text, guint16 port)
{
  char host[INET6_ADDRSTRLEN];
  guint8 bytes[sizeof (struct in6_addr)];
  gsize length = strlen (text);
  gboolean bracketed = length >= 2 && text[0] == '[' && text[length - 1] == ']';

  if (bracketed)
    {
      text += 1;
      length -= 2;
    }
  if (length >= sizeof host)
    return FALSE;
  memcpy (host, text, length);
  host[length] = '\0';

  if (inet_pton (AF_INET6, host, bytes) == 1)
    th_address_init_bytes (self, TH_STUN_FAMILY_IPV6, bytes, port);
  else if (!bracketed && inet_pton (AF_INET, host, bytes) == 1)
    th_address_init_bytes (self, TH_STUN_FAMILY_IPV4, bytes, port);
  else
    return FALSE;
  return TRUE;
}

gboolean
th_address_from_sockaddr (ThAddress *self, const struct sockaddr *address, gsize length)
{
  struct sockaddr head;
  gsize size;

  if (length < sizeof head)
    return FALSE;
  memcpy (&head, address, sizeof head);

  if (head.sa_family == AF_INET)
    size = sizeof self->v4;
  else if (head.sa_family == AF_INET6)
    size = sizeof self->v6;
  else
    return FALSE;
  if (length < size)
    return FALSE;

  memset (self, 0, sizeof *self);
  memcpy (self, address, size);
  return TRUE;
}

ThStunFamily
th_address_family (const ThAddress *self)
{
  return th_address_is_ipv6 (self) ? TH_STUN_FAMILY_IPV6 : TH_STUN_FAMILY_IPV4;
}

const guint8 *
th_address_bytes (const ThAddress *self, gsize *length)
{
  if (th_address_is_ipv6 (self))
    {
      *length = sizeof self->v6.sin6_addr;
      return (const guint8 *) &self->v6.sin6_addr;
    }
  *length = sizeof self->v4.sin_addr;
  return (const guint8 *) &self->v4.sin_addr;
}

gboolean
th_address_equal (const ThAddress *a, const ThAddress *b)
{
  return th_address_same_host (a, b) &&
         (!th_address_is_set (a) || a->v4.sin_port == b->v4.sin_port);
}

gboolean
th_address_same_host (const ThAddress *a, const ThAddress *b)
{
  gsize length;
  const guint8 *bytes = th_address_bytes (a, &length);

  if (a->any.sa_family != b->any.sa_family)
    return FALSE;
  return !th_address_is_set (a) || memcmp (bytes, th_address_bytes (b, &length), length) == 0;
}

gboolean
th_address_is_loopback (const ThAddress *self)
{
  guint32 ipv4;

  if (get_ipv4 (self, &ipv4))
    return ipv4 >> 24 == IN_LOOPBACKNET;
  return th_address_is_ipv6 (self) && IN6_IS_ADDR_LOOPBACK (&self->v6.sin6_addr);
}

gboolean
th_address_is_wildcard (const ThAddress *self)
{
  guint32 ipv4;

  if (get_ipv4 (self, &ipv4))
    return ipv4 == INADDR_ANY;
  return th_address_is_ipv6 (self) && IN6_IS_ADDR_UNSPECIFIED (&self->v6.sin6_addr);
}

const char *
th_address_format (const ThAddress *self, char *buffer)
{
  char host[TH_ADDRESS_STRING_SIZE];

  th_address_format_host (self, host);
  if (th_address_is_ipv6 (self))
    g_snprintf (buffer, TH_ADDRESS_STRING_SIZE, "[%.45s]:%u", host, th_address_port (self));
  else if (th_address_is_ipv4 (self))
    g_snprintf (buffer, TH_ADDRESS_STRING_SIZE, "%.15s:%u", host, th_address_port (self));
  else
    g_strlcpy (buffer, host, TH_ADDRESS_STRING_SIZE);
  return buffer;
}

const char *
th_address_format_host (const ThAddress *self, char *buffer)
{
  gsize length;
  const guint8 *bytes = th_address_bytes (self, &length);

  if (th_address_is_set (self))
    inet_ntop (self->any.sa_family, bytes, buffer, TH_ADDRESS_STRING_SIZE);
  else
    g_strlcpy (buffer, "(none)", TH_ADDRESS_STRING_SIZE);
  return buffer;
}
