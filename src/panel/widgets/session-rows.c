/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSessionRows: a row knows its position, and asks the sessions who has that.
 */
#include "panel/widgets/session-rows.h"

struct _ThSessionRow {
  GObject parent_instance;
  GListModel *sessions;
  guint position;
};

G_DEFINE_FINAL_TYPE (ThSessionRow, th_session_row, G_TYPE_OBJECT)

struct _ThSessionRows {
  GObject parent_instance;
  GListModel *sessions;
  GPtrArray *rows;
};

static void
th_session_row_finalize (GObject *object)
{
  g_clear_object (&TH_SESSION_ROW (object)->sessions);
  G_OBJECT_CLASS (th_session_row_parent_class)->finalize (object);
}

static void
th_session_row_class_init (ThSessionRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = th_session_row_finalize;
}

static void
th_session_row_init (ThSessionRow *self)
{
}

static GType
th_session_rows_get_item_type (GListModel *model)
{
  return TH_TYPE_SESSION_ROW;
}

static guint
th_session_rows_get_n_items (GListModel *model)
{
  return TH_SESSION_ROWS (model)->rows->len;
}

static gpointer
th_session_rows_get_item (GListModel *model, guint position)
{
  GPtrArray *rows = TH_SESSION_ROWS (model)->rows;
  return position < rows->len ? g_object_ref (rows->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = th_session_rows_get_item_type;
  interface->get_n_items = th_session_rows_get_n_items;
  interface->get_item = th_session_rows_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ThSessionRows,
                               th_session_rows,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
add_row (ThSessionRows *self)
{
  ThSessionRow *row = g_object_new (TH_TYPE_SESSION_ROW, NULL);
  row->sessions = g_object_ref (self->sessions);
  row->position = self->rows->len;
  g_ptr_array_add (self->rows, row);
}

static void
th_session_rows_finalize (GObject *object)
{
  ThSessionRows *self = TH_SESSION_ROWS (object);
  g_ptr_array_unref (self->rows);
  g_clear_object (&self->sessions);
  G_OBJECT_CLASS (th_session_rows_parent_class)->finalize (object);
}

static void
th_session_rows_class_init (ThSessionRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = th_session_rows_finalize;
}

static void
th_session_rows_init (ThSessionRows *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
}

ThSessionRows *
th_session_rows_new (GListModel *sessions)
{
  ThSessionRows *self = g_object_new (TH_TYPE_SESSION_ROWS, NULL);
  self->sessions = g_object_ref (sessions);
  th_session_rows_follow (self);
  return self;
}

ThSession *
th_session_row_dup_session (ThSessionRow *self)
{
  return g_list_model_get_item (self->sessions, self->position);
}

void
th_session_rows_follow (ThSessionRows *self)
{
  guint n = g_list_model_get_n_items (self->sessions);
  guint before = self->rows->len;
  if (n < before)
    g_ptr_array_set_size (self->rows, (gint) n);
  while (self->rows->len < n)
    add_row (self);
  if (n < before)
    g_list_model_items_changed (G_LIST_MODEL (self), n, before - n, 0);
  else if (n > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, n - before);
}
