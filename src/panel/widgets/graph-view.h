/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThGraphView: who talks with whom through this relay: clients left, the relay in the middle, whom
 * they talk to right. Nodes are children that take focus; lines are drawn beneath them.
 */
#pragma once

#include <gtk/gtk.h>

#include "panel/connection-graph.h"

G_BEGIN_DECLS

#define TH_TYPE_GRAPH_VIEW (th_graph_view_get_type ())
G_DECLARE_FINAL_TYPE (ThGraphView, th_graph_view, TH, GRAPH_VIEW, GtkWidget)

/* Once. */
void th_graph_view_set_connections (ThGraphView *self, ThConnections *connections);

void th_graph_view_set_grouping (ThGraphView *self, ThGrouping grouping);

/* @text: what stands below "Relay" */
void th_graph_view_set_relay_text (ThGraphView *self, const char *text);

G_END_DECLS
