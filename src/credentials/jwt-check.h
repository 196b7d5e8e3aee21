/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tokens that callers show to prove who they are: JWTs (RFC 7519) signed with HS256 and an API
 * secret, as an app of one's own or LiveKit's server libraries make them. Pure functions; any
 * thread may call.
 */
#pragma once

#include "credentials/authenticator.h"

G_BEGIN_DECLS

/* The longest token that is looked at, in bytes. */
#define TH_JWT_LENGTH_MAX 8192

/* How far a caller's clock may be off, in seconds. */
#define TH_JWT_LEEWAY 5

typedef enum {
  TH_JWT_GOOD,
  TH_JWT_MALFORMED,     /* no JWT, too long, no JSON in it, a member twice, or of a wrong type */
  TH_JWT_ALGORITHM,     /* another than HS256, or a header that asks for more ("crit") */
  TH_JWT_SIGNATURE,     /* made with no API secret of ours, or changed since */
  TH_JWT_ISSUER,        /* iss is not the API key that goes with the secret */
  TH_JWT_NO_EXPIRY,     /* no exp */
  TH_JWT_EXPIRED,
  TH_JWT_NOT_YET_VALID, /* nbf */
  TH_JWT_NO_SUBJECT,    /* no sub, or none that could be a user's name */
  TH_JWT_AUDIENCE,      /* has an aud: it is meant for somebody else (RFC 7519, section 4.1.3) */
  TH_JWT_RELAY_PASSWORD, /* its purpose is p2p-ice: it opens the relay, and nothing else */
  TH_N_JWT_VERDICTS
} ThJwtVerdict;

/* TRUE if @token has a JWT's three parts, and so deserves th_jwt_check(). */
gboolean th_jwt_has_form (const char *token);

/**
 * th_jwt_check:
 * @api: API secrets with their keys; those whose time is over at @now count for nothing
 * @n_api: at most 32
 * @now: seconds since 1970, UTC
 * @subject: (out) (transfer full): the user that the token speaks for; %NULL unless it is good
 *
 * The header must name HS256, then the signature must be right, and only then is any of the claims
 * read. The signature is tried with every secret, in constant time.
 */
ThJwtVerdict th_jwt_check (const char *token,
                           const ThAcceptedSecret *api,
                           guint n_api,
                           gint64 now,
                           char **subject);

G_END_DECLS
