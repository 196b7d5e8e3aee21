/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values as people write them: what is taken and in which form, what is refused and in which
 * words, and that no message repeats a secret.
 */
#include <string.h>

#include "settings/settings.h"
#include "settings/value.h"

static const struct
{
  ThSetting setting;
  const char *text, *taken_as;
} good[] = {
  { TH_SETTING_RELAY_PORT, "0", "0" },
  { TH_SETTING_RELAY_PORT, " 65535\t", "65535" },
  { TH_SETTING_RELAY_PORT, "0080", "80" },
  { TH_SETTING_RELAY_TLS_PORT, "0", "0" },
  { TH_SETTING_RELAY_TLS_PORT, "5349", "5349" },
  { TH_SETTING_RELAY_EXTRA_TLS_PORTS, "443", "443" },
  { TH_SETTING_RELAY_LISTEN, "", "" },
  { TH_SETTING_RELAY_LISTEN, "192.0.2.1, ::1;", "192.0.2.1,::1" },
  { TH_SETTING_RELAY_LISTEN, ";;192.0.2.1 ;,; 0.0.0.0,", "192.0.2.1,0.0.0.0" },
  { TH_SETTING_RELAY_EXTRA_UDP_PORTS, "443;53 , 8080", "443,53,8080" },
  { TH_SETTING_RELAY_RELAY_PORTS, "50000-50000", "50000-50000" },
  { TH_SETTING_RELAY_RELAY_PORTS, "1 - 65535", "1 - 65535" },
  { TH_SETTING_RELAY_EXTERNAL_ADDRESS, "auto", "auto" },
  { TH_SETTING_RELAY_EXTERNAL_ADDRESS, "192.0.2.1/10.0.0.5, 2001:db8::1",
    "192.0.2.1/10.0.0.5,2001:db8::1" },
  { TH_SETTING_RELAY_REALM, "mañana relay", "mañana relay" },
  { TH_SETTING_RELAY_SERVER_NAME, "", "" },
  { TH_SETTING_RELAY_SERVER_NAME, "turn-1.example.org", "turn-1.example.org" },
  { TH_SETTING_RELAY_SERVER_NAME, "localhost", "localhost" },
  { TH_SETTING_RELAY_WORKERS, "AUTO", "auto" },
  { TH_SETTING_RELAY_WORKERS, "0", "0" },
  { TH_SETTING_RELAY_WORKERS, "256", "256" },
  { TH_SETTING_RELAY_ALLOW_PEERS, "127.0.0.0/8, ::1, 0.0.0.0/0, 2001:db8::/32, 192.0.2.7/32",
    "127.0.0.0/8,::1,0.0.0.0/0,2001:db8::/32,192.0.2.7/32" },
  { TH_SETTING_RELAY_ALLOW_LAN_PEERS, "Yes", "true" },
  { TH_SETTING_RELAY_ALLOW_LAN_PEERS, "off", "false" },
  { TH_SETTING_RELAY_ALLOW_LAN_PEERS, "1", "true" },
  { TH_SETTING_LIMITS_PERMISSIONS, "1024", "1024" },
  { TH_SETTING_TLS_CERTIFICATE, "live/fullchain.pem", "live/fullchain.pem" },
  { TH_SETTING_TLS_MIN_VERSION, " 1.3 ", "1.3" },
  { TH_SETTING_CREDENTIALS_GRACE, "0", "0" },
  { TH_SETTING_CREDENTIALS_GRACE, "315360000", "315360000" },
  { TH_SETTING_CREDENTIALS_ROTATE, "never", "never" },
  { TH_SETTING_CREDENTIALS_ROTATE, " Weekly ", "weekly" },
  { TH_SETTING_CREDENTIALS_SECRET, "north", "north" },
  { TH_SETTING_CREDENTIALS_SECRET, "a,b;c=d#e[f]", "a,b;c=d#e[f]" },
  { TH_SETTING_CREDENTIALS_SECRET, "\\sback\\\\slash\\s", " back\\slash " },
  { TH_SETTING_CREDENTIALS_PREVIOUS_SECRETS, "one, two\\,three; four", "one,two\\,three,four" },
  { TH_SETTING_CREDENTIALS_USERS, "anna:pass:word, bo:x", "anna:pass:word,bo:x" },
  { TH_SETTING_CREDENTIALS_API_KEY, "APIhome", "APIhome" },
  { TH_SETTING_CREDENTIALS_API_SECRET, "star", "star" },
  { TH_SETTING_CREDENTIALS_SECRET_FILE, "../secret file", "../secret file" },
  { TH_SETTING_ENDPOINT_CORS_ORIGINS, "https://app.example.org, http://[::1]:8080, *",
    "https://app.example.org,http://[::1]:8080,*" },
  { TH_SETTING_ENDPOINT_FALLBACK_STUN, "", "" },
  { TH_SETTING_ENDPOINT_FALLBACK_STUN, "stun:192.0.2.1, stuns:stun.example.org:5349",
    "stun:192.0.2.1,stuns:stun.example.org:5349" },
  { TH_SETTING_ENDPOINT_HOST, "2001:db8::1", "2001:db8::1" },
  { TH_SETTING_ENDPOINT_HOST, "turn.example.org", "turn.example.org" },
};

