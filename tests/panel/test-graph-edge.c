/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of the graph: how wide they are, where they run, and which of them look the same.
 */
#include "panel/widgets/graph-edge.h"

static const ThGraphEdge line = {
  .x0 = 10, .y0 = 20, .x1 = 110, .y1 = 220, .width = 2, .transport = "UDP",
  .color = { 0.1f, 0.2f, 0.3f, 1 },
};

static void
test_width_grows_with_the_rate (void)
{
  g_assert_cmpfloat (th_graph_edge_width (0), ==, 1);
  g_assert_cmpfloat (th_graph_edge_width (1e4), ==, 1);
  g_assert_cmpfloat (th_graph_edge_width (1e6), >, th_graph_edge_width (1e5));
  g_assert_cmpfloat (th_graph_edge_width (1e7), ==, 8);
  g_assert_cmpfloat (th_graph_edge_width (1e12), ==, 8);
}

static void
test_runs_from_end_to_end (void)
{
  graphene_point_t first = th_graph_edge_point (&line, 0);
  graphene_point_t last = th_graph_edge_point (&line, 1);
  graphene_point_t middle = th_graph_edge_point (&line, 0.5);
  g_assert_true (graphene_point_near (&first, &GRAPHENE_POINT_INIT (10, 20), 0.01f));
  g_assert_true (graphene_point_near (&last, &GRAPHENE_POINT_INIT (110, 220), 0.01f));
  g_assert_true (graphene_point_near (&middle, &GRAPHENE_POINT_INIT (60, 120), 0.01f));
  g_assert_cmpfloat (th_graph_edge_top (&line), <, 20 - line.width / 2);
  g_assert_cmpfloat (th_graph_edge_bottom (&line), >, 220 + line.width / 2);
}

static void
assert_looks_different (ThGraphEdge other)
{
  g_assert_cmpuint (th_graph_edge_hash (&other), !=, th_graph_edge_hash (&line));
}

static void
test_hash_tells_what_looks_different (void)
{
  ThGraphEdge same = line;
  ThGraphEdge other[] = { line, line, line, line, line, line, line };
  g_assert_cmpuint (th_graph_edge_hash (&same), ==, th_graph_edge_hash (&line));
  other[0].x1++;
  other[1].y0++;
  other[2].bow++;
  other[3].width += 0.5f;
  other[4].transport = "TCP";
  other[5].color.blue = 0.4f;
  other[6].color.alpha = 0.4f;
  for (guint i = 0; i < G_N_ELEMENTS (other); i++)
    assert_looks_different (other[i]);
}

/* They can be drawn at one stroke wherever they run. */
static void
test_style_is_not_the_place (void)
{
  ThGraphEdge other = line;
  other.y1 = 500;
  g_assert_cmpint (th_graph_edge_compare_style (&line, &other), ==, 0);
  other.transport = "TCP";
  g_assert_cmpint (th_graph_edge_compare_style (&line, &other), ==,
                   -th_graph_edge_compare_style (&other, &line));
  g_assert_cmpint (th_graph_edge_compare_style (&line, &other), !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/panel/graph-edge/width-grows-with-the-rate", test_width_grows_with_the_rate);
  g_test_add_func ("/panel/graph-edge/runs-from-end-to-end", test_runs_from_end_to_end);
  g_test_add_func ("/panel/graph-edge/hash-tells-what-looks-different",
                   test_hash_tells_what_looks_different);
  g_test_add_func ("/panel/graph-edge/style-is-not-the-place", test_style_is_not_the_place);
  return g_test_run ();
}
