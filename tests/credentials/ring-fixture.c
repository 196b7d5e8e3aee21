/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rings to try, and changes of them that are waited for.
 */
#include "ring-fixture.h"

#include <string.h>

#include "stun/integrity.h"

#define REALM "turnhouse"
#define BY "panel"

ThSecretRing *
open_ring (const char *folder, const char *seed)
{
  g_autoptr (GError) error = NULL;
  ThSecretRing *ring = th_secret_ring_open (folder, seed, &error);

  g_assert_no_error (error);
  return ring;
}

ThSecretRing *
open_seeded_ring (const char *folder, const ThRingSeed *seed)
{
  g_autoptr (GError) error = NULL;
  ThSecretRing *ring = th_secret_ring_open_seeded (folder, seed, TH_RING_DEFAULT_GRACE, &error);

  g_assert_no_error (error);
  return ring;
}

ThCredential *
mint (ThSecretRing *ring, ThRingKind kind)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  return kind == TH_RING_API ? th_secret_ring_mint_jwt (ring, "anna", now, NULL)
                             : th_secret_ring_mint (ring, "anna", 3600, now, NULL);
}

gboolean
find_key (ThSecretRing *ring,
          const char *name,
          const char *password,
          gint64 now,
          ThTurnKey *key)
{
  g_autoptr (ThTurnAuthenticator) authenticator = th_secret_ring_get_authenticator (ring);
  const ThTurnClaim claim = {
    .username = name,
    .username_length = strlen (name),
    .realm = REALM,
    .algorithm = g_test_rand_bit () ? TH_STUN_ALGORITHM_MD5 : TH_STUN_ALGORITHM_SHA256,
    .wall_time = now,
  };
  ThTurnKey keys[TH_TURN_KEYS_MAX];
  guint count = authenticator->find_keys (authenticator, &claim, keys, TH_TURN_KEYS_MAX);
  guint8 expected[TH_STUN_KEY_MAX];
  gsize length = th_stun_long_term_key (claim.algorithm, name, strlen (name), REALM,
                                        strlen (REALM), password, strlen (password), expected);

  g_assert_cmpuint (count, <=, TH_TURN_KEYS_MAX);
  for (guint i = 0; i < count; i++)
    if (keys[i].key_length == length && memcmp (keys[i].key, expected, length) == 0)
      {
        *key = keys[i];
        return TRUE;
      }
  return FALSE;
}

guint
accepting_secret (ThSecretRing *ring, const ThCredential *credential)
{
  ThTurnKey key;

  return find_key (ring, credential->username, credential->password,
                   g_get_real_time () / G_USEC_PER_SEC, &key)
             ? key.secret
             : 0;
}

static void
on_changed (GObject *ring, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

gboolean
rotate_ring (ThSecretRing *ring, ThRingKind kind, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  th_secret_ring_rotate_async (ring, kind, BY, NULL, on_changed, &result);
  wait_for (&result);
  return th_secret_ring_rotate_finish (ring, result, error);
}

gboolean
undo_ring (ThSecretRing *ring, ThRingKind kind, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  th_secret_ring_undo_async (ring, kind, BY, NULL, on_changed, &result);
  wait_for (&result);
  return th_secret_ring_undo_finish (ring, result, error);
}

GArray *
revoke_ring (ThSecretRing *ring, ThRingKind kind, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  th_secret_ring_revoke_async (ring, kind, BY, NULL, on_changed, &result);
  wait_for (&result);
  return th_secret_ring_revoke_finish (ring, result, error);
}
