/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes of the ring as they are asked for: one after the other, in force once they are stored,
 * and seen in the lists; and former secrets that go when their time ends.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "../relay/waiting.h"
#include "credentials/ring-state.h"
#include "folder.h"
#include "ring-fixture.h"

/* One change that was asked for, and its place among those that were finished. */
typedef struct
{
  GAsyncResult *result; /* nullable: not finished */
  guint place;
} Asked;

static guint n_finished;

static void
on_finished (GObject *ring, GAsyncResult *result, gpointer data)
{
  Asked *asked = data;

  g_assert_null (asked->result);
  asked->result = g_object_ref (result);
  asked->place = n_finished++;
}

static void
asked_clear (Asked *asked)
{
  g_clear_object (&asked->result);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Asked, asked_clear)

static void
ask_rotate (ThSecretRing *ring, GCancellable *cancellable, Asked *asked)
{
  th_secret_ring_rotate_async (ring, TH_RING_SECRET, "panel", cancellable, on_finished, asked);
}

static gboolean
finish_rotate (ThSecretRing *ring, Asked *asked, GError **error)
{
  wait_until (asked->result != NULL);
  return th_secret_ring_rotate_finish (ring, asked->result, error);
}

static guint
count (GListModel *list)
{
  return g_list_model_get_n_items (list);
}

static void
assert_secret (ThSecretRing *ring, ThRingKind kind, guint i, guint generation)
{
  g_autoptr (ThSecretInfo) info =
      g_list_model_get_item (th_secret_ring_get_secrets (ring, kind), i);

  g_assert_nonnull (info);
  g_assert_cmpuint (th_secret_info_get_generation (info), ==, generation);
  g_assert_cmpint (th_secret_info_is_current (info), ==, i == 0);
  g_assert_cmpint (th_secret_info_get_expires_at (info) == 0, ==, i == 0);
}

static void
assert_deed (ThSecretRing *ring, guint i, ThRingDeed deed)
{
  g_autoptr (ThRingEvent) event = g_list_model_get_item (th_secret_ring_get_history (ring), i);

  g_assert_nonnull (event);
  g_assert_cmpint (th_ring_event_get_deed (event), ==, deed);
}

static void
test_one_after_the_other (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, "north");
  g_auto (Asked) first = { 0 }, second = { 0 }, undo = { 0 }, revoke = { 0 };
  g_autoptr (GArray) revoked = NULL;

  n_finished = 0;
  ask_rotate (ring, NULL, &first);
  ask_rotate (ring, NULL, &second);
  th_secret_ring_undo_async (ring, TH_RING_SECRET, "desktop", NULL, on_finished, &undo);
  th_secret_ring_revoke_async (ring, TH_RING_SECRET, "command-line", NULL, on_finished, &revoke);
  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, "north"); /* nothing is stored yet */

  g_assert_true (finish_rotate (ring, &first, NULL));
  g_assert_true (finish_rotate (ring, &second, NULL));
  wait_until (undo.result != NULL && revoke.result != NULL);
  g_assert_true (th_secret_ring_undo_finish (ring, undo.result, NULL));
  revoked = th_secret_ring_revoke_finish (ring, revoke.result, NULL);
  g_assert_cmpuint (first.place, ==, 0);
  g_assert_cmpuint (second.place, ==, 1);
  g_assert_cmpuint (undo.place, ==, 2);
  g_assert_cmpuint (revoke.place, ==, 3);

  g_assert_cmpuint (count (th_secret_ring_get_secrets (ring, TH_RING_SECRET)), ==, 1);
  assert_secret (ring, TH_RING_SECRET, 0, 2);
  g_assert_cmpuint (revoked->len, ==, 2);
  g_assert_cmpuint (g_array_index (revoked, guint, 0), ==, 3);
  g_assert_cmpuint (g_array_index (revoked, guint, 1), ==, 1);
  g_assert_cmpuint (count (th_secret_ring_get_history (ring)), ==, 4);
  assert_deed (ring, 0, TH_RING_DEED_REVOKED);
  assert_deed (ring, 1, TH_RING_DEED_UNDONE);
  assert_deed (ring, 2, TH_RING_DEED_ROTATED);
  assert_deed (ring, 3, TH_RING_DEED_ROTATED);
}

/* Whoever opens the store when "changed" comes finds what is in force. */
static void
on_changed_compare (ThSecretRing *ring, gpointer folder)
{
  g_autoptr (ThSecretRing) other = open_ring (folder, NULL);

  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, th_secret_ring_get_current (other));
}

static void
test_stored_before_it_is_in_force (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, "north");

  g_signal_connect (ring, "changed", G_CALLBACK (on_changed_compare), folder);
  g_assert_true (rotate_ring (ring, TH_RING_SECRET, NULL));
  g_assert_true (undo_ring (ring, TH_RING_SECRET, NULL));
  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, "north");
}

