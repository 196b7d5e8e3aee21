/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTlsChallenges: the special certificates that are shown to an authority which asks over TLS
 * whether this machine has a name (TLS-ALPN-01, RFC 8737), and to nobody else. Any thread may use
 * it; sessions look here only while a challenge is open.
 */
#pragma once

#include "tls/tls-context.h"

G_BEGIN_DECLS

/* What an authority says it speaks (RFC 8737, section 3). */
#define TH_TLS_CHALLENGE_PROTOCOL "acme-tls/1"

ThTlsChallenges *th_tls_challenges_new (void);
ThTlsChallenges *th_tls_challenges_ref (ThTlsChallenges *self);
void th_tls_challenges_unref (ThTlsChallenges *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTlsChallenges, th_tls_challenges_unref)

/* From now on who asks for @name as an authority does is shown the certificate of @context. A
 * former one for that name is forgotten. */
void th_tls_challenges_add (ThTlsChallenges *self, const char *name, ThTlsContext *context);

void th_tls_challenges_remove (ThTlsChallenges *self, const char *name);

/* Has @session, of a server and not begun yet, answer challenges: where the client's first message
 * asks for it, certificate and protocol are changed for this one session. Costs nothing, and does
 * nothing, while none is open. Uses the session's pointer (gnutls_session_set_ptr). */
void th_tls_challenges_attach (ThTlsChallenges *self, gnutls_session_t session);

G_END_DECLS
