/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who speaks to the server: the five-tuple of RFC 8656 (client, server, transport), by which an
 * allocation is known, and the way back to the client.
 */
#pragma once

#include "stun/address.h"

typedef enum {
  TH_TRANSPORT_UDP,
  TH_TRANSPORT_TCP,
  TH_TRANSPORT_TLS,  /* on TCP */
  TH_TRANSPORT_DTLS, /* on UDP */
} ThTransport;

#define TH_N_TRANSPORTS (TH_TRANSPORT_DTLS + 1)

/* Whether messages come as frames of a stream, padded to four bytes (RFC 8656, section 12.5). */
static inline gboolean
th_transport_is_stream (ThTransport self)
{
  return self == TH_TRANSPORT_TCP || self == TH_TRANSPORT_TLS;
}

/* (transfer none): "UDP", "TCP", "TLS" or "DTLS" */
static inline const char *
th_transport_get_name (ThTransport self)
{
  static const char *const names[TH_N_TRANSPORTS] = { "UDP", "TCP", "TLS", "DTLS" };

  return names[self];
}

typedef struct {
  ThAddress address; /* the client's, as the server sees it */
  ThAddress local;   /* the server's own, to which the client sent */
  ThTransport transport;
  gpointer path; /* not part of the five-tuple: the caller's listener or connection */
} ThTurnClient;

static inline gboolean
th_turn_client_equal (const ThTurnClient *a, const ThTurnClient *b)
{
  return a->transport == b->transport && th_address_equal (&a->address, &b->address) &&
         th_address_equal (&a->local, &b->local);
}

/* Whoever does not know @key, which is random, cannot tell which five-tuples share a hash. */
guint32 th_turn_client_hash (const ThTurnClient *self, const guint64 key[2]);
