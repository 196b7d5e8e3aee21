/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two lists of open challenges. Whoever brings one is a program that speaks with an authority, so
 * each text is looked at before it is kept.
 */
#include "network/acme-challenges.h"

#include <string.h>

#include "credentials/base64url.h"
#include "network/certificate-maker.h"
#include "network/certificate.h"

#define OPEN_MAX         64  /* one a name, and few names */
#define TOKEN_SIZE_MAX   128 /* authorities use 43 */
#define ANSWER_SIZE_MAX  512 /* token, a dot, and a digest of 43 */
#define NAME_SIZE_MAX    253
#define FILE_IN_MESSAGES "the answer to a challenge"

struct _ThAcmeChallenges
{
  GHashTable *answers; /* token to answer */
  GHashTable *names;   /* set of names with a challenge over TLS */
  ThTlsChallenges *tls;
};

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, what);
  return FALSE;
}

/* Base64 for URLs (RFC 8555, section 8.1); @also: one character more */
static gboolean
is_plain (const char *text, char also, gsize size_max)
{
  gsize length = strlen (text);

  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_' && *p != also)
      return FALSE;
  return length > 0 && length <= size_max;
}

static gboolean
begin_http (ThAcmeChallenges *self, const char *token, const char *answer, GError **error)
{
  if (!is_plain (token, '_', TOKEN_SIZE_MAX) || !is_plain (answer, '.', ANSWER_SIZE_MAX))
    return refuse (error, "A challenge with a token or an answer that is none");
  if (g_hash_table_size (self->answers) >= OPEN_MAX)
    return refuse (error, "Too many challenges at once");
  g_hash_table_replace (self->answers, g_strdup (token), g_strdup (answer));
  return TRUE;
}

static gboolean
begin_tls (ThAcmeChallenges *self, const char *name, const char *answer, GError **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gsize size = 0;
  g_autofree char *digest = th_base64url_decode (answer, strlen (answer), &size);
  g_autoptr (ThPem) pem = NULL;
  g_autoptr (ThCertificate) certificate = NULL;
  g_autoptr (ThTlsContext) context = NULL;

  if (digest == NULL || size != TH_CERTIFICATE_DIGEST_SIZE || !is_plain (name, '.', NAME_SIZE_MAX))
    return refuse (error, "A challenge with a name or a digest that is none");
  if (g_hash_table_size (self->names) >= OPEN_MAX)
    return refuse (error, "Too many challenges at once");
  pem = th_certificate_make_answer (FILE_IN_MESSAGES, name, (guint8 *) digest, now, error);
  if (pem != NULL)
    certificate = th_certificate_new (pem, pem, now, error);
  if (certificate != NULL)
    context = th_certificate_new_context (certificate, TH_TLS_1_2, error);
  if (context == NULL)
    return FALSE;
  th_tls_challenges_add (self->tls, name, context);
  g_hash_table_add (self->names, g_strdup (name));
  return TRUE;
}

const char *
th_acme_method_get_name (ThAcmeMethod method)
{
  return method == TH_ACME_TLS_ALPN_01 ? "tls-alpn-01" : "http-01";
}

ThAcmeChallenges *
th_acme_challenges_new (void)
{
  ThAcmeChallenges *self = g_new0 (ThAcmeChallenges, 1);

  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->tls = th_tls_challenges_new ();
  return self;
}

void
th_acme_challenges_free (ThAcmeChallenges *self)
{
  th_acme_challenges_end_all (self);
  g_hash_table_unref (self->answers);
  g_hash_table_unref (self->names);
  th_tls_challenges_unref (self->tls);
  g_free (self);
}

gboolean
th_acme_challenges_begin (ThAcmeChallenges *self,
                          ThAcmeMethod method,
                          const char *name,
                          const char *token,
                          const char *authorization,
                          GError **error)
{
  return method == TH_ACME_HTTP_01 ? begin_http (self, token, authorization, error)
                                   : begin_tls (self, name, authorization, error);
}

void
th_acme_challenges_end (ThAcmeChallenges *self,
                        ThAcmeMethod method,
                        const char *name,
                        const char *token)
{
  if (method == TH_ACME_HTTP_01)
    {
      g_hash_table_remove (self->answers, token);
      return;
    }
  th_tls_challenges_remove (self->tls, name);
  g_hash_table_remove (self->names, name);
}

void
th_acme_challenges_end_all (ThAcmeChallenges *self)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    th_tls_challenges_remove (self->tls, name);
  g_hash_table_remove_all (self->names);
  g_hash_table_remove_all (self->answers);
}

const char *
th_acme_challenges_find (ThAcmeChallenges *self, const char *token)
{
  return g_hash_table_lookup (self->answers, token);
}

ThTlsChallenges *
th_acme_challenges_get_tls (ThAcmeChallenges *self)
{
  return self->tls;
}
