/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Between which two of its addresses a relay can answer those who find out how their NAT behaves
 * (RFC 5780), and on which second port. Only addresses that the configuration lists count: there
 * it has been said that clients reach both.
 */
#pragma once

#include "relay/relay-config.h"
#include "turn/config.h"

G_BEGIN_DECLS

/**
 * th_alternate_hosts_choose:
 * @turn: knows what clients see of an address
 * @alternates: (out): all but the second port
 *
 * The first two listed hosts of the family that clients see as two hosts of one kind: two public
 * ones, say, but not a public and a private one.
 *
 * Returns: FALSE where there are no two
 */
gboolean th_alternate_hosts_choose (const ThRelayConfig *config,
                                    const ThTurnConfig *turn,
                                    gboolean ipv6,
                                    ThAlternates *alternates);

/* How many ports to try from the ordinary one on. */
#define TH_ALTERNATE_PORTS 8

/* The ordinary port and @step; 0 if the configuration uses that one otherwise. */
guint16 th_alternate_port (const ThRelayConfig *config, guint step);

G_END_DECLS
