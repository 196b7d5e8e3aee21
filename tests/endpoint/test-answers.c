/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the endpoint answers when it is asked well, and how it says no: routes, methods, shapes.
 */
#include <libsoup/soup.h>

#include "fixture.h"

#define add(path, test)                                                                            \
  g_test_add ("/endpoint/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static char *
joined_urls (JsonObject *server)
{
  JsonArray *urls = json_object_get_array_member (server, "urls");
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (urls); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            json_array_get_string_element (urls, i));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static JsonObject *
ice_server (const Reply *reply, guint index)
{
  JsonArray *servers = json_object_get_array_member (reply->json, "iceServers");

  return json_array_get_object_element (servers, index);
}

static guint
count_ice_servers (const Reply *reply)
{
  return json_array_get_length (json_object_get_array_member (reply->json, "iceServers"));
}

static void
test_fallback_stun_first_then_turn (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/ice-servers", "", NULL);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (count_ice_servers (reply), ==, 2);

  g_autofree char *stun = joined_urls (ice_server (reply, 0));
  g_autofree char *turn = joined_urls (ice_server (reply, 1));
  g_assert_cmpstr (stun, ==, "stun:stun.l.google.com:19302 stun:192.0.2.1:3478");
  g_assert_cmpstr (turn, ==,
                   "turn:192.0.2.1:3478?transport=udp turn:192.0.2.1:3478?transport=tcp");
  g_assert_false (json_object_has_member (ice_server (reply, 0), "username"));
  g_assert_cmpstr (json_object_get_string_member (ice_server (reply, 1), "username"), ==,
                   "1700000000:local");
  g_assert_cmpstr (json_object_get_string_member (ice_server (reply, 1), "credential"), ==,
                   "cGFzc3dvcmQ=");
}

static void
test_lifetime_and_headers (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/ice-servers?ttl=600", "", NULL);
  g_autofree char *type = reply_get_header (reply, "Content-Type");
  g_autofree char *cache = reply_get_header (reply, "Cache-Control");

  g_assert_cmpint (json_object_get_int_member (reply->json, "ttl"), ==, 600);
  g_assert_cmpstr (json_object_get_string_member (reply->json, "expiresAt"), ==,
                   "2023-11-14T22:13:20Z");
  g_assert_cmpstr (type, ==, "application/json");
  g_assert_cmpstr (cache, ==, "no-store");
}

static void
test_hybrid_off (Fixture *fixture, gconstpointer data)
{
  fixture->config->hybrid = FALSE;
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/ice-servers", "", NULL);
  g_autofree char *stun = joined_urls (ice_server (reply, 0));

  g_assert_cmpstr (stun, ==, "stun:192.0.2.1:3478");
}

static void
test_entries_without_urls (Fixture *fixture, gconstpointer data)
{
  fixture->has_turn = FALSE;
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/ice-servers", "", NULL);
  g_autofree char *stun = joined_urls (ice_server (reply, 0));

  g_assert_cmpuint (count_ice_servers (reply), ==, 1);
  g_assert_cmpstr (stun, ==, "stun:stun.l.google.com:19302");
}

static void
test_user_and_ttl_from_query (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) reply =
      fixture_request (fixture, "GET /api/ice-servers?userId=J%C3%BCrgen+K.&ttl=90", "", NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (fixture->user, ==, "J\303\274rgen K.");
  g_assert_cmpint (fixture->ttl, ==, 90);
}

static void
test_user_and_ttl_from_body (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "POST /api/ice-servers",
                                             "Content-Type: application/json; charset=utf-8\r\n",
                                             "{\"user\":\"anna\",\"ttl\":120,\"more\":[1]}");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (fixture->user, ==, "anna");
  g_assert_cmpint (fixture->ttl, ==, 120);
}

static void
test_post_without_body (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "POST /api/ice-servers", "", "");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpint (fixture->ttl, ==, 86400);
}

static void
test_form_body (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) reply =
      fixture_request (fixture, "POST /api/ice-servers",
                       "Content-Type: application/x-www-form-urlencoded\r\n", "user=anna");

  g_assert_cmpuint (reply->status, ==, 415);
  g_assert_cmpstr (reply_get_error (reply), !=, "");
}

