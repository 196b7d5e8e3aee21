/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing access tokens by hand, byte for byte the same each time.
 */
#include "credentials/jwt.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "credentials/base64url.h"
#include "credentials/secret.h"

#define STEPS_PER_LIFETIME 8
#define SHA256_SIZE 32
#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"

gint64
th_jwt_get_step (gint64 ttl)
{
  return MAX (ttl / STEPS_PER_LIFETIME, 1);
}

gint64
th_jwt_get_issue_time (gint64 ttl, gint64 now)
{
  return now - now % th_jwt_get_step (ttl);
}

/* Plain text has no control characters, so only these two need escapes (RFC 8259, section 7). */
static void
append_escaped (GString *json, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '"' || text[i] == '\\')
        g_string_append_c (json, '\\');
      g_string_append_c (json, text[i]);
    }
}

/* JSON inside a string of JSON, as LiveKit has it */
static void
append_metadata (GString *json, const char *user, gsize user_length)
{
  g_autoptr (GString) metadata = g_string_new ("{\"userId\":\"");

  append_escaped (metadata, user, user_length);
  g_string_append (metadata, "\",\"purpose\":\"" TH_JWT_RELAY_PURPOSE "\"}");
  append_escaped (json, metadata->str, metadata->len);
}

/* (transfer full) */
static GString *
make_payload (const char *api_key, const char *user, gsize user_length, gint64 issued, gint64 ttl)
{
  GString *json = g_string_new ("{\"iss\":\"");

  append_escaped (json, api_key, strlen (api_key));
  g_string_append (json, "\",\"sub\":\"");
  append_escaped (json, user, user_length);
  g_string_append_printf (
      json, "\",\"nbf\":%" G_GINT64_FORMAT ",\"exp\":%" G_GINT64_FORMAT, issued, issued + ttl);
  g_string_append (json, ",\"video\":{\"canPublish\":true,\"canSubscribe\":true,"
                         "\"canPublishData\":true},\"metadata\":\"");
  append_metadata (json, user, user_length);
  g_string_append (json, "\"}");
  return json;
}

char *
th_jwt_make (const char *api_key,
             const char *api_secret,
             const char *user,
             gsize user_length,
             gint64 issued,
             gint64 ttl)
{
  g_autoptr (GString) payload = make_payload (api_key, user, user_length, issued, ttl);
  g_autofree char *header_text = th_base64url_encode (HEADER, strlen (HEADER));
  g_autofree char *payload_text = th_base64url_encode (payload->str, payload->len);
  g_autofree char *signed_text = g_strconcat (header_text, ".", payload_text, NULL);
  g_autoptr (ThSecretText) signature = NULL;
  guint8 digest[SHA256_SIZE];

  if (gnutls_hmac_fast (GNUTLS_MAC_SHA256, api_secret, strlen (api_secret), signed_text,
                        strlen (signed_text), digest) != 0)
    return NULL;
  signature = th_base64url_encode (digest, sizeof digest);
  explicit_bzero (digest, sizeof digest);
  return g_strconcat (signed_text, ".", signature, NULL);
}
