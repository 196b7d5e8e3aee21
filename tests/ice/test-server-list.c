/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of servers in every form that people paste and programs answer, and what is not one.
 */
#include <string.h>

#include "credentials/rest.h"
#include "credentials/secret.h"
#include "ice/ice-server-list.h"

#define NOW 1700000000

/* What a list comes to, in one line: "url user password" for each row, or "!" for an error. */
static char *
read_list (const char *text, const ThIceLogin *login)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = th_ice_servers_parse (text, strlen (text), login, NOW, &error);
  GString *line = g_string_new (NULL);

  if (rows == NULL)
    {
      g_assert_cmpstr (error->message, !=, "");
      return g_string_free (line, FALSE);
    }
  for (guint i = 0; i < rows->len; i++)
    {
      const ThIceServerRow *row = g_ptr_array_index (rows, i);
      const ThIceServer *server = row->server;

      g_assert_true ((server != NULL) + (row->endpoint != NULL) + (row->error != NULL) == 1);
      if (i > 0)
        g_string_append (line, ", ");
      if (server == NULL)
        g_string_append (line, row->endpoint != NULL ? row->endpoint : "!");
      else if (server->username == NULL)
        g_string_append (line, server->url);
      else
        g_string_append_printf (line, "%s %s %s", server->url, server->username, server->password);
    }
  return g_string_free (line, FALSE);
}

static void
check_list (const char *text, const char *expected)
{
  g_autofree char *line = read_list (text, NULL);

  g_test_message ("%s", text);
  g_assert_cmpstr (line, ==, expected);
}

#define A "stun:a:3478"
#define B "turn:b:3478?transport=udp"
#define C "turn:c:3478?transport=udp"

static void
test_json (void)
{
  check_list ("[{\"urls\":\"stun:a\"},{\"urls\":[\"turn:b\",\"turn:c\"],\"username\":\"u\","
              "\"credential\":\"p\"}]",
              A ", " B " u p, " C " u p");
  check_list ("{\"iceServers\":[{\"urls\":[\"stun:a\"]}],\"ttl\":60}", A);
  check_list (" {\"url\":\"turn:b\",\"username\":\"u\",\"credential\":\"p\"} ", B " u p");
  check_list ("{\"username\":\"u\",\"password\":\"p\",\"ttl\":9,\"uris\":[\"turn:b\",\"turn:c\"]}",
              B " u p, " C " u p");
  check_list ("[\"stun:a\", \"turn:b\"]", A ", " B);
}

static void
test_text (void)
{
  check_list ("stun:a", A);
  check_list ("  stun:a\r\n\tturn:b,turn:c;  ", A ", " B ", " C);
  check_list ("'stun:a', 'turn:b',", A ", " B);
  check_list ("stun:a https://example.org/api/ice-servers",
              A ", https://example.org/api/ice-servers");
}

static void
test_rows_with_errors (void)
{
  check_list ("stun:a turn:// nonsense turn:b", A ", !, !, " B);
  check_list ("[{\"urls\":[\"stun:a\",7,null,{}]},{},5,[],{\"urls\":{}},null]",
              A ", !, !, !, !, !, !, !");
  check_list ("{\"iceServers\":[]}", "");
  check_list ("{\"iceServers\":null}", "");
  check_list ("{\"iceServers\":{\"iceServers\":[]}}", "!");
}

