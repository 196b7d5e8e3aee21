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
} ThTransport;

#define TH_N_TRANSPORTS (TH_TRANSPORT_TCP + 1)

typedef struct {
  ThAddress address; /* the client's, as the server sees it */
  ThAddress local;   /* the server's own, to which the client sent */
  ThTransport transport;
  gpointer path; /* the caller's listener or connection */
} ThTurnClient;

/* A stream is told by its connection as well: of one that came through a proxy the addresses are
 * only what that says, and a new one may have them before the former is known to be gone. */
static inline gboolean
th_turn_client_equal (const ThTurnClient *a, const ThTurnClient *b)
{
  return a->transport == b->transport &&
         (a->transport == TH_TRANSPORT_UDP || a->path == b->path) &&
         th_address_equal (&a->address, &b->address) && th_address_equal (&a->local, &b->local);
}
