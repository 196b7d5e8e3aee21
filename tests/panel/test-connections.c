/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the Connections page shows of sessions made up for it: the model that follows, searches and
 * pauses; the graph of it, with pairs and groups; the table's order.
 */
#include <adwaita.h>

#include "panel/connection-graph.h"
#include "panel/connection-text.h"
#include "panel/widgets/session-rows.h"
#include "panel/widgets/session-table.h"
#include "relay/session-list.h"
#include "relay/session-private.h"

typedef struct {
  ThSessionList *live;
  ThConnections *connections;
  GHashTable *expanded;
  guint n_updates;
  guint next;
} Fixture;

static void
on_refresh (gpointer data)
{
}

static void
on_updated (Fixture *self)
{
  self->n_updates++;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->live = th_session_list_new ();
  self->connections = th_connections_new (G_LIST_MODEL (self->live), on_refresh, NULL);
  self->expanded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_signal_connect_swapped (self->connections, "updated", G_CALLBACK (on_updated), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->connections);
  g_assert_finalize_object (self->live);
  g_hash_table_unref (self->expanded);
}

static ThAddress
address (const char *host, guint16 port)
{
  ThAddress parsed;
  g_assert_true (th_address_parse (&parsed, host, port));
  return parsed;
}

/* Its relayed address is 203.0.113.1 with a port from 50000 on. */
static ThSession *
add (Fixture *self, const char *user, const char *host)
{
  g_autoptr (ThTurnRecord) record = th_turn_record_new (user);
  g_autoptr (ThSession) session = NULL;
  record->client = address (host, 40000);
  record->relayed[0] = address ("203.0.113.1", (guint16) (50000 + self->next++));
  session = th_session_new (record);
  th_session_list_add (self->live, session);
  return session; /* the list has it */
}

static void
name_peer (ThSession *session, const char *host, guint16 port, guint16 channel)
{
  ThAddress peer = address (host, port);
  th_session_add_peer (session, &peer, channel);
}

static ThConnectionGraph *
graph_of (Fixture *self, ThGrouping grouping)
{
  th_connections_update (self->connections);
  return th_connection_graph_new (self->connections, grouping, self->expanded,
                                  g_get_monotonic_time ());
}

/* Titles of a column, each with a space after it. */
static void
assert_column (ThConnectionGraph *graph, guint column, const char *expected)
{
  g_autoptr (GString) titles = g_string_new (NULL);
  for (guint i = 0; i < graph->columns[column]->len; i++)
    {
      ThConnectionNode *node = graph->columns[column]->pdata[i];
      g_string_append_printf (titles, "%s ", node->title);
    }
  g_assert_cmpstr (titles->str, ==, expected);
}

static guint
n_found (Fixture *self)
{
  return g_list_model_get_n_items (th_connections_get_found (self->connections));
}

static void
test_follows_at_an_update (Fixture *self, gconstpointer data)
{
  guint64 id = th_session_get_id (add (self, "anna", "192.0.2.1"));
  add (self, "ben", "192.0.2.2");
  g_assert_cmpuint (n_found (self), ==, 0);
  th_connections_update (self->connections);
  g_assert_cmpuint (n_found (self), ==, 2);

  th_session_list_remove (self->live, id);
  add (self, "carla", "192.0.2.3");
  g_assert_cmpuint (n_found (self), ==, 2);
  th_connections_update (self->connections);
  g_autoptr (ThSession) first = g_list_model_get_item (
      th_connections_get_found (self->connections), 0);
  g_assert_cmpstr (th_session_get_user (first), ==, "ben");
  g_assert_cmpuint (th_connections_count (self->connections), ==, 2);
  g_assert_cmpuint (self->n_updates, ==, 2);
}

static void
test_nothing_while_paused (Fixture *self, gconstpointer data)
{
  add (self, "anna", "192.0.2.1");
  th_connections_update (self->connections);
  g_object_set (self->connections, "paused", TRUE, NULL);
  th_session_list_clear (self->live);
  th_connections_update (self->connections);
  g_assert_cmpuint (n_found (self), ==, 1);
  g_assert_cmpuint (self->n_updates, ==, 1);
  g_object_set (self->connections, "paused", FALSE, NULL);
  g_assert_cmpuint (n_found (self), ==, 0);
}

