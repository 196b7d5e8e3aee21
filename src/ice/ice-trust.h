/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceTrust: whom this machine trusts to sign certificates, and what a server's certificate says
 * and is worth. Main context.
 */
#pragma once

#include <gio/gio.h>
#include <gnutls/gnutls.h>

#include "ice/ice-error.h"

G_BEGIN_DECLS

typedef struct _ThIceTrust ThIceTrust;

/**
 * th_ice_trust_load_async:
 * @file: (nullable): PEM with certificates that are trusted besides the system's
 *
 * Reads in a thread.
 */
void th_ice_trust_load_async (const char *file,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data);
/* Returns: (transfer full) (nullable): %NULL where @file cannot be used */
ThIceTrust *th_ice_trust_load_finish (GAsyncResult *result, GError **error);

/* (transfer full): believes any certificate: for a server of one's own, whose certificate is for
 * another name than the loopback address it is tried at. */
ThIceTrust *th_ice_trust_new_for_own (void);

ThIceTrust *th_ice_trust_ref (ThIceTrust *self);
void th_ice_trust_unref (ThIceTrust *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIceTrust, th_ice_trust_unref)

/* A client's session, which the caller gives functions to send and receive; NULL: no memory. */
gnutls_session_t th_ice_trust_new_session (ThIceTrust *self, gboolean datagram, const char *host);

/* What a server has shown. */
typedef struct {
  char *subject;     /* distinguished name (RFC 4514) */
  char *issuer;
  char *names;       /* "turn.example.org, 192.0.2.1"; "" where there are none */
  char *protocol;    /* "TLS1.3" */
  gint64 not_before; /* seconds since 1970 */
  gint64 not_after;
  guint chain_length;
} ThIceCertificate;

ThIceCertificate *th_ice_certificate_copy (const ThIceCertificate *self);
void th_ice_certificate_free (ThIceCertificate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIceCertificate, th_ice_certificate_free)

/**
 * th_ice_certificate_read:
 * @session: after its handshake
 *
 * Returns: (transfer full) (nullable): %NULL where the server has shown none that can be read
 */
ThIceCertificate *th_ice_certificate_read (gnutls_session_t session);

/**
 * th_ice_certificate_check:
 * @host: a name, or a numeric address
 *
 * Whether the server of @session is @host, as far as this machine can tell (RFC 8489, section
 * 6.2.3).
 *
 * Returns: %FALSE with a %TH_ICE_ERROR_TLS_*
 */
gboolean th_ice_certificate_check (gnutls_session_t session, const char *host, GError **error);

G_END_DECLS
