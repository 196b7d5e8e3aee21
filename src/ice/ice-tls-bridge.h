/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceTlsBridge: a port on loopback behind which TLS to a server begins. What libnice calls TLS is
 * none; so it is told to speak plain TCP to the bridge. Private to this room; main context.
 */
#pragma once

#include <gio/gio.h>

#include "stun/address.h"

G_BEGIN_DECLS

typedef struct _ThIceTlsBridge ThIceTlsBridge;

/**
 * th_ice_tls_bridge_new:
 * @name: whom the certificate is to name
 * @any_certificate: take whatever certificate comes
 * @bridge: (out): the address of the bridge; of the same family as @server
 *
 * Each connection to the bridge becomes one to the server. One whose handshake fails is closed.
 *
 * Returns: (nullable): NULL if this machine has no loopback address of that family
 */
ThIceTlsBridge *th_ice_tls_bridge_new (const ThAddress *server,
                                       const char *name,
                                       gboolean any_certificate,
                                       ThAddress *bridge);

/* Ends its connections, too. */
void th_ice_tls_bridge_free (ThIceTlsBridge *self);

G_END_DECLS
