/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Self-signed certificates as browsers and operating systems want them: names as subjectAltName
 * (RFC 6125), for server authentication alone, a random serial number, and a beginning that clocks
 * which are late have reached too.
 */
#include "network/certificate-maker.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

#include "network/certificate.h"

#define DAY         86400
#define SERIAL_SIZE 16
#define CN_SIZE_MAX 64 /* RFC 5280, appendix A.1: ub-common-name */

#define OID_ACME_IDENTIFIER "1.3.6.1.5.5.7.1.31" /* RFC 8737, section 6.1 */

typedef struct
{
  gnutls_x509_crt_t certificate;
  gnutls_x509_privkey_t key;
} Pair;

static void
pair_clear (Pair *pair)
{
  gnutls_x509_crt_deinit (pair->certificate);
  gnutls_x509_privkey_deinit (pair->key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

static int
set_serial (gnutls_x509_crt_t certificate)
{
  guint8 serial[SERIAL_SIZE];
  int result = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);

  serial[0] = (serial[0] & 0x3f) | 0x40; /* positive, and always as long */
  return result < 0 ? result : gnutls_x509_crt_set_serial (certificate, serial, sizeof serial);
}

static int
add_name (gnutls_x509_crt_t certificate, const char *name)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (name);

  if (address == NULL)
    return gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, name,
                                                 (unsigned int) strlen (name), GNUTLS_FSAN_APPEND);
  return gnutls_x509_crt_set_subject_alt_name (
      certificate, GNUTLS_SAN_IPADDRESS, g_inet_address_to_bytes (address),
      (unsigned int) g_inet_address_get_native_size (address), GNUTLS_FSAN_APPEND);
}

static int
set_names (gnutls_x509_crt_t certificate, const char *const *names)
{
  const char *common = strlen (names[0]) <= CN_SIZE_MAX ? names[0] : "turnhouse";
  int result = gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, common,
                                              (unsigned int) strlen (common));

  for (guint i = 0; result >= 0 && names[i] != NULL; i++)
    result = add_name (certificate, names[i]);
  return result;
}

static int
set_purpose (gnutls_x509_crt_t certificate)
{
  int result = gnutls_x509_crt_set_basic_constraints (certificate, 0, -1);

  if (result >= 0)
    result = gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
  if (result >= 0)
    result = gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
  return result;
}

static int
set_times (gnutls_x509_crt_t certificate, gint64 now)
{
  int result = gnutls_x509_crt_set_activation_time (certificate, (time_t) (now - DAY));

  if (result >= 0)
    result =
        gnutls_x509_crt_set_expiration_time (certificate, (time_t) (now + TH_CERTIFICATE_MADE_DAYS *
                                                                              (gint64) DAY));
  return result;
}

static int
set_key_id (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
  guint8 id[64];
  size_t size = sizeof id;
  int result = gnutls_x509_privkey_get_key_id (key, 0, id, &size);

  return result < 0 ? result : gnutls_x509_crt_set_subject_key_id (certificate, id, size);
}

static int
make_key (gnutls_x509_privkey_t key, const ThPem *earlier)
{
  gnutls_datum_t datum = { NULL, 0 };

  if (earlier != NULL)
    datum = (gnutls_datum_t){ (guint8 *) earlier->bytes, (unsigned int) earlier->length };
  if (earlier != NULL &&
      gnutls_x509_privkey_import2 (key, &datum, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN) >= 0)
    return 0;
  return gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                       GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
}

/* An OCTET STRING in DER with the digest (RFC 8737, section 3). */
static int
set_answer (gnutls_x509_crt_t certificate, const guint8 *digest)
{
  guint8 value[2 + TH_CERTIFICATE_DIGEST_SIZE] = { 0x04, TH_CERTIFICATE_DIGEST_SIZE };

  memcpy (value + 2, digest, TH_CERTIFICATE_DIGEST_SIZE);
  return gnutls_x509_crt_set_extension_by_oid (certificate, OID_ACME_IDENTIFIER, value,
                                               sizeof value, 1);
}

/* @answer: nullable, like @earlier */
static int
fill_in (Pair *pair,
         const char *const *names,
         const ThPem *earlier,
         const guint8 *answer,
         gint64 now)
{
  int result = make_key (pair->key, earlier);

  if (result >= 0)
    result = gnutls_x509_crt_set_version (pair->certificate, 3);
  if (result >= 0)
    result = set_serial (pair->certificate);
  if (result >= 0)
    result = set_times (pair->certificate, now);
  if (result >= 0)
    result = set_names (pair->certificate, names);
  if (result >= 0)
    result = set_purpose (pair->certificate);
  if (result >= 0 && answer != NULL)
    result = set_answer (pair->certificate, answer);
  if (result >= 0)
    result = gnutls_x509_crt_set_key (pair->certificate, pair->key);
  if (result >= 0)
    result = set_key_id (pair->certificate, pair->key);
  if (result >= 0)
    result = gnutls_x509_crt_sign2 (pair->certificate, pair->certificate, pair->key,
                                    GNUTLS_DIG_SHA256, 0);
  return result;
}

/* (transfer full): both, one after the other */
static ThPem *
join (const char *file, const gnutls_datum_t *key, const gnutls_datum_t *certificate)
{
  gsize length = (gsize) key->size + certificate->size;
  char *bytes = g_malloc (length + 1);

  memcpy (bytes, key->data, key->size);
  memcpy (bytes + key->size, certificate->data, certificate->size);
  bytes[length] = '\0';
  return th_pem_new_take (file, bytes, length);
}

static int export(const Pair *pair, const char *file, ThPem **pem)
{
  gnutls_datum_t key = { NULL, 0 }, certificate = { NULL, 0 };
  int result = gnutls_x509_privkey_export2_pkcs8 (pair->key, GNUTLS_X509_FMT_PEM, NULL,
                                                  GNUTLS_PKCS_PLAIN, &key);

  if (result >= 0)
    result = gnutls_x509_crt_export2 (pair->certificate, GNUTLS_X509_FMT_PEM, &certificate);
  if (result >= 0)
    *pem = join (file, &key, &certificate);
  if (key.data != NULL)
    explicit_bzero (key.data, key.size);
  gnutls_free (key.data);
  gnutls_free (certificate.data);
  return result;
}

static ThPem *
make (const char *file,
      const char *const *names,
      const ThPem *earlier,
      const guint8 *answer,
      gint64 now,
      GError **error)
{
  g_auto (Pair) pair = { NULL, NULL };
  ThPem *pem = NULL;
  int result;

  gnutls_x509_crt_init (&pair.certificate);
  gnutls_x509_privkey_init (&pair.key);
  result = fill_in (&pair, names, earlier, answer, now);
  if (result >= 0)
    result = export(&pair, file, &pem);
  if (result < 0)
    g_set_error (error, TH_NETWORK_ERROR, TH_NETWORK_ERROR_SYSTEM,
                 _("A self-signed certificate cannot be made: %s"), gnutls_strerror (result));
  return pem;
}

ThPem *
th_certificate_make (const char *file,
                     const char *const *names,
                     const ThPem *earlier,
                     gint64 now,
                     GError **error)
{
  g_return_val_if_fail (names[0] != NULL, NULL);

  return make (file, names, earlier, NULL, now, error);
}

ThPem *
th_certificate_make_answer (const char *file,
                            const char *name,
                            const guint8 *digest,
                            gint64 now,
                            GError **error)
{
  const char *const names[] = { name, NULL };

  return make (file, names, NULL, digest, now, error);
}
