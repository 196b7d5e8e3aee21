/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Found anew each time, twice a second for a thousand sessions: so nothing here makes a text.
 */
#include "panel/connection-ends.h"

/* A place in a column, as a value of a hash table. */
#define PLACE(right, place) GUINT_TO_POINTER (((place) + 1) << 1 | (right))
#define PLACE_RIGHT(pointer) (GPOINTER_TO_UINT (pointer) & 1)
#define PLACE_INDEX(pointer) ((GPOINTER_TO_UINT (pointer) >> 1) - 1)

typedef struct {
  ThConnections *connections;
  ThConnectionEnds *ends;
  GHashTable *sessions; /* ThSession → PLACE() */
  GHashTable *peers;    /* ThAddress, of the sessions' → PLACE() */
  gint64 now;
} Builder;

static gpointer
add_end (Builder *self, const ThConnectionEnd *end, gboolean right)
{
  GArray *column = self->ends->columns[right];
  gpointer place = PLACE (right, column->len);
  g_array_append_vals (column, end, 1);
  return place;
}

static gpointer
find_session (Builder *self, ThSession *session)
{
  return g_hash_table_lookup (self->sessions, session);
}

static void
add_client (Builder *self, ThSession *session, gboolean right)
{
  ThConnectionEnd end = {
    .address = *th_session_get_address (session),
    .client = TRUE,
    .transport = th_session_get_transport (session),
    .session = session,
    .up = th_session_get_rate_up (session),
    .down = th_session_get_rate_down (session),
  };
  g_hash_table_insert (self->sessions, session, add_end (self, &end, right));
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
      if (peers[i].expires > now &&
          th_connection_is_own_relayed (other, &peers[i].address, host_only))
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
  gpointer place = g_hash_table_lookup (self->peers, address);
  const char *transport = th_session_get_transport (session);

  if (place)
    {
      ThConnectionEnd *known =
          &g_array_index (self->ends->columns[1], ThConnectionEnd, PLACE_INDEX (place));
      if (g_strcmp0 (known->transport, transport) != 0)
        known->transport = NULL;
      return place;
    }
  ThConnectionEnd end = { .address = *address, .transport = transport, .session = session };
  place = add_end (self, &end, TRUE);
  g_hash_table_insert (self->peers, (gpointer) address, place);
  return place;
}

static void
add_link (Builder *self, gpointer from, gpointer to)
{
  ThConnectionLink link = { PLACE_RIGHT (from), PLACE_RIGHT (to), PLACE_INDEX (from),
                            PLACE_INDEX (to) };
  g_array_append_val (self->ends->links, link);
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

      if (peers[i].expires <= self->now || is_vague (peers, n, i))
        continue;
      if (!other)
        {
          other = find_or_add_peer (self, session, &peers[i].address);
          ThConnectionEnd *end =
              &g_array_index (self->ends->columns[1], ThConnectionEnd, PLACE_INDEX (other));
          end->up += th_session_get_rate_up (session) * share;
          end->down += th_session_get_rate_down (session) * share;
        }
      add_link (self, own, other);
    }
}

ThConnectionEnds *
th_connection_ends_new (ThConnections *connections, gint64 now)
{
  ThConnectionEnds *self = g_new0 (ThConnectionEnds, 1);
  g_autoptr (GHashTable) sessions = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) peers =
      g_hash_table_new (th_connections_hash_address, th_connections_equal_addresses);
  Builder builder = { connections, self, sessions, peers, now };
  GListModel *found = th_connections_get_found (connections);
  guint n = g_list_model_get_n_items (found);

  self->columns[0] = g_array_new (FALSE, FALSE, sizeof (ThConnectionEnd));
  self->columns[1] = g_array_new (FALSE, FALSE, sizeof (ThConnectionEnd));
  self->links = g_array_new (FALSE, FALSE, sizeof (ThConnectionLink));
  place_clients (&builder, found);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ThSession) session = g_list_model_get_item (found, i);
      link_session (&builder, session);
    }
  return self;
}

void
th_connection_ends_free (ThConnectionEnds *self)
{
  g_array_unref (self->columns[0]);
  g_array_unref (self->columns[1]);
  g_array_unref (self->links);
  g_free (self);
}

gboolean
th_connection_is_own_relayed (ThSession *session, const ThAddress *address, gboolean host_only)
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
