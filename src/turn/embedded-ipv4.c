/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of the ways in which IPv6 addresses embed IPv4 ones, and the search in it.
 */
#include "turn/embedded-ipv4.h"

#include "turn/cidr.h"

typedef struct {
  ThCidr prefix;
  guint8 at[4];  /* where in the IPv6 address the four bytes stand */
  guint8 invert; /* what they are exclusive-ored with */
} Embedding;

#define PREFIX(bits, ...) { TH_STUN_FAMILY_IPV6, { __VA_ARGS__ }, bits }

static const Embedding embeddings[] = {
  { PREFIX (96, 0), { 12, 13, 14, 15 }, 0 },                                  /* ::/96 */
  { PREFIX (96, [10] = 0xff, [11] = 0xff), { 12, 13, 14, 15 }, 0 },           /* ::ffff:0:0/96 */
  { PREFIX (96, [8] = 0xff, [9] = 0xff), { 12, 13, 14, 15 }, 0 },             /* ::ffff:0:0:0/96 */
  { PREFIX (96, 0x00, 0x64, 0xff, 0x9b), { 12, 13, 14, 15 }, 0 },             /* 64:ff9b::/96 */
  { PREFIX (48, 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01), { 12, 13, 14, 15 }, 0 }, /* 64:ff9b:1::/48 */
  { PREFIX (48, 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01), { 9, 10, 11, 12 }, 0 },
  { PREFIX (48, 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01), { 7, 9, 10, 11 }, 0 },
  { PREFIX (48, 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01), { 6, 7, 9, 10 }, 0 },
  { PREFIX (16, 0x20, 0x02), { 2, 3, 4, 5 }, 0 },        /* 2002::/16 */
  { PREFIX (32, 0x20, 0x01), { 4, 5, 6, 7 }, 0 },        /* 2001::/32, the Teredo server */
  { PREFIX (32, 0x20, 0x01), { 12, 13, 14, 15 }, 0xff }, /* and the client, inverted */
};

/* "::" and "::1" are addresses of their own, not compatible forms of 0.0.0.0 and 0.0.0.1. */
static gboolean
is_unspecified_or_loopback (const guint8 *bytes)
{
  const ThCidr both = PREFIX (127, 0);

  return th_cidr_contains_bytes (&both, TH_STUN_FAMILY_IPV6, bytes);
}

void
th_embedded_ipv4_find (const ThAddress *address, ThEmbeddedIpv4 *found)
{
  const guint8 *bytes;
  gsize length;

  *found = (ThEmbeddedIpv4) { 0 };
  if (!th_address_is_ipv6 (address))
    return;
  bytes = th_address_bytes (address, &length);
  if (is_unspecified_or_loopback (bytes))
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (embeddings); i++)
    {
      const Embedding *way = &embeddings[i];

      if (!th_cidr_contains_bytes (&way->prefix, TH_STUN_FAMILY_IPV6, bytes))
        continue;
      for (guint j = 0; j < 4; j++)
        found->hosts[found->n_hosts][j] = bytes[way->at[j]] ^ way->invert;
      found->n_hosts++;
      found->bits = way->prefix.bits;
    }
}
