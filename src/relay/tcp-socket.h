/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP sockets before they listen or connect. Any thread.
 */
#pragma once

#include "stun/address.h"

G_BEGIN_DECLS

/* @shared: other sockets of ours may have that address too (SO_REUSEPORT)
 *
 * Returns: one that does not block, and is of one family alone; -1 with errno */
int th_tcp_socket_bind (const ThAddress *address, gboolean shared);

/* errno stays that of what went wrong before. */
void th_tcp_socket_close (int fd);

G_END_DECLS
