/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Key files as they come: right ones, wrong ones with the line that is wrong, and garbage.
 */
#include <string.h>

#include "settings/key-file.h"
#include "settings/settings.h"

static ThSettings *
load (const char *text, GError **error)
{
  return th_settings_new_from_data ("t.conf", text, strlen (text), error);
}

static const struct
{
  const char *text, *message;
  int code;
} wrong[] = {
  { "[relay]\nport=x\n",
    "t.conf:2: [relay] port: \"x\" does not fit; allowed: a port from 1 to 65535, or 0 (off)",
    TH_SETTINGS_ERROR_VALUE },
  /* Where is line 6? CRLF, a byte order mark, comments and empty lines all count as lines. */
  { "\xef\xbb\xbf# one\r\n\r\n[relay]\r\n  # four\r\nrealm = r\r\n\tport = y \r\n",
    "t.conf:6: [relay] port: \"y\" does not fit; allowed: a port from 1 to 65535, or 0 (off)",
    TH_SETTINGS_ERROR_VALUE },
  { "\n\n\n[relay]\nport=1\nworkers=many",
    "t.conf:6: [relay] workers: \"many\" does not fit; allowed: auto, or a whole number from 0 to "
    "256",
    TH_SETTINGS_ERROR_VALUE },
  /* There are no continued lines. */
  { "[relay]\nlisten=::1,\\\n",
    "t.conf:2: [relay] listen: a backslash that escapes nothing; a backslash itself is written "
    "\\\\",
    TH_SETTINGS_ERROR_VALUE },
  { "[relay]\nport\n",
    "t.conf:2: not understood; a line is a [group], key=value, or a comment that starts with #",
    TH_SETTINGS_ERROR_SYNTAX },
  { "[relay]\n=3478\n",
    "t.conf:2: not understood; a line is a [group], key=value, or a comment that starts with #",
    TH_SETTINGS_ERROR_SYNTAX },
  { "; old\n",
    "t.conf:1: not understood; a line is a [group], key=value, or a comment that starts with #",
    TH_SETTINGS_ERROR_SYNTAX },
  { "port=3478\n", "t.conf:1: a key before any [group]", TH_SETTINGS_ERROR_SYNTAX },
  { "[relay\nport=1\n", "t.conf:1: a group is written [group], alone on its line",
    TH_SETTINGS_ERROR_SYNTAX },
  { "[relay] # here\nport=1\n", "t.conf:1: a group is written [group], alone on its line",
    TH_SETTINGS_ERROR_SYNTAX },
  { "[]\n", "t.conf:1: a group is written [group], alone on its line", TH_SETTINGS_ERROR_SYNTAX },
  { "[relay]\nport=1\n\nport=2\n",
    "t.conf:4: [relay] port is given already on line 2; once is allowed",
    TH_SETTINGS_ERROR_SYNTAX },
  { "[credentials]\nsecret=a\n# b\nsecret-file=b\n",
    "t.conf:4: [credentials] secret and secret-file are both given; only one of them is allowed",
    TH_SETTINGS_ERROR_VALUE },
  { "[tls]\ncertificate=a.pem\n",
    "t.conf:2: [tls] certificate is given without private-key; both are needed, or neither",
    TH_SETTINGS_ERROR_VALUE },
  { "[tls]\ncertificate=\nmin-version=1.3\nprivate-key=a.pem\n",
    "t.conf:4: [tls] private-key is given without certificate; both are needed, or neither",
    TH_SETTINGS_ERROR_VALUE },
  { "[credentials]\nusers-file=b\nusers=a:b\n",
    "t.conf:3: [credentials] users and users-file are both given; only one of them is allowed",
    TH_SETTINGS_ERROR_VALUE },
  { "[endpoint]\ntokens-file=b\ntokens=a:b\n",
    "t.conf:3: [endpoint] tokens and tokens-file are both given; only one of them is allowed",
    TH_SETTINGS_ERROR_VALUE },
  { "[credentials]\nsecret=\n",
    "t.conf:2: [credentials] secret: the value does not fit; allowed: 1 to 1024 bytes without "
    "control characters",
    TH_SETTINGS_ERROR_VALUE },

  /* Names that do not exist, with the one that was meant. */
  { "[relays]\n", "t.conf:1: there is no group \"relays\"; did you mean relay?",
    TH_SETTINGS_ERROR_UNKNOWN },
  { "[Relay]\n", "t.conf:1: there is no group \"Relay\"; did you mean relay?",
    TH_SETTINGS_ERROR_UNKNOWN },
  { "[fleet]\n",
    "t.conf:1: there is no group \"fleet\"; there are relay, limits, tls, credentials, endpoint, "
    "traffic, ice-test",
    TH_SETTINGS_ERROR_UNKNOWN },
  { "[relay]\nprot=1\n", "t.conf:2: there is no key \"prot\" in [relay]; did you mean port?",
    TH_SETTINGS_ERROR_UNKNOWN },
  { "[relay]\nrelay_ports=1-2\n",
    "t.conf:2: there is no key \"relay_ports\" in [relay]; did you mean relay-ports?",
    TH_SETTINGS_ERROR_UNKNOWN },
  { "[relay]\nuser-quota=1\n",
    "t.conf:2: there is no key \"user-quota\" in [relay]; it belongs in [limits]",
    TH_SETTINGS_ERROR_UNKNOWN },
  { "[limits]\nxyzzy=1\n",
    "t.conf:2: there is no key \"xyzzy\" in [limits]; there are allocations, user-quota, "
    "total-quota, unauthorized-per-second, connections, permissions",
    TH_SETTINGS_ERROR_UNKNOWN },
  { "[relay]\nport[de]=1\n",
    "t.conf:2: there is no key \"port[de]\" in [relay]; there are listen, port, tls-port, "
    "extra-udp-ports, extra-tls-ports, relay-ports, external-address, realm, server-name, workers, "
    "allow-peers, deny-peers, allow-lan-peers, strict-expiry",
    TH_SETTINGS_ERROR_UNKNOWN },
  { "[x\ry]\n",
    "t.conf:1: there is no group \"x?y\"; there are relay, limits, tls, credentials, endpoint, "
    "traffic, ice-test",
    TH_SETTINGS_ERROR_UNKNOWN },

  /* Garbage. */
  { "\x7f\x45LF\x02\x01",
    "t.conf:1: not understood; a line is a [group], key=value, or a comment that starts with #",
    TH_SETTINGS_ERROR_SYNTAX },
  { "[relay]\nrealm=\xff\xfe\n", "t.conf:2: not UTF-8; a configuration is text in UTF-8",
    TH_SETTINGS_ERROR_SYNTAX },
};

