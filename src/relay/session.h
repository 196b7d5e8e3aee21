/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSession: one live allocation as the rest of the house sees it, an object on the main context
 * with properties that notify. ThRelay makes these and keeps them fresh.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TH_TYPE_SESSION (th_session_get_type ())
G_DECLARE_FINAL_TYPE (ThSession, th_session, TH, SESSION, GObject)

/*
 * Properties (all read-only; main context):
 *   id             guint64  unique within the process
 *   user           string   as quotas count it
 *   client         string   "192.0.2.7:53211"
 *   transport      string   "UDP" or "TCP": how the client reaches the relay
 *   relayed        string   relayed transport address(es), comma-separated
 *   peers          string   addresses that the client has named lately, comma-separated
 *   started-at     gint64   seconds since 1970, UTC
 *   age            gint64   seconds
 *   bytes-up       guint64  payload from client to peers
 *   bytes-down     guint64  payload from peers to client
 *   rate-up        double   bit/s, over the last refresh interval
 *   rate-down      double   bit/s
 *   generation     guint    number of the secret that proved the client (ThTurnKey); 0: none
 */
guint64 th_session_get_id (ThSession *self);
const char *th_session_get_user (ThSession *self);
const char *th_session_get_client (ThSession *self);
const char *th_session_get_transport (ThSession *self);
guint th_session_get_generation (ThSession *self);

G_END_DECLS
