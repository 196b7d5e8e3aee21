/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moving between files and a real keyring: everything arrives, nothing is left behind, and whatever
 * goes wrong on the way, the marker names a place that is whole.
 */
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../settings/folder.h"
#include "credentials/ring.h"
#include "credentials/store-keyring.h"
#include "secret-service.h"
#include "store-cases.h"

#define DAMAGED "secrets.json.damaged-20260101T000000Z"
#define CUT_OFF "\ncopies may be left in the other place\n"

static const char *program;

static gboolean
move (const char *folder, ThStoreKind kind, GError **error)
{
  StoreCasesWait wait = { NULL };

  th_store_move_async (folder, kind, NULL, store_cases_on_ready, &wait);
  return store_cases_await (&wait, th_store_move_finish, error);
}

static void
move_well (const char *folder, ThStoreKind kind)
{
  g_autoptr (GError) error = NULL;

  move (folder, kind, &error);
  g_assert_no_error (error);
  g_assert_cmpint (th_store_get_kind (folder), ==, kind);
}

static void
unlock (const char *folder)
{
  StoreCasesWait wait = { NULL };
  g_autoptr (GError) error = NULL;

  th_store_unlock_async (folder, NULL, store_cases_on_ready, &wait);
  store_cases_await (&wait, th_store_unlock_finish, &error);
  g_assert_no_error (error);
}

static void
assert_files (const char *folder, guint expected)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    count += strstr (name, ".json") != NULL;
  g_assert_cmpuint (count, ==, expected);
}

static guint
count_items (void)
{
  g_auto (GStrv) labels = test_secret_service_get_labels ();
  guint count = 0;

  for (char **label = labels; *label != NULL; label++)
    count += g_str_has_prefix (*label, "Turnhouse: ");
  return count;
}

static void
assert_marker (const char *folder, const char *expected)
{
  g_autofree char *path = g_build_filename (folder, TH_STORE_MARKER, NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static void
write_three (const char *folder)
{
  store_cases_write (folder, "secrets.json", "{\"secret\": \"one\"}");
  store_cases_write (folder, "users.json", "");
  store_cases_write (folder, DAMAGED, "\x01 not even text \xff");
}

static void
assert_three (const char *folder)
{
  store_cases_assert_content (folder, "secrets.json", "{\"secret\": \"one\"}");
  store_cases_assert_content (folder, "users.json", "");
  store_cases_assert_content (folder, DAMAGED, "\x01 not even text \xff");
}

static void
test_there_and_back (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  guint before = count_items ();

  test_folder_write (folder, "panel.ini", "not the store's", 0600);
  write_three (folder);
  test_folder_write (folder, "users.json.new", "of a write that was cut off", 0600);

  move_well (folder, TH_STORE_KEYRING);
  assert_three (folder);
  assert_files (folder, 0);
  g_assert_cmpuint (count_items (), ==, before + 3);
  assert_marker (folder, "keyring\n");

  move_well (folder, TH_STORE_KEYRING); /* it is there */
  assert_three (folder);

  store_cases_write (folder, "users.json", "newer");
  store_cases_write (folder, "users.json", "");
  move_well (folder, TH_STORE_FILES);
  assert_three (folder);
  assert_files (folder, 3);
  g_assert_cmpuint (count_items (), ==, before);
  assert_marker (folder, "files\n");
}

/* What is in the place that is not used has no say: neither an older copy nor a file too many. */
static void
test_what_was_there_before (void)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (TH_STORE_KEYRING);

  store_cases_write (folder, "secrets.json", "in the keyring");
  test_folder_write (folder, "secrets.json", "stale", 0600);
  test_folder_write (folder, "tokens.json", "stale", 0600);
  move_well (folder, TH_STORE_FILES);
  store_cases_assert_content (folder, "secrets.json", "in the keyring");
  store_cases_assert_content (folder, "tokens.json", NULL);
  assert_files (folder, 1);
}

/* A limit on file sizes lets the marker be written, but not the secrets. */
static void
test_not_written_stays_in_keyring (void)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (TH_STORE_KEYRING);
  g_autofree char *large = g_strnfill (1000, 'x');
  g_autoptr (GError) error = NULL;
  struct rlimit before, small;

  store_cases_write (folder, "a.json", "small");
  store_cases_write (folder, "secrets.json", large);
  g_assert_no_errno (getrlimit (RLIMIT_FSIZE, &before));
  small = before;
  small.rlim_cur = 100;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &small));
  g_assert_false (move (folder, TH_STORE_FILES, &error));
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &before));
  signal (SIGXFSZ, SIG_DFL);

  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
  assert_marker (folder, "keyring\n");
  assert_files (folder, 0);
  store_cases_assert_content (folder, "a.json", "small");
  store_cases_assert_content (folder, "secrets.json", large);
}

