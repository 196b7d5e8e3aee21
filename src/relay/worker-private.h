/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of a ThWorker, for the files that share its work: worker.c is its life and what the
 * TURN server asks of it, worker-datagrams.c moves packets, worker-streams.c has the connections,
 * worker-dtls.c the sessions over DTLS.
 */
#pragma once

#include "relay/connection.h"
#include "relay/dtls-cookies.h"
#include "relay/dtls-session.h"
#include "relay/handshakes.h"
#include "relay/inbox.h"
#include "relay/outbox.h"
#include "relay/poller.h"
#include "relay/refusals.h"
#include "relay/relay-socket.h"
#include "relay/worker.h"
#include "turn/throttle.h"

G_BEGIN_DECLS

typedef struct {
  ThUdpSocket udp; /* owned by the listener */
  ThWorker *worker;
  ThAddress address;
  gboolean any_host; /* bound to the wildcard: every datagram tells its own host */
} ThUdpListener;

typedef struct {
  ThWatch watch; /* first: the watch is the listener */
  ThWorker *worker;
  gboolean paused; /* out of descriptors: until the next tick */
} ThTcpListener;

typedef struct {
  GHashTable *sessions; /* ThTurnClient, which is where a ThDtlsSession begins; owned */
  GPtrArray *greeting;  /* sessions that wait or shake hands, successors of others too */
  GQueue waiting;       /* those of them that wait */
  GPtrArray *ended;     /* sessions to close when the batch ends */
  ThDtlsCookies cookies;
  ThThrottle *throttle;
  guint8 *message;      /* TH_DTLS_RECORD_MAX bytes: what is being sent, in one piece */
} ThWorkerDtls;

struct _ThWorker {
  ThWorkersShared *shared;
  ThPoller *poller;
  ThTurnServer *turn;
  ThInbox *inbox;
  ThOutbox *outbox;
  GPtrArray *udp_listeners;
  GPtrArray *tcp_listeners;
  GPtrArray *connections;
  GPtrArray *connecting; /* ThPeerSocket: to peers */
  GPtrArray *resting; /* ThWatch: where peers connect to, without descriptors until the next tick */
  GPtrArray *broken; /* connections to close when the batch ends */
  ThWorkerDtls dtls;
  ThDropCounters drops;
  ThTlsContext *tls; /* nullable: for connections from now on */
  ThTlsDesk *desk;
  ThHandshakes *handshakes;
  GQueue held; /* ThConnection: whose handshakes wait for room */
  ThRefusals *refusals; /* told with each tick */
  gint64 now;

  GMainContext *context;
  GMainLoop *loop; /* NULL on a context of others' */
  GThread *thread;
  GSource *tick;
};

/* ---- worker-datagrams.c ---- */

/* Makes sure that something can be received; what was received before may be overwritten. */
void th_worker_make_room (ThWorker *self);

/* Room for an answer; then, with what the server says, its way out. @asker: the client whose message
 * this comes of; NULL: none, it came from a peer */
void th_worker_begin_action (ThWorker *self, ThTurnAction *action);
void th_worker_post (ThWorker *self, const ThTurnAction *action, const ThTurnClient *asker);

/* One datagram or frame of a client's; it must stay in the inbox until the batch ends. */
void th_worker_handle_from_client (ThWorker *self,
                                   const ThTurnClient *client,
                                   const guint8 *bytes,
                                   gsize length);

void th_worker_on_udp_listener_ready (ThWatch *watch, guint32 events);
void th_worker_on_relay_socket_ready (ThWatch *watch, guint32 events);

/* ---- worker-peers.c: TCP connections with peers (RFC 6062) ---- */

gboolean th_worker_connect (gpointer user_data, ThRelayEnd *end, ThTurnStream *stream);
void th_worker_give_up (gpointer user_data, ThTurnStream *stream);
void th_worker_on_peer_listener_ready (ThWatch *watch, guint32 events);

/* Once a second: listeners that rested go on, and who does not answer is given up. */
void th_worker_look_after_peers (ThWorker *self);

/* ---- worker-splices.c: data connections ---- */

void th_worker_bind_stream (gpointer user_data, const ThTurnClient *client, ThTurnStream *stream);

/* What the client sent; nothing, if only its end has come. */
void th_worker_carry_to_peer (ThWorker *self,
                              ThConnection *connection,
                              const guint8 *bytes,
                              gsize length);

/* Something of the client's connection has changed. */
void th_worker_settle_splice (ThWorker *self, ThConnection *connection);
void th_worker_end_splice (ThWorker *self, ThConnection *connection);

/* ---- worker-moves.c: the part of the driver for clients that move (RFC 8016) ---- */

void th_worker_detach_socket (gpointer user_data, gpointer socket);
void th_worker_client_left (gpointer user_data, const ThTurnClient *client);
void th_worker_session_moved (gpointer user_data, ThTurnAllocation *allocation);
void th_worker_hand_over (gpointer user_data,
                          gpointer owner,
                          guint64 allocation,
                          const ThTurnClient *client,
                          const guint8 *bytes,
                          gsize length);

/* ---- worker.c ---- */

/* Around whatever happens outside a batch of events and has something to send. */
void th_worker_begin_batch (ThWorker *self);
void th_worker_end_batch (ThWorker *self);

/* Whether that client's connection carries an allocation. */
void th_worker_set_has_allocation (const ThTurnClient *client, gboolean has_allocation);

/* Nothing is waited for at that socket any more, and what was to leave through it has left. */
void th_worker_forget_socket (ThWorker *self, ThUdpSocket *socket);

/* ---- worker-dtls.c ---- */

void th_worker_init_dtls (ThWorker *self);

/* Ends all sessions, and tells their clients. */
void th_worker_clear_dtls (ThWorker *self);

/* A datagram that begins as a record does; @bytes lie in the inbox, and messages are written over
 * them. @client: the path does not count */
void th_worker_handle_dtls (ThWorker *self,
                            ThUdpListener *listener,
                            const ThTurnClient *client,
                            const guint8 *bytes,
                            gsize length);

void th_worker_post_dtls (ThWorker *self, ThDtlsSession *session, const ThTurnAction *action);

/* When a batch ends: begins handshakes as it may, and closes what has ended. */
void th_worker_settle_dtls (ThWorker *self);

/* Once a second: repeats what clients may have missed, and ends what takes too long. */
void th_worker_look_after_dtls (ThWorker *self);

/* ---- worker-streams.c ---- */

void th_worker_on_tcp_listener_ready (ThWatch *watch, guint32 events);

/* Whether no connection can be taken in for want of descriptors or memory, by errno. The listener
 * would wake us for ever. */
gboolean th_worker_is_short (int error);

/* Whether there is room for one more, of a client's or with a peer. */
gboolean th_worker_may_have_connection (const ThWorker *self);

/* Ends its allocation, and frees it. */
void th_worker_close_connection (ThWorker *self, ThConnection *connection);

/* Once a second: listeners that rested go on, and who has been silent for too long goes. */
void th_worker_look_after_streams (ThWorker *self);

G_END_DECLS
