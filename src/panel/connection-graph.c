/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Built anew each time, in two passes: first every client and peer as a node of its own, then, if
 * they are too many or somebody wants it, the nodes of one user or network folded into one.
 */
#include "panel/connection-graph.h"

#include <glib/gi18n.h>
#include <string.h>

#include "panel/connection-text.h"

/* A place in a column, as a value of a hash table. */
#define PLACE(right, place) GUINT_TO_POINTER (((place) + 1) << 1 | (right))
#define PLACE_RIGHT(pointer) (GPOINTER_TO_UINT (pointer) & 1)
#define PLACE_INDEX(pointer) ((GPOINTER_TO_UINT (pointer) >> 1) - 1)

/* Lengths of prefixes to group by until there are few enough. */
static const struct {
  guint v4, v6;
} prefixes[] = { { 24, 64 }, { 16, 48 }, { 8, 32 } };

typedef struct {
  ThConnections *connections;
  ThConnectionGraph *graph;
  GHashTable *places; /* key, owned by its node → PLACE() */
  GHashTable *linked; /* pairs that are linked already */
  gint64 now;
} Builder;

static void
free_node (gpointer data)
{
  ThConnectionNode *node = data;
  g_free (node->key);
  g_free (node->title);
  g_free (node->subtitle);
  g_clear_object (&node->session);
  g_free (node);
}

static ThConnectionGraph *
new_graph (void)
{
  ThConnectionGraph *self = g_new0 (ThConnectionGraph, 1);
  self->columns[0] = g_ptr_array_new_with_free_func (free_node);
  self->columns[1] = g_ptr_array_new_with_free_func (free_node);
  self->links = g_array_new (FALSE, FALSE, sizeof (ThConnectionLink));
  return self;
}

static void
add_node (Builder *self, ThConnectionNode *node)
{
  GPtrArray *column = self->graph->columns[node->right];
  g_hash_table_insert (self->places, node->key, PLACE (node->right, column->len));
  g_ptr_array_add (column, node);
}

static void
add_link (Builder *self, gpointer from, gpointer to)
{
  guint a = GPOINTER_TO_UINT (from);
  guint b = GPOINTER_TO_UINT (to);
  guint64 pair = (guint64) MIN (a, b) << 32 | MAX (a, b);
  ThConnectionLink link = { PLACE_RIGHT (from), PLACE_RIGHT (to), PLACE_INDEX (from),
                            PLACE_INDEX (to) };
  if (a == b || g_hash_table_contains (self->linked, &pair))
    return;
  if (link.from_right && !link.to_right)
    link = (ThConnectionLink) { FALSE, TRUE, link.to, link.from };
  g_hash_table_add (self->linked, g_memdup2 (&pair, sizeof pair));
  g_array_append_val (self->graph->links, link);
}

static ThConnectionNode *
node_at (Builder *self, gpointer place)
{
  return self->graph->columns[PLACE_RIGHT (place)]->pdata[PLACE_INDEX (place)];
}

static char *
key_of_session (ThSession *session)
{
  return g_strdup_printf ("s:%" G_GUINT64_FORMAT, th_session_get_id (session));
}

static gpointer
find_session (Builder *self, ThSession *session)
{
  g_autofree char *key = key_of_session (session);
  return g_hash_table_lookup (self->places, key);
}

static void
add_client (Builder *self, ThSession *session, gboolean right)
{
  ThConnectionNode *node = g_new0 (ThConnectionNode, 1);
  const char *transport = th_session_get_transport (session);
  node->key = key_of_session (session);
  node->title = th_connection_user (session);
  node->subtitle = g_strdup_printf ("%s · %s", transport, th_session_get_client (session));
  node->kind = TH_NODE_CLIENT;
  node->right = right;
  node->transport = transport;
  node->session = g_object_ref (session);
  node->count = 1;
  node->up = th_session_get_rate_up (session);
  node->down = th_session_get_rate_down (session);
  add_node (self, node);
}

