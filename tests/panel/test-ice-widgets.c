/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of widgets of the ICE test's page, each alone.
 */
#include <adwaita.h>
#include <glib/gstdio.h>

#include "ice/ice-error.h"
#include "ice/ice-pair.h"
#include "panel/paste-reader.h"
#include "panel/widgets/bar-layout.h"
#include "panel/widgets/candidate-table.h"
#include "panel/widgets/pair-table.h"
#include "panel/widgets/paste-entry.h"

#define WAIT_SECONDS 20

/* The bar: target, options and button. */

static GtkWidget *
bar (void)
{
  static const int widths[] = { 100, 200, 60 };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (box, g_object_new (TH_TYPE_BAR_LAYOUT, "spacing", 6, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      GtkWidget *child = adw_bin_new ();
      gtk_widget_set_size_request (child, widths[i], 30);
      gtk_box_append (GTK_BOX (box), child);
    }
  return g_object_ref_sink (box);
}

static int
height_for (GtkWidget *widget, int width)
{
  int height;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  gtk_widget_allocate (widget, width, height, -1, NULL);
  return height;
}

static void
assert_at (GtkWidget *widget, int x, int y)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (widget, gtk_widget_get_parent (widget), &bounds));
  g_assert_cmpint (bounds.origin.x, ==, x);
  g_assert_cmpint (bounds.origin.y, ==, y);
}

static void
test_bar_in_one_line (void)
{
  g_autoptr (GtkWidget) box = bar ();
  GtkWidget *first = gtk_widget_get_first_child (box);

  g_assert_cmpint (height_for (box, 372), ==, 30);
  g_assert_cmpint (height_for (box, 500), ==, 30);
  assert_at (first, 0, 0);
  assert_at (gtk_widget_get_next_sibling (first), 106, 0);
  assert_at (gtk_widget_get_last_child (box), 440, 0);
}

static void
test_bar_in_two_lines (void)
{
  g_autoptr (GtkWidget) box = bar ();
  GtkWidget *first = gtk_widget_get_first_child (box);
  int minimum;

  gtk_widget_measure (box, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, ==, 200);
  g_assert_cmpint (height_for (box, 371), ==, 66);
  assert_at (first, 0, 0);
  assert_at (gtk_widget_get_next_sibling (first), 0, 36);
  assert_at (gtk_widget_get_last_child (box), 311, 0);

  gtk_widget_set_direction (box, GTK_TEXT_DIR_RTL);
  g_assert_cmpint (height_for (box, 370), ==, 66);
  assert_at (first, 270, 0);
  assert_at (gtk_widget_get_last_child (box), 0, 0);
}

static void
test_bar_with_one_alone (void)
{
  g_autoptr (GtkWidget) box = bar ();
  GtkWidget *first = gtk_widget_get_first_child (box);

  gtk_widget_set_visible (gtk_widget_get_next_sibling (first), FALSE);
  gtk_widget_set_visible (gtk_widget_get_last_child (box), FALSE);
  g_assert_cmpint (height_for (box, 120), ==, 30);
  assert_at (first, 0, 0);
}

/* Tables, in a window. */

typedef struct {
  GtkWindow *window;
  GtkWidget *widget;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer type)
{
  fixture->window = GTK_WINDOW (gtk_window_new ());
  fixture->widget = g_object_new (((GType (*) (void)) type) (), NULL);
  gtk_window_set_default_size (fixture->window, 900, 600);
  gtk_window_set_child (fixture->window, fixture->widget);
  gtk_window_present (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer type)
{
  gtk_window_destroy (fixture->window);
}

static ThIceCandidate *
candidate (ThIceCandidateType type, guint16 port)
{
  return th_ice_candidate_new (&(ThIceCandidateValues){
      .type = type,
      .foundation = "1",
      .component = 1,
      .address = "192.0.2.1",
      .port = port,
      .priority = (126u << 24) | (32542u << 8) | 255,
  });
}

/* How many mapped labels in it say that. */
static guint
count_labels (GtkWidget *widget, const char *text)
{
  guint n = GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
            g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), text);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    n += count_labels (child, text);
  return n;
}

static gboolean
on_late (gpointer late)
{
  *(gboolean *) late = TRUE;
  return G_SOURCE_REMOVE;
}

