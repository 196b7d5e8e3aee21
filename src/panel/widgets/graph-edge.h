/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThGraphEdge: one line of the graph, a curve that leaves and arrives horizontally.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct {
  float x0, y0, x1, y1;  /* from where to where, both ends horizontal */
  float bow;             /* how far it swings out to the right, where both ends are on one side */
  float width;           /* pixels */
  const char *transport; /* which says how it is dashed, interned; NULL: not at all */
  GdkRGBA color;
} ThGraphEdge;

/* From 1 to 8 pixels, with the logarithm of the rate in bit/s. */
float th_graph_edge_width (double rate);

/* The same for those that look the same, and most unlikely the same for others. */
guint64 th_graph_edge_hash (const ThGraphEdge *self);

/* Negative, 0, positive: 0 for those that can be drawn at one stroke. */
int th_graph_edge_compare_style (const ThGraphEdge *self, const ThGraphEdge *other);

/* From where to where it reaches, in pixels. */
float th_graph_edge_top (const ThGraphEdge *self);
float th_graph_edge_bottom (const ThGraphEdge *self);

/* Adds it to the path. */
void th_graph_edge_trace (const ThGraphEdge *self, cairo_t *cr);

/* Strokes the path as that edge is to look. */
void th_graph_edge_stroke (const ThGraphEdge *self, cairo_t *cr);

/* The point a part of the way along, from 0 to 1. */
graphene_point_t th_graph_edge_point (const ThGraphEdge *self, double part);

G_END_DECLS
