/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines of a ThGraphView, from nodes to the relay and through it: where they run and how they
 * look.
 */
#include "panel/widgets/graph-view-private.h"

#define IDLE_ALPHA  0.4f
#define FADED_ALPHA 0.12f
#define LINK_WIDTH  1.5f

typedef ThGraphViewNode Node;

static GdkRGBA
look_up_color (ThGraphView *self, const char *transport)
{
  g_autofree char *lower = transport ? g_ascii_strdown (transport, -1) : NULL;
  g_autofree char *name = g_strdup_printf ("%s_line_color", lower ? lower : "mixed");
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  GdkRGBA color;
  if (!gtk_style_context_lookup_color (style, name, &color))
    gtk_style_context_get_color (style, &color);
  return color;
}

static float
alpha_for (const ThGraphView *self, gboolean near, gboolean flows)
{
  if (self->selecting && !near)
    return FADED_ALPHA;
  return flows ? 1 : IDLE_ALPHA;
}

static float
middle_of (const Node *node)
{
  return (float) (TH_GRAPH_HEADING + node->top) + TH_GRAPH_NODE_HEIGHT / 2.0f;
}

static void
add_edge (ThGraphView *self, Node *node)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  double rate = node->up + node->down;
  ThGraphEdge curve = { .width = th_graph_edge_width (rate), .transport = node->transport };

  curve.color = look_up_color (self, node->transport);
  curve.color.alpha *= alpha_for (self, node->near, rate > 0);
  if (node->right)
    {
      curve.x0 = (float) (self->relay_x + self->relay_width);
      curve.x1 = (float) (width - TH_GRAPH_MARGIN - self->node_width);
      curve.y0 = (float) node->anchor;
      curve.y1 = middle_of (node);
    }
  else
    {
      curve.x0 = (float) (TH_GRAPH_MARGIN + self->node_width);
      curve.x1 = (float) self->relay_x;
      curve.y0 = middle_of (node);
      curve.y1 = (float) node->anchor;
    }
  node->edge = curve;
  g_array_append_val (self->lines, curve);
}

/* Within the relay: from side to side, or a bow where both are on the same one. */
static void
add_link (ThGraphView *self, const ThConnectionLink *link)
{
  const Node *from = self->places[link->from_right]->pdata[link->from];
  const Node *to = self->places[link->to_right]->pdata[link->to];
  gboolean flows = from->up + from->down > 0 && to->up + to->down > 0;
  ThGraphEdge curve = { .width = LINK_WIDTH, .transport = from->transport };

  curve.color = look_up_color (self, from->transport);
  curve.color.alpha *= alpha_for (self, from->near && to->near, flows);
  curve.x0 = (float) (self->relay_x + (link->from_right ? self->relay_width : 0));
  curve.x1 = (float) (self->relay_x + (link->to_right ? self->relay_width : 0));
  if (link->from_right == link->to_right)
    curve.bow = (float) self->relay_width * (link->from_right ? -0.4f : 0.4f);
  curve.y0 = (float) from->anchor;
  curve.y1 = (float) to->anchor;
  g_array_append_val (self->lines, curve);
}

void
th_graph_lines_update (ThGraphView *self)
{
  if (!self->graph || self->node_width == 0)
    return;
  g_array_set_size (self->lines, 0);
  for (guint i = 0; i < self->graph->links->len; i++)
    add_link (self, &g_array_index (self->graph->links, ThConnectionLink, i));
  for (guint c = 0; c < 2; c++)
    {
      for (guint i = 0; i < self->places[c]->len; i++)
        add_edge (self, self->places[c]->pdata[i]);
    }
  th_graph_tiles_update (self);
}

void
th_graph_lines_get_sight (const ThGraphView *self, double *top, double *bottom)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  *top = self->scrolling ? gtk_adjustment_get_value (self->scrolling) : 0;
  *bottom = self->scrolling ? *top + gtk_adjustment_get_page_size (self->scrolling) : height;
  *bottom = MIN (*bottom, height);
}

gboolean
th_graph_lines_in_sight (const ThGraphView *self, const Node *node)
{
  double first = MIN (middle_of (node) - TH_GRAPH_NODE_HEIGHT, (double) node->anchor - 8);
  double last = MAX (middle_of (node) + TH_GRAPH_NODE_HEIGHT, (double) node->anchor + 8);
  double from, to;
  th_graph_lines_get_sight (self, &from, &to);
  return last >= from && first <= to;
}
