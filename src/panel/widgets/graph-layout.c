/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The left column is in order of arrival. The right one is ordered by barycentre: the mean rank of
 * those a node is linked with, which is what keeps lines from crossing (Sugiyama's method for one
 * layer). On the right a node stands beside the topmost one it is linked with, as nearly as the
 * order and the pitch allow, by isotonic regression.
 */
#include "panel/widgets/graph-layout.h"

typedef struct {
  GPtrArray *order;  /* of the names there are, owned */
  GHashTable *ranks; /* name → rank + 1 */
  GArray *tops;      /* of guint, by place */
  GArray *places;    /* of guint: rank, by place */
} Side;

struct _ThGraphLayout {
  guint pitch;
  Side left, right;
  guint height;
};

/* One run of neighbours that stand as close as they may. */
typedef struct {
  double sum;
  guint count;
} Block;

static void
side_init (Side *self)
{
  self->order = g_ptr_array_new_with_free_func (g_free);
  self->ranks = g_hash_table_new (g_str_hash, g_str_equal);
  self->tops = g_array_new (FALSE, TRUE, sizeof (guint));
  self->places = g_array_new (FALSE, TRUE, sizeof (guint));
}

static void
side_clear (Side *self)
{
  g_hash_table_unref (self->ranks);
  g_ptr_array_unref (self->order);
  g_array_unref (self->tops);
  g_array_unref (self->places);
}

static void
renumber (Side *self)
{
  g_hash_table_remove_all (self->ranks);
  for (guint i = 0; i < self->order->len; i++)
    g_hash_table_insert (self->ranks, self->order->pdata[i], GUINT_TO_POINTER (i + 1));
}

static void
remove_gone (Side *self, const char *const *names, guint n)
{
  g_autoptr (GHashTable) here = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < n; i++)
    g_hash_table_add (here, (gpointer) names[i]);
  g_hash_table_remove_all (self->ranks); /* its keys may go */
  for (guint i = self->order->len; i > 0; i--)
    {
      if (!g_hash_table_contains (here, self->order->pdata[i - 1]))
        g_ptr_array_remove_index (self->order, i - 1);
    }
  renumber (self);
}

static void
append_new (Side *self, const char *const *names, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      if (!g_hash_table_contains (self->ranks, names[i]))
        g_ptr_array_add (self->order, g_strdup (names[i]));
    }
  renumber (self);
}

static guint
rank_of (const Side *self, const char *name)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->ranks, name)) - 1;
}

/* The mean left rank of each place on the right; what has no link belongs at the end. */
static double *
find_means (ThGraphLayout *self,
            const char *const *left,
            guint n_right,
            const ThGraphLink *links,
            guint n_links)
{
  double *means = g_new0 (double, MAX (n_right, 1));
  g_autofree guint *counts = g_new0 (guint, MAX (n_right, 1));
  for (guint i = 0; i < n_links; i++)
    {
      means[links[i].right] += rank_of (&self->left, left[links[i].left]);
      counts[links[i].right]++;
    }
  for (guint i = 0; i < n_right; i++)
    means[i] = counts[i] > 0 ? means[i] / counts[i] : self->left.order->len;
  return means;
}

/* The rank of the topmost that each place on the right is linked with. */
static guint *
find_topmost (ThGraphLayout *self,
              const char *const *left,
              guint n_right,
              const ThGraphLink *links,
              guint n_links)
{
  guint *topmost = g_new (guint, MAX (n_right, 1));
  for (guint i = 0; i < n_right; i++)
    topmost[i] = self->left.order->len;
  for (guint i = 0; i < n_links; i++)
    topmost[links[i].right] =
        MIN (topmost[links[i].right], rank_of (&self->left, left[links[i].left]));
  return topmost;
}

/* Before the first whose mean is greater, among those that are there already. */
static void
insert_by_mean (Side *self, const char *name, double mean, GHashTable *means)
{
  guint at = 0;
  while (at < self->order->len &&
         *(double *) g_hash_table_lookup (means, self->order->pdata[at]) <= mean)
    at++;
  g_ptr_array_insert (self->order, (gint) at, g_strdup (name));
}

