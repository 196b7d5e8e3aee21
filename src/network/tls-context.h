/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTlsContext: what TLS is spoken with: a certificate and the oldest version allowed. Never
 * changes once made, so that any thread may start sessions from it; a new certificate is a new
 * context, and sessions that have begun end with the one they have.
 */
#pragma once

#include "network/certificate.h"

G_BEGIN_DECLS

typedef enum
{
  TH_TLS_1_2,
  TH_TLS_1_3,
} ThTlsVersion;

typedef struct _ThTlsContext ThTlsContext;

/* Returns: (transfer full) (nullable): NULL if the system's cryptographic policy allows nothing */
ThTlsContext *th_tls_context_new (ThCertificate *certificate, ThTlsVersion minimum, GError **error);
ThTlsContext *th_tls_context_ref (ThTlsContext *self);
void th_tls_context_unref (ThTlsContext *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTlsContext, th_tls_context_unref)

/* (transfer none) */
ThCertificate *th_tls_context_get_certificate (ThTlsContext *self);

/**
 * th_tls_context_new_session:
 * @protocol: the one that is spoken, as ALPN names it (RFC 7301): "http/1.1"; clients that name
 *   others only are refused
 *
 * A session of a server that never blocks. It is used by one thread at a time, and must not live
 * longer than @self. Renegotiation is for its user to refuse: GNUTLS_E_REHANDSHAKE ends it.
 *
 * Returns: (transfer full) (nullable): free it with gnutls_deinit()
 */
gnutls_session_t th_tls_context_new_session (ThTlsContext *self, const char *protocol);

G_END_DECLS
