/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rotation of the ring: what was handed out before works on until it is revoked, nothing is in
 * force that is not on the disk.
 */
#include <glib/gstdio.h>

#include "folder.h"
#include "ring-fixture.h"

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

  g_assert_true (rotate_ring (ring, kind, NULL));
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

  revoked = revoke_ring (ring, kind, NULL);
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
  g_assert_false (rotate_ring (ring, TH_RING_SECRET, &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, before);
  g_assert_null (revoke_ring (ring, TH_RING_SECRET, NULL));
}

static void
test_file_that_was_removed (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "secrets.json", NULL);
  g_autoptr (ThSecretRing) ring = open_ring (folder, NULL);
  g_autoptr (ThCredential) old = mint (ring, TH_RING_SECRET);

  g_assert_cmpint (g_unlink (file), ==, 0);
  g_assert_true (rotate_ring (ring, TH_RING_SECRET, NULL));
  g_assert_cmpuint (accepting_secret (ring, old), ==, 1);
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
  return g_test_run ();
}
