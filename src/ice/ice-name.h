/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looking up the name of a server. Main context.
 */
#pragma once

#include <gio/gio.h>

#include "ice/ice-server.h"
#include "stun/address.h"

G_BEGIN_DECLS

/* @timeout: in milliseconds */
void th_ice_name_look_up_async (const ThIceServer *server,
                                ThStunFamily family,
                                guint timeout,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data);

/**
 * th_ice_name_look_up_finish:
 * @address: (out): the first of that family, with the server's port
 *
 * Returns: %FALSE with %TH_ICE_ERROR_NAME, %TH_ICE_ERROR_TIMEOUT, or %TH_ICE_ERROR_NO_FAMILY where
 *   there are addresses of the other family alone
 */
gboolean th_ice_name_look_up_finish (GAsyncResult *result, ThAddress *address, GError **error);

/**
 * th_ice_name_pick:
 * @addresses: (element-type GInetAddress): as a resolver gives them
 * @found: (out): the first of that family
 *
 * Returns: %FALSE where there is none
 */
gboolean th_ice_name_pick (GList *addresses, ThStunFamily family, guint16 port, ThAddress *found);

G_END_DECLS
