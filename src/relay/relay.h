/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRelay: the relay as everyone outside this room sees it: start, stop, who is connected, how
 * much flows. It lives on the main context and speaks to its workers by closures; the workers
 * answer with counters and batches of events.
 */
#pragma once

#include <gio/gio.h>

#include "relay/listener-info.h"
#include "relay/refusals.h"
#include "relay/relay-config.h"
#include "relay/session.h"
#include "relay/statistics.h"
#include "tls/tls-context.h"
#include "turn/authenticator.h"

G_BEGIN_DECLS

#define TH_TYPE_RELAY (th_relay_get_type ())
G_DECLARE_FINAL_TYPE (ThRelay, th_relay, TH, RELAY, GObject)

/*
 * Properties: "running" (boolean), "session-count" (uint), both notify on the main context.
 * Signals: "session-started" and "session-ended" (ThSession): it is in the list already, and out of
 * it but with its whole log; "refused" (const ThRelayRefusal *): requests that were turned down, at
 * most 32 kinds a second from each worker, and the first challenge of a client is none.
 */

#define TH_RELAY_ERROR (th_relay_error_quark ())
typedef enum {
  TH_RELAY_ERROR_NO_LISTENER, /* not a single listener could be bound */
  TH_RELAY_ERROR_NO_ADDRESS,  /* no address to relay from */
  TH_RELAY_ERROR_SYSTEM,
} ThRelayError;
GQuark th_relay_error_quark (void);

ThRelay *th_relay_new (void);

/**
 * th_relay_start:
 * @authenticator: (transfer none): answers who may allocate
 *
 * Binds every listener and starts the workers; does not block. A listener that cannot be bound
 * does not fail the start as long as another can: th_relay_get_listeners() says which failed.
 */
gboolean th_relay_start (ThRelay *self,
                         const ThRelayConfig *config,
                         ThTurnAuthenticator *authenticator,
                         GError **error);

/* Ends every session, closes every socket, joins the workers. */
void th_relay_stop (ThRelay *self);

gboolean th_relay_is_running (ThRelay *self);

/**
 * th_relay_set_rules:
 * @config: as it was started with, but for the peer policy, own ports, alternate servers and limits
 *
 * These are in force from the next requests on, of those who are there too; nobody loses a session
 * or a permission. While it runs.
 *
 * Returns: FALSE with a policy's error, and then all stays as it was
 */
gboolean th_relay_set_rules (ThRelay *self, const ThRelayConfig *config, GError **error);

/* While @draining, over restarts too: no new sessions; clients who want one are told to look
 * elsewhere. Live ones go on as ever. */
void th_relay_set_draining (ThRelay *self, gboolean draining);

/* From now on new allocations are checked against @authenticator; live ones are left alone. */
void th_relay_set_authenticator (ThRelay *self, ThTurnAuthenticator *authenticator);

/* What TLS is spoken with from now on, over restarts too; who is connected keeps what there was.
 * Until there is any, clients that begin with TLS are turned away. */
void th_relay_set_tls (ThRelay *self, ThTlsContext *context);

/* (transfer none) (element-type ThListenerInfo): one row per address and transport asked for */
GListModel *th_relay_get_listeners (ThRelay *self);

/* (transfer none) (element-type ThSession): in order of their start */
GListModel *th_relay_get_sessions (ThRelay *self);

void th_relay_get_statistics (ThRelay *self, ThRelayStatistics *statistics);

/* Brings the rates, bytes and ages of all sessions up to date; call it at most twice a second. */
void th_relay_refresh_sessions (ThRelay *self);

/* Whether TCP connections from that host are to begin with a PROXY header. */
gboolean th_relay_expects_proxy_header (ThRelay *self, const ThAddress *from);

/* (transfer full) (nullable): by which network the peer is denied; NULL while the relay is stopped,
 * or where it is not denied now */
char *th_relay_find_denying_network (ThRelay *self, const ThAddress *peer);

/* Ends the sessions of that user; their number goes out asynchronously as sessions disappear. */
void th_relay_disconnect_user (ThRelay *self, const char *user);

/* The same for sessions that were opened by the secret of that number (ThTurnKey); not 0. Where
 * the secret is to open no others, set the authenticator without it first. */
void th_relay_end_secret (ThRelay *self, guint generation);

/* The same for the one session of that id (ThSession); nothing happens where there is none. */
void th_relay_end_session (ThRelay *self, guint64 id);

G_END_DECLS