static void
test_ttl_is_clamped (Fixture *fixture, gconstpointer data)
{
  fixture->config->default_ttl = 7200;
  fixture->config->max_ttl = 3600;
  fixture_start (fixture);
  g_autoptr (Reply) asked = fixture_request (
      fixture, "GET /api/ice-servers?ttl=99999999999999999999999999", "", NULL);
  g_assert_cmpuint (asked->status, ==, 200);
  g_assert_cmpint (fixture->ttl, ==, 3600);

  fixture->ttl = 0;
  g_autoptr (Reply) not_asked = fixture_request (fixture, "GET /api/ice-servers", "", NULL);
  g_assert_cmpuint (not_asked->status, ==, 200);
  g_assert_cmpint (fixture->ttl, ==, 3600);
}

static void
test_bad_parameter (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/ice-servers?ttl=0", "", NULL);

  g_assert_cmpuint (reply->status, ==, 400);
  g_assert_cmpstr (reply_get_error (reply), ==, "ttl must be a number of seconds, 1 or more");
  g_assert_null (fixture->user);
}

static void
test_mint_fails (Fixture *fixture, gconstpointer data)
{
  fixture->mint_fails = TRUE;
  fixture_start (fixture);
  g_test_expect_message ("turnhouse-endpoint", G_LOG_LEVEL_WARNING, "*disk on fire*");
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/ice-servers", "", NULL);

  g_test_assert_expected_messages ();
  g_assert_cmpuint (reply->status, ==, 500);
  g_assert_null (strstr (reply->body, "fire"));
}

static void
test_health (Fixture *fixture, gconstpointer data)
{
  fixture->config->trust_loopback = FALSE; /* it is open to anyone */
  fixture_start (fixture);
  g_autoptr (Reply) up = fixture_request (fixture, "GET /healthz", "", NULL);
  g_assert_cmpuint (up->status, ==, 200);
  g_assert_cmpstr (json_object_get_string_member (up->json, "status"), ==, "ok");

  fixture->draining = TRUE;
  g_autoptr (Reply) draining = fixture_request (fixture, "GET /healthz", "", NULL);
  g_assert_cmpuint (draining->status, ==, 503);
  g_assert_cmpstr (json_object_get_string_member (draining->json, "status"), ==, "draining");
  g_assert_cmpstr (reply_get_error (draining), !=, "");

  fixture->running = FALSE;
  g_autoptr (Reply) down = fixture_request (fixture, "GET /healthz", "", NULL);
  g_assert_cmpuint (down->status, ==, 503);
  g_assert_cmpstr (reply_get_error (down), !=, "");
}

static void
test_head (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) head = fixture_request (fixture, "HEAD /healthz", "", NULL);
  g_autoptr (Reply) get = fixture_request (fixture, "GET /healthz", "", NULL);
  g_autofree char *head_length = reply_get_header (head, "Content-Length");
  g_autofree char *get_length = reply_get_header (get, "Content-Length");

  g_assert_cmpuint (head->status, ==, 200);
  g_assert_cmpstr (head->body, ==, "");
  g_assert_cmpstr (head_length, ==, get_length);
}

static void
test_options (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "OPTIONS /api/ice-servers", "", NULL);
  g_autofree char *allow = reply_get_header (reply, "Allow");

  g_assert_cmpuint (reply->status, ==, 204);
  g_assert_cmpstr (allow, ==, "GET, HEAD, POST, OPTIONS");
}

static void
test_unknown_route (Fixture *fixture, gconstpointer data)
{
  const char *paths[] = {
    "/", "/api", "/api/ice-servers/", "/healthz2", "/HEALTHZ", "//healthz", "/healthz%00",
    "/api%2Fice-servers", "/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/api/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd", "/api/ice-servers%3Fuser=a",
  };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *line = g_strconcat ("GET ", paths[i], NULL);
      g_autoptr (Reply) reply = fixture_request (fixture, line, "", NULL);

      g_test_message ("%s", paths[i]);
      g_assert_cmpuint (reply->status, ==, 404);
      g_assert_cmpstr (reply_get_error (reply), ==, "No such page");
    }
}

