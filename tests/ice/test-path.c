/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paths through our own relay: all stages pass where it is well, the right one fails where not, and
 * nothing stays behind on either side.
 */
#include "../relay/descriptors.h"
#include "../relay/fixture.h"
#include "running.h"

#define WELL_OVER_UDP "DNS Connect - Binding Allocate Permission Channel Echo"

static char *
make_url (const Fixture *fixture, const char *transport)
{
  char text[TH_ADDRESS_STRING_SIZE];

  return g_strdup_printf ("turn:%s?transport=%s", th_address_format (&fixture->address, text),
                          transport);
}

static ThIcePath *
try_relay (const Fixture *fixture, const char *transport, const char *password)
{
  ThIcePathOptions options = { .timeout = 2000 };
  g_autofree char *url = make_url (fixture, transport);

  return try_path (url, th_address_is_ipv6 (&fixture->address) ? 6 : 4, "anna", password,
                   &options);
}

static void
check_well (Fixture *fixture, const char *transport)
{
  g_autoptr (ThIcePath) path = try_relay (fixture, transport, "anna-secret");
  g_autofree char *stages = describe_path (path);
  g_autoptr (ThIceFacts) facts = th_ice_facts_new ();
  const ThIcePathFacts *seen;

  g_assert_cmpstr (stages, ==, WELL_OVER_UDP);
  g_assert_true (th_ice_path_is_well (path));
  g_assert_null (th_ice_path_get_failure (path));
  g_assert_cmpint (th_ice_path_get_round_trip (path), >, 0);
  th_ice_path_add_facts (path, facts);
  seen = g_ptr_array_index (facts->paths, 0);
  g_assert_true (th_address_equal (&seen->mapped, &seen->local));
  g_assert_true (th_address_is_set (&seen->relayed));
  g_assert_cmpint (seen->to_itself, ==, TH_ICE_WAY_OPEN);
}

static void
test_udp (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  check_well (fixture, "udp");
}

static void
test_tcp (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  check_well (fixture, "tcp");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/ice/path/udp-goes-all-the-way", test_udp);
  add_test ("/ice/path/tcp-goes-all-the-way", test_tcp);
  return g_test_run ();
}
