/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCaller: who sent a request, as far as that is proved: a program of this machine, an app with a
 * token, or nobody known.
 */
#pragma once

#include <libsoup/soup.h>

#include "endpoint/config.h"
#include "endpoint/tokens.h"

G_BEGIN_DECLS

typedef enum {
  TH_CALLER_UNKNOWN,
  TH_CALLER_LOCAL, /* on loopback, and trusted for that */
  TH_CALLER_APP,   /* showed a token */
} ThCallerKind;

typedef struct {
  ThCallerKind kind;
  const char *name;       /* the token's name, or "local"; NULL: unknown. Owned by the tokens */
  gboolean from_loopback; /* the peer's address is loopback, trusted or not: perhaps a proxy */
  gboolean browser_here;  /* local, and a browser by what it sends */
} ThCaller;

/**
 * th_caller_identify:
 *
 * A token comes first. Without one, a peer on loopback is trusted where the settings say so, if it
 * asked for a loopback name (else some other page's name was made to point here: DNS rebinding) and
 * its Origin, if any, is loopback or stands by name in cors-origins ("*" is not enough).
 */
ThCaller th_caller_identify (SoupServerMessage *message,
                             const ThEndpointConfig *config,
                             const ThTokens *tokens);

/* (transfer full): the caller's name in the rate limit: of the app, or of the address or network */
char *th_caller_dup_bucket (const ThCaller *self, SoupServerMessage *message);

/* TRUE if pages of @origin may read the answer to this request (CORS). */
gboolean th_caller_may_read (SoupServerMessage *message,
                             const char *origin,
                             const ThEndpointConfig *config);

G_END_DECLS
