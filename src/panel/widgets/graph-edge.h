/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThGraphEdge: one curve of the graph, drawn once and kept until it looks different.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct {
  float x0, y0, x1, y1;  /* from where to where, both ends horizontal */
  float bow;             /* how far it swings out to the right, where both ends are on one side */
  float width;           /* pixels */
  const char *transport; /* which says how it is dashed; NULL: not at all */
  GdkRGBA color;
} ThGraphCurve;

typedef struct {
  ThGraphCurve curve;
  GskRenderNode *drawn; /* NULL: not yet */
} ThGraphEdge;

/* From 1 to 8 pixels, with the logarithm of the rate in bit/s. */
float th_graph_edge_width (double rate);

/* Forgets what was drawn if @curve is another, and says whether it is. */
gboolean th_graph_edge_set (ThGraphEdge *self, const ThGraphCurve *curve);

void th_graph_edge_snapshot (ThGraphEdge *self, GtkSnapshot *snapshot);

/* The point a part of the way along, from 0 to 1. */
graphene_point_t th_graph_edge_point (const ThGraphEdge *self, double part);

void th_graph_edge_clear (ThGraphEdge *self);

G_END_DECLS
