/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of a ThGraphView, for the files that share its work: graph-view.c has the nodes and
 * where they stand, graph-lines.c what is drawn between them.
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
  ThGraphLayout *layout;
  GHashTable *nodes;    /* key, the widget's → Node */
  GPtrArray *places[2]; /* of Node, as in the graph's columns */
  GArray *links;        /* of ThGraphEdge, as in the graph's links */
  gboolean selecting;   /* somebody is selected that is shown */

  int node_width, relay_width, relay_x;
  GtkAdjustment *scrolling; /* NULL unless it stands in something that scrolls */
  guint tick;
  gint64 last_frame;
};

/* Makes the lines fit where the nodes are and what flows, and has them drawn if they differ. */
void th_graph_lines_update (ThGraphView *self);

/* Lines, and dots along them while there is motion. */
void th_graph_lines_snapshot (ThGraphView *self, GtkSnapshot *snapshot);

/* FALSE for what is scrolled away, which need not be drawn. */
gboolean th_graph_lines_in_sight (const ThGraphView *self, const ThGraphViewNode *node);

G_END_DECLS
