/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store in files: the cases of every store, and what happens to disks: full, read-only, the
 * process killed in mid-write. What was there before must stay.
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "credentials/ring.h"
#include "folder.h"
#include "store-cases.h"

static void
assert_only_file (const char *folder, const char *expected)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_cmpstr (name, ==, expected);
}

static guint
get_mode (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf status;

  g_assert_no_errno (g_stat (path, &status));
  return status.st_mode & 07777;
}

static void
test_modes (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *state = g_build_filename (folder, "a", "b", NULL);
  mode_t mask = umask (0);

  store_cases_write (state, "f", "one");
  g_assert_cmpuint (get_mode (folder, "a"), ==, 0700);
  g_assert_cmpuint (get_mode (folder, "a/b"), ==, 0700);
  g_assert_cmpuint (get_mode (state, "f"), ==, 0600);

  /* The rest of a write that was cut off does not decide about the mode of the next. */
  test_folder_write (state, "f.new", "a longer text than what follows", 0666);
  store_cases_write (state, "f", "two");
  g_assert_cmpuint (get_mode (state, "f"), ==, 0600);
  store_cases_assert_content (state, "f", "two");
  assert_only_file (state, "f");
  umask (mask);
}

static void
test_directory_cannot_be (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *below = g_build_filename (file, "state", NULL);
  g_autoptr (GError) is_file = NULL, is_below = NULL;

  test_folder_write (folder, "file", "", 0600);
  g_assert_null (th_store_open (file, &is_file));
  g_assert_error (is_file, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
  g_assert_null (th_store_open (below, &is_below));
  g_assert_error (is_below, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
  g_assert_nonnull (strstr (is_below->message, below));
}

static void
test_too_large_is_damaged (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *huge = g_strnfill (TH_STORE_FILE_SIZE_MAX + 1, 'x');
  g_autoptr (ThStore) store = store_cases_open (folder);
  g_autoptr (GError) error = NULL;
  char *text;
  gsize length;

  test_folder_write (folder, "f", huge, 0600);
  g_assert_false (th_store_read (store, "f", &text, &length, &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED);
  g_assert_null (text);
}

static void
test_symbolic_links_are_not_followed (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *target = g_build_filename (folder, "target", NULL);
  g_autofree char *link = g_build_filename (folder, "f.new", NULL);
  g_autofree char *kept = NULL;
  g_autoptr (ThStore) store = store_cases_open (folder);
  g_autoptr (GError) error = NULL;

  test_folder_write (folder, "target", "precious", 0600);
  g_assert_no_errno (symlink ("target", link));
  g_assert_false (th_store_write (store, "f", "x", 1, &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
  g_assert_true (g_file_get_contents (target, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "precious");
}

static void
test_marker (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *absent = g_build_filename (folder, "absent", NULL);
  static const char *const files[] = { "files", "files\n", " files \r\n" };

  g_assert_cmpint (th_store_get_kind (absent), ==, TH_STORE_FILES);
  g_assert_cmpint (th_store_get_kind (folder), ==, TH_STORE_FILES);
  store_cases_write (folder, "f", "one");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      test_folder_write (folder, TH_STORE_MARKER, files[i], 0600);
      g_assert_cmpint (th_store_get_kind (folder), ==, TH_STORE_FILES);
      store_cases_assert_content (folder, "f", "one");
    }
  test_folder_write (folder, TH_STORE_MARKER, "keyring\n", 0600);
  g_assert_cmpint (th_store_get_kind (folder), ==, TH_STORE_KEYRING);
}

/* Secrets are somewhere, but not to be had: making new ones would lose them. */
static void
test_not_files_is_an_error (void)
{
  static const char *const markers[] = { "keyring", "",           "\n",      "\nfiles",
                                         "file",    "filesystem", "Keyring", "files keyring",
                                         "\xff\xfe" };

  for (guint i = 0; i < G_N_ELEMENTS (markers); i++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autoptr (GError) error = NULL, of_ring = NULL;

      test_folder_write (folder, TH_STORE_MARKER, markers[i], 0600);
      g_assert_null (th_store_open (folder, &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
      g_assert_null (th_secret_ring_open (folder, NULL, &of_ring));
      g_assert_error (of_ring, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
      assert_only_file (folder, TH_STORE_MARKER);
    }
}

/* Without a keyring there is nothing to choose. */
static void
test_only_files_are_available (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  StoreCasesWait files = { NULL }, keyring = { NULL }, moved = { NULL };
  g_autoptr (GError) error = NULL;

  th_store_kind_is_available_async (TH_STORE_FILES, NULL, store_cases_on_ready, &files);
  g_assert_true (store_cases_await (&files, th_store_kind_is_available_finish, NULL));
  th_store_kind_is_available_async (TH_STORE_KEYRING, NULL, store_cases_on_ready, &keyring);
  g_assert_false (store_cases_await (&keyring, th_store_kind_is_available_finish, NULL));

  store_cases_write (folder, "f", "one");
  th_store_move_async (folder, TH_STORE_KEYRING, NULL, store_cases_on_ready, &moved);
  g_assert_false (store_cases_await (&moved, th_store_move_finish, &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
  store_cases_assert_content (folder, "f", "one");
  assert_only_file (folder, "f");
}

static void
assert_write_fails (const char *folder, gsize length)
{
  g_autoptr (ThStore) store = store_cases_open (folder);
  g_autofree char *text = g_strnfill (length, 'x');
  g_autoptr (GError) error = NULL;

  g_assert_false (th_store_write (store, "f", text, length, &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
  g_test_message ("%s", error->message);
  g_assert_null (strstr (error->message, "xx"));
}

/* A limit on file sizes cuts the write off in the middle, and needs no rights. */
static void
test_write_cut_off (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  struct rlimit before, small;

  store_cases_write (folder, "f", "one");
  g_assert_no_errno (getrlimit (RLIMIT_FSIZE, &before));
  small = before;
  small.rlim_cur = 100;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &small));
  assert_write_fails (folder, 1000);
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &before));
  signal (SIGXFSZ, SIG_DFL);

  store_cases_assert_content (folder, "f", "one");
  assert_only_file (folder, "f");
}

/* A disk of our own, in a mount namespace of our own; FALSE where that is not allowed. */
static gboolean
mount_small_disk (const char *folder)
{
  return unshare (CLONE_NEWNS) == 0 && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
         mount ("tmpfs", folder, "tmpfs", 0, "size=16k,mode=0700") == 0;
}

static void
test_disk_full_then_read_only (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();

  if (!mount_small_disk (folder))
    {
      g_test_skip ("a small disk needs the right to mount one");
      return;
    }
  store_cases_write (folder, "f", "one");
  assert_write_fails (folder, 64 * 1024);
  store_cases_assert_content (folder, "f", "one");
  assert_only_file (folder, "f");

  g_assert_no_errno (mount (NULL, folder, NULL, MS_REMOUNT | MS_RDONLY, NULL));
  assert_write_fails (folder, 10);
  store_cases_assert_content (folder, "f", "one");
  g_assert_no_errno (umount (folder));
}

/* In a child: writes one text after the other, each "NUMBER:xxx…", until it is killed. */
static void
write_for_ever (const char *folder)
{
  for (guint i = 0;; i++)
    {
      g_autofree char *filler = g_strnfill (20000, 'x');
      g_autofree char *text = g_strdup_printf ("%u:%s", i, filler);

      store_cases_write (folder, "f", text);
    }
}

static void
test_killed_while_writing (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();

  store_cases_write (folder, "f", "first");
  for (guint round = 0; round < 20; round++)
    {
      g_autofree char *text = NULL;
      pid_t child = fork ();

      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        write_for_ever (folder);
      g_usleep (g_test_rand_int_range (0, 8000));
      g_assert_no_errno (kill (child, SIGKILL));
      g_assert_cmpint (waitpid (child, NULL, 0), ==, child);

      text = store_cases_read (folder, "f");
      if (!g_str_equal (text, "first"))
        g_assert_cmpuint (strlen (strchr (text, ':')), ==, 20001);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  store_cases_add ("store", TH_STORE_FILES);
#define ADD(name, function) g_test_add_func ("/credentials/store/" name, function)
  ADD ("modes", test_modes);
  ADD ("directory-cannot-be", test_directory_cannot_be);
  ADD ("too-large-is-damaged", test_too_large_is_damaged);
  ADD ("symbolic-links-are-not-followed", test_symbolic_links_are_not_followed);
  ADD ("marker", test_marker);
  ADD ("not-files-is-an-error", test_not_files_is_an_error);
  ADD ("only-files-are-available", test_only_files_are_available);
  ADD ("write-cut-off", test_write_cut_off);
  ADD ("killed-while-writing", test_killed_while_writing);
  ADD ("disk-full-then-read-only", test_disk_full_then_read_only); /* last: it changes mounts */
#undef ADD
  return g_test_run ();
}
