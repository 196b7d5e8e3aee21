/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store in a real keyring: the cases of every store, and what only a keyring can do: be locked,
 * be silent, be away.
 */
#include "../settings/folder.h"
#include "credentials/ring.h"
#include "credentials/store-keyring.h"
#include "secret-service.h"
#include "store-cases.h"

#define PATIENCE 5 /* seconds, for a call */

static void
assert_locked (GError *error)
{
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_LOCKED);
  g_assert_nonnull (strstr (error->message, "unlock it"));
}

static void
test_labels (void)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (TH_STORE_KEYRING);
  g_auto (GStrv) labels = NULL;

  store_cases_write (folder, "secrets.json", "{}");
  labels = test_secret_service_get_labels ();
  g_assert_true (g_strv_contains ((const char *const *) labels, "Turnhouse: shared secrets"));
}

static void
test_locked_is_an_error_and_no_prompt (void)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (TH_STORE_KEYRING);
  g_autoptr (GError) reading = NULL, missing = NULL, writing = NULL, aside = NULL;
  g_autoptr (ThStore) store = NULL;
  g_autofree char *text = NULL;
  gsize length;

  store_cases_write (folder, "a.json", "one");
  test_secret_service_lock ();
  store = store_cases_open (folder);
  g_assert_false (th_store_read (store, "a.json", &text, &length, &reading));
  assert_locked (reading);
  g_assert_false (th_store_read (store, "b.json", &text, &length, &missing));
  assert_locked (missing);
  g_assert_false (th_store_write (store, "a.json", "two", 3, &writing));
  assert_locked (writing);
  g_assert_null (th_store_set_aside (store, "a.json", &aside));
  assert_locked (aside);
  g_assert_cmpuint (test_secret_service_count_prompts (), ==, 0);

  test_secret_service_unlock ();
  g_clear_pointer (&store, th_store_close);
  store_cases_assert_content (folder, "a.json", "one");
}

static void
test_locked_while_open (void)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (TH_STORE_KEYRING);
  g_autoptr (ThStore) store = store_cases_open (folder);
  g_autoptr (GError) error = NULL;

  g_assert_true (th_store_write (store, "a.json", "one", 3, NULL));
  test_secret_service_lock ();
  g_assert_false (th_store_write (store, "a.json", "two", 3, &error));
  assert_locked (error);
  g_assert_cmpuint (test_secret_service_count_prompts (), ==, 0);
  test_secret_service_unlock ();
}

static void
test_ring_waits_for_its_secrets (void)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (TH_STORE_KEYRING);
  g_autoptr (ThSecretRing) ring = th_secret_ring_open (folder, NULL, NULL);
  g_autofree char *secret = g_strdup (th_secret_ring_get_current (ring));
  g_autoptr (GError) error = NULL;

  g_clear_object (&ring);
  test_secret_service_lock ();
  g_assert_null (th_secret_ring_open (folder, NULL, &error));
  assert_locked (error);
  test_secret_service_unlock ();
  ring = th_secret_ring_open (folder, NULL, NULL);
  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, secret);
}

/* A service that is there but says nothing holds nobody up for long. */
static void
test_silent (void)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (TH_STORE_KEYRING);
  g_autoptr (ThStore) store = store_cases_open (folder);
  g_autoptr (GError) writing = NULL, opening = NULL;
  gint64 start;

  test_secret_service_freeze ();
  start = g_get_monotonic_time ();
  g_assert_false (th_store_write (store, "a.json", "one", 3, &writing));
  g_assert_error (writing, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
  g_assert_nonnull (strstr (writing->message, "does not answer"));
  g_clear_pointer (&store, th_store_close);
  g_assert_null (th_store_open (folder, &opening));
  g_assert_error (opening, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * (PATIENCE + 1) * G_USEC_PER_SEC);
  test_secret_service_thaw ();
  store_cases_assert_content (folder, "a.json", NULL);
}

static gboolean
is_available (ThStoreKind kind)
{
  StoreCasesWait wait = { NULL };

  th_store_kind_is_available_async (kind, NULL, store_cases_on_ready, &wait);
  return store_cases_await (&wait, th_store_kind_is_available_finish, NULL);
}

static void
test_available (void)
{
  g_assert_true (is_available (TH_STORE_FILES));
  g_assert_true (is_available (TH_STORE_KEYRING));
  test_secret_service_lock ();
  g_assert_true (is_available (TH_STORE_KEYRING));
  g_assert_cmpuint (test_secret_service_count_prompts (), ==, 0);
  test_secret_service_unlock ();
}

/* In a program of its own, as there is one session bus for a program. */
static void
test_no_session_bus (void)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (TH_STORE_KEYRING);
  g_autoptr (GError) opening = NULL, unlocking = NULL;
  StoreCasesWait unlocked = { NULL };

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }
  g_assert_null (th_store_open (folder, &opening));
  g_assert_error (opening, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
  th_store_unlock_async (folder, NULL, store_cases_on_ready, &unlocked);
  g_assert_false (store_cases_await (&unlocked, th_store_unlock_finish, &unlocking));
  g_assert_error (unlocking, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
  g_assert_false (is_available (TH_STORE_KEYRING));
  g_assert_true (is_available (TH_STORE_FILES));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (g_test_subprocess ())
    g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  else if (!test_secret_service_start ())
    {
      g_print ("1..0 # SKIP gnome-keyring-daemon is not installed\n");
      return 77;
    }
  th_store_use_keyring ();
  store_cases_add ("store-keyring", TH_STORE_KEYRING);
#define ADD(name, function) g_test_add_func ("/credentials/store-keyring/" name, function)
  ADD ("labels", test_labels);
  ADD ("locked-is-an-error-and-no-prompt", test_locked_is_an_error_and_no_prompt);
  ADD ("locked-while-open", test_locked_while_open);
  ADD ("ring-waits-for-its-secrets", test_ring_waits_for_its_secrets);
  ADD ("silent", test_silent);
  ADD ("available", test_available);
  ADD ("no-session-bus", test_no_session_bus);
#undef ADD
  status = g_test_run ();
  if (!g_test_subprocess ())
    test_secret_service_stop ();
  return status;
}
