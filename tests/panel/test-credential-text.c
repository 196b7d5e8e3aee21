/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of the forms in which a credential is copied.
 */
#include "panel/credential-text.h"

#include <json-glib/json-glib.h>

#include "app/connect-url.h"

typedef struct {
  GListStore *urls;
  ThCredential credential;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->urls = g_list_store_new (TH_TYPE_CONNECT_URL);
  fixture->credential = (ThCredential){
    .username = (char *) "1700000000:an na",
    .password = (char *) "ab+/c=\"",
    .ttl = 3600,
    .expires_at = 1700000000,
  };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->urls);
}

static void
add_url (Fixture *fixture, const char *url)
{
  g_autoptr (ThConnectUrl) item = th_connect_url_new ("kind", url);
  g_list_store_append (fixture->urls, item);
}

static void
add_urls (Fixture *fixture)
{
  add_url (fixture, "stun:192.0.2.1:3478");
  add_url (fixture, "turn:192.0.2.1:3478?transport=udp");
  add_url (fixture, "turns:turn.example.org:5349?transport=tcp");
  add_url (fixture, "http://192.0.2.1:8489/api/ice-servers");
}

static void
assert_configuration (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = json_from_string (text, &error);
  g_assert_no_error (error);
  JsonArray *servers = json_object_get_array_member (json_node_get_object (root), "iceServers");
  g_assert_cmpuint (json_array_get_length (servers), ==, 2);
  JsonObject *stun = json_array_get_object_element (servers, 0);
  JsonObject *turn = json_array_get_object_element (servers, 1);
  JsonArray *turn_urls = json_object_get_array_member (turn, "urls");

  g_assert_cmpstr (json_array_get_string_element (json_object_get_array_member (stun, "urls"), 0),
                   ==, "stun:192.0.2.1:3478");
  g_assert_false (json_object_has_member (stun, "credential"));
  g_assert_cmpuint (json_array_get_length (turn_urls), ==, 2);
  g_assert_cmpstr (json_array_get_string_element (turn_urls, 1), ==,
                   "turns:turn.example.org:5349?transport=tcp");
  g_assert_cmpstr (json_object_get_string_member (turn, "username"), ==, "1700000000:an na");
  g_assert_cmpstr (json_object_get_string_member (turn, "credential"), ==, "ab+/c=\"");
}

static void
test_json (Fixture *fixture, gconstpointer data)
{
  add_urls (fixture);
  g_autofree char *text =
      th_credential_text_json (G_LIST_MODEL (fixture->urls), &fixture->credential, FALSE);
  g_autofree char *line =
      th_credential_text_json (G_LIST_MODEL (fixture->urls), &fixture->credential, TRUE);
  assert_configuration (text);
  assert_configuration (line);
  g_assert_nonnull (strchr (text, '\n'));
  g_assert_null (strchr (line, '\n'));
  g_assert_nonnull (strstr (line, "\"ttl\":3600,\"expiresAt\":\"2023-11-14T22:13:20Z\""));
}

static void
test_web (Fixture *fixture, gconstpointer data)
{
  add_urls (fixture);
  g_autofree char *text =
      th_credential_text_web (G_LIST_MODEL (fixture->urls), &fixture->credential);
  g_assert_true (g_str_has_prefix (text, "new RTCPeerConnection("));
  g_assert_true (g_str_has_suffix (text, ")"));
  text[strlen (text) - 1] = '\0';
  assert_configuration (strchr (text, '(') + 1);
}

static void
test_url (Fixture *fixture, gconstpointer data)
{
  add_urls (fixture);
  g_autofree char *text =
      th_credential_text_url (G_LIST_MODEL (fixture->urls), &fixture->credential);
  g_assert_cmpstr (text, ==,
                   "turn://1700000000%3Aan%20na:ab%2B%2Fc%3D%22@192.0.2.1:3478?transport=udp");
}

static void
test_url_of_tls_and_ipv6 (Fixture *fixture, gconstpointer data)
{
  add_url (fixture, "turns:[2001:db8::1]:5349?transport=tcp");
  g_autofree char *text =
      th_credential_text_url (G_LIST_MODEL (fixture->urls), &fixture->credential);
  g_assert_true (g_str_has_prefix (text, "turns://"));
  g_assert_true (g_str_has_suffix (text, "@[2001:db8::1]:5349?transport=tcp"));
}

static void
test_without_relay (Fixture *fixture, gconstpointer data)
{
  GListModel *urls = G_LIST_MODEL (fixture->urls);
  add_url (fixture, "stun:192.0.2.1:3478");
  g_assert_null (th_credential_text_json (urls, &fixture->credential, FALSE));
  g_assert_null (th_credential_text_web (urls, &fixture->credential));
  g_assert_null (th_credential_text_url (urls, &fixture->credential));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/panel/credential-text/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("json", test_json);
  ADD ("web", test_web);
  ADD ("url", test_url);
  ADD ("url-of-tls-and-ipv6", test_url_of_tls_and_ipv6);
  ADD ("without-relay", test_without_relay);
  return g_test_run ();
}
