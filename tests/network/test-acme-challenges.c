/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What authorities find: texts by their token, and over TLS a certificate of a special kind that
 * nobody else is shown.
 */
#include <gnutls/x509.h>
#include <string.h>

#include "network/acme-challenges.h"
#include "network/certificate-maker.h"
#include "network/certificate.h"

#define NAME   "turn.example.org"
#define DIGEST "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8" /* of 0 to 31 */
#define OID    "1.3.6.1.5.5.7.1.31"

/* A client and a server that speak over memory. */
typedef struct
{
  GByteArray *to_client;
  GByteArray *to_server;
} Wire;

typedef struct
{
  GByteArray *in;
  GByteArray *out;
} End;

static ssize_t
push (gnutls_transport_ptr_t data, const void *bytes, size_t size)
{
  g_byte_array_append (((End *) data)->out, bytes, (guint) size);
  return (ssize_t) size;
}

static ssize_t
pull (gnutls_transport_ptr_t data, void *bytes, size_t size)
{
  GByteArray *in = ((End *) data)->in;
  guint n = MIN ((guint) size, in->len);

  if (n == 0)
    {
      errno = EAGAIN;
      return -1;
    }
  memcpy (bytes, in->data, n);
  g_byte_array_remove_range (in, 0, n);
  return n;
}

static int
ready (gnutls_transport_ptr_t data, unsigned int ms)
{
  return ((End *) data)->in->len > 0;
}

static void
connect_end (gnutls_session_t session, End *end)
{
  gnutls_transport_set_ptr (session, end);
  gnutls_transport_set_push_function (session, push);
  gnutls_transport_set_pull_function (session, pull);
  gnutls_transport_set_pull_timeout_function (session, ready);
}

/* What a client is shown. @protocols: those it offers; NULL-terminated */
typedef struct
{
  int result; /* of its handshake */
  char *names;
  gboolean answer; /* the certificate has the extension of RFC 8737 */
  gboolean critical;
  guint8 digest[64];
  size_t digest_size;
  char *protocol; /* that both agreed on; nullable */
} Shown;

static void
shown_clear (Shown *shown)
{
  g_free (shown->names);
  g_free (shown->protocol);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shown, shown_clear)

static gnutls_session_t
new_client (const char *name, const char *const *protocols, const char *policy)
{
  static gnutls_certificate_credentials_t credentials;
  gnutls_datum_t names[4];
  gnutls_session_t session;
  guint n = 0;

  if (credentials == NULL)
    gnutls_certificate_allocate_credentials (&credentials);
  g_assert_cmpint (gnutls_init (&session, GNUTLS_CLIENT | GNUTLS_NONBLOCK), ==, 0);
  g_assert_cmpint (gnutls_priority_set_direct (session, policy, NULL), ==, 0);
  gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, credentials);
  gnutls_server_name_set (session, GNUTLS_NAME_DNS, name, strlen (name));
  for (; protocols[n] != NULL; n++)
    names[n] = (gnutls_datum_t){ (guint8 *) protocols[n], (unsigned int) strlen (protocols[n]) };
  gnutls_alpn_set_protocols (session, names, n, 0);
  return session;
}

static void
read_certificate (gnutls_session_t client, Shown *shown)
{
  unsigned int n = 0;
  const gnutls_datum_t *chain = gnutls_certificate_get_peers (client, &n);
  GString *names = g_string_new (NULL);
  unsigned int critical = 0;
  gnutls_x509_crt_t certificate;

  g_assert_nonnull (chain);
  gnutls_x509_crt_init (&certificate);
  gnutls_x509_crt_import (certificate, &chain[0], GNUTLS_X509_FMT_DER);
  for (unsigned int i = 0;; i++)
    {
      char name[128];
      size_t size = sizeof name;

      if (gnutls_x509_crt_get_subject_alt_name (certificate, i, name, &size, NULL) < 0)
        break;
      g_string_append_printf (names, "%s%.*s", i > 0 ? " " : "", (int) size, name);
    }
  shown->names = g_string_free (names, FALSE);
  shown->digest_size = sizeof shown->digest;
  shown->answer = gnutls_x509_crt_get_extension_by_oid (certificate, OID, 0, shown->digest,
                                                        &shown->digest_size, &critical) >= 0;
  shown->critical = critical != 0;
  gnutls_x509_crt_deinit (certificate);
}

static void
shake_hands (gnutls_session_t server, gnutls_session_t client, Shown *shown)
{
  int of_server = GNUTLS_E_AGAIN;

  shown->result = GNUTLS_E_AGAIN;
  for (guint i = 0; i < 20; i++)
    {
      if (shown->result == GNUTLS_E_AGAIN)
        shown->result = gnutls_handshake (client);
      if (of_server == GNUTLS_E_AGAIN)
        of_server = gnutls_handshake (server);
    }
  if (of_server < 0)
    g_test_message ("The server says: %s", gnutls_strerror (of_server));
  if (shown->result == GNUTLS_E_AGAIN)
    shown->result = of_server;
}

