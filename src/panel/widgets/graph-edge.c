/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A Bézier curve.
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

/* Where the two points lie that the curve is drawn towards. */
static float
first_control (const ThGraphEdge *self)
{
  return self->x0 + (self->x1 - self->x0) / 2 + self->bow;
}

static float
second_control (const ThGraphEdge *self)
{
  return self->x1 - (self->x1 - self->x0) / 2 + self->bow;
}

float
th_graph_edge_width (double rate)
{
  double part = log (MAX (rate, THIN_RATE) / THIN_RATE) / log (THICK_RATE / THIN_RATE);
  double width = THIN + MIN (part, 1) * (THICK - THIN);
  return (float) (round (width * 2) / 2); /* in steps, so that it is seldom drawn anew */
}

/* FNV-1a, by words rather than by bytes. */
guint64
th_graph_edge_hash (const ThGraphEdge *self)
{
  const float numbers[] = { self->x0,        self->y0,          self->x1,         self->y1,
                            self->bow,       self->width,       self->color.red,  self->color.green,
                            self->color.blue, self->color.alpha };
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325) ^ (guint64) (gsize) self->transport;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      guint32 word;
      memcpy (&word, &numbers[i], sizeof word);
      hash = (hash ^ word) * G_GUINT64_CONSTANT (0x100000001b3);
      hash ^= hash >> 29;
    }
  return hash;
}

int
th_graph_edge_compare_style (const ThGraphEdge *self, const ThGraphEdge *other)
{
  if (self->width != other->width)
    return self->width < other->width ? -1 : 1;
  if (self->transport != other->transport)
    return g_strcmp0 (self->transport, other->transport);
  return memcmp (&self->color, &other->color, sizeof self->color);
}

float
th_graph_edge_top (const ThGraphEdge *self)
{
  return MIN (self->y0, self->y1) - self->width / 2 - 1;
}

float
th_graph_edge_bottom (const ThGraphEdge *self)
{
  return MAX (self->y0, self->y1) + self->width / 2 + 1;
}

void
th_graph_edge_trace (const ThGraphEdge *self, cairo_t *cr)
{
  cairo_move_to (cr, self->x0, self->y0);
  cairo_curve_to (cr, first_control (self), self->y0, second_control (self), self->y1, self->x1,
                  self->y1);
}

void
th_graph_edge_stroke (const ThGraphEdge *self, cairo_t *cr)
{
  gdk_cairo_set_source_rgba (cr, &self->color);
  cairo_set_line_width (cr, self->width);
  cairo_set_dash (cr, NULL, 0, 0);
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      if (g_strcmp0 (self->transport, patterns[i].transport) == 0)
        cairo_set_dash (cr, patterns[i].dashes, patterns[i].n_dashes, 0);
    }
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST); /* a third of the time, and hardly to be seen */
  cairo_stroke (cr);
}

graphene_point_t
th_graph_edge_point (const ThGraphEdge *self, double part)
{
  double t = part;
  double u = 1 - t;
  double a = u * u * u;
  double b = 3 * u * u * t;
  double d = 3 * u * t * t;
  double e = t * t * t;
  double x = a * self->x0 + b * first_control (self) + d * second_control (self) + e * self->x1;
  double y = (a + b) * self->y0 + (d + e) * self->y1;
  return GRAPHENE_POINT_INIT ((float) x, (float) y);
}
