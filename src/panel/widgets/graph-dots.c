/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dots that run along the lines of a ThGraphView. There are only a few kinds of them, each a
 * small picture.
 */
#include <math.h>

#include "panel/widgets/graph-view-private.h"

#define RADIUS      2.5f
#define HALO        1.5f /* around it, in the line's colour, where the line is too thin for it */
#define EXTENT      10   /* of a picture, with a free pixel around the dot */
#define DOT_SECONDS 2.4
#define DOTS_MAX    24 /* nodes, above which a line has one dot */

typedef ThGraphViewNode Node;

typedef struct {
  GdkRGBA color;
  gboolean halo;
  int scale;
  GdkTexture *texture;
} Picture;

static void
clear_picture (gpointer picture)
{
  g_clear_object (&((Picture *) picture)->texture);
}

static void
fill_circle (cairo_t *cr, const GdkRGBA *color, double radius)
{
  gdk_cairo_set_source_rgba (cr, color);
  cairo_arc (cr, EXTENT / 2.0, EXTENT / 2.0, radius, 0, 2 * G_PI);
  cairo_fill (cr);
}

static void
draw_picture (Picture *self)
{
  const GdkRGBA light = { 1, 1, 1, 0.95f };
  int size = EXTENT * self->scale;
  cairo_surface_t *pixels = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size, size);
  cairo_t *cr = cairo_create (pixels);
  g_autoptr (GBytes) bytes = NULL;
  gsize stride = (gsize) cairo_image_surface_get_stride (pixels);

  cairo_scale (cr, self->scale, self->scale);
  if (self->halo)
    fill_circle (cr, &self->color, RADIUS + HALO);
  fill_circle (cr, &light, RADIUS);
  cairo_destroy (cr);
  cairo_surface_flush (pixels);
  bytes = g_bytes_new (cairo_image_surface_get_data (pixels), stride * (gsize) size);
  self->texture = gdk_memory_texture_new (size, size, GDK_MEMORY_DEFAULT, bytes, stride);
  cairo_surface_destroy (pixels);
}

static GdkTexture *
find_picture (ThGraphView *self, const ThGraphEdge *edge)
{
  Picture wanted = { .color = edge->color,
                     .halo = edge->width < 2 * RADIUS + 1,
                     .scale = gtk_widget_get_scale_factor (GTK_WIDGET (self)) };
  for (guint i = 0; i < self->dots->len; i++)
    {
      const Picture *known = &g_array_index (self->dots, Picture, i);
      if (known->halo == wanted.halo && known->scale == wanted.scale &&
          gdk_rgba_equal (&known->color, &wanted.color))
        return known->texture;
    }
  draw_picture (&wanted);
  g_array_append_val (self->dots, wanted);
  return wanted.texture;
}

static void
draw_dot (GdkTexture *picture, GtkSnapshot *snapshot, const graphene_point_t *at)
{
  gtk_snapshot_append_texture (
      snapshot, picture,
      &GRAPHENE_RECT_INIT (at->x - EXTENT / 2.0f, at->y - EXTENT / 2.0f, EXTENT, EXTENT));
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
      draw_dot (find_picture (self, &node->edge), snapshot, &at);
    }
}

void
th_graph_dots_init (ThGraphView *self)
{
  self->dots = g_array_new (FALSE, FALSE, sizeof (Picture));
  g_array_set_clear_func (self->dots, clear_picture);
}

void
th_graph_dots_snapshot (ThGraphView *self, GtkSnapshot *snapshot)
{
  for (guint c = 0; c < 2; c++)
    {
      for (guint i = 0; i < self->places[c]->len; i++)
        {
          const Node *node = self->places[c]->pdata[i];
          if (th_graph_lines_in_sight (self, node))
            draw_dots (self, node, snapshot);
        }
    }
}

void
th_graph_dots_forget (ThGraphView *self)
{
  g_array_set_size (self->dots, 0);
}
