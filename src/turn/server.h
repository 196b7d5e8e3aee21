/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTurnServer: a TURN server (RFC 8656) as a state machine: bytes and the time go in, what to
 * send comes out as data. It opens no socket itself but asks its driver for one. One worker owns
 * one server and calls it from one thread; several servers share a ThTurnConfig.
 */
#pragma once

#include "turn/allocation.h"
#include "turn/config.h"
#include "turn/refusal.h"

G_BEGIN_DECLS

typedef struct _ThTurnServer ThTurnServer;

typedef enum {
  TH_SESSION_END_REFRESH,    /* the client gave it up */
  TH_SESSION_END_EXPIRED,    /* it was not refreshed in time */
  TH_SESSION_END_CLIENT_GONE, /* its connection ended, over TCP or DTLS */
  TH_SESSION_END_REVOKED,    /* the owner ended it */
  TH_SESSION_END_SHUTDOWN,   /* the server stops */
} ThSessionEnd;

/**
 * ThTurnDriver:
 * @open_socket: binds a relay socket to that address and port, for datagrams, or with @stream for
 *   TCP (RFC 6062). Packets that arrive before
 *   @attach_socket may wait or be lost. NULL with an errno value in @error if it cannot
 * @attach_socket: from now on @end's peers write to that socket
 * @detach_socket: the opposite: it will be attached elsewhere
 * @close_socket: what was said to be sent through it before may still go out
 * @session_started, @session_refreshed, @session_peer, @session_ended: tell who watches; nothing
 *   depends on them
 * @session_moved: the same; its client is another one now
 * @client_left: that client, of this server, has no allocation any more, though it goes on
 * @hand_over: @owner, the user data of another server with the same configuration, has the
 *   allocation of that number: it is to be released there and adopted here, with this message
 * @connect: begins to connect from that address to @stream's peer, and holds a reference until
 *   th_turn_server_stream_connected(); FALSE if it cannot
 * @give_up: the opposite, before it is connected
 * @bind_stream: (transfer full): from now on that client's connection carries @stream's bytes
 * @refused: (nullable): the same of a request that was turned down
 *
 * What a server asks of the world. A socket may be opened through one worker's driver and attached
 * or closed through another's (reserved ports).
 */
typedef struct {
  gpointer (*open_socket) (gpointer user_data,
                           const ThAddress *address,
                           gboolean stream,
                           int *error);
  void (*attach_socket) (gpointer user_data, gpointer socket, ThRelayEnd *end);
  void (*detach_socket) (gpointer user_data, gpointer socket);
  void (*close_socket) (gpointer user_data, gpointer socket);
  void (*session_started) (gpointer user_data, ThTurnAllocation *allocation);
  void (*session_refreshed) (gpointer user_data, ThTurnAllocation *allocation);
  void (*session_peer) (gpointer user_data,
                        ThTurnAllocation *allocation,
                        const ThAddress *peer,
                        guint16 channel);
  void (*session_moved) (gpointer user_data, ThTurnAllocation *allocation);
  void (*client_left) (gpointer user_data, const ThTurnClient *client);
  void (*session_ended) (gpointer user_data, ThTurnAllocation *allocation, ThSessionEnd why);
  void (*hand_over) (gpointer user_data,
                     gpointer owner,
                     guint64 allocation,
                     const ThTurnClient *client,
                     const guint8 *bytes,
                     gsize length);
  gboolean (*connect) (gpointer user_data, ThRelayEnd *end, ThTurnStream *stream);
  void (*give_up) (gpointer user_data, ThTurnStream *stream);
  void (*bind_stream) (gpointer user_data, const ThTurnClient *client, ThTurnStream *stream);
  void (*refused) (gpointer user_data, const ThTurnRefusal *refusal);
} ThTurnDriver;

/* What to do with what came in. */
typedef enum {
  TH_TURN_NOTHING,   /* silence */
  TH_TURN_TO_CLIENT, /* send head, payload and tail to @client */
  TH_TURN_TO_PEER,   /* send the payload through @end to @peer */
  TH_TURN_TO_CLIENT_FROM, /* as to a client, but from the server's own @from */
} ThTurnVerb;

/* Room that a caller must provide for the head of an answer. */
#define TH_TURN_HEAD_SIZE 1500

/**
 * ThTurnAction:
 * @head: the caller's buffer of at least %TH_TURN_HEAD_SIZE bytes, at any alignment; set before
 *   the call
 * @payload: lies in the bytes that came in
 * @tail: zero bytes to send after the payload
 *
 * All but the payload and @head must be used or copied before the server is called again.
 */
typedef struct {
  ThTurnVerb verb;
  const ThTurnClient *client;
  ThRelayEnd *end;
  ThAddress peer;
  ThAddress from;
  guint8 *head;
  gsize head_length;
  const guint8 *payload;
  gsize payload_length;
  guint tail;
  gboolean dont_fragment;
} ThTurnAction;

