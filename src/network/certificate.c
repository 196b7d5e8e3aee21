/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Takes a certificate apart with GnuTLS, and says in words why one cannot be used: whoever reads
 * it has just renewed a certificate, and wonders.
 */
#include "network/certificate.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <gnutls/x509.h>
#include <string.h>

#define RSA_BITS_MIN 2048 /* less is refused by the TLS libraries of clients */
#define SHA256_SIZE  32

struct _ThCertificate
{
  GObject parent_instance;
  gnutls_certificate_credentials_t credentials;
  gnutls_x509_crt_t own; /* the server's own, first of the chain */
  char **names;
  char *subject;
  char *issuer;
  char *fingerprint;
  gint64 not_before;
  gint64 not_after;
  gboolean self_signed;
};

G_DEFINE_FINAL_TYPE (ThCertificate, th_certificate, G_TYPE_OBJECT)
G_DEFINE_QUARK (th - network - error - quark, th_network_error)

enum
{
  PROP_NAMES = 1,
  PROP_SUBJECT,
  PROP_ISSUER,
  PROP_NOT_AFTER,
  PROP_SELF_SIGNED,
  PROP_FINGERPRINT,
  N_PROPERTIES,
};

typedef struct
{
  gnutls_x509_crt_t *certificates;
  guint n;
} Chain;

static void
chain_clear (Chain *chain)
{
  for (guint i = 0; i < chain->n; i++)
    gnutls_x509_crt_deinit (chain->certificates[i]);
  gnutls_free (chain->certificates);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Chain, chain_clear)

static void
key_clear (gnutls_x509_privkey_t *key)
{
  gnutls_x509_privkey_deinit (*key);
}
typedef gnutls_x509_privkey_t Key;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Key, key_clear)

static gboolean refuse (ThNetworkError code, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
refuse (ThNetworkError code, GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (TH_NETWORK_ERROR, code, format, arguments);
  va_end (arguments);
  return FALSE;
}

static gnutls_datum_t
as_datum (const ThPem *pem)
{
  return (gnutls_datum_t){ (guint8 *) pem->bytes, pem->length };
}

static gboolean
read_chain (const ThPem *pem, Chain *chain, GError **error)
{
  gnutls_datum_t datum = as_datum (pem);
  int result;

  if (strstr (pem->bytes, "-----BEGIN CERTIFICATE-----") == NULL)
    return refuse (TH_NETWORK_ERROR_CERTIFICATE, error,
                   _("%s holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"),
                   pem->name);
  result =
      gnutls_x509_crt_list_import2 (&chain->certificates, &chain->n, &datum, GNUTLS_X509_FMT_PEM,
                                    GNUTLS_X509_CRT_LIST_FAIL_IF_UNSORTED);
  if (result >= 0)
    return TRUE;
  *chain = (Chain){ NULL, 0 };
  if (result == GNUTLS_E_CERTIFICATE_LIST_UNSORTED)
    return refuse (TH_NETWORK_ERROR_CERTIFICATE, error,
                   _("The certificates in %s are out of order: the server’s own comes first, then "
                     "each that signed the one before it"),
                   pem->name);
  return refuse (TH_NETWORK_ERROR_CERTIFICATE, error, _("A certificate in %1$s is damaged: %2$s"),
                 pem->name, gnutls_strerror (result));
}

static gboolean
is_encrypted (const ThPem *pem)
{
  return strstr (pem->bytes, "-----BEGIN ENCRYPTED PRIVATE KEY-----") != NULL ||
         strstr (pem->bytes, "Proc-Type: 4,ENCRYPTED") != NULL;
}

static gboolean
read_key (const ThPem *pem, gnutls_x509_privkey_t key, GError **error)
{
  gnutls_datum_t datum = as_datum (pem);
  int result;

  if (is_encrypted (pem))
    return refuse (TH_NETWORK_ERROR_CERTIFICATE, error,
                   _("The private key %s has a passphrase; save it without one"), pem->name);
  if (strstr (pem->bytes, "PRIVATE KEY-----") == NULL)
    return refuse (TH_NETWORK_ERROR_CERTIFICATE, error,
                   _("%s holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)"),
                   pem->name);
  result = gnutls_x509_privkey_import2 (key, &datum, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN);
  if (result < 0)
    return refuse (TH_NETWORK_ERROR_CERTIFICATE, error, _("The private key %1$s is damaged: %2$s"),
                   pem->name, gnutls_strerror (result));
  return TRUE;
}

static char *
format_day (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time);

  /* Translators: how to write a date such as "21 November 2026", for g_date_time_format() */
  const char *form = _("%-d %B %Y");

  return date == NULL ? g_strdup (_("an unknown day")) : g_date_time_format (date, form);
}

