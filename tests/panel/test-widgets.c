/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of the rows and lists of the Server page with models made up for it, and of the layout that
 * makes room for them.
 */
#include <adwaita.h>
#include <glib/gstdio.h>

#include "app/problem.h"
#include "panel/widgets/copy-row.h"
#include "panel/widgets/flow-layout.h"
#include "panel/widgets/problem-list.h"
#include "panel/widgets/qr-code.h"
#include "panel/widgets/storage-row.h"
#include "panel/widgets/width-layout.h"
#include "panel/window.h"

/* The first widget below @root that is a @type with that label; any label if NULL. */
static GtkWidget *
find (GtkWidget *root, GType type, const char *label)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    {
      g_autofree char *text = NULL;
      if (label)
        g_object_get (root, "label", &text, NULL);
      if (!label || g_strcmp0 (text, label) == 0)
        return root;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type, label);
      if (found)
        return found;
    }
  return NULL;
}

static guint
count_rows (GtkWidget *root)
{
  guint n = 0;
  GtkWidget *list = find (root, GTK_TYPE_LIST_BOX, NULL);
  while (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), n))
    n++;
  return n;
}

static void
add_problem (GListStore *problems, const char *title, const char *action)
{
  g_autoptr (ThProblem) problem = th_problem_new ("test", TH_SEVERITY_ERROR, title,
                                                  "What to do <b>about</b> it & more", action, 0);
  g_list_store_append (problems, problem);
}

typedef struct {
  GListStore *problems;
  ThProblemList *list;
} Problems;

static void
set_up_problems (Problems *fixture, gconstpointer data)
{
  fixture->problems = g_list_store_new (TH_TYPE_PROBLEM);
  fixture->list = g_object_ref_sink (g_object_new (TH_TYPE_PROBLEM_LIST, NULL));
  th_problem_list_set_model (fixture->list, G_LIST_MODEL (fixture->problems));
}

static void
tear_down_problems (Problems *fixture, gconstpointer data)
{
  g_object_unref (fixture->list);
  g_object_unref (fixture->problems);
}

static void
test_no_problem_no_list (Problems *fixture, gconstpointer data)
{
  GtkWidget *list = GTK_WIDGET (fixture->list);
  g_assert_false (gtk_widget_get_visible (list));
  add_problem (fixture->problems, "One", NULL);
  g_assert_true (gtk_widget_get_visible (list));
  g_list_store_remove_all (fixture->problems);
  g_assert_false (gtk_widget_get_visible (list));
}

static void
test_three_at_first (Problems *fixture, gconstpointer data)
{
  GtkWidget *list = GTK_WIDGET (fixture->list);
  for (guint i = 0; i < 5; i++)
    add_problem (fixture->problems, "Something", NULL);
  g_assert_cmpuint (count_rows (list), ==, 3);

  GtkWidget *more = find (list, GTK_TYPE_BUTTON, "2 More");
  g_assert_nonnull (more);
  g_signal_emit_by_name (more, "clicked");
  g_assert_cmpuint (count_rows (list), ==, 5);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (more)), ==, "Show Less");
  add_problem (fixture->problems, "Something", NULL);
  g_assert_cmpuint (count_rows (list), ==, 6);
  g_signal_emit_by_name (more, "clicked");
  g_assert_cmpuint (count_rows (list), ==, 3);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (more)), ==, "3 More");

  g_list_store_splice (fixture->problems, 0, 3, NULL, 0);
  g_assert_false (gtk_widget_get_visible (more));
}

/* Resolving a problem takes its row away while its button is still being pressed. */
static void
on_resolve (ThProblemList *list, ThProblem *problem, Problems *fixture)
{
  g_assert_cmpstr (th_problem_get_title (problem), ==, "Second");
  g_list_store_remove_all (fixture->problems);
}

static void
test_button_resolves (Problems *fixture, gconstpointer data)
{
  GtkWidget *list = GTK_WIDGET (fixture->list);
  add_problem (fixture->problems, "First", NULL);
  add_problem (fixture->problems, "Second", "Use Port 3479");
  g_signal_connect (fixture->list, "resolve", G_CALLBACK (on_resolve), fixture);

  GtkWidget *button = find (list, GTK_TYPE_BUTTON, "Use Port 3479");
  g_assert_true (gtk_widget_get_visible (button));
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpuint (count_rows (list), ==, 0);
}

