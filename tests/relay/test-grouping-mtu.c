/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups on a link that does not take every packet whole, the loopback of a network namespace: the
 * kernel cuts no group up whose packets are too large, and yet each packet goes its way as if it
 * had been sent alone, in fragments where it may be.
 */
#include "namespace.h"
#include "parcels.h"
#include "relay/udp-send.h"

#define MTU 1500
#define ROUNDS 30
#define MANY 200
#define LARGEST 4000

static gboolean has_namespace;

static gboolean
cannot (gboolean ipv6)
{
  if (!has_namespace)
    g_test_skip ("no network namespace can be had");
  else if (ipv6 && !has_ipv6 ())
    g_test_skip ("this machine has no IPv6");
  else
    return FALSE;
  return TRUE;
}

static void
test_any_mix (gconstpointer ipv6)
{
  Route route;

  if (cannot (GPOINTER_TO_INT (ipv6)))
    return;
  for (guint connected = 0; connected < 2; connected++)
    {
      route_open (&route, GPOINTER_TO_INT (ipv6), connected);
      for (guint i = 0; i < ROUNDS; i++)
        {
          g_autoptr (Parcels) parcels = parcels_random (&route, MANY, LARGEST);

          parcels_compare_ways (parcels, &route, TRUE);
        }
      route_close (&route);
    }
}

/* Runs whose packets just fit, and just do not. */
static void
test_about_the_limit (gconstpointer ipv6)
{
  gsize limit = MTU - (GPOINTER_TO_INT (ipv6) ? 40 : 20) - 8;
  Route route;

  if (cannot (GPOINTER_TO_INT (ipv6)))
    return;
  route_open (&route, GPOINTER_TO_INT (ipv6), FALSE);
  for (gsize length = limit - 2; length <= limit + 2; length++)
    {
      g_autoptr (Parcels) parcels = parcels_run (&route, 30, length);

      parcels_compare_ways (parcels, &route, TRUE);
    }
  route_close (&route);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  has_namespace = enter_namespace (MTU);
  g_test_add_data_func ("/relay/grouping/mtu/ipv4/any-mix", GINT_TO_POINTER (FALSE), test_any_mix);
  g_test_add_data_func ("/relay/grouping/mtu/ipv6/any-mix", GINT_TO_POINTER (TRUE), test_any_mix);
  g_test_add_data_func ("/relay/grouping/mtu/ipv4/about-the-limit", GINT_TO_POINTER (FALSE),
                        test_about_the_limit);
  g_test_add_data_func ("/relay/grouping/mtu/ipv6/about-the-limit", GINT_TO_POINTER (TRUE),
                        test_about_the_limit);
  return g_test_run ();
}
