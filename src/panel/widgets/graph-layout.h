/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThGraphLayout: where the nodes of two columns stand. Whoever is there keeps its place in the
 * order while others come and go; who is new on the right is put beside those on the left it is
 * linked with. Knows nothing of widgets.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint left, right; /* places in the arrays given to th_graph_layout_update() */
} ThGraphLink;

typedef struct _ThGraphLayout ThGraphLayout;

/* @pitch: how far apart the tops of neighbours are at least, in pixels */
ThGraphLayout *th_graph_layout_new (guint pitch);
void th_graph_layout_free (ThGraphLayout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThGraphLayout, th_graph_layout_free)

/**
 * th_graph_layout_update:
 * @left: (array length=n_left): names, each unique in its column
 * @right: (array length=n_right): the same
 */
void th_graph_layout_update (ThGraphLayout *self,
                             const char *const *left,
                             guint n_left,
                             const char *const *right,
                             guint n_right,
                             const ThGraphLink *links,
                             guint n_links);

/* The top of a node, in pixels from 0, by its place in the arrays of the last update. */
guint th_graph_layout_get_left (const ThGraphLayout *self, guint place);
guint th_graph_layout_get_right (const ThGraphLayout *self, guint place);

/* The same of its rank in the column, from 0. */
guint th_graph_layout_get_right_rank (const ThGraphLayout *self, guint place);
guint th_graph_layout_get_left_rank (const ThGraphLayout *self, guint place);

/* What both columns need, with a pitch for each node. */
guint th_graph_layout_get_height (const ThGraphLayout *self);

G_END_DECLS