/* Texts are words, never markup. */
static void
test_texts_are_literal (Problems *fixture, gconstpointer data)
{
  add_problem (fixture->problems, "Port <i>3478</i> & more", NULL);
  GtkWidget *list = GTK_WIDGET (fixture->list);
  g_assert_nonnull (find (list, GTK_TYPE_LABEL, "Port <i>3478</i> & more"));
  GtkWidget *detail = find (list, GTK_TYPE_LABEL, "What to do <b>about</b> it & more");
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (detail)), ==,
                   "What to do <b>about</b> it & more");
}

static GtkWidget *
flow_box (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_layout_manager (box, g_object_new (TH_TYPE_FLOW_LAYOUT, "spacing", 12, NULL));
  for (guint i = 0; i < 2; i++)
    {
      GtkWidget *child = adw_bin_new ();
      gtk_widget_set_size_request (child, i == 0 ? 300 : 100, i == 0 ? 20 : 30);
      gtk_box_append (GTK_BOX (box), child);
    }
  return g_object_ref_sink (box);
}

static void
assert_placed (GtkWidget *widget, int x, int y, int width, int height)
{
  graphene_rect_t bounds;
  g_assert_true (gtk_widget_compute_bounds (widget, gtk_widget_get_parent (widget), &bounds));
  g_assert_cmpint (bounds.origin.x, ==, x);
  g_assert_cmpint (bounds.origin.y, ==, y);
  g_assert_cmpint (bounds.size.width, ==, width);
  g_assert_cmpint (bounds.size.height, ==, height);
}

static int
height_for (GtkWidget *widget, int width)
{
  int height;
  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  return height;
}

static void
test_flow_beside (void)
{
  g_autoptr (GtkWidget) box = flow_box ();
  g_assert_cmpint (height_for (box, 500), ==, 30);
  gtk_widget_allocate (box, 500, 30, -1, NULL);
  assert_placed (gtk_widget_get_first_child (box), 0, 0, 388, 30);
  assert_placed (gtk_widget_get_last_child (box), 400, 0, 100, 30);

  g_object_set (gtk_widget_get_layout_manager (box), "packed", TRUE, NULL);
  height_for (box, 500);
  gtk_widget_allocate (box, 500, 30, -1, NULL);
  assert_placed (gtk_widget_get_last_child (box), 312, 0, 100, 30);
}

/* Numbers that change in the first leave the second where it is. */
static void
test_flow_with_first_width (void)
{
  g_autoptr (GtkWidget) box = flow_box ();
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (box);
  g_object_set (layout, "packed", TRUE, "first-width", 350, NULL);
  for (int first = 300; first <= 340; first += 40)
    {
      gtk_widget_set_size_request (gtk_widget_get_first_child (box), first, 20);
      height_for (box, 500);
      gtk_widget_allocate (box, 500, 30, -1, NULL);
      assert_placed (gtk_widget_get_last_child (box), 362, 0, 100, 30);
    }
  /* The width that it shall have is none that it needs. */
  int minimum;
  gtk_widget_measure (box, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, ==, 340);
  g_assert_cmpint (height_for (box, 461), ==, 20 + 12 + 30);
}

static void
test_flow_below (void)
{
  g_autoptr (GtkWidget) box = flow_box ();
  int minimum;
  gtk_widget_measure (box, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, ==, 300);
  g_assert_cmpint (height_for (box, 411), ==, 20 + 12 + 30);
  g_assert_cmpint (height_for (box, 412), ==, 30);
  gtk_widget_allocate (box, 320, 62, -1, NULL);
  assert_placed (gtk_widget_get_first_child (box), 0, 0, 320, 20);
  assert_placed (gtk_widget_get_last_child (box), 0, 32, 320, 30);
}

static void
test_flow_even (void)
{
  g_autoptr (GtkWidget) box = flow_box ();
  g_object_set (gtk_widget_get_layout_manager (box), "even", TRUE, NULL);
  g_assert_cmpint (height_for (box, 611), ==, 20 + 12 + 30);
  g_assert_cmpint (height_for (box, 632), ==, 30);
  gtk_widget_allocate (box, 632, 30, -1, NULL);
  assert_placed (gtk_widget_get_first_child (box), 0, 0, 310, 30);
  assert_placed (gtk_widget_get_last_child (box), 322, 0, 310, 30);
}

static void
test_flow_with_one_hidden (void)
{
  g_autoptr (GtkWidget) box = flow_box ();
  gtk_widget_set_visible (gtk_widget_get_last_child (box), FALSE);
  g_assert_cmpint (height_for (box, 320), ==, 20);
  gtk_widget_allocate (box, 320, 20, -1, NULL);
  assert_placed (gtk_widget_get_first_child (box), 0, 0, 320, 20);
}

