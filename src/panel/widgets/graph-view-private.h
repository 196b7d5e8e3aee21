/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of a ThGraphView, for the files that share its work: graph-view.c has the nodes and
 * where they stand, graph-path.c who of them is selected, graph-lines.c the lines between them,
 * graph-tiles.c draws these, and graph-dots.c what runs along them.
 */
#pragma once

#include "panel/widgets/graph-edge.h"
#include "panel/widgets/graph-layout.h"
#include "panel/widgets/graph-node.h"
#include "panel/widgets/graph-view.h"

G_BEGIN_DECLS

#define TH_GRAPH_MARGIN  12
#define TH_GRAPH_HEADING 42

typedef struct {
  ThGraphNode *widget;
  guint top;      /* below the heading */
  guint anchor;   /* where its line meets the relay */
  gboolean placed, right;
  double up, down;
  const char *transport;
  gboolean near; /* on the path that is selected */
  ThGraphEdge edge;
} ThGraphViewNode;

struct _ThGraphView {
  GtkWidget parent_instance;
  GtkWidget *clients_label, *relay_label, *peers_label;
  GtkWidget *relay;
  GtkWidget *relay_name;
  GtkLabel *relay_text;

  ThConnections *connections;
  ThGrouping grouping;
  GHashTable *expanded; /* keys of groups */
  ThConnectionGraph *graph;
  ThConnectionGraph *next; /* to be shown with the next frame but one; NULL: none */
  guint next_tick;
  gboolean next_turn; /* the frame before that is to come */
  ThGraphLayout *layout;
  GHashTable *nodes;    /* key, the widget's → Node */
  GPtrArray *places[2]; /* of Node, as in the graph's columns */
  GArray *lines;        /* of ThGraphEdge: the graph's links, then those of nodes */
  GArray *tiles;        /* see graph-tiles.c */
  guint tiles_tick;     /* some tiles wait for the next frame */
  gboolean tiles_fresh; /* this frame had the update to do */
  GArray *dots;         /* of pictures of dots that were needed so far */
  gboolean selecting;   /* somebody is selected that is shown */

  int node_width, relay_width, relay_x;
  GtkAdjustment *scrolling; /* NULL unless it stands in something that scrolls */
  guint tick;
  gint64 last_frame;
};

/* Has the nodes look as what is selected says. */
void th_graph_path_show (ThGraphView *self);

/* Makes the lines fit where the nodes are and what flows, and has them drawn if they differ. */
void th_graph_lines_update (ThGraphView *self);

/* The part of the height that is in sight, in pixels. */
void th_graph_lines_get_sight (const ThGraphView *self, double *top, double *bottom);

/* FALSE for what is scrolled away, which need not be drawn. */
gboolean th_graph_lines_in_sight (const ThGraphView *self, const ThGraphViewNode *node);

/* The lines, as pictures. */
void th_graph_tiles_init (ThGraphView *self);
void th_graph_tiles_dispose (ThGraphView *self);
void th_graph_tiles_update (ThGraphView *self);
void th_graph_tiles_snapshot (ThGraphView *self, GtkSnapshot *snapshot);

/* Has them drawn anew for another number of pixels. */
void th_graph_tiles_forget (ThGraphView *self);

/* Dots along the lines that something flows through. */
void th_graph_dots_init (ThGraphView *self);
void th_graph_dots_snapshot (ThGraphView *self, GtkSnapshot *snapshot);
void th_graph_dots_forget (ThGraphView *self); /* colours are others */

G_END_DECLS