static void
test_unknown_method (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *line;
    const char *allow;
  } rows[] = {
    { "POST /healthz", "GET, HEAD, OPTIONS" },
    { "DELETE /api/ice-servers", "GET, HEAD, POST, OPTIONS" },
    { "PROPFIND /api/ice-servers", "GET, HEAD, POST, OPTIONS" },
    { "get /api/ice-servers", "GET, HEAD, POST, OPTIONS" },
  };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, rows[i].line, "", NULL);
      g_autofree char *allow = reply_get_header (reply, "Allow");

      g_test_message ("%s", rows[i].line);
      g_assert_cmpuint (reply->status, ==, 405);
      g_assert_cmpstr (allow, ==, rows[i].allow);
      g_assert_cmpstr (reply_get_error (reply), !=, "");
    }
}

static void
on_session_answer (GObject *session, GAsyncResult *result, gpointer data)
{
  GBytes **body = data;

  *body = soup_session_send_and_read_finish (SOUP_SESSION (session), result, NULL);
  g_assert_nonnull (*body);
}

/* A client that everyone uses, and that would like to keep its connection. */
static void
test_usual_client (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *url = NULL;

  fixture_start (fixture);
  url = g_strdup_printf ("http://localhost:%u/api/ice-servers?user=bob", fixture->port);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
      g_autoptr (GBytes) body = NULL;

      soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL,
                                        on_session_answer, &body);
      while (body == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (soup_message_get_status (message), ==, 200);
      g_assert_cmpstr (fixture->user, ==, "bob");
    }
}

static void
test_challenge (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *line;
    guint status;
  } rows[] = {
    { "GET /.well-known/acme-challenge/token", 200 },
    { "GET /.well-known/acme-challenge/token?x=y", 200 },
    { "GET /.well-known/acme-challenge/toke", 404 },
    { "GET /.well-known/acme-challenge/token/", 404 },
    { "GET /.well-known/acme-challenge/../token", 404 },
    { "GET /.well-known/acme-challenge/", 404 },
    { "GET /.well-known/acme-challenge", 404 },
    { "POST /.well-known/acme-challenge/token", 405 },
  };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, rows[i].line, "Host: a.example\r\n", NULL);

      g_assert_cmpuint (reply->status, ==, rows[i].status);
      if (reply->status == 200)
        g_assert_cmpstr (reply->body, ==, "token.thumbprint");
    }
}

/* What is opened to the world for an authority has nothing else. */
static void
test_challenges_only (Fixture *fixture, gconstpointer data)
{
  const char *lines[] = { "GET /healthz", "GET /metrics", "GET /api/ice-servers", "GET /test",
                          "GET /client.mjs", "GET /" };

  fixture->config->challenges_only = TRUE;
  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, lines[i], "", NULL);

      g_assert_cmpuint (reply->status, ==, 404);
    }
  g_autoptr (Reply) reply =
      fixture_request (fixture, "GET /.well-known/acme-challenge/token", "", NULL);
  g_assert_cmpuint (reply->status, ==, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("ice-servers/fallback-stun-first-then-turn", test_fallback_stun_first_then_turn);
  add ("ice-servers/lifetime-and-headers", test_lifetime_and_headers);
  add ("ice-servers/hybrid-off", test_hybrid_off);
  add ("ice-servers/entries-without-urls-are-left-out", test_entries_without_urls);
  add ("ice-servers/user-and-ttl-from-query", test_user_and_ttl_from_query);
  add ("ice-servers/user-and-ttl-from-body", test_user_and_ttl_from_body);
  add ("ice-servers/post-without-body", test_post_without_body);
  add ("ice-servers/form-body-is-415", test_form_body);
  add ("ice-servers/ttl-is-clamped", test_ttl_is_clamped);
  add ("ice-servers/bad-parameter-is-400", test_bad_parameter);
  add ("ice-servers/mint-failure-is-500-without-details", test_mint_fails);
  add ("health/up-and-down", test_health);
  add ("methods/head-has-no-body", test_head);
  add ("methods/options-names-the-methods", test_options);
  add ("methods/unknown-is-405-with-allow", test_unknown_method);
  add ("routes/unknown-is-404", test_unknown_route);
  add ("challenges/answered-by-token", test_challenge);
  add ("challenges/alone-where-they-are-to-be", test_challenges_only);
  add ("connection/usual-client-asks-again-and-again", test_usual_client);
  return g_test_run ();
}
