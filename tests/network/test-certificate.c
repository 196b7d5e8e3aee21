/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pairs of certificate and key: good ones are taken and told about, bad ones are refused in words
 * that name the file.
 */
#include "network/certificate.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "folder.h"
#include "pki.h"

#define DAY 86400

typedef struct
{
  PkiPair *root, *middle, *own, *rsa, *other;
} Family;

static void
family_clear (Family *family)
{
  pki_free (family->root);
  pki_free (family->middle);
  pki_free (family->own);
  pki_free (family->rsa);
  pki_free (family->other);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Family, family_clear)

static Family
family_new (void)
{
  Family family = { .root = pki_make ("Root", NULL, PKI_EC, -DAY, DAY) };

  family.middle = pki_make ("Middle", family.root, PKI_EC, -DAY, DAY);
  family.own = pki_make ("turn.example.org", family.middle, PKI_EC, -DAY, DAY);
  family.rsa = pki_make ("*.rsa.example.org", family.middle, PKI_RSA, -DAY, DAY);
  family.other = pki_make ("other.example.org", family.root, PKI_EC, -DAY, DAY);
  return family;
}

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static ThCertificate *
make (const char *chain, const char *key, GError **error)
{
  g_autoptr (ThPem) chain_pem = th_pem_new_take ("cert.pem", g_strdup (chain), strlen (chain));
  g_autoptr (ThPem) key_pem = th_pem_new_take ("key.pem", g_strdup (key), strlen (key));

  return th_certificate_new (chain_pem, key_pem, now (), error);
}

static ThCertificate *
must_make (const char *chain, const char *key)
{
  g_autoptr (GError) error = NULL;
  ThCertificate *certificate = make (chain, key, &error);

  g_assert_no_error (error);
  return certificate;
}

/* Nothing of the key is repeated. */
static void
refuses (const char *chain, const char *key, ThNetworkError code, const char *message)
{
  const char *line = strchr (key, '\n');
  g_autofree char *start = line != NULL ? g_strndup (line + 1, 16) : NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (make (chain, key, &error));
  g_assert_error (error, TH_NETWORK_ERROR, (int) code);
  if (!g_str_has_prefix (error->message, message))
    g_error ("\"%s\" does not begin with \"%s\"", error->message, message);
  if (start != NULL && strlen (start) == 16)
    g_assert_null (strstr (error->message, start));
}

static void
test_chain (void)
{
  g_auto (Family) family = family_new ();
  g_autofree char *own = pki_certificate (family.own);
  g_autofree char *middle = pki_certificate (family.middle);
  g_autofree char *root = pki_certificate (family.root);
  g_autofree char *key = pki_key (family.own);
  g_autofree char *all = g_strconcat ("# ours\n", own, "\n\n", middle, root, NULL);
  g_autofree char *without_root = g_strconcat (own, middle, NULL);
  g_autoptr (ThCertificate) certificate = must_make (all, key);
  g_autoptr (ThCertificate) usual = must_make (without_root, key);
  g_autoptr (ThCertificate) alone = must_make (own, key);

  g_assert_cmpstr (th_certificate_get_subject (certificate), ==, "CN=turn.example.org");
  g_assert_cmpstr (th_certificate_get_issuer (certificate), ==, "CN=Middle");
  g_assert_false (th_certificate_is_self_signed (certificate));
  g_assert_cmpstr (th_certificate_get_fingerprint (certificate), ==,
                   th_certificate_get_fingerprint (alone));
  g_assert_cmpuint (strlen (th_certificate_get_fingerprint (usual)), ==, 32 * 3 - 1);
  g_assert_cmpint (ABS (th_certificate_get_not_after (certificate) - now () - DAY), <, 60);
  g_assert_cmpstr (th_certificate_get_names (certificate)[0], ==, "turn.example.org");
  g_assert_null (th_certificate_get_names (certificate)[1]);
}

