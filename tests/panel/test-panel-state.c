/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of what the window remembers, with files that are missing, damaged or cannot be written.
 */
#include <glib/gstdio.h>

#include "panel/panel-state.h"

typedef struct {
  char *directory;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fixture->directory = g_dir_make_tmp ("turnhouse-test-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->directory, "panel.ini", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_rmdir (fixture->directory);
  g_free (fixture->path);
  g_free (fixture->directory);
}

static ThPanelState *
load_text (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_file_set_contents (fixture->path, text, -1, &error);
  g_assert_no_error (error);
  return th_panel_state_load (fixture->path);
}

static void
assert_defaults (ThPanelState *state)
{
  g_assert_cmpint (state->width, ==, 960);
  g_assert_cmpint (state->height, ==, 680);
  g_assert_false (state->maximized);
  g_assert_false (state->welcomed);
  g_assert_false (state->traffic_in_bytes);
  g_assert_cmpstr (state->page, ==, "server");
}

static void
test_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ThPanelState) state = th_panel_state_load (fixture->path);
  assert_defaults (state);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = {
    "",
    "\1\2\3",
    "[window",
    "[window]\nwidth=x\nheight=\nmaximized=perhaps\n",
    "[window]\nwidth=0\nheight=-5\n",
    "[window]\nwidth=99999999999\nheight=16385\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (ThPanelState) state = load_text (fixture, texts[i]);
      assert_defaults (state);
    }
}

static void
test_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ThPanelState) before = th_panel_state_load (fixture->path);
  before->width = 360;
  before->height = 294;
  before->maximized = TRUE;
  before->welcomed = TRUE;
  before->traffic_in_bytes = TRUE;
  g_free (before->page);
  before->page = g_strdup ("credentials");
  th_panel_state_save (before);

  g_autoptr (ThPanelState) after = th_panel_state_load (fixture->path);
  g_assert_cmpint (after->width, ==, 360);
  g_assert_cmpint (after->height, ==, 294);
  g_assert_true (after->maximized);
  g_assert_true (after->welcomed);
  g_assert_true (after->traffic_in_bytes);
  g_assert_cmpstr (after->page, ==, "credentials");
}

static void
test_nowhere_to_keep (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "missing", "panel.ini", NULL);
  g_autoptr (ThPanelState) state = th_panel_state_load (path);
  th_panel_state_save (state);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/panel/panel-state/missing", Fixture, NULL, set_up, test_missing, tear_down);
  g_test_add ("/panel/panel-state/damaged", Fixture, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/panel/panel-state/kept", Fixture, NULL, set_up, test_kept, tear_down);
  g_test_add ("/panel/panel-state/nowhere-to-keep", Fixture, NULL, set_up, test_nowhere_to_keep,
              tear_down);
  return g_test_run ();
}
