/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one place that decides which TLS is spoken.
 */
#include "tls/tls-context.h"

#include <glib/gi18n.h>
#include <string.h>

/*
 * Added to the system's own policy (Fedora and others have one for all programs): no version before
 * 1.2 (RFC 8996), and in 1.2 only what browsers have agreed on: forward secrecy, and ciphers that
 * authenticate what they encrypt. Diffie-Hellman over curves alone: with the largest of the other
 * groups a client has the server work for a tenth of a second, for nothing.
 */
#define MODERN                                                                                     \
  "-VERS-TLS1.1:-VERS-TLS1.0:-VERS-DTLS1.0:-RSA:-DHE-RSA:-GROUP-DH-ALL:-AES-128-CBC:"              \
  "-AES-256-CBC:-AES-128-CCM:-AES-256-CCM:%SERVER_PRECEDENCE"
#define ONLY_1_3 ":-VERS-TLS1.2:-VERS-DTLS1.2"

#define PROTOCOLS_MAX 8

/* What a client can make us keep before it has shown who it is. Bytes; a first message with keys
 * for the time after quantum computers has 2000. */
#define HANDSHAKE_MESSAGE_MAX (16 * 1024)

struct _ThTlsContext
{
  gatomicrefcount references;
  GObject *certificate;
  gnutls_certificate_credentials_t credentials; /* the certificate's own */
  ThTlsVersion minimum;
  gnutls_priority_t priority;
  gnutls_datum_t ticket_key; /* sessions of this context can be resumed with it */
};

G_DEFINE_QUARK (th-tls-error-quark, th_tls_error)

ThTlsContext *
th_tls_context_new (GObject *certificate,
                    gnutls_certificate_credentials_t credentials,
                    ThTlsVersion minimum,
                    GError **error)
{
  g_autoptr (ThTlsContext) self = g_new0 (ThTlsContext, 1);
  const char *policy = minimum == TH_TLS_1_3 ? MODERN ONLY_1_3 : MODERN;
  int result;

  g_atomic_ref_count_init (&self->references);
  self->certificate = g_object_ref (certificate);
  self->credentials = credentials;
  self->minimum = minimum;
  result = gnutls_priority_init2 (&self->priority, policy, NULL, GNUTLS_PRIORITY_INIT_DEF_APPEND);
  if (result >= 0)
    result = gnutls_session_ticket_key_generate (&self->ticket_key);
  if (result >= 0)
    return g_steal_pointer (&self);
  g_set_error (error, TH_TLS_ERROR, TH_TLS_ERROR_SYSTEM, _("TLS cannot be set up: %s"),
               gnutls_strerror (result));
  return NULL;
}

ThTlsContext *
th_tls_context_ref (ThTlsContext *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
th_tls_context_unref (ThTlsContext *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  if (self->ticket_key.data != NULL)
    explicit_bzero (self->ticket_key.data, self->ticket_key.size);
  gnutls_free (self->ticket_key.data);
  g_clear_pointer (&self->priority, gnutls_priority_deinit);
  g_object_unref (self->certificate);
  g_free (self);
}

GObject *
th_tls_context_get_certificate (ThTlsContext *self)
{
  return self->certificate;
}

ThTlsVersion
th_tls_context_get_minimum (ThTlsContext *self)
{
  return self->minimum;
}

static int
set_protocols (gnutls_session_t session, const char *const *protocols)
{
  gnutls_datum_t names[PROTOCOLS_MAX];
  guint n = 0;

  for (; protocols[n] != NULL && n < PROTOCOLS_MAX; n++)
    names[n] = (gnutls_datum_t) { (guint8 *) protocols[n], (unsigned int) strlen (protocols[n]) };
  return gnutls_alpn_set_protocols (session, names, n,
                                    GNUTLS_ALPN_MANDATORY | GNUTLS_ALPN_SERVER_PRECEDENCE);
}

static int
set_up (ThTlsContext *self, gnutls_session_t session, const char *const *protocols)
{
  int result = gnutls_priority_set (session, self->priority);

  if (result >= 0)
    result = gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, self->credentials);
  if (result >= 0)
    result = set_protocols (session, protocols);
  if (result >= 0)
    result = gnutls_session_ticket_enable_server (session, &self->ticket_key);
  return result;
}

gnutls_session_t
th_tls_context_new_session (ThTlsContext *self, ThTlsKind kind, const char *const *protocols)
{
  guint flags = GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL;
  gnutls_session_t session = NULL;

  if (kind == TH_TLS_OVER_UDP)
    flags |= GNUTLS_DATAGRAM;
  if (gnutls_init (&session, flags) < 0)
    return NULL;
  gnutls_handshake_set_max_packet_length (session, HANDSHAKE_MESSAGE_MAX);
  if (set_up (self, session, protocols) >= 0)
    return session;
  gnutls_deinit (session);
  return NULL;
}
