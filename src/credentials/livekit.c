/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading and making names and passwords of LiveKit's embedded TURN server.
 */
#include "credentials/livekit.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "credentials/base62.h"
#include "credentials/jwt.h"
#include "credentials/rest.h"
#include "credentials/secret.h"

#define SHA256_SIZE 32
#define EXPIRY_DIGITS_MAX 12 /* of TH_REST_EXPIRY_MAX */

G_STATIC_ASSERT (TH_BASE62_BYTES_MAX (TH_STUN_USERNAME_MAX) <= TH_STUN_USERNAME_MAX);

gboolean
th_livekit_decode_name (ThLivekitText *self, const char *name, gsize length)
{
  return length <= TH_STUN_USERNAME_MAX &&
         th_base62_decode (name, length, self->bytes, &self->length);
}

static gboolean
parse_expiry (const char *digits, gsize length, gint64 *expires_at)
{
  if (length < 1 || length > EXPIRY_DIGITS_MAX || digits[0] == '0')
    return FALSE;
  *expires_at = 0;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (digits[i]))
        return FALSE;
      *expires_at = *expires_at * 10 + (digits[i] - '0');
    }
  return *expires_at <= TH_REST_EXPIRY_MAX;
}

gboolean
th_livekit_parse_text (ThLivekitName *self, const ThLivekitText *text, const char *api_key)
{
  const char *bytes = (const char *) text->bytes, *end = bytes + text->length;
  gsize key_length = strlen (api_key);
  const char *bar;

  if (text->length <= key_length || memcmp (bytes, api_key, key_length) != 0 ||
      bytes[key_length] != '|')
    return FALSE;
  self->user = bytes + key_length + 1;
  bar = memchr (self->user, '|', end - self->user);
  if (bar == NULL || !parse_expiry (bar + 1, end - bar - 1, &self->expires_at))
    return FALSE;
  self->user_length = bar - self->user;
  return self->user_length >= 1 && self->user_length <= TH_CREDENTIAL_USER_MAX &&
         th_text_is_plain (self->user, self->user_length);
}

char *
th_livekit_make_name (const char *api_key, const char *user, gint64 expires_at)
{
  g_autofree char *text =
      g_strdup_printf ("%s|%s|%" G_GINT64_FORMAT, api_key, user, expires_at);
  g_autofree char *name = th_base62_encode ((const guint8 *) text, strlen (text));

  if (strchr (user, '|') != NULL || strlen (name) > TH_STUN_USERNAME_MAX)
    return NULL;
  return g_steal_pointer (&name);
}

char *
th_livekit_make_password (const char *api_secret,
                          const char *user,
                          gsize user_length,
                          gint64 expires_at)
{
  g_autoptr (ThSecretText) text = g_strdup_printf (
      "%s|%.*s|%" G_GINT64_FORMAT, api_secret, (int) user_length, user, expires_at);
  guint8 digest[SHA256_SIZE];
  char *password;

  if (gnutls_hash_fast (GNUTLS_DIG_SHA256, text, strlen (text), digest) < 0)
    g_error ("SHA-256 is not available"); /* GnuTLS cannot work without it */
  password = th_base62_encode (digest, sizeof digest);
  explicit_bzero (digest, sizeof digest);
  return password;
}
