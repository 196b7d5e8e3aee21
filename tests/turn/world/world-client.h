/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A TURN client in the simulated world: builds requests as RFC 8489 and RFC 8656 ask a client to,
 * fetches a nonce when it needs one, and checks every answer: that it belongs to the request, that
 * its integrity is right, and of the kind that the request used.
 */
#pragma once

#include "stun/builder.h"
#include "stun/message.h"
#include "world.h"

G_BEGIN_DECLS

/* No answer at all, in place of an error code; 0 is success. */
#define SILENCE (-1)

typedef struct {
  World *world;
  ThTurnClient tuple;
  const char *user;
  const char *password;

  /* How it proves itself. */
  ThStunPasswordAlgorithm algorithm; /* 0: as before RFC 8489, MD5 without saying so */
  gboolean sha256;                   /* with MESSAGE-INTEGRITY-SHA256 */
  gboolean fingerprint;
  gboolean by_hash;  /* with USERHASH in place of USERNAME */
  char nonce[64];    /* empty: none yet */
  gint64 nonce_time; /* monotonic microseconds */

  /* The request in the making, and its answer. */
  ThStunBuilder builder;
  guint8 request[3072];
  gsize request_length;
  GByteArray *answer;
  ThStunMessage message; /* of the answer, where there is one */
  gboolean answer_is_signed;
  guint serial;

  /* What the last Allocate gave. */
  ThAddress relayed;
} WorldClient;

/* Each new client has an address of its own; those of ada and bob know their password. */
WorldClient *client_new (World *world, const char *user);
void client_free (WorldClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WorldClient, client_free)

/* ---- one request, step by step ---- */

/* Begins a new transaction; the test then adds attributes to @builder. */
void client_begin (WorldClient *self, guint16 method);

/* Adds USERNAME, REALM and NONCE, and PASSWORD-ALGORITHMS where the client speaks of them. */
void client_add_names (WorldClient *self);

/* Adds integrity, and FINGERPRINT where wanted. */
void client_add_proof (WorldClient *self);

/* Brings the request to the server, as it is. Returns: 0, an error code or SILENCE */
int client_exchange (WorldClient *self);

/* The same bytes once more. */
int client_repeat (WorldClient *self);

/* Asks without proof, and takes the nonce from the challenge. Returns: 401, or what came */
int client_ask_nonce (WorldClient *self);

/* Asks for another nonce where the last one is near its end; a request may be in the making. */
void client_renew_nonce (WorldClient *self);

/* Names, proof (with a new nonce if the old one is near its end) and exchange. */
int client_end (WorldClient *self);

/* ---- whole requests ---- */

int client_allocate (WorldClient *self);
int client_refresh (WorldClient *self, guint32 lifetime);
int client_permit (WorldClient *self, const ThAddress *peer);
int client_bind (WorldClient *self, guint16 channel, const ThAddress *peer);

/* What every Allocate has; for those who add more. */
void client_begin_allocate (WorldClient *self);

/* ---- data ---- */

ThTurnVerb client_send (WorldClient *self, const ThAddress *peer, const char *text);
ThTurnVerb client_send_channel (WorldClient *self, guint16 channel, const char *text);

/* ChannelData with a length of the test's own. */
ThTurnVerb client_send_frame (WorldClient *self,
                              guint16 channel,
                              guint16 said_length,
                              gconstpointer bytes,
                              gsize length);

/* A peer's packet arrives at the client's relayed address. */
ThTurnVerb client_hear (WorldClient *self, const ThAddress *peer, const char *text);

/* The socket end behind the client's relayed address; NULL if there is none. */
ThRelayEnd *client_relay_end (WorldClient *self);

/* ---- the answer ---- */

gboolean client_answer_has (WorldClient *self, guint16 type);
ThStunAttribute client_answer_get (WorldClient *self, guint16 type);
guint32 client_answer_u32 (WorldClient *self, guint16 type);
ThAddress client_answer_address (WorldClient *self, guint16 type);

G_END_DECLS
