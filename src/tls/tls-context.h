/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTlsContext: what TLS is spoken with: a certificate and the oldest version allowed. Never
 * changes once made, so that any thread may start sessions from it; a new certificate is a new
 * context, and sessions that have begun end with the one they have.
 */
#pragma once

#include <glib-object.h>
#include <gnutls/gnutls.h>

G_BEGIN_DECLS

#define TH_TLS_ERROR (th_tls_error_quark ())
typedef enum
{
  TH_TLS_ERROR_SYSTEM, /* the system's cryptographic policy allows nothing */
} ThTlsError;
GQuark th_tls_error_quark (void);

typedef enum
{
  TH_TLS_1_2,
  TH_TLS_1_3,
} ThTlsVersion;

/* What a session runs over. */
typedef enum
{
  TH_TLS_OVER_TCP, /* TLS */
  TH_TLS_OVER_UDP, /* DTLS, which is 1.2 at most (GnuTLS) */
} ThTlsKind;

typedef struct _ThTlsContext ThTlsContext;
typedef struct _ThTlsChallenges ThTlsChallenges;

/**
 * th_tls_context_new:
 * @certificate: whoever owns @credentials; kept alive
 * @credentials: certificate and private key to show
 *
 * Returns: (transfer full) (nullable): NULL if the system's cryptographic policy allows nothing
 */
ThTlsContext *th_tls_context_new (GObject *certificate,
                                  gnutls_certificate_credentials_t credentials,
                                  ThTlsVersion minimum,
                                  GError **error);
ThTlsContext *th_tls_context_ref (ThTlsContext *self);
void th_tls_context_unref (ThTlsContext *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTlsContext, th_tls_context_unref)

/* (transfer none): what it was made with; whoever made it knows of which type that is */
GObject *th_tls_context_get_certificate (ThTlsContext *self);

ThTlsVersion th_tls_context_get_minimum (ThTlsContext *self);

/* (transfer none): that certificate with its key, to set up sessions with while @self lives */
gnutls_certificate_credentials_t th_tls_context_get_credentials (ThTlsContext *self);

/* Has sessions answer authorities that ask for a challenge. To be called before anyone else knows
 * of @self. */
void th_tls_context_set_challenges (ThTlsContext *self, ThTlsChallenges *challenges);

/**
 * th_tls_context_new_session:
 * @protocols: those that are spoken, best first, as ALPN names them (RFC 7301): "http/1.1";
 *   NULL-terminated. Clients that name only others are refused, those that name none are not
 *
 * A session of a server that never blocks. It is used by one thread at a time, and must not live
 * longer than @self. Renegotiation is for its user to refuse: GNUTLS_E_REHANDSHAKE ends it.
 *
 * Returns: (transfer full) (nullable): free it with gnutls_deinit()
 */
gnutls_session_t th_tls_context_new_session (ThTlsContext *self,
                                             ThTlsKind kind,
                                             const char *const *protocols);

G_END_DECLS
