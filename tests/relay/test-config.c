/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The relay's configuration: its defaults are those that protect.
 */
#include "relay/relay-config.h"

static void
test_defaults (void)
{
  g_autoptr (ThRelayConfig) config = th_relay_config_new ();

  g_assert_cmpuint (config->port, ==, 3478);
  g_assert_cmpuint (config->relay_port_min, ==, 49152);
  g_assert_cmpuint (config->relay_port_max, ==, 65535);
  g_assert_cmpstr (config->realm, ==, "turnhouse");
  g_assert_true (config->workers_auto);
  g_assert_cmpuint (config->user_quota, ==, 50);
  g_assert_cmpuint (config->unauthorized_per_second, ==, 10);
  g_assert_cmpuint (config->max_connections, >, 0);
  g_assert_cmpuint (config->max_permissions, >, 0);
  g_assert_null (config->allow_peers);
  g_assert_false (config->allow_lan_peers);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/config/defaults", test_defaults);
  return g_test_run ();
}
