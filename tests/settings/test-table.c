/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings table: which settings there are, under which names, and what their defaults mean.
 */
#include <string.h>

#include "settings/settings.h"

static const struct
{
  ThSetting setting;
  const char *group, *key, *fallback;
} expected[] = {
  { TH_SETTING_RELAY_LISTEN, "relay", "listen", "" },
  { TH_SETTING_RELAY_PORT, "relay", "port", "3478" },
  { TH_SETTING_RELAY_TLS_PORT, "relay", "tls-port", "5349" },
  { TH_SETTING_RELAY_EXTRA_UDP_PORTS, "relay", "extra-udp-ports", "" },
  { TH_SETTING_RELAY_EXTRA_TLS_PORTS, "relay", "extra-tls-ports", "" },
  { TH_SETTING_RELAY_RELAY_PORTS, "relay", "relay-ports", "49152-65535" },
  { TH_SETTING_RELAY_EXTERNAL_ADDRESS, "relay", "external-address", "auto" },
  { TH_SETTING_RELAY_REALM, "relay", "realm", "turnhouse" },
  { TH_SETTING_RELAY_SERVER_NAME, "relay", "server-name", "" },
  { TH_SETTING_RELAY_WORKERS, "relay", "workers", "auto" },
  { TH_SETTING_RELAY_ALLOW_PEERS, "relay", "allow-peers", "" },
  { TH_SETTING_RELAY_DENY_PEERS, "relay", "deny-peers", "" },
  { TH_SETTING_RELAY_ALLOW_LAN_PEERS, "relay", "allow-lan-peers", "false" },
  { TH_SETTING_RELAY_STRICT_EXPIRY, "relay", "strict-expiry", "false" },
  { TH_SETTING_LIMITS_ALLOCATIONS, "limits", "allocations", "0" },
  { TH_SETTING_LIMITS_USER_QUOTA, "limits", "user-quota", "50" },
  { TH_SETTING_LIMITS_TOTAL_QUOTA, "limits", "total-quota", "0" },
  { TH_SETTING_LIMITS_UNAUTHORIZED_PER_SECOND, "limits", "unauthorized-per-second", "10" },
  { TH_SETTING_LIMITS_CONNECTIONS, "limits", "connections", "10000" },
  { TH_SETTING_LIMITS_PERMISSIONS, "limits", "permissions", "256" },
  { TH_SETTING_TLS_CERTIFICATE, "tls", "certificate", "" },
  { TH_SETTING_TLS_PRIVATE_KEY, "tls", "private-key", "" },
  { TH_SETTING_TLS_MIN_VERSION, "tls", "min-version", "1.2" },
  { TH_SETTING_CREDENTIALS_SECRET, "credentials", "secret", "" },
  { TH_SETTING_CREDENTIALS_SECRET_FILE, "credentials", "secret-file", "" },
  { TH_SETTING_CREDENTIALS_PREVIOUS_SECRETS, "credentials", "previous-secrets", "" },
  { TH_SETTING_CREDENTIALS_TTL, "credentials", "ttl", "86400" },
  { TH_SETTING_CREDENTIALS_GRACE, "credentials", "grace", "86400" },
  { TH_SETTING_CREDENTIALS_ROTATE, "credentials", "rotate", "never" },
  { TH_SETTING_CREDENTIALS_API_KEY, "credentials", "api-key", "" },
  { TH_SETTING_CREDENTIALS_API_SECRET, "credentials", "api-secret", "" },
  { TH_SETTING_CREDENTIALS_API_SECRET_FILE, "credentials", "api-secret-file", "" },
  { TH_SETTING_CREDENTIALS_USERS, "credentials", "users", "" },
  { TH_SETTING_CREDENTIALS_USERS_FILE, "credentials", "users-file", "" },
  { TH_SETTING_ENDPOINT_LISTEN, "endpoint", "listen", "127.0.0.1" },
  { TH_SETTING_ENDPOINT_PORT, "endpoint", "port", "8489" },
  { TH_SETTING_ENDPOINT_TOKENS, "endpoint", "tokens", "" },
  { TH_SETTING_ENDPOINT_TOKENS_FILE, "endpoint", "tokens-file", "" },
  { TH_SETTING_ENDPOINT_TRUST_LOOPBACK, "endpoint", "trust-loopback", "true" },
  { TH_SETTING_ENDPOINT_CORS_ORIGINS, "endpoint", "cors-origins", "" },
  { TH_SETTING_ENDPOINT_HYBRID, "endpoint", "hybrid", "true" },
  { TH_SETTING_ENDPOINT_FALLBACK_STUN, "endpoint", "fallback-stun",
    "stun:stun.l.google.com:19302" },
  { TH_SETTING_ENDPOINT_MAX_TTL, "endpoint", "max-ttl", "86400" },
  { TH_SETTING_ENDPOINT_HOST, "endpoint", "host", "" },
  { TH_SETTING_ENDPOINT_REQUESTS_PER_MINUTE, "endpoint", "requests-per-minute", "60" },
  { TH_SETTING_ENDPOINT_METRICS, "endpoint", "metrics", "true" },
  { TH_SETTING_TRAFFIC_PLAN_LIMIT, "traffic", "plan-limit", "0" },
  { TH_SETTING_ICE_TEST_HOURLY, "ice-test", "hourly", "true" },
};