static gboolean
is_own_relayed (ThSession *session, const ThAddress *address, gboolean host_only)
{
  const ThTurnRecord *record = th_session_get_record (session);
  for (guint i = 0; i < G_N_ELEMENTS (record->relayed); i++)
    {
      if (host_only ? th_address_same_host (&record->relayed[i], address)
                    : th_address_equal (&record->relayed[i], address))
        return TRUE;
    }
  return FALSE;
}

/* Whether the peer is said again and better, by a port or by a channel. */
static gboolean
is_vague (const ThSessionPeer *peers, guint n, guint place)
{
  for (guint i = 0; i < n; i++)
    {
      if (i != place && th_address_port (&peers[place].address) == 0 &&
          th_address_port (&peers[i].address) != 0 &&
          th_address_same_host (&peers[i].address, &peers[place].address))
        return TRUE;
    }
  return FALSE;
}

static gboolean
names (ThSession *session, ThSession *other, gint64 now)
{
  guint n;
  const ThSessionPeer *peers = th_session_get_peers (session, &n);
  for (guint i = 0; i < n; i++)
    {
      gboolean host_only = th_address_port (&peers[i].address) == 0;
      if (peers[i].expires > now && is_own_relayed (other, &peers[i].address, host_only))
        return TRUE;
    }
  return FALSE;
}

/* The client of this relay that a session names by its relayed address, NULL if that is none. */
static ThSession *
find_partner (Builder *self, ThSession *session, const ThSessionPeer *peer)
{
  ThSession *other = th_address_port (&peer->address) == 0
                         ? NULL
                         : th_connections_find_relayed (self->connections, &peer->address);
  return other == session ? NULL : other;
}

/* Of two clients that talk with each other the elder stands left. */
static void
place_clients (Builder *self, GListModel *found)
{
  guint n = g_list_model_get_n_items (found);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ThSession) session = g_list_model_get_item (found, i);
      guint n_peers;
      const ThSessionPeer *peers = th_session_get_peers (session, &n_peers);
      gboolean left;

      if (!find_session (self, session))
        add_client (self, session, FALSE);
      left = !PLACE_RIGHT (find_session (self, session));
      for (guint j = 0; left && j < n_peers; j++)
        {
          ThSession *other = find_partner (self, session, &peers[j]);
          if (other && peers[j].expires > self->now && names (other, session, self->now) &&
              !find_session (self, other))
            add_client (self, other, TRUE);
        }
    }
}

/* A session counts together what it has to say to all: those with a channel share it, as that is
 * what apps bind to whom they settled on; where there is none, all do. */
static double
share_of (const ThSessionPeer *peers, guint n, guint place)
{
  guint n_channels = 0;
  for (guint i = 0; i < n; i++)
    n_channels += peers[i].channel != 0;
  if (n_channels == 0)
    return 1.0 / n;
  return peers[place].channel != 0 ? 1.0 / n_channels : 0;
}

static gpointer
find_or_add_peer (Builder *self, ThSession *session, const ThAddress *address)
{
  g_autofree char *text = th_connection_address (address);
  g_autofree char *key = g_strconcat ("p:", text, NULL);
  gpointer known = g_hash_table_lookup (self->places, key);
  ThConnectionNode *node;

  if (known)
    {
      node = self->graph->columns[1]->pdata[PLACE_INDEX (known)];
      if (g_strcmp0 (node->transport, th_session_get_transport (session)) != 0)
        node->transport = NULL;
      return known;
    }
  node = g_new0 (ThConnectionNode, 1);
  node->key = g_steal_pointer (&key);
  node->title = g_steal_pointer (&text);
  node->subtitle = g_strdup (is_own_relayed (session, address, TRUE) ? _("this machine")
                                                                      : _("outside"));
  node->kind = TH_NODE_PEER;
  node->right = TRUE;
  node->transport = th_session_get_transport (session);
  node->session = g_object_ref (session);
  node->count = 1;
  add_node (self, node);
  return g_hash_table_lookup (self->places, node->key);
}

