/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signing JWTs.
 */
#include "sign-jwt.h"

#include <string.h>

#include "credentials/base64url.h"

static char *
encode (const char *text, gssize length)
{
  return th_base64url_encode (text, length < 0 ? strlen (text) : (gsize) length);
}

char *
sign_jwt (GChecksumType hash,
          const char *header,
          gssize header_length,
          const char *claims,
          gssize claims_length,
          const char *secret)
{
  g_autofree char *first = encode (header, header_length);
  g_autofree char *second = encode (claims, claims_length);
  g_autofree char *text = g_strconcat (first, ".", second, NULL);
  g_autoptr (GHmac) hmac = g_hmac_new (hash, (const guchar *) secret, strlen (secret));
  guint8 digest[64];
  gsize length = sizeof digest;
  g_autofree char *signature = NULL;

  g_hmac_update (hmac, (const guchar *) text, -1);
  g_hmac_get_digest (hmac, digest, &length);
  signature = th_base64url_encode (digest, length);
  return g_strconcat (text, ".", signature, NULL);
}
