/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The relay ports: every one is given once, at random, within its range; even ports and pairs are
 * what they say; and threads that hammer the set never hold the same port.
 */
#include "turn/ports.h"

#define N_THREADS 4

static void
test_every_port_once (void)
{
  g_autoptr (ThPorts) ports = th_ports_new (1, 50001, 50200);
  gboolean seen[200] = { FALSE };

  g_assert_cmpuint (th_ports_count_free (ports, 0), ==, 200);
  for (guint i = 0; i < 200; i++)
    {
      guint16 port = th_ports_take (ports, 0);

      g_assert_cmpuint (port, >=, 50001);
      g_assert_cmpuint (port, <=, 50200);
      g_assert_false (seen[port - 50001]);
      seen[port - 50001] = TRUE;
      g_assert_cmpuint (th_ports_count_free (ports, 0), ==, 199 - i);
    }
  g_assert_cmpuint (th_ports_take (ports, 0), ==, 0);
  g_assert_cmpuint (th_ports_take_even (ports, 0), ==, 0);
  g_assert_cmpuint (th_ports_take_pair (ports, 0), ==, 0);
}

/* Port 0 is no port, and 65535 is the upper half of a pair. */
static void
test_edges_of_the_port_numbers (void)
{
  g_autoptr (ThPorts) low = th_ports_new (1, 1, 3);
  g_autoptr (ThPorts) high = th_ports_new (1, 65533, 65535);

  g_assert_cmpuint (th_ports_count_free (low, 0), ==, 3);
  g_assert_cmpuint (th_ports_take_pair (low, 0), ==, 2);
  g_assert_cmpuint (th_ports_take_pair (low, 0), ==, 0);
  g_assert_cmpuint (th_ports_take_even (low, 0), ==, 0);
  g_assert_cmpuint (th_ports_take (low, 0), ==, 1);
  g_assert_cmpuint (th_ports_take (low, 0), ==, 0);

  g_assert_cmpuint (th_ports_count_free (high, 0), ==, 3);
  g_assert_cmpuint (th_ports_take_pair (high, 0), ==, 65534);
  g_assert_cmpuint (th_ports_take (high, 0), ==, 65533);
  g_assert_cmpuint (th_ports_take (high, 0), ==, 0);
  th_ports_give_back (high, 0, 65535);
  g_assert_cmpuint (th_ports_take (high, 0), ==, 65535);
}

static void
test_whole_range (void)
{
  g_autoptr (ThPorts) ports = th_ports_new (1, 1, 65535);
  gboolean upper_half = FALSE;

  for (guint i = 0; i < 200; i++)
    {
      guint16 port = th_ports_take (ports, 0);

      g_assert_cmpuint (port, !=, 0);
      upper_half |= port >= 32768;
    }
  g_assert_true (upper_half);
  g_assert_cmpuint (th_ports_count_free (ports, 0), ==, 65535 - 200);
}

static void
test_one_port (void)
{
  g_autoptr (ThPorts) even = th_ports_new (1, 50000, 50000);
  g_autoptr (ThPorts) odd = th_ports_new (1, 50001, 50001);

  g_assert_cmpuint (th_ports_take_pair (even, 0), ==, 0);
  g_assert_cmpuint (th_ports_take_even (even, 0), ==, 50000);
  g_assert_cmpuint (th_ports_take_even (odd, 0), ==, 0);
  g_assert_cmpuint (th_ports_take (odd, 0), ==, 50001);
}

static void
test_given_back_comes_again (void)
{
  g_autoptr (ThPorts) ports = th_ports_new (1, 50000, 50063);

  while (th_ports_take (ports, 0) != 0)
    ;
  th_ports_give_back (ports, 0, 50017);
  g_assert_cmpuint (th_ports_count_free (ports, 0), ==, 1);
  g_assert_cmpuint (th_ports_take (ports, 0), ==, 50017);
  g_assert_cmpuint (th_ports_take (ports, 0), ==, 0);
}

static void
test_hosts_are_apart (void)
{
  g_autoptr (ThPorts) ports = th_ports_new (3, 50000, 50001);

  g_assert_cmpuint (th_ports_take_pair (ports, 1), ==, 50000);
  th_ports_mark_open (ports, 1, 50000);
  g_assert_cmpuint (th_ports_count_free (ports, 0), ==, 2);
  g_assert_cmpuint (th_ports_count_free (ports, 1), ==, 0);
  g_assert_cmpuint (th_ports_count_free (ports, 2), ==, 2);
  g_assert_false (th_ports_is_open (ports, 0, 50000));
  g_assert_true (th_ports_is_open (ports, 1, 50000));
  g_assert_false (th_ports_is_open (ports, 2, 50000));
}

