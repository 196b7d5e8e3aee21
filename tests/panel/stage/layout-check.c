/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walks down from a window. What scrolls may be as large as it likes in that direction; all else
 * must lie within what shows it.
 */
#include "layout-check.h"

/* Half a pixel is lost to rounding, and nobody sees it. */
#define TOLERANCE 1.0f

typedef struct {
  GtkWidget *root;
  graphene_rect_t room; /* of the root's, that what is looked at must lie within */
  GPtrArray *faults;
} Check;

/* As selectors name it: all ids there are on the way to @widget, and its type. */
static char *
path_of (GtkWidget *widget)
{
  g_autoptr (GString) path = g_string_new (G_OBJECT_TYPE_NAME (widget));
  for (GtkWidget *up = widget; up; up = gtk_widget_get_parent (up))
    {
      const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (up));
      g_autofree char *part = NULL;
      if (up != widget && g_str_has_prefix (G_OBJECT_TYPE_NAME (up), "Th"))
        part = g_strdup_printf ("%s ", G_OBJECT_TYPE_NAME (up));
      else if (id && !g_str_has_prefix (id, "___"))
        part = g_strdup_printf ("#%s ", id);
      if (part)
        g_string_prepend (path, part);
    }
  return g_string_free (g_steal_pointer (&path), FALSE);
}

/* What it says, so that a person finds it. */
static const char *
text_of (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));
  if (GTK_IS_INSCRIPTION (widget))
    return gtk_inscription_get_text (GTK_INSCRIPTION (widget));
  if (GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget)))
    return gtk_button_get_label (GTK_BUTTON (widget));
  if (GTK_IS_IMAGE (widget) && gtk_image_get_icon_name (GTK_IMAGE (widget)))
    return gtk_image_get_icon_name (GTK_IMAGE (widget));
  return "";
}

G_GNUC_PRINTF (3, 4)
static void
add_fault (Check *self, GtkWidget *widget, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *path = path_of (widget);
  g_autofree char *line = g_strdup_printf ("%s \"%s\" %s", path, text_of (widget), what);
  g_strdelimit (line, "\n", ' ');
  g_ptr_array_add (self->faults, g_steal_pointer (&line));
}

static gboolean
is_content (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return *gtk_label_get_text (GTK_LABEL (widget)) != '\0';
  if (GTK_IS_INSCRIPTION (widget))
    return gtk_inscription_get_text (GTK_INSCRIPTION (widget)) != NULL;
  return GTK_IS_BUTTON (widget) || GTK_IS_IMAGE (widget) || GTK_IS_EDITABLE (widget) ||
         GTK_IS_SWITCH (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_LEVEL_BAR (widget);
}

static gboolean
has_tooltip (GtkWidget *widget)
{
  for (; widget && !GTK_IS_NATIVE (widget); widget = gtk_widget_get_parent (widget))
    {
      if (gtk_widget_get_has_tooltip (widget))
        return TRUE;
    }
  return FALSE;
}

static void
check_label (Check *self, GtkLabel *label)
{
  PangoLayout *layout = gtk_label_get_layout (label);
  GtkWidget *widget = GTK_WIDGET (label);
  int width, height;
  pango_layout_get_pixel_size (layout, &width, &height);
  if (pango_layout_is_ellipsized (layout))
    {
      if (!has_tooltip (widget))
        add_fault (self, widget, "is cut short, without a tooltip");
    }
  else if (width > gtk_widget_get_width (widget) + TOLERANCE)
    {
      add_fault (self, widget, "is %d wide in %d", width, gtk_widget_get_width (widget));
    }
  if (height > gtk_widget_get_height (widget) + TOLERANCE)
    add_fault (self, widget, "is %d high in %d", height, gtk_widget_get_height (widget));
}

/* It does not tell whether it cuts its text, which has one line in all that we have. */
static void
check_inscription (Check *self, GtkInscription *inscription)
{
  GtkWidget *widget = GTK_WIDGET (inscription);
  g_autoptr (PangoLayout) layout =
      gtk_widget_create_pango_layout (widget, gtk_inscription_get_text (inscription));
  int width;
  pango_layout_get_pixel_size (layout, &width, NULL);
  if (width > gtk_widget_get_width (widget) + TOLERANCE && !has_tooltip (widget))
    add_fault (self, widget, "is cut short, without a tooltip");
}

static void
check_image (Check *self, GtkImage *image)
{
  const char *name = gtk_image_get_icon_name (image);
  GtkIconTheme *theme =
      gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (image)));
  if (name && !gtk_icon_theme_has_icon (theme, name))
    add_fault (self, GTK_WIDGET (image), "has no such icon");
}

/* A widget gets less than it asks for when its window is smaller than it can be. Returns: whether
 * it is large enough */
