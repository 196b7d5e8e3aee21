/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThConnectionGraph: who talks with whom, as nodes in two columns and links between them: clients
 * left, and right whom they talk to. Two clients of this relay that talk with each other are one
 * left and one right, joined by one link. Many are put into groups.
 */
#pragma once

#include "panel/connection-ends.h"

G_BEGIN_DECLS

/* As many nodes as a column has before they are grouped by themselves. */
#define TH_GRAPH_NODES_MAX 60

typedef enum {
  TH_GROUPING_AUTOMATIC, /* none, where all fit; else by user, else by network */
  TH_GROUPING_USER,
  TH_GROUPING_NETWORK,
} ThGrouping;

typedef enum {
  TH_NODE_CLIENT,
  TH_NODE_PEER,  /* outside */
  TH_NODE_GROUP, /* of clients or of peers */
  TH_NODE_REST,  /* what is too much even in groups */
} ThNodeKind;

typedef struct {
  char *key; /* the same for the same node, from one graph to the next */
  char *title;
  char *subtitle;
  ThNodeKind kind;
  gboolean right;
  gboolean expanded;     /* of a group: its members follow it */
  const char *transport; /* how clients reach the relay; NULL: in several ways */
  ThSession *session;    /* the eldest that it stands for, a reference */
  guint count;           /* of clients or peers that it stands for */
  double up, down;       /* bit/s towards peers and towards clients */
} ThConnectionNode;

typedef struct {
  GPtrArray *columns[2]; /* of ThConnectionNode: left, right; in order of arrival */
  GArray *links;         /* of ThConnectionLink; each once, from left to right where it can be */
} ThConnectionGraph;

/**
 * th_connection_graph_new:
 * @expanded: keys of the groups to show the members of
 * @now: monotonic microseconds: permissions that have run out are not shown
 */
ThConnectionGraph *th_connection_graph_new (ThConnections *connections,
                                            ThGrouping grouping,
                                            GHashTable *expanded,
                                            gint64 now);
void th_connection_graph_free (ThConnectionGraph *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThConnectionGraph, th_connection_graph_free)

G_END_DECLS
