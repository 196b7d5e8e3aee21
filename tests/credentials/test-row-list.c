/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists that are made anew: whoever follows what they tell has the same list at any time.
 */
#include <gio/gio.h>

#include "credentials/row-list.h"

/* Does to its own list what it is told. */
static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  GListStore *follower = data;
  g_autoptr (GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);

  g_assert_true (removed > 0 || added > 0);
  for (guint i = 0; i < added; i++)
    g_ptr_array_add (fresh, g_list_model_get_item (model, position + i));
  g_list_store_splice (follower, position, removed, fresh->pdata, added);
}

static void
assert_same (GPtrArray *expected, GListModel *model)
{
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, expected->len);
  for (guint i = 0; i < expected->len; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);

      g_assert_true (item == g_ptr_array_index (expected, i));
    }
  g_assert_null (g_list_model_get_item (model, expected->len));
}

static void
test_followed (void)
{
  g_autoptr (ThRowList) list = g_object_new (TH_TYPE_ROW_LIST, NULL);
  g_autoptr (GListStore) follower = g_list_store_new (G_TYPE_OBJECT);
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 8; i++)
    g_ptr_array_add (objects, g_object_new (G_TYPE_OBJECT, NULL));
  g_signal_connect (list, "items-changed", G_CALLBACK (on_items_changed), follower);
  for (guint round = 0; round < 2000; round++)
    {
      g_autoptr (GPtrArray) fresh = g_ptr_array_new ();

      for (guint i = 0; i < objects->len; i++)
        if (g_test_rand_int_range (0, 4) > 0)
          g_ptr_array_insert (fresh, g_test_rand_int_range (0, 10) > 0 ? -1 : 0,
                              g_ptr_array_index (objects, i));
      th_row_list_set_rows (list, fresh);
      assert_same (fresh, G_LIST_MODEL (list));
      g_assert_cmpuint (th_row_list_get_count (list), ==, fresh->len);
      assert_same (fresh, G_LIST_MODEL (follower));
      th_row_list_set_rows (list, fresh); /* tells nothing */
    }
}

static void
on_told (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  g_string_append_printf (data, "%u-%u+%u ", position, removed, added);
}

/* Actions are rows that can be given a name. */
static gboolean
is_same_name (gconstpointer a, gconstpointer b)
{
  return g_str_equal (g_action_get_name ((GAction *) a), g_action_get_name ((GAction *) b));
}

static GPtrArray *
make_rows (const char *names)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  for (; *names != '\0'; names++)
    g_ptr_array_add (rows, g_simple_action_new ((const char[]){ *names, '\0' }, NULL));
  return rows;
}

/* Rows made anew that tell the same as those before are not told of, and not taken. */
static void
test_equal_rows_stay (void)
{
  g_autoptr (ThRowList) list = th_row_list_new (G_TYPE_ACTION, is_same_name);
  g_autoptr (GPtrArray) before = make_rows ("abc");
  g_autoptr (GString) told = g_string_new (NULL);
  static const char *const rounds[] = { "abc", "xabc", "axbc", "abbc", "abbbc", "abc", "", "" };

  th_row_list_set_rows (list, before);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (list)) == G_TYPE_ACTION);
  g_signal_connect (list, "items-changed", G_CALLBACK (on_told), told);
  for (guint i = 0; i < G_N_ELEMENTS (rounds); i++)
    {
      g_autoptr (GPtrArray) rows = make_rows (rounds[i]);

      th_row_list_set_rows (list, rows);
      if (rows->len > 0)
        g_assert_true (th_row_list_get_row (list, rows->len - 1) == before->pdata[2]);
    }
  g_assert_cmpstr (told->str, ==, "0-0+1 0-2+2 1-1+1 1-0+1 1-2+0 0-3+0 ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/credentials/row-list/followed", test_followed);
  g_test_add_func ("/credentials/row-list/equal-rows-stay", test_equal_rows_stay);
  return g_test_run ();
}
