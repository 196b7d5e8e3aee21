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

G_END_DECLS
