/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of sessions keeps a list model's promises: whoever follows items-changed always knows
 * what is in it, and in which order.
 */
#include "relay/session-list.h"

#include "relay/session-private.h"

/* A list, and what an observer of it believes to be in it. */
typedef struct {
  ThSessionList *list;
  GListModel *model;
  GPtrArray *believed;
  guint notices;
} Fixture;

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, Fixture *self)
{
  self->notices++;
  g_assert_cmpuint (position + removed, <=, self->believed->len);
  if (removed > 0)
    g_ptr_array_remove_range (self->believed, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (self->believed, (gint) (position + i),
                        g_list_model_get_item (model, position + i));

  g_assert_cmpuint (g_list_model_get_n_items (model), ==, self->believed->len);
  for (guint i = 0; i < self->believed->len; i++)
    {
      g_autoptr (ThSession) session = g_list_model_get_item (model, i);

      g_assert_true (session == self->believed->pdata[i]);
    }
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->list = th_session_list_new ();
  self->model = G_LIST_MODEL (self->list);
  self->believed = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (self->list, "items-changed", G_CALLBACK (on_items_changed), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_ptr_array_unref (self->believed);
  g_assert_finalize_object (self->list);
}

/* Returns: the id of a session that is now the list's last */
static guint64
add (Fixture *self)
{
  g_autoptr (ThTurnRecord) record = th_turn_record_new ("alice");
  g_autoptr (ThSession) session = th_session_new (record);

  th_session_list_add (self->list, session);
  g_assert_true (self->believed->pdata[self->believed->len - 1] == session);
  return th_session_get_id (session);
}

static guint64
id_at (Fixture *self, guint position)
{
  g_autoptr (ThSession) session = g_list_model_get_item (self->model, position);

  return th_session_get_id (session);
}

static void
test_in_order_of_arrival (Fixture *self, gconstpointer data)
{
  guint64 ids[5];

  g_assert_true (g_list_model_get_item_type (self->model) == TH_TYPE_SESSION);
  g_assert_null (g_list_model_get_item (self->model, 0));
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = add (self);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_cmpuint (id_at (self, i), ==, ids[i]);
  g_assert_null (g_list_model_get_item (self->model, G_N_ELEMENTS (ids)));
  g_assert_null (g_list_model_get_item (self->model, G_MAXUINT));
  g_assert_cmpuint (self->notices, ==, G_N_ELEMENTS (ids));
}

static void
test_remove_first_middle_last (Fixture *self, gconstpointer data)
{
  guint64 ids[5];

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = add (self);
  th_session_list_remove (self->list, ids[2]);
  th_session_list_remove (self->list, ids[0]);
  th_session_list_remove (self->list, ids[4]);
  g_assert_cmpuint (g_list_model_get_n_items (self->model), ==, 2);
  g_assert_cmpuint (id_at (self, 0), ==, ids[1]);
  g_assert_cmpuint (id_at (self, 1), ==, ids[3]);

  self->notices = 0;
  th_session_list_remove (self->list, ids[2]);
  th_session_list_remove (self->list, G_MAXUINT64);
  g_assert_cmpuint (self->notices, ==, 0);
}

static void
test_find (Fixture *self, gconstpointer data)
{
  guint64 first = add (self);
  guint64 second = add (self);

  g_assert_true (th_session_list_find (self->list, first) == self->believed->pdata[0]);
  g_assert_true (th_session_list_find (self->list, second) == self->believed->pdata[1]);
  g_assert_null (th_session_list_find (self->list, 0));
  th_session_list_remove (self->list, first);
  g_assert_null (th_session_list_find (self->list, first));
  g_assert_true (th_session_list_find (self->list, second) == self->believed->pdata[0]);
}

static void
test_clear (Fixture *self, gconstpointer data)
{
  guint64 id = add (self);

  add (self);
  self->notices = 0;
  th_session_list_clear (self->list);
  g_assert_cmpuint (self->notices, ==, 1);
  g_assert_cmpuint (th_session_list_count (self->list), ==, 0);
  g_assert_null (th_session_list_find (self->list, id));

  th_session_list_clear (self->list);
  g_assert_cmpuint (self->notices, ==, 1);
  add (self);
  g_assert_cmpuint (th_session_list_count (self->list), ==, 1);
}

static void
collect (gpointer session, gpointer ids)
{
  guint64 id = th_session_get_id (session);

  g_array_append_val ((GArray *) ids, id);
}

static void
test_foreach (Fixture *self, gconstpointer data)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (guint i = 0; i < 4; i++)
    add (self);
  th_session_list_foreach (self->list, collect, ids);
  g_assert_cmpuint (ids->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (g_array_index (ids, guint64, i), ==, id_at (self, i));
}

static void
test_coming_and_going_at_random (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 2000; i++)
    {
      guint n = g_list_model_get_n_items (self->model);

      if (n == 0 || (n < 40 && g_test_rand_bit ()))
        add (self);
      else
        th_session_list_remove (self->list, id_at (self, (guint32) g_test_rand_int () % n));
      g_assert_cmpuint (th_session_list_count (self->list), ==, self->believed->len);
    }
}

static void
add_test (const char *path, void (*func) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/relay/session-list/in-order-of-arrival", test_in_order_of_arrival);
  add_test ("/relay/session-list/remove-first-middle-last", test_remove_first_middle_last);
  add_test ("/relay/session-list/find", test_find);
  add_test ("/relay/session-list/clear", test_clear);
  add_test ("/relay/session-list/foreach", test_foreach);
  add_test ("/relay/session-list/coming-and-going-at-random", test_coming_and_going_at_random);
  return g_test_run ();
}
