/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is selected in a ThGraphView, and all that it talks to; the others fade.
 */
#include "panel/widgets/graph-view-private.h"

typedef ThGraphViewNode Node;

static gboolean
stands_for (const Node *node, ThSession *session)
{
  return th_graph_node_get_kind (node->widget) == TH_NODE_CLIENT &&
         th_graph_node_get_session (node->widget) == session;
}

static void
find_path (ThGraphView *self)
{
  ThSession *selected = th_connections_get_selected (self->connections);
  g_autoptr (GHashTable) chosen = g_hash_table_new (NULL, NULL);

  for (guint c = 0; c < 2; c++)
    {
      for (guint i = 0; i < self->places[c]->len; i++)
        {
          Node *node = self->places[c]->pdata[i];
          node->near = selected && stands_for (node, selected);
          if (node->near)
            g_hash_table_add (chosen, node);
        }
    }
  for (guint i = 0; i < self->graph->links->len; i++)
    {
      const ThConnectionLink *link = &g_array_index (self->graph->links, ThConnectionLink, i);
      Node *from = self->places[link->from_right]->pdata[link->from];
      Node *to = self->places[link->to_right]->pdata[link->to];
      if (g_hash_table_contains (chosen, from) || g_hash_table_contains (chosen, to))
        from->near = to->near = TRUE;
    }
  self->selecting = g_hash_table_size (chosen) > 0;
}

static void
set_class (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

void
th_graph_path_show (ThGraphView *self)
{
  ThSession *selected = th_connections_get_selected (self->connections);
  find_path (self);
  for (guint c = 0; c < 2; c++)
    {
      for (guint i = 0; i < self->places[c]->len; i++)
        {
          Node *node = self->places[c]->pdata[i];
          set_class (GTK_WIDGET (node->widget), "chosen", selected && stands_for (node, selected));
          set_class (GTK_WIDGET (node->widget), "near", node->near);
          set_class (GTK_WIDGET (node->widget), "faded", self->selecting && !node->near);
        }
    }
}