#define PORT " does not fit; allowed: a port from 1 to 65535, or 0 (off)"
#define LISTEN " does not fit; allowed: numeric addresses such as 192.0.2.1 or 2001:db8::1"
#define SERVER                                                                                     \
  " does not fit; allowed: servers such as 192.0.2.7:3478, or [2001:db8::7]:5349/turn.example.org"
#define RANGE " does not fit; allowed: FIRST-LAST, two ports from 1 to 65535, the lower one first"
#define EXTERNAL                                                                                   \
  " does not fit; allowed: auto alone, numeric addresses, or EXTERNAL/INTERNAL pairs of one family"
#define REALM                                                                                      \
  " does not fit; allowed: 1 to 127 characters without quotes, backslashes or control characters"
#define NAME " does not fit; allowed: a DNS name such as turn.example.org"
#define WORKERS " does not fit; allowed: auto, or a whole number from 0 to 256"
#define CIDR                                                                                       \
  " does not fit; allowed: networks such as 192.0.2.0/24, no bits set after the prefix, or "      \
  "addresses"
#define ORIGIN                                                                                     \
  " does not fit; allowed: origins such as https://app.example.org, with no path, or *"
#define HTTPS_URL " does not fit; allowed: an https URL"
#define STUN_URL " does not fit; allowed: URLs such as stun:stun.example.org:3478"
#define GRACE " does not fit; allowed: a whole number from 0 to 315360000"
#define ROTATE " does not fit; allowed: never, daily, weekly or monthly"
#define SECRET "the value does not fit; allowed: 1 to 1024 bytes without control characters"
#define BACKSLASH "a backslash that escapes nothing; a backslash itself is written \\\\"

