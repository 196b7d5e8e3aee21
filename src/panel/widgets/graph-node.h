/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThGraphNode: a client, a peer or a group of them in the graph, as a button.
 */
#pragma once

#include <gtk/gtk.h>

#include "panel/connection-graph.h"

G_BEGIN_DECLS

#define TH_TYPE_GRAPH_NODE (th_graph_node_get_type ())
G_DECLARE_FINAL_TYPE (ThGraphNode, th_graph_node, TH, GRAPH_NODE, GtkButton)

#define TH_GRAPH_NODE_HEIGHT 48

GtkWidget *th_graph_node_new (void);

/* Says what @node says; keeps no reference to it but to its session. */
void th_graph_node_show (ThGraphNode *self, const ThConnectionNode *node);

ThNodeKind th_graph_node_get_kind (ThGraphNode *self);
const char *th_graph_node_get_key (ThGraphNode *self);

/* (transfer none): the eldest that it stands for */
ThSession *th_graph_node_get_session (ThGraphNode *self);

G_END_DECLS
