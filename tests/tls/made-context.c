/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The certificate is one as a server without any makes for itself.
 */
#include "made-context.h"

#include "network/certificate-maker.h"
#include "network/certificate.h"

ThTlsContext *
made_context_new (ThTlsVersion minimum)
{
  static const char *const names[] = { "localhost", NULL };
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GError) error = NULL;
  g_autoptr (ThPem) pem = th_certificate_make ("made", names, NULL, now, &error);
  g_autoptr (ThCertificate) certificate = NULL;
  ThTlsContext *context;

  g_assert_no_error (error);
  certificate = th_certificate_new (pem, pem, now, &error);
  g_assert_no_error (error);
  context = th_certificate_new_context (certificate, minimum, &error);
  g_assert_no_error (error);
  return context;
}
