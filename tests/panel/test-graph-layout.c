/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where nodes stand: never on each other, the same for the same history, beside whom they are
 * linked with, and where they were while others come and go.
 */
#include "panel/widgets/graph-layout.h"

#include <string.h>

#define PITCH 60
#define MANY  40

typedef struct {
  ThGraphLayout *layout;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->layout = th_graph_layout_new (PITCH);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  th_graph_layout_free (self->layout);
}

/* @left and @right: one letter a node; @links: pairs of places, as digits */
static void
update (Fixture *self, const char *left, const char *right, const char *links)
{
  char names[2][16][2] = { 0 };
  const char *columns[2][16];
  ThGraphLink joined[16];
  guint n_left = (guint) strlen (left);
  guint n_right = (guint) strlen (right);
  guint n_links = (guint) strlen (links) / 2;

  for (guint i = 0; i < 16; i++)
    {
      names[0][i][0] = i < n_left ? left[i] : '\0';
      names[1][i][0] = i < n_right ? right[i] : '\0';
      columns[0][i] = names[0][i];
      columns[1][i] = names[1][i];
    }
  for (guint i = 0; i < n_links; i++)
    joined[i] = (ThGraphLink) { (guint) (links[2 * i] - '0'), (guint) (links[2 * i + 1] - '0') };
  th_graph_layout_update (self->layout, columns[0], n_left, columns[1], n_right, joined, n_links);
}

/* The right column from top to bottom, as letters. */
static void
assert_right_order (Fixture *self, const char *right, const char *expected)
{
  char order[16] = { 0 };
  for (guint i = 0; right[i]; i++)
    order[th_graph_layout_get_right_rank (self->layout, i)] = right[i];
  g_assert_cmpstr (order, ==, expected);
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  update (self, "", "", "");
  g_assert_cmpuint (th_graph_layout_get_height (self->layout), ==, 0);
  update (self, "", "x", "");
  g_assert_cmpuint (th_graph_layout_get_right (self->layout, 0), ==, 0);
  g_assert_cmpuint (th_graph_layout_get_height (self->layout), ==, PITCH);
}

static void
test_beside_each_other (Fixture *self, gconstpointer data)
{
  update (self, "abcd", "xyz", "103102");
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (th_graph_layout_get_right (self->layout, i), ==,
                      th_graph_layout_get_left (self->layout, (guint[]) { 1, 3, 0 }[i]));
}

/* Given crossed, drawn uncrossed. */
static void
test_lines_do_not_cross (Fixture *self, gconstpointer data)
{
  update (self, "abc", "xyz", "021120");
  assert_right_order (self, "xyz", "zyx");
}

static void
test_who_is_there_stays (Fixture *self, gconstpointer data)
{
  update (self, "abc", "xyz", "001122");
  update (self, "abcd", "wxyz", "01122330");
  assert_right_order (self, "wxyz", "xyzw");
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpuint (th_graph_layout_get_left (self->layout, i), ==, i * PITCH);
      g_assert_cmpuint (th_graph_layout_get_right (self->layout, i + 1), ==, i * PITCH);
    }
  /* The arrays come in another order, and one is gone: nobody passes anybody. */
  update (self, "dca", "zyw", "001022");
  g_assert_cmpuint (th_graph_layout_get_left_rank (self->layout, 2), ==, 0);
  g_assert_cmpuint (th_graph_layout_get_left_rank (self->layout, 0), ==, 2);
  assert_right_order (self, "zyw", "yzw");
}

/* A link that is another now moves nobody past another. */
static void
test_order_outlasts_links (Fixture *self, gconstpointer data)
{
  update (self, "abc", "xyz", "001122");
  update (self, "abc", "xyz", "021120");
  assert_right_order (self, "xyz", "xyz");
}

typedef struct {
  char *names[2][MANY];
  ThGraphLink links[3 * MANY];
} Random;

static void
make_random (Random *self, GRand *rand)
{
  for (guint i = 0; i < MANY; i++)
    {
      self->names[0][i] = g_strdup_printf ("l%u", i);
      self->names[1][i] = g_strdup_printf ("r%u", i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (self->links); i++)
    self->links[i] = (ThGraphLink) { (guint) g_rand_int_range (rand, 0, MANY),
                                     (guint) g_rand_int_range (rand, 0, MANY) };
}

static void
clear_random (Random *self)
{
  for (guint i = 0; i < MANY; i++)
    {
      g_free (self->names[0][i]);
      g_free (self->names[1][i]);
    }
}

static void
update_random (ThGraphLayout *layout, const Random *random, guint n)
{
  guint n_links = 0;
  ThGraphLink links[3 * MANY];
  for (guint i = 0; i < G_N_ELEMENTS (random->links); i++)
    {
      if (random->links[i].left < n && random->links[i].right < n)
        links[n_links++] = random->links[i];
    }
  th_graph_layout_update (layout, (const char *const *) random->names[0], n,
                          (const char *const *) random->names[1], n, links, n_links);
}

static void
assert_apart (ThGraphLayout *layout, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (th_graph_layout_get_right (layout, i) + PITCH, <=,
                        th_graph_layout_get_height (layout));
      for (guint j = 0; j < i; j++)
        {
          g_assert_cmpint (ABS ((int) th_graph_layout_get_right (layout, i) -
                                (int) th_graph_layout_get_right (layout, j)), >=, PITCH - 1);
          g_assert_cmpint (ABS ((int) th_graph_layout_get_left (layout, i) -
                                (int) th_graph_layout_get_left (layout, j)), >=, PITCH);
        }
    }
}

static void
test_never_on_each_other (Fixture *self, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  for (guint round = 0; round < 20; round++)
    {
      Random random;
      guint n = (guint) g_rand_int_range (rand, 1, MANY);
      make_random (&random, rand);
      update_random (self->layout, &random, n);
      assert_apart (self->layout, n);
      clear_random (&random);
    }
}

static void
test_same_history_same_places (Fixture *self, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  g_autoptr (ThGraphLayout) other = th_graph_layout_new (PITCH);
  Random random;

  make_random (&random, rand);
  for (guint n = 1; n <= MANY; n++)
    {
      update_random (self->layout, &random, n);
      update_random (other, &random, n);
      for (guint i = 0; i < n; i++)
        g_assert_cmpuint (th_graph_layout_get_right (self->layout, i), ==,
                          th_graph_layout_get_right (other, i));
    }
  clear_random (&random);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/panel/graph-layout/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("empty", test_empty);
  ADD ("beside-each-other", test_beside_each_other);
  ADD ("lines-do-not-cross", test_lines_do_not_cross);
  ADD ("who-is-there-stays", test_who_is_there_stays);
  ADD ("order-outlasts-links", test_order_outlasts_links);
  ADD ("never-on-each-other", test_never_on_each_other);
  ADD ("same-history-same-places", test_same_history_same_places);
  return g_test_run ();
}
