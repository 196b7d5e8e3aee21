/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThGraphView: follows the model while it is mapped. Between two updates nothing moves but dots
 * along the lines that something flows through, thirty times a second, and only where motion is
 * wanted.
 */
#include "panel/widgets/graph-view.h"

#include <adwaita.h>

#include "panel/widgets/graph-view-private.h"

#define GAP         12
#define NODE_MIN    112
#define NODE_MAX    228
#define RELAY_MIN   28
#define RELAY_MAX   112
#define CURVE_MIN   20
#define RELAY_HEAD  76 /* above the lines within the relay: its name */
#define WIDE        480
#define FRAME_US    33000

typedef ThGraphViewNode Node;

G_DEFINE_FINAL_TYPE (ThGraphView, th_graph_view, GTK_TYPE_WIDGET)

static void
free_node (gpointer data)
{
  Node *node = data;
  gtk_widget_unparent (GTK_WIDGET (node->widget));
  g_free (node);
}

/* ---- what it shows ---- */

static void rebuild (ThGraphView *self);

static void
on_node_clicked (ThGraphView *self, ThGraphNode *widget)
{
  const char *key = th_graph_node_get_key (widget);
  switch (th_graph_node_get_kind (widget))
    {
    case TH_NODE_GROUP:
      if (!g_hash_table_remove (self->expanded, key))
        g_hash_table_add (self->expanded, g_strdup (key));
      rebuild (self);
      break;
    case TH_NODE_REST:
      break;
    case TH_NODE_CLIENT:
    case TH_NODE_PEER:
    default:
      th_connections_select (self->connections, th_graph_node_get_session (widget));
    }
}

static Node *
find_or_add_node (ThGraphView *self, const ThConnectionNode *shown)
{
  Node *node = g_hash_table_lookup (self->nodes, shown->key);
  if (!node)
    {
      node = g_new0 (Node, 1);
      node->widget = TH_GRAPH_NODE (th_graph_node_new ());
      gtk_widget_set_parent (GTK_WIDGET (node->widget), GTK_WIDGET (self));
      g_signal_connect_object (node->widget, "clicked", G_CALLBACK (on_node_clicked), self,
                               G_CONNECT_SWAPPED);
      th_graph_node_show (node->widget, shown);
      g_hash_table_insert (self->nodes, (gpointer) th_graph_node_get_key (node->widget), node);
    }
  else
    {
      th_graph_node_show (node->widget, shown);
    }
  node->right = shown->right;
  node->up = shown->up;
  node->down = shown->down;
  node->transport = shown->transport ? g_intern_string (shown->transport) : NULL;
  return node;
}

static gboolean
is_gone (gpointer key, gpointer node, gpointer here)
{
  return !g_hash_table_contains (here, key);
}

/* Focus goes from node to node in the order in which they stand. */
static void
order_children (ThGraphView *self, guint column, const guint *ranks)
{
  g_autofree Node **by_rank = g_new0 (Node *, self->places[column]->len + 1);
  for (guint i = 0; i < self->places[column]->len; i++)
    by_rank[ranks[i]] = self->places[column]->pdata[i];
  for (guint i = 0; i < self->places[column]->len; i++)
    {
      GtkWidget *widget = GTK_WIDGET (by_rank[i]->widget);
      GtkWidget *before = i > 0 ? GTK_WIDGET (by_rank[i - 1]->widget) : NULL;
      if (before && gtk_widget_get_prev_sibling (widget) != before)
        gtk_widget_insert_after (widget, GTK_WIDGET (self), before);
    }
}

static char **
keys_of (GPtrArray *column)
{
  char **keys = g_new0 (char *, column->len + 1);
  for (guint i = 0; i < column->len; i++)
    keys[i] = ((ThConnectionNode *) column->pdata[i])->key;
  return keys;
}

static gboolean
set_top (Node *node, guint top)
{
  gboolean moved = !node->placed || node->top != top;
  node->placed = TRUE;
  node->top = top;
  return moved;
}