static void
assert_search (Fixture *self, const char *search, guint n)
{
  th_connections_set_search (self->connections, search);
  g_assert_cmpuint (n_found (self), ==, n);
}

static void
test_search (Fixture *self, gconstpointer data)
{
  g_autofree char *search = NULL;
  name_peer (add (self, "Ännchen", "192.0.2.1"), "198.51.100.7", 5000, 0);
  add (self, "ben", "2001:db8::7");
  th_connections_update (self->connections);
  assert_search (self, "änn", 1);
  assert_search (self, "2001:DB8", 1);
  assert_search (self, "198.51.100.7:5000", 1);
  assert_search (self, "203.0.113.1:5000", 2);
  assert_search (self, "nobody", 0);
  assert_search (self, "Ännchen", 1);
  g_object_get (self->connections, "search", &search, NULL);
  g_assert_cmpstr (search, ==, "Ännchen");
  assert_search (self, "", 2);
}

static void
test_relayed_address_names_its_client (Fixture *self, gconstpointer data)
{
  ThSession *anna = add (self, "anna", "192.0.2.1");
  ThAddress relayed = address ("203.0.113.1", 50000);
  ThAddress other = address ("203.0.113.1", 50001);
  th_connections_update (self->connections);
  g_assert_true (th_connections_find_relayed (self->connections, &relayed) == anna);
  g_assert_null (th_connections_find_relayed (self->connections, &other));
}

static void
test_clients_and_peers (Fixture *self, gconstpointer data)
{
  ThSession *anna = add (self, "anna", "192.0.2.1");
  ThSession *ben = add (self, "ben", "192.0.2.2");
  name_peer (anna, "198.51.100.7", 0, 0);
  name_peer (anna, "198.51.100.7", 5000, 0x4000);
  name_peer (ben, "198.51.100.7", 5000, 0x4000);
  name_peer (ben, "198.51.100.8", 0, 0);

  g_autoptr (ThConnectionGraph) graph = graph_of (self, TH_GROUPING_AUTOMATIC);
  assert_column (graph, 0, "anna ben ");
  /* The permission for the whole host says less than the channel does. */
  assert_column (graph, 1, "198.51.100.7:5000 198.51.100.8 ");
  g_assert_cmpuint (graph->links->len, ==, 3);
}

/* Two clients that name each other's relayed addresses are one path. */
static void
test_two_clients_are_one_path (Fixture *self, gconstpointer data)
{
  ThSession *anna = add (self, "anna", "192.0.2.1");
  ThSession *ben = add (self, "ben", "192.0.2.2");
  ThConnectionLink *link;
  name_peer (anna, "203.0.113.1", 50001, 0x4000);
  name_peer (ben, "203.0.113.1", 50000, 0x4000);

  g_autoptr (ThConnectionGraph) graph = graph_of (self, TH_GROUPING_AUTOMATIC);
  assert_column (graph, 0, "anna ");
  assert_column (graph, 1, "ben ");
  g_assert_cmpuint (graph->links->len, ==, 1);
  link = &g_array_index (graph->links, ThConnectionLink, 0);
  g_assert_true (!link->from_right && link->to_right);
}

/* Only one of them may talk: both are clients still. */
static void
test_one_sided_is_no_pair (Fixture *self, gconstpointer data)
{
  ThSession *anna = add (self, "anna", "192.0.2.1");
  add (self, "ben", "192.0.2.2");
  name_peer (anna, "203.0.113.1", 50001, 0x4000);

  g_autoptr (ThConnectionGraph) graph = graph_of (self, TH_GROUPING_AUTOMATIC);
  assert_column (graph, 0, "anna ben ");
  assert_column (graph, 1, "");
  g_assert_cmpuint (graph->links->len, ==, 1);
}

