/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading and making names and passwords of the REST scheme.
 */
#include "credentials/rest.h"

#include <gnutls/crypto.h>
#include <string.h>

#define SHA1_SIZE 20

static gboolean
is_all_digits (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
  return length > 0;
}

/* @digits may be any number of them. */
static gboolean
parse_expiry (const char *digits, gsize length, gint64 *expires_at)
{
  gint64 value = 0;

  for (gsize i = 0; i < length; i++)
    {
      value = value * 10 + (digits[i] - '0');
      if (value > TH_REST_EXPIRY_MAX)
        return FALSE;
    }
  *expires_at = value;
  return value > 0;
}

gboolean
th_rest_parse_name (ThRestName *self, const char *name, gsize length)
{
  const char *end = name + length;
  const char *first_colon = memchr (name, ':', length);
  const char *last_colon = memrchr (name, ':', length);
  const char *expiry = name;
  gsize expiry_length;

  if (first_colon == NULL)
    first_colon = last_colon = end;

  expiry_length = first_colon - name;
  self->user = first_colon < end ? first_colon + 1 : end;
  self->user_length = end - self->user;
  if (!is_all_digits (expiry, expiry_length) && last_colon < end)
    {
      expiry = last_colon + 1;
      expiry_length = end - expiry;
      self->user = name;
      self->user_length = last_colon - name;
    }
  if (self->user_length == 0)
    {
      self->user = expiry;
      self->user_length = expiry_length;
    }
  return is_all_digits (expiry, expiry_length) &&
         parse_expiry (expiry, expiry_length, &self->expires_at);
}

char *
th_rest_make_name (gint64 expires_at, const char *user)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%s", expires_at, user);
}

gboolean
th_rest_make_password (const char *secret,
                       gsize secret_length,
                       const char *name,
                       gsize name_length,
                       char *password)
{
  guint8 digest[SHA1_SIZE];
  char encoded[(SHA1_SIZE / 3 + 1) * 4 + 4 + 1]; /* what GLib asks for, and the end */
  int state = 0, saved = 0;
  gsize length;

  if (gnutls_hmac_fast (GNUTLS_MAC_SHA1, secret, secret_length, name, name_length, digest) != 0)
    return FALSE;

  length = g_base64_encode_step (digest, sizeof digest, FALSE, encoded, &state, &saved);
  length += g_base64_encode_close (FALSE, encoded + length, &state, &saved);
  g_assert (length == TH_REST_PASSWORD_SIZE - 1);
  memcpy (password, encoded, length);
  password[length] = '\0';
  explicit_bzero (digest, sizeof digest);
  explicit_bzero (encoded, sizeof encoded);
  return TRUE;
}
