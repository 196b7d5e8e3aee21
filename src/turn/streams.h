/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP connections between an allocation and its peers (RFC 6062), and those of them that wait for
 * their client to fetch them with ConnectionBind. That request comes over a connection of its own,
 * which any worker may have: so these wait in a place that all share. Any thread may call.
 */
#pragma once

#include "turn/record.h"

G_BEGIN_DECLS

/* RFC 6062, sections 5.2 and 5.3: how long a peer may take to answer, and its connection wait. */
#define TH_STREAM_PATIENCE_US (G_GINT64_CONSTANT (30) * G_USEC_PER_SEC)

typedef enum {
  TH_STREAM_CONNECTING,
  TH_STREAM_WAITING, /* for its client */
  TH_STREAM_BOUND,
  TH_STREAM_OVER,
} ThStreamState;

typedef struct {
  gatomicrefcount references;
  gint state;       /* atomic: th_stream_get_state() */
  guint32 id;       /* CONNECTION-ID, since it waits */
  ThAddress named;  /* the peer as the client names it */
  ThAddress wire;   /* and as it is */
  gpointer socket;  /* the driver's; whoever claims it owns it */
  gint64 expires;   /* monotonic microseconds, while it waits */
  ThTurnRecord *record; /* of its allocation */
  ThAddress client;     /* of its allocation */
  guint8 userhash[TH_STUN_USERHASH_SIZE]; /* who alone may fetch it */

  /* Of the Connect that asked for it, to be answered later. */
  guint8 transaction_id[TH_STUN_TRANSACTION_ID_SIZE];
  gboolean sha256;
  gboolean fingerprint;
} ThTurnStream;

ThTurnStream *th_stream_new (ThTurnRecord *record);
ThTurnStream *th_stream_ref (ThTurnStream *self);
void th_stream_unref (ThTurnStream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTurnStream, th_stream_unref)

ThStreamState th_stream_get_state (const ThTurnStream *self);
void th_stream_set_state (ThTurnStream *self, ThStreamState state);

typedef struct _ThStreams ThStreams;

/* @release: closes a driver's socket that nobody claims; called on any thread, no lock held */
ThStreams *th_streams_new (GDestroyNotify release);
ThStreams *th_streams_ref (ThStreams *self);

/* The last one releases all that wait. */
void th_streams_unref (ThStreams *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThStreams, th_streams_unref)

/* From now on it waits; it gets its id here, from kernel randomness. */
void th_streams_offer (ThStreams *self, ThTurnStream *stream, gint64 now_us);

/* FALSE if there is none of that id; else @client: (out): of its allocation */
gboolean th_streams_find_client (ThStreams *self, guint32 id, ThAddress *client);

/**
 * th_streams_claim:
 * @code: (out): on failure, what to refuse with
 *
 * Each can be claimed once.
 *
 * Returns: (transfer full) (nullable): with its socket, which is the caller's; %NULL for an id that
 *   was never given, is used or over, or belongs to another user (whose connection then waits on)
 */
ThTurnStream *th_streams_claim (ThStreams *self,
                                guint32 id,
                                const guint8 *userhash,
                                gint64 now_us,
                                guint *code);

/* It waits no longer, if it does. */
void th_streams_withdraw (ThStreams *self, ThTurnStream *stream);

/* Whether an allocation listens there, by th_turn_end_key() of its relayed transport address. */
void th_streams_set_listening (ThStreams *self, gpointer end_key, gboolean listening);
gboolean th_streams_is_listening (ThStreams *self, gpointer end_key);

/* Releases those that have waited long enough. */
void th_streams_expire (ThStreams *self, gint64 now_us);

G_END_DECLS
