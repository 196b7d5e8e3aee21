/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever is sent in groups arrives as if each packet had been sent alone: any mix of sizes,
 * destinations, source addresses and flags, with and without the kernel's segmentation.
 */
#include "parcels.h"
#include "randomly.h"
#include "relay/udp-send.h"

#define ROUNDS 12

/* Several times what fits one call. */
#define MANY 300

/* More than fits a datagram, now and then. */
#define LARGEST 3000
#define TOO_LARGE 66000

typedef struct {
  gboolean ipv6, connected, segmentation;
} Way;

static gboolean
cannot (const Way *way)
{
  if (way->ipv6 && !has_ipv6 ())
    g_test_skip ("this machine has no IPv6");
  else if (way->segmentation && !th_udp_segmentation_is_known ())
    g_test_skip ("this kernel does not know UDP_SEGMENT");
  else
    return FALSE;
  return TRUE;
}

static void
test_any_mix (gconstpointer data)
{
  const Way *way = data;
  Route route;

  if (cannot (way))
    return;
  route_open (&route, way->ipv6, way->connected);
  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autoptr (Parcels) parcels =
          parcels_random (&route, (guint) random_up_to (MANY), LARGEST);

      parcels_compare_ways (parcels, &route, way->segmentation);
    }
  route_close (&route);
}

/* Those that no datagram can hold are lost and counted, and nothing else is. */
static void
test_too_large_ones_between (gconstpointer data)
{
  const Way *way = data;
  Route route;

  if (cannot (way))
    return;
  route_open (&route, way->ipv6, way->connected);
  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autoptr (Parcels) parcels = parcels_random (&route, 40, TOO_LARGE);

      parcels_compare_ways (parcels, &route, way->segmentation);
    }
  route_close (&route);
}

/* All of one size and destination, of any count about what the kernel takes as one. */
static void
test_runs_of_any_count (gconstpointer data)
{
  static const gsize lengths[] = { 1, 4, 160, 999, 1000, 1200 };
  const Way *way = data;
  Route route;

  if (cannot (way))
    return;
  route_open (&route, way->ipv6, way->connected);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      for (guint n = 1; n < 140; n += 1 + n / 5)
        {
          g_autoptr (Parcels) parcels = parcels_run (&route, n, lengths[i]);

          parcels_compare_ways (parcels, &route, way->segmentation);
        }
    }
  route_close (&route);
}

/* One run after another, of more parts altogether than one call takes. */
static void
test_long_runs (gconstpointer data)
{
  const Way *way = data;
  Route route;

  if (cannot (way))
    return;
  route_open (&route, way->ipv6, way->connected);
  for (guint n = 200; n <= 270; n += 35)
    {
      g_autoptr (Parcels) parcels = parcels_run (&route, n, 100);

      parcels_compare_ways (parcels, &route, way->segmentation);
    }
  route_close (&route);
}

static const Way ways[] = {
  { FALSE, FALSE, TRUE }, { FALSE, FALSE, FALSE }, { FALSE, TRUE, TRUE }, { FALSE, TRUE, FALSE },
  { TRUE, FALSE, TRUE },  { TRUE, FALSE, FALSE },  { TRUE, TRUE, TRUE },  { TRUE, TRUE, FALSE },
};

static const struct {
  const char *name;
  void (*func) (gconstpointer way);
} tests[] = {
  { "any-mix", test_any_mix },
  { "too-large-ones-between", test_too_large_ones_between },
  { "runs-of-any-count", test_runs_of_any_count },
  { "long-runs", test_long_runs },
};

static void
add_tests (const Way *way)
{
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strdup_printf (
          "/relay/grouping/send/%s/%s/%s/%s", way->ipv6 ? "ipv6" : "ipv4",
          way->connected ? "connected" : "open", way->segmentation ? "segmented" : "unsegmented",
          tests[i].name);

      g_test_add_data_func (path, way, tests[i].func);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    add_tests (&ways[i]);
  return g_test_run ();
}
