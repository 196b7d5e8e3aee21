/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who the users of the simulated world are, in the form the server asks it: a snapshot that never
 * changes.
 */
#include <string.h>

#include "stun/integrity.h"
#include "world.h"

typedef struct {
  ThTurnAuthenticator parent;
  World *world;
  WorldUser *users;
  guint n_users;
} WorldAuthenticator;

static gboolean
is_claimed (const WorldUser *user, const ThTurnClaim *claim)
{
  guint8 hash[TH_STUN_USERHASH_SIZE];

  if (claim->username != NULL)
    return strlen (user->name) == claim->username_length &&
           memcmp (user->name, claim->username, claim->username_length) == 0;
  g_assert_nonnull (claim->userhash);
  th_stun_userhash (user->name, strlen (user->name), claim->realm, strlen (claim->realm), hash);
  return memcmp (hash, claim->userhash, sizeof hash) == 0;
}

static void
make_key (const WorldUser *user, const ThTurnClaim *claim, ThTurnKey *key)
{
  *key = (ThTurnKey) {
    .kind = user->secret != 0 ? TH_TURN_KEY_OF_SECRET : TH_TURN_KEY_OF_USER,
    .expires_at = user->expires_at,
    .secret = user->secret,
  };
  g_strlcpy (key->user, user->label != NULL ? user->label : user->name, sizeof key->user);
  key->key_length = th_stun_long_term_key (claim->algorithm, user->name, strlen (user->name),
                                           claim->realm, strlen (claim->realm), user->password,
                                           strlen (user->password), key->key);
}

static guint
find_keys (const ThTurnAuthenticator *authenticator,
           const ThTurnClaim *claim,
           ThTurnKey *keys,
           guint max)
{
  const WorldAuthenticator *self = (const WorldAuthenticator *) authenticator;
  guint n_keys = 0;

  self->world->n_questions++;
  g_assert_cmpint (claim->wall_time, ==, self->world->wall);
  g_assert_cmpstr (claim->realm, ==, WORLD_REALM);
  for (guint i = 0; i < self->n_users && n_keys < max; i++)
    {
      if (is_claimed (&self->users[i], claim))
        make_key (&self->users[i], claim, &keys[n_keys++]);
    }
  return n_keys;
}

static void
free_authenticator (ThTurnAuthenticator *authenticator)
{
  WorldAuthenticator *self = (WorldAuthenticator *) authenticator;

  g_free (self->users);
  g_free (self);
}

ThTurnAuthenticator *
world_authenticator_new (World *world, const WorldUser *users, guint n_users)
{
  WorldAuthenticator *self = g_new0 (WorldAuthenticator, 1);

  g_atomic_ref_count_init (&self->parent.references);
  self->parent.find_keys = find_keys;
  self->parent.free = free_authenticator;
  self->world = world;
  self->users = g_memdup2 (users, n_users * sizeof *users);
  self->n_users = n_users;
  return &self->parent;
}
