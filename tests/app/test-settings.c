/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From settings to what relay and endpoint are started with, and to the URLs that apps get.
 */
#include "app/endpoint-settings.h"
#include "app/relay-hosts.h"
#include "app/relay-settings.h"
#include "app/relay-urls.h"
#include "app/state-directory.h"
#include "relay/listener-info-private.h"
#include "relay/machine-addresses.h"

static ThSettings *
make_settings (const char *text)
{
  g_autoptr (GError) error = NULL;
  ThSettings *settings =
      th_settings_new_from_data ("test.conf", text, strlen (text), &error);

  g_assert_no_error (error);
  return settings;
}

static char *
format_host (const ThAddress *address)
{
  char text[TH_ADDRESS_STRING_SIZE];

  return g_strdup (th_address_format_host (address, text));
}

static void
assert_host (const ThAddress *address, const char *expected)
{
  g_autofree char *text = format_host (address);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_relay_defaults (void)
{
  g_autoptr (ThSettings) settings = th_settings_new ();
  g_auto (GStrv) unusable = NULL;
  g_autoptr (ThRelayConfig) config = th_relay_config_from_settings (settings, &unusable);

  g_assert_cmpuint (config->n_listen, ==, 0);
  g_assert_cmpuint (config->port, ==, 3478);
  g_assert_cmpuint (config->relay_port_min, ==, 49152);
  g_assert_cmpuint (config->relay_port_max, ==, 65535);
  g_assert_cmpuint (config->n_hosts, ==, 0);
  g_assert_cmpstr (config->realm, ==, "turnhouse");
  g_assert_true (config->workers_auto);
  g_assert_false (config->allow_lan_peers);
  g_assert_cmpuint (config->own_ports[0], ==, 8489);
  g_assert_cmpuint (g_strv_length (unusable), ==, 0);
}

static void
test_relay_values (void)
{
  g_autoptr (ThSettings) settings = make_settings ("[relay]\n"
                                                   "listen=127.0.0.1,::1\n"
                                                   "port=4000\n"
                                                   "extra-udp-ports=443,53\n"
                                                   "relay-ports=50000-50999\n"
                                                   "realm=example.org\n"
                                                   "workers=3\n"
                                                   "allow-peers=10.0.0.0/8\n"
                                                   "deny-peers=192.0.2.0/24\n"
                                                   "allow-lan-peers=true\n"
                                                   "strict-expiry=true\n"
                                                   "[limits]\n"
                                                   "allocations=7\nuser-quota=6\ntotal-quota=5\n"
                                                   "unauthorized-per-second=4\nconnections=3\n"
                                                   "permissions=2\n");
  g_auto (GStrv) unusable = NULL;
  g_autoptr (ThRelayConfig) config = th_relay_config_from_settings (settings, &unusable);

  g_assert_cmpuint (config->n_listen, ==, 2);
  assert_host (&config->listen[1], "::1");
  g_assert_cmpuint (config->port, ==, 4000);
  g_assert_cmpuint (config->n_extra_udp_ports, ==, 2);
  g_assert_cmpuint (config->extra_udp_ports[1], ==, 53);
  g_assert_cmpuint (config->relay_port_min, ==, 50000);
  g_assert_cmpuint (config->relay_port_max, ==, 50999);
  g_assert_cmpstr (config->realm, ==, "example.org");
  g_assert_false (config->workers_auto);
  g_assert_cmpuint (config->workers, ==, 3);
  g_assert_cmpstr (config->allow_peers[0], ==, "10.0.0.0/8");
  g_assert_cmpstr (config->deny_peers[0], ==, "192.0.2.0/24");
  g_assert_true (config->allow_lan_peers);
  g_assert_true (config->strict_expiry);
  g_assert_cmpuint (config->max_allocations, ==, 7);
  g_assert_cmpuint (config->user_quota, ==, 6);
  g_assert_cmpuint (config->total_quota, ==, 5);
  g_assert_cmpuint (config->unauthorized_per_second, ==, 4);
  g_assert_cmpuint (config->max_connections, ==, 3);
  g_assert_cmpuint (config->max_permissions, ==, 2);
}

static void
test_external_addresses (void)
{
  g_autoptr (ThSettings) settings =
      make_settings ("[relay]\nlisten=127.0.0.1,127.0.0.9\n"
                     "external-address=203.0.113.1,203.0.113.2/127.0.0.9,127.0.0.5,"
                     "203.0.113.3/192.0.2.77\n");
  g_auto (GStrv) unusable = NULL;
  g_autoptr (ThRelayConfig) config = th_relay_config_from_settings (settings, &unusable);

  g_assert_cmpuint (config->n_hosts, ==, 3);
  assert_host (&config->hosts[0].external, "203.0.113.1"); /* translated by a router */
  assert_host (&config->hosts[0].internal, "127.0.0.1");
  assert_host (&config->hosts[1].external, "203.0.113.2");
  assert_host (&config->hosts[1].internal, "127.0.0.9");
  assert_host (&config->hosts[2].external, "127.0.0.5"); /* this machine's own */
  assert_host (&config->hosts[2].internal, "127.0.0.5");
  g_assert_cmpuint (g_strv_length (unusable), ==, 1);
  g_assert_cmpstr (unusable[0], ==, "203.0.113.3/192.0.2.77");
}

static void
test_endpoint_values (void)
{
  g_autoptr (ThSettings) settings = make_settings ("[credentials]\nttl=600\n"
                                                   "[endpoint]\n"
                                                   "listen=127.0.0.1\nport=9000\n"
                                                   "trust-loopback=false\n"
                                                   "cors-origins=https://app.example.org\n"
                                                   "hybrid=false\n"
                                                   "fallback-stun=stun:stun.example.org\n"
                                                   "requests-per-minute=5\nmax-ttl=300\n"
                                                   "metrics=false\n"
                                                   "[relay]\nrealm=example.org\n");
  g_autoptr (ThEndpointConfig) config = th_endpoint_config_from_settings (settings);

  g_assert_cmpstr (config->listen[0], ==, "127.0.0.1");
  g_assert_cmpuint (config->port, ==, 9000);
  g_assert_false (config->trust_loopback);
  g_assert_cmpstr (config->cors_origins[0], ==, "https://app.example.org");
  g_assert_false (config->hybrid);
  g_assert_cmpstr (config->fallback_stun[0], ==, "stun:stun.example.org");
  g_assert_cmpuint (config->requests_per_minute, ==, 5);
  g_assert_false (config->metrics);
  g_assert_cmpstr (config->realm, ==, "example.org");
  g_assert_cmpint (config->default_ttl, ==, 600);
  g_assert_cmpint (config->max_ttl, ==, 300);
}

/* Name, external address, listening address, in this order. */
static void
test_hosts (void)
{
  const struct {
    const char *settings;
    const char *for_others;
    const char *here;
  } rows[] = {
    { "[relay]\nlisten=127.0.0.1\n", "127.0.0.1", "127.0.0.1" },
    { "[relay]\nlisten=::1,127.0.0.1\n", "127.0.0.1 ::1", "127.0.0.1 ::1" },
    { "[relay]\nexternal-address=203.0.113.1/127.0.0.3\n", "203.0.113.1", "127.0.0.3" },
    { "[relay]\nlisten=127.0.0.1\nexternal-address=203.0.113.1\n", "203.0.113.1", "127.0.0.1" },
    { "[relay]\nexternal-address=2001:db8::5/::1,203.0.113.1/127.0.0.1\n",
      "203.0.113.1 2001:db8::5", "127.0.0.1 ::1" },
    { "[relay]\nserver-name=turn.example.org\n", "turn.example.org", "turn.example.org" },
    { "[relay]\nserver-name=turn.example.org\n[endpoint]\nhost=192.0.2.5\n", "192.0.2.5",
      "192.0.2.5" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ThSettings) settings = make_settings (rows[i].settings);
      g_auto (GStrv) unusable = NULL;
      g_autoptr (ThRelayConfig) config = th_relay_config_from_settings (settings, &unusable);
      g_auto (GStrv) others = th_relay_hosts_find (settings, config, NULL, FALSE);
      g_auto (GStrv) here = th_relay_hosts_find (settings, config, NULL, TRUE);
      g_autofree char *others_text = g_strjoinv (" ", others);
      g_autofree char *here_text = g_strjoinv (" ", here);

      g_test_message ("row %u", i);
      g_assert_cmpstr (others_text, ==, rows[i].for_others);
      g_assert_cmpstr (here_text, ==, rows[i].here);
    }
}

/* Listening everywhere, the machine's own address that leads outside is the one to give. */
static void
test_host_by_default (void)
{
  g_autoptr (ThSettings) settings = th_settings_new ();
  g_auto (GStrv) unusable = NULL;
  g_autoptr (ThRelayConfig) config = th_relay_config_from_settings (settings, &unusable);
  g_auto (GStrv) hosts = th_relay_hosts_find (settings, config, NULL, FALSE);
  g_autoptr (GArray) machine = th_machine_addresses ();

  if (machine->len == 0)
    {
      g_test_skip ("no address at all");
      return;
    }
  ThAddress first = { 0 };
  g_assert_true (th_address_parse (&first, hosts[0], 0));
  gboolean known = FALSE;
  for (guint i = 0; i < machine->len; i++)
    known = known || th_address_same_host (&g_array_index (machine, ThAddress, i), &first);
  g_assert_true (known);
}

static void
add_listener (GListStore *listeners,
              ThTransport transport,
              const char *host,
              guint16 port,
              int error)
{
  ThAddress address;

  g_assert_true (th_address_parse (&address, host, port));
  g_autoptr (ThListenerInfo) info = th_listener_info_new (transport, &address, error);
  g_list_store_append (listeners, info);
}

static void
test_urls (void)
{
  g_autoptr (GListStore) listeners = g_list_store_new (TH_TYPE_LISTENER_INFO);

  add_listener (listeners, TH_TRANSPORT_UDP, "0.0.0.0", 3478, 0);
  add_listener (listeners, TH_TRANSPORT_TCP, "0.0.0.0", 3478, 98);
  add_listener (listeners, TH_TRANSPORT_UDP, "::", 3478, 0);
  add_listener (listeners, TH_TRANSPORT_TCP, "::", 3478, 0);
  add_listener (listeners, TH_TRANSPORT_UDP, "0.0.0.0", 443, 0);
  add_listener (listeners, TH_TRANSPORT_TLS, "0.0.0.0", 5349, 0);
  add_listener (listeners, TH_TRANSPORT_TLS, "::", 5349, 0);
  add_listener (listeners, TH_TRANSPORT_TLS, "0.0.0.0", 443, 98);

  const struct {
    const char *host;
    const char *stun, *udp, *tcp;
  } rows[] = {
    { "192.0.2.1", "stun:192.0.2.1:3478",
      "turn:192.0.2.1:3478?transport=udp turn:192.0.2.1:443?transport=udp", "" },
    { "2001:db8::1", "stun:[2001:db8::1]:3478", "turn:[2001:db8::1]:3478?transport=udp",
      "turn:[2001:db8::1]:3478?transport=tcp" },
    { "turn.example.org", "stun:turn.example.org:3478",
      "turn:turn.example.org:3478?transport=udp turn:turn.example.org:443?transport=udp",
      "turn:turn.example.org:3478?transport=tcp" },
    { NULL, "", "", "" },
  };
  g_autoptr (GArray) ports = th_relay_ports_new (G_LIST_MODEL (listeners));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ThRelayUrls) urls = th_relay_urls_new (rows[i].host, "name", ports);
      g_autoptr (ThRelayUrls) without = th_relay_urls_new (rows[i].host, NULL, ports);
      g_autofree char *turns = g_strjoinv (" ", urls->turns);
      g_autofree char *stun = g_strjoinv (" ", urls->stun);
      g_autofree char *udp = g_strjoinv (" ", urls->turn_udp);
      g_autofree char *tcp = g_strjoinv (" ", urls->turn_tcp);

      g_assert_cmpstr (stun, ==, rows[i].stun);
      g_assert_cmpstr (udp, ==, rows[i].udp);
      g_assert_cmpstr (tcp, ==, rows[i].tcp);
      g_assert_cmpstr (turns, ==, "turns:name:5349?transport=tcp");
      g_assert_null (without->turns[0]);
    }
}