static const struct
{
  ThSetting setting;
  const char *text, *message;
} bad[] = {
  { TH_SETTING_RELAY_PORT, "", "[relay] port: \"\"" PORT },
  { TH_SETTING_RELAY_PORT, "65536", "[relay] port: \"65536\"" PORT },
  { TH_SETTING_RELAY_PORT, "-1", "[relay] port: \"-1\"" PORT },
  { TH_SETTING_RELAY_PORT, "+1", "[relay] port: \"+1\"" PORT },
  { TH_SETTING_RELAY_PORT, "3478 # turn", "[relay] port: \"3478 # turn\"" PORT },
  { TH_SETTING_RELAY_PORT, "0x10", "[relay] port: \"0x10\"" PORT },
  { TH_SETTING_RELAY_PORT, "1e3", "[relay] port: \"1e3\"" PORT },
  { TH_SETTING_RELAY_PORT, "18446744073709551617", "[relay] port: \"18446744073709551617\"" PORT },
  { TH_SETTING_RELAY_PORT, "3478,443", "[relay] port: \"3478,443\"" PORT },
  { TH_SETTING_RELAY_PORT, "1\\n2", "[relay] port: \"1?2\"" PORT },
  { TH_SETTING_RELAY_TLS_PORT, "65536", "[relay] tls-port: \"65536\"" PORT },
  { TH_SETTING_RELAY_EXTRA_UDP_PORTS, "443,0",
    "[relay] extra-udp-ports: \"0\" does not fit; allowed: ports from 1 to 65535" },
  { TH_SETTING_TLS_MIN_VERSION, "1.1",
    "[tls] min-version: \"1.1\" does not fit; allowed: 1.2 or 1.3" },
  { TH_SETTING_TLS_MIN_VERSION, "",
    "[tls] min-version: \"\" does not fit; allowed: 1.2 or 1.3" },
  { TH_SETTING_RELAY_LISTEN, "localhost", "[relay] listen: \"localhost\"" LISTEN },
  { TH_SETTING_RELAY_LISTEN, "192.0.2.1:3478", "[relay] listen: \"192.0.2.1:3478\"" LISTEN },
  { TH_SETTING_RELAY_LISTEN, "127.1", "[relay] listen: \"127.1\"" LISTEN },
  { TH_SETTING_RELAY_LISTEN, "[::1]", "[relay] listen: \"[::1]\"" LISTEN },
  { TH_SETTING_RELAY_LISTEN, "fe80::1%eth0", "[relay] listen: \"fe80::1%eth0\"" LISTEN },
  { TH_SETTING_RELAY_LISTEN, "::1 ::2", "[relay] listen: \"::1 ::2\"" LISTEN },
  { TH_SETTING_RELAY_RELAY_PORTS, "", "[relay] relay-ports: \"\"" RANGE },
  { TH_SETTING_RELAY_RELAY_PORTS, "49152", "[relay] relay-ports: \"49152\"" RANGE },
  { TH_SETTING_RELAY_RELAY_PORTS, "2-1", "[relay] relay-ports: \"2-1\"" RANGE },
  { TH_SETTING_RELAY_RELAY_PORTS, "0-9", "[relay] relay-ports: \"0-9\"" RANGE },
  { TH_SETTING_RELAY_RELAY_PORTS, "1-65536", "[relay] relay-ports: \"1-65536\"" RANGE },
  { TH_SETTING_RELAY_RELAY_PORTS, "1-2-3", "[relay] relay-ports: \"1-2-3\"" RANGE },
  { TH_SETTING_RELAY_EXTERNAL_ADDRESS, "",
    "[relay] external-address: 0 values do not fit; allowed: 1 to 1024 of them" },
  { TH_SETTING_RELAY_EXTERNAL_ADDRESS, "auto,192.0.2.1",
    "[relay] external-address: \"auto\"" EXTERNAL },
  { TH_SETTING_RELAY_EXTERNAL_ADDRESS, "192.0.2.1/::1",
    "[relay] external-address: \"192.0.2.1/::1\"" EXTERNAL },
  { TH_SETTING_RELAY_EXTERNAL_ADDRESS, "192.0.2.1/",
    "[relay] external-address: \"192.0.2.1/\"" EXTERNAL },
  { TH_SETTING_RELAY_EXTERNAL_ADDRESS, "192.0.2.1/10.0.0.1/10.0.0.2",
    "[relay] external-address: \"192.0.2.1/10.0.0.1/10.0.0.2\"" EXTERNAL },
  { TH_SETTING_RELAY_EXTERNAL_ADDRESS, "example.org",
    "[relay] external-address: \"example.org\"" EXTERNAL },
  { TH_SETTING_RELAY_ALTERNATE_SERVER, "192.0.2.7",
    "[relay] alternate-server: \"192.0.2.7\"" SERVER },
  { TH_SETTING_RELAY_ALTERNATE_SERVER, "192.0.2.7:0",
    "[relay] alternate-server: \"192.0.2.7:0\"" SERVER },
  { TH_SETTING_RELAY_ALTERNATE_SERVER, "2001:db8::7:80",
    "[relay] alternate-server: \"2001:db8::7:80\"" SERVER },
  { TH_SETTING_RELAY_ALTERNATE_SERVER, "[192.0.2.7]:80",
    "[relay] alternate-server: \"[192.0.2.7]:80\"" SERVER },
  { TH_SETTING_RELAY_ALTERNATE_SERVER, "[2001:db8::7:80",
    "[relay] alternate-server: \"[2001:db8::7:80\"" SERVER },
  { TH_SETTING_RELAY_ALTERNATE_SERVER, "turn.example.org:80",
    "[relay] alternate-server: \"turn.example.org:80\"" SERVER },
  { TH_SETTING_RELAY_ALTERNATE_SERVER, "192.0.2.7:80/",
    "[relay] alternate-server: \"192.0.2.7:80/\"" SERVER },
  { TH_SETTING_RELAY_ALTERNATE_SERVER, "192.0.2.7:80/-",
    "[relay] alternate-server: \"192.0.2.7:80/-\"" SERVER },
  { TH_SETTING_RELAY_REALM, "", "[relay] realm: \"\"" REALM },
  { TH_SETTING_RELAY_REALM, "a\"b", "[relay] realm: \"a\"b\"" REALM },
  { TH_SETTING_RELAY_REALM, "a\\tb", "[relay] realm: \"a?b\"" REALM },
  { TH_SETTING_RELAY_SERVER_NAME, "192.0.2.1", "[relay] server-name: \"192.0.2.1\"" NAME },
  { TH_SETTING_RELAY_SERVER_NAME, "turn..org", "[relay] server-name: \"turn..org\"" NAME },
  { TH_SETTING_RELAY_SERVER_NAME, "-turn.org", "[relay] server-name: \"-turn.org\"" NAME },
  { TH_SETTING_RELAY_SERVER_NAME, "turn.org/x", "[relay] server-name: \"turn.org/x\"" NAME },
  { TH_SETTING_RELAY_SERVER_NAME, "turn.org:3478", "[relay] server-name: \"turn.org:3478\"" NAME },
  { TH_SETTING_RELAY_WORKERS, "257", "[relay] workers: \"257\"" WORKERS },
  { TH_SETTING_RELAY_WORKERS, "-1", "[relay] workers: \"-1\"" WORKERS },
  { TH_SETTING_RELAY_ALLOW_PEERS, "10.0.0.0/33", "[relay] allow-peers: \"10.0.0.0/33\"" CIDR },
  { TH_SETTING_RELAY_ALLOW_PEERS, "10.0.0.1/8", "[relay] allow-peers: \"10.0.0.1/8\"" CIDR },
  { TH_SETTING_RELAY_ALLOW_PEERS, "::1/0", "[relay] allow-peers: \"::1/0\"" CIDR },
  { TH_SETTING_RELAY_DENY_PEERS, "10.0.0.0/", "[relay] deny-peers: \"10.0.0.0/\"" CIDR },
  { TH_SETTING_RELAY_DENY_PEERS, "/8", "[relay] deny-peers: \"/8\"" CIDR },
  { TH_SETTING_RELAY_DENY_PEERS, "10.0.0.0/255.0.0.0",
    "[relay] deny-peers: \"10.0.0.0/255.0.0.0\"" CIDR },
  { TH_SETTING_RELAY_STRICT_EXPIRY, "maybe",
    "[relay] strict-expiry: \"maybe\" does not fit; allowed: true or false" },
  { TH_SETTING_LIMITS_PERMISSIONS, "0",
    "[limits] permissions: \"0\" does not fit; allowed: a whole number from 1 to 1024" },
  { TH_SETTING_LIMITS_PERMISSIONS, "1025",
    "[limits] permissions: \"1025\" does not fit; allowed: a whole number from 1 to 1024" },
  { TH_SETTING_CREDENTIALS_TTL, "0",
    "[credentials] ttl: \"0\" does not fit; allowed: a whole number from 1 to 315360000" },
  { TH_SETTING_CREDENTIALS_TTL, "1 day",
    "[credentials] ttl: \"1 day\" does not fit; allowed: a whole number from 1 to 315360000" },
  { TH_SETTING_CREDENTIALS_GRACE, "-1", "[credentials] grace: \"-1\"" GRACE },
  { TH_SETTING_CREDENTIALS_GRACE, "315360001", "[credentials] grace: \"315360001\"" GRACE },
  { TH_SETTING_CREDENTIALS_ROTATE, "", "[credentials] rotate: \"\"" ROTATE },
  { TH_SETTING_CREDENTIALS_ROTATE, "week", "[credentials] rotate: \"week\"" ROTATE },
  { TH_SETTING_CREDENTIALS_ROTATE, "1", "[credentials] rotate: \"1\"" ROTATE },
  { TH_SETTING_CREDENTIALS_ROTATE, "daily,weekly",
    "[credentials] rotate: \"daily,weekly\"" ROTATE },
  { TH_SETTING_CREDENTIALS_SECRET, "", "[credentials] secret: " SECRET },
  { TH_SETTING_CREDENTIALS_SECRET, "two\\nlines", "[credentials] secret: " SECRET },
  { TH_SETTING_CREDENTIALS_SECRET, "hidden\\x", "[credentials] secret: " BACKSLASH },
  { TH_SETTING_CREDENTIALS_SECRET, "hidden\\", "[credentials] secret: " BACKSLASH },
  { TH_SETTING_CREDENTIALS_PREVIOUS_SECRETS, "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17",
    "[credentials] previous-secrets: 17 values do not fit; allowed: 0 to 16 of them" },
  { TH_SETTING_CREDENTIALS_USERS, "hidden",
    "[credentials] users: the value does not fit; allowed: NAME:PASSWORD pairs" },
  { TH_SETTING_CREDENTIALS_USERS, "anna:x,:hidden",
    "[credentials] users: the value does not fit; allowed: NAME:PASSWORD pairs" },
  { TH_SETTING_CREDENTIALS_USERS, "hidden:",
    "[credentials] users: the value does not fit; allowed: NAME:PASSWORD pairs" },
  { TH_SETTING_ENDPOINT_TOKENS, "hidden",
    "[endpoint] tokens: the value does not fit; allowed: NAME:TOKEN pairs" },
  { TH_SETTING_ENDPOINT_LISTEN, "",
    "[endpoint] listen: 0 values do not fit; allowed: 1 to 1024 of them" },
  { TH_SETTING_ENDPOINT_CORS_ORIGINS, "https://a.example/",
    "[endpoint] cors-origins: \"https://a.example/\"" ORIGIN },
  { TH_SETTING_ENDPOINT_CORS_ORIGINS, "a.example",
    "[endpoint] cors-origins: \"a.example\"" ORIGIN },
  { TH_SETTING_ENDPOINT_CORS_ORIGINS, "https://", "[endpoint] cors-origins: \"https://\"" ORIGIN },
  { TH_SETTING_ENDPOINT_CORS_ORIGINS, "https://u@a.example",
    "[endpoint] cors-origins: \"https://u@a.example\"" ORIGIN },
  { TH_SETTING_ENDPOINT_FALLBACK_STUN, "turn:a.example",
    "[endpoint] fallback-stun: \"turn:a.example\"" STUN_URL },
  { TH_SETTING_ENDPOINT_FALLBACK_STUN, "stun:", "[endpoint] fallback-stun: \"stun:\"" STUN_URL },
  { TH_SETTING_ENDPOINT_FALLBACK_STUN, "stun:a.example:0",
    "[endpoint] fallback-stun: \"stun:a.example:0\"" STUN_URL },
  { TH_SETTING_ENDPOINT_FALLBACK_STUN, "stun:[::1",
    "[endpoint] fallback-stun: \"stun:[::1\"" STUN_URL },
  { TH_SETTING_TLS_ACME_DIRECTORY, "http://a.example/",
    "[tls] acme-directory: \"http://a.example/\"" HTTPS_URL },
  { TH_SETTING_TLS_ACME_DIRECTORY, "https://", "[tls] acme-directory: \"https://\"" HTTPS_URL },
  { TH_SETTING_TLS_ACME_DIRECTORY, "https://u:p@a.example/",
    "[tls] acme-directory: \"https://u:p@a.example/\"" HTTPS_URL },
  { TH_SETTING_TLS_ACME_DIRECTORY, "-f https://a.example/",
    "[tls] acme-directory: \"-f https://a.example/\"" HTTPS_URL },
  { TH_SETTING_TLS_ACME_DIRECTORY, "", "[tls] acme-directory: \"\"" HTTPS_URL },
  { TH_SETTING_ENDPOINT_HOST, "http://a.example",
    "[endpoint] host: \"http://a.example\" does not fit; allowed: a DNS name or a numeric "
    "address" },
};