/* Each written by the server's worker, read by anyone with th_counter_read(). */
typedef struct {
  guint64 bytes_up, packets_up, bytes_down, packets_down; /* of allocations; payload */
  guint64 allocations; /* made, ever */
  guint64 bindings;
  guint64 binding_errors; /* of those: answered with an error */
  guint64 challenges;         /* 401 and 438 */
  guint64 challenges_withheld;
  guint64 stale_nonces;
  guint64 wrong_credentials;
  guint64 expired_credentials; /* right, but too late */
  guint64 malformed;
  guint64 peers_refused;
  guint64 dropped_no_permission;
  guint64 dropped_no_allocation;
  guint64 quota_refusals; /* 486 and 508 */
} ThTurnCounters;

/**
 * th_turn_server_new:
 * @config: (transfer none): a reference is taken
 * @authenticator: (transfer none): a reference is taken
 * @driver: (transfer none): must outlive the server
 */
ThTurnServer *th_turn_server_new (ThTurnConfig *config,
                                  ThTurnAuthenticator *authenticator,
                                  const ThTurnDriver *driver,
                                  gpointer user_data);

/* Ends every session first. */
void th_turn_server_free (ThTurnServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTurnServer, th_turn_server_free)

/* From the next request on. @config: (transfer none): a th_turn_config_copy() of the one before */
void th_turn_server_set_config (ThTurnServer *self, ThTurnConfig *config);

void th_turn_server_set_authenticator (ThTurnServer *self, ThTurnAuthenticator *authenticator);

/**
 * th_turn_server_set_time:
 * @monotonic: microseconds; never goes back
 * @wall: seconds since 1970, UTC; may jump
 *
 * Every call until the next one happens at this time. Lifetimes follow @monotonic, credentials
 * @wall. Also ends what has expired, which asks the driver to close sockets.
 */
void th_turn_server_set_time (ThTurnServer *self, gint64 monotonic, gint64 wall);

/**
 * th_turn_server_from_client:
 * @bytes: one datagram, or over TCP one whole frame
 * @action: (inout): @head set by the caller
 */
void th_turn_server_from_client (ThTurnServer *self,
                                 const ThTurnClient *client,
                                 const guint8 *bytes,
                                 gsize length,
                                 ThTurnAction *action);

/* One datagram of a peer's that arrived on @end's socket. */
void th_turn_server_from_peer (ThTurnServer *self,
                               ThRelayEnd *end,
                               const ThAddress *peer,
                               const guint8 *bytes,
                               gsize length,
                               ThTurnAction *action);

/* An ICMP error about a packet that @end had sent to @peer (RFC 8656, section 11.5). */
void th_turn_server_from_icmp (ThTurnServer *self,
                               ThRelayEnd *end,
                               const ThAddress *peer,
                               guint8 type,
                               guint8 code,
                               guint32 data,
                               ThTurnAction *action);

/* What became of @connect. If it is connected, @stream's socket is set, and may go to any worker. */
void th_turn_server_stream_connected (ThTurnServer *self,
                                      ThRelayEnd *end,
                                      ThTurnStream *stream,
                                      gboolean connected,
                                      ThTurnAction *action);

/* A peer has connected to @end. Returns: FALSE: @socket stays the caller's, to be closed */
gboolean th_turn_server_from_listener (ThTurnServer *self,
                                       ThRelayEnd *end,
                                       const ThAddress *peer,
                                       gpointer socket,
                                       ThTurnAction *action);

/* Counts bytes that @stream has carried; by the worker that carries them, whosever allocation. */
void th_turn_server_count_carried (ThTurnServer *self, ThTurnStream *stream, gsize up, gsize down);

/* A client's connection is no more: its allocation ends, unless it may come back by another (RFC
 * 8016). */
void th_turn_server_client_gone (ThTurnServer *self, const ThTurnClient *client);

/**
 * th_turn_server_release:
 * @id: of its record
 *
 * Lets go of an allocation whose client has come to another server, which must adopt it soon.
 *
 * Returns: (transfer full) (nullable): %NULL where there is none of that number any more
 */
ThTurnAllocation *th_turn_server_release (ThTurnServer *self, guint64 id);

/**
 * th_turn_server_adopt:
 * @allocation: (transfer full) (nullable): what was released; %NULL: it was gone
 * @client: who asked for it, here
 * @bytes: what that client said
 * @action: (inout): as of th_turn_server_from_client(): the answer
 */
void th_turn_server_adopt (ThTurnServer *self,
                           ThTurnAllocation *allocation,
                           const ThTurnClient *client,
                           const guint8 *bytes,
                           gsize length,
                           ThTurnAction *action);

/* Ends an allocation that was released, where nobody can adopt it: its client is gone. */
void th_turn_server_bury (ThTurnServer *self, ThTurnAllocation *allocation);

/* Ends the sessions that @match chooses; returns their number. */
typedef gboolean (*ThTurnMatch) (const ThTurnRecord *record, gconstpointer data);
guint th_turn_server_end_sessions (ThTurnServer *self, ThTurnMatch match, gconstpointer data);

/* How many allocations live here now. */
guint th_turn_server_count (const ThTurnServer *self);

const ThTurnCounters *th_turn_server_get_counters (const ThTurnServer *self);

G_END_DECLS
