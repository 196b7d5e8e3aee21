/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The smallest TURN client there is: it allocates a relayed address at a server and gives it back,
 * to see that a client can. It blocks for seconds at worst; call it on a thread of its own.
 */
#pragma once

#include <gio/gio.h>

#include "turn/client.h"

G_BEGIN_DECLS

/**
 * th_turn_probe:
 * @transport: how to reach the server
 * @relayed: (out): the address that was allocated, IPv4 or else IPv6
 *
 * Asks without credentials, is challenged, asks again with them (RFC 8489, section 9.2), and ends
 * the allocation.
 *
 * Returns: FALSE with a GIO error whose message says what the server did instead
 */
gboolean th_turn_probe (ThTransport transport,
                        const ThAddress *server,
                        const char *username,
                        const char *password,
                        ThAddress *relayed,
                        GError **error);

G_END_DECLS