/* The label that is shown in a row, below its title */
static GtkLabel *
find_text (GtkWidget *row)
{
  return GTK_LABEL (gtk_widget_get_template_child (row, TH_TYPE_COPY_ROW, "label"));
}

static void
test_copy_row_of_secret (void)
{
  GtkWidget *row = g_object_ref_sink (
      g_object_new (TH_TYPE_COPY_ROW, "title", "Secret", "copy-label", "Copy secret",
                    "reveal-label", "Reveal secret", NULL));
  GtkWidget *reveal =
      GTK_WIDGET (gtk_widget_get_template_child (row, TH_TYPE_COPY_ROW, "reveal_button"));
  th_copy_row_set_text (TH_COPY_ROW (row), "first");
  g_assert_true (gtk_widget_get_visible (reveal));
  g_assert_null (strstr (gtk_label_get_label (find_text (row)), "first"));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (reveal), TRUE);
  g_assert_cmpstr (gtk_label_get_label (find_text (row)), ==, "first");

  /* The next one was not asked for. */
  th_copy_row_set_text (TH_COPY_ROW (row), "second");
  g_assert_null (strstr (gtk_label_get_label (find_text (row)), "second"));
  g_object_unref (row);
}

static void
test_copy_row_in_the_open (void)
{
  GtkWidget *row = g_object_ref_sink (
      g_object_new (TH_TYPE_COPY_ROW, "title", "Key", "copy-label", "Copy key", NULL));
  GtkWidget *reveal =
      GTK_WIDGET (gtk_widget_get_template_child (row, TH_TYPE_COPY_ROW, "reveal_button"));
  GtkWidget *copy =
      GTK_WIDGET (gtk_widget_get_template_child (row, TH_TYPE_COPY_ROW, "copy_button"));
  gtk_test_accessible_assert_property (copy, GTK_ACCESSIBLE_PROPERTY_LABEL, "Copy key");
  th_copy_row_set_text (TH_COPY_ROW (row), "key");
  g_assert_false (gtk_widget_get_visible (reveal));
  g_assert_cmpstr (gtk_label_get_label (find_text (row)), ==, "key");

  g_object_set (row, "caption", "Words", NULL);
  g_assert_cmpstr (gtk_label_get_label (find_text (row)), ==, "Words");
  g_object_unref (row);
}

static void
test_copy_row_as_qr_code (void)
{
  GtkWidget *row = g_object_ref_sink (
      g_object_new (TH_TYPE_COPY_ROW, "title", "TURN", "copy-label", "Copy", NULL));
  GtkWidget *button =
      GTK_WIDGET (gtk_widget_get_template_child (row, TH_TYPE_COPY_ROW, "qr_button"));
  GtkWidget *code = GTK_WIDGET (gtk_widget_get_template_child (row, TH_TYPE_COPY_ROW, "qr_code"));
  g_autofree char *long_text = g_strnfill (200, 'x');

  th_copy_row_set_text (TH_COPY_ROW (row), "turn:192.0.2.1");
  g_assert_false (gtk_widget_get_visible (button));
  g_object_set (row, "qr-label", "Show as QR code", NULL);
  if (!th_qr_code_set_text (TH_QR_CODE (code), "x"))
    {
      g_assert_false (gtk_widget_get_visible (button));
      g_object_unref (row);
      g_test_skip ("built without QR codes");
      return;
    }
  g_assert_true (gtk_widget_get_visible (button));
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Show as QR code");
  th_copy_row_set_text (TH_COPY_ROW (row), "turn:192.0.2.2");
  int height = height_for (code, 1000);
  th_copy_row_set_text (TH_COPY_ROW (row), long_text);
  g_assert_cmpint (height_for (code, 1000), >, height);
  g_object_unref (row);
}

static void
test_qr_code (void)
{
  GtkWidget *code = g_object_ref_sink (g_object_new (TH_TYPE_QR_CODE, NULL));
  g_autofree char *long_text = g_strnfill (8000, 'x');
  int minimum, natural;

  if (!th_qr_code_set_text (TH_QR_CODE (code), "x"))
    {
      g_test_skip ("built without QR codes");
      g_object_unref (code);
      return;
    }
  /* The smallest there is has 21 modules, and 4 of quiet zone on each side. */
  gtk_widget_measure (code, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, ==, 2 * 29);
  g_assert_cmpint (natural, ==, 4 * 29);
  g_assert_cmpint (height_for (code, 3 * 29 + 5), ==, 3 * 29);

  g_assert_false (th_qr_code_set_text (TH_QR_CODE (code), long_text));
  g_assert_cmpint (height_for (code, 100), ==, 0);
  g_assert_false (th_qr_code_set_text (TH_QR_CODE (code), NULL));
  g_object_unref (code);
}