static void
ask (ThTlsContext *context,
     const char *name,
     const char *const *protocols,
     const char *policy,
     Shown *shown)
{
  static const char *const ours[] = { "http/1.1", NULL };
  Wire wire = { g_byte_array_new (), g_byte_array_new () };
  End of_client = { wire.to_client, wire.to_server };
  End of_server = { wire.to_server, wire.to_client };
  gnutls_session_t server = th_tls_context_new_session (context, TH_TLS_OVER_TCP, ours);
  gnutls_session_t client = new_client (name, protocols, policy);
  gnutls_datum_t protocol;

  memset (shown, 0, sizeof *shown);
  connect_end (server, &of_server);
  connect_end (client, &of_client);
  shake_hands (server, client, shown);
  if (shown->result == 0)
    read_certificate (client, shown);
  if (shown->result == 0 && gnutls_alpn_get_selected_protocol (client, &protocol) == 0)
    shown->protocol = g_strndup ((char *) protocol.data, protocol.size);
  gnutls_deinit (client);
  gnutls_deinit (server);
  g_byte_array_unref (wire.to_client);
  g_byte_array_unref (wire.to_server);
}

static ThTlsContext *
make_context (ThAcmeChallenges *challenges)
{
  const char *const names[] = { NAME, "other.example.org", NULL };
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GError) error = NULL;
  g_autoptr (ThPem) pem = th_certificate_make ("own", names, NULL, now, &error);
  g_autoptr (ThCertificate) certificate = th_certificate_new (pem, pem, now, &error);
  ThTlsContext *context = th_certificate_new_context (certificate, TH_TLS_1_2, &error);

  g_assert_no_error (error);
  th_tls_context_set_challenges (context, th_acme_challenges_get_tls (challenges));
  return context;
}

static void
begin (ThAcmeChallenges *self, ThAcmeMethod method, const char *token, const char *answer)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (th_acme_challenges_begin (self, method, NAME, token, answer, &error));
  g_assert_no_error (error);
}

static const char *const as_authority[] = { TH_TLS_CHALLENGE_PROTOCOL, NULL };
static const char *const as_browser[] = { "h2", "http/1.1", NULL };
static const char *const as_both[] = { TH_TLS_CHALLENGE_PROTOCOL, "http/1.1", NULL };
static const char *const policies[] = { "NORMAL:-VERS-ALL:+VERS-TLS1.2",
                                         "NORMAL:-VERS-ALL:+VERS-TLS1.3" };

static void
test_authority (void)
{
  g_autoptr (ThAcmeChallenges) challenges = th_acme_challenges_new ();
  g_autoptr (ThTlsContext) context = make_context (challenges);

  begin (challenges, TH_ACME_TLS_ALPN_01, "token", DIGEST);
  for (guint i = 0; i < G_N_ELEMENTS (policies); i++)
    {
      g_auto (Shown) shown;

      ask (context, "TURN.example.org", as_authority, policies[i], &shown);
      g_assert_cmpint (shown.result, ==, 0);
      g_assert_cmpstr (shown.names, ==, NAME);
      g_assert_cmpstr (shown.protocol, ==, TH_TLS_CHALLENGE_PROTOCOL);
      g_assert_true (shown.answer && shown.critical);
      g_assert_cmpuint (shown.digest_size, ==, 34);
      g_assert_cmpuint (shown.digest[0], ==, 0x04);
      for (guint j = 0; j < 32; j++)
        g_assert_cmpuint (shown.digest[2 + j], ==, j);
    }
}

static void
test_others (void)
{
  g_autoptr (ThAcmeChallenges) challenges = th_acme_challenges_new ();
  g_autoptr (ThTlsContext) context = make_context (challenges);
  const struct
  {
    const char *name;
    const char *const *protocols;
    gboolean refused;
  } rows[] = {
    { NAME, as_browser, FALSE },
    { NAME, as_both, FALSE },
    { "other.example.org", as_browser, FALSE },
    { "other.example.org", as_authority, TRUE },
    { "", as_authority, TRUE },
  };

  begin (challenges, TH_ACME_TLS_ALPN_01, "token", DIGEST);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint j = 0; j < G_N_ELEMENTS (policies); j++)
      {
        g_auto (Shown) shown;

        ask (context, rows[i].name, rows[i].protocols, policies[j], &shown);
        g_assert_cmpint (shown.result != 0, ==, rows[i].refused);
        if (!rows[i].refused)
          {
            g_assert_false (shown.answer);
            g_assert_cmpstr (shown.protocol, ==, "http/1.1");
          }
      }
}