static void
test_kinds_of_key (void)
{
  g_auto (Family) family = family_new ();
  const PkiPair *pairs[] = { family.own, family.rsa };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *chain = pki_certificate (pairs[i]);
      g_autofree char *key = pki_key (pairs[i]);
      g_autofree char *both = g_strconcat (key, chain, NULL);
      g_autoptr (ThCertificate) apart = must_make (chain, key);
      g_autoptr (ThCertificate) together = must_make (both, both);
    }
}

static void
test_covers (void)
{
  g_auto (Family) family = family_new ();
  g_autofree char *chain = pki_certificate (family.rsa);
  g_autofree char *key = pki_key (family.rsa);
  g_autoptr (ThCertificate) certificate = must_make (chain, key);

  g_assert_true (th_certificate_covers (certificate, "a.rsa.example.org"));
  g_assert_false (th_certificate_covers (certificate, "a.b.rsa.example.org"));
  g_assert_false (th_certificate_covers (certificate, "rsa.example.org"));
  g_assert_false (th_certificate_covers (certificate, "192.0.2.1"));
  g_assert_false (th_certificate_covers (certificate, ""));
}

static void
test_properties (void)
{
  g_auto (Family) family = family_new ();
  g_autofree char *chain = pki_certificate (family.root);
  g_autofree char *key = pki_key (family.root);
  g_autoptr (ThCertificate) certificate = must_make (chain, key);
  g_autofree char *subject = NULL, *issuer = NULL, *fingerprint = NULL;
  g_auto (GStrv) names = NULL;
  gboolean self_signed = FALSE;
  gint64 not_after = 0;

  g_object_get (certificate, "subject", &subject, "issuer", &issuer, "fingerprint", &fingerprint,
                "names", &names, "self-signed", &self_signed, "not-after", &not_after, NULL);
  g_assert_cmpstr (subject, ==, "CN=Root");
  g_assert_cmpstr (issuer, ==, "CN=Root");
  g_assert_cmpstr (fingerprint, ==, th_certificate_get_fingerprint (certificate));
  g_assert_cmpstr (names[0], ==, "Root");
  g_assert_true (self_signed);
  g_assert_cmpint (not_after, ==, th_certificate_get_not_after (certificate));
}

static void
test_mismatch (void)
{
  g_auto (Family) family = family_new ();
  g_autofree char *own = pki_certificate (family.own);
  g_autofree char *rsa = pki_certificate (family.rsa);
  g_autofree char *other_key = pki_key (family.other);

  refuses (own, other_key, TH_NETWORK_ERROR_CERTIFICATE,
           "The private key key.pem is not that of the certificate cert.pem");
  refuses (rsa, other_key, TH_NETWORK_ERROR_CERTIFICATE,
           "The private key key.pem is not that of the certificate cert.pem");
}

