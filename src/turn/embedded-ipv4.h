/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IPv4 addresses inside IPv6 addresses: whoever sends to such an IPv6 address may, by way of a
 * translator, a tunnel or the kernel, reach the IPv4 host it embeds. Any thread may call.
 */
#pragma once

#include <glib.h>

#include "stun/address.h"

G_BEGIN_DECLS

#define TH_EMBEDDED_IPV4_MAX 4

typedef struct {
  guint8 hosts[TH_EMBEDDED_IPV4_MAX][4]; /* in network order */
  guint n_hosts;                         /* 0: nothing embedded */
  guint bits;                            /* of the prefix that says IPv4 is embedded */
} ThEmbeddedIpv4;

/**
 * th_embedded_ipv4_find:
 * @found: (out):
 *
 * Finds the IPv4 hosts in @address: mapped and compatible (RFC 4291, section 2.5.5), translated
 * (RFC 2765), NAT64 (RFC 6052; RFC 8215, whose local-use prefix leaves open where they stand, so
 * every place is told), 6to4 (RFC 3056), and Teredo's server and client (RFC 4380).
 */
void th_embedded_ipv4_find (const ThAddress *address, ThEmbeddedIpv4 *found);

G_END_DECLS