/* Returns: whether anything stands elsewhere than before */
static gboolean
lay_out (ThGraphView *self)
{
  GPtrArray *const *columns = self->graph->columns;
  g_autofree char **left = keys_of (columns[0]);
  g_autofree char **right = keys_of (columns[1]);
  g_autoptr (GArray) links = g_array_new (FALSE, FALSE, sizeof (ThGraphLink));
  g_autofree guint *left_ranks = g_new (guint, columns[0]->len + 1);
  g_autofree guint *right_ranks = g_new (guint, columns[1]->len + 1);
  gboolean moved = FALSE;

  for (guint i = 0; i < self->graph->links->len; i++)
    {
      const ThConnectionLink *link = &g_array_index (self->graph->links, ThConnectionLink, i);
      ThGraphLink across = { link->from, link->to };
      if (!link->from_right && link->to_right)
        g_array_append_val (links, across);
    }
  th_graph_layout_update (self->layout, (const char *const *) left, columns[0]->len,
                          (const char *const *) right, columns[1]->len,
                          (const ThGraphLink *) (gpointer) links->data, links->len);
  for (guint i = 0; i < columns[0]->len; i++)
    {
      moved |= set_top (self->places[0]->pdata[i], th_graph_layout_get_left (self->layout, i));
      left_ranks[i] = th_graph_layout_get_left_rank (self->layout, i);
    }
  for (guint i = 0; i < columns[1]->len; i++)
    {
      moved |= set_top (self->places[1]->pdata[i], th_graph_layout_get_right (self->layout, i));
      right_ranks[i] = th_graph_layout_get_right_rank (self->layout, i);
    }
  if (moved)
    {
      order_children (self, 0, left_ranks);
      order_children (self, 1, right_ranks);
    }
  return moved;
}

/* ---- motion ---- */

static gboolean
flows (ThGraphView *self)
{
  for (guint c = 0; c < 2; c++)
    {
      for (guint i = 0; i < self->places[c]->len; i++)
        {
          const Node *node = self->places[c]->pdata[i];
          if (node->up > 0 || node->down > 0)
            return TRUE;
        }
    }
  return FALSE;
}

static gboolean
on_frame_due (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  ThGraphView *self = TH_GRAPH_VIEW (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  if (now - self->last_frame >= FRAME_US)
    {
      self->last_frame = now;
      gtk_widget_queue_draw (widget);
    }
  return G_SOURCE_CONTINUE;
}

static void
update_motion (ThGraphView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean moves = self->connections && gtk_widget_get_mapped (widget) &&
                   adw_get_enable_animations (widget) &&
                   !th_connections_is_paused (self->connections) && flows (self);
  if (moves && self->tick == 0)
    {
      self->tick = gtk_widget_add_tick_callback (widget, on_frame_due, NULL, NULL);
    }
  else if (!moves && self->tick != 0)
    {
      gtk_widget_remove_tick_callback (widget, self->tick);
      self->tick = 0;
    }
}

/* ---- the widget ---- */

static void
show_places (ThGraphView *self)
{
  g_autoptr (GHashTable) here = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint c = 0; c < 2; c++)
    {
      GPtrArray *column = self->graph->columns[c];
      for (guint i = 0; i < column->len; i++)
        g_hash_table_add (here, ((ThConnectionNode *) column->pdata[i])->key);
    }
  g_ptr_array_set_size (self->places[0], 0);
  g_ptr_array_set_size (self->places[1], 0);
  g_hash_table_foreach_remove (self->nodes, is_gone, here);
  for (guint c = 0; c < 2; c++)
    {
      GPtrArray *column = self->graph->columns[c];
      for (guint i = 0; i < column->len; i++)
        g_ptr_array_add (self->places[c], find_or_add_node (self, column->pdata[i]));
    }
}

static void
show_next (ThGraphView *self)
{
  guint height = th_graph_layout_get_height (self->layout);
  gboolean moved;

  g_clear_pointer (&self->graph, th_connection_graph_free);
  self->graph = g_steal_pointer (&self->next);
  show_places (self);
  moved = lay_out (self);
  th_graph_path_show (self);
  if (height != th_graph_layout_get_height (self->layout))
    gtk_widget_queue_resize (GTK_WIDGET (self));
  else if (moved)
    gtk_widget_queue_allocate (GTK_WIDGET (self));
  else
    th_graph_lines_update (self);
  update_motion (self);
}

static void
find_next (ThGraphView *self)
{
  g_clear_pointer (&self->next, th_connection_graph_free);
  self->next = th_connection_graph_new (self->connections, self->grouping, self->expanded,
                                        g_get_monotonic_time ());
}

static void
rebuild (ThGraphView *self)
{
  find_next (self);
  show_next (self);
}

static gboolean
on_next_due (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  ThGraphView *self = TH_GRAPH_VIEW (widget);
  if (self->next && self->next_turn)
    {
      self->next_turn = FALSE;
      return G_SOURCE_CONTINUE;
    }
  self->next_tick = 0;
  if (self->next)
    show_next (self);
  return G_SOURCE_REMOVE;
}

/* To find out who talks with whom is work for one frame, to show it for the one after. */
static void
on_updated (ThGraphView *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  find_next (self);
  self->next_turn = TRUE;
  if (self->next_tick == 0)
    self->next_tick =
        gtk_widget_add_tick_callback (GTK_WIDGET (self), on_next_due, NULL, NULL);
}

static void
on_selected_changed (ThGraphView *self)
{
  if (!self->graph)
    return;
  th_graph_path_show (self);
  th_graph_lines_update (self);
}