/* The range begins at an odd port and ends at an even one: neither is half of a pair. */
static void
test_pairs_are_whole (void)
{
  g_autoptr (ThPorts) ports = th_ports_new (1, 50001, 50100);

  for (guint i = 0; i < 49; i++)
    {
      guint16 port = th_ports_take_pair (ports, 0);

      g_assert_cmpuint (port % 2, ==, 0);
      g_assert_cmpuint (port, >=, 50002);
      g_assert_cmpuint (port, <=, 50098);
    }
  g_assert_cmpuint (th_ports_take_pair (ports, 0), ==, 0);
  g_assert_cmpuint (th_ports_count_free (ports, 0), ==, 2);
  g_assert_cmpuint (th_ports_take (ports, 0) + th_ports_take (ports, 0), ==, 50001 + 50100);
}

static void
test_half_a_pair_is_none (void)
{
  g_autoptr (ThPorts) ports = th_ports_new (1, 50000, 50003);

  g_assert_cmpuint (th_ports_take_pair (ports, 0), !=, 0);
  g_assert_cmpuint (th_ports_take_pair (ports, 0), !=, 0);
  th_ports_give_back (ports, 0, 50000);
  th_ports_give_back (ports, 0, 50003);
  g_assert_cmpuint (th_ports_take_pair (ports, 0), ==, 0);
  th_ports_give_back (ports, 0, 50001);
  g_assert_cmpuint (th_ports_take_pair (ports, 0), ==, 50000);
}

static void
test_even_alone_leaves_its_sibling (void)
{
  g_autoptr (ThPorts) ports = th_ports_new (1, 50000, 50127);

  for (guint i = 0; i < 64; i++)
    g_assert_cmpuint (th_ports_take_even (ports, 0) % 2, ==, 0);
  g_assert_cmpuint (th_ports_take_even (ports, 0), ==, 0);
  g_assert_cmpuint (th_ports_count_free (ports, 0), ==, 64);
  for (guint i = 0; i < 64; i++)
    g_assert_cmpuint (th_ports_take (ports, 0) % 2, ==, 1);
}

static void
test_open_only_while_marked (void)
{
  g_autoptr (ThPorts) ports = th_ports_new (1, 50000, 50063);
  guint16 port = th_ports_take (ports, 0);

  g_assert_false (th_ports_is_open (ports, 0, port));
  th_ports_mark_open (ports, 0, port);
  for (guint other = 0; other <= G_MAXUINT16; other++)
    g_assert_cmpint (th_ports_is_open (ports, 0, (guint16) other), ==, other == port);
  th_ports_mark_closed (ports, 0, port);
  g_assert_false (th_ports_is_open (ports, 0, port));
}

static void
test_given_back_is_closed (void)
{
  g_autoptr (ThPorts) ports = th_ports_new (1, 50000, 50063);
  guint16 port = th_ports_take (ports, 0);

  th_ports_mark_open (ports, 0, port);
  th_ports_give_back (ports, 0, port);
  g_assert_false (th_ports_is_open (ports, 0, port));
}

static void
test_giving_back_twice_is_refused (void)
{
  g_autoptr (ThPorts) ports = th_ports_new (1, 50000, 50063);
  guint16 port = th_ports_take (ports, 0);

  th_ports_give_back (ports, 0, port);
  g_test_expect_message ("turnhouse-turn", G_LOG_LEVEL_CRITICAL, "*was_taken*");
  th_ports_give_back (ports, 0, port);
  g_test_assert_expected_messages ();
  g_test_expect_message ("turnhouse-turn", G_LOG_LEVEL_CRITICAL, "*port*");
  th_ports_give_back (ports, 0, 49999);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (th_ports_count_free (ports, 0), ==, 64);
}

/*
 * 200 picks of each of 100 ports are expected, with a standard deviation of about 14. The kernel's
 * randomness is not seeded, so the bounds are eight deviations wide: never wrong by chance.
 */
static void
test_picks_are_uniform (void)
{
  g_autoptr (ThPorts) ports = th_ports_new (1, 50010, 50109);
  guint counts[100] = { 0 };

  for (guint i = 0; i < 100 * 200; i++)
    {
      guint16 port = th_ports_take (ports, 0);

      counts[port - 50010]++;
      th_ports_give_back (ports, 0, port);
    }
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_assert_cmpuint (counts[i], >, 88);
      g_assert_cmpuint (counts[i], <, 312);
    }
}

