/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Built anew each time, in two passes: first every client and peer for itself (ThConnectionEnds),
 * then nodes of these; if they are too many, or somebody wants it, one for all of a user or of a
 * network. Only what becomes a node is put into words.
 */
#include "panel/connection-graph.h"

#include <glib/gi18n.h>
#include <string.h>

#include "panel/connection-text.h"

/* Lengths of prefixes to group by until there are few enough. */
static const struct {
  guint v4, v6;
} prefixes[] = { { 24, 64 }, { 16, 48 }, { 8, 32 } };

/* How one column is folded. */
typedef struct {
  gboolean any, by_user;
  guint prefix;
} Folding;

/* What its members have in common: a user, or the bytes of a network. */
typedef struct {
  const char *user; /* NULL: a network */
  guint8 bytes[16];
  gsize length;
  guint count;
  ThConnectionNode *node; /* NULL: none yet */
  guint place;            /* the node's */
  gboolean expanded;
} Group;

typedef struct {
  ThConnectionGraph *graph;
  GHashTable *expanded;
  gboolean right;
  guint n_shown;
  Group rest;
} Column;

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

/* ---- nodes ---- */

static ThConnectionNode *
add_node (Column *self, const ThConnectionEnd *end, ThNodeKind kind)
{
  ThConnectionNode *node = g_new0 (ThConnectionNode, 1);
  node->kind = kind;
  node->right = self->right;
  node->transport = end->transport;
  node->session = g_object_ref (end->session);
  g_ptr_array_add (self->graph->columns[self->right], node);
  return node;
}

static void
describe_client (ThConnectionNode *node, ThSession *session)
{
  node->key = g_strdup_printf ("s:%" G_GUINT64_FORMAT, th_session_get_id (session));
  node->title = th_connection_user (session);
  node->subtitle = g_strdup_printf ("%s · %s", th_session_get_transport (session),
                                    th_session_get_client (session));
}

static void
describe_peer (ThConnectionNode *node, const ThConnectionEnd *end)
{
  node->title = th_connection_address (&end->address);
  node->key = g_strconcat ("p:", node->title, NULL);
  node->subtitle = g_strdup (th_connection_is_own_relayed (end->session, &end->address, TRUE)
                                 ? _("this machine")
                                 : _("outside"));
}

static void
add_single (Column *self, const ThConnectionEnd *end)
{
  ThConnectionNode *node = add_node (self, end, end->client ? TH_NODE_CLIENT : TH_NODE_PEER);
  if (end->client)
    describe_client (node, end->session);
  else
    describe_peer (node, end);
  node->count = 1;
  node->up = end->up;
  node->down = end->down;
}

/* ---- groups ---- */

static guint
hash_group (gconstpointer data)
{
  const Group *self = data;
  guint hash = 5381;
  if (self->user)
    return g_str_hash (self->user);
  for (gsize i = 0; i < self->length; i++)
    hash = hash * 33 + self->bytes[i];
  return hash;
}

static gboolean
equal_groups (gconstpointer a, gconstpointer b)
{
  const Group *self = a;
  const Group *other = b;
  if (self->user || other->user)
    return g_strcmp0 (self->user, other->user) == 0;
  return self->length == other->length && memcmp (self->bytes, other->bytes, self->length) == 0;
}

static Group
group_for (const ThConnectionEnd *end, const Folding *folding)
{
  Group group = { 0 };
  const guint8 *bytes;
  if (end->client && folding->by_user)
    {
      group.user = th_session_get_user (end->session);
      return group;
    }
  bytes = th_address_bytes (&end->address, &group.length);
  memcpy (group.bytes, bytes,
          (group.length == 4 ? prefixes[folding->prefix].v4 : prefixes[folding->prefix].v6) / 8);
  return group;
}

/* The groups of a column's ends; @group_of, if any, gets that of each end. */
static GHashTable *
find_groups (GArray *ends, const Folding *folding, Group **group_of)
{
  GHashTable *groups = g_hash_table_new_full (hash_group, equal_groups, g_free, NULL);
  for (guint i = 0; i < ends->len; i++)
    {
      Group wanted = group_for (&g_array_index (ends, ThConnectionEnd, i), folding);
      Group *group = g_hash_table_lookup (groups, &wanted);
      if (!group)
        {
          group = g_memdup2 (&wanted, sizeof wanted);
          g_hash_table_add (groups, group);
        }
      group->count++;
      if (group_of)
        group_of[i] = group;
    }
  return groups;
}

static gboolean
fits (GArray *ends, const Folding *folding)
{
  g_autoptr (GHashTable) groups = find_groups (ends, folding, NULL);
  return g_hash_table_size (groups) <= TH_GRAPH_NODES_MAX;
}

static Folding
choose_folding (GArray *ends, ThGrouping grouping)
{
  Folding folding = { .any = grouping != TH_GROUPING_AUTOMATIC || ends->len > TH_GRAPH_NODES_MAX,
                      .by_user = grouping != TH_GROUPING_NETWORK };
  if (grouping == TH_GROUPING_AUTOMATIC && folding.any)
    folding.by_user = fits (ends, &folding);
  while (folding.any && folding.prefix + 1 < G_N_ELEMENTS (prefixes) && !fits (ends, &folding))
    folding.prefix++;
  return folding;
}

static char *
title_of (const Group *group, const ThConnectionEnd *member, const Folding *folding)
{
  if (group->user)
    return g_strdup (group->user);
  return th_connection_network (&member->address, prefixes[folding->prefix].v4,
                                prefixes[folding->prefix].v6);
}

