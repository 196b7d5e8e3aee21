/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Self-signed certificates: for the names they are to be for, valid as long as systems allow, with
 * a key that stays.
 */
#include "network/certificate-maker.h"

#include <string.h>

#include "network/certificate.h"
#include "pki.h"

#define DAY 86400

static const char *const names[] = { "turn.example.org", "localhost", "192.0.2.1", "2001:db8::1",
                                     NULL };

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static ThPem *
make (const char *const *for_names, const ThPem *earlier)
{
  g_autoptr (GError) error = NULL;
  ThPem *pem = th_certificate_make ("kept.pem", for_names, earlier, now (), &error);

  g_assert_no_error (error);
  return pem;
}

static ThCertificate *
take (const ThPem *pem)
{
  g_autoptr (GError) error = NULL;
  ThCertificate *certificate = th_certificate_new (pem, pem, now (), &error);

  g_assert_no_error (error);
  return certificate;
}

static void
test_made (void)
{
  g_autoptr (ThPem) pem = make (names, NULL);
  g_autoptr (ThCertificate) certificate = take (pem);

  g_assert_true (th_certificate_is_self_signed (certificate));
  g_assert_cmpstr (th_certificate_get_subject (certificate), ==, "CN=turn.example.org");
  g_assert_cmpuint (g_strv_length ((char **) th_certificate_get_names (certificate)), ==, 4);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_assert_cmpstr (th_certificate_get_names (certificate)[i], ==, names[i]);
      g_assert_true (th_certificate_covers (certificate, names[i]));
    }
  g_assert_false (th_certificate_covers (certificate, "192.0.2.2"));
}

/* 825 days at most from the first second to the last, for Apple's systems. */
static void
test_time (void)
{
  g_autoptr (ThPem) pem = make (names, NULL);
  gnutls_datum_t datum = { (guint8 *) pem->bytes, (unsigned int) pem->length };
  gnutls_x509_crt_t certificate;
  gint64 from, to;

  gnutls_x509_crt_init (&certificate);
  g_assert_cmpint (gnutls_x509_crt_import (certificate, &datum, GNUTLS_X509_FMT_PEM), >=, 0);
  from = gnutls_x509_crt_get_activation_time (certificate);
  to = gnutls_x509_crt_get_expiration_time (certificate);
  g_assert_cmpint (from, <=, now () - DAY + 1);
  g_assert_cmpint (to - from, <=, 825 * DAY);
  g_assert_cmpint (to, >, now () + 800 * DAY);
  g_assert_cmpint (gnutls_x509_crt_get_signature_algorithm (certificate), ==,
                   GNUTLS_SIGN_ECDSA_SHA256);
  gnutls_x509_crt_deinit (certificate);
}

/* (transfer full): the key of a PEM file, as its text */
static char *
key_of (const ThPem *pem)
{
  const char *end = strstr (pem->bytes, "-----END PRIVATE KEY-----");

  g_assert_nonnull (end);
  return g_strndup (pem->bytes, end - pem->bytes);
}

static void
test_key_stays (void)
{
  static const char *const others[] = { "other.example.org", NULL };
  g_autoptr (ThPem) first = make (names, NULL);
  g_autoptr (ThPem) second = make (others, first);
  g_autoptr (ThPem) third = make (others, NULL);
  g_autofree char *first_key = key_of (first);
  g_autofree char *second_key = key_of (second);
  g_autofree char *third_key = key_of (third);
  g_autoptr (ThCertificate) certificate = take (second);

  g_assert_cmpstr (first_key, ==, second_key);
  g_assert_cmpstr (first_key, !=, third_key);
  g_assert_true (th_certificate_covers (certificate, "other.example.org"));
  g_assert_false (th_certificate_covers (certificate, "turn.example.org"));
}

static void
test_earlier_without_key (void)
{
  g_autoptr (ThPem) nonsense = th_pem_new_take ("kept.pem", g_strdup ("nothing"), 7);
  g_autoptr (ThPem) pem = make (names, nonsense);
  g_autoptr (ThCertificate) certificate = take (pem);
}

static void
test_long_name (void)
{
  static const char *const long_names[] = {
    "a-name-that-is-longer-than-a-common-name-can-be.but-that-dns-allows.example.org", NULL
  };
  g_autoptr (ThPem) pem = make (long_names, NULL);
  g_autoptr (ThCertificate) certificate = take (pem);

  g_assert_cmpstr (th_certificate_get_subject (certificate), ==, "CN=turnhouse");
  g_assert_true (th_certificate_covers (certificate, long_names[0]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/certificate-maker/is-for-all-names", test_made);
  g_test_add_func ("/network/certificate-maker/time-that-systems-accept", test_time);
  g_test_add_func ("/network/certificate-maker/key-stays", test_key_stays);
  g_test_add_func ("/network/certificate-maker/earlier-without-key", test_earlier_without_key);
  g_test_add_func ("/network/certificate-maker/name-too-long-for-a-subject", test_long_name);
  return g_test_run ();
}