static void
test_wrong_files (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (load (wrong[i].text, &error));
      g_assert_cmpstr (error->message, ==, wrong[i].message);
      g_assert_error (error, TH_SETTINGS_ERROR, wrong[i].code);
      g_assert_null (strpbrk (error->message, "\r\n"));
    }
}

static void
test_right_file (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThSettings) settings = load ("\xef\xbb\xbf# A comment\r\n"
                                          " [relay] \r\n"
                                          "port = 443\r\n"
                                          "realm=a = b # c\r\n"
                                          "\t\r\n"
                                          "[ endpoint ]\n"
                                          "listen = 0.0.0.0 ; ::\n"
                                          "[limits]\n"
                                          "[credentials]\n"
                                          "secret=x=y",
                                          &error);

  g_assert_no_error (error);
  g_assert_cmpint (th_settings_get_integer (settings, TH_SETTING_RELAY_PORT), ==, 443);
  g_assert_cmpstr (th_settings_get_string (settings, TH_SETTING_RELAY_REALM), ==, "a = b # c");
  g_assert_cmpstr (th_settings_get_list (settings, TH_SETTING_ENDPOINT_LISTEN)[1], ==, "::");
  g_assert_cmpstr (th_settings_get_string (settings, TH_SETTING_CREDENTIALS_SECRET), ==, "x=y");
  g_assert_true (th_settings_is_set (settings, TH_SETTING_RELAY_PORT));
  g_assert_false (th_settings_is_set (settings, TH_SETTING_ENDPOINT_PORT));
}

