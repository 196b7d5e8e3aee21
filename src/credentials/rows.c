/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a list had and has differs between its first and its last difference.
 */
#include "credentials/rows.h"

void
th_rows_replace (GListModel *model, GPtrArray *rows, GPtrArray *fresh)
{
  guint shorter = MIN (rows->len, fresh->len);
  guint start = 0, end = 0, removed, added;

  while (start < shorter && rows->pdata[start] == fresh->pdata[start])
    start++;
  while (end < shorter - start &&
         rows->pdata[rows->len - 1 - end] == fresh->pdata[fresh->len - 1 - end])
    end++;
  removed = rows->len - start - end;
  added = fresh->len - start - end;
  if (removed == 0 && added == 0)
    return;

  if (removed > 0)
    g_ptr_array_remove_range (rows, start, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (rows, start + i, g_object_ref (fresh->pdata[start + i]));
  g_list_model_items_changed (model, start, removed, added);
}

gpointer
th_rows_get_item (GPtrArray *rows, guint position)
{
  return position < rows->len ? g_object_ref (g_ptr_array_index (rows, position)) : NULL;
}
