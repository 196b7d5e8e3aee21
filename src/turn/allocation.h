/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTurnAllocation: one allocation (RFC 8656, section 3.2): a client's five-tuple, the relayed
 * transport addresses it was given, the credentials that every further request must use, and whom
 * it may talk to. Plain data of one worker.
 */
#pragma once

#include "turn/client.h"
#include "turn/peers.h"
#include "turn/record.h"
#include "turn/streams.h"
#include "turn/tickets.h"
#include "turn/timer-wheel.h"

G_BEGIN_DECLS

typedef struct _ThTurnAllocation ThTurnAllocation;

/* One relayed transport address and the socket behind it. */
typedef struct {
  ThTurnAllocation *allocation;
  ThStunFamily family;
  guint host; /* index in the configuration */
  guint16 port;
  ThAddress relayed; /* as peers see it, with the port */
  ThAddress bound;   /* as the kernel knows it */
  gpointer socket;   /* the driver's; NULL: this end was closed or never opened */
} ThRelayEnd;

struct _ThTurnAllocation {
  ThTimer timer; /* first, so that a timer is an allocation */
  ThTurnClient client;
  ThRelayEnd ends[2];
  ThPeers peers;
  ThTurnRecord *record;
  gint64 expires; /* monotonic microseconds */

  char *username; /* whole, as the client sent it; NULL if it sent USERHASH */
  guint8 userhash[TH_STUN_USERHASH_SIZE];
  guint8 key[TH_STUN_KEY_MAX];
  gsize key_length;
  ThStunPasswordAlgorithm algorithm;

  /* What the first answer said, to say it again when the request is repeated. */
  guint8 transaction_id[TH_STUN_TRANSACTION_ID_SIZE];
  guint32 first_lifetime;
  guint8 reservation_token[8];
  gboolean has_reservation;
  guint additional_error; /* the code for ADDRESS-ERROR-CODE, or 0 */

  GPtrArray *streams; /* (element-type ThTurnStream): of a TCP allocation (RFC 6062), else NULL */

  /* RFC 8016 */
  gboolean mobile;
  gboolean away; /* its client's connection is gone, and it may come back by another */
  guint8 ticket[TH_TICKET_SIZE];
  guint8 former_ticket[TH_TICKET_SIZE];
  gint64 former_expires; /* monotonic microseconds; 0: there is none */
};

static inline ThTurnAllocation *
th_turn_allocation_from_timer (ThTimer *timer)
{
  return (ThTurnAllocation *) timer;
}

/* The open end of that family, or NULL. */
static inline ThRelayEnd *
th_turn_allocation_end_for (ThTurnAllocation *self, ThStunFamily family)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->ends); i++)
    {
      if (self->ends[i].socket != NULL && self->ends[i].family == family)
        return &self->ends[i];
    }
  return NULL;
}

G_END_DECLS
