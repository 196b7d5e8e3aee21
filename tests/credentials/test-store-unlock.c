/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Having the user asked to unlock a real keyring, before the store is opened or for a move to it.
 */
#include "../settings/folder.h"
#include "credentials/ring.h"
#include "credentials/store-keyring.h"
#include "secret-service.h"
#include "store-cases.h"

#define PATIENCE 5 /* seconds, of a call that does not ask */

static gboolean
unlock (const char *folder, GCancellable *cancellable, GError **error)
{
  StoreCasesWait wait = { NULL };

  th_store_unlock_async (folder, cancellable, store_cases_on_ready, &wait);
  return store_cases_await (&wait, th_store_unlock_finish, error);
}

static gboolean
move (const char *folder, GError **error)
{
  StoreCasesWait wait = { NULL };

  th_store_move_async (folder, TH_STORE_KEYRING, NULL, store_cases_on_ready, &wait);
  return store_cases_await (&wait, th_store_move_finish, error);
}

static void
test_asks_once (void)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (TH_STORE_KEYRING);
  g_autoptr (GError) dismissed = NULL, error = NULL;

  store_cases_write (folder, "a.json", "one");
  g_assert_true (unlock (folder, NULL, &error)); /* nothing to do */
  g_assert_cmpuint (test_secret_service_count_prompts (), ==, 0);

  test_secret_service_lock ();
  test_secret_service_set_user (TEST_USER_DISMISSES);
  g_assert_false (unlock (folder, NULL, &dismissed));
  g_assert_error (dismissed, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_LOCKED);
  g_assert_cmpuint (test_secret_service_count_prompts (), ==, 1);

  test_secret_service_set_user (TEST_USER_UNLOCKS);
  g_assert_true (unlock (folder, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_secret_service_count_prompts (), ==, 1);
  store_cases_assert_content (folder, "a.json", "one");
}

static gboolean
on_time_to_cancel (gpointer cancellable)
{
  if (test_secret_service_count_prompts () == 0)
    return G_SOURCE_CONTINUE;
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

/* The user may be away for longer than a call waits. Others can have the store meanwhile. */
static void
test_waits_and_can_be_cancelled (void)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (TH_STORE_KEYRING);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  test_secret_service_lock ();
  test_secret_service_set_user (TEST_USER_IS_AWAY);
  g_timeout_add_seconds (PATIENCE + 2, on_time_to_cancel, cancellable);
  g_assert_false (unlock (folder, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  test_secret_service_set_user (TEST_USER_DISMISSES);
  test_secret_service_unlock ();
}

/* A move does not go on without the user, and loses nothing. */
static void
test_moves_when_unlocked (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GError) dismissed = NULL, error = NULL;

  store_cases_write (folder, "a.json", "one");
  test_secret_service_lock ();
  test_secret_service_set_user (TEST_USER_DISMISSES);
  g_assert_false (move (folder, &dismissed));
  g_assert_error (dismissed, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_LOCKED);
  g_assert_cmpuint (test_secret_service_count_prompts (), ==, 1);
  g_assert_cmpint (th_store_get_kind (folder), ==, TH_STORE_FILES);
  store_cases_assert_content (folder, "a.json", "one");

  test_secret_service_set_user (TEST_USER_UNLOCKS);
  g_assert_true (move (folder, &error));
  g_assert_no_error (error);
  g_assert_cmpint (th_store_get_kind (folder), ==, TH_STORE_KEYRING);
  store_cases_assert_content (folder, "a.json", "one");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!test_secret_service_start ())
    {
      g_print ("1..0 # SKIP gnome-keyring-daemon is not installed\n");
      return 77;
    }
  th_store_use_keyring ();
#define ADD(name, function) g_test_add_func ("/credentials/store-unlock/" name, function)
  ADD ("asks-once", test_asks_once);
  ADD ("moves-when-unlocked", test_moves_when_unlocked);
  ADD ("waits-and-can-be-cancelled", test_waits_and_can_be_cancelled);
#undef ADD
  status = g_test_run ();
  test_secret_service_stop ();
  return status;
}
