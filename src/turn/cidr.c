/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading networks in CIDR form, and comparing addresses with them by their leading bits.
 */
#include "turn/cidr.h"

#include <arpa/inet.h>
#include <string.h>

G_DEFINE_QUARK (th-cidr-error-quark, th_cidr_error)

static guint
bits_of_family (ThStunFamily family)
{
  return family == TH_STUN_FAMILY_IPV6 ? 128 : 32;
}

static gboolean
parse_address (const char *text, gsize length, ThCidr *out)
{
  g_autofree char *host = g_strndup (text, length);
  ThAddress address;
  const guint8 *bytes;
  gsize size;

  if (host[0] == '[' || !th_address_parse (&address, host, 0))
    return FALSE;
  *out = (ThCidr) { .family = th_address_family (&address) };
  bytes = th_address_bytes (&address, &size);
  memcpy (out->bytes, bytes, size);
  return TRUE;
}

static void
clear_host_bits (ThCidr *self)
{
  for (guint bit = self->bits; bit < bits_of_family (self->family); bit++)
    self->bytes[bit / 8] &= (guint8) ~(0x80 >> bit % 8);
}

static void
set_host_bits_error (GError **error, const char *text, const char *slash, const ThCidr *network)
{
  ThAddress address;
  char host[TH_ADDRESS_STRING_SIZE];

  th_address_init_bytes (&address, network->family, network->bytes, 0);
  g_set_error (error, TH_CIDR_ERROR, TH_CIDR_ERROR_HOST_BITS,
               "“%s” has bits set after its prefix: write %s/%u for the whole network, or %.*s "
               "for that host alone",
               text, th_address_format_host (&address, host), network->bits, (int) (slash - text),
               text);
}

gboolean
th_cidr_parse (const char *text, ThCidr *out, GError **error)
{
  const char *slash = strchrnul (text, '/');
  ThCidr given, network;
  guint64 bits;

  if (!parse_address (text, (gsize) (slash - text), &given))
    {
      g_set_error (error, TH_CIDR_ERROR, TH_CIDR_ERROR_ADDRESS,
                   "“%s” is no network: write a numeric IPv4 or IPv6 address, and for more than "
                   "one host a slash and the prefix length, as in 192.0.2.0/24 or 2001:db8::/32",
                   text);
      return FALSE;
    }

  bits = bits_of_family (given.family);
  if (*slash == '/' && !g_ascii_string_to_unsigned (slash + 1, 10, 0, bits, &bits, NULL))
    {
      g_set_error (error, TH_CIDR_ERROR, TH_CIDR_ERROR_BITS,
                   "“%s” has no valid prefix length: after the slash, a number from 0 to %u is "
                   "allowed",
                   text, bits_of_family (given.family));
      return FALSE;
    }

  given.bits = (guint) bits;
  network = given;
  clear_host_bits (&network);
  if (memcmp (given.bytes, network.bytes, sizeof given.bytes) != 0)
    {
      set_host_bits_error (error, text, slash, &network);
      return FALSE;
    }
  *out = network;
  return TRUE;
}

gboolean
th_cidr_contains (const ThCidr *self, const ThAddress *address)
{
  gsize length;

  return th_address_is_set (address) &&
         th_cidr_contains_bytes (self, th_address_family (address),
                                 th_address_bytes (address, &length));
}

gboolean
th_cidr_contains_bytes (const ThCidr *self, ThStunFamily family, const guint8 *bytes)
{
  guint whole = self->bits / 8;
  guint rest = self->bits % 8;

  return family == self->family && memcmp (self->bytes, bytes, whole) == 0 &&
         (rest == 0 || (self->bytes[whole] ^ bytes[whole]) >> (8 - rest) == 0);
}

char *
th_cidr_format (const ThCidr *self)
{
  char host[INET6_ADDRSTRLEN];

  inet_ntop (self->family == TH_STUN_FAMILY_IPV6 ? AF_INET6 : AF_INET, self->bytes, host,
             sizeof host);
  return g_strdup_printf ("%s/%u", host, self->bits);
}
