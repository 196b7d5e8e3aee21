/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of commands. Widgets are named as find.h tells.
 */
#include "commands.h"

#include <adwaita.h>

#include "find.h"
#include "layout-check.h"
#include "picture.h"

#define USUAL_DPI (96 * PANGO_SCALE)

typedef char *(*Run) (GtkApplication *application, char **words, GError **error);

typedef struct {
  const char *name;
  guint words; /* how many follow it */
  Run run;
  gboolean only_looks;
} Command;

static char *
done (void)
{
  return g_strdup ("");
}

static GtkWidget *
find_or_fail (const char *selector, GError **error)
{
  GtkWidget *widget = find_widget (selector);
  if (!widget)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no %s", selector);
  return widget;
}

/* ---- how it looks ---- */

static char *
run_scheme (GtkApplication *application, char **words, GError **error)
{
  gboolean dark = g_str_equal (words[0], "dark");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                           : ADW_COLOR_SCHEME_FORCE_LIGHT);
  return done ();
}

/* As the desktop's setting for large text has it */
static char *
run_text (GtkApplication *application, char **words, GError **error)
{
  double factor = g_ascii_strtod (words[0], NULL);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", (int) (USUAL_DPI * factor), NULL);
  return done ();
}

static char *
run_font (GtkApplication *application, char **words, GError **error)
{
  g_object_set (gtk_settings_get_default (), "gtk-font-name", words[0], NULL);
  return done ();
}

static char *
run_direction (GtkApplication *application, char **words, GError **error)
{
  gtk_widget_set_default_direction (g_str_equal (words[0], "rtl") ? GTK_TEXT_DIR_RTL
                                                                  : GTK_TEXT_DIR_LTR);
  return done ();
}

/* ---- what it does ---- */

static char *
run_action (GtkApplication *application, char **words, GError **error)
{
  GtkWidget *widget = find_or_fail (words[0], error);
  g_autoptr (GVariant) target = NULL;
  if (!widget)
    return NULL;
  if (*words[2])
    {
      target = g_variant_parse (NULL, words[2], NULL, NULL, error);
      if (!target)
        return NULL;
    }
  if (gtk_widget_activate_action_variant (widget, words[1], target))
    return done ();
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s has no %s", words[0], words[1]);
  return NULL;
}

/* Answers before what it leads to, so that a dialog which it opens does not hold us up. */
static char *
run_click (GtkApplication *application, char **words, GError **error)
{
  GtkWidget *widget = find_or_fail (words[0], error);
  if (!widget)
    return NULL;
  if (!gtk_widget_is_sensitive (widget) || !gtk_widget_activate (widget))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be clicked", words[0]);
      return NULL;
    }
  return done ();
}

static char *
run_set (GtkApplication *application, char **words, GError **error)
{
  GtkWidget *widget = find_or_fail (words[0], error);
  GParamSpec *property = NULL;
  g_autoptr (GtkBuilder) builder = gtk_builder_new ();
  g_auto (GValue) value = G_VALUE_INIT;
  if (!widget)
    return NULL;
  property = g_object_class_find_property (G_OBJECT_GET_CLASS (widget), words[1]);
  if (!property)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s has no %s", words[0], words[1]);
      return NULL;
    }
  if (!gtk_builder_value_from_string (builder, property, words[2], &value, error))
    return NULL;
  g_object_set_property (G_OBJECT (widget), words[1], &value);
  return done ();
}

/* Enter, in an entry: GTK itself offers no other way than a key. */
static char *
run_enter (GtkApplication *application, char **words, GError **error)
{
  GtkWidget *widget = find_or_fail (words[0], error);
  if (!widget)
    return NULL;
  if (GTK_IS_EDITABLE (widget) && gtk_editable_get_delegate (GTK_EDITABLE (widget)))
    widget = GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (widget)));
  g_signal_emit_by_name (widget, "activate");
  return done ();
}

/* Text from the clipboard, with its lines as \n */
static char *
run_paste (GtkApplication *application, char **words, GError **error)
{
  GtkWidget *widget = find_or_fail (words[0], error);
  g_autofree char *text = g_strcompress (words[1]);
  if (!widget)
    return NULL;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  g_signal_emit_by_name (widget, "paste-clipboard");
  return done ();
}

static char *
run_get (GtkApplication *application, char **words, GError **error)
{
  GtkWidget *widget = find_or_fail (words[0], error);
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) text = G_VALUE_INIT;
  if (!widget)
    return NULL;
  g_object_get_property (G_OBJECT (widget), words[1], &value);
  g_value_init (&text, G_TYPE_STRING);
  g_value_transform (&value, &text);
  return g_strescape (g_value_get_string (&text) ? g_value_get_string (&text) : "", "");
}

static char *
run_has (GtkApplication *application, char **words, GError **error)
{
  return g_strdup (find_widget (words[0]) ? "yes" : "no");
}

static char *
run_close (GtkApplication *application, char **words, GError **error)
{
  gtk_window_close (GTK_WINDOW (find_front ()));
  return done ();
}