static gboolean
check_size (Check *self, GtkWidget *widget)
{
  int minimum;
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  minimum -= gtk_widget_get_margin_start (widget) + gtk_widget_get_margin_end (widget);
  if (gtk_widget_get_allocated_width (widget) <= 0 || gtk_widget_get_allocated_height (widget) <= 0)
    add_fault (self, widget, "has no room");
  else if (gtk_widget_get_allocated_width (widget) + TOLERANCE < minimum)
    add_fault (self, widget, "has a width of %d and needs %d",
               gtk_widget_get_allocated_width (widget), minimum);
  else
    return TRUE;
  return FALSE;
}

static void
check_place (Check *self, GtkWidget *widget)
{
  graphene_rect_t bounds, allowed;
  if (!gtk_widget_compute_bounds (widget, self->root, &bounds))
    return;
  graphene_rect_inset_r (&self->room, -TOLERANCE, -TOLERANCE, &allowed);
  if (!graphene_rect_contains_rect (&allowed, &bounds))
    add_fault (self, widget, "at %.0f,%.0f, %.0fx%.0f, is outside of %.0f,%.0f, %.0fx%.0f",
               bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height,
               self->room.origin.x, self->room.origin.y, self->room.size.width,
               self->room.size.height);
}

static void
unbound (float *origin, float *length)
{
  *origin = -1e6f;
  *length = 2e6f;
}

/* Shrinks the room to that of @widget where it cuts off what it holds. */
static void
enter (Check *self, GtkWidget *widget)
{
  graphene_rect_t bounds;
  if (gtk_widget_get_overflow (widget) == GTK_OVERFLOW_HIDDEN &&
      gtk_widget_compute_bounds (widget, self->root, &bounds) &&
      !graphene_rect_intersection (&self->room, &bounds, &self->room))
    self->room = bounds; /* scrolled out of sight as a whole */
  if (GTK_IS_SCROLLED_WINDOW (widget))
    {
      GtkPolicyType across, down;
      gtk_scrolled_window_get_policy (GTK_SCROLLED_WINDOW (widget), &across, &down);
      if (across != GTK_POLICY_NEVER)
        unbound (&self->room.origin.x, &self->room.size.width);
      if (down != GTK_POLICY_NEVER)
        unbound (&self->room.origin.y, &self->room.size.height);
    }
}

/* It hides what it holds, but for the part that is scrolled to. */
static gboolean
is_scrolled (GtkWidget *widget)
{
  return GTK_IS_SCROLLABLE (widget) && gtk_widget_get_parent (widget) &&
         gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
}

/* What a text shows of itself scrolls with the cursor, by design. */
static gboolean
is_looked_into (GtkWidget *widget)
{
  return !GTK_IS_TEXT (widget) && !GTK_IS_TEXT_VIEW (widget) && !GTK_IS_SWITCH (widget) &&
         !GTK_IS_LEVEL_BAR (widget) && !GTK_IS_SCROLLBAR (widget);
}

static void
walk (Check *self, GtkWidget *widget)
{
  graphene_rect_t before = self->room;
  if (!gtk_widget_get_mapped (widget) || gtk_widget_get_opacity (widget) == 0)
    return;
  if (is_content (widget))
    {
      gboolean fits = check_size (self, widget);
      check_place (self, widget);
      if (fits && GTK_IS_LABEL (widget))
        check_label (self, GTK_LABEL (widget));
      if (GTK_IS_INSCRIPTION (widget))
        check_inscription (self, GTK_INSCRIPTION (widget));
    }
  if (GTK_IS_IMAGE (widget))
    check_image (self, GTK_IMAGE (widget));
  if (!is_looked_into (widget))
    return;
  if (!is_scrolled (widget))
    enter (self, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      if (!GTK_IS_NATIVE (child))
        walk (self, child);
    }
  self->room = before;
}

guint
layout_check_count (GtkWidget *root)
{
  guint n = gtk_widget_get_mapped (root) ? 1 : 0;
  for (GtkWidget *child = n ? gtk_widget_get_first_child (root) : NULL; child;
       child = gtk_widget_get_next_sibling (child))
    n += layout_check_count (child);
  return n;
}

GPtrArray *
layout_check (GtkWidget *root)
{
  Check check = { .root = root, .faults = g_ptr_array_new_with_free_func (g_free) };
  int minimum;
  graphene_rect_init (&check.room, 0, 0, gtk_widget_get_width (root),
                      gtk_widget_get_height (root));
  gtk_widget_measure (root, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  if (minimum > gtk_widget_get_allocated_width (root) + TOLERANCE)
    add_fault (&check, root, "has a width of %d and needs %d",
               gtk_widget_get_allocated_width (root), minimum);
  walk (&check, root);
  return check.faults;
}
