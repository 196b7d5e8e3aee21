/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sessions of a client, and certificates of servers. A bad certificate does not end the handshake:
 * it is first read, so that people learn what it says.
 */
#include "ice/ice-trust.h"

#include <glib/gi18n.h>
#include <gnutls/dtls.h>
#include <gnutls/x509.h>
#include <string.h>

#define DTLS_MTU 1200           /* fits any path of the internet */
#define DTLS_RETRANSMIT 300     /* milliseconds */
#define DTLS_TOTAL 60000        /* milliseconds: the path's own limit ends it long before */
#define NAME_SIZE_MAX 256
#define NAMES_MAX 32
#define KEPT_FOR (10 * 60 * G_USEC_PER_SEC)

struct _ThIceTrust {
  gatomicrefcount references;
  gnutls_certificate_credentials_t credentials;
  gint64 loaded_at; /* monotonic microseconds */
  gboolean has_file; /* trusts more than the system does */
  gboolean anyone;   /* looks at no certificate */
};

/* What the system trusts takes long to read and changes rarely. */
static ThIceTrust *latest; /* nullable; of the main context */

typedef struct {
  gnutls_x509_crt_t own;
} Crt;

static void
crt_clear (Crt *crt)
{
  g_clear_pointer (&crt->own, gnutls_x509_crt_deinit);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Crt, crt_clear)

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (ThIceTrust) self = g_new0 (ThIceTrust, 1);
  const char *file = data;

  g_atomic_ref_count_init (&self->references);
  self->loaded_at = g_get_monotonic_time ();
  self->has_file = file != NULL;
  gnutls_certificate_allocate_credentials (&self->credentials);
  gnutls_certificate_set_x509_system_trust (self->credentials);
  if (file != NULL && gnutls_certificate_set_x509_trust_file (self->credentials, file,
                                                              GNUTLS_X509_FMT_PEM) <= 0)
    g_task_return_new_error (task, TH_ICE_ERROR, TH_ICE_ERROR_INVALID,
                             _("There is no certificate to be read in %s."), file);
  else
    g_task_return_pointer (task, g_steal_pointer (&self), (GDestroyNotify) th_ice_trust_unref);
}

void
th_ice_trust_load_async (const char *file,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  if (file == NULL && latest != NULL && g_get_monotonic_time () - latest->loaded_at < KEPT_FOR)
    {
      g_task_return_pointer (task, th_ice_trust_ref (latest),
                             (GDestroyNotify) th_ice_trust_unref);
      return;
    }
  g_task_set_task_data (task, g_strdup (file), g_free);
  g_task_run_in_thread (task, load_in_thread);
}

static void
keep (ThIceTrust *self)
{
  if (latest == self)
    return;
  g_clear_pointer (&latest, th_ice_trust_unref);
  latest = th_ice_trust_ref (self);
}

ThIceTrust *
th_ice_trust_load_finish (GAsyncResult *result, GError **error)
{
  ThIceTrust *self = g_task_propagate_pointer (G_TASK (result), error);

  if (self != NULL && !self->has_file)
    keep (self);
  return self;
}

ThIceTrust *
th_ice_trust_new_for_own (void)
{
  ThIceTrust *self = g_new0 (ThIceTrust, 1);

  g_atomic_ref_count_init (&self->references);
  self->anyone = TRUE;
  gnutls_certificate_allocate_credentials (&self->credentials);
  return self;
}

ThIceTrust *
th_ice_trust_ref (ThIceTrust *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
th_ice_trust_unref (ThIceTrust *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  gnutls_certificate_free_credentials (self->credentials);
  g_free (self);
}

static int
set_up (ThIceTrust *self, gnutls_session_t session, gboolean datagram, const char *host)
{
  int result = gnutls_set_default_priority (session);

  if (result >= 0)
    result = gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, self->credentials);
  if (result >= 0 && !g_hostname_is_ip_address (host))
    result = gnutls_server_name_set (session, GNUTLS_NAME_DNS, host, strlen (host));
  if (datagram)
    {
      gnutls_dtls_set_mtu (session, DTLS_MTU);
      gnutls_dtls_set_timeouts (session, DTLS_RETRANSMIT, DTLS_TOTAL);
    }
  return result;
}

gnutls_session_t
th_ice_trust_new_session (ThIceTrust *self, gboolean datagram, const char *host)
{
  gnutls_session_t session = NULL;
  guint flags = GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL;

  if (gnutls_init (&session, flags | (datagram ? GNUTLS_DATAGRAM : 0)) < 0)
    return NULL;
  gnutls_session_set_ptr (session, self);
  if (set_up (self, session, datagram, host) >= 0)
    return session;
  gnutls_deinit (session);
  return NULL;
}