static void
test_state_directory (void)
{
  const struct {
    const char *given;
    const char *found;
  } rows[] = {
    { "/var/lib/turnhouse", "/var/lib/turnhouse" },
    { "/var/lib/turnhouse:/var/lib/other", "/var/lib/turnhouse" },
    { "relative", NULL },
    { "", NULL },
    { NULL, NULL },
  };
  g_autofree char *fallback = g_build_filename (g_get_user_state_dir (), "turnhouse", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (rows[i].given != NULL)
        g_setenv ("STATE_DIRECTORY", rows[i].given, TRUE);
      else
        g_unsetenv ("STATE_DIRECTORY");
      g_autofree char *found = th_state_directory_find ();
      g_assert_cmpstr (found, ==, rows[i].found != NULL ? rows[i].found : fallback);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/relay-settings/defaults", test_relay_defaults);
  g_test_add_func ("/app/relay-settings/values", test_relay_values);
  g_test_add_func ("/app/relay-settings/external-addresses", test_external_addresses);
  g_test_add_func ("/app/endpoint-settings/values", test_endpoint_values);
  g_test_add_func ("/app/relay-hosts/in-order", test_hosts);
  g_test_add_func ("/app/relay-hosts/by-default-of-this-machine", test_host_by_default);
  g_test_add_func ("/app/relay-urls/only-what-is-bound", test_urls);
  g_test_add_func ("/app/state-directory/from-environment", test_state_directory);
  return g_test_run ();
}
