/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRefusals: what one worker has turned down lately, the same things counted rather than kept.
 * Of fixed size, so that a flood costs no memory: what finds no place is counted by its reason
 * alone. One thread at a time.
 */
#pragma once

#include "turn/refusal.h"

G_BEGIN_DECLS

/* As many different ones as are told of at a time; and the same in length for names. */
#define TH_REFUSALS_MAX      32
#define TH_REFUSAL_NAME_SIZE 128

/*
 * As often as @count, a client at that host was turned down for that reason under that name; the
 * rest of it is of the last time. Where @client is unset: clients that found no place.
 */
typedef struct {
  ThRefusalReason reason;
  guint count;
  gint64 time; /* seconds since 1970, UTC */
  guint code;  /* STUN's; 0: silence */
  ThTransport transport;
  ThAddress client;
  ThAddress peer;
  guint64 session; /* ThTurnRecord; 0: none */
  ThTurnKeyKind kind;
  gint64 expires_at;
  char user[TH_TURN_USER_SIZE];    /* "": not known */
  char name[TH_REFUSAL_NAME_SIZE]; /* bytes of the client's, cut, not terminated */
  gsize name_length;
} ThRelayRefusal;

typedef struct _ThRefusals ThRefusals;

ThRefusals *th_refusals_new (void);
void th_refusals_free (ThRefusals *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThRefusals, th_refusals_free)

/* @time: seconds since 1970, UTC. Never allocates. */
void th_refusals_note (ThRefusals *self, const ThTurnRefusal *refusal, gint64 time);

/* Returns: (transfer full) (element-type ThRelayRefusal) (nullable): all since the last time, the
 * oldest first, which are forgotten here; NULL: there was none */
GArray *th_refusals_take (ThRefusals *self, gint64 time);

G_END_DECLS
