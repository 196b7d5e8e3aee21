/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines of a ThGraphView as they are drawn: as pictures, one below the other, each drawn only
 * when a line that crosses it looks different. A frame in which only dots move then costs next to
 * nothing. When many lines change, each frame after that in which they did draws as many pictures
 * as there is time for.
 */
#include "panel/widgets/graph-view-private.h"

#define HEIGHT    128  /* of a tile, in pixels */
#define BUDGET_US 1500 /* of a frame, unless there is nothing yet to show instead */

typedef struct {
  GskRenderNode *node; /* NULL: never drawn */
  guint64 wanted;      /* the sum of the hashes of what crosses it */
  guint64 drawn;       /* the same when it was drawn */
} Tile;

static Tile *
tile_at (ThGraphView *self, guint place)
{
  return &g_array_index (self->tiles, Tile, place);
}

static void
clear_tile (gpointer tile)
{
  g_clear_pointer (&((Tile *) tile)->node, gsk_render_node_unref);
}

static gboolean
crosses (const ThGraphEdge *edge, int top)
{
  return th_graph_edge_bottom (edge) > top && th_graph_edge_top (edge) < top + HEIGHT;
}

static gint
compare_styles (gconstpointer a, gconstpointer b)
{
  return th_graph_edge_compare_style (*(ThGraphEdge *const *) a, *(ThGraphEdge *const *) b);
}

/* Links are many and look much the same: those that look the same are one stroke. */
static void
draw_links (ThGraphView *self, cairo_t *cr, int top)
{
  g_autoptr (GPtrArray) links = g_ptr_array_new ();
  for (guint i = 0; i < self->graph->links->len; i++)
    {
      ThGraphEdge *link = &g_array_index (self->lines, ThGraphEdge, i);
      if (crosses (link, top))
        g_ptr_array_add (links, link);
    }
  g_ptr_array_sort (links, compare_styles);
  for (guint i = 0; i < links->len; i++)
    {
      const ThGraphEdge *link = links->pdata[i];
      th_graph_edge_trace (link, cr);
      if (i + 1 == links->len || th_graph_edge_compare_style (link, links->pdata[i + 1]) != 0)
        th_graph_edge_stroke (link, cr);
    }
}

static void
draw_edges (ThGraphView *self, cairo_t *cr, int top)
{
  for (guint i = self->graph->links->len; i < self->lines->len; i++)
    {
      const ThGraphEdge *edge = &g_array_index (self->lines, ThGraphEdge, i);
      if (!crosses (edge, top))
        continue;
      th_graph_edge_trace (edge, cr);
      th_graph_edge_stroke (edge, cr);
    }
}

/* In pixels, as strokes that a render node remembers would be drawn again with every frame. */
static void
draw_tile (ThGraphView *self, guint place)
{
  Tile *tile = tile_at (self, place);
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  int top = (int) place * HEIGHT;
  int left = TH_GRAPH_MARGIN + self->node_width;
  int width = gtk_widget_get_width (GTK_WIDGET (self)) - 2 * left;
  cairo_surface_t *pixels =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * scale, HEIGHT * scale);
  cairo_t *cr;

  cairo_surface_set_device_scale (pixels, scale, scale);
  cairo_surface_set_device_offset (pixels, -left * scale, -top * scale);
  cr = cairo_create (pixels);
  draw_links (self, cr, top);
  draw_edges (self, cr, top);
  cairo_destroy (cr);

  clear_tile (tile);
  tile->node = gsk_cairo_node_new (&GRAPHENE_RECT_INIT (left, top, width, HEIGHT));
  tile->drawn = tile->wanted;
  cr = gsk_cairo_node_get_draw_context (tile->node);
  cairo_set_source_surface (cr, pixels, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (pixels);
}

static gboolean
is_due (ThGraphView *self, guint place)
{
  Tile *tile = tile_at (self, place);
  return !tile->node || tile->drawn != tile->wanted;
}

static gboolean
on_frame_due (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  TH_GRAPH_VIEW (widget)->tiles_tick = 0;
  gtk_widget_queue_draw (widget);
  return G_SOURCE_REMOVE;
}

static void
forget_far (ThGraphView *self, guint first, guint last)
{
  for (guint i = 0; i < self->tiles->len; i++)
    {
      if (i + 2 < first || i > last + 2)
        clear_tile (tile_at (self, i));
    }
}

void
th_graph_tiles_init (ThGraphView *self)
{
  self->tiles = g_array_new (FALSE, TRUE, sizeof (Tile));
  g_array_set_clear_func (self->tiles, clear_tile);
}

void
th_graph_tiles_dispose (ThGraphView *self)
{
  if (self->tiles_tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tiles_tick);
  self->tiles_tick = 0;
  g_array_set_size (self->tiles, 0);
}

void
th_graph_tiles_update (ThGraphView *self)
{
  int height = MAX (gtk_widget_get_height (GTK_WIDGET (self)), 1);
  guint n = (guint) (height + HEIGHT - 1) / HEIGHT;
  gboolean due = n != self->tiles->len;

  g_array_set_size (self->tiles, n);
  for (guint i = 0; i < n; i++)
    tile_at (self, i)->wanted = 0;
  for (guint i = 0; i < self->lines->len; i++)
    {
      const ThGraphEdge *line = &g_array_index (self->lines, ThGraphEdge, i);
      guint64 hash = th_graph_edge_hash (line);
      int first = MAX ((int) th_graph_edge_top (line) / HEIGHT, 0);
      int last = MIN ((int) th_graph_edge_bottom (line) / HEIGHT, (int) n - 1);
      for (int j = first; j <= last; j++)
        tile_at (self, (guint) j)->wanted += hash;
    }
  for (guint i = 0; i < n && !due; i++)
    due = tile_at (self, i)->node && is_due (self, i);
  self->tiles_fresh = due;
  if (due)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
th_graph_tiles_snapshot (ThGraphView *self, GtkSnapshot *snapshot)
{
  double top, bottom;
  guint first, last;
  gint64 deadline = self->tiles_fresh ? 0 : g_get_monotonic_time () + BUDGET_US;
  gboolean waiting = FALSE;

  self->tiles_fresh = FALSE;
  th_graph_lines_get_sight (self, &top, &bottom);
  if (self->tiles->len == 0 || bottom <= top)
    return;
  first = (guint) top / HEIGHT;
  last = MIN ((guint) bottom / HEIGHT, self->tiles->len - 1);
  forget_far (self, first, last);
  for (guint i = first; i <= last; i++)
    {
      if (!tile_at (self, i)->node ||
          (is_due (self, i) && g_get_monotonic_time () < deadline))
        draw_tile (self, i);
      waiting |= is_due (self, i);
      gtk_snapshot_append_node (snapshot, tile_at (self, i)->node);
    }
  /* What comes into sight next. */
  if (last + 1 < self->tiles->len && is_due (self, last + 1) &&
      g_get_monotonic_time () < deadline)
    draw_tile (self, last + 1);
  if (first > 0 && is_due (self, first - 1) && g_get_monotonic_time () < deadline)
    draw_tile (self, first - 1);
  if (waiting && self->tiles_tick == 0)
    self->tiles_tick =
        gtk_widget_add_tick_callback (GTK_WIDGET (self), on_frame_due, NULL, NULL);
}

void
th_graph_tiles_forget (ThGraphView *self)
{
  for (guint i = 0; i < self->tiles->len; i++)
    clear_tile (tile_at (self, i));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