static void
test_order (void)
{
  g_auto (Family) family = family_new ();
  g_autofree char *own = pki_certificate (family.own);
  g_autofree char *middle = pki_certificate (family.middle);
  g_autofree char *root = pki_certificate (family.root);
  g_autofree char *key = pki_key (family.own);
  const char *const chains[][3] = {
    { middle, own, "" },
    { own, root, middle },
    { own, own, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (chains); i++)
    {
      g_autofree char *chain = g_strconcat (chains[i][0], chains[i][1], chains[i][2], NULL);

      refuses (chain, key, TH_NETWORK_ERROR_CERTIFICATE,
               "The certificates in cert.pem are out of order");
    }
}

static void
test_times (void)
{
  g_auto (Family) family = family_new ();
  g_autoptr (PkiPair) late = pki_make ("late.example.org", family.root, PKI_EC, -9 * DAY, -DAY);
  g_autoptr (PkiPair) early = pki_make ("early.example.org", family.root, PKI_EC, DAY, 9 * DAY);
  g_autoptr (PkiPair) old = pki_make ("Old", family.root, PKI_EC, -9 * DAY, -DAY);
  g_autoptr (PkiPair) of_old = pki_make ("new.example.org", old, PKI_EC, -DAY, DAY);
  g_autofree char *late_chain = pki_certificate (late);
  g_autofree char *late_key = pki_key (late);
  g_autofree char *early_chain = pki_certificate (early);
  g_autofree char *early_key = pki_key (early);
  g_autofree char *first = pki_certificate (of_old);
  g_autofree char *second = pki_certificate (old);
  g_autofree char *old_chain = g_strconcat (first, second, NULL);
  g_autofree char *old_key = pki_key (of_old);

  refuses (late_chain, late_key, TH_NETWORK_ERROR_TIME, "The certificate cert.pem expired on ");
  refuses (early_chain, early_key, TH_NETWORK_ERROR_TIME,
           "The certificate cert.pem is valid from ");
  refuses (old_chain, old_key, TH_NETWORK_ERROR_TIME,
           "A certificate of the chain in cert.pem expired on ");
}

static void
test_weak_key (void)
{
  g_autoptr (PkiPair) weak = pki_make ("weak.example.org", NULL, PKI_RSA_1024, -DAY, DAY);
  g_autofree char *chain = pki_certificate (weak);
  g_autofree char *key = pki_key (weak);

  refuses (chain, key, TH_NETWORK_ERROR_CERTIFICATE,
           "The certificate cert.pem has an RSA key of 1024 bits; clients want 2048 or more");
}

static void
test_encrypted_key (void)
{
  g_auto (Family) family = family_new ();
  g_autofree char *chain = pki_certificate (family.own);
  g_autofree char *key = pki_encrypted_key (family.own);

  refuses (chain, key, TH_NETWORK_ERROR_CERTIFICATE, "The private key key.pem has a passphrase");
  refuses (chain,
           "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"
           "AAAA\n-----END EC PRIVATE KEY-----\n",
           TH_NETWORK_ERROR_CERTIFICATE, "The private key key.pem has a passphrase");
}

static void
test_what_is_no_certificate (void)
{
  static const char *const bad[] = {
    "-----BEGIN CERTIFICATE-----",
    "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
    "-----BEGIN CERTIFICATE-----\nMIIB\n",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END PRIVATE KEY-----\n",
    "-----BEGIN CERTIFICATE-----\nMP////8wAAAA\n-----END CERTIFICATE-----\n",
  };
  g_auto (Family) family = family_new ();
  g_autofree char *good = pki_certificate (family.own);
  g_autofree char *key = pki_key (family.own);

  refuses ("", key, TH_NETWORK_ERROR_CERTIFICATE, "cert.pem holds no certificate in PEM form");
  refuses (key, key, TH_NETWORK_ERROR_CERTIFICATE, "cert.pem holds no certificate in PEM form");
  refuses ("\x30\x82\x01\x01", key, TH_NETWORK_ERROR_CERTIFICATE,
           "cert.pem holds no certificate in PEM form");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    refuses (bad[i], key, TH_NETWORK_ERROR_CERTIFICATE, "A certificate in cert.pem is damaged");

  /* one byte of a good one */
  g_autofree char *damaged = g_strdup (good);
  char *middle = damaged + strlen ("-----BEGIN CERTIFICATE-----\n") + 2;
  *middle = *middle == 'A' ? 'B' : 'A';
  refuses (damaged, key, TH_NETWORK_ERROR_CERTIFICATE, "A certificate in cert.pem is damaged");

  /* cut short anywhere before its last line, it is never taken and never harms */
  for (gsize length = 0; length <= (gsize) (strstr (good, "-----END") - good); length += 7)
    {
      g_autofree char *cut = g_strndup (good, length);

      refuses (cut, key, TH_NETWORK_ERROR_CERTIFICATE, "");
    }
}

static void
test_what_is_no_key (void)
{
  static const char *const bad[] = {
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n",
    "-----BEGIN EC PRIVATE KEY-----\nMP////8wAAAA\n-----END EC PRIVATE KEY-----\n",
  };
  g_auto (Family) family = family_new ();
  g_autofree char *chain = pki_certificate (family.own);

  refuses (chain, "", TH_NETWORK_ERROR_CERTIFICATE, "key.pem holds no private key in PEM form");
  refuses (chain, chain, TH_NETWORK_ERROR_CERTIFICATE, "key.pem holds no private key in PEM form");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    refuses (chain, bad[i], TH_NETWORK_ERROR_CERTIFICATE, "The private key key.pem is damaged");
}

static void
cannot_read (const char *path, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *message = g_strdup_printf ("The certificate %s cannot be read: %s", path, why);

  g_assert_null (th_pem_read (TH_PEM_CERTIFICATE, path, &error));
  g_assert_error (error, TH_NETWORK_ERROR, TH_NETWORK_ERROR_READ);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_files (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *pipe = g_build_filename (folder, "pipe", NULL);
  g_autofree char *large = g_build_filename (folder, "large", NULL);
  g_autofree char *absent = g_build_filename (folder, "absent", NULL);
  g_autofree char *link = g_build_filename (folder, "link", NULL);
  g_autofree char *bytes = g_strnfill (TH_PEM_SIZE_MAX + 1, 'a');
  g_autoptr (GError) error = NULL;

  g_assert_no_errno (mkfifo (pipe, 0600));
  test_folder_write (folder, "large", bytes, 0600);
  bytes[TH_PEM_SIZE_MAX] = '\0';
  test_folder_write (folder, "just", bytes, 0600);
  g_assert_no_errno (symlink ("just", link));
  cannot_read (folder, "it is not a regular file");
  cannot_read (pipe, "it is not a regular file");
  cannot_read ("/dev/zero", "it is not a regular file");
  cannot_read (large, "it is larger than 256 KiB");
  cannot_read (absent, "No such file or directory");

  g_autoptr (ThPem) pem = th_pem_read (TH_PEM_CERTIFICATE, link, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pem->length, ==, TH_PEM_SIZE_MAX);
  g_assert_cmpstr (pem->bytes, ==, bytes);
}

static void
test_context (void)
{
  g_auto (Family) family = family_new ();
  g_autofree char *chain = pki_certificate (family.own);
  g_autofree char *key = pki_key (family.own);
  g_autoptr (ThCertificate) certificate = must_make (chain, key);
  static const char *const protocols[] = { "http/1.1", NULL };
  ThTlsVersion versions[] = { TH_TLS_1_2, TH_TLS_1_3 };

  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ThTlsContext) context = th_certificate_new_context (certificate, versions[i], &error);
      gnutls_session_t session;

      g_assert_no_error (error);
      g_assert_true (th_certificate_of_context (context) == certificate);
      session = th_tls_context_new_session (context, TH_TLS_OVER_TCP, protocols);
      g_assert_nonnull (session);
      gnutls_deinit (session);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/certificate/chain-is-taken", test_chain);
  g_test_add_func ("/network/certificate/elliptic-and-rsa-keys", test_kinds_of_key);
  g_test_add_func ("/network/certificate/names-it-covers", test_covers);
  g_test_add_func ("/network/certificate/properties", test_properties);
  g_test_add_func ("/network/certificate/key-of-another", test_mismatch);
  g_test_add_func ("/network/certificate/chain-out-of-order", test_order);
  g_test_add_func ("/network/certificate/outside-its-time", test_times);
  g_test_add_func ("/network/certificate/short-rsa-key", test_weak_key);
  g_test_add_func ("/network/certificate/key-with-passphrase", test_encrypted_key);
  g_test_add_func ("/network/certificate/what-is-no-certificate", test_what_is_no_certificate);
  g_test_add_func ("/network/certificate/what-is-no-key", test_what_is_no_key);
  g_test_add_func ("/network/certificate/files", test_files);
  g_test_add_func ("/network/certificate/context-of-each-version", test_context);
  return g_test_run ();
}