static void
test_permissions_run_out (Fixture *self, gconstpointer data)
{
  name_peer (add (self, "anna", "192.0.2.1"), "198.51.100.7", 0, 0);
  th_connections_update (self->connections);
  g_autoptr (ThConnectionGraph) graph =
      th_connection_graph_new (self->connections, TH_GROUPING_AUTOMATIC, self->expanded,
                               g_get_monotonic_time () + TH_PERMISSION_LIFETIME + G_USEC_PER_SEC);
  assert_column (graph, 0, "anna ");
  assert_column (graph, 1, "");
}

static void
test_groups_by_user (Fixture *self, gconstpointer data)
{
  name_peer (add (self, "anna", "192.0.2.1"), "198.51.100.7", 1, 0x4000);
  name_peer (add (self, "anna", "192.0.2.2"), "198.51.100.7", 2, 0x4000);
  add (self, "ben", "192.0.2.3");

  g_autoptr (ThConnectionGraph) graph = graph_of (self, TH_GROUPING_USER);
  ThConnectionNode *group = graph->columns[0]->pdata[0];
  assert_column (graph, 0, "anna ben ");
  assert_column (graph, 1, "198.51.100.0/24 ");
  g_assert_cmpint (group->kind, ==, TH_NODE_GROUP);
  g_assert_cmpuint (group->count, ==, 2);
  g_assert_cmpuint (graph->links->len, ==, 1);
}

static void
test_groups_by_network_and_open (Fixture *self, gconstpointer data)
{
  add (self, "anna", "192.0.2.1");
  add (self, "ben", "192.0.2.9");
  add (self, "carla", "198.51.100.1");

  g_autoptr (ThConnectionGraph) graph = graph_of (self, TH_GROUPING_NETWORK);
  ThConnectionNode *group = graph->columns[0]->pdata[0];
  assert_column (graph, 0, "192.0.2.0/24 carla ");
  g_hash_table_add (self->expanded, g_strdup (group->key));

  g_autoptr (ThConnectionGraph) open = graph_of (self, TH_GROUPING_NETWORK);
  assert_column (open, 0, "192.0.2.0/24 anna ben carla ");
  group = open->columns[0]->pdata[0];
  g_assert_true (group->expanded);
}

/* However many there are, and however different, they fit. */
static void
test_never_too_many (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *user = g_strdup_printf ("user-%u", i);
      g_autofree char *host = g_strdup_printf ("%u.%u.0.1", 1 + i % 200, i / 200);
      g_autofree char *peer = g_strdup_printf ("%u.%u.0.2", 1 + i % 200, i / 200);
      name_peer (add (self, user, host), peer, 1, 0);
    }
  for (ThGrouping grouping = TH_GROUPING_AUTOMATIC; grouping <= TH_GROUPING_NETWORK; grouping++)
    {
      g_autoptr (ThConnectionGraph) graph = graph_of (self, grouping);
      for (guint c = 0; c < 2; c++)
        {
          guint count = 0;
          g_assert_cmpuint (graph->columns[c]->len, >, 1);
          g_assert_cmpuint (graph->columns[c]->len, <=, TH_GRAPH_NODES_MAX + 1);
          for (guint i = 0; i < graph->columns[c]->len; i++)
            count += ((ThConnectionNode *) graph->columns[c]->pdata[i])->count;
          g_assert_cmpuint (count, ==, 1000);
        }
    }
}

/* Names are any that the makers of credentials let through. */
static void
test_odd_names (Fixture *self, gconstpointer data)
{
  g_autofree char *name = g_strdup_printf ("ev\u202Eil\u2028%0100d", 0);
  g_autofree char *shown = th_connection_user (add (self, name, "192.0.2.1"));
  g_autoptr (ThConnectionGraph) graph = graph_of (self, TH_GROUPING_AUTOMATIC);
  g_autofree char *column = g_strconcat (shown, " ", NULL);

  g_assert_true (g_str_has_prefix (shown, "ev\uFFFDil\uFFFD000"));
  g_assert_true (g_str_has_suffix (shown, "…"));
  assert_column (graph, 0, column);
}