static void
test_good_values (void)
{
  g_autoptr (ThSettings) settings = th_settings_new ();

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;

      th_settings_set_text (settings, good[i].setting, good[i].text, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (th_settings_get_string (settings, good[i].setting), ==, good[i].taken_as);
      g_assert_true (th_settings_is_set (settings, good[i].setting));
    }
}

static void
test_bad_values (void)
{
  g_autoptr (ThSettings) settings = th_settings_new ();

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (th_settings_set_text (settings, bad[i].setting, bad[i].text, &error));
      g_assert_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_VALUE);
      g_assert_cmpstr (error->message, ==, bad[i].message);
      g_assert_null (strstr (error->message, "hidden"));
      g_assert_false (th_settings_is_set (settings, bad[i].setting));
      g_assert_cmpstr (th_settings_get_string (settings, bad[i].setting), ==,
                       th_setting_get_row (bad[i].setting)->fallback);
    }
}

static void
test_lengths (void)
{
  g_autoptr (ThSettings) settings = th_settings_new ();
  g_autofree char *secret = g_strnfill (1024, 's');
  g_autofree char *long_secret = g_strnfill (1025, 's');
  g_autofree char *realm = g_strnfill (127, 'r');
  g_autofree char *long_realm = g_strnfill (128, 'r');
  g_autofree char *label = g_strnfill (64, 'l');
  g_autoptr (GError) error = NULL;

  g_assert_true (th_settings_set_text (settings, TH_SETTING_CREDENTIALS_SECRET, secret, NULL));
  g_assert_false (
      th_settings_set_text (settings, TH_SETTING_CREDENTIALS_SECRET, long_secret, NULL));
  g_assert_true (th_settings_set_text (settings, TH_SETTING_RELAY_REALM, realm, NULL));
  g_assert_false (th_settings_set_text (settings, TH_SETTING_RELAY_SERVER_NAME, label, NULL));
  g_assert_false (th_settings_set_text (settings, TH_SETTING_RELAY_REALM, long_realm, &error));
  /* and the message does not repeat all of it */
  g_assert_cmpuint (strlen (error->message), <, 200);
  g_assert_nonnull (strstr (error->message, "rrrr…\""));
}

