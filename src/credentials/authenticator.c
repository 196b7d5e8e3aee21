/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which keys would prove a name: a static user's, and one for every shared secret in force.
 */
#include "credentials/authenticator.h"

#include <string.h>

#include "credentials/rest.h"
#include "credentials/secret.h"
#include "stun/integrity.h"

typedef struct {
  char *text;
  gsize length;
  guint generation;
  gint64 expires_at;
} Secret;

typedef struct {
  ThTurnAuthenticator head;
  ThUsers *users; /* nullable */
  guint n_secrets;
  Secret secrets[];
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
  *key = (ThTurnKey) { .expires_at = name->expires_at, .secret = secret->generation };
  key->key_length = th_stun_long_term_key (claim->algorithm, claim->username,
                                           claim->username_length, claim->realm,
                                           strlen (claim->realm), password,
                                           TH_REST_PASSWORD_SIZE - 1, key->key);
  copy_user (key->user, name->user, name->user_length);
  explicit_bzero (password, sizeof password);
  return key->key_length > 0;
}

static guint
find_keys (const ThTurnAuthenticator *authenticator,
           const ThTurnClaim *claim,
           ThTurnKey *keys,
           guint max)
{
  const Snapshot *self = (const Snapshot *) authenticator;
  const ThUser *user;
  ThRestName name;
  guint count = 0;

  if (claim->username != NULL && !th_text_is_plain (claim->username, claim->username_length))
    return 0;

  user = find_user (self, claim);
  if (user != NULL && max > 0 && write_user_key (&keys[count], user, claim->algorithm))
    count++;

  if (claim->username == NULL ||
      !th_rest_parse_name (&name, claim->username, claim->username_length))
    return count;
  for (guint i = 0; i < self->n_secrets && count < max; i++)
    {
      const Secret *secret = &self->secrets[i];
      gboolean retired = secret->expires_at != 0 && secret->expires_at <= claim->wall_time;

      if (!retired && write_rest_key (&keys[count], claim, &name, secret))
        count++;
    }
  return count;
}

static void
free_snapshot (ThTurnAuthenticator *authenticator)
{
  Snapshot *self = (Snapshot *) authenticator;

  for (guint i = 0; i < self->n_secrets; i++)
    th_secret_free (self->secrets[i].text);
  g_clear_pointer (&self->users, th_users_unref);
  g_free (self);
}

ThTurnAuthenticator *
th_credentials_authenticator_new (ThUsers *users, const ThAcceptedSecret *secrets, guint n_secrets)
{
  guint count = MIN (n_secrets, TH_ACCEPTED_SECRETS_MAX);
  Snapshot *self = g_malloc0 (sizeof *self + count * sizeof self->secrets[0]);

  g_atomic_ref_count_init (&self->head.references);
  self->head.find_keys = find_keys;
  self->head.free = free_snapshot;
  self->users = users != NULL ? th_users_ref (users) : NULL;
  self->n_secrets = count;
  for (guint i = 0; i < count; i++)
    self->secrets[i] = (Secret) {
      .text = g_strdup (secrets[i].text),
      .length = strlen (secrets[i].text),
      .generation = secrets[i].generation,
      .expires_at = secrets[i].expires_at,
    };
  return &self->head;
}
