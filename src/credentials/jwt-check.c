/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checking JWTs step by step; the first step that fails is the verdict.
 */
#include "credentials/jwt-check.h"

#include <gnutls/crypto.h>
#include <math.h>
#include <string.h>

#include "credentials/base64url.h"
#include "credentials/json-object.h"
#include "credentials/jwt.h"
#include "credentials/secret.h"
#include "stun/integrity.h"

#define DEPTH_MAX   8 /* of JSON */
#define SHA256_SIZE 32

/* Where the parts lie in the token */
typedef struct
{
  const char *header, *payload, *signature;
  gsize header_length, payload_length, signature_length;
  gsize signed_length; /* from the start of the header to the end of the payload */
} Parts;

static gboolean
split (Parts *self, const char *token)
{
  const char *first = strchr (token, '.');
  const char *second = first != NULL ? strchr (first + 1, '.') : NULL;

  if (second == NULL || strchr (second + 1, '.') != NULL)
    return FALSE;
  *self = (Parts){
    .header = token,
    .header_length = first - token,
    .payload = first + 1,
    .payload_length = second - first - 1,
    .signature = second + 1,
    .signature_length = strlen (second + 1),
    .signed_length = second - token,
  };
  return TRUE;
}

/* (transfer full) (nullable) */
static JsonObject *
read_part (const char *text, gsize length)
{
  gsize size = 0;
  g_autofree char *json = th_base64url_decode (text, length, &size);

  return json != NULL ? th_json_object_parse (json, size, DEPTH_MAX) : NULL;
}

/* Extensions that must be understood (RFC 7515, section 4.1.11) are not. */
static ThJwtVerdict
check_header (const Parts *parts)
{
  g_autoptr (JsonObject) header = read_part (parts->header, parts->header_length);

  if (header == NULL)
    return TH_JWT_MALFORMED;
  if (g_strcmp0 (th_json_object_get_text (header, "alg"), "HS256") != 0 ||
      json_object_has_member (header, "crit"))
    return TH_JWT_ALGORITHM;
  return TH_JWT_GOOD;
}

static gboolean
is_signed_with (const Parts *parts, const char *signature, const char *secret)
{
  guint8 digest[SHA256_SIZE];
  gboolean equal;

  if (gnutls_hmac_fast (GNUTLS_MAC_SHA256, secret, strlen (secret), parts->header,
                        parts->signed_length, digest) != 0)
    return FALSE;
  equal = th_equal_in_constant_time (digest, signature, sizeof digest);
  explicit_bzero (digest, sizeof digest);
  return equal;
}

/* Which of @api have made the signature: a bit for each. A secret may stand under two keys. */
static guint32
find_signers (const Parts *parts, const ThAcceptedSecret *api, guint n_api, gint64 now)
{
  gsize size = 0;
  g_autofree char *signature =
      th_base64url_decode (parts->signature, parts->signature_length, &size);
  guint32 signers = 0;

  if (signature == NULL || size != SHA256_SIZE)
    return 0;
  for (guint i = 0; i < n_api; i++)
    if ((api[i].expires_at == 0 || api[i].expires_at > now) &&
        is_signed_with (parts, signature, api[i].text))
      signers |= 1u << i;
  return signers;
}

static gboolean
is_issuer (const char *issuer, const ThAcceptedSecret *api, guint n_api, guint32 signers)
{
  for (guint i = 0; i < n_api; i++)
    if ((signers & (1u << i)) != 0 && g_strcmp0 (issuer, api[i].key) == 0)
      return TRUE;
  return FALSE;
}

/* A NumericDate (RFC 7519, section 2): seconds, perhaps with a fraction */
static gboolean
get_time (JsonObject *claims, const char *name, double *time)
{
  JsonNode *node = json_object_get_member (claims, name);
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return FALSE;
  *time = json_node_get_double (node);
  return isfinite (*time);
}

static ThJwtVerdict
check_times (JsonObject *claims, double now)
{
  double expiry, start;

  if (!get_time (claims, "exp", &expiry))
    return TH_JWT_NO_EXPIRY;
  if (now >= expiry + TH_JWT_LEEWAY)
    return TH_JWT_EXPIRED;
  if (!json_object_has_member (claims, "nbf"))
    return TH_JWT_GOOD;
  if (!get_time (claims, "nbf", &start))
    return TH_JWT_MALFORMED;
  return now >= start - TH_JWT_LEEWAY ? TH_JWT_GOOD : TH_JWT_NOT_YET_VALID;
}

/* In LiveKit's tokens, metadata is a text that apps put what they like into: JSON, as a rule. */
static ThJwtVerdict
check_purpose (JsonObject *claims)
{
  const char *text = th_json_object_get_text (claims, "metadata");
  JsonNode *node = json_object_get_member (claims, "metadata");
  g_autoptr (JsonObject) metadata = NULL;
  gboolean relay = FALSE;

  if (text != NULL)
    metadata = th_json_object_parse (text, strlen (text), DEPTH_MAX);
  else if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    metadata = json_node_dup_object (node);

  if (metadata != NULL)
    relay = g_strcmp0 (th_json_object_get_text (metadata, "purpose"), TH_JWT_RELAY_PURPOSE) == 0;
  else if (text != NULL)
    relay = strstr (text, TH_JWT_RELAY_PURPOSE) != NULL; /* cannot be read, so in doubt it is one */
  return relay ? TH_JWT_RELAY_PASSWORD : TH_JWT_GOOD;
}

static gboolean
is_user (const char *subject)
{
  gsize length = subject != NULL ? strlen (subject) : 0;

  return length >= 1 && length <= TH_CREDENTIAL_USER_MAX && th_text_is_plain (subject, length);
}

static ThJwtVerdict
check_claims (JsonObject *claims, gint64 now)
{
  ThJwtVerdict verdict = check_times (claims, (double) now);

  if (verdict == TH_JWT_GOOD && json_object_has_member (claims, "aud"))
    verdict = TH_JWT_AUDIENCE;
  if (verdict == TH_JWT_GOOD)
    verdict = check_purpose (claims);
  if (verdict == TH_JWT_GOOD && !is_user (th_json_object_get_text (claims, "sub")))
    verdict = TH_JWT_NO_SUBJECT;
  return verdict;
}

gboolean
th_jwt_has_form (const char *token)
{
  Parts parts;

  return split (&parts, token);
}

ThJwtVerdict
th_jwt_check (const char *token,
              const ThAcceptedSecret *api,
              guint n_api,
              gint64 now,
              char **subject)
{
  g_autoptr (JsonObject) claims = NULL;
  ThJwtVerdict verdict;
  guint32 signers;
  Parts parts;

  g_return_val_if_fail (n_api <= 32, TH_JWT_SIGNATURE);

  *subject = NULL;
  if (strnlen (token, TH_JWT_LENGTH_MAX + 1) > TH_JWT_LENGTH_MAX || !split (&parts, token))
    return TH_JWT_MALFORMED;
  verdict = check_header (&parts);
  if (verdict != TH_JWT_GOOD)
    return verdict;
  signers = find_signers (&parts, api, n_api, now);
  if (signers == 0)
    return TH_JWT_SIGNATURE;

  claims = read_part (parts.payload, parts.payload_length);
  if (claims == NULL)
    return TH_JWT_MALFORMED;
  if (!is_issuer (th_json_object_get_text (claims, "iss"), api, n_api, signers))
    return TH_JWT_ISSUER;
  verdict = check_claims (claims, now);
  if (verdict == TH_JWT_GOOD)
    *subject = g_strdup (th_json_object_get_text (claims, "sub"));
  return verdict;
}
