/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTurnRecord: the face of one allocation towards other threads. Its facts are fixed when it is
 * made; its counters are written by the allocation's worker alone and read by anyone. It outlives
 * the allocation for as long as somebody holds it.
 */
#pragma once

#include "turn/authenticator.h"
#include "turn/client.h"
#include "turn/counter.h"

G_BEGIN_DECLS

typedef struct {
  gatomicrefcount references;
  guint64 id; /* unique within the process */
  ThTransport transport;
  ThAddress client;     /* as it was then (RFC 8016 lets it move) */
  ThAddress relayed[2]; /* as peers see them; the second may be unset */
  gint64 started_at;    /* seconds since 1970, UTC */
  gint64 expires_at;    /* of the credential; 0: never */
  gint64 challenged_at; /* seconds since 1970, UTC: when the nonce it came with was made */
  guint secret;         /* generation of the secret that proved it; 0: none */

  guint64 bytes_up, packets_up;     /* payload, client to peers; over TCP pieces in place of packets */
  guint64 bytes_down, packets_down; /* payload, peers to client */
  guint64 dropped;                  /* packets of this allocation that went nowhere */
  guint64 dropped_no_permission;    /* of those: to or from a peer that it may not talk to */
  guint64 over;                     /* 1 since its allocation ended */
  guint64 lives_until;              /* monotonic microseconds; later with each refresh */
  char user[];                      /* as quotas count it, terminated */
} ThTurnRecord;

ThTurnRecord *th_turn_record_new (const char *user);
ThTurnRecord *th_turn_record_ref (ThTurnRecord *self);
void th_turn_record_unref (ThTurnRecord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTurnRecord, th_turn_record_unref)

G_END_DECLS
