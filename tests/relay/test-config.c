/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The relay's configuration: its defaults are those that protect, and a copy stands alone.
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

static void
test_copy_of_nothing_given (void)
{
  g_autoptr (ThRelayConfig) config = th_relay_config_new ();
  g_autoptr (ThRelayConfig) copy = th_relay_config_copy (config);

  g_assert_cmpuint (copy->n_listen, ==, 0);
  g_assert_null (copy->allow_peers);
  g_assert_true (copy->realm != config->realm);
  g_assert_cmpstr (copy->realm, ==, config->realm);
}

static ThRelayConfig *
config_with_everything (void)
{
  ThRelayConfig *config = th_relay_config_new ();

  config->n_listen = 2;
  config->listen = g_new0 (ThAddress, 2);
  th_address_parse (&config->listen[1], "192.0.2.1", 0);
  config->n_hosts = 1;
  config->hosts = g_new0 (ThRelayHost, 1);
  th_address_parse (&config->hosts[0].external, "192.0.2.2", 0);
  config->n_extra_udp_ports = 1;
  config->extra_udp_ports = g_new (guint16, 1);
  config->extra_udp_ports[0] = 443;
  config->n_own_ports = 1;
  config->own_ports = g_new (guint16, 1);
  config->own_ports[0] = 8489;
  config->allow_peers = g_strsplit ("10.0.0.0/8 fd00::/8", " ", -1);
  config->deny_peers = g_strsplit ("10.1.0.0/16", " ", -1);
  config->strict_expiry = TRUE;
  return config;
}

static void
test_copy_outlives_its_original (void)
{
  ThRelayConfig *original = config_with_everything ();
  g_autoptr (ThRelayConfig) copy = th_relay_config_copy (original);
  char text[TH_ADDRESS_STRING_SIZE];

  th_relay_config_free (original);
  g_assert_cmpuint (copy->n_listen, ==, 2);
  g_assert_cmpstr (th_address_format_host (&copy->listen[1], text), ==, "192.0.2.1");
  g_assert_cmpstr (th_address_format_host (&copy->hosts[0].external, text), ==, "192.0.2.2");
  g_assert_cmpuint (copy->extra_udp_ports[0], ==, 443);
  g_assert_cmpuint (copy->own_ports[0], ==, 8489);
  g_assert_cmpstr (copy->allow_peers[1], ==, "fd00::/8");
  g_assert_null (copy->allow_peers[2]);
  g_assert_cmpstr (copy->deny_peers[0], ==, "10.1.0.0/16");
  g_assert_true (copy->strict_expiry);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/config/defaults", test_defaults);
  g_test_add_func ("/relay/config/copy-of-nothing-given", test_copy_of_nothing_given);
  g_test_add_func ("/relay/config/copy-outlives-its-original", test_copy_outlives_its_original);
  return g_test_run ();
}