static void
test_group_in_two_places (void)
{
  g_autoptr (ThSettings) settings = NULL;

  g_test_expect_message ("turnhouse-settings", G_LOG_LEVEL_WARNING,
                         "t.conf:5: the group [relay] is there since line 1*");
  settings = load ("[relay]\nport=1\n[limits]\nuser-quota=2\n[relay]\nrealm=r\n", NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpint (th_settings_get_integer (settings, TH_SETTING_RELAY_PORT), ==, 1);
  g_assert_cmpstr (th_settings_get_string (settings, TH_SETTING_RELAY_REALM), ==, "r");
}

static void
test_empty (void)
{
  g_autoptr (ThSettings) none = load ("", NULL);
  g_autoptr (ThSettings) mark = load ("\xef\xbb\xbf", NULL);
  g_autoptr (ThSettings) null = th_settings_new_from_data ("t.conf", NULL, 0, NULL);

  g_assert_nonnull (none);
  g_assert_nonnull (mark);
  g_assert_nonnull (null);
}

static void
test_nul_byte (void)
{
  static const char bytes[] = "[relay]\nrealm=a\0b\n";
  g_autoptr (GError) error = NULL;

  g_assert_null (th_settings_new_from_data ("t.conf", bytes, sizeof bytes - 1, &error));
  g_assert_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_SYNTAX);
  g_assert_cmpstr (error->message, ==, "t.conf:2: a NUL byte; a configuration is text");
}

static void
test_endless_line (void)
{
  gsize head = strlen ("[relay]\nrealm=");
  g_autofree char *text = g_strnfill (TH_KEY_FILE_SIZE_MAX + 1, 'r');
  g_autoptr (GError) error = NULL, error_of_longer = NULL;

  memcpy (text, "[relay]\nrealm=", head);
  g_assert_null (th_settings_new_from_data ("t.conf", text, TH_KEY_FILE_SIZE_MAX, &error));
  g_assert_true (g_str_has_prefix (error->message, "t.conf:2: [relay] realm: \"rrrr"));
  g_assert_cmpuint (strlen (error->message), <, 300);

  g_assert_null (
      th_settings_new_from_data ("t.conf", text, TH_KEY_FILE_SIZE_MAX + 1, &error_of_longer));
  g_assert_cmpstr (error_of_longer->message, ==,
                   "t.conf:1: too long; a configuration has at most 1 MiB");
}

/* Right files with some bytes exchanged: settings, or one line that begins with a place. */
static void
test_random_damage (void)
{
  static const char right[] = "# c\n[relay]\nport=3478\nlisten=::1, 127.0.0.1\nworkers=auto\n"
                              "[credentials]\nusers=a:b;c:d\n";

  for (guint i = 0; i < 3000; i++)
    {
      char bytes[sizeof right];
      g_autoptr (GError) error = NULL;
      g_autoptr (ThSettings) settings = NULL;

      memcpy (bytes, right, sizeof right);
      for (gint changes = g_test_rand_int_range (1, 4); changes > 0; changes--)
        bytes[g_test_rand_int_range (0, sizeof right - 1)] = (char) g_test_rand_int_range (0, 256);
      settings = th_settings_new_from_data ("t.conf", bytes, sizeof right - 1, &error);
      g_assert_true ((settings == NULL) == (error != NULL));
      if (error != NULL)
        {
          g_assert_true (g_str_has_prefix (error->message, "t.conf:"));
          g_assert_true (g_ascii_isdigit (error->message[strlen ("t.conf:")]));
          g_assert_null (strpbrk (error->message, "\r\n"));
          g_assert_true (g_utf8_validate (error->message, -1, NULL));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/key-file/right", test_right_file);
  g_test_add_func ("/settings/key-file/wrong", test_wrong_files);
  g_test_add_func ("/settings/key-file/group-in-two-places", test_group_in_two_places);
  g_test_add_func ("/settings/key-file/empty", test_empty);
  g_test_add_func ("/settings/key-file/nul-byte", test_nul_byte);
  g_test_add_func ("/settings/key-file/endless-line", test_endless_line);
  g_test_add_func ("/settings/key-file/random-damage", test_random_damage);
  return g_test_run ();
}
