/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTurnRefusal: that a request was answered with an error, or not at all, and why: what the error
 * code alone does not tell. The challenge that begins every session is none.
 */
#pragma once

#include "turn/authenticator.h"
#include "turn/client.h"

G_BEGIN_DECLS

typedef enum {
  TH_REFUSAL_NONE,
  TH_REFUSAL_BAD_REQUEST,       /* 400: it breaks the rules */
  TH_REFUSAL_UNKNOWN_NAME,      /* 401: there is no such user, and no credential has that form */
  TH_REFUSAL_WRONG_PASSWORD,    /* 401: none of the keys for that name proves it */
  TH_REFUSAL_EXPIRED,           /* 401: the right password, too late */
  TH_REFUSAL_WITHHELD,          /* no answer: its network was challenged too often */
  TH_REFUSAL_FORBIDDEN_PEER,    /* 403: the policy denies that host */
  TH_REFUSAL_OWN_PORT,          /* 403: a port that the relay itself listens on */
  TH_REFUSAL_UNKNOWN_ATTRIBUTE, /* 420 */
  TH_REFUSAL_NO_ALLOCATION,     /* 437: there is none of that client's */
  TH_REFUSAL_SECOND_ALLOCATION, /* 437: there is one already */
  TH_REFUSAL_STALE_NONCE,       /* 438: expired, another address's, or of before a restart */
  TH_REFUSAL_FAMILY,            /* 440: there is no relay host of that family */
  TH_REFUSAL_OTHER_USER,        /* 441: the allocation is another user's */
  TH_REFUSAL_TRANSPORT,         /* 442: to peers it is UDP alone */
  TH_REFUSAL_PEER_FAMILY,       /* 443: the peer's is not the allocation's */
  TH_REFUSAL_CONNECTION_EXISTS, /* 446: to that peer there is one */
  TH_REFUSAL_CONNECTION_FAILED, /* 447: none can be made from here */
  TH_REFUSAL_USER_QUOTA,        /* 486: that user has as many as one may */
  TH_REFUSAL_TOTAL_QUOTA,       /* 486: all users together have */
  TH_REFUSAL_CAPACITY,          /* 508: the relay has as many as it may */
  TH_REFUSAL_NO_PORT,           /* 508: no port of the relay's range is free */
  TH_REFUSAL_NO_SOCKET,         /* 508: the system gives none */
  TH_REFUSAL_NO_RESERVATION,    /* 508: the token is for nothing, or for somebody else */
  TH_REFUSAL_TOO_MANY_PEERS,    /* 508: permissions or channels */
  TH_REFUSAL_DRAINING,          /* 508: no new sessions for now */
  TH_REFUSAL_N_REASONS
} ThRefusalReason;

/**
 * ThTurnRefusal:
 * @code: STUN's; 0: silence
 * @name: (nullable): what the client calls itself: bytes of anyone's, not terminated
 * @user: what quotas would count it by; "" where that is not known
 * @kind: what would have proved the name, of TH_REFUSAL_WRONG_PASSWORD
 * @expires_at: of the credential, by the name or the key; seconds since 1970, UTC; 0: it has no end
 * @session: id of the client's allocation (ThTurnRecord); 0: it has none
 * @peer: of the two reasons with 403
 *
 * A view, valid during the call.
 */
typedef struct {
  ThRefusalReason reason;
  guint code;
  const ThTurnClient *client;
  const char *name;
  gsize name_length;
  const char *user;
  ThTurnKeyKind kind;
  gint64 expires_at;
  guint64 session;
  const ThAddress *peer;
} ThTurnRefusal;

G_END_DECLS
