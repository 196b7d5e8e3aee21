/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tickets by which clients find their allocations again from another address (RFC 8016): random
 * numbers, each with whose allocation it leads to and which server has that. Shared by all workers,
 * as a client that moves may reach another one than before; any thread may call.
 */
#pragma once

#include <glib.h>

#include "stun/defs.h"

G_BEGIN_DECLS

#define TH_TICKET_SIZE 16

/* RFC 8016, section 3.2.2: as long a client may come with its former ticket, since the answer with
 * the new one may have been lost. */
#define TH_TICKET_GRACE_US (G_GINT64_CONSTANT (30) * G_USEC_PER_SEC)

typedef struct _ThTickets ThTickets;

/* What a ticket leads to. */
typedef struct {
  gpointer owner;     /* the user data of the server that has the allocation */
  guint64 allocation; /* its record's id */
  gint64 expires;     /* monotonic microseconds; 0: not before the allocation */
  guint8 userhash[TH_STUN_USERHASH_SIZE]; /* who alone may use it */
} ThTicketHolder;

ThTickets *th_tickets_new (void);
ThTickets *th_tickets_ref (ThTickets *self);
void th_tickets_unref (ThTickets *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTickets, th_tickets_unref)

/* @ticket: (out): kernel randomness, without a byte that is 0 */
void th_tickets_issue (ThTickets *self,
                       const ThTicketHolder *holder,
                       guint8 ticket[TH_TICKET_SIZE]);

/* FALSE if there is no such ticket, or no more; @holder is then unchanged */
gboolean th_tickets_find (ThTickets *self,
                          const guint8 ticket[TH_TICKET_SIZE],
                          gint64 now_us,
                          ThTicketHolder *holder);

/* The allocation has come to another server, or the ticket has become a former one. */
void th_tickets_update (ThTickets *self,
                        const guint8 ticket[TH_TICKET_SIZE],
                        gpointer owner,
                        gint64 expires_us);

/* Nothing happens where there is none. */
void th_tickets_withdraw (ThTickets *self, const guint8 ticket[TH_TICKET_SIZE]);

G_END_DECLS
