/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rotation of the ring: what was handed out before works on until it is revoked, nothing is in
 * force that is not on the disk, and a process killed at any moment leaves a whole ring.
 */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "credentials/ring-state.h"
#include "credentials/ring.h"
#include "folder.h"
#include "stun/integrity.h"

#define REALM "turnhouse"

static ThSecretRing *
open_ring (const char *folder, const char *seed)
{
  g_autoptr (GError) error = NULL;
  ThSecretRing *ring = th_secret_ring_open (folder, seed, &error);

  g_assert_no_error (error);
  return ring;
}

static ThCredential *
mint (ThSecretRing *ring, ThRingKind kind)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  return kind == TH_RING_API ? th_secret_ring_mint_jwt (ring, "anna", now, NULL)
                             : th_secret_ring_mint (ring, "anna", 3600, now, NULL);
}

/* The number of the secret that the relay takes the credential by; 0: it does not */
static guint
accepting_secret (ThSecretRing *ring, const ThCredential *credential)
{
  g_autoptr (ThTurnAuthenticator) authenticator = th_secret_ring_get_authenticator (ring);
  const char *name = credential->username, *password = credential->password;
  const ThTurnClaim claim = {
    .username = name,
    .username_length = strlen (name),
    .realm = REALM,
    .algorithm = TH_STUN_ALGORITHM_SHA256,
    .wall_time = g_get_real_time () / G_USEC_PER_SEC,
  };
  ThTurnKey keys[TH_TURN_KEYS_MAX];
  guint count = authenticator->find_keys (authenticator, &claim, keys, TH_TURN_KEYS_MAX);
  guint8 expected[TH_STUN_KEY_MAX];
  gsize length = th_stun_long_term_key (claim.algorithm, name, strlen (name), REALM,
                                        strlen (REALM), password, strlen (password), expected);

  for (guint i = 0; i < count; i++)
    if (keys[i].key_length == length && memcmp (keys[i].key, expected, length) == 0)
      return keys[i].secret;
  return 0;
}

static void
test_old_until_revoked (gconstpointer data)
{
  ThRingKind kind = GPOINTER_TO_UINT (data);
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, "north");
  g_autofree char *api_key = g_strdup (th_secret_ring_get_api_key (ring));
  g_autoptr (ThCredential) old = mint (ring, kind);
  guint generation = accepting_secret (ring, old);
  g_autoptr (ThCredential) new = NULL;
  g_autoptr (GArray) revoked = NULL;
  g_autoptr (ThSecretRing) again = NULL;

  g_assert_true (th_secret_ring_rotate (ring, kind, NULL));
  new = mint (ring, kind);
  g_assert_cmpstr (new->password, !=, old->password);
  g_assert_cmpstr (th_secret_ring_get_api_key (ring), ==, api_key);
  g_assert_cmpuint (accepting_secret (ring, old), ==, generation);
  g_assert_cmpuint (accepting_secret (ring, new), ==, generation + 1);

  /* The configuration still says what it said: the rotated one stays in force. */
  again = open_ring (folder, "north");
  g_assert_cmpuint (accepting_secret (again, old), ==, generation);
  g_assert_cmpuint (accepting_secret (again, new), ==, generation + 1);
  g_clear_object (&again);

  revoked = th_secret_ring_revoke (ring, kind, NULL);
  g_assert_cmpuint (revoked->len, ==, 1);
  g_assert_cmpuint (g_array_index (revoked, guint, 0), ==, generation);
  again = open_ring (folder, "north");
  g_assert_cmpuint (accepting_secret (ring, old), ==, 0);
  g_assert_cmpuint (accepting_secret (again, old), ==, 0);
  g_assert_cmpuint (accepting_secret (ring, new), ==, generation + 1);
  g_assert_cmpuint (accepting_secret (again, new), ==, generation + 1);
}

static void
test_not_stored_not_in_force (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *state = g_build_filename (folder, "state", NULL);
  g_autofree char *away = g_build_filename (folder, "away", NULL);
  g_autoptr (ThSecretRing) ring = open_ring (state, NULL);
  g_autofree char *before = g_strdup (th_secret_ring_get_current (ring));
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_rename (state, away), ==, 0);
  test_folder_write (folder, "state", "a file where the folder was", 0600);
  g_assert_false (th_secret_ring_rotate (ring, TH_RING_SECRET, &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, before);
  g_assert_null (th_secret_ring_revoke (ring, TH_RING_SECRET, NULL));
}

static void
test_file_that_was_removed (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "secrets.json", NULL);
  g_autoptr (ThSecretRing) ring = open_ring (folder, NULL);
  g_autoptr (ThCredential) old = mint (ring, TH_RING_SECRET);

  g_assert_cmpint (g_unlink (file), ==, 0);
  g_assert_true (th_secret_ring_rotate (ring, TH_RING_SECRET, NULL));
  g_assert_cmpuint (accepting_secret (ring, old), ==, 1);
}

static void
rotate_until_killed (const char *folder)
{
  ThSecretRing *ring = th_secret_ring_open (folder, NULL, NULL);

  for (guint i = 1; i < TH_RING_SECRETS_MAX && ring != NULL; i++)
    th_secret_ring_rotate (ring, TH_RING_SECRET, NULL);
  for (;;)
    pause ();
}

static guint
current_generation (ThSecretRing *ring)
{
  g_autoptr (ThCredential) credential = mint (ring, TH_RING_SECRET);

  return accepting_secret (ring, credential);
}

/* The child stops where the ring would forget the first secret, as it remembers 15 of them. */
static void
test_killed_at_any_moment (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  guint rotations = 0;

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (ThSecretRing) ring = open_ring (folder, NULL);
      g_autoptr (ThCredential) credential = mint (ring, TH_RING_SECRET);
      g_autoptr (ThCredential) token = mint (ring, TH_RING_API);
      pid_t child = fork ();
      int status;

      if (child == 0)
        rotate_until_killed (folder);
      g_usleep (g_test_rand_int_range (0, 4000));
      g_assert_cmpint (kill (child, SIGKILL), ==, 0);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status));

      g_autoptr (ThSecretRing) after = open_ring (folder, NULL);
      g_assert_cmpuint (accepting_secret (after, credential), !=, 0);
      g_assert_cmpuint (accepting_secret (after, token), !=, 0);
      rotations += current_generation (after) - accepting_secret (after, credential);
    }
  g_assert_cmpuint (rotations, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/credentials/rotation/old-secret-until-revoked",
                        GUINT_TO_POINTER (TH_RING_SECRET), test_old_until_revoked);
  g_test_add_data_func ("/credentials/rotation/old-api-secret-until-revoked",
                        GUINT_TO_POINTER (TH_RING_API), test_old_until_revoked);
  g_test_add_func ("/credentials/rotation/not-stored-not-in-force", test_not_stored_not_in_force);
  g_test_add_func ("/credentials/rotation/file-that-was-removed", test_file_that_was_removed);
  g_test_add_func ("/credentials/rotation/killed-at-any-moment", test_killed_at_any_moment);
  return g_test_run ();
}
