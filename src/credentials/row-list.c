/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a list had and has differs between its first and its last difference.
 */
#include "credentials/row-list.h"

typedef struct {
  GPtrArray *rows;
  GType type; /* of the rows */
  GEqualFunc equal;
} ThRowListPrivate;

static void list_model_init (GListModelInterface *iface);

G_DEFINE_TYPE_WITH_CODE (ThRowList,
                         th_row_list,
                         G_TYPE_OBJECT,
                         G_ADD_PRIVATE (ThRowList)
                         G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static ThRowListPrivate *
get_private (gpointer self)
{
  return th_row_list_get_instance_private (self);
}

static GPtrArray *
get_rows (gpointer self)
{
  return get_private (self)->rows;
}

static GType
get_item_type (GListModel *model)
{
  return get_private (model)->type;
}

static guint
get_n_items (GListModel *model)
{
  return get_rows (model)->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  GPtrArray *rows = get_rows (model);

  return position < rows->len ? g_object_ref (g_ptr_array_index (rows, position)) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
th_row_list_finalize (GObject *object)
{
  g_ptr_array_unref (get_rows (object));
  G_OBJECT_CLASS (th_row_list_parent_class)->finalize (object);
}

static void
th_row_list_class_init (ThRowListClass *class)
{
  G_OBJECT_CLASS (class)->finalize = th_row_list_finalize;
}

static void
th_row_list_init (ThRowList *self)
{
  ThRowListPrivate *private = get_private (self);

  private->rows = g_ptr_array_new_with_free_func (g_object_unref);
  private->type = G_TYPE_OBJECT;
  private->equal = g_direct_equal;
}

ThRowList *
th_row_list_new (GType type, GEqualFunc equal)
{
  ThRowList *self = g_object_new (TH_TYPE_ROW_LIST, NULL);

  th_row_list_set_type (self, type);
  get_private (self)->equal = equal;
  return self;
}

void
th_row_list_set_type (ThRowList *self, GType type)
{
  get_private (self)->type = type;
}

/* What is new mostly comes in front, so that the same rows are looked for from behind first. */
void
th_row_list_set_rows (ThRowList *self, GPtrArray *fresh)
{
  GPtrArray *rows = get_rows (self);
  GEqualFunc equal = get_private (self)->equal;
  guint shorter = MIN (rows->len, fresh->len);
  guint start = 0, end = 0, removed, added;

  while (end < shorter &&
         equal (rows->pdata[rows->len - 1 - end], fresh->pdata[fresh->len - 1 - end]))
    end++;
  while (start < shorter - end && equal (rows->pdata[start], fresh->pdata[start]))
    start++;
  removed = rows->len - start - end;
  added = fresh->len - start - end;
  if (removed == 0 && added == 0)
    return;

  if (removed > 0)
    g_ptr_array_remove_range (rows, start, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (rows, start + i, g_object_ref (fresh->pdata[start + i]));
  g_list_model_items_changed (G_LIST_MODEL (self), start, removed, added);
}

guint
th_row_list_get_count (ThRowList *self)
{
  return get_rows (self)->len;
}

gpointer
th_row_list_get_row (ThRowList *self, guint place)
{
  return g_ptr_array_index (get_rows (self), place);
}
