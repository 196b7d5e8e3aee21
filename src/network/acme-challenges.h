/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAcmeChallenges: what an authority that is asked for a certificate wants to find on this machine
 * (RFC 8555, section 8): a text at a URL (HTTP-01) or a certificate of a special kind (TLS-ALPN-01,
 * RFC 8737). The endpoint and the listeners for TLS answer from here. Main context only, but for
 * the ThTlsChallenges in it.
 */
#pragma once

#include <gio/gio.h>

#include "tls/tls-challenges.h"

G_BEGIN_DECLS

typedef enum
{
  TH_ACME_HTTP_01,
  TH_ACME_TLS_ALPN_01,
} ThAcmeMethod;

/* "http-01", "tls-alpn-01" */
const char *th_acme_method_get_name (ThAcmeMethod method);

typedef struct _ThAcmeChallenges ThAcmeChallenges;

ThAcmeChallenges *th_acme_challenges_new (void);
void th_acme_challenges_free (ThAcmeChallenges *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThAcmeChallenges, th_acme_challenges_free)

/**
 * th_acme_challenges_begin:
 * @name: the DNS name that is to be shown to be this machine's
 * @token: what the authority calls the challenge
 * @authorization: the answer; of TLS-ALPN-01 its SHA-256 digest in base64 for URLs
 *
 * Nothing is promised of the texts.
 *
 * Returns: FALSE if one of them is none of an authority
 */
gboolean th_acme_challenges_begin (ThAcmeChallenges *self,
                                   ThAcmeMethod method,
                                   const char *name,
                                   const char *token,
                                   const char *authorization,
                                   GError **error);

/* The authority has looked, or will not. */
void th_acme_challenges_end (ThAcmeChallenges *self,
                             ThAcmeMethod method,
                             const char *name,
                             const char *token);
void th_acme_challenges_end_all (ThAcmeChallenges *self);

/* (transfer none) (nullable): the answer to HTTP-01 */
const char *th_acme_challenges_find (ThAcmeChallenges *self, const char *token);

/* (transfer none): for sessions of TLS */
ThTlsChallenges *th_acme_challenges_get_tls (ThAcmeChallenges *self);

G_END_DECLS
