/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceRoutes: where libnice is to go for each server of a list. Names are looked up, one address a
 * family; TLS, which libnice does not speak, gets a bridge on loopback. Private to this room; main
 * context.
 */
#pragma once

#include <gio/gio.h>

#include "ice/ice-server.h"
#include "stun/address.h"

G_BEGIN_DECLS

typedef struct _ThIceRoutes ThIceRoutes;

typedef struct {
  const ThIceServer *server; /* of the list, which lives as long as the routes */
  ThAddress address;         /* of the server, or of the bridge to it */
  gboolean loopback;         /* the server is reached over loopback alone */
} ThIceRoute;

/**
 * ThIceRoutesFound:
 * @routes: (element-type ThIceRoute): what was not known before; those of one host together
 * @complete: no more will come
 */
typedef void (*ThIceRoutesFound) (const GArray *routes, gboolean complete, gpointer user_data);

/**
 * th_ice_routes_new:
 * @servers: (element-type ThIceServer) (transfer none): a reference is taken
 * @any_certificate: talk TLS also to a server that cannot prove who it is
 *
 * Numeric addresses are found before this returns, in one batch, which may be empty.
 */
ThIceRoutes *th_ice_routes_new (GPtrArray *servers,
                            gboolean any_certificate,
                            ThIceRoutesFound found,
                            gpointer user_data);

/* Nothing is found any more; bridges close. */
void th_ice_routes_free (ThIceRoutes *self);

G_END_DECLS
