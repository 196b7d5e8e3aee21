/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps the number of each session's secret in the order of the relay's list, as that list does
 * not tell what it removed.
 */
#include "app/old-sessions.h"

#include "credentials/ring-state.h"

struct _ThOldSessions {
  ThSecretRing *ring;
  GListModel *sessions;
  GArray *generations;            /* of guint, one a session */
  guint current[TH_RING_N_KINDS]; /* number of the current secret */
  guint counts[TH_RING_N_KINDS];
  ThOldSessionsFunc func;
  gpointer data;
};

static gboolean
is_old (ThOldSessions *self, ThRingKind kind, guint generation)
{
  gboolean of_api = (generation & TH_RING_API_GENERATIONS) != 0;
  gboolean of_ring = of_api || (generation > 0 && generation < TH_RING_GENERATION_END);

  return of_ring && of_api == (kind == TH_RING_API) && generation != self->current[kind];
}

/* Among the sessions from @first to before @end */
static guint
count_old (ThOldSessions *self, ThRingKind kind, guint first, guint end)
{
  guint count = 0;

  for (guint i = first; i < end; i++)
    count += is_old (self, kind, g_array_index (self->generations, guint, i));
  return count;
}

/* Both are true before anyone hears of either. */
static void
set_counts (ThOldSessions *self, const guint *counts)
{
  gboolean changed[TH_RING_N_KINDS];

  for (ThRingKind kind = 0; kind < TH_RING_N_KINDS; kind++)
    {
      changed[kind] = counts[kind] != self->counts[kind];
      self->counts[kind] = counts[kind];
    }
  for (ThRingKind kind = 0; kind < TH_RING_N_KINDS; kind++)
    if (changed[kind])
      self->func (kind, self->data);
}

static void
on_ring_changed (ThSecretRing *ring, gpointer data)
{
  ThOldSessions *self = data;
  guint counts[TH_RING_N_KINDS];

  for (ThRingKind kind = 0; kind < TH_RING_N_KINDS; kind++)
    {
      g_autoptr (ThSecretInfo) current =
          g_list_model_get_item (th_secret_ring_get_secrets (ring, kind), 0);

      self->current[kind] = th_secret_info_get_generation (current);
      counts[kind] = count_old (self, kind, 0, self->generations->len);
    }
  set_counts (self, counts);
}

static void
on_sessions_changed (GListModel *sessions,
                     guint position,
                     guint removed,
                     guint added,
                     gpointer data)
{
  ThOldSessions *self = data;
  guint now = g_list_model_get_n_items (sessions);
  guint counts[TH_RING_N_KINDS];

  /* Who heard of it before may have changed the list again: then all is read anew. */
  if (self->generations->len + added != now + removed)
    {
      position = 0;
      removed = self->generations->len;
      added = now;
    }
  for (ThRingKind kind = 0; kind < TH_RING_N_KINDS; kind++)
    counts[kind] = self->counts[kind] - count_old (self, kind, position, position + removed);
  if (removed > 0)
    g_array_remove_range (self->generations, position, removed);
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (ThSession) session = g_list_model_get_item (sessions, i);
      guint generation = th_session_get_generation (session);

      g_array_insert_val (self->generations, i, generation);
    }
  for (ThRingKind kind = 0; kind < TH_RING_N_KINDS; kind++)
    counts[kind] += count_old (self, kind, position, position + added);
  set_counts (self, counts);
}

ThOldSessions *
th_old_sessions_new (ThSecretRing *ring, ThRelay *relay, ThOldSessionsFunc func, gpointer data)
{
  ThOldSessions *self = g_new0 (ThOldSessions, 1);

  self->ring = g_object_ref (ring);
  self->sessions = g_object_ref (th_relay_get_sessions (relay));
  self->generations = g_array_new (FALSE, FALSE, sizeof (guint));
  self->func = func;
  self->data = data;
  g_signal_connect (self->ring, "changed", G_CALLBACK (on_ring_changed), self);
  g_signal_connect (self->sessions, "items-changed", G_CALLBACK (on_sessions_changed), self);
  on_ring_changed (ring, self);
  on_sessions_changed (self->sessions, 0, 0, g_list_model_get_n_items (self->sessions), self);
  return self;
}

void
th_old_sessions_free (ThOldSessions *self)
{
  g_signal_handlers_disconnect_by_data (self->ring, self);
  g_signal_handlers_disconnect_by_data (self->sessions, self);
  g_object_unref (self->ring);
  g_object_unref (self->sessions);
  g_array_unref (self->generations);
  g_free (self);
}

guint
th_old_sessions_count (ThOldSessions *self, ThRingKind kind)
{
  return self->counts[kind];
}

GArray *
th_old_sessions_list_secrets (ThOldSessions *self, ThRingKind kind)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  GArray *secrets = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->generations->len; i++)
    {
      guint generation = g_array_index (self->generations, guint, i);

      if (is_old (self, kind, generation) &&
          g_hash_table_add (seen, GUINT_TO_POINTER (generation)))
        g_array_append_val (secrets, generation);
    }
  return secrets;
}