static void
test_of_no_use (void)
{
  static const char *const texts[] = {
    "", "   ", ",;", "[", "{", "[}", "[1,]", "{\"urls\":\"stun:a\"", "[\"stun:a\"],\"b\":[]",
    "{\"urls\":\"stun:a\"} x", "[\"stun:a\"]]", "{'urls':'stun:a'}", "[\"\\ud800\"]",
    "{\"urls\":\"stun:a\",\"urls\":\"stun:b\"}", "[nan]", "[\"\\u0000\"]",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    check_list (texts[i], "");
}

static void
test_deep (void)
{
  g_autofree char *open = g_strnfill (30000, '[');
  g_autofree char *close = g_strnfill (30000, ']');
  g_autofree char *text = g_strconcat (open, close, NULL);

  check_list (text, "");
}

static void
test_bytes (void)
{
  g_assert_null (th_ice_servers_parse ("stun:a\0turn:b", 13, NULL, NOW, NULL));
  g_assert_null (th_ice_servers_parse ("stun:\xff", 6, NULL, NOW, NULL));
}

static void
test_each_once (void)
{
  check_list ("stun:a stun:a:3478 STUN:a", A);
  check_list ("[{\"urls\":\"turn:b\",\"username\":\"u\",\"credential\":\"p\"},"
              "{\"urls\":\"turn:b\",\"username\":\"v\",\"credential\":\"p\"}]",
              B " u p, " B " v p");
}

static void
test_a_thousand (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) rows = NULL;
  const ThIceServerRow *last;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, "turn:host-%u ", i);
  rows = th_ice_servers_parse (text->str, text->len, NULL, NOW, NULL);
  g_assert_cmpuint (rows->len, ==, TH_ICE_SERVERS_MAX + 1);
  last = g_ptr_array_index (rows, TH_ICE_SERVERS_MAX);
  g_assert_cmpstr (last->label, ==, "936 more");
  g_assert_error (last->error, TH_ICE_ERROR, TH_ICE_ERROR_TOO_MUCH);
}

static void
test_too_long (void)
{
  g_autofree char *text = g_strnfill (TH_ICE_TEXT_SIZE_MAX + 1, 'a');
  g_autoptr (GError) error = NULL;

  g_assert_null (th_ice_servers_parse (text, strlen (text), NULL, NOW, &error));
  g_assert_error (error, TH_ICE_ERROR, TH_ICE_ERROR_TOO_MUCH);
}

static void
test_login (void)
{
  ThIceLogin login = { .username = "u", .password = "p" };
  g_autofree char *line = read_list ("stun:a turn:b", &login);
  g_autofree char *own = read_list (
      "[{\"urls\":\"turn:b\",\"username\":\"x\",\"credential\":\"y\"},\"turn:c\"]", &login);

  g_assert_cmpstr (line, ==, A ", " B " u p");
  g_assert_cmpstr (own, ==, B " x y, " C " u p");
}

static void
test_secret (void)
{
  ThIceLogin login = { .secret = "hunter2" };
  g_autoptr (GPtrArray) rows = th_ice_servers_parse ("turn:b", 6, &login, NOW, NULL);
  const ThIceServer *server = ((ThIceServerRow *) g_ptr_array_index (rows, 0))->server;
  char expected[TH_REST_PASSWORD_SIZE];

  g_assert_cmpstr (server->username, ==, "1700000600:ice-test");
  th_rest_make_password ("hunter2", 7, server->username, strlen (server->username), expected);
  g_assert_cmpstr (server->password, ==, expected);
}

static void
test_labels (void)
{
  const char *text = "turn:user:hunter2@example.org %s%n";
  g_autoptr (GPtrArray) rows = th_ice_servers_parse (text, strlen (text), NULL, NOW, NULL);
  const ThIceServerRow *row = g_ptr_array_index (rows, 0);

  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (row->label, ==, "…@example.org");
  g_assert_null (strstr (row->error->message, "hunter2"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ice/server-list/json-in-all-its-forms", test_json);
  g_test_add_func ("/ice/server-list/plain-text", test_text);
  g_test_add_func ("/ice/server-list/what-is-no-server-is-a-row-with-an-error",
                   test_rows_with_errors);
  g_test_add_func ("/ice/server-list/what-is-no-list-is-refused", test_of_no_use);
  g_test_add_func ("/ice/server-list/deep-nesting-is-refused", test_deep);
  g_test_add_func ("/ice/server-list/what-is-no-text-is-refused", test_bytes);
  g_test_add_func ("/ice/server-list/each-server-comes-once", test_each_once);
  g_test_add_func ("/ice/server-list/of-a-thousand-the-first-count", test_a_thousand);
  g_test_add_func ("/ice/server-list/too-long-is-refused", test_too_long);
  g_test_add_func ("/ice/server-list/a-login-stands-in", test_login);
  g_test_add_func ("/ice/server-list/a-secret-makes-credentials", test_secret);
  g_test_add_func ("/ice/server-list/labels-keep-passwords-to-themselves", test_labels);
  return g_test_run ();
}
