/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of files whose loss is bearable: the last text that was handed over is what stands there.
 */
#include "app/kept-file.h"

#include <glib/gstdio.h>
#include <string.h>

#define NAME "kept.json"

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/app/kept-file/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("the-last-text-stays", test_the_last_text_stays);
  ADD ("nothing-written-is-no-file", test_nothing_written_is_no_file);
  ADD ("nonsense-is-kept-aside", test_nonsense_is_kept_aside);
  return g_test_run ();
}