static void
count_change (guint *changes)
{
  (*changes)++;
}

static void
test_width_layout (void)
{
  g_autoptr (GtkWidget) bin = g_object_ref_sink (adw_bin_new ());
  GtkLayoutManager *layout = g_object_new (TH_TYPE_WIDTH_LAYOUT, "threshold", 500, NULL);
  GtkWidget *child = adw_bin_new ();
  guint changes = 0;
  gboolean narrow;
  int minimum;

  g_signal_connect_swapped (layout, "notify::narrow", G_CALLBACK (count_change), &changes);
  gtk_widget_set_layout_manager (bin, layout);
  gtk_widget_set_size_request (child, 400, 20);
  adw_bin_set_child (ADW_BIN (bin), child);

  /* Wide, it can get narrower than its child says. */
  gtk_widget_measure (bin, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, ==, 0);
  gtk_widget_allocate (bin, 500, 20, -1, NULL);
  g_assert_cmpuint (changes, ==, 0);

  height_for (bin, 499);
  gtk_widget_allocate (bin, 499, 20, -1, NULL);
  g_object_get (layout, "narrow", &narrow, NULL);
  g_assert_true (narrow);
  g_assert_cmpuint (changes, ==, 1);
  gtk_widget_queue_resize (bin);
  gtk_widget_measure (bin, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, ==, 400);
}

/* Large text makes the wide look wider. */
static void
test_width_layout_with_wide_child (void)
{
  g_autoptr (GtkWidget) bin = g_object_ref_sink (adw_bin_new ());
  GtkWidget *child = adw_bin_new ();
  GtkLayoutManager *layout = g_object_new (TH_TYPE_WIDTH_LAYOUT, "threshold", 500, "wide-child",
                                           child, "beside", 100, NULL);
  gboolean narrow;

  gtk_widget_set_layout_manager (bin, layout);
  adw_bin_set_child (ADW_BIN (bin), child);
  height_for (bin, 500);
  gtk_widget_allocate (bin, 500, 20, -1, NULL);
  g_object_get (layout, "narrow", &narrow, NULL);
  g_assert_false (narrow);

  gtk_widget_set_size_request (child, 450, 20);
  for (int width = 549; width <= 550; width++)
    {
      height_for (bin, width);
      gtk_widget_allocate (bin, width, 20, -1, NULL);
      g_object_get (layout, "narrow", &narrow, NULL);
      g_assert_true (narrow == (width < 550));
    }
}

static GtkApplication *application; /* one, as a session bus has one place for it */

typedef struct {
  ThPanelState *state;
  GtkWidget *window;
} Frame;

static void
set_up_frame (Frame *fixture, gconstpointer data)
{
  gtk_widget_set_default_direction (GPOINTER_TO_INT (data));
  fixture->state = th_panel_state_load ("/dev/null");
  fixture->window = th_window_new (application, fixture->state);
}

