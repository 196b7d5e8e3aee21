/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A balanced sequence for positions, and a table from id to place in it.
 */
#include "relay/session-list.h"

struct _ThSessionList {
  GObject parent_instance;
  GSequence *sessions;
  GHashTable *places; /* id → GSequenceIter */
};

static GType
th_session_list_get_item_type (GListModel *model)
{
  return TH_TYPE_SESSION;
}

static guint
th_session_list_get_n_items (GListModel *model)
{
  return th_session_list_count (TH_SESSION_LIST (model));
}

static gpointer
th_session_list_get_item (GListModel *model, guint position)
{
  ThSessionList *self = TH_SESSION_LIST (model);
  GSequenceIter *place = g_sequence_get_iter_at_pos (self->sessions, (gint) position);

  return g_sequence_iter_is_end (place) ? NULL : g_object_ref (g_sequence_get (place));
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = th_session_list_get_item_type;
  interface->get_n_items = th_session_list_get_n_items;
  interface->get_item = th_session_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ThSessionList,
                               th_session_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
th_session_list_finalize (GObject *object)
{
  ThSessionList *self = TH_SESSION_LIST (object);

  g_hash_table_unref (self->places);
  g_sequence_free (self->sessions);
  G_OBJECT_CLASS (th_session_list_parent_class)->finalize (object);
}

static void
th_session_list_class_init (ThSessionListClass *class)
{
  G_OBJECT_CLASS (class)->finalize = th_session_list_finalize;
}

static void
th_session_list_init (ThSessionList *self)
{
  self->sessions = g_sequence_new (g_object_unref);
  self->places = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

ThSessionList *
th_session_list_new (void)
{
  return g_object_new (TH_TYPE_SESSION_LIST, NULL);
}

void
th_session_list_add (ThSessionList *self, ThSession *session)
{
  guint64 id = th_session_get_id (session);
  GSequenceIter *place = g_sequence_append (self->sessions, g_object_ref (session));

  g_hash_table_insert (self->places, g_memdup2 (&id, sizeof id), place);
  g_list_model_items_changed (G_LIST_MODEL (self),
                              (guint) g_sequence_iter_get_position (place), 0, 1);
}

void
th_session_list_remove (ThSessionList *self, guint64 id)
{
  GSequenceIter *place = g_hash_table_lookup (self->places, &id);
  guint position;

  if (place == NULL)
    return;
  position = (guint) g_sequence_iter_get_position (place);
  g_hash_table_remove (self->places, &id);
  g_sequence_remove (place);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

void
th_session_list_clear (ThSessionList *self)
{
  guint count = th_session_list_count (self);

  g_hash_table_remove_all (self->places);
  g_sequence_remove_range (g_sequence_get_begin_iter (self->sessions),
                           g_sequence_get_end_iter (self->sessions));
  if (count > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, count, 0);
}

ThSession *
th_session_list_find (ThSessionList *self, guint64 id)
{
  GSequenceIter *place = g_hash_table_lookup (self->places, &id);

  return place == NULL ? NULL : g_sequence_get (place);
}

void
th_session_list_foreach (ThSessionList *self, GFunc func, gpointer user_data)
{
  g_sequence_foreach (self->sessions, func, user_data);
}

guint
th_session_list_count (ThSessionList *self)
{
  return g_hash_table_size (self->places);
}
