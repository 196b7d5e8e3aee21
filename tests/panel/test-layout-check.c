/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of the check of layouts itself: it finds what is wrong, and nothing else.
 */
#include <adwaita.h>

#include "stage/layout-check.h"

#define LONG "Words that are by far too many for as little room as this"

/* How the only child of a box is placed */
static GtkAllocation place;

static void
measure_nothing (GtkWidget *widget,
                 GtkOrientation orientation,
                 int for_size,
                 int *minimum,
                 int *natural,
                 int *minimum_baseline,
                 int *natural_baseline)
{
  *minimum = *natural = 100;
}

static void
allocate_place (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_size_allocate (gtk_widget_get_first_child (widget), &place, -1);
}

/* Puts @child where a careless widget would. */
static GtkWidget *
careless (GtkWidget *child, int x, int y, int width, int height)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  place = (GtkAllocation){ x, y, width, height };
  gtk_widget_set_layout_manager (
      box, gtk_custom_layout_new (NULL, measure_nothing, allocate_place));
  gtk_box_append (GTK_BOX (box), child);
  return box;
}

static GtkWidget *
label (const char *text)
{
  return gtk_label_new (text);
}

static GtkWidget *
cut_label (const char *tooltip)
{
  GtkWidget *widget = gtk_label_new (LONG);
  gtk_label_set_ellipsize (GTK_LABEL (widget), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (widget), 10);
  gtk_widget_set_halign (widget, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (widget, tooltip);
  return widget;
}

static GtkWidget *
cut_inscription (void)
{
  GtkWidget *widget = gtk_inscription_new (LONG);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (widget), 10);
  gtk_widget_set_halign (widget, GTK_ALIGN_START);
  return widget;
}

static GtkWidget *
within (GtkWidget *box, GtkWidget *child)
{
  gtk_box_append (GTK_BOX (box), child);
  return box;
}

static GtkWidget *
scrolled (GtkPolicyType down, GtkWidget *child)
{
  GtkWidget *widget = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (widget), GTK_POLICY_NEVER, down);
  gtk_widget_set_size_request (child, -1, 3000);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (widget), child);
  return widget;
}

static void
on_timeout (gpointer over)
{
  *(gboolean *) over = TRUE;
}

/* Asserts that there is one fault of @child, with these words in it, or none if NULL. */
static void
assert_fault (GtkWidget *child, const char *words)
{
  GtkWidget *window = gtk_window_new ();
  g_autoptr (GPtrArray) faults = NULL;
  gboolean over = FALSE;
  guint timeout = g_timeout_add_once (20000, on_timeout, &over);
  gtk_window_set_default_size (GTK_WINDOW (window), 400, 300);
  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  while (!over && gtk_widget_get_width (child) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (over);
  g_source_remove (timeout);

  g_assert_cmpuint (layout_check_count (window), >, 1);
  faults = layout_check (window);
  g_ptr_array_add (faults, NULL);
  if (faults->pdata[0])
    g_test_message ("%s", (char *) faults->pdata[0]);
  g_assert_cmpuint (faults->len - 1, ==, words ? 1 : 0);
  if (words)
    g_assert_nonnull (strstr (faults->pdata[0], words));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_all_well (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  within (box, label ("One"));
  within (box, gtk_button_new_with_label ("Two"));
  within (box, gtk_image_new_from_icon_name ("open-menu-symbolic"));
  within (box, gtk_entry_new ());
  within (box, gtk_switch_new ());
  assert_fault (box, NULL);
}

static void
test_cut_text (void)
{
  GtkWidget *button = gtk_button_new ();
  assert_fault (within (gtk_box_new (0, 0), cut_label (NULL)), "cut short");
  assert_fault (within (gtk_box_new (0, 0), cut_label (LONG)), NULL);
  assert_fault (within (gtk_box_new (0, 0), cut_inscription ()), "cut short");
  gtk_button_set_child (GTK_BUTTON (button), cut_label (NULL));
  gtk_widget_set_tooltip_text (button, LONG);
  assert_fault (within (gtk_box_new (0, 0), button), NULL);
}

static void
test_too_narrow (void)
{
  assert_fault (careless (label ("Broad words"), 0, 0, 20, 40), "needs");
}

static void
test_no_room (void)
{
  assert_fault (careless (label ("Nowhere"), 0, 0, 0, 0), "no room");
}

static void
test_outside (void)
{
  assert_fault (careless (label ("Away"), -20, 0, 100, 40), "outside");
  assert_fault (careless (label ("Below"), 0, 290, 100, 40), "outside");
}

static void
test_cut_by_another (void)
{
  GtkWidget *inner = careless (label ("Half"), 60, 0, 100, 40);
  gtk_widget_set_overflow (inner, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_halign (inner, GTK_ALIGN_START);
  assert_fault (within (gtk_box_new (0, 0), inner), "outside");
}

static void
test_scrolled (void)
{
  GtkWidget *below = label ("Far below");
  gtk_widget_set_valign (below, GTK_ALIGN_END);
  assert_fault (scrolled (GTK_POLICY_AUTOMATIC, below), NULL);
}

static void
test_no_such_icon (void)
{
  assert_fault (gtk_image_new_from_icon_name ("nothing-like-that-symbolic"), "icon");
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/panel/layout-check/all-well", test_all_well);
  g_test_add_func ("/panel/layout-check/cut-text-needs-a-tooltip", test_cut_text);
  g_test_add_func ("/panel/layout-check/too-narrow", test_too_narrow);
  g_test_add_func ("/panel/layout-check/no-room", test_no_room);
  g_test_add_func ("/panel/layout-check/outside-of-the-window", test_outside);
  g_test_add_func ("/panel/layout-check/cut-by-another", test_cut_by_another);
  g_test_add_func ("/panel/layout-check/scrolled-is-well", test_scrolled);
  g_test_add_func ("/panel/layout-check/no-such-icon", test_no_such_icon);
  return g_test_run ();
}
