/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSession: one live allocation as the rest of the house sees it, an object on the main context
 * with properties that notify. ThRelay makes these and keeps them fresh.
 */
#pragma once

#include <glib-object.h>

#include "relay/session-log.h"
#include "turn/record.h"

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
 *   notes          guint    how much has happened to it; notifies when the log is another
 *   ended          boolean  it is in no list any more
 */

/* A peer that the client has named. */
typedef struct {
  ThAddress address; /* port 0: the whole host */
  guint16 channel;   /* bound to it; 0: only permitted */
  gint64 expires;    /* monotonic microseconds */
} ThSessionPeer;

guint64 th_session_get_id (ThSession *self);
const char *th_session_get_user (ThSession *self);
const char *th_session_get_client (ThSession *self);
const ThAddress *th_session_get_address (ThSession *self); /* the client's now */
const char *th_session_get_transport (ThSession *self);
guint th_session_get_generation (ThSession *self);
double th_session_get_rate_up (ThSession *self);
double th_session_get_rate_down (ThSession *self);
gint64 th_session_get_age (ThSession *self);
gboolean th_session_has_ended (ThSession *self);

/* (transfer none): what is fixed of it, and its counters, which change by themselves: read them
 * with th_counter_read() */
const ThTurnRecord *th_session_get_record (ThSession *self);

/* (transfer none) (array length=n): in the order in which they were named first; valid until the
 * main context runs again */
const ThSessionPeer *th_session_get_peers (ThSession *self, guint *n);

/* (transfer none): oldest first; valid until the main context runs again. "notes" may be NULL */
const ThSessionLog *th_session_get_log (ThSession *self);

G_END_DECLS
