/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A label for each cell, which follows the item that is in its row.
 */
#include "panel/widgets/text-column.h"

#include <glib/gi18n.h>

#define SHORTEST 12 /* characters of a column that gives room to others */

static void
show (GtkListItem *item)
{
  const ThTextColumn *column = g_object_get_data (G_OBJECT (item), "column");
  g_autofree char *text = column->text (gtk_list_item_get_item (item));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
on_factory_setup (GtkListItemFactory *factory, GtkListItem *item, const ThTextColumn *column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "numeric");
  if (column->expand)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (label), SHORTEST);
    }
  if (column->style)
    gtk_widget_add_css_class (label, column->style);
  if (column->tooltip)
    gtk_widget_set_tooltip_text (label, _ (column->tooltip));
  g_object_set_data (G_OBJECT (item), "column", (gpointer) column);
  gtk_list_item_set_child (item, label);
}

static void
on_factory_bind (GtkListItemFactory *factory, GtkListItem *item, const ThTextColumn *column)
{
  g_signal_connect_object (gtk_list_item_get_item (item), "notify", G_CALLBACK (show), item,
                           G_CONNECT_SWAPPED);
  show (item);
}

static void
on_factory_unbind (GtkListItemFactory *factory, GtkListItem *item, const ThTextColumn *column)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), show, item);
}

static void
add_column (GtkColumnView *view, const ThTextColumn *column)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) added = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (on_factory_setup), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (on_factory_bind), (gpointer) column);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_factory_unbind), (gpointer) column);
  added = gtk_column_view_column_new (_ (column->title), g_object_ref (factory));
  gtk_column_view_column_set_resizable (added, TRUE);
  gtk_column_view_column_set_expand (added, column->expand);
  gtk_column_view_append_column (view, added);
}

void
th_text_columns_add (GtkColumnView *view, const ThTextColumn *columns, guint n)
{
  for (guint i = 0; i < n; i++)
    add_column (view, &columns[i]);
}

/* A bar to scroll with needs room of its own: more than one row has. */
void
th_text_columns_fit (GtkScrolledWindow *frame, guint n)
{
  GtkPolicyType policy = n > TH_TEXT_COLUMNS_ROWS ? GTK_POLICY_AUTOMATIC : GTK_POLICY_NEVER;

  gtk_scrolled_window_set_policy (frame, GTK_POLICY_AUTOMATIC, policy);
}