static void
link_session (Builder *self, ThSession *session)
{
  gpointer own = find_session (self, session);
  guint n;
  const ThSessionPeer *peers = th_session_get_peers (session, &n);

  for (guint i = 0; i < n; i++)
    {
      ThSession *partner = find_partner (self, session, &peers[i]);
      gpointer other = partner ? find_session (self, partner) : NULL;
      double share = share_of (peers, n, i);
      ThConnectionNode *node;

      if (peers[i].expires <= self->now || is_vague (peers, n, i))
        continue;
      if (!other)
        {
          other = find_or_add_peer (self, session, &peers[i].address);
          node = self->graph->columns[1]->pdata[PLACE_INDEX (other)];
          node->up += th_session_get_rate_up (session) * share;
          node->down += th_session_get_rate_down (session) * share;
        }
      add_link (self, own, other);
    }
}

/* ---- groups ---- */

static gboolean
peer_address (const ThConnectionNode *node, ThAddress *address)
{
  guint n;
  const ThSessionPeer *peers = th_session_get_peers (node->session, &n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = th_connection_address (&peers[i].address);
      *address = peers[i].address;
      if (strcmp (text, node->title) == 0)
        return TRUE;
    }
  return FALSE;
}

/* What a node's group is called */
static char *
group_title (const ThConnectionNode *node, gboolean by_user, guint prefix)
{
  ThAddress address;
  if (node->kind == TH_NODE_CLIENT && by_user)
    return g_strdup (node->title);
  if (node->kind == TH_NODE_CLIENT)
    address = th_session_get_record (node->session)->client;
  else if (!peer_address (node, &address))
    return g_strdup (node->title);
  return th_connection_network (&address, prefixes[prefix].v4, prefixes[prefix].v6);
}

static GHashTable *
count_groups (GPtrArray *column, gboolean by_user, guint prefix)
{
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < column->len; i++)
    {
      char *title = group_title (column->pdata[i], by_user, prefix);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, title));
      g_hash_table_insert (counts, title, GUINT_TO_POINTER (count + 1));
    }
  return counts;
}

/* How one column is folded. */
typedef struct {
  gboolean any, by_user;
  guint prefix;
} Folding;

static gboolean
fits (GPtrArray *column, const Folding *folding)
{
  g_autoptr (GHashTable) groups = count_groups (column, folding->by_user, folding->prefix);
  return g_hash_table_size (groups) <= TH_GRAPH_NODES_MAX;
}

static Folding
choose_folding (GPtrArray *column, ThGrouping grouping)
{
  Folding folding = { .any = grouping != TH_GROUPING_AUTOMATIC ||
                             column->len > TH_GRAPH_NODES_MAX,
                      .by_user = grouping != TH_GROUPING_NETWORK };
  if (grouping == TH_GROUPING_AUTOMATIC && folding.any)
    folding.by_user = fits (column, &folding);
  while (folding.any && folding.prefix + 1 < G_N_ELEMENTS (prefixes) && !fits (column, &folding))
    folding.prefix++;
  return folding;
}

static ThConnectionNode *
copy_node (const ThConnectionNode *node)
{
  ThConnectionNode *copy = g_memdup2 (node, sizeof *node);
  copy->key = g_strdup (node->key);
  copy->title = g_strdup (node->title);
  copy->subtitle = g_strdup (node->subtitle);
  g_object_ref (copy->session);
  return copy;
}

static void
add_to_group (ThConnectionNode *group, const ThConnectionNode *node)
{
  group->count++;
  group->up += node->up;
  group->down += node->down;
  if (g_strcmp0 (group->transport, node->transport) != 0)
    group->transport = NULL;
}

static ThConnectionNode *
new_group (const ThConnectionNode *first, const char *key, const char *title, ThNodeKind kind)
{
  ThConnectionNode *group = g_new0 (ThConnectionNode, 1);
  group->key = g_strdup (key);
  group->title = g_strdup (title);
  group->kind = kind;
  group->right = first->right;
  group->transport = first->transport;
  group->session = g_object_ref (first->session);
  return group;
}

static void
describe_group (ThConnectionNode *group, gboolean clients)
{
  guint n = group->count;
  g_free (group->subtitle);
  group->subtitle =
      g_strdup_printf (clients ? ngettext ("%u connection", "%u connections", n)
                               : ngettext ("%u peer", "%u peers", n),
                       n);
}

