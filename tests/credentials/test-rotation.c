/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rotation of the ring: what was handed out before works on until it is revoked, nothing is in
 * force that is not on the disk.
 */
#include <glib/gstdio.h>

#include "awaiting.h"
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

static gboolean
take_seed (ThSecretRing *ring, const char *secret, GError **error)
{
  const ThRingSeed seed = { .secret = secret };
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  th_secret_ring_take_seed_async (ring, &seed, "configuration", NULL, keep_result, &slot);
  result = await_result (&slot);
  return th_secret_ring_take_seed_finish (ring, result, error);
}

static void
on_ring_changed (ThSecretRing *ring, gpointer count)
{
  ++*(guint *) count;
}

/* A configuration that is read again while the ring is open: as if it had been opened anew. */
static void
test_seed_while_open (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, "north");
  g_autoptr (ThCredential) old = mint (ring, TH_RING_SECRET);
  g_autoptr (ThSecretRing) again = NULL;
  g_autoptr (GError) error = NULL;
  guint n_changes = 0;

  g_signal_connect (ring, "changed", G_CALLBACK (on_ring_changed), &n_changes);
  g_assert_true (take_seed (ring, "north", NULL));
  g_assert_true (take_seed (ring, NULL, NULL));
  g_assert_cmpuint (n_changes, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (th_secret_ring_get_history (ring)), ==, 0);

  g_assert_true (take_seed (ring, "south", NULL));
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, "south");
  g_assert_cmpuint (accepting_secret (ring, old), ==, 1);
  g_autoptr (ThRingEvent) event = g_list_model_get_item (th_secret_ring_get_history (ring), 0);
  g_assert_cmpint (th_ring_event_get_deed (event), ==, TH_RING_DEED_CONFIGURED);
  g_assert_cmpstr (th_ring_event_get_by (event), ==, "configuration");
  again = open_ring (folder, "south");
  g_assert_cmpuint (g_list_model_get_n_items (th_secret_ring_get_history (again)), ==, 1);

  g_assert_false (take_seed (ring, "", &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, "south");
}

/* What the command line has rotated stays while the configuration says what it said. */
static void
test_same_seed_after_rotation (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, "north");
  g_autofree char *rotated = NULL;

  g_assert_true (rotate_ring (ring, TH_RING_SECRET, NULL));
  rotated = g_strdup (th_secret_ring_get_current (ring));
  g_assert_true (take_seed (ring, "north", NULL));
  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, rotated);
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
  g_test_add_func ("/credentials/rotation/seed-while-open", test_seed_while_open);
  g_test_add_func ("/credentials/rotation/same-seed-after-rotation", test_same_seed_after_rotation);
  return g_test_run ();
}
