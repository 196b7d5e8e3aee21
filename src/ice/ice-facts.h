/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a test has seen, as plain values: the rules of ice-finding.c read it and nothing else. Who
 * runs a part of the test fills its part; what nobody filled says nothing, and no rule may take it
 * for a failure.
 */
#pragma once

#include <glib.h>

#include "ice/ice-server.h"
#include "stun/address.h"

G_BEGIN_DECLS

/* The stages of a path, in their order. A STUN server's ends with BINDING. */
typedef enum {
  TH_ICE_STAGE_DNS,
  TH_ICE_STAGE_CONNECT,
  TH_ICE_STAGE_TLS,
  TH_ICE_STAGE_BINDING,
  TH_ICE_STAGE_ALLOCATE,
  TH_ICE_STAGE_PERMISSION,
  TH_ICE_STAGE_CHANNEL,
  TH_ICE_STAGE_ECHO,
} ThIceStageKind;

#define TH_ICE_N_STAGES (TH_ICE_STAGE_ECHO + 1)

typedef enum {
  TH_ICE_STAGE_WAITING,
  TH_ICE_STAGE_RUNNING,
  TH_ICE_STAGE_OK,
  TH_ICE_STAGE_FAILED,
  TH_ICE_STAGE_SKIPPED, /* does not apply, or one before it failed */
} ThIceStageState;

typedef struct {
  ThIceStageState state;
  int error;       /* ThIceError where it failed, or had a reason to be skipped; else -1 */
  guint stun_code; /* where error is TH_ICE_ERROR_CODE */
  gint64 took;     /* microseconds */
} ThIceStageFacts;

/* How packets fare on a way through the relay. */
typedef enum {
  TH_ICE_WAY_UNTRIED,
  TH_ICE_WAY_DENIED, /* the relay's rules for peers forbid it */
  TH_ICE_WAY_OPEN,   /* they arrive */
  TH_ICE_WAY_LOST,
} ThIceWay;

/* What asking again with a credential that ends years later told about a 401. */
typedef enum {
  TH_ICE_RETRY_UNTRIED,
  TH_ICE_RETRY_ACCEPTED, /* so the server's clock runs ahead of ours */
  TH_ICE_RETRY_REFUSED,  /* so the secret is another */
} ThIceRetry;

/* One server over one family. */
typedef struct {
  ThIceServer *server;
  ThStunFamily family;
  ThIceStageFacts stages[TH_ICE_N_STAGES];
  ThAddress remote;  /* the server's; these are unset where unknown */
  ThAddress local;   /* ours, as the socket has it */
  ThAddress mapped;  /* ours, as the server sees it */
  ThAddress relayed;
  ThAddress denied;  /* the peer it answered 403 for */
  ThIceWay to_itself;    /* from one relayed address of the server to another */
  ThIceWay from_outside; /* from a socket of ours straight to the relayed address */
  gint64 credential_expires_at; /* seconds since 1970; 0: the user name tells none */
  ThIceRetry later_credential;
  gint64 certificate_not_before; /* seconds since 1970; 0: no certificate was seen */
  gint64 certificate_not_after;
  char *certificate_names; /* nullable: "turn.example.org, 192.0.2.1" */
} ThIcePathFacts;

typedef enum {
  TH_ICE_CANDIDATE_HOST,
  TH_ICE_CANDIDATE_SRFLX,
  TH_ICE_CANDIDATE_PRFLX,
  TH_ICE_CANDIDATE_RELAY,
} ThIceCandidateType;

typedef struct {
  ThIceCandidateType type;
  gboolean tcp;
  ThAddress address;
  ThAddress related; /* unset: none told */
} ThIceCandidateFacts;

/* Mapping and filtering in the words of RFC 4787, sections 4.1 and 5. */
typedef enum {
  TH_ICE_NAT_UNKNOWN,
  TH_ICE_NAT_NONE, /* mapping only: the address is the machine's own */
  TH_ICE_NAT_ENDPOINT_INDEPENDENT,
  TH_ICE_NAT_ADDRESS_DEPENDENT,
  TH_ICE_NAT_ADDRESS_AND_PORT_DEPENDENT,
} ThIceNatKind;

typedef struct {
  GPtrArray *paths;      /* (element-type ThIcePathFacts) */
  GArray *candidates;    /* (element-type ThIceCandidateFacts) */
  gboolean gathered;     /* gathering came to its end: what is not in @candidates is missing */
  gboolean relay_only;   /* only relay candidates were wanted */
  gboolean called;       /* two agents tried to connect */
  gboolean connected;    /* and could */
  ThIceNatKind mapping;
  ThIceNatKind filtering;
  gboolean own_relay;    /* the servers are this program's relay */
  gboolean seen_from_outside; /* a device elsewhere ran the test and got through */
  ThAddress before;      /* our address as servers saw it in the run before; may be unset */
  gint64 now;            /* seconds since 1970 */
  gboolean clock_compared; /* with that of an endpoint, whose answers carry the date */
  gint64 clock_ahead;    /* seconds that the endpoint's clock is ahead of ours */
  GPtrArray *refused_rows; /* (element-type char*): what of the input is no server, and why */
} ThIceFacts;

ThIceFacts *th_ice_facts_new (void);
void th_ice_facts_free (ThIceFacts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIceFacts, th_ice_facts_free)

/* Takes a copy of @server; all stages wait. The new entry belongs to @self. */
ThIcePathFacts *th_ice_facts_add_path (ThIceFacts *self,
                                       const ThIceServer *server,
                                       ThStunFamily family);

/* Our address as the first server saw it that did; unset where none did */
const ThAddress *th_ice_facts_get_mapped (const ThIceFacts *self);

G_END_DECLS
