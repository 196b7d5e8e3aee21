/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which keys would prove a name: a static user's, one for every shared secret in force, and one for
 * every token that can be valid now, or one for every API secret where the name says that much.
 */
#include "credentials/authenticator.h"

#include <string.h>

#include "credentials/jwt.h"
#include "credentials/livekit.h"
#include "credentials/rest.h"
#include "credentials/secret.h"
#include "stun/integrity.h"

typedef struct {
  char *key; /* nullable */
  char *text;
  gsize length;
  guint generation;
  gint64 expires_at;
} Secret;

typedef struct {
  ThTurnAuthenticator head;
  ThUsers *users; /* nullable */
  GArray *secrets; /* (element-type Secret) */
  GArray *api;     /* (element-type Secret) */
  gint64 api_ttl;
} Snapshot;

/* Cuts at a character, so that what quotas and statistics show stays UTF-8. */
static void
copy_user (char *user, const char *text, gsize length)
{
  if (length >= TH_TURN_USER_SIZE)
    {
      const char *end = g_utf8_find_prev_char (text, text + TH_TURN_USER_SIZE);
      length = end - text;
    }
  memcpy (user, text, length);
  user[length] = '\0';
}

static const ThUser *
find_user (const Snapshot *self, const ThTurnClaim *claim)
{
  guint8 hash[TH_STUN_USERHASH_SIZE];

  if (self->users == NULL || !g_str_equal (claim->realm, th_users_get_realm (self->users)))
    return NULL;
  if (claim->username == NULL)
    return claim->userhash != NULL ? th_users_find (self->users, claim->userhash) : NULL;
  th_stun_userhash (claim->username, claim->username_length, claim->realm, strlen (claim->realm),
                    hash);
  return th_users_find (self->users, hash);
}

static gboolean
write_user_key (ThTurnKey *key, const ThUser *user, ThStunPasswordAlgorithm algorithm)
{
  gboolean sha256 = algorithm == TH_STUN_ALGORITHM_SHA256;

  *key = (ThTurnKey) { .key_length = sha256 ? user->sha256_length : user->md5_length };
  memcpy (key->key, sha256 ? user->sha256_key : user->md5_key, key->key_length);
  copy_user (key->user, user->name, strlen (user->name));
  return key->key_length > 0;
}

static gboolean
write_rest_key (ThTurnKey *key,
                const ThTurnClaim *claim,
                const ThRestName *name,
                const Secret *secret)
{
  char password[TH_REST_PASSWORD_SIZE];

  if (!th_rest_make_password (secret->text, secret->length, claim->username,
                              claim->username_length, password))
    return FALSE;
  *key = (ThTurnKey) { .kind = TH_TURN_KEY_OF_SECRET,
                       .expires_at = name->expires_at,
                       .secret = secret->generation };
  key->key_length = th_stun_long_term_key (claim->algorithm, claim->username,
                                           claim->username_length, claim->realm,
                                           strlen (claim->realm), password,
                                           TH_REST_PASSWORD_SIZE - 1, key->key);
  copy_user (key->user, name->user, name->user_length);
  explicit_bzero (password, sizeof password);
  return key->key_length > 0;
}

static gboolean
is_retired (const Secret *secret, const ThTurnClaim *claim)
{
  return secret->expires_at != 0 && secret->expires_at <= claim->wall_time;
}

static guint
find_rest_keys (const Snapshot *self, const ThTurnClaim *claim, ThTurnKey *keys, guint max)
{
  ThRestName name;
  guint count = 0;

  if (!th_rest_parse_name (&name, claim->username, claim->username_length))
    return 0;
  for (guint i = 0; i < self->secrets->len && count < max; i++)
    {
      const Secret *secret = &g_array_index (self->secrets, Secret, i);

      if (!is_retired (secret, claim) && write_rest_key (&keys[count], claim, &name, secret))
        count++;
    }
  return count;
}

static void
write_livekit_key (ThTurnKey *key,
                   const ThTurnClaim *claim,
                   const ThLivekitName *name,
                   const Secret *secret)
{
  g_autoptr (ThSecretText) password = th_livekit_make_password (
      secret->text, name->user, name->user_length, name->expires_at);

  *key = (ThTurnKey) { .kind = TH_TURN_KEY_OF_SECRET,
                       .expires_at = name->expires_at,
                       .secret = secret->generation };
  key->key_length = th_stun_long_term_key (
      claim->algorithm, claim->username, claim->username_length, claim->realm,
      strlen (claim->realm), password, strlen (password), key->key);
  copy_user (key->user, name->user, name->user_length);
}

static guint
find_livekit_keys (const Snapshot *self,
                   const ThTurnClaim *claim,
                   const ThLivekitText *text,
                   ThTurnKey *keys,
                   guint max)
{
  guint count = 0;

  for (guint i = 0; i < self->api->len && count < max; i++)
    {
      const Secret *secret = &g_array_index (self->api, Secret, i);
      ThLivekitName name;

      if (is_retired (secret, claim) || !th_livekit_parse_text (&name, text, secret->key))
        continue;
      write_livekit_key (&keys[count], claim, &name, secret);
      if (keys[count].key_length > 0)
        count++;
    }
  return count;
}