/* The node of @column that stands for @node, made where there is none yet. */
static gpointer
fold_into (Builder *self, const ThConnectionNode *node, const char *key, const char *title,
           ThNodeKind kind)
{
  gpointer place = g_hash_table_lookup (self->places, key);
  if (!place)
    {
      add_node (self, new_group (node, key, title, kind));
      place = g_hash_table_lookup (self->places, key);
    }
  ThConnectionNode *group = self->graph->columns[node->right]->pdata[PLACE_INDEX (place)];
  add_to_group (group, node);
  describe_group (group, node->kind == TH_NODE_CLIENT);
  return place;
}

static gpointer
keep_node (Builder *self, const ThConnectionNode *node)
{
  add_node (self, copy_node (node));
  return g_hash_table_lookup (self->places, node->key);
}

/* Fills @places with where each node of the column has gone. */
static void
fold_column (Builder *self, GPtrArray *column, ThGrouping grouping, GHashTable *expanded,
             gpointer *places)
{
  Folding folding = choose_folding (column, grouping);
  g_autoptr (GHashTable) counts = count_groups (column, folding.by_user, folding.prefix);
  guint n_shown = 0;

  for (guint i = 0; i < column->len; i++)
    {
      const ThConnectionNode *node = column->pdata[i];
      g_autofree char *title = group_title (node, folding.by_user, folding.prefix);
      g_autofree char *key = g_strdup_printf ("g:%d:%s", node->right, title);
      g_autofree char *rest = g_strdup_printf ("r:%d", node->right);
      gboolean alone = !folding.any ||
                       GPOINTER_TO_UINT (g_hash_table_lookup (counts, title)) == 1;
      gboolean open = !alone && g_hash_table_contains (expanded, key);
      gboolean there = g_hash_table_contains (self->places, key);

      if (!alone && (there || n_shown < TH_GRAPH_NODES_MAX))
        {
          n_shown += !there;
          places[i] = fold_into (self, node, key, title, TH_NODE_GROUP);
          node_at (self, places[i])->expanded = open;
        }
      if ((alone && n_shown < TH_GRAPH_NODES_MAX) || (open && n_shown < 2 * TH_GRAPH_NODES_MAX))
        {
          n_shown++;
          places[i] = keep_node (self, node);
        }
      if (!places[i])
        places[i] = fold_into (self, node, rest, _("More"), TH_NODE_REST);
    }
}

static ThConnectionGraph *
fold (ThConnectionGraph *whole, ThGrouping grouping, GHashTable *expanded)
{
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) linked =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  Builder builder = { .graph = new_graph (), .places = places, .linked = linked };
  g_autofree gpointer *left = g_new0 (gpointer, whole->columns[0]->len + 1);
  g_autofree gpointer *right = g_new0 (gpointer, whole->columns[1]->len + 1);

  fold_column (&builder, whole->columns[0], grouping, expanded, left);
  fold_column (&builder, whole->columns[1], grouping, expanded, right);
  for (guint i = 0; i < whole->links->len; i++)
    {
      const ThConnectionLink *link = &g_array_index (whole->links, ThConnectionLink, i);
      add_link (&builder, (link->from_right ? right : left)[link->from],
                (link->to_right ? right : left)[link->to]);
    }
  return builder.graph;
}

ThConnectionGraph *
th_connection_graph_new (ThConnections *connections,
                         ThGrouping grouping,
                         GHashTable *expanded,
                         gint64 now)
{
  g_autoptr (ThConnectionGraph) whole = new_graph ();
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) linked =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  Builder builder = { connections, whole, places, linked, now };
  GListModel *found = th_connections_get_found (connections);
  guint n = g_list_model_get_n_items (found);

  place_clients (&builder, found);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ThSession) session = g_list_model_get_item (found, i);
      link_session (&builder, session);
    }
  return fold (whole, grouping, expanded);
}

void
th_connection_graph_free (ThConnectionGraph *self)
{
  g_ptr_array_unref (self->columns[0]);
  g_ptr_array_unref (self->columns[1]);
  g_array_unref (self->links);
  g_free (self);
}