static void
tear_down_frame (Frame *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  th_panel_state_free (fixture->state);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
test_frame_fits_a_phone (Frame *fixture, gconstpointer data)
{
  int width, height;
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 294);
  gtk_widget_show (fixture->window);
  while (gtk_widget_get_width (fixture->window) == 0)
    g_main_context_iteration (NULL, TRUE);
  gtk_widget_measure (fixture->window, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (fixture->window, GTK_ORIENTATION_VERTICAL, 360, &height, NULL, NULL, NULL);
  g_assert_cmpint (width, <=, 360);
  g_assert_cmpint (height, <=, 294);
}

static gboolean
on_time_over (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Each toast takes five seconds, and the second would wait for the first. */
static void
test_frame_says_the_newest (Frame *fixture, gconstpointer data)
{
  gboolean late = FALSE;
  guint timer = g_timeout_add_seconds (4, on_time_over, &late);

  gtk_widget_show (fixture->window);
  gtk_widget_activate_action (fixture->window, "win.say", "s", "First");
  gtk_widget_activate_action (fixture->window, "win.say", "s", "Second & last");
  while (!find (fixture->window, GTK_TYPE_LABEL, "Second & last"))
    {
      g_assert_false (late);
      g_main_context_iteration (NULL, TRUE);
    }
  if (!late)
    g_source_remove (timer);
}

/* Low, its child is asked anew how little height it can do with. */
static void
test_width_layout_low (void)
{
  g_autoptr (GtkWidget) bin = g_object_ref_sink (adw_bin_new ());
  GtkLayoutManager *layout = g_object_new (TH_TYPE_WIDTH_LAYOUT, "low-threshold", 300, NULL);
  GtkWidget *child = adw_bin_new ();
  guint changes = 0;
  int minimum;

  g_signal_connect_swapped (layout, "notify::low", G_CALLBACK (count_change), &changes);
  gtk_widget_set_layout_manager (bin, layout);
  gtk_widget_set_size_request (child, 20, 200);
  adw_bin_set_child (ADW_BIN (bin), child);
  gtk_widget_measure (bin, GTK_ORIENTATION_VERTICAL, 100, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, ==, 0);
  gtk_widget_allocate (bin, 100, 300, -1, NULL);
  g_assert_cmpuint (changes, ==, 0);

  height_for (bin, 100);
  gtk_widget_allocate (bin, 100, 299, -1, NULL);
  g_assert_cmpuint (changes, ==, 1);
  gtk_widget_queue_resize (bin);
  gtk_widget_measure (bin, GTK_ORIENTATION_VERTICAL, 100, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, ==, 200);
}

/* Below, a flow's second child may be nearer than beside. */
static void
test_flow_line_spacing (void)
{
  g_autoptr (GtkWidget) box = flow_box ();
  g_object_set (gtk_widget_get_layout_manager (box), "line-spacing", 2, NULL);
  g_assert_cmpint (height_for (box, 320), ==, 20 + 2 + 30);
  gtk_widget_allocate (box, 320, 52, -1, NULL);
  assert_placed (gtk_widget_get_last_child (box), 0, 22, 320, 30);
  g_assert_cmpint (height_for (box, 412), ==, 30);
}

/* This program uses none. */
static void
test_storage_row_without_keyring (void)
{
  g_autofree char *folder = g_dir_make_tmp ("turnhouse-widgets-XXXXXX", NULL);
  g_autoptr (GtkWidget) row = g_object_ref_sink (g_object_new (TH_TYPE_STORAGE_ROW, NULL));
  th_storage_row_set_directory (TH_STORAGE_ROW (row), folder);
  while (!gtk_widget_get_visible (row))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (row))), ==, 1);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==,
                   "Only you can read it; there is no keyring here");
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
#define ADD(name, function)                                                                        \
  g_test_add ("/panel/problem-list/" name, Problems, NULL, set_up_problems, function,              \
              tear_down_problems)
  ADD ("no-problem-no-list", test_no_problem_no_list);
  ADD ("three-at-first", test_three_at_first);
  ADD ("button-resolves", test_button_resolves);
  ADD ("texts-are-literal", test_texts_are_literal);
  g_test_add_func ("/panel/flow-layout/beside", test_flow_beside);
  g_test_add_func ("/panel/flow-layout/with-first-width", test_flow_with_first_width);
  g_test_add_func ("/panel/flow-layout/below", test_flow_below);
  g_test_add_func ("/panel/flow-layout/even", test_flow_even);
  g_test_add_func ("/panel/flow-layout/with-one-hidden", test_flow_with_one_hidden);
  g_test_add_func ("/panel/copy-row/of-secret", test_copy_row_of_secret);
  g_test_add_func ("/panel/copy-row/in-the-open", test_copy_row_in_the_open);
  g_test_add_func ("/panel/copy-row/as-qr-code", test_copy_row_as_qr_code);
  g_test_add_func ("/panel/qr-code", test_qr_code);
  g_test_add_func ("/panel/width-layout", test_width_layout);
  g_test_add_func ("/panel/width-layout/low", test_width_layout_low);
  g_test_add_func ("/panel/flow-layout/line-spacing", test_flow_line_spacing);
  g_test_add_func ("/panel/width-layout/with-wide-child", test_width_layout_with_wide_child);
  g_test_add_func ("/panel/storage-row/without-keyring", test_storage_row_without_keyring);
#define ADD_FRAME(name, direction, function)                                                       \
  g_test_add ("/panel/frame/" name, Frame, GINT_TO_POINTER (direction), set_up_frame, function,    \
              tear_down_frame)
  ADD_FRAME ("fits-a-phone", GTK_TEXT_DIR_LTR, test_frame_fits_a_phone);
  ADD_FRAME ("fits-a-phone-from-right-to-left", GTK_TEXT_DIR_RTL, test_frame_fits_a_phone);
  ADD_FRAME ("says-the-newest", GTK_TEXT_DIR_LTR, test_frame_says_the_newest);

  application = GTK_APPLICATION (adw_application_new (NULL, G_APPLICATION_NON_UNIQUE));
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  int failed = g_test_run ();
  g_object_unref (application);
  return failed;
}