/* Until so many labels say it. */
static void
wait_for_labels (GtkWidget *widget, const char *text, guint n)
{
  gboolean late = FALSE;
  guint timer = g_timeout_add_seconds (WAIT_SECONDS, on_late, &late);

  while (count_labels (widget, text) != n && !late)
    g_main_context_iteration (NULL, TRUE);
  if (!late)
    g_source_remove (timer);
  g_assert_cmpuint (count_labels (widget, text), ==, n);
}

static void
add_candidate (GListStore *list, ThIceCandidateType type, guint16 port)
{
  g_autoptr (ThIceCandidate) added = candidate (type, port);
  g_list_store_append (list, added);
}

static void
test_candidates_at_a_relay (Fixture *fixture, gconstpointer type)
{
  g_autoptr (GListStore) list = g_list_store_new (TH_TYPE_ICE_CANDIDATE);
  ThCandidateTable *table = TH_CANDIDATE_TABLE (fixture->widget);
  GObject *relay_only = gtk_widget_get_template_child (fixture->widget, TH_TYPE_CANDIDATE_TABLE,
                                                       "relay_only");

  th_candidate_table_set_model (table, G_LIST_MODEL (list));
  g_assert_false (gtk_widget_get_visible (fixture->widget));
  add_candidate (list, TH_ICE_CANDIDATE_HOST, 5000);
  g_assert_true (gtk_widget_get_visible (fixture->widget));
  wait_for_labels (fixture->widget, "192.0.2.1:5000", 1);
  wait_for_labels (fixture->widget, "126|32542|255", 1);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (relay_only), TRUE);
  wait_for_labels (fixture->widget, "None of them is at a relay", 1);
  add_candidate (list, TH_ICE_CANDIDATE_RELAY, 6000);
  wait_for_labels (fixture->widget, "192.0.2.1:6000", 1);
  wait_for_labels (fixture->widget, "192.0.2.1:5000", 0);
  th_candidate_table_set_model (table, NULL);
  g_assert_false (gtk_widget_get_visible (fixture->widget));
}

static ThIcePair *
add_pair (GListStore *list, guint16 port)
{
  g_autoptr (ThIceCandidate) local = candidate (TH_ICE_CANDIDATE_HOST, port);
  g_autoptr (ThIceCandidate) remote = candidate (TH_ICE_CANDIDATE_RELAY, port + 1);
  ThIcePair *pair = th_ice_pair_new (local, remote);

  g_list_store_append (list, pair);
  return pair;
}

static void
test_selected_pair_is_first (Fixture *fixture, gconstpointer type)
{
  g_autoptr (GListStore) list = g_list_store_new (TH_TYPE_ICE_PAIR);
  g_autoptr (ThIcePair) one = add_pair (list, 5000);
  g_autoptr (ThIcePair) other = add_pair (list, 6000);
  GtkColumnView *view = GTK_COLUMN_VIEW (
      gtk_widget_get_template_child (fixture->widget, TH_TYPE_PAIR_TABLE, "view"));

  th_ice_pair_set_state (other, TH_ICE_PAIR_SUCCEEDED);
  th_ice_pair_set_selected (other, TRUE);
  th_pair_table_set_model (TH_PAIR_TABLE (fixture->widget), G_LIST_MODEL (list));
  wait_for_labels (fixture->widget, "In use", 1);
  g_autoptr (ThIcePair) first =
      g_list_model_get_item (G_LIST_MODEL (gtk_column_view_get_model (view)), 0);
  g_assert_true (first == other);

  th_ice_pair_set_state (one, TH_ICE_PAIR_FAILED);
  wait_for_labels (fixture->widget, "Failed", 1);
}

/* What is pasted. */

typedef struct {
  guint candidates, pairs, times;
} Found;

static void
on_read (Found *found, GListModel *candidates, GListModel *pairs)
{
  found->candidates = g_list_model_get_n_items (candidates);
  found->pairs = g_list_model_get_n_items (pairs);
  found->times++;
}

static void
paste (Fixture *fixture, const char *text)
{
  GObject *view = gtk_widget_get_template_child (fixture->widget, TH_TYPE_PASTE_ENTRY, "text");

  gdk_clipboard_set_text (gtk_widget_get_clipboard (fixture->widget), text);
  g_signal_emit_by_name (view, "select-all", TRUE);
  g_signal_emit_by_name (view, "paste-clipboard");
}

#define LINE "a=candidate:1 1 udp 2122260223 192.0.2.20 %u typ host\n"

