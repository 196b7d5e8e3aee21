/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Windows are looked through from the last opened to the first.
 */
#include "find.h"

#include <string.h>

typedef struct {
  const char *start, *end; /* without its place */
  guint place;
} Part;

static gboolean
has_type (GtkWidget *widget, const char *name)
{
  for (GType type = G_OBJECT_TYPE (widget); type; type = g_type_parent (type))
    {
      if (g_str_equal (g_type_name (type), name))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_id (GtkWidget *widget, const char *id)
{
  return g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), id) == 0;
}

/* "Type#id.class", each part of which may be missing */
static gboolean
matches (GtkWidget *widget, const Part *part)
{
  const char *at = part->start;
  while (at < part->end)
    {
      char kind = *at == '#' || *at == '.' ? *at++ : '\0';
      gsize length = strcspn (at, "#.@ ");
      g_autofree char *name = g_strndup (at, length);
      gboolean fits = kind == '#'   ? has_id (widget, name)
                      : kind == '.' ? gtk_widget_has_css_class (widget, name)
                                    : has_type (widget, name);
      if (!fits)
        return FALSE;
      at += length;
    }
  return TRUE;
}

/* @place: how many are to be passed over; counted down */
static GtkWidget *
find_below (GtkWidget *root, const Part *part, guint *place)
{
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found;
      if (!gtk_widget_get_mapped (child))
        continue;
      if (matches (child, part) && (*place)-- == 0)
        return child;
      found = find_below (child, part, place);
      if (found)
        return found;
    }
  return NULL;
}

static GtkWidget *
find_in (GtkWidget *root, const char *selector)
{
  g_auto (GStrv) words = g_strsplit (selector, " ", -1);
  for (guint i = 0; root && words[i]; i++)
    {
      const char *at = strchr (words[i], '@');
      Part part = { .start = words[i], .end = at ? at : words[i] + strlen (words[i]) };
      part.place = at ? (guint) g_ascii_strtoull (at + 1, NULL, 10) : 0;
      if (i > 0 || !matches (root, &part))
        root = find_below (root, &part, &part.place);
    }
  return root;
}

GtkWidget *
find_front (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  for (guint i = g_list_model_get_n_items (windows); i > 0; i--)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i - 1);
      if (gtk_widget_get_mapped (window))
        return window; /* the list has it, too */
    }
  return NULL;
}

GtkWidget *
find_widget (const char *selector)
{
  GListModel *windows = gtk_window_get_toplevels ();
  for (guint i = g_list_model_get_n_items (windows); i > 0; i--)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i - 1);
      GtkWidget *found = gtk_widget_get_mapped (window) ? find_in (window, selector) : NULL;
      if (found)
        return found;
    }
  return NULL;
}