/* Of each in the chain: a client that is shown one that has expired believes none of them. */
static gboolean
check_times (const Chain *chain, const ThPem *pem, gint64 now, GError **error)
{
  for (guint i = 0; i < chain->n; i++)
    {
      gint64 from = gnutls_x509_crt_get_activation_time (chain->certificates[i]);
      gint64 to = gnutls_x509_crt_get_expiration_time (chain->certificates[i]);
      g_autofree char *day = format_day (now > to ? to : from);

      if (now > to)
        /* Translators: %1$s is a file, %2$s a date; in a chain, one certificate signs the next */
        return refuse (TH_NETWORK_ERROR_TIME, error,
                       i == 0 ? _("The certificate %1$s expired on %2$s; renew it")
                              : _("A certificate of the chain in %1$s expired on %2$s; renew it"),
                       pem->name, day);
      if (now < from)
        return refuse (
            TH_NETWORK_ERROR_TIME, error,
            i == 0 ? _("The certificate %1$s is valid from %2$s on only; the clock may be wrong")
                   : _("A certificate of the chain in %1$s is valid from %2$s on only; the clock "
                       "may be wrong"),
            pem->name, day);
    }
  return TRUE;
}

static gboolean
check_strength (gnutls_x509_crt_t certificate, const ThPem *pem, GError **error)
{
  unsigned int bits = 0;
  int algorithm = gnutls_x509_crt_get_pk_algorithm (certificate, &bits);

  if (algorithm != GNUTLS_PK_RSA || bits >= RSA_BITS_MIN)
    return TRUE;
  return refuse (TH_NETWORK_ERROR_CERTIFICATE, error,
                 _("The certificate %1$s has an RSA key of %2$u bits; clients want %3$d or more"),
                 pem->name, bits, RSA_BITS_MIN);
}

static gboolean
set_pair (ThCertificate *self,
          const Chain *chain,
          gnutls_x509_privkey_t key,
          const ThPem *chain_pem,
          const ThPem *key_pem,
          GError **error)
{
  int result =
      gnutls_certificate_set_x509_key (self->credentials, chain->certificates, (int) chain->n, key);

  if (result >= 0)
    return TRUE;
  if (result == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
    return refuse (TH_NETWORK_ERROR_CERTIFICATE, error,
                   _("The private key %1$s is not that of the certificate %2$s"), key_pem->name,
                   chain_pem->name);
  return refuse (TH_NETWORK_ERROR_CERTIFICATE, error,
                 _("The certificate %1$s cannot be used: %2$s"), chain_pem->name,
                 gnutls_strerror (result));
}

static char *
take_text (gnutls_datum_t *datum)
{
  char *text = datum->data == NULL ? NULL : g_utf8_make_valid ((char *) datum->data, datum->size);

  gnutls_free (datum->data);
  return text != NULL ? text : g_strdup ("");
}

static char *
dup_fingerprint (gnutls_x509_crt_t certificate)
{
  guint8 digest[SHA256_SIZE];
  size_t size = sizeof digest;
  GString *text = g_string_new (NULL);

  if (gnutls_x509_crt_get_fingerprint (certificate, GNUTLS_DIG_SHA256, digest, &size) < 0)
    size = 0;
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%s%02X", i > 0 ? ":" : "", digest[i]);
  return g_string_free (text, FALSE);
}

/* One subjectAltName; (transfer full) (nullable): NULL if it is of no kind that TLS compares, or
 * holds bytes that no name has. */
static char *
dup_name (int kind, const guint8 *bytes, gsize length)
{
  g_autoptr (GInetAddress) address = NULL;

  if (kind == GNUTLS_SAN_DNSNAME)
    return g_str_is_ascii ((const char *) bytes) && strlen ((const char *) bytes) == length
               ? g_strndup ((const char *) bytes, length)
               : NULL;
  if (kind != GNUTLS_SAN_IPADDRESS || (length != 4 && length != 16))
    return NULL;
  address = g_inet_address_new_from_bytes (bytes, length == 4 ? G_SOCKET_FAMILY_IPV4
                                                              : G_SOCKET_FAMILY_IPV6);
  return g_inet_address_to_string (address);
}

static char **
list_names (gnutls_x509_crt_t certificate)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0;; i++)
    {
      guint8 bytes[1024] = { 0 };
      size_t length = sizeof bytes - 1;
      int kind = gnutls_x509_crt_get_subject_alt_name (certificate, i, bytes, &length, NULL);

      if (kind == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        break;
      g_autofree char *name = kind < 0 ? NULL : dup_name (kind, bytes, length);
      if (name != NULL)
        g_strv_builder_add (names, name);
      else if (kind < 0 && kind != GNUTLS_E_SHORT_MEMORY_BUFFER)
        break;
    }
  return g_strv_builder_end (names);
}

