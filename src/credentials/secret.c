/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets: from the kernel's randomness to text that can be pasted anywhere.
 */
#include "credentials/secret.h"

#include <glib/gi18n.h>
#include <gnutls/crypto.h>
#include <string.h>

#include "credentials/base64url.h"
#include "credentials/ring.h"

#define RANDOM_BYTES 32

char *
th_secret_generate (void)
{
  guint8 bytes[RANDOM_BYTES];
  char *text;

  /* A relay without randomness must not start: its secret would be known. */
  if (gnutls_rnd (GNUTLS_RND_KEY, bytes, sizeof bytes) != 0)
    g_error ("The system gives no random numbers");

  text = th_base64url_encode (bytes, sizeof bytes);
  explicit_bzero (bytes, sizeof bytes);
  return text;
}

gboolean
th_text_is_plain (const char *text, gsize length)
{
  if (!g_utf8_validate_len (text, length, NULL))
    return FALSE;
  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

gboolean
th_secret_check (const char *secret, GError **error)
{
  gsize length = strlen (secret);

  if (length >= 1 && length <= TH_SECRET_SIZE_MAX && th_text_is_plain (secret, length))
    return TRUE;
  g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
               _("The secret is not allowed; it must be 1 to %d bytes of UTF-8 without line ends "
                 "and other control characters"),
               TH_SECRET_SIZE_MAX);
  return FALSE;
}

void
th_secret_free (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

void
th_secrets_free (char **secrets)
{
  for (guint i = 0; secrets != NULL && secrets[i] != NULL; i++)
    th_secret_free (secrets[i]);
  g_free (secrets);
}
