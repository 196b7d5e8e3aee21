/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looking for a port that nobody has, to offer in place of one that is taken.
 */
#pragma once

#include "stun/address.h"

G_BEGIN_DECLS

/**
 * th_free_port_find:
 * @hosts: where it has to be free; @n_hosts 0: on every address of the machine
 * @udp: for UDP as well as TCP
 * @first: the port to try first
 *
 * Tries by binding, so what it finds can be taken by others a moment later.
 *
 * Returns: @first or one of the ports that follow it; 0 if there is none
 */
guint16 th_free_port_find (const ThAddress *hosts, guint n_hosts, gboolean udp, guint first);

G_END_DECLS