/* Takes the first of @chain. */
static void
note_facts (ThCertificate *self, Chain *chain)
{
  gnutls_datum_t subject = { NULL, 0 }, issuer = { NULL, 0 };

  self->own = chain->certificates[0];
  for (guint i = 1; i < chain->n; i++)
    chain->certificates[i - 1] = chain->certificates[i];
  chain->n--;

  gnutls_x509_crt_get_dn3 (self->own, &subject, 0);
  gnutls_x509_crt_get_issuer_dn3 (self->own, &issuer, 0);
  self->subject = take_text (&subject);
  self->issuer = take_text (&issuer);
  self->names = list_names (self->own);
  self->fingerprint = dup_fingerprint (self->own);
  self->not_before = gnutls_x509_crt_get_activation_time (self->own);
  self->not_after = gnutls_x509_crt_get_expiration_time (self->own);
  self->self_signed = gnutls_x509_crt_check_issuer (self->own, self->own) != 0;
}

static void
th_certificate_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThCertificate *self = TH_CERTIFICATE (object);

  switch (id)
    {
    case PROP_NAMES:
      g_value_set_boxed (value, self->names);
      break;
    case PROP_SUBJECT:
      g_value_set_string (value, self->subject);
      break;
    case PROP_ISSUER:
      g_value_set_string (value, self->issuer);
      break;
    case PROP_NOT_AFTER:
      g_value_set_int64 (value, self->not_after);
      break;
    case PROP_SELF_SIGNED:
      g_value_set_boolean (value, self->self_signed);
      break;
    case PROP_FINGERPRINT:
      g_value_set_string (value, self->fingerprint);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_certificate_finalize (GObject *object)
{
  ThCertificate *self = TH_CERTIFICATE (object);

  gnutls_certificate_free_credentials (self->credentials);
  g_clear_pointer (&self->own, gnutls_x509_crt_deinit);
  g_strfreev (self->names);
  g_free (self->subject);
  g_free (self->issuer);
  g_free (self->fingerprint);
  G_OBJECT_CLASS (th_certificate_parent_class)->finalize (object);
}

static void
th_certificate_class_init (ThCertificateClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GParamSpec *properties[N_PROPERTIES] = {
    [PROP_NAMES] = g_param_spec_boxed ("names", NULL, NULL, G_TYPE_STRV, flags),
    [PROP_SUBJECT] = g_param_spec_string ("subject", NULL, NULL, "", flags),
    [PROP_ISSUER] = g_param_spec_string ("issuer", NULL, NULL, "", flags),
    [PROP_NOT_AFTER] =
        g_param_spec_int64 ("not-after", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags),
    [PROP_SELF_SIGNED] = g_param_spec_boolean ("self-signed", NULL, NULL, FALSE, flags),
    [PROP_FINGERPRINT] = g_param_spec_string ("fingerprint", NULL, NULL, "", flags),
  };

  object_class->get_property = th_certificate_get_property;
  object_class->finalize = th_certificate_finalize;
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_certificate_init (ThCertificate *self)
{
  gnutls_certificate_allocate_credentials (&self->credentials);
}

ThCertificate *
th_certificate_new (const ThPem *chain_pem, const ThPem *key_pem, gint64 now, GError **error)
{
  g_autoptr (ThCertificate) self = g_object_new (TH_TYPE_CERTIFICATE, NULL);
  g_auto (Chain) chain = { NULL, 0 };
  g_auto (Key) key = NULL;

  gnutls_x509_privkey_init (&key);
  if (!read_chain (chain_pem, &chain, error) || !read_key (key_pem, key, error) ||
      !check_strength (chain.certificates[0], chain_pem, error) ||
      !set_pair (self, &chain, key, chain_pem, key_pem, error) ||
      !check_times (&chain, chain_pem, now, error))
    return NULL;
  note_facts (self, &chain);
  return g_steal_pointer (&self);
}

const char *const *
th_certificate_get_names (ThCertificate *self)
{
  return (const char *const *) self->names;
}

const char *
th_certificate_get_subject (ThCertificate *self)
{
  return self->subject;
}

const char *
th_certificate_get_issuer (ThCertificate *self)
{
  return self->issuer;
}

gint64
th_certificate_get_not_before (ThCertificate *self)
{
  return self->not_before;
}

gint64
th_certificate_get_not_after (ThCertificate *self)
{
  return self->not_after;
}

gboolean
th_certificate_is_self_signed (ThCertificate *self)
{
  return self->self_signed;
}

const char *
th_certificate_get_fingerprint (ThCertificate *self)
{
  return self->fingerprint;
}

gboolean
th_certificate_covers (ThCertificate *self, const char *name)
{
  return gnutls_x509_crt_check_hostname (self->own, name) != 0;
}

ThTlsContext *
th_certificate_new_context (ThCertificate *self, ThTlsVersion minimum, GError **error)
{
  return th_tls_context_new (G_OBJECT (self), self->credentials, minimum, error);
}

ThCertificate *
th_certificate_of_context (ThTlsContext *context)
{
  return TH_CERTIFICATE (th_tls_context_get_certificate (context));
}