static void
test_too_many_items (void)
{
  g_autoptr (ThSettings) settings = th_settings_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 1024; i++)
    g_string_append (text, "443,");
  g_assert_true (
      th_settings_set_text (settings, TH_SETTING_RELAY_EXTRA_UDP_PORTS, text->str, NULL));
  g_string_append (text, "443");
  g_assert_false (
      th_settings_set_text (settings, TH_SETTING_RELAY_EXTRA_UDP_PORTS, text->str, NULL));
}

static void
test_list_items (void)
{
  g_autoptr (ThSettings) settings = th_settings_new ();
  const char *const *items;

  th_settings_set_text (settings, TH_SETTING_CREDENTIALS_USERS, "anna: a\\,b\\s ;bo:c\\\\d", NULL);
  items = th_settings_get_list (settings, TH_SETTING_CREDENTIALS_USERS);
  g_assert_cmpstr (items[0], ==, "anna: a,b ");
  g_assert_cmpstr (items[1], ==, "bo:c\\d");
  g_assert_null (items[2]);
}

/* Characters that mean something somewhere, and some that do not. */
static char *
make_random_text (void)
{
  static const char *const characters[] = {
    "\\", ",", ";", " ", ":", "#", "=", "s", "é", "☎", "[",
  };
  GString *text = g_string_new (NULL);
  gint length = g_test_rand_int_range (1, 12);

  for (gint i = 0; i < length; i++)
    g_string_append (text, characters[g_test_rand_int_range (0, G_N_ELEMENTS (characters))]);
  return g_string_free (text, FALSE);
}

