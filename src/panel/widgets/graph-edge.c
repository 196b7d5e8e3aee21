/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A Bézier curve that leaves and arrives horizontally. What Cairo draws becomes a render node,
 * which renderers keep as a picture for as long as it stays the same one.
 */
#include "panel/widgets/graph-edge.h"

#include <math.h>
#include <string.h>

/* Up to 10 kbit/s the thinnest line, from 10 Mbit/s on the thickest. */
#define THIN_RATE  1e4
#define THICK_RATE 1e7
#define THIN       1.0
#define THICK      8.0

static const struct {
  const char *transport;
  double dashes[4];
  int n_dashes;
} patterns[] = {
  { "TCP", { 9, 5 }, 2 },
  { "TLS", { 3, 5 }, 2 },
  { "DTLS", { 9, 5, 3, 5 }, 4 },
};

static void
set_dash (cairo_t *cr, const ThGraphCurve *curve)
{
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      if (g_strcmp0 (curve->transport, patterns[i].transport) == 0)
        cairo_set_dash (cr, patterns[i].dashes, patterns[i].n_dashes, 0);
    }
}

/* Where the two points lie that the curve is drawn towards. */
static float
first_control (const ThGraphCurve *curve)
{
  return curve->x0 + (curve->x1 - curve->x0) / 2 + curve->bow;
}

static float
second_control (const ThGraphCurve *curve)
{
  return curve->x1 - (curve->x1 - curve->x0) / 2 + curve->bow;
}

static void
draw (const ThGraphCurve *curve, cairo_t *cr)
{
  gdk_cairo_set_source_rgba (cr, &curve->color);
  cairo_set_line_width (cr, curve->width);
  set_dash (cr, curve);
  cairo_move_to (cr, curve->x0, curve->y0);
  cairo_curve_to (cr, first_control (curve), curve->y0, second_control (curve), curve->y1,
                  curve->x1, curve->y1);
  cairo_stroke (cr);
}

static GskRenderNode *
make_node (const ThGraphCurve *curve)
{
  float half = curve->width / 2 + 1;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (
      floorf (MIN (curve->x0, curve->x1) + MIN (curve->bow, 0)),
      floorf (MIN (curve->y0, curve->y1) - half),
      ceilf (fabsf (curve->x1 - curve->x0) + fabsf (curve->bow)) + 1,
      ceilf (fabsf (curve->y1 - curve->y0) + 2 * half) + 1);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  draw (curve, cr);
  cairo_destroy (cr);
  return gtk_snapshot_free_to_node (snapshot);
}

float
th_graph_edge_width (double rate)
{
  double part = log (MAX (rate, THIN_RATE) / THIN_RATE) / log (THICK_RATE / THIN_RATE);
  double width = THIN + MIN (part, 1) * (THICK - THIN);
  return (float) (round (width * 2) / 2); /* in steps, so that it is seldom drawn anew */
}

gboolean
th_graph_edge_set (ThGraphEdge *self, const ThGraphCurve *curve)
{
  const ThGraphCurve *old = &self->curve;
  if (self->drawn && old->x0 == curve->x0 && old->y0 == curve->y0 && old->x1 == curve->x1 &&
      old->y1 == curve->y1 && old->bow == curve->bow && old->width == curve->width &&
      g_strcmp0 (old->transport, curve->transport) == 0 &&
      gdk_rgba_equal (&old->color, &curve->color))
    return FALSE;
  th_graph_edge_clear (self);
  self->curve = *curve;
  return TRUE;
}

void
th_graph_edge_snapshot (ThGraphEdge *self, GtkSnapshot *snapshot)
{
  if (!self->drawn)
    self->drawn = make_node (&self->curve);
  gtk_snapshot_append_node (snapshot, self->drawn);
}

graphene_point_t
th_graph_edge_point (const ThGraphEdge *self, double part)
{
  const ThGraphCurve *c = &self->curve;
  double t = part;
  double u = 1 - t;
  double a = u * u * u;
  double b = 3 * u * u * t;
  double d = 3 * u * t * t;
  double e = t * t * t;
  double x = a * c->x0 + b * first_control (c) + d * second_control (c) + e * c->x1;
  double y = (a + b) * c->y0 + (d + e) * c->y1;
  return GRAPHENE_POINT_INIT ((float) x, (float) y);
}

void
th_graph_edge_clear (ThGraphEdge *self)
{
  g_clear_pointer (&self->drawn, gsk_render_node_unref);
}
