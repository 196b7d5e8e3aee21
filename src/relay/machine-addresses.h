/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The addresses of this machine: which it has, and which of them others most likely reach it by.
 */
#pragma once

#include "stun/address.h"

G_BEGIN_DECLS

/**
 * th_machine_addresses:
 *
 * Every address of every interface that is up, without ports. The one that leads to the internet
 * comes first of its family, loopback addresses come last. Link-local ones are left out: they mean
 * nothing without an interface.
 *
 * Returns: (transfer full) (element-type ThAddress)
 */
GArray *th_machine_addresses (void);

/* Whether @address is this machine's own, or of a network that one of its interfaces is in. Sees
 * through IPv4 mapped into IPv6. */
gboolean th_machine_is_near (const ThAddress *address);

G_END_DECLS