static void
test_given_up (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, NULL);
  g_autoptr (GCancellable) waiting = g_cancellable_new (), begun = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Asked) first = { 0 }, second = { 0 }, third = { 0 }, fourth = { 0 };

  ask_rotate (ring, begun, &first);
  ask_rotate (ring, waiting, &second);
  ask_rotate (ring, NULL, &third);
  g_cancellable_cancel (begun);
  g_cancellable_cancel (waiting);
  g_assert_true (finish_rotate (ring, &first, NULL));
  g_assert_false (finish_rotate (ring, &second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (finish_rotate (ring, &third, NULL));
  assert_secret (ring, TH_RING_SECRET, 0, 3);

  ask_rotate (ring, waiting, &fourth);
  g_assert_false (finish_rotate (ring, &fourth, NULL));
  assert_secret (ring, TH_RING_SECRET, 0, 3);
}

static void
test_one_that_fails_does_not_stop_the_next (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (Asked) undo = { 0 }, rotate = { 0 };

  th_secret_ring_undo_async (ring, TH_RING_SECRET, "panel", NULL, on_finished, &undo);
  ask_rotate (ring, NULL, &rotate);
  wait_until (undo.result != NULL);
  g_assert_false (th_secret_ring_undo_finish (ring, undo.result, &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_NO_UNDO);
  g_assert_true (finish_rotate (ring, &rotate, NULL));
  g_assert_cmpuint (count (th_secret_ring_get_history (ring)), ==, 1);
}

static Asked asked_again[3];
static guint n_asked_again;

static void
on_changed_ask_again (ThSecretRing *ring, gpointer data)
{
  if (n_asked_again < G_N_ELEMENTS (asked_again))
    ask_rotate (ring, NULL, &asked_again[n_asked_again++]);
}

/* Whoever hears of a change may ask for the next. */
static void
test_asked_from_within (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, NULL);

  n_finished = 0;
  g_signal_connect (ring, "changed", G_CALLBACK (on_changed_ask_again), NULL);
  g_assert_true (rotate_ring (ring, TH_RING_SECRET, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (asked_again); i++)
    {
      g_assert_true (finish_rotate (ring, &asked_again[i], NULL));
      g_assert_cmpuint (asked_again[i].place, ==, i);
      asked_clear (&asked_again[i]);
    }
  assert_secret (ring, TH_RING_SECRET, 0, 5);
}

/* The ring lives until what was asked of it is done. */
static void
test_owner_goes_away (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  ThSecretRing *ring = open_ring (folder, "north");
  g_autoptr (ThSecretRing) again = NULL;
  g_auto (Asked) asked = { 0 };

  ask_rotate (ring, NULL, &asked);
  g_object_unref (ring);
  wait_until (asked.result != NULL);
  again = open_ring (folder, "north");
  assert_secret (again, TH_RING_SECRET, 0, 2);
  assert_secret (again, TH_RING_SECRET, 1, 1);
}

static void
on_items_changed (GListModel *list, guint position, guint removed, guint added, gpointer data)
{
  g_string_append_printf (data, "%u-%u+%u ", position, removed, added);
}

/* Rows that say the same stay where they are. */
static void
test_lists_change_in_place (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, NULL);
  GListModel *secrets = th_secret_ring_get_secrets (ring, TH_RING_SECRET);
  GListModel *history = th_secret_ring_get_history (ring);
  g_autoptr (GString) heard = g_string_new (NULL), heard_of_history = g_string_new (NULL);

  g_signal_connect (secrets, "items-changed", G_CALLBACK (on_items_changed), heard);
  g_signal_connect (history, "items-changed", G_CALLBACK (on_items_changed), heard_of_history);
  g_assert_true (rotate_ring (ring, TH_RING_SECRET, NULL));
  g_assert_true (rotate_ring (ring, TH_RING_SECRET, NULL));
  g_assert_true (rotate_ring (ring, TH_RING_API, NULL));
  g_array_unref (revoke_ring (ring, TH_RING_SECRET, NULL));
  g_assert_cmpstr (heard->str, ==, "0-1+2 0-1+2 1-2+0 ");
  g_assert_cmpstr (heard_of_history->str, ==, "0-0+1 0-0+1 0-0+1 0-0+1 ");
  g_assert_true (secrets == th_secret_ring_get_secrets (ring, TH_RING_SECRET));
  assert_secret (ring, TH_RING_SECRET, 0, 3);
  assert_secret (ring, TH_RING_API, 0, 2 | TH_RING_API_GENERATIONS);
  assert_secret (ring, TH_RING_API, 1, 1 | TH_RING_API_GENERATIONS);
}

static void
on_changed_count (ThSecretRing *ring, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_former_retires_in_time (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, NULL);
  g_autoptr (ThCredential) old = mint (ring, TH_RING_SECRET), token = mint (ring, TH_RING_API);
  GListModel *secrets = th_secret_ring_get_secrets (ring, TH_RING_SECRET);
  GListModel *api = th_secret_ring_get_secrets (ring, TH_RING_API);
  guint n_changed = 0;

  th_secret_ring_set_grace (ring, 2);
  g_assert_true (rotate_ring (ring, TH_RING_SECRET, NULL));
  th_secret_ring_set_grace (ring, 4);
  g_assert_true (rotate_ring (ring, TH_RING_API, NULL));
  g_assert_true (th_secret_ring_can_undo (ring, TH_RING_SECRET));
  g_assert_cmpuint (accepting_secret (ring, old), ==, 1);
  g_assert_cmpuint (count (secrets), ==, 2);

  g_signal_connect (ring, "changed", G_CALLBACK (on_changed_count), &n_changed);
  wait_until (n_changed == 1);
  g_assert_cmpuint (count (secrets), ==, 1);
  g_assert_cmpuint (count (api), ==, 2);
  g_assert_cmpuint (accepting_secret (ring, old), ==, 0);
  g_assert_cmpuint (accepting_secret (ring, token), ==, 1 | TH_RING_API_GENERATIONS);
  g_assert_false (th_secret_ring_can_undo (ring, TH_RING_SECRET));
  g_assert_true (th_secret_ring_can_undo (ring, TH_RING_API));

  wait_until (n_changed == 2);
  g_assert_cmpuint (count (api), ==, 1);
  g_assert_cmpuint (accepting_secret (ring, token), ==, 0);
}

static void
test_no_grace (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, NULL);
  g_autoptr (ThCredential) old = mint (ring, TH_RING_SECRET);

  th_secret_ring_set_grace (ring, 0);
  g_assert_true (rotate_ring (ring, TH_RING_SECRET, NULL));
  g_assert_cmpuint (count (th_secret_ring_get_secrets (ring, TH_RING_SECRET)), ==, 1);
  g_assert_cmpuint (accepting_secret (ring, old), ==, 0);
  g_assert_false (th_secret_ring_can_undo (ring, TH_RING_SECRET));
}

