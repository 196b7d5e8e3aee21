/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRelayStatistics: everything a relay counts, as plain numbers read at one moment. Made by
 * th_relay_get_statistics() for the panel, the endpoint and the metrics.
 */
#pragma once

#include "turn/client.h"

G_BEGIN_DECLS

/* IPv4 and IPv6, in this order. */
#define TH_N_FAMILIES 2

/* Sessions of one kind: by how the client reaches the relay. */
typedef struct {
  guint64 made; /* ever */
  guint64 live; /* now */
} ThSessionTally;

/* What all workers have counted since the relay started. */
typedef struct {
  guint64 bytes_to_peers, bytes_to_clients; /* relayed payload */
  guint64 packets_to_peers, packets_to_clients;
  guint64 allocations_made;    /* ever */
  guint64 quota_refusals;      /* 486 and 508: no allocation for want of quota or capacity */
  guint64 bindings_answered;   /* STUN Binding */
  guint64 binding_errors;      /* of those: with an error */
  guint64 challenges;          /* 401 and 438 sent to clients without fitting credentials */
  guint64 stale_nonces;        /* requests whose nonce was old or another's */
  guint64 wrong_credentials;   /* integrity did not match any key */
  guint64 expired_credentials; /* right, but too late */
  guint64 challenges_withheld; /* not answered, by the limit per client network */
  guint64 malformed;           /* datagrams and frames that are no STUN and no ChannelData */
  guint64 peers_refused;       /* requests for a peer that the policy denies */
  guint64 dropped_no_permission;
  guint64 dropped_no_allocation; /* data from clients that have none */
  guint64 dropped_queue_full;    /* slow TCP readers */
  guint64 dropped_send_error;
  guint64 dropped_receive_buffer; /* the kernel's RcvbufErrors on our sockets (SO_RXQ_OVFL) */
  guint sessions;                 /* now */
  guint connections;              /* TCP, now */
  guint dtls_sessions;            /* now, with handshakes that go on */
  ThSessionTally tally[TH_N_TRANSPORTS][TH_N_FAMILIES]; /* may be a moment behind the others */
} ThRelayStatistics;

G_END_DECLS