static void
insert_new (Side *self, const char *const *names, guint n, double *means)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < n; i++)
    g_hash_table_insert (by_name, (gpointer) names[i], &means[i]);
  for (guint i = 0; i < n; i++)
    {
      if (!g_hash_table_contains (self->ranks, names[i]))
        insert_by_mean (self, names[i], means[i], by_name);
    }
  renumber (self);
}

static void
keep_ranks (Side *self, const char *const *names, guint n)
{
  g_array_set_size (self->places, n);
  g_array_set_size (self->tops, n);
  for (guint i = 0; i < n; i++)
    g_array_index (self->places, guint, i) = rank_of (self, names[i]);
}

/* Isotonic regression of the wished tops less what the nodes above take (pool adjacent violators);
 * @tops holds wishes by rank, and then what has become of them. */
static void
spread (double *tops, guint n, guint pitch)
{
  g_autofree Block *blocks = g_new (Block, MAX (n, 1));
  guint n_blocks = 0;
  guint at = 0;

  for (guint i = 0; i < n; i++)
    {
      Block block = { tops[i] - (double) i * pitch, 1 };
      while (n_blocks > 0 &&
             blocks[n_blocks - 1].sum / blocks[n_blocks - 1].count > block.sum / block.count)
        {
          block.sum += blocks[n_blocks - 1].sum;
          block.count += blocks[--n_blocks].count;
        }
      blocks[n_blocks++] = block;
    }
  for (guint i = 0; i < n_blocks; i++)
    {
      double base = MAX (blocks[i].sum / blocks[i].count, 0);
      for (guint j = 0; j < blocks[i].count; j++, at++)
        tops[at] = base + (double) at * pitch;
    }
}

static void
place_left (ThGraphLayout *self)
{
  for (guint i = 0; i < self->left.places->len; i++)
    g_array_index (self->left.tops, guint, i) =
        g_array_index (self->left.places, guint, i) * self->pitch;
}

static void
place_right (ThGraphLayout *self, const guint *topmost)
{
  guint n = self->right.places->len;
  g_autofree double *tops = g_new0 (double, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    tops[g_array_index (self->right.places, guint, i)] = topmost[i] * self->pitch;
  spread (tops, n, self->pitch);
  for (guint i = 0; i < n; i++)
    g_array_index (self->right.tops, guint, i) =
        (guint) tops[g_array_index (self->right.places, guint, i)];
  self->height = self->left.order->len * self->pitch;
  if (n > 0)
    self->height = MAX (self->height, (guint) tops[n - 1] + self->pitch);
}

ThGraphLayout *
th_graph_layout_new (guint pitch)
{
  ThGraphLayout *self = g_new0 (ThGraphLayout, 1);
  self->pitch = pitch;
  side_init (&self->left);
  side_init (&self->right);
  return self;
}

void
th_graph_layout_free (ThGraphLayout *self)
{
  side_clear (&self->left);
  side_clear (&self->right);
  g_free (self);
}

void
th_graph_layout_update (ThGraphLayout *self,
                        const char *const *left,
                        guint n_left,
                        const char *const *right,
                        guint n_right,
                        const ThGraphLink *links,
                        guint n_links)
{
  remove_gone (&self->left, left, n_left);
  remove_gone (&self->right, right, n_right);
  append_new (&self->left, left, n_left);
  g_autofree double *means = find_means (self, left, n_right, links, n_links);
  g_autofree guint *topmost = find_topmost (self, left, n_right, links, n_links);
  insert_new (&self->right, right, n_right, means);
  keep_ranks (&self->left, left, n_left);
  keep_ranks (&self->right, right, n_right);
  place_left (self);
  place_right (self, topmost);
}

guint
th_graph_layout_get_left (const ThGraphLayout *self, guint place)
{
  return g_array_index (self->left.tops, guint, place);
}

guint
th_graph_layout_get_right (const ThGraphLayout *self, guint place)
{
  return g_array_index (self->right.tops, guint, place);
}

guint
th_graph_layout_get_left_rank (const ThGraphLayout *self, guint place)
{
  return g_array_index (self->left.places, guint, place);
}

guint
th_graph_layout_get_right_rank (const ThGraphLayout *self, guint place)
{
  return g_array_index (self->right.places, guint, place);
}

guint
th_graph_layout_get_height (const ThGraphLayout *self)
{
  return self->height;
}
