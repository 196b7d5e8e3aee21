/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of files whose loss is bearable: the last text that was handed over is what stands there.
 */
#include "app/kept-file.h"

#include <glib/gstdio.h>
#include <string.h>

#include "credentials/store.h"

#define NAME "kept"

typedef struct {
  char *directory;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("turnhouse-test-XXXXXX", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) directory = g_dir_open (fixture->directory, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
}

static gpointer
take_all (const char *text, gsize length)
{
  return g_strndup (text, length);
}

static gpointer
take_nothing (const char *text, gsize length)
{
  return NULL;
}

static void
write_number (ThKeptFileWriter *writer, guint number)
{
  char *text = g_strdup_printf ("%u", number);

  th_kept_file_writer_write (writer, text, strlen (text));
}

static void
assert_content (Fixture *fixture, const char *expected)
{
  g_autofree char *text = th_kept_file_read (fixture->directory, NAME, take_all, "");

  g_assert_cmpstr (text, ==, expected);
}

static void
test_the_last_text_stays (Fixture *fixture, gconstpointer data)
{
  ThKeptFileWriter *writer = th_kept_file_writer_new (fixture->directory, NAME);

  assert_content (fixture, NULL);
  for (guint i = 0; i <= 500; i++)
    write_number (writer, i);
  th_kept_file_writer_free (writer);
  assert_content (fixture, "500");
}

static void
test_nothing_written_is_no_file (Fixture *fixture, gconstpointer data)
{
  th_kept_file_writer_free (th_kept_file_writer_new (fixture->directory, NAME));
  assert_content (fixture, NULL);
}

static void
test_nonsense_is_kept_aside (Fixture *fixture, gconstpointer data)
{
  ThKeptFileWriter *writer = th_kept_file_writer_new (fixture->directory, NAME);

  write_number (writer, 1);
  th_kept_file_writer_free (writer);
  g_test_expect_message ("turnhouse-app", G_LOG_LEVEL_WARNING,
                         NAME " is damaged*kept as " NAME ".damaged-*; all is new");
  g_assert_null (th_kept_file_read (fixture->directory, NAME, take_nothing, "all is new"));
  g_test_assert_expected_messages ();
  assert_content (fixture, NULL);
}

/* What is written each minute has no place there: it may be locked, and is rewritten as a whole. */
static void
test_stays_out_of_the_keyring (Fixture *fixture, gconstpointer data)
{
  g_autofree char *marker = g_build_filename (fixture->directory, TH_STORE_MARKER, NULL);
  g_autofree char *path = g_build_filename (fixture->directory, NAME, NULL);
  ThKeptFileWriter *writer = th_kept_file_writer_new (fixture->directory, NAME);

  g_assert_true (g_file_set_contents (marker, "keyring\n", -1, NULL));
  write_number (writer, 7);
  th_kept_file_writer_free (writer);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  assert_content (fixture, "7");
}

static void
test_failures_are_said_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *blocker = g_build_filename (fixture->directory, NAME ".new", NULL);
  ThKeptFileWriter *writer = th_kept_file_writer_new (fixture->directory, NAME);

  g_assert_cmpint (g_mkdir (blocker, 0700), ==, 0);
  g_test_expect_message ("turnhouse-app", G_LOG_LEVEL_WARNING, NAME " is not kept: *");
  for (guint i = 0; i < 3; i++)
    {
      write_number (writer, i);
      th_kept_file_writer_flush (writer);
      g_assert_true (th_kept_file_writer_has_failed (writer));
    }
  g_test_assert_expected_messages ();
  g_rmdir (blocker);
  write_number (writer, 3);
  th_kept_file_writer_flush (writer);
  g_assert_false (th_kept_file_writer_has_failed (writer));
  assert_content (fixture, "3");
  th_kept_file_writer_free (writer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/app/kept-file/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("the-last-text-stays", test_the_last_text_stays);
  ADD ("nothing-written-is-no-file", test_nothing_written_is_no_file);
  ADD ("nonsense-is-kept-aside", test_nonsense_is_kept_aside);
  ADD ("stays-out-of-the-keyring", test_stays_out_of_the_keyring);
  ADD ("failures-are-said-once", test_failures_are_said_once);
  return g_test_run ();
}