/* What was undone must go on for those who have credentials made from it. */
static void
test_undone_stays_for_its_grace (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, "north");
  g_autoptr (ThCredential) old = mint (ring, TH_RING_SECRET), undone = NULL;
  g_autoptr (ThSecretRing) again = NULL;

  g_assert_false (th_secret_ring_can_undo (ring, TH_RING_SECRET));
  g_assert_true (rotate_ring (ring, TH_RING_SECRET, NULL));
  g_assert_true (th_secret_ring_can_undo (ring, TH_RING_SECRET));
  undone = mint (ring, TH_RING_SECRET);
  g_assert_true (undo_ring (ring, TH_RING_SECRET, NULL));
  g_assert_false (th_secret_ring_can_undo (ring, TH_RING_SECRET));
  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, "north");
  g_assert_cmpuint (accepting_secret (ring, old), ==, 1);
  g_assert_cmpuint (accepting_secret (ring, undone), ==, 2);
  again = open_ring (folder, "north");
  g_assert_cmpstr (th_secret_ring_get_current (again), ==, "north");
  g_assert_cmpuint (accepting_secret (again, undone), ==, 2);
  assert_deed (again, 0, TH_RING_DEED_UNDONE);
}

static void
test_configuration_is_remembered (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = NULL;
  g_autoptr (ThRingEvent) event = NULL;

  g_object_unref (open_ring (folder, "north"));
  ring = open_ring (folder, "south");
  g_assert_cmpuint (count (th_secret_ring_get_history (ring)), ==, 1);
  event = g_list_model_get_item (th_secret_ring_get_history (ring), 0);
  g_assert_cmpint (th_ring_event_get_deed (event), ==, TH_RING_DEED_CONFIGURED);
  g_assert_cmpstr (th_ring_event_get_by (event), ==, "configuration");
  g_assert_true (undo_ring (ring, TH_RING_SECRET, NULL));
  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, "north");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/credentials/ring-change/" name, function)
  ADD ("one-after-the-other", test_one_after_the_other);
  ADD ("stored-before-it-is-in-force", test_stored_before_it_is_in_force);
  ADD ("given-up", test_given_up);
  ADD ("one-that-fails-does-not-stop-the-next", test_one_that_fails_does_not_stop_the_next);
  ADD ("asked-from-within", test_asked_from_within);
  ADD ("owner-goes-away", test_owner_goes_away);
  ADD ("lists-change-in-place", test_lists_change_in_place);
  ADD ("former-retires-in-time", test_former_retires_in_time);
  ADD ("no-grace", test_no_grace);
  ADD ("undone-stays-for-its-grace", test_undone_stays_for_its_grace);
  ADD ("configuration-is-remembered", test_configuration_is_remembered);
#undef ADD
  return g_test_run ();
}
