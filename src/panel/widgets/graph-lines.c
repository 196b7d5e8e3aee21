/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines of a ThGraphView: from nodes to the relay and through it, and the dots that run along
 * those that something flows through.
 */
#include <math.h>

#include "panel/widgets/graph-view-private.h"

#define DOT_RADIUS  2.5f
#define DOT_SECONDS 2.4
#define IDLE_ALPHA  0.4f
#define FADED_ALPHA 0.12f
#define LINK_WIDTH  1.5f
#define DOTS_MAX    24 /* nodes, above which a line has one dot */

typedef ThGraphViewNode Node;

static void
look_up_color (ThGraphView *self, const char *transport, GdkRGBA *color)
{
  g_autofree char *lower = transport ? g_ascii_strdown (transport, -1) : NULL;
  g_autofree char *name = g_strdup_printf ("%s_line_color", lower ? lower : "mixed");
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  if (!gtk_style_context_lookup_color (style, name, color))
    gtk_style_context_get_color (style, color);
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

/* Returns: whether it looks different now */
static gboolean
set_edge (ThGraphView *self, Node *node)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  double rate = node->up + node->down;
  ThGraphCurve curve = { .width = th_graph_edge_width (rate), .transport = node->transport };

  look_up_color (self, node->transport, &curve.color);
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
  return th_graph_edge_set (&node->edge, &curve);
}

/* Within the relay: from side to side, or a bow where both are on the same one. */
static gboolean
set_link (ThGraphView *self, guint place)
{
  const ThConnectionLink *link = &g_array_index (self->graph->links, ThConnectionLink, place);
  const Node *from = self->places[link->from_right]->pdata[link->from];
  const Node *to = self->places[link->to_right]->pdata[link->to];
  gboolean flows = from->up + from->down > 0 && to->up + to->down > 0;
  ThGraphCurve curve = { .width = LINK_WIDTH, .transport = from->transport };

  look_up_color (self, from->transport, &curve.color);
  curve.color.alpha *= alpha_for (self, from->near && to->near, flows);
  curve.x0 = (float) (self->relay_x + (link->from_right ? self->relay_width : 0));
  curve.x1 = (float) (self->relay_x + (link->to_right ? self->relay_width : 0));
  if (link->from_right == link->to_right)
    curve.bow = (float) self->relay_width * (link->from_right ? -0.4f : 0.4f);
  curve.y0 = (float) from->anchor;
  curve.y1 = (float) to->anchor;
  return th_graph_edge_set (&g_array_index (self->links, ThGraphEdge, place), &curve);
}

static void
draw_dot (GtkSnapshot *snapshot, const graphene_point_t *at, const GdkRGBA *color, float radius)
{
  GskRoundedRect circle;
  graphene_rect_t bounds =
      GRAPHENE_RECT_INIT (at->x - radius, at->y - radius, 2 * radius, 2 * radius);
  gsk_rounded_rect_init_from_rect (&circle, &bounds, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &circle);
  gtk_snapshot_append_color (snapshot, color, &bounds);
  gtk_snapshot_pop (snapshot);
}

/* Where a dot is on its way now; each line begins elsewhere. */
static double
part_of_way (const ThGraphView *self, const Node *node, double offset)
{
  double seconds = (double) self->last_frame / G_USEC_PER_SEC;
  double part = seconds / DOT_SECONDS + node->top * 0.0137 + offset;
  return part - floor (part);
}

static void
draw_dots (ThGraphView *self, const Node *node, GtkSnapshot *snapshot)
{
  GdkRGBA light = { 1, 1, 1, 0.95f };
  GdkRGBA color = node->edge.curve.color;
  gboolean few = self->places[0]->len + self->places[1]->len > DOTS_MAX; /* the stronger way only */
  if (self->selecting && !node->near)
    return;
  for (guint down = 0; down < 2; down++)
    {
      double part = part_of_way (self, node, down * 0.5);
      graphene_point_t at;
      if ((down ? node->down : node->up) <= 0 || (few && (node->down > node->up) != down))
        continue;
      at = th_graph_edge_point (&node->edge, down ? 1 - part : part);
      if (node->edge.curve.width < 2 * DOT_RADIUS + 1)
        draw_dot (snapshot, &at, &color, DOT_RADIUS + 1.5f);
      draw_dot (snapshot, &at, &light, DOT_RADIUS);
    }
}

void
th_graph_lines_update (ThGraphView *self)
{
  gboolean changed = FALSE;
  if (!self->graph || self->node_width == 0)
    return;
  for (guint c = 0; c < 2; c++)
    {
      for (guint i = 0; i < self->places[c]->len; i++)
        changed |= set_edge (self, self->places[c]->pdata[i]);
    }
  changed |= self->links->len != self->graph->links->len;
  g_array_set_size (self->links, self->graph->links->len);
  for (guint i = 0; i < self->links->len; i++)
    changed |= set_link (self, i);
  if (changed)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
th_graph_lines_in_sight (const ThGraphView *self, const Node *node)
{
  double first = MIN (middle_of (node) - TH_GRAPH_NODE_HEIGHT, (double) node->anchor - 8);
  double last = MAX (middle_of (node) + TH_GRAPH_NODE_HEIGHT, (double) node->anchor + 8);
  double from, to;
  if (!self->scrolling)
    return TRUE;
  from = gtk_adjustment_get_value (self->scrolling);
  to = from + gtk_adjustment_get_page_size (self->scrolling);
  return last >= from && first <= to;
}

void
th_graph_lines_snapshot (ThGraphView *self, GtkSnapshot *snapshot)
{
  for (guint i = 0; i < self->links->len; i++)
    th_graph_edge_snapshot (&g_array_index (self->links, ThGraphEdge, i), snapshot);
  for (guint c = 0; c < 2; c++)
    {
      for (guint i = 0; i < self->places[c]->len; i++)
        {
          Node *node = self->places[c]->pdata[i];
          if (!th_graph_lines_in_sight (self, node))
            continue;
          th_graph_edge_snapshot (&node->edge, snapshot);
          if (self->tick != 0)
            draw_dots (self, node, snapshot);
        }
    }
}
