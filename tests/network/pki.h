/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An authority of the test's own: makes certificates, good and bad, as PEM.
 */
#pragma once

#include <glib.h>
#include <gnutls/x509.h>

typedef enum
{
  PKI_EC,
  PKI_RSA,
  PKI_RSA_1024,
} PkiKind;

typedef struct
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
} PkiPair;

/**
 * pki_make:
 * @name: common name, and the DNS name it is for
 * @issuer: (nullable): NULL: self-signed
 * @from, @to: seconds from now
 */
PkiPair *pki_make (const char *name, const PkiPair *issuer, PkiKind kind, gint64 from, gint64 to);
void pki_free (PkiPair *pair);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkiPair, pki_free)

/* (transfer full) */
char *pki_certificate (const PkiPair *pair);
char *pki_key (const PkiPair *pair);
/* The PKCS#8 form, with a passphrase */
char *pki_encrypted_key (const PkiPair *pair);
