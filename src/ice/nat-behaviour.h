/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the router between this machine and the internet treats UDP: whether all destinations see one
 * port (mapping), and who may send to it (filtering), in the words of RFC 4787. Found out with a
 * server that can answer from two addresses (RFC 5780), else by comparing two servers.
 */
#pragma once

#include <gio/gio.h>

#include "ice/ice-facts.h"

G_BEGIN_DECLS

typedef struct {
  ThIceNatKind mapping;
  ThIceNatKind filtering;
  gboolean answered;  /* by any server; if not, UDP is blocked, or no server is there */
  gboolean rfc5780;   /* a server with two addresses was there */
  ThAddress local;    /* this machine's, towards the server that answered first */
  ThAddress mapped;   /* the same as that server sees it */
} ThNatBehaviour;

/**
 * th_nat_behaviour_discover_async:
 * @servers: (element-type ThIceServer) (transfer none): those that speak UDP are asked, at most
 *   four of one family
 *
 * @cancellable: (nullable): cancelled on the main context
 *
 * Takes three seconds once names are looked up, at most. Lives on the main context.
 */
void th_nat_behaviour_discover_async (GPtrArray *servers,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);

/* Returns: (transfer full) (nullable): free with g_free(); NULL only if it was cancelled */
ThNatBehaviour *th_nat_behaviour_discover_finish (GAsyncResult *result, GError **error);

/* What that means for calls, in a sentence or two. */
const char *th_nat_behaviour_describe (const ThNatBehaviour *self);

G_END_DECLS