static char *
run_popdown (GtkApplication *application, char **words, GError **error)
{
  GtkWidget *popover = find_or_fail ("GtkPopover", error);
  if (!popover)
    return NULL;
  gtk_popover_popdown (GTK_POPOVER (popover));
  return done ();
}

/* ---- where it is ---- */

static char *
run_size (GtkApplication *application, char **words, GError **error)
{
  gtk_window_set_default_size (GTK_WINDOW (find_front ()), atoi (words[0]), atoi (words[1]));
  return done ();
}

static char *
run_measure (GtkApplication *application, char **words, GError **error)
{
  GtkWidget *widget = find_or_fail (words[0], error);
  return widget ? g_strdup_printf ("%d %d", gtk_widget_get_width (widget),
                                   gtk_widget_get_height (widget))
                : NULL;
}

/* How high the window in front would have to be for nothing in it to be scrolled to */
static char *
run_height (GtkApplication *application, char **words, GError **error)
{
  GtkWidget *front = find_front ();
  GtkWidget *scrolled = find_widget ("GtkScrolledWindow");
  double missing = 0;
  if (scrolled && gtk_widget_is_ancestor (scrolled, front))
    {
      GtkAdjustment *down = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
      missing = gtk_adjustment_get_upper (down) - gtk_adjustment_get_page_size (down);
    }
  return g_strdup_printf ("%d", gtk_widget_get_height (front) + (int) missing);
}

/* Has the widget at the top of what scrolls around it, or as near as that goes. */
static char *
run_scroll (GtkApplication *application, char **words, GError **error)
{
  GtkWidget *widget = find_or_fail (words[0], error);
  GtkWidget *scrolled = widget ? gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW) : NULL;
  GtkAdjustment *down;
  graphene_rect_t bounds;
  if (!scrolled || !gtk_widget_compute_bounds (widget, scrolled, &bounds))
    return NULL;
  down = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  gtk_adjustment_set_value (down, gtk_adjustment_get_value (down) + bounds.origin.y - 12);
  return done ();
}

/* ---- what is seen of it ---- */

static char *
run_picture (GtkApplication *application, char **words, GError **error)
{
  return picture_save (find_front (), words[0], error) ? done () : NULL;
}

static char *
run_check (GtkApplication *application, char **words, GError **error)
{
  GtkWidget *front = find_front ();
  g_autoptr (GPtrArray) faults = layout_check (front);
  g_autoptr (GString) answer = g_string_new (NULL);
  g_string_append_printf (answer, "%u", layout_check_count (front));
  for (guint i = 0; i < faults->len; i++)
    g_string_append_printf (answer, "\t%s", (char *) faults->pdata[i]);
  return g_string_free (g_steal_pointer (&answer), FALSE);
}

static void
append_tree (GString *tree, GtkWidget *widget)
{
  const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));
  if (!gtk_widget_get_mapped (widget))
    return;
  g_string_append_printf (tree, "(%s%s%s", G_OBJECT_TYPE_NAME (widget), id ? "#" : "",
                          id ? id : "");
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    append_tree (tree, child);
  g_string_append_c (tree, ')');
}

/* For who writes a selector */
static char *
run_tree (GtkApplication *application, char **words, GError **error)
{
  g_autoptr (GString) tree = g_string_new (NULL);
  append_tree (tree, find_front ());
  return g_string_free (g_steal_pointer (&tree), FALSE);
}

static const Command commands[] = {
  { "action", 3, run_action, FALSE },
  { "click", 1, run_click, FALSE },
  { "close", 0, run_close, FALSE },
  { "direction", 1, run_direction, FALSE },
  { "enter", 1, run_enter, FALSE },
  { "font", 1, run_font, FALSE },
  { "paste", 2, run_paste, FALSE },
  { "popdown", 0, run_popdown, FALSE },
  { "scheme", 1, run_scheme, FALSE },
  { "scroll", 1, run_scroll, FALSE },
  { "set", 3, run_set, FALSE },
  { "size", 2, run_size, FALSE },
  { "text", 1, run_text, FALSE },
  /* These only look. */
  { "check", 0, run_check, TRUE },
  { "get", 2, run_get, TRUE },
  { "has", 1, run_has, TRUE },
  { "height", 0, run_height, TRUE },
  { "measure", 1, run_measure, TRUE },
  { "picture", 1, run_picture, TRUE },
  { "tree", 0, run_tree, TRUE },
};

char *
command_run (GtkApplication *application, const char *line, gboolean *changes, GError **error)
{
  g_auto (GStrv) words = NULL;
  int n;
  if (!g_shell_parse_argv (line, &n, &words, error))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      char *answer;
      if (!g_str_equal (commands[i].name, words[0]) || (guint) n != commands[i].words + 1)
        continue;
      *changes = !commands[i].only_looks;
      answer = commands[i].run (application, words + 1, error);
      if (!answer && error && !*error)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "not possible: %s", line);
      return answer;
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no such command: %s", line);
  return NULL;
}