/* A free port after a long run of taken ones must not be likelier than others. */
static void
test_picks_are_uniform_among_the_last_free (void)
{
  static const guint16 last_free[] = { 50003, 50004, 50190, 50199 };
  g_autoptr (ThPorts) ports = th_ports_new (1, 50000, 50199);
  guint counts[4] = { 0 };

  while (th_ports_take (ports, 0) != 0)
    ;
  for (guint i = 0; i < G_N_ELEMENTS (last_free); i++)
    th_ports_give_back (ports, 0, last_free[i]);
  for (guint i = 0; i < 4 * 1000; i++)
    {
      guint16 port = th_ports_take (ports, 0);

      for (guint j = 0; j < G_N_ELEMENTS (last_free); j++)
        counts[j] += port == last_free[j];
      th_ports_give_back (ports, 0, port);
    }
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_assert_cmpuint (counts[i], >, 780);
      g_assert_cmpuint (counts[i], <, 1220);
    }
}

typedef struct {
  ThPorts *ports;
  gint holders[65536]; /* atomic: how many threads believe they hold the port */
} Arena;

static void
hold (Arena *arena, guint16 port)
{
  g_assert_cmpint (g_atomic_int_add (&arena->holders[port], 1), ==, 0);
  th_ports_mark_open (arena->ports, 0, port);
}

static void
let_go (Arena *arena, guint16 port)
{
  g_assert_true (th_ports_is_open (arena->ports, 0, port));
  g_assert_cmpint (g_atomic_int_add (&arena->holders[port], -1), ==, 1);
  th_ports_give_back (arena->ports, 0, port);
}

static gpointer
hammer (gpointer data)
{
  Arena *arena = data;

  for (guint i = 0; i < 5000; i++)
    {
      guint16 pair = th_ports_take_pair (arena->ports, 0);
      guint16 single =
          i % 2 == 0 ? th_ports_take (arena->ports, 0) : th_ports_take_even (arena->ports, 0);

      if (single != 0)
        hold (arena, single);
      if (pair != 0)
        {
          hold (arena, pair);
          hold (arena, pair + 1);
          let_go (arena, pair + 1);
          let_go (arena, pair);
        }
      if (single != 0)
        let_go (arena, single);
    }
  return NULL;
}

static void
test_threads_never_hold_the_same (void)
{
  Arena *arena = g_new0 (Arena, 1);
  GThread *threads[N_THREADS];

  arena->ports = th_ports_new (1, 50000, 50007);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new (NULL, hammer, arena);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (th_ports_count_free (arena->ports, 0), ==, 8);
  th_ports_unref (arena->ports);
  g_free (arena);
}

static void
test_references (void)
{
  ThPorts *ports = th_ports_new (1, 50000, 50007);

  g_assert_true (th_ports_ref (ports) == ports);
  th_ports_unref (ports);
  g_assert_cmpuint (th_ports_count_free (ports, 0), ==, 8);
  th_ports_unref (ports);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/ports/every-port-once", test_every_port_once);
  g_test_add_func ("/turn/ports/edges-of-the-port-numbers", test_edges_of_the_port_numbers);
  g_test_add_func ("/turn/ports/whole-range", test_whole_range);
  g_test_add_func ("/turn/ports/one-port", test_one_port);
  g_test_add_func ("/turn/ports/given-back-comes-again", test_given_back_comes_again);
  g_test_add_func ("/turn/ports/hosts-are-apart", test_hosts_are_apart);
  g_test_add_func ("/turn/ports/pairs-are-whole", test_pairs_are_whole);
  g_test_add_func ("/turn/ports/half-a-pair-is-none", test_half_a_pair_is_none);
  g_test_add_func ("/turn/ports/even-alone-leaves-its-sibling", test_even_alone_leaves_its_sibling);
  g_test_add_func ("/turn/ports/open-only-while-marked", test_open_only_while_marked);
  g_test_add_func ("/turn/ports/given-back-is-closed", test_given_back_is_closed);
  g_test_add_func ("/turn/ports/giving-back-twice-is-refused", test_giving_back_twice_is_refused);
  g_test_add_func ("/turn/ports/picks-are-uniform", test_picks_are_uniform);
  g_test_add_func ("/turn/ports/picks-are-uniform-among-the-last-free",
                   test_picks_are_uniform_among_the_last_free);
  g_test_add_func ("/turn/ports/threads-never-hold-the-same", test_threads_never_hold_the_same);
  g_test_add_func ("/turn/ports/references", test_references);
  return g_test_run ();
}