static void
test_networks (void)
{
  ThAddress v4 = address ("198.51.100.77", 5);
  ThAddress v6 = address ("2001:db8:1:2:3:4:5:6", 5);
  g_autofree char *one = th_connection_network (&v4, 24, 64);
  g_autofree char *other = th_connection_network (&v6, 24, 64);
  g_assert_cmpstr (one, ==, "198.51.100.0/24");
  g_assert_cmpstr (other, ==, "2001:db8:1:2::/64");
}

/* ---- the views ---- */

/* The first widget below @root of that type */
static GtkWidget *
find (GtkWidget *root, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);
      if (found)
        return found;
    }
  return NULL;
}

static void
assert_rows (GtkColumnView *view, const char *expected)
{
  GListModel *rows = G_LIST_MODEL (gtk_column_view_get_model (view));
  g_autoptr (GString) users = g_string_new (NULL);
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (ThSessionRow) row = g_list_model_get_item (rows, i);
      g_autoptr (ThSession) session = th_session_row_dup_session (row);
      g_string_append_printf (users, "%s ", th_session_get_user (session));
    }
  g_assert_cmpstr (users->str, ==, expected);
}

static void
count (guint *n)
{
  ++*n;
}

static void
sort_by (GtkColumnView *view, guint place, GtkSortType direction)
{
  g_autoptr (GtkColumnViewColumn) column =
      g_list_model_get_item (gtk_column_view_get_columns (view), place);
  gtk_column_view_sort_by_column (view, column, direction);
}

static void
talk (ThSession *session, guint64 bytes)
{
  ThTurnRecord *record = (ThTurnRecord *) th_session_get_record (session);
  th_counter_add (&record->bytes_up, bytes);
  th_session_refresh (session, g_get_monotonic_time ());
}

static void
test_table_sorts_when_asked (Fixture *self, gconstpointer data)
{
  g_autoptr (GtkWidget) table = g_object_ref_sink (g_object_new (TH_TYPE_SESSION_TABLE, NULL));
  GtkColumnView *view = GTK_COLUMN_VIEW (find (table, GTK_TYPE_COLUMN_VIEW));
  ThSession *carla = add (self, "carla", "192.0.2.1");
  ThSession *anna = add (self, "anna", "192.0.2.2");
  add (self, "ben", "192.0.2.3");

  th_session_table_set_connections (TH_SESSION_TABLE (table), self->connections);
  th_connections_update (self->connections);
  assert_rows (view, "carla anna ben ");
  sort_by (view, 0, GTK_SORT_ASCENDING);
  assert_rows (view, "anna ben carla ");
  sort_by (view, 0, GTK_SORT_DESCENDING);
  assert_rows (view, "carla ben anna ");

  talk (anna, 1000);
  sort_by (view, 6, GTK_SORT_DESCENDING);
  assert_rows (view, "anna carla ben ");
  talk (carla, 5000); /* numbers change and rows stay */
  th_connections_update (self->connections);
  assert_rows (view, "anna carla ben ");
  gtk_sorter_changed (gtk_column_view_get_sorter (view), GTK_SORTER_CHANGE_DIFFERENT);
  assert_rows (view, "carla anna ben ");
}

static void
test_table_selects (Fixture *self, gconstpointer data)
{
  g_autoptr (GtkWidget) table = g_object_ref_sink (g_object_new (TH_TYPE_SESSION_TABLE, NULL));
  GtkColumnView *view = GTK_COLUMN_VIEW (find (table, GTK_TYPE_COLUMN_VIEW));
  ThSession *anna = add (self, "anna", "192.0.2.1");
  ThSession *ben = add (self, "ben", "192.0.2.2");

  th_session_table_set_connections (TH_SESSION_TABLE (table), self->connections);
  th_connections_update (self->connections);
  g_assert_null (th_connections_get_selected (self->connections));
  gtk_selection_model_select_item (gtk_column_view_get_model (view), 1, TRUE);
  g_assert_true (th_connections_get_selected (self->connections) == ben);
  th_connections_select (self->connections, anna);
  g_assert_true (gtk_selection_model_is_selected (gtk_column_view_get_model (view), 0));
  th_connections_select (self->connections, NULL);
  g_assert_false (gtk_selection_model_is_selected (gtk_column_view_get_model (view), 0));
}