static gboolean
write_jwt_key (ThTurnKey *key,
               const ThTurnClaim *claim,
               const Secret *secret,
               gint64 issued,
               gint64 ttl)
{
  g_autoptr (ThSecretText) token = th_jwt_make (secret->key, secret->text, claim->username,
                                                claim->username_length, issued, ttl);

  if (token == NULL)
    return FALSE;
  *key = (ThTurnKey) { .kind = TH_TURN_KEY_OF_TOKEN,
                       .expires_at = issued + ttl,
                       .secret = secret->generation };
  key->key_length = th_stun_long_term_key (claim->algorithm, claim->username,
                                           claim->username_length, claim->realm,
                                           strlen (claim->realm), token, strlen (token), key->key);
  copy_user (key->user, claim->username, claim->username_length);
  return key->key_length > 0;
}

/* The newest token first: apps ask anew well before the end. */
static guint
find_jwt_keys (const Snapshot *self, const ThTurnClaim *claim, ThTurnKey *keys, guint max)
{
  guint count = 0;

  if (claim->username_length == 0 || claim->username_length > TH_CREDENTIAL_USER_MAX)
    return 0;
  for (guint i = 0; i < self->api->len; i++)
    {
      const Secret *secret = &g_array_index (self->api, Secret, i);
      gint64 issued = th_jwt_get_issue_time (self->api_ttl, claim->wall_time);

      if (is_retired (secret, claim))
        continue;
      for (; issued >= 0 && issued > claim->wall_time - self->api_ttl && count < max;
           issued -= th_jwt_get_step (self->api_ttl))
        if (write_jwt_key (&keys[count], claim, secret, issued, self->api_ttl))
          count++;
    }
  return count;
}

/* No token is made for a name of the REST scheme's form: see th_secret_ring_mint_jwt(). */
static gboolean
may_have_token (const Snapshot *self, const ThTurnClaim *claim)
{
  ThRestName name;

  return self->api->len > 0 &&
         (memchr (claim->username, ':', claim->username_length) == NULL ||
          !th_rest_parse_name (&name, claim->username, claim->username_length));
}

static guint
find_keys (const ThTurnAuthenticator *authenticator,
           const ThTurnClaim *claim,
           ThTurnKey *keys,
           guint max)
{
  const Snapshot *self = (const Snapshot *) authenticator;
  ThLivekitText text;
  const ThUser *user;
  guint for_tokens;
  guint count = 0;

  if (claim->username != NULL && !th_text_is_plain (claim->username, claim->username_length))
    return 0;
  user = find_user (self, claim);
  if (user != NULL && max > 0 && write_user_key (&keys[count], user, claim->algorithm))
    count++;
  if (claim->username == NULL)
    return count;

  if (self->api->len > 0 &&
      th_livekit_decode_name (&text, claim->username, claim->username_length))
    {
      guint n_found = find_livekit_keys (self, claim, &text, keys + count, max - count);

      if (n_found > 0)
        return count + n_found; /* no other scheme makes such names */
    }

  for_tokens = may_have_token (self, claim) ? MIN (TH_JWT_TOKENS_MAX, max / 2) : 0;
  count += find_rest_keys (self, claim, keys + count, max - count - MIN (for_tokens, max - count));
  if (for_tokens > 0)
    count += find_jwt_keys (self, claim, keys + count, max - count);
  return count;
}

static void
clear_secret (gpointer data)
{
  Secret *secret = data;

  g_free (secret->key);
  th_secret_free (secret->text);
}

static GArray *
copy_secrets (const ThAcceptedSecret *secrets, guint n_secrets)
{
  guint count = MIN (n_secrets, TH_ACCEPTED_SECRETS_MAX);
  GArray *copies = g_array_sized_new (FALSE, FALSE, sizeof (Secret), count);

  g_array_set_clear_func (copies, clear_secret);
  for (guint i = 0; i < count; i++)
    {
      const Secret copy = {
        .key = g_strdup (secrets[i].key),
        .text = g_strdup (secrets[i].text),
        .length = strlen (secrets[i].text),
        .generation = secrets[i].generation,
        .expires_at = secrets[i].expires_at,
      };
      g_array_append_val (copies, copy);
    }
  return copies;
}

static void
free_snapshot (ThTurnAuthenticator *authenticator)
{
  Snapshot *self = (Snapshot *) authenticator;

  g_array_unref (self->secrets);
  g_array_unref (self->api);
  g_clear_pointer (&self->users, th_users_unref);
  g_free (self);
}

ThTurnAuthenticator *
th_credentials_authenticator_new (const ThAccepted *accepted)
{
  Snapshot *self;

  g_return_val_if_fail (accepted->n_api == 0 || accepted->api_ttl > 0, NULL);

  self = g_new0 (Snapshot, 1);
  g_atomic_ref_count_init (&self->head.references);
  self->head.find_keys = find_keys;
  self->head.free = free_snapshot;
  self->users = accepted->users != NULL ? th_users_ref (accepted->users) : NULL;
  self->secrets = copy_secrets (accepted->secrets, accepted->n_secrets);
  self->api = copy_secrets (accepted->api, accepted->n_api);
  self->api_ttl = accepted->api_ttl;
  return &self->head;
}