static void
test_escapes_undo_each_other (void)
{
  const ThSettingRow *scalar = th_setting_get_row (TH_SETTING_CREDENTIALS_SECRET);
  const ThSettingRow *list = th_setting_get_row (TH_SETTING_CREDENTIALS_PREVIOUS_SECRETS);

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *one = make_random_text (), *two = make_random_text ();
      const char *items[] = { one, two, NULL };
      g_autofree char *escaped = th_setting_escape_string (one);
      g_autofree char *escaped_items = th_setting_escape_items (items);
      ThSettingValue value;

      g_assert_true (th_setting_value_parse (&value, scalar, escaped, NULL));
      g_assert_cmpstr (value.string, ==, one);
      g_assert_cmpstr (value.text, ==, escaped);
      th_setting_value_clear (&value);

      g_assert_true (th_setting_value_parse (&value, list, escaped_items, NULL));
      g_assert_cmpstr (value.items[0], ==, one);
      g_assert_cmpstr (value.items[1], ==, two);
      g_assert_null (value.items[2]);
      g_assert_cmpstr (value.text, ==, escaped_items);
      th_setting_value_clear (&value);
    }
}

static void
on_settings_changed (ThSettings *settings, guint *count)
{
  (*count)++;
}

static void
test_changed_tells_of_changes_only (void)
{
  g_autoptr (ThSettings) settings = th_settings_new ();
  guint of_port = 0, of_all = 0;

  g_signal_connect (settings, "changed::relay-port", G_CALLBACK (on_settings_changed), &of_port);
  g_signal_connect (settings, "changed", G_CALLBACK (on_settings_changed), &of_all);

  th_settings_set_text (settings, TH_SETTING_RELAY_PORT, "3478", NULL); /* as it is */
  g_assert_cmpuint (of_port, ==, 0);
  g_assert_true (th_settings_is_set (settings, TH_SETTING_RELAY_PORT));
  th_settings_set_text (settings, TH_SETTING_RELAY_PORT, "3479", NULL);
  th_settings_set_text (settings, TH_SETTING_RELAY_PORT, "wrong", NULL);
  g_assert_cmpuint (of_port, ==, 1);
  th_settings_set_text (settings, TH_SETTING_ENDPOINT_PORT, "0", NULL);
  g_assert_cmpuint (of_port, ==, 1);
  g_assert_cmpuint (of_all, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/values/good", test_good_values);
  g_test_add_func ("/settings/values/bad", test_bad_values);
  g_test_add_func ("/settings/values/lengths", test_lengths);
  g_test_add_func ("/settings/values/too-many-items", test_too_many_items);
  g_test_add_func ("/settings/values/list-items", test_list_items);
  g_test_add_func ("/settings/values/escapes-undo-each-other", test_escapes_undo_each_other);
  g_test_add_func ("/settings/values/changed-tells-of-changes-only",
                   test_changed_tells_of_changes_only);
  return g_test_run ();
}
