/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The snapshot of everything that is accepted, which relay workers check clients' names against.
 */
#pragma once

#include "credentials/users.h"
#include "turn/authenticator.h"

G_BEGIN_DECLS

/* As many as leave room for a static user of the same name. */
#define TH_ACCEPTED_SECRETS_MAX (TH_TURN_KEYS_MAX - 1)

typedef struct {
  const char *key; /* of API secrets only */
  const char *text;
  guint generation;  /* as ThTurnKey tells it */
  gint64 expires_at; /* the secret's own end, seconds since 1970, UTC; 0: none */
} ThAcceptedSecret;

/* Everything that is accepted. Only borrowed; the authenticator makes its own copies. */
typedef struct {
  ThUsers *users;                  /* nullable */
  const ThAcceptedSecret *secrets; /* the likeliest first; TH_ACCEPTED_SECRETS_MAX count */
  guint n_secrets;
  const ThAcceptedSecret *api; /* API secrets, with their keys; the current one first */
  guint n_api;
  gint64 api_ttl; /* lifetime of tokens made from those, seconds; more than 0 where there are any */
} ThAccepted;

/**
 * th_credentials_authenticator_new:
 *
 * Answers a claim with the key of the static user of that name. Where the name carries an expiry
 * (rest.h), with one key for each secret besides. Where it is one of LiveKit's embedded TURN server
 * (livekit.h) with the key of an API secret, with one for each such secret, and no more; else with
 * one for each token (jwt.h) that can be valid now, as far as there is room: the tokens of the
 * current API secret always have room. Names that are not UTF-8 or hold control characters have no
 * keys.
 */
ThTurnAuthenticator *th_credentials_authenticator_new (const ThAccepted *accepted);

G_END_DECLS