static void
test_paste_is_read (Fixture *fixture, gconstpointer type)
{
  Found found = { 0 };

  g_signal_connect_swapped (fixture->widget, "read", G_CALLBACK (on_read), &found);
  paste (fixture, "a=candidate:1 1 udp 2122260223 192.0.2.20 51822 typ host\n"
                  "a=candidate:none of these\n");
  wait_for_labels (fixture->widget,
                   "1 candidate\nThe candidate ends too early (“candidate:none of these”)", 1);
  g_assert_cmpuint (found.candidates, ==, 1);
  g_assert_cmpuint (found.pairs, ==, 0);

  paste (fixture, "there is nothing in it");
  wait_for_labels (fixture->widget, "There is no candidate in this text", 1);
  g_assert_cmpuint (found.times, ==, 1);
}

/* It does not come into the box, and nobody waits for it. */
static void
test_long_paste_is_read_too (Fixture *fixture, gconstpointer type)
{
  Found found = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  GtkTextView *view = GTK_TEXT_VIEW (
      gtk_widget_get_template_child (fixture->widget, TH_TYPE_PASTE_ENTRY, "text"));

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, LINE, i + 1);
  g_signal_connect_swapped (fixture->widget, "read", G_CALLBACK (on_read), &found);
  paste (fixture, text->str);
  wait_for_labels (fixture->widget, "1000 candidates\nThere is more in it than is shown", 1);
  g_assert_cmpuint (found.candidates, ==, 1000);
  g_assert_cmpint (gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (view)), ==, 0);
}

static void
test_paste_may_go_while_it_is_read (Fixture *fixture, gconstpointer type)
{
  paste (fixture, "a=candidate:1 1 udp 2122260223 192.0.2.20 51822 typ host\n");
  gtk_window_set_child (fixture->window, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

/* Files, as they are dropped. */

typedef struct {
  ThIcePaste *paste;
  GError *error;
} Outcome;

static void
on_file_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;
  outcome->paste = th_paste_read_finish (result, &outcome->error);
}

static Outcome
read_file (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  Outcome outcome = { NULL, NULL };

  th_paste_read_file_async (file, NULL, on_file_read, &outcome);
  while (!outcome.paste && !outcome.error)
    g_main_context_iteration (NULL, TRUE);
  return outcome;
}

static void
test_file_is_read (void)
{
  g_autofree char *directory = g_dir_make_tmp ("turnhouse-paste-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "dump", NULL);
  Outcome outcome;

  g_assert_true (g_file_set_contents (path, "\na=candidate:1 1 udp 9 192.0.2.20 5 typ host\n", -1,
                                      NULL));
  outcome = read_file (path);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (outcome.paste->candidates)), ==, 1);
  th_ice_paste_free (outcome.paste);

  g_assert_cmpint (g_remove (path), ==, 0);
  outcome = read_file (path);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_error_free (outcome.error);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

/* No more of it than is read at all. */
static void
test_endless_file_ends (void)
{
  Outcome outcome = read_file ("/dev/zero");

  g_assert_error (outcome.error, TH_ICE_ERROR, TH_ICE_ERROR_TOO_MUCH);
  g_error_free (outcome.error);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/panel/bar-layout/in-one-line", test_bar_in_one_line);
  g_test_add_func ("/panel/bar-layout/in-two-lines", test_bar_in_two_lines);
  g_test_add_func ("/panel/bar-layout/with-one-alone", test_bar_with_one_alone);
#define ADD(name, type, function)                                                                  \
  g_test_add ("/panel/" name, Fixture, type, set_up, function, tear_down)
  ADD ("candidate-table/those-at-a-relay", th_candidate_table_get_type,
       test_candidates_at_a_relay);
  ADD ("pair-table/the-selected-one-is-first", th_pair_table_get_type,
       test_selected_pair_is_first);
  ADD ("paste-entry/reads-what-is-pasted", th_paste_entry_get_type, test_paste_is_read);
  ADD ("paste-entry/reads-long-texts", th_paste_entry_get_type, test_long_paste_is_read_too);
  ADD ("paste-entry/may-go-meanwhile", th_paste_entry_get_type,
       test_paste_may_go_while_it_is_read);
  g_test_add_func ("/panel/paste-reader/reads-a-file", test_file_is_read);
  g_test_add_func ("/panel/paste-reader/ends-with-an-endless-file", test_endless_file_ends);
  return g_test_run ();
}
