/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCertificate: a certificate with its chain and its private key, looked through before anything
 * uses it, and what people want to know of it. Never changes; any thread may read it.
 */
#pragma once

#include <glib-object.h>
#include <gnutls/gnutls.h>

#include "network/pem-file.h"
#include "tls/tls-context.h"

G_BEGIN_DECLS

#define TH_TYPE_CERTIFICATE (th_certificate_get_type ())
G_DECLARE_FINAL_TYPE (ThCertificate, th_certificate, TH, CERTIFICATE, GObject)

#define TH_NETWORK_ERROR (th_network_error_quark ())
typedef enum
{
  TH_NETWORK_ERROR_READ,        /* a file cannot be read */
  TH_NETWORK_ERROR_CERTIFICATE, /* a certificate or key that is none, or that does not fit */
  TH_NETWORK_ERROR_TIME,        /* a certificate that has expired, or is not valid yet */
  TH_NETWORK_ERROR_SYSTEM,
} ThNetworkError;
GQuark th_network_error_quark (void);

/*
 * Properties, all read-only: "names" (GStrv), "subject" and "issuer" (strings), "not-after"
 * (int64), "self-signed" (boolean), "fingerprint" (string); as the functions below say.
 */

/**
 * th_certificate_new:
 * @chain: the server's own certificate first, then each that signed the one before it
 * @key: its private key, without a passphrase; may be @chain itself
 * @now: seconds since 1970
 *
 * Errors name the file and what is wrong with it, and repeat nothing of it.
 *
 * Returns: (transfer full) (nullable)
 */
ThCertificate *
th_certificate_new (const ThPem *chain, const ThPem *key, gint64 now, GError **error);

/* (transfer none): DNS names and numeric addresses it is made for (RFC 5280, section 4.2.1.6) */
const char *const *th_certificate_get_names (ThCertificate *self);
/* (transfer none): distinguished names as text (RFC 4514) */
const char *th_certificate_get_subject (ThCertificate *self);
const char *th_certificate_get_issuer (ThCertificate *self);
/* The first second it is valid, since 1970 */
gint64 th_certificate_get_not_before (ThCertificate *self);
/* The last second it is valid, since 1970 */
gint64 th_certificate_get_not_after (ThCertificate *self);
gboolean th_certificate_is_self_signed (ThCertificate *self);
/* (transfer none): SHA-256 over the certificate, as "0A:1B:…" */
const char *th_certificate_get_fingerprint (ThCertificate *self);
/* @name: a DNS name or a numeric address; wildcards count */
gboolean th_certificate_covers (ThCertificate *self, const char *name);

/* (transfer full) (nullable): to speak TLS with; NULL with a ThTlsError */
ThTlsContext *
th_certificate_new_context (ThCertificate *self, ThTlsVersion minimum, GError **error);

/* (transfer none): the one that @context was made from */
ThCertificate *th_certificate_of_context (ThTlsContext *context);

G_END_DECLS