/* @title: (transfer full) */
static void
add_group (Column *self, Group *group, const ThConnectionEnd *first, ThNodeKind kind, char *title)
{
  group->place = self->graph->columns[self->right]->len;
  group->node = add_node (self, first, kind);
  group->node->title = title;
  group->node->key = kind == TH_NODE_REST ? g_strdup_printf ("r:%d", self->right)
                                          : g_strdup_printf ("g:%d:%s", self->right, title);
  group->node->expanded = group->expanded =
      kind == TH_NODE_GROUP && g_hash_table_contains (self->expanded, group->node->key);
}

static void
add_to_group (Group *group, const ThConnectionEnd *end)
{
  group->node->count++;
  group->node->up += end->up;
  group->node->down += end->down;
  if (g_strcmp0 (group->node->transport, end->transport) != 0)
    group->node->transport = NULL;
}

static void
describe_group (ThConnectionNode *node, gboolean clients)
{
  g_free (node->subtitle);
  node->subtitle =
      g_strdup_printf (clients ? ngettext ("%u connection", "%u connections", node->count)
                               : ngettext ("%u peer", "%u peers", node->count),
                       node->count);
}

/* Returns: the place of the node that stands for that end */
static guint
place_end (Column *self, const ThConnectionEnd *end, Group *group, const Folding *folding)
{
  gboolean alone = !folding->any || group->count == 1;

  if (!alone && !group->node && self->n_shown < TH_GRAPH_NODES_MAX)
    {
      self->n_shown++;
      add_group (self, group, end, TH_NODE_GROUP, title_of (group, end, folding));
    }
  if (!alone && group->node)
    add_to_group (group, end);
  if ((alone && self->n_shown < TH_GRAPH_NODES_MAX) ||
      (!alone && group->expanded && self->n_shown < 2 * TH_GRAPH_NODES_MAX))
    {
      self->n_shown++;
      add_single (self, end);
      return self->graph->columns[self->right]->len - 1;
    }
  if (!alone && group->node)
    return group->place;
  if (!self->rest.node)
    add_group (self, &self->rest, end, TH_NODE_REST, g_strdup (_("More")));
  add_to_group (&self->rest, end);
  return self->rest.place;
}

/* Fills @places with where each end of the column has gone. */
static void
fold_column (Column *self, GArray *ends, ThGrouping grouping, guint *places)
{
  Folding folding = choose_folding (ends, grouping);
  g_autofree Group **group_of = g_new0 (Group *, MAX (ends->len, 1));
  g_autoptr (GHashTable) groups = find_groups (ends, &folding, group_of);

  for (guint i = 0; i < ends->len; i++)
    places[i] =
        place_end (self, &g_array_index (ends, ThConnectionEnd, i), group_of[i], &folding);
  for (guint i = 0; i < ends->len; i++)
    {
      gboolean client = g_array_index (ends, ThConnectionEnd, i).client;
      ThConnectionNode *node = self->graph->columns[self->right]->pdata[places[i]];
      if (node->kind == TH_NODE_REST && !node->subtitle)
        describe_group (node, client);
      if (group_of[i]->node && !group_of[i]->node->subtitle)
        describe_group (group_of[i]->node, client);
    }
}

/* ---- links ---- */

static void
add_link (ThConnectionGraph *self, const ThConnectionLink *wanted, GHashTable *linked)
{
  guint a = wanted->from << 1 | wanted->from_right;
  guint b = wanted->to << 1 | wanted->to_right;
  guint64 pair = (guint64) MIN (a, b) << 32 | MAX (a, b);
  ThConnectionLink link = *wanted;

  if (a == b || g_hash_table_contains (linked, &pair))
    return;
  if (link.from_right && !link.to_right)
    link = (ThConnectionLink) { FALSE, TRUE, link.to, link.from };
  g_hash_table_add (linked, g_memdup2 (&pair, sizeof pair));
  g_array_append_val (self->links, link);
}

ThConnectionGraph *
th_connection_graph_new (ThConnections *connections,
                         ThGrouping grouping,
                         GHashTable *expanded,
                         gint64 now)
{
  ThConnectionGraph *self = g_new0 (ThConnectionGraph, 1);
  g_autoptr (ThConnectionEnds) ends = th_connection_ends_new (connections, now);
  g_autoptr (GHashTable) linked =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autofree guint *left = g_new0 (guint, ends->columns[0]->len + 1);
  g_autofree guint *right = g_new0 (guint, ends->columns[1]->len + 1);

  self->links = g_array_new (FALSE, FALSE, sizeof (ThConnectionLink));
  for (guint c = 0; c < 2; c++)
    {
      Column column = { .graph = self, .expanded = expanded, .right = c };
      self->columns[c] = g_ptr_array_new_with_free_func (free_node);
      fold_column (&column, ends->columns[c], grouping, c ? right : left);
    }
  for (guint i = 0; i < ends->links->len; i++)
    {
      ThConnectionLink link = g_array_index (ends->links, ThConnectionLink, i);
      link.from = (link.from_right ? right : left)[link.from];
      link.to = (link.to_right ? right : left)[link.to];
      add_link (self, &link, linked);
    }
  return self;
}

void
th_connection_graph_free (ThConnectionGraph *self)
{
  g_ptr_array_unref (self->columns[0]);
  g_ptr_array_unref (self->columns[1]);
  g_array_unref (self->links);
  g_free (self);
}
