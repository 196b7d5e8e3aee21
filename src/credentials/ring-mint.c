/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making credentials from what is current in the ring.
 */
#include <glib/gi18n.h>
#include <string.h>

#include "credentials/authenticator.h"
#include "credentials/jwt.h"
#include "credentials/livekit.h"
#include "credentials/rest.h"
#include "credentials/ring-private.h"
#include "credentials/secret.h"

static gboolean
check_request (const char *user, gint64 ttl, gint64 now, GError **error)
{
  gsize length = strlen (user);

  if (length < 1 || length > TH_CREDENTIAL_USER_MAX || !th_text_is_plain (user, length))
    g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                 _("The user name is not allowed; it must be 1 to %d bytes of UTF-8 without "
                   "control characters"),
                 TH_CREDENTIAL_USER_MAX);
  else if (ttl < 1 || now < 0 || now > TH_REST_EXPIRY_MAX || ttl > TH_REST_EXPIRY_MAX - now)
    g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                         _("The lifetime is not allowed; it must be 1 second or more, and end "
                           "before the year 10000"));
  else
    return TRUE;
  return FALSE;
}

ThCredential *
th_secret_ring_mint (ThSecretRing *self, const char *user, gint64 ttl, gint64 now, GError **error)
{
  g_autoptr (ThCredential) credential = NULL;
  const char *secret;

  g_return_val_if_fail (TH_IS_SECRET_RING (self) && user != NULL, NULL);

  if (!check_request (user, ttl, now, error))
    return NULL;
  secret = th_secret_ring_get_current (self);
  credential = g_new0 (ThCredential, 1);
  credential->ttl = ttl;
  credential->expires_at = now + ttl;
  credential->username = th_rest_make_name (credential->expires_at, user);
  credential->password = g_malloc0 (TH_REST_PASSWORD_SIZE);
  if (th_rest_make_password (secret, strlen (secret), credential->username,
                             strlen (credential->username), credential->password))
    return g_steal_pointer (&credential);
  g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                       _("This system’s policy forbids HMAC-SHA1, which the REST scheme needs"));
  return NULL;
}

static gboolean
is_livekit_name (ThSecretRing *self, const char *user)
{
  ThLivekitText text;
  ThLivekitName name;

  if (!th_livekit_decode_name (&text, user, strlen (user)))
    return FALSE;
  for (guint i = 0; i < self->state->api->len; i++)
    {
      const ThRingSecret *secret = g_ptr_array_index (self->state->api, i);

      if (th_livekit_parse_text (&name, &text, secret->key))
        return TRUE;
    }
  return FALSE;
}

/* Names of the other schemes' forms are never tried as a token's. What it says may become an HTTP
 * answer: the window translates it. */
static gboolean
check_user_id (ThSecretRing *self, const char *user, GError **error)
{
  ThRestName name;

  if (strchr (user, ':') != NULL && th_rest_parse_name (&name, user, strlen (user)))
    g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                         N_("A user id with a time before or after a colon is not allowed here"));
  else if (is_livekit_name (self, user))
    g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                         N_("A user id that is a credential’s user name is not allowed here"));
  else
    return TRUE;
  return FALSE;
}

ThCredential *
th_secret_ring_mint_jwt (ThSecretRing *self, const char *user, gint64 now, GError **error)
{
  g_autoptr (ThCredential) credential = NULL;
  const ThRingSecret *api;
  gint64 issued;

  g_return_val_if_fail (TH_IS_SECRET_RING (self) && user != NULL, NULL);

  if (!check_request (user, self->ttl, now, error) || !check_user_id (self, user, error))
    return NULL;
  api = th_ring_state_get_current_api (self->state);
  issued = th_jwt_get_issue_time (self->ttl, now);
  credential = g_new0 (ThCredential, 1);
  credential->expires_at = issued + self->ttl;
  credential->ttl = credential->expires_at - now;
  credential->username = g_strdup (user);
  credential->password = th_jwt_make (api->key, api->text, user, strlen (user), issued, self->ttl);
  if (credential->password != NULL)
    return g_steal_pointer (&credential);
  g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                       N_("This system’s policy forbids HMAC-SHA256, which the JWT scheme needs"));
  return NULL;
}

ThCredential *
th_secret_ring_mint_livekit (ThSecretRing *self,
                             const char *user,
                             gint64 ttl,
                             gint64 now,
                             GError **error)
{
  const ThRingSecret *api;
  g_autofree char *name = NULL;
  ThCredential *credential;

  g_return_val_if_fail (TH_IS_SECRET_RING (self) && user != NULL, NULL);

  if (!check_request (user, ttl, now, error))
    return NULL;
  api = th_ring_state_get_current_api (self->state);
  name = th_livekit_make_name (api->key, user, now + ttl);
  if (name == NULL)
    {
      g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                   _("The user name is not allowed here; it must hold no “|”, and be encoded "
                     "together with the API key in %d bytes at most"),
                   TH_STUN_USERNAME_MAX);
      return NULL;
    }
  credential = g_new0 (ThCredential, 1);
  credential->ttl = ttl;
  credential->expires_at = now + ttl;
  credential->username = g_steal_pointer (&name);
  credential->password = th_livekit_make_password (api->text, user, strlen (user), now + ttl);
  return credential;
}

void
th_credential_free (ThCredential *self)
{
  g_free (self->username);
  th_secret_free (self->password);
  g_free (self);
}
