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
  const char *text;
  guint generation;  /* as ThTurnKey tells it */
  gint64 expires_at; /* the secret's own end, seconds since 1970, UTC; 0: none */
} ThAcceptedSecret;

/**
 * th_credentials_authenticator_new:
 * @users: (transfer none) (nullable)
 * @secrets: the likeliest first; copied; at most %TH_ACCEPTED_SECRETS_MAX count
 *
 * Answers a claim with the key of the static user of that name, then, where the name carries an
 * expiry (rest.h), with one key for each secret. Names that are not UTF-8 or hold control
 * characters have no keys.
 */
ThTurnAuthenticator *th_credentials_authenticator_new (ThUsers *users,
                                                       const ThAcceptedSecret *secrets,
                                                       guint n_secrets);

G_END_DECLS