static void
test_every_default (void)
{
  g_autoptr (ThSettings) settings = th_settings_new ();

  g_assert_cmpuint (G_N_ELEMENTS (expected), ==, TH_N_SETTINGS);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const ThSettingRow *row = th_setting_get_row (expected[i].setting);
      ThSetting found;

      g_assert_cmpstr (row->group, ==, expected[i].group);
      g_assert_cmpstr (row->key, ==, expected[i].key);
      g_assert_true (th_setting_find (row->group, row->key, &found));
      g_assert_cmpint (found, ==, expected[i].setting);
      g_assert_cmpstr (th_settings_get_string (settings, found), ==, expected[i].fallback);
      g_assert_false (th_settings_is_set (settings, found));
    }
}

static void
test_typed_defaults (void)
{
  g_autoptr (ThSettings) settings = th_settings_new ();
  guint16 first = 0, last = 0;

  g_assert_cmpint (th_settings_get_integer (settings, TH_SETTING_RELAY_PORT), ==, 3478);
  g_assert_cmpint (th_settings_get_integer (settings, TH_SETTING_RELAY_WORKERS), ==, -1);
  g_assert_false (th_settings_get_boolean (settings, TH_SETTING_RELAY_ALLOW_LAN_PEERS));
  g_assert_true (th_settings_get_boolean (settings, TH_SETTING_ENDPOINT_TRUST_LOOPBACK));
  g_assert_null (th_settings_get_list (settings, TH_SETTING_RELAY_LISTEN)[0]);
  g_assert_cmpstr (th_settings_get_list (settings, TH_SETTING_ENDPOINT_LISTEN)[0], ==,
                   "127.0.0.1");
  g_assert_null (th_settings_get_list (settings, TH_SETTING_ENDPOINT_LISTEN)[1]);
  th_settings_get_port_range (settings, TH_SETTING_RELAY_RELAY_PORTS, &first, &last);
  g_assert_cmpuint (first, ==, 49152);
  g_assert_cmpuint (last, ==, 65535);
}

static void
test_names_and_help (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      const ThSettingRow *row = th_setting_get_row (i);
      g_autofree char *name = g_strdup_printf ("%s-%s", row->group, row->key);

      g_assert_cmpstr (row->name, ==, name);
      g_assert_true (g_hash_table_add (names, (char *) row->name));
      g_assert_cmpuint (strlen (row->help), >, 10);
      g_assert_cmpuint (strlen (row->help), <=, 100);
      g_assert_null (strchr (row->help, '\n'));
    }
}

static void
test_what_is_secret (void)
{
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      const ThSettingRow *row = th_setting_get_row (i);
      gboolean holds_secrets = i == TH_SETTING_CREDENTIALS_SECRET ||
                               i == TH_SETTING_CREDENTIALS_PREVIOUS_SECRETS ||
                               i == TH_SETTING_CREDENTIALS_API_KEY ||
                               i == TH_SETTING_CREDENTIALS_API_SECRET ||
                               i == TH_SETTING_CREDENTIALS_USERS ||
                               i == TH_SETTING_ENDPOINT_TOKENS;

      g_assert_cmpint (row->secret, ==, holds_secrets);
    }
}

static void
test_files_in_place_of_values (void)
{
  ThSetting file = TH_N_SETTINGS;

  g_assert_true (th_setting_find_file (TH_SETTING_CREDENTIALS_SECRET, &file));
  g_assert_cmpint (file, ==, TH_SETTING_CREDENTIALS_SECRET_FILE);
  g_assert_true (th_setting_find_file (TH_SETTING_CREDENTIALS_API_SECRET, &file));
  g_assert_cmpint (file, ==, TH_SETTING_CREDENTIALS_API_SECRET_FILE);
  g_assert_true (th_setting_find_file (TH_SETTING_CREDENTIALS_USERS, &file));
  g_assert_cmpint (file, ==, TH_SETTING_CREDENTIALS_USERS_FILE);
  g_assert_true (th_setting_find_file (TH_SETTING_ENDPOINT_TOKENS, &file));
  g_assert_cmpint (file, ==, TH_SETTING_ENDPOINT_TOKENS_FILE);
  g_assert_false (th_setting_find_file (TH_SETTING_RELAY_PORT, &file));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/table/every-default", test_every_default);
  g_test_add_func ("/settings/table/typed-defaults", test_typed_defaults);
  g_test_add_func ("/settings/table/names-and-help", test_names_and_help);
  g_test_add_func ("/settings/table/what-is-secret", test_what_is_secret);
  g_test_add_func ("/settings/table/files-in-place-of-values", test_files_in_place_of_values);
  return g_test_run ();
}
