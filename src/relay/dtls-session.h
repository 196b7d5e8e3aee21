/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThDtlsSession: a client's DTLS, from a ClientHello with a good cookie on: records in, messages
 * out, and the other way. It knows no socket; what is to be sent it hands to its writer at once.
 */
#pragma once

#include <gnutls/dtls.h>

#include "relay/dtls-record.h"
#include "tls/tls-context.h"
#include "turn/client.h"

G_BEGIN_DECLS

/* What fits the way of any packet of IPv6 (RFC 8200, section 5) with room to spare: no record of a
 * handshake is longer, UDP header not counted. Messages are as long as peers make them. */
#define TH_DTLS_HANDSHAKE_MTU 1200

/* The longest record, with its header. */
#define TH_DTLS_RECORD_MAX (16 * 1024)

/* A handshake must be over by then. Microseconds. */
#define TH_DTLS_HANDSHAKE_PATIENCE (15 * G_USEC_PER_SEC)

/* Without an allocation, a session must bring a message this often. Microseconds. */
#define TH_DTLS_PATIENCE (30 * G_USEC_PER_SEC)

/* More records than this have no part in a handshake, lost and repeated ones included. */
#define TH_DTLS_HANDSHAKE_RECORDS 100

typedef enum {
  TH_DTLS_GREETING, /* the handshake goes on */
  TH_DTLS_OPEN,
  TH_DTLS_ENDED, /* nothing comes or goes any more */
} ThDtlsState;

typedef struct _ThDtlsSession ThDtlsSession;

/* Sends one record to its client; @record is good until the call returns. */
typedef void (*ThDtlsWriter) (ThDtlsSession *self, const guint8 *record, gsize length);

struct _ThDtlsSession {
  ThTurnClient client; /* first; its path is the session */
  gpointer listener;   /* the way out: its writer's */
  ThDtlsState state;
  gboolean has_allocation;
  gint64 begun;        /* monotonic */
  gint64 last_message;

  /* The worker's: */
  ThDtlsSession *predecessor; /* nullable: open until this one is */
  ThDtlsSession *successor;   /* nullable: greets from the same five-tuple */
  gboolean greets;            /* is among those that greet, at @position */
  guint position;
  gboolean noted;             /* is among those to be closed */

  ThTlsContext *context;
  gnutls_session_t tls;
  ThDtlsWriter write;
  const ThDtlsRecord *incoming; /* NULL: nothing more */
  guint records_left; /* of those that a handshake may bring */
  guint8 random[TH_DTLS_RANDOM_SIZE]; /* of the ClientHello it began with */
};

/**
 * th_dtls_session_new:
 * @client: whose; the path does not count
 * @random: of the ClientHello, which has to be taken next
 * @state: from the cookie's check
 *
 * Returns: (nullable): NULL if GnuTLS has no memory
 */
ThDtlsSession *th_dtls_session_new (ThTlsContext *context,
                                    const ThTurnClient *client,
                                    const guint8 *random,
                                    gnutls_dtls_prestate_st *state,
                                    ThDtlsWriter write,
                                    gpointer listener,
                                    gint64 now);

/* Says nothing to the client. */
void th_dtls_session_free (ThDtlsSession *self);

/**
 * th_dtls_session_take:
 * @record: one that came from the client's address
 * @message: (out): as long as @record at least; may lie where @record does
 *
 * The state may be another afterwards.
 *
 * Returns: the length of the message that it carried; 0: none
 */
gsize th_dtls_session_take (ThDtlsSession *self, const ThDtlsRecord *record, guint8 *message);

/* Returns: FALSE if it is too long, or the session is not open */
gboolean th_dtls_session_send (ThDtlsSession *self, const guint8 *message, gsize length);

/* Once a second while it greets: repeats what may have been lost, or ends it when it is late. */
void th_dtls_session_remind (ThDtlsSession *self, gint64 now);

/* Tells the client, where there is one to be told. */
void th_dtls_session_end (ThDtlsSession *self);

/* Whether it has been silent for too long without an allocation. */
gboolean th_dtls_session_is_idle (const ThDtlsSession *self, gint64 now);

G_END_DECLS