static GtkSizeRequestMode
th_graph_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
th_graph_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  ThGraphView *self = TH_GRAPH_VIEW (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_measure (child, orientation, -1, NULL, NULL, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 2 * (TH_GRAPH_MARGIN + NODE_MIN + CURVE_MIN) + RELAY_MIN;
      *natural = 2 * (TH_GRAPH_MARGIN + NODE_MAX + 4 * CURVE_MIN) + RELAY_MAX;
    }
  else
    {
      int height = MAX ((int) th_graph_layout_get_height (self->layout), 2 * RELAY_HEAD);
      *minimum = *natural = TH_GRAPH_HEADING + height + TH_GRAPH_MARGIN;
    }
}

static void
allocate (GtkWidget *child, int x, int y, int width, int height)
{
  GtkAllocation place = { x, y, width, height };
  gtk_widget_size_allocate (child, &place, -1);
}

static void
allocate_columns (ThGraphView *self, int width)
{
  int curve = width >= WIDE ? width / 10 : CURVE_MIN;
  self->relay_width = width >= WIDE ? CLAMP (width / 6, RELAY_MIN, RELAY_MAX) : RELAY_MIN;
  self->node_width =
      CLAMP ((width - self->relay_width) / 2 - TH_GRAPH_MARGIN - curve, NODE_MIN, NODE_MAX);
  self->relay_x = (width - self->relay_width) / 2;
  allocate (self->clients_label, TH_GRAPH_MARGIN, 0, self->node_width, TH_GRAPH_HEADING);
  allocate (self->peers_label, width - TH_GRAPH_MARGIN - self->node_width, 0, self->node_width,
            TH_GRAPH_HEADING);
  gtk_widget_set_child_visible (self->relay_label, width >= WIDE);
  allocate (self->relay_label, self->relay_x, 0, self->relay_width, TH_GRAPH_HEADING);
  gtk_widget_set_child_visible (GTK_WIDGET (self->relay_text), width >= WIDE);
  gtk_widget_set_child_visible (self->relay_name, width >= WIDE);
}

/* Lines meet the relay in the order of their nodes, below its name. */
static void
allocate_nodes (ThGraphView *self, int width, int relay_height)
{
  guint height = MAX (th_graph_layout_get_height (self->layout), 1);
  int head = width >= WIDE ? RELAY_HEAD : TH_GRAPH_MARGIN;
  double room = relay_height - head - TH_GRAPH_MARGIN;

  for (guint c = 0; c < 2; c++)
    {
      for (guint i = 0; i < self->places[c]->len; i++)
        {
          Node *node = self->places[c]->pdata[i];
          double part = (node->top + TH_GRAPH_NODE_HEIGHT / 2.0) / height;
          node->anchor = TH_GRAPH_HEADING + head + (guint) (part * room);
          allocate (GTK_WIDGET (node->widget),
                    node->right ? width - TH_GRAPH_MARGIN - self->node_width : TH_GRAPH_MARGIN,
                    TH_GRAPH_HEADING + (int) node->top, self->node_width, TH_GRAPH_NODE_HEIGHT);
        }
    }
}

static void
th_graph_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ThGraphView *self = TH_GRAPH_VIEW (widget);
  int relay_height =
      MAX ((int) th_graph_layout_get_height (self->layout) - GAP, 2 * RELAY_HEAD);

  allocate_columns (self, width);
  allocate (self->relay, self->relay_x, TH_GRAPH_HEADING, self->relay_width, relay_height);
  allocate_nodes (self, width, relay_height);
  th_graph_lines_update (self);
}

static void
th_graph_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ThGraphView *self = TH_GRAPH_VIEW (widget);

  gtk_widget_snapshot_child (widget, self->relay, snapshot);
  th_graph_tiles_snapshot (self, snapshot);
  if (self->tick != 0)
    th_graph_dots_snapshot (self, snapshot);
  for (guint c = 0; c < 2; c++)
    {
      for (guint i = 0; i < self->places[c]->len; i++)
        {
          const Node *node = self->places[c]->pdata[i];
          if (th_graph_lines_in_sight (self, node))
            gtk_widget_snapshot_child (widget, GTK_WIDGET (node->widget), snapshot);
        }
    }
  gtk_widget_snapshot_child (widget, self->clients_label, snapshot);
  gtk_widget_snapshot_child (widget, self->relay_label, snapshot);
  gtk_widget_snapshot_child (widget, self->peers_label, snapshot);
}

