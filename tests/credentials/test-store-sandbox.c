/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store in a keyring as libsecret has it in a sandbox: a file that it encrypts itself. Its key
 * comes from the environment here, and from the Secret portal there.
 */
#include "../settings/folder.h"
#include "credentials/store-keyring.h"
#include "store-cases.h"

static void
test_available (void)
{
  StoreCasesWait wait = { NULL };

  th_store_kind_is_available_async (TH_STORE_KEYRING, NULL, store_cases_on_ready, &wait);
  g_assert_true (store_cases_await (&wait, th_store_kind_is_available_finish, NULL));
}

static void
test_unlock_and_move (void)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (TH_STORE_FILES);
  StoreCasesWait moved = { NULL }, unlocked = { NULL };
  g_autoptr (GError) error = NULL;

  store_cases_write (folder, "a.json", "one");
  th_store_move_async (folder, TH_STORE_KEYRING, NULL, store_cases_on_ready, &moved);
  store_cases_await (&moved, th_store_move_finish, &error);
  g_assert_no_error (error);
  g_assert_cmpint (th_store_get_kind (folder), ==, TH_STORE_KEYRING);
  th_store_unlock_async (folder, NULL, store_cases_on_ready, &unlocked);
  store_cases_await (&unlocked, th_store_unlock_finish, &error);
  g_assert_no_error (error);
  store_cases_assert_content (folder, "a.json", "one");
}

int
main (int argc, char **argv)
{
  g_autoptr (TestFolder) home = test_folder_new ();
  g_autofree char *file = g_build_filename (home, "keyring", NULL);

  g_test_init (&argc, &argv, NULL);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", file, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "a password of the test", TRUE);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  th_store_use_keyring ();
  store_cases_add ("store-sandbox", TH_STORE_KEYRING);
  g_test_add_func ("/credentials/store-sandbox/available", test_available);
  g_test_add_func ("/credentials/store-sandbox/unlock-and-move", test_unlock_and_move);
  return g_test_run ();
}
