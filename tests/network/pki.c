/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates for the tests, by GnuTLS.
 */
#include "pki.h"

#include <gnutls/crypto.h>
#include <string.h>

static void
must (int result)
{
  if (result < 0)
    g_error ("GnuTLS: %s", gnutls_strerror (result));
}

static void
make_key (gnutls_x509_privkey_t key, PkiKind kind)
{
  if (kind == PKI_EC)
    must (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                        GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0));
  else
    must (gnutls_x509_privkey_generate (key, GNUTLS_PK_RSA, kind == PKI_RSA ? 2048 : 1024, 0));
}

PkiPair *
pki_make (const char *name, const PkiPair *issuer, PkiKind kind, gint64 from, gint64 to)
{
  PkiPair *pair = g_new0 (PkiPair, 1);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  guint8 serial[8];

  must (gnutls_x509_privkey_init (&pair->key));
  must (gnutls_x509_crt_init (&pair->certificate));
  make_key (pair->key, kind);
  must (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial));
  serial[0] = 1;
  must (gnutls_x509_crt_set_version (pair->certificate, 3));
  must (gnutls_x509_crt_set_serial (pair->certificate, serial, sizeof serial));
  must (gnutls_x509_crt_set_dn_by_oid (pair->certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                       strlen (name)));
  must (gnutls_x509_crt_set_subject_alt_name (pair->certificate, GNUTLS_SAN_DNSNAME, name,
                                              strlen (name), GNUTLS_FSAN_APPEND));
  must (gnutls_x509_crt_set_basic_constraints (pair->certificate, issuer == NULL, -1));
  must (gnutls_x509_crt_set_activation_time (pair->certificate, now + from));
  must (gnutls_x509_crt_set_expiration_time (pair->certificate, now + to));
  must (gnutls_x509_crt_set_key (pair->certificate, pair->key));
  if (issuer == NULL)
    issuer = pair;
  must (gnutls_x509_crt_sign2 (pair->certificate, issuer->certificate, issuer->key,
                               GNUTLS_DIG_SHA256, 0));
  return pair;
}

void
pki_free (PkiPair *pair)
{
  gnutls_x509_privkey_deinit (pair->key);
  gnutls_x509_crt_deinit (pair->certificate);
  g_free (pair);
}

static char *
take (gnutls_datum_t *datum)
{
  char *text = g_strndup ((char *) datum->data, datum->size);

  gnutls_free (datum->data);
  return text;
}

char *
pki_certificate (const PkiPair *pair)
{
  gnutls_datum_t datum;

  must (gnutls_x509_crt_export2 (pair->certificate, GNUTLS_X509_FMT_PEM, &datum));
  return take (&datum);
}

char *
pki_key (const PkiPair *pair)
{
  gnutls_datum_t datum;

  must (gnutls_x509_privkey_export2 (pair->key, GNUTLS_X509_FMT_PEM, &datum));
  return take (&datum);
}

char *
pki_encrypted_key (const PkiPair *pair)
{
  gnutls_datum_t datum;

  must (gnutls_x509_privkey_export2_pkcs8 (pair->key, GNUTLS_X509_FMT_PEM, "open sesame",
                                           GNUTLS_PKCS_PBES2_AES_256, &datum));
  return take (&datum);
}