static void
th_graph_view_map (GtkWidget *widget)
{
  ThGraphView *self = TH_GRAPH_VIEW (widget);
  GtkWidget *scrolled = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  GTK_WIDGET_CLASS (th_graph_view_parent_class)->map (widget);
  if (scrolled && !self->scrolling)
    {
      self->scrolling =
          g_object_ref (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled)));
      g_signal_connect_object (self->scrolling, "value-changed",
                               G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->scrolling, "changed", G_CALLBACK (gtk_widget_queue_draw),
                               self, G_CONNECT_SWAPPED);
    }
  if (self->connections)
    rebuild (self);
}

static void
th_graph_view_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (th_graph_view_parent_class)->unmap (widget);
  update_motion (TH_GRAPH_VIEW (widget));
}

/* Colours are others now. */
static void
th_graph_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (th_graph_view_parent_class)->css_changed (widget, change);
  th_graph_dots_forget (TH_GRAPH_VIEW (widget));
  th_graph_lines_update (TH_GRAPH_VIEW (widget));
}

static void
th_graph_view_dispose (GObject *object)
{
  ThGraphView *self = TH_GRAPH_VIEW (object);
  GtkWidget *child;
  g_ptr_array_set_size (self->places[0], 0);
  g_ptr_array_set_size (self->places[1], 0);
  g_hash_table_remove_all (self->nodes);
  th_graph_tiles_dispose (self);
  if (self->next_tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->next_tick);
  self->next_tick = 0;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  g_clear_object (&self->scrolling);
  g_clear_object (&self->connections);
  G_OBJECT_CLASS (th_graph_view_parent_class)->dispose (object);
}

static void
th_graph_view_finalize (GObject *object)
{
  ThGraphView *self = TH_GRAPH_VIEW (object);
  g_clear_pointer (&self->graph, th_connection_graph_free);
  g_clear_pointer (&self->next, th_connection_graph_free);
  th_graph_layout_free (self->layout);
  g_hash_table_unref (self->expanded);
  g_hash_table_unref (self->nodes);
  g_ptr_array_unref (self->places[0]);
  g_ptr_array_unref (self->places[1]);
  g_array_unref (self->lines);
  g_array_unref (self->tiles);
  g_array_unref (self->dots);
  G_OBJECT_CLASS (th_graph_view_parent_class)->finalize (object);
}

static void
th_graph_view_class_init (ThGraphViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_graph_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = th_graph_view_finalize;
  widget_class->get_request_mode = th_graph_view_get_request_mode;
  widget_class->measure = th_graph_view_measure;
  widget_class->size_allocate = th_graph_view_size_allocate;
  widget_class->snapshot = th_graph_view_snapshot;
  widget_class->map = th_graph_view_map;
  widget_class->unmap = th_graph_view_unmap;
  widget_class->css_changed = th_graph_view_css_changed;

  gtk_widget_class_set_css_name (widget_class, "graph");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/graph-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ThGraphView, clients_label);
  gtk_widget_class_bind_template_child (widget_class, ThGraphView, relay_label);
  gtk_widget_class_bind_template_child (widget_class, ThGraphView, peers_label);
  gtk_widget_class_bind_template_child (widget_class, ThGraphView, relay);
  gtk_widget_class_bind_template_child (widget_class, ThGraphView, relay_name);
  gtk_widget_class_bind_template_child (widget_class, ThGraphView, relay_text);
}

static void
th_graph_view_init (ThGraphView *self)
{
  self->expanded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->nodes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_node);
  self->places[0] = g_ptr_array_new ();
  self->places[1] = g_ptr_array_new ();
  self->lines = g_array_new (FALSE, TRUE, sizeof (ThGraphEdge));
  th_graph_tiles_init (self);
  th_graph_dots_init (self);
  self->layout = th_graph_layout_new (TH_GRAPH_NODE_HEIGHT + GAP);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (th_graph_tiles_forget), NULL);
}

void
th_graph_view_set_connections (ThGraphView *self, ThConnections *connections)
{
  g_return_if_fail (TH_IS_GRAPH_VIEW (self) && !self->connections);
  self->connections = g_object_ref (connections);
  g_signal_connect_object (connections, "updated", G_CALLBACK (on_updated), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (connections, "notify::paused", G_CALLBACK (update_motion), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (connections, "notify::selected", G_CALLBACK (on_selected_changed), self,
                           G_CONNECT_SWAPPED);
}

void
th_graph_view_set_grouping (ThGraphView *self, ThGrouping grouping)
{
  g_return_if_fail (TH_IS_GRAPH_VIEW (self));
  if (grouping == self->grouping)
    return;
  self->grouping = grouping;
  g_hash_table_remove_all (self->expanded);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    rebuild (self);
}

void
th_graph_view_set_relay_text (ThGraphView *self, const char *text)
{
  g_return_if_fail (TH_IS_GRAPH_VIEW (self));
  if (g_strcmp0 (gtk_label_get_label (self->relay_text), text) != 0)
    gtk_label_set_label (self->relay_text, text);
}