static void
test_over (void)
{
  g_autoptr (ThAcmeChallenges) challenges = th_acme_challenges_new ();
  g_autoptr (ThTlsContext) context = make_context (challenges);

  for (guint i = 0; i < 40; i++)
    {
      g_auto (Shown) shown = { 0 }, after = { 0 };

      begin (challenges, TH_ACME_TLS_ALPN_01, "token", DIGEST);
      if (i % 8 == 0)
        {
          ask (context, NAME, as_authority, "NORMAL", &shown);
          g_assert_true (shown.answer);
        }
      if (i % 2 == 0)
        th_acme_challenges_end (challenges, TH_ACME_TLS_ALPN_01, NAME, "token");
      else
        th_acme_challenges_end_all (challenges);
      if (i % 8 == 0)
        {
          ask (context, NAME, as_authority, "NORMAL", &after);
          g_assert_cmpint (after.result, !=, 0);
        }
    }
}

static void
test_texts (void)
{
  g_autoptr (ThAcmeChallenges) challenges = th_acme_challenges_new ();

  begin (challenges, TH_ACME_HTTP_01, "one", "one.thumbprint");
  begin (challenges, TH_ACME_HTTP_01, "two", "two.thumbprint");
  g_assert_cmpstr (th_acme_challenges_find (challenges, "one"), ==, "one.thumbprint");
  g_assert_null (th_acme_challenges_find (challenges, "on"));
  g_assert_null (th_acme_challenges_find (challenges, ""));
  th_acme_challenges_end (challenges, TH_ACME_HTTP_01, NAME, "one");
  g_assert_null (th_acme_challenges_find (challenges, "one"));
  g_assert_cmpstr (th_acme_challenges_find (challenges, "two"), ==, "two.thumbprint");
  th_acme_challenges_end_all (challenges);
  g_assert_null (th_acme_challenges_find (challenges, "two"));
}

static void
test_bad (void)
{
  g_autofree char *long_token = g_strnfill (129, 'a');
  g_autofree char *long_answer = g_strnfill (513, 'a');
  const struct
  {
    ThAcmeMethod method;
    const char *name, *token, *answer;
  } rows[] = {
    { TH_ACME_HTTP_01, NAME, "", "a.b" },
    { TH_ACME_HTTP_01, NAME, "../../etc/passwd", "a.b" },
    { TH_ACME_HTTP_01, NAME, "a b", "a.b" },
    { TH_ACME_HTTP_01, NAME, "a.b", "a.b" },
    { TH_ACME_HTTP_01, NAME, "a\n", "a.b" },
    { TH_ACME_HTTP_01, NAME, long_token, "a.b" },
    { TH_ACME_HTTP_01, NAME, "a", "" },
    { TH_ACME_HTTP_01, NAME, "a", "<script>" },
    { TH_ACME_HTTP_01, NAME, "a", long_answer },
    { TH_ACME_TLS_ALPN_01, "", "a", DIGEST },
    { TH_ACME_TLS_ALPN_01, "a b", "a", DIGEST },
    { TH_ACME_TLS_ALPN_01, "*.example.org", "a", DIGEST },
    { TH_ACME_TLS_ALPN_01, NAME, "a", "" },
    { TH_ACME_TLS_ALPN_01, NAME, "a", "AAEC" },
    { TH_ACME_TLS_ALPN_01, NAME, "a", DIGEST "AA" },
    { TH_ACME_TLS_ALPN_01, NAME, "a", DIGEST "=" },
  };
  g_autoptr (ThAcmeChallenges) challenges = th_acme_challenges_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (th_acme_challenges_begin (challenges, rows[i].method, rows[i].name,
                                                rows[i].token, rows[i].answer, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_null (th_acme_challenges_find (challenges, rows[i].token));
    }
}

static void
test_many (void)
{
  g_autoptr (ThAcmeChallenges) challenges = th_acme_challenges_new ();
  guint taken = 0;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *token = g_strdup_printf ("token%u", i);

      taken += th_acme_challenges_begin (challenges, TH_ACME_HTTP_01, NAME, token, "a.b", NULL);
    }
  g_assert_cmpuint (taken, ==, 64);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/acme-challenges/tls/authority-is-shown-the-answer", test_authority);
  g_test_add_func ("/network/acme-challenges/tls/others-are-shown-the-certificate", test_others);
  g_test_add_func ("/network/acme-challenges/tls/over-is-over", test_over);
  g_test_add_func ("/network/acme-challenges/http/texts-by-token", test_texts);
  g_test_add_func ("/network/acme-challenges/bad-ones-are-refused", test_bad);
  g_test_add_func ("/network/acme-challenges/no-more-than-some", test_many);
  return g_test_run ();
}
