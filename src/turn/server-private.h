/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of a ThTurnServer, for the files of this room that share its work: what came in
 * (ThTurnExchange) passes authentication and then one handler, which writes the answer.
 */
#pragma once

#include "stun/builder.h"
#include "turn/allocation-table.h"
#include "turn/request.h"
#include "turn/server.h"
#include "turn/throttle.h"

G_BEGIN_DECLS

struct _ThTurnServer {
  ThTurnConfig *config;
  ThTurnAuthenticator *authenticator;
  const ThTurnDriver *driver;
  gpointer user_data;
  gint64 now;      /* monotonic, microseconds */
  gint64 wall;     /* seconds */
  gint64 advanced; /* the second up to which timers have fired */
  ThAllocationTable allocations;
  GHashTable *mobile; /* id of its record → ThTurnAllocation: those that have tickets */
  GHashTable *ends; /* th_turn_end_key() → ThRelayEnd: those of this server's allocations */
  ThTimerWheel *wheel;
  ThThrottle *throttle;
  ThTurnCounters counters;
};

/* Host and port of a relayed transport address as one key. */
static inline gpointer
th_turn_end_key (guint host, guint16 port)
{
  return GUINT_TO_POINTER (host << 16 | port);
}

static inline void
th_turn_action_begin (ThTurnAction *action)
{
  action->verb = TH_TURN_NOTHING;
  action->head_length = action->payload_length = action->tail = 0;
  action->dont_fragment = FALSE;
}

/* Who sent an authenticated request; filled in by th_turn_authenticate(). */
typedef struct {
  gboolean proven; /* else the key is wiped, and the rest of it only claimed */
  gboolean sha256; /* the request carried MESSAGE-INTEGRITY-SHA256, so the answer does */
  ThStunPasswordAlgorithm algorithm;
  ThTurnKey key;
} ThTurnProof;

/* One request and its answer in the making. */
typedef struct {
  ThTurnServer *server;
  const ThTurnClient *client;
  ThTurnRequest request;
  ThTurnAllocation *allocation; /* of the client, or NULL */
  ThTurnProof proof;
  gboolean settled; /* no other server has what it asks for */
  ThRefusalReason reason; /* where the error code says too little */
  ThAddress refused_peer;
  const ThAlternateServer *alternate_server; /* of TH_STUN_TRY_ALTERNATE */
  ThStunBuilder answer;
  ThTurnAction *action;
} ThTurnExchange;

/* ---- answer.c ---- */

void th_turn_answer_begin (ThTurnExchange *self, ThStunClass class);

/* Adds SOFTWARE, integrity and FINGERPRINT as they are due, and hands the answer to the action. */
void th_turn_answer_send (ThTurnExchange *self);

/* Also tells who watches, with the reason that was set before, or the usual one for that code. */
void th_turn_answer_error (ThTurnExchange *self, ThStunErrorCode code);

/* The same where nobody needs to know: nothing is wrong with the client. */
void th_turn_answer_error_quietly (ThTurnExchange *self, ThStunErrorCode code);

/* 401 or 438 with realm, nonce and algorithms; silence where the client's network has had enough.
 * Tells who watches, unless it is a client that has not shown credentials yet. */
void th_turn_answer_challenge (ThTurnExchange *self, ThStunErrorCode code);

/* ---- auth.c ---- */

/**
 * th_turn_authenticate:
 *
 * The long-term credential mechanism (RFC 8489, section 9.2.4) and the rule that an allocation
 * keeps its user (RFC 8656, section 5).
 *
 * Returns: FALSE if the answer has been given (or withheld) already
 */
gboolean th_turn_authenticate (ThTurnExchange *self);

/* The hash of the user that an authenticated request names, whether by name or by USERHASH. The
 * name counts to the letter, whatever it says about time. */
void th_turn_hash_user (const ThTurnExchange *self, guint8 hash[TH_STUN_USERHASH_SIZE]);