/* Rows are places: who is selected takes the selection along. */
static void
test_table_selection_follows (Fixture *self, gconstpointer data)
{
  g_autoptr (GtkWidget) table = g_object_ref_sink (g_object_new (TH_TYPE_SESSION_TABLE, NULL));
  GtkColumnView *view = GTK_COLUMN_VIEW (find (table, GTK_TYPE_COLUMN_VIEW));
  guint64 anna = th_session_get_id (add (self, "anna", "192.0.2.1"));
  ThSession *ben = add (self, "ben", "192.0.2.2");
  guint64 id = th_session_get_id (ben);

  th_session_table_set_connections (TH_SESSION_TABLE (table), self->connections);
  th_connections_update (self->connections);
  th_connections_select (self->connections, ben);
  th_session_list_remove (self->live, anna);
  add (self, "carla", "192.0.2.3");
  th_connections_update (self->connections);
  assert_rows (view, "ben carla ");
  g_assert_true (gtk_selection_model_is_selected (gtk_column_view_get_model (view), 0));
  g_assert_true (th_connections_get_selected (self->connections) == ben);

  th_session_list_remove (self->live, id);
  th_connections_update (self->connections);
  assert_rows (view, "carla ");
  g_assert_false (gtk_selection_model_is_selected (gtk_column_view_get_model (view), 0));
  g_assert_true (th_connections_get_selected (self->connections) == ben);
}

/* One end, one beginning: the view has no rows to make. */
static void
test_table_keeps_rows (Fixture *self, gconstpointer data)
{
  g_autoptr (GtkWidget) table = g_object_ref_sink (g_object_new (TH_TYPE_SESSION_TABLE, NULL));
  GtkColumnView *view = GTK_COLUMN_VIEW (find (table, GTK_TYPE_COLUMN_VIEW));
  guint64 anna = th_session_get_id (add (self, "anna", "192.0.2.1"));
  guint n_changes = 0;

  add (self, "ben", "192.0.2.2");
  th_session_table_set_connections (TH_SESSION_TABLE (table), self->connections);
  th_connections_update (self->connections);
  g_signal_connect_swapped (gtk_column_view_get_model (view), "items-changed",
                            G_CALLBACK (count), &n_changes);
  th_session_list_remove (self->live, anna);
  add (self, "carla", "192.0.2.3");
  th_connections_update (self->connections);
  assert_rows (view, "ben carla ");
  g_assert_cmpuint (n_changes, ==, 0);
  add (self, "dora", "192.0.2.4");
  th_connections_update (self->connections);
  g_assert_cmpuint (n_changes, ==, 1);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
#define ADD(name, function)                                                                        \
  g_test_add ("/panel/connections/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("follows-at-an-update", test_follows_at_an_update);
  ADD ("nothing-while-paused", test_nothing_while_paused);
  ADD ("search", test_search);
  ADD ("relayed-address-names-its-client", test_relayed_address_names_its_client);
  ADD ("graph/clients-and-peers", test_clients_and_peers);
  ADD ("graph/two-clients-are-one-path", test_two_clients_are_one_path);
  ADD ("graph/one-sided-is-no-pair", test_one_sided_is_no_pair);
  ADD ("graph/permissions-run-out", test_permissions_run_out);
  ADD ("graph/groups-by-user", test_groups_by_user);
  ADD ("graph/groups-by-network-and-open", test_groups_by_network_and_open);
  ADD ("graph/never-too-many", test_never_too_many);
  g_test_add_func ("/panel/connections/networks", test_networks);
  ADD ("odd-names-are-shown-safely", test_odd_names);
  ADD ("table/sorts-when-asked", test_table_sorts_when_asked);
  ADD ("table/selects", test_table_selects);
  ADD ("table/selection-follows", test_table_selection_follows);
  ADD ("table/keeps-rows", test_table_keeps_rows);
  return g_test_run ();
}
