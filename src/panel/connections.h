/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThConnections: the relay's sessions as the Connections page shows them: those that a search
 * finds, brought up to date together twice a second while someone looks, and left as they are
 * while paused.
 */
#pragma once

#include <gtk/gtk.h>

#include "relay/session.h"

G_BEGIN_DECLS

#define TH_TYPE_CONNECTIONS (th_connections_get_type ())
G_DECLARE_FINAL_TYPE (ThConnections, th_connections, TH, CONNECTIONS, GObject)

/*
 * Properties:
 *
 * - paused (boolean)
 * - search (string): part of a user's name or of an address, as it was typed; "" finds all
 * - selected (ThSession, nullable): whose details are shown; may have ended
 *
 * Signal "updated": everything may be another: list, rates, peers. At most twice a second, and
 * when search or pause change.
 */

typedef void (*ThConnectionsRefresh) (gpointer data);

/**
 * th_connections_new:
 * @live: (transfer none) (element-type ThSession): in order of their start
 * @refresh: brings bytes and rates of all up to date
 */
ThConnections *th_connections_new (GListModel *live, ThConnectionsRefresh refresh, gpointer data);

/* Nothing is refreshed until it is active. Off at first. */
void th_connections_set_active (ThConnections *self, gboolean active);

/* Brings all up to date now, unless paused. */
void th_connections_update (ThConnections *self);

/* (transfer none) (element-type ThSession): what the search finds, in order of their start */
GListModel *th_connections_get_found (ThConnections *self);

/* How many there are, found or not. */
guint th_connections_count (ThConnections *self);

void th_connections_set_search (ThConnections *self, const char *search);
gboolean th_connections_is_paused (ThConnections *self);
void th_connections_select (ThConnections *self, ThSession *session);

/* (transfer none) (nullable) */
ThSession *th_connections_get_selected (ThConnections *self);

/* (transfer none) (nullable): the client that was given that relayed transport address */
ThSession *th_connections_find_relayed (ThConnections *self, const ThAddress *address);

/* For hash tables with a ThAddress as key. */
guint th_connections_hash_address (gconstpointer address);
gboolean th_connections_equal_addresses (gconstpointer a, gconstpointer b);

G_END_DECLS