/* ---- handlers, one a file ---- */

void th_turn_handle_binding (ThTurnExchange *self);

/* authenticated requests with nothing unknown in them */
void th_turn_handle_allocate (ThTurnExchange *self);
void th_turn_handle_refresh (ThTurnExchange *self);
void th_turn_handle_create_permission (ThTurnExchange *self);
void th_turn_handle_channel_bind (ThTurnExchange *self);

/* ---- handle-stream.c: RFC 6062 ---- */

void th_turn_handle_connect (ThTurnExchange *self);
void th_turn_handle_connection_bind (ThTurnExchange *self);

/* The allocation is one for TCP; and its connections end with it. */
void th_turn_streams_begin (ThTurnAllocation *allocation);
void th_turn_streams_end (ThTurnServer *self, ThTurnAllocation *allocation);

/* ---- mobility.c: RFC 8016 ---- */

/* What MOBILITY-TICKET in an Allocate means. Returns: 0, or the code to refuse with */
guint th_turn_mobility_read_wish (const ThTurnExchange *self, gboolean *wished);

/* The allocation gets its first ticket. */
void th_turn_mobility_begin (ThTurnServer *self, ThTurnAllocation *allocation);

/* The connection of its client is gone: it waits for that to come back, as long as it lives. */
void th_turn_mobility_wait (ThTurnServer *self, ThTurnAllocation *allocation);

/* Its tickets are good no more. */
void th_turn_mobility_end (ThTurnServer *self, ThTurnAllocation *allocation);

/**
 * th_turn_mobility_resolve:
 *
 * What MOBILITY-TICKET in an authenticated Refresh means: the allocation that it leads to becomes
 * this client's.
 *
 * Returns: FALSE if an answer has been given, or another server is asked for the allocation
 */
gboolean th_turn_mobility_resolve (ThTurnExchange *self);

/* MOBILITY-TICKET, where the allocation has one. */
void th_turn_mobility_add_ticket (ThTurnExchange *self, const ThTurnAllocation *allocation);

/* ---- forward.c: the packet path ---- */

void th_turn_forward_channel_data (ThTurnServer *self,
                                   const ThTurnClient *client,
                                   const guint8 *bytes,
                                   gsize length,
                                   ThTurnAction *action);
void th_turn_forward_send (ThTurnServer *self,
                           const ThTurnClient *client,
                           const ThTurnRequest *request,
                           ThTurnAction *action);

/* ---- server.c ---- */

/* Lets an allocation live for @lifetime seconds from now. */
void th_turn_server_extend (ThTurnServer *self, ThTurnAllocation *allocation, guint32 lifetime);

/* From now on the open ends of the allocation belong to this server, or no longer. */
void th_turn_server_attach_ends (ThTurnServer *self, ThTurnAllocation *allocation);
void th_turn_server_detach_ends (ThTurnServer *self, ThTurnAllocation *allocation);

/* One whole STUN message of a client's. @settled: as in ThTurnExchange */
void th_turn_server_handle_message (ThTurnServer *self,
                                    const ThTurnClient *client,
                                    const guint8 *bytes,
                                    gsize length,
                                    gboolean settled,
                                    ThTurnAction *action);

/* Closes one end and gives its port back. */
void th_turn_server_close_end (ThTurnServer *self, ThRelayEnd *end);

/* Ends the allocation; it is freed on return. */
void th_turn_server_end (ThTurnServer *self, ThTurnAllocation *allocation, ThSessionEnd why);

/* The same for one that is in no table and on no timer. */
void th_turn_server_dispose (ThTurnServer *self, ThTurnAllocation *allocation, ThSessionEnd why);

/* A peer the client names: 0 if it may be permitted, else the error code for it. */
guint th_turn_judge_peer (ThTurnExchange *self, const ThAddress *peer, ThPeerHost *host);

G_END_DECLS
