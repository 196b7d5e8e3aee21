/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCaller: who sent a request, as far as that is proved: a program of this machine, an app with a
 * token, a user with a signed JWT, or nobody known.
 */
#pragma once

#include <libsoup/soup.h>

#include "endpoint/backend.h"
#include "endpoint/config.h"

G_BEGIN_DECLS

typedef enum {
  TH_CALLER_UNKNOWN,
  TH_CALLER_LOCAL, /* on loopback, and trusted for that */
  TH_CALLER_APP,   /* showed a token */
  TH_CALLER_USER,  /* showed a JWT signed with the API secret */
  TH_N_CALLERS
} ThCallerKind;

/* Why a caller is unknown */
typedef enum {
  TH_REFUSAL_NOTHING_SHOWN,
  TH_REFUSAL_UNKNOWN_TOKEN,
  TH_REFUSAL_JWT, /* and from here up, by ThJwtVerdict */
  TH_N_REFUSALS = TH_REFUSAL_JWT + TH_N_JWT_VERDICTS
} ThRefusal;

typedef struct {
  ThCallerKind kind;
  ThRefusal refusal;      /* of an unknown one */
  char *name;             /* the app's, the user's, or "local"; NULL: unknown */
  gboolean from_loopback; /* the peer's address is loopback, trusted or not: perhaps a proxy */
  gboolean browser_here;  /* local, and a browser by what it sends */
} ThCaller;

/**
 * th_caller_identify:
 *
 * A token comes first, and a wrong one is refused wherever it comes from: who shows one does not
 * mean to be taken for somebody else. Without one, a peer on loopback is trusted where the settings
 * say so, if it asked for a loopback name (else some other page's name was made to point here: DNS
 * rebinding) and its Origin, if any, is loopback or stands by name in cors-origins ("*" is not
 * enough).
 *
 * Fills in @self; th_caller_clear() it.
 */
void th_caller_identify (ThCaller *self,
                         SoupServerMessage *message,
                         const ThEndpointConfig *config,
                         const ThEndpointBackend *backend,
                         gpointer backend_data);
void th_caller_clear (ThCaller *self);

/* (transfer full): the caller's name in the rate limit: of the app or user, or of the address or
 * network; another one for those there whose JWT was signed with our secret, but is not good */
char *th_caller_dup_bucket (const ThCaller *self, SoupServerMessage *message);

/* Whether the peer's address is loopback: a program of this machine, perhaps a proxy */
gboolean th_caller_is_on_loopback (SoupServerMessage *message);

/* TRUE if pages of @origin may read the answer to this request (CORS). */
gboolean th_caller_may_read (SoupServerMessage *message,
                             const char *origin,
                             const ThEndpointConfig *config);

G_END_DECLS