static void
test_cut_off_is_finished (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  guint before = count_items ();

  /* before the marker named the keyring: copies are there */
  write_three (folder);
  move_well (folder, TH_STORE_KEYRING);
  write_three (folder);
  test_folder_write (folder, "secrets.json", "in a file", 0600);
  test_folder_write (folder, TH_STORE_MARKER, "files" CUT_OFF, 0600);
  g_assert_cmpint (th_store_get_kind (folder), ==, TH_STORE_FILES);
  unlock (folder);
  g_assert_cmpuint (count_items (), ==, before);
  assert_marker (folder, "files\n");
  store_cases_assert_content (folder, "secrets.json", "in a file");

  /* after it did: files are left */
  move_well (folder, TH_STORE_KEYRING);
  test_folder_write (folder, "secrets.json", "left", 0600);
  test_folder_write (folder, TH_STORE_MARKER, "keyring" CUT_OFF, 0600);
  unlock (folder);
  assert_files (folder, 0);
  assert_marker (folder, "keyring\n");
  store_cases_assert_content (folder, "secrets.json", "in a file");
}

/* As --move FOLDER: moves to and fro until it is killed. */
static int
move_for_ever (const char *folder)
{
  th_store_use_keyring ();
  puts ("moving");
  fflush (stdout);
  for (;;)
    if (!move (folder, TH_STORE_KEYRING, NULL) || !move (folder, TH_STORE_FILES, NULL))
      return 1;
}

static GPid
start_mover (const char *folder)
{
  const char *arguments[] = { program, "--move", folder, NULL };
  g_autoptr (GError) error = NULL;
  GPid mover;
  int output;
  char byte;

  g_spawn_async_with_pipes (NULL, (char **) arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                            &mover, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (output, &byte, 1), ==, 1);
  g_assert_no_errno (close (output));
  return mover;
}

/* Microseconds; with what else there is to do, it is never the same twice. */
static gint64
measure_moves (const char *folder)
{
  gint64 start = g_get_monotonic_time ();

  move_well (folder, TH_STORE_KEYRING);
  move_well (folder, TH_STORE_FILES);
  return g_get_monotonic_time () - start;
}

static void
test_killed_at_any_moment (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  gint64 longest;
  guint in_keyring = 0, cut_off = 0, rounds = g_test_slow () ? 200 : 40, before = count_items ();
  g_autofree char *marker = g_build_filename (folder, TH_STORE_MARKER, NULL);

  write_three (folder);
  longest = measure_moves (folder) * 3 / 2;
  for (guint i = 0; i < rounds; i++)
    {
      GPid mover = start_mover (folder);
      g_autofree char *text = NULL;
      int status;

      g_usleep (g_test_rand_int_range (0, longest));
      g_assert_no_errno (kill (mover, SIGKILL));
      g_assert_cmpint (waitpid (mover, &status, 0), ==, mover);
      g_assert_true (WIFSIGNALED (status));

      if (g_file_get_contents (marker, &text, NULL, NULL))
        cut_off += strchr (text, '\n')[1] != '\0';
      in_keyring += th_store_get_kind (folder) == TH_STORE_KEYRING;
      assert_three (folder);
      if (g_test_rand_bit ())
        unlock (folder);
    }
  g_test_message ("%u of %u were in the keyring, %u cut off", in_keyring, rounds, cut_off);
  g_assert_cmpuint (in_keyring, >, 0);
  g_assert_cmpuint (in_keyring, <, rounds);
  g_assert_cmpuint (cut_off, >, 0);

  unlock (folder);
  assert_three (folder);
  move_well (folder, TH_STORE_FILES);
  g_assert_cmpuint (count_items (), ==, before);
}

int
main (int argc, char **argv)
{
  int status;

  if (argc == 3 && g_str_equal (argv[1], "--move"))
    return move_for_ever (argv[2]);
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  if (!test_secret_service_start ())
    {
      g_print ("1..0 # SKIP gnome-keyring-daemon is not installed\n");
      return 77;
    }
  th_store_use_keyring ();
#define ADD(name, function) g_test_add_func ("/credentials/store-move/" name, function)
  ADD ("there-and-back", test_there_and_back);
  ADD ("what-was-there-before", test_what_was_there_before);
  ADD ("not-written-stays-in-keyring", test_not_written_stays_in_keyring);
  ADD ("cut-off-is-finished", test_cut_off_is_finished);
  ADD ("killed-at-any-moment", test_killed_at_any_moment);
#undef ADD
  status = g_test_run ();
  test_secret_service_stop ();
  return status;
}