static char *
read_distinguished_name (gnutls_x509_crt_t own,
                         int (*get) (gnutls_x509_crt_t, gnutls_datum_t *, unsigned int))
{
  gnutls_datum_t name = { NULL, 0 };
  char *text;

  if (get (own, &name, 0) < 0)
    return g_strdup ("");
  text = g_utf8_make_valid ((const char *) name.data, name.size);
  gnutls_free (name.data);
  return text;
}

static char *
name_to_text (int type, const char *bytes, gsize length)
{
  if (type == GNUTLS_SAN_DNSNAME)
    return g_utf8_make_valid (bytes, length);
  if (type == GNUTLS_SAN_IPADDRESS && (length == 4 || length == 16))
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_bytes (
          (const guint8 *) bytes, length == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);

      return g_inet_address_to_string (address);
    }
  return NULL;
}

static char *
read_names (gnutls_x509_crt_t own)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < NAMES_MAX; i++)
    {
      char bytes[NAME_SIZE_MAX];
      size_t length = sizeof bytes;
      int type = gnutls_x509_crt_get_subject_alt_name (own, i, bytes, &length, NULL);
      char *text;

      if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        break;
      text = type >= 0 ? name_to_text (type, bytes, length) : NULL;
      if (text != NULL)
        g_ptr_array_add (names, text);
    }
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (char **) names->pdata);
}

ThIceCertificate *
th_ice_certificate_read (gnutls_session_t session)
{
  g_autoptr (ThIceCertificate) self = NULL;
  g_auto (Crt) crt = { NULL };
  guint n = 0;
  const gnutls_datum_t *chain = gnutls_certificate_get_peers (session, &n);

  if (n == 0 || gnutls_x509_crt_init (&crt.own) < 0 ||
      gnutls_x509_crt_import (crt.own, chain, GNUTLS_X509_FMT_DER) < 0)
    return NULL;
  self = g_new0 (ThIceCertificate, 1);
  self->subject = read_distinguished_name (crt.own, gnutls_x509_crt_get_dn3);
  self->issuer = read_distinguished_name (crt.own, gnutls_x509_crt_get_issuer_dn3);
  self->names = read_names (crt.own);
  self->protocol =
      g_strdup (gnutls_protocol_get_name (gnutls_protocol_get_version (session)));
  self->not_before = gnutls_x509_crt_get_activation_time (crt.own);
  self->not_after = gnutls_x509_crt_get_expiration_time (crt.own);
  self->chain_length = n;
  return g_steal_pointer (&self);
}

ThIceCertificate *
th_ice_certificate_copy (const ThIceCertificate *self)
{
  ThIceCertificate *copy = g_new0 (ThIceCertificate, 1);

  *copy = *self;
  copy->subject = g_strdup (self->subject);
  copy->issuer = g_strdup (self->issuer);
  copy->names = g_strdup (self->names);
  copy->protocol = g_strdup (self->protocol);
  return copy;
}

void
th_ice_certificate_free (ThIceCertificate *self)
{
  g_free (self->subject);
  g_free (self->issuer);
  g_free (self->names);
  g_free (self->protocol);
  g_free (self);
}

/* The first that fits counts: dates before trust, because a wrong clock breaks both. */
static const struct {
  guint status;
  ThIceError code;
  const char *message;
} flaws[] = {
  { GNUTLS_CERT_EXPIRED, TH_ICE_ERROR_TLS_EXPIRED, N_("The certificate has expired.") },
  { GNUTLS_CERT_NOT_ACTIVATED, TH_ICE_ERROR_TLS_NOT_YET, N_("The certificate is not valid yet.") },
  { GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA, TH_ICE_ERROR_TLS_UNTRUSTED,
    N_("The certificate is signed by nobody this machine trusts.") },
  { GNUTLS_CERT_UNEXPECTED_OWNER, TH_ICE_ERROR_TLS_NAME,
    N_("The certificate is for other names.") },
  { ~0u, TH_ICE_ERROR_TLS_UNTRUSTED, N_("The certificate cannot be trusted.") },
};

gboolean
th_ice_certificate_check (gnutls_session_t session, const char *host, GError **error)
{
  const ThIceTrust *trust = gnutls_session_get_ptr (session);
  guint status = 0;
  gnutls_typed_vdata_st data = { .type = GNUTLS_DT_DNS_HOSTNAME, .data = (guint8 *) host };

  if (trust != NULL && trust->anyone)
    return TRUE;
  if (gnutls_certificate_verify_peers (session, &data, 1, &status) < 0)
    status = GNUTLS_CERT_INVALID;
  if (status == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (flaws); i++)
    {
      if ((status & flaws[i].status) == 0)
        continue;
      g_set_error_literal (error, TH_ICE_ERROR, flaws[i].code, _(flaws[i].message));
      break;
    }
  return FALSE;
}
