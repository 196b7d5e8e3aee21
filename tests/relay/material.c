/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One self-signed certificate, with a key on a curve: these are quickly made.
 */
#include "material.h"

#include <gnutls/x509.h>

#include "pki.h"

#define DAY 86400

ThTlsContext *
material_new (void)
{
  g_autoptr (PkiPair) pair = pki_make ("localhost", NULL, PKI_EC, -DAY, DAY);
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GError) error = NULL;
  gnutls_certificate_credentials_t credentials;
  ThTlsContext *context;

  g_assert_cmpint (gnutls_certificate_allocate_credentials (&credentials), >=, 0);
  g_object_set_data_full (owner, "credentials", credentials,
                          (GDestroyNotify) gnutls_certificate_free_credentials);
  g_assert_cmpint (gnutls_certificate_set_x509_key (credentials, &pair->certificate, 1, pair->key),
                   >=, 0);
  context = th_tls_context_new (owner, credentials, TH_TLS_1_2, &error);
  g_assert_no_error (error);
  return context;
}
