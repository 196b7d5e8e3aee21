/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who may ask: tokens, loopback and its traps (DNS rebinding, other people's pages), and which
 * pages may read the answer (CORS).
 */
#include "fixture.h"

#define add(path, test)                                                                            \
  g_test_add ("/endpoint/callers/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static void
set_list (char ***list, const char *item)
{
  g_strfreev (*list);
  *list = g_strsplit (item, ",", -1);
}

static guint
ask (Fixture *fixture, const char *headers)
{
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/ice-servers", headers, NULL);

  return reply->status;
}

static void
test_token (Fixture *fixture, gconstpointer data)
{
  fixture->config->trust_loopback = FALSE;
  fixture_set_token (fixture, "chat:open sesame:again");
  fixture_start (fixture);

  g_assert_cmpuint (ask (fixture, "Authorization: Bearer open sesame:again\r\n"), ==, 200);
  g_assert_cmpstr (fixture->user, ==, "chat");
  g_assert_cmpuint (ask (fixture, "Authorization: bearer   open sesame:again\r\n"), ==, 200);
}

static void
test_wrong_tokens (Fixture *fixture, gconstpointer data)
{
  const char *headers[] = {
    "Authorization: Bearer \r\n",
    "Authorization: Bearer\r\n",
    "Authorization: Bearer open-sesam\r\n",
    "Authorization: Bearer open-sesame1\r\n",
    "Authorization: Bearer OPEN-SESAME\r\n",
    "Authorization: Bearer chat:open-sesame\r\n",
    "Authorization: Bearer \xff\xfe\r\n",
  };

  fixture->config->trust_loopback = FALSE;
  fixture_set_token (fixture, "chat:open-sesame");
  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/ice-servers", headers[i], NULL);
      g_autofree char *challenge = reply_get_header (reply, "WWW-Authenticate");

      g_test_message ("row %u", i);
      g_assert_cmpuint (reply->status, ==, 401);
      g_assert_cmpstr (challenge, ==, "Bearer realm=\"turnhouse\", error=\"invalid_token\"");
      g_assert_cmpstr (reply_get_error (reply), ==, "Not authenticated");
      g_assert_null (strstr (reply->body, "credential\":"));
    }
}

static void
test_no_token (Fixture *fixture, gconstpointer data)
{
  const char *headers[] = { "", "Authorization: open-sesame\r\n",
                            "Authorization: Basic open-sesame\r\n",
                            "Authorization: Bearerer open-sesame\r\n" };

  fixture->config->trust_loopback = FALSE;
  fixture_set_token (fixture, "chat:open-sesame");
  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/ice-servers", headers[i], NULL);
      g_autofree char *challenge = reply_get_header (reply, "WWW-Authenticate");

      g_assert_cmpuint (reply->status, ==, 401);
      g_assert_cmpstr (challenge, ==, "Bearer realm=\"turnhouse\"");
      g_assert_cmpstr (reply_get_error (reply), ==, "Not authenticated");
    }
}

/* Somebody on this machine who shows a token wants to be known by it. */
static void
test_wrong_token_on_loopback (Fixture *fixture, gconstpointer data)
{
  fixture_set_token (fixture, "chat:open-sesame");
  fixture_start (fixture);
  g_assert_cmpuint (ask (fixture, ""), ==, 200);
  g_assert_cmpuint (ask (fixture, "Authorization: Bearer open-sesam\r\n"), ==, 401);
  g_assert_cmpuint (ask (fixture, "Authorization: Bearer\r\n"), ==, 401);
  g_assert_cmpuint (ask (fixture, "Authorization: Bearer a.b.c\r\n"), ==, 401);
  g_assert_cmpuint (ask (fixture, "Authorization: Basic YTpi\r\n"), ==, 200);
}

/* When an app was seen, and what its last credential was made from, is noted; of nobody else. */
static void
test_apps_are_noted (Fixture *fixture, gconstpointer data)
{
  const char *token = "Authorization: Bearer open-sesame\r\n";
  g_autofree char *anna = fixture_bearer_of ("anna");

  fixture_set_token (fixture, "chat:open-sesame");
  fixture_start (fixture);
  ask (fixture, "");
  ask (fixture, anna);
  ask (fixture, "Authorization: Bearer guess\r\n");
  g_assert_cmpstr (fixture->noted->str, ==, "");
  reply_free (fixture_request (fixture, "GET /api/status", token, NULL));
  g_assert_cmpstr (fixture->noted->str, ==, "chat:2 "); /* seen */
  ask (fixture, token);
  g_assert_cmpstr (fixture->noted->str, ==, "chat:2 chat:2 chat:0 ");
  reply_free (fixture_request (fixture, "GET /api/livekit/ice-config", token, NULL));
  g_assert_cmpstr (fixture->noted->str, ==, "chat:2 chat:2 chat:0 chat:2 chat:1 ");
  reply_free (fixture_request (fixture, "GET /turn?ttl=0", token, NULL));
  g_assert_true (g_str_has_suffix (fixture->noted->str, "chat:1 chat:2 "));
}

/* An empty token in the settings must not make an empty Authorization a key. */
static void
test_empty_token (Fixture *fixture, gconstpointer data)
{
  fixture->config->trust_loopback = FALSE;
  fixture_set_token (fixture, "chat:");
  fixture_start (fixture);
  g_assert_cmpuint (ask (fixture, "Authorization: Bearer \r\n"), ==, 401);
}

static void
test_loopback (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *headers;
    guint status;
  } rows[] = {
    { "Host: 127.0.0.1\r\n", 200 },
    { "Host: 127.8.9.10:8489\r\n", 200 },
    { "Host: localhost:8489\r\n", 200 },
    { "Host: LocalHost\r\n", 200 },
    { "Host: panel.localhost\r\n", 200 },
    { "Host: [::1]:8489\r\n", 200 },
    { "Host: localhost\r\nOrigin: http://localhost:3000\r\n", 200 },
    { "Host: localhost\r\nOrigin: https://127.0.0.1\r\n", 200 },
    { "Host: localhost\r\nOrigin: https://app.example.org\r\n", 200 },
    /* DNS rebinding: somebody's name that resolves to 127.0.0.1 */
    { "Host: rebind.example.net\r\n", 401 },
    { "Host: rebind.example.net:8489\r\nOrigin: http://rebind.example.net:8489\r\n", 401 },
    { "Host: localhost.example.net\r\n", 401 },
    { "Host: notlocalhost\r\n", 401 },
    { "Host: 127.0.0.1.example.net\r\n", 401 },
    { "Host: 192.168.0.1\r\n", 401 },
    { "Host: localhost@example.net\r\n", 401 },
    /* a foreign page that sends a request to this machine */
    { "Host: localhost\r\nOrigin: https://evil.example.net\r\n", 401 },
    { "Host: localhost\r\nOrigin: http://app.example.org\r\n", 401 },
    { "Host: localhost\r\nOrigin: https://app.example.org.example.net\r\n", 401 },
    { "Host: localhost\r\nOrigin: null\r\n", 401 },
    { "Host: localhost\r\nOrigin: http://localhost.example.net\r\n", 401 },
    { "Host: localhost\r\nOrigin: file://localhost\r\n", 401 },
    { "Host: localhost\r\nOrigin: \r\n", 401 },
  };

  set_list (&fixture->config->cors_origins, "https://app.example.org");
  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].headers);
      g_assert_cmpuint (ask (fixture, rows[i].headers), ==, rows[i].status);
    }
}

/* The name in the request line goes to the same place as the one in Host. */
static void
test_absolute_request_line (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) line = fixture_request (fixture, "GET http://evil.example.net/api/ice-servers",
                                            "Host: localhost\r\n", NULL);
  g_autoptr (Reply) host = fixture_request (fixture, "GET http://localhost/api/ice-servers",
                                            "Host: evil.example.net\r\n", NULL);

  g_assert_cmpuint (line->status, ==, 401);
  g_assert_cmpuint (host->status, ==, 401);
}

static void
test_star_is_no_key (Fixture *fixture, gconstpointer data)
{
  set_list (&fixture->config->cors_origins, "*");
  fixture_start (fixture);
  g_assert_cmpuint (ask (fixture, "Host: localhost\r\nOrigin: https://evil.example.net\r\n"), ==,
                    401);
  g_assert_cmpuint (ask (fixture, "Host: localhost\r\nOrigin: *\r\n"), ==, 401);
}

static void
test_trust_off (Fixture *fixture, gconstpointer data)
{
  fixture->config->trust_loopback = FALSE;
  fixture_start (fixture);
  g_assert_cmpuint (ask (fixture, "Host: localhost\r\n"), ==, 401);
}

static void
test_browser_here (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *headers;
    gboolean browser;
  } rows[] = {
    { "", FALSE },
    { "User-Agent: curl/8\r\n", FALSE },
    { "Origin: http://localhost:3000\r\n", TRUE },
    { "Sec-Fetch-Site: same-origin\r\n", TRUE },
  };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_assert_cmpuint (ask (fixture, rows[i].headers), ==, 200);
      g_assert_cmpint (fixture->for_browser_here, ==, rows[i].browser);
    }
}

static char *
allowed_origin (Fixture *fixture, const char *line, const char *headers)
{
  g_autoptr (Reply) reply = fixture_request (fixture, line, headers, NULL);
  g_autofree char *vary = reply_get_header (reply, "Vary");

  g_assert_cmpstr (vary, ==, "Origin");
  return reply_get_header (reply, "Access-Control-Allow-Origin");
}

static void
test_cors (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *listed;
    const char *headers;
    const char *allowed;
  } rows[] = {
    { "https://app.example.org", "Origin: https://app.example.org\r\n", "https://app.example.org" },
    { "https://app.example.org", "Origin: https://evil.example.net\r\n", NULL },
    { "https://app.example.org", "Origin: null\r\n", NULL },
    { "https://app.example.org", "", NULL },
    { "https://app.example.org", "Origin: http://localhost:5173\r\n", "http://localhost:5173" },
    { "https://app.example.org",
      "Host: turn.example.org\r\nOrigin: http://localhost:5173\r\n", NULL },
    { "*", "Origin: https://evil.example.net\r\n", "https://evil.example.net" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      set_list (&fixture->config->cors_origins, rows[i].listed);
      fixture_start (fixture);
      g_autofree char *get = allowed_origin (fixture, "GET /api/ice-servers", rows[i].headers);
      g_autofree char *missing = allowed_origin (fixture, "GET /nothing", rows[i].headers);
      g_clear_object (&fixture->endpoint);

      g_test_message ("%s: %s", rows[i].listed, rows[i].headers);
      g_assert_cmpstr (get, ==, rows[i].allowed);
      g_assert_cmpstr (missing, ==, rows[i].allowed);
    }
}

static void
test_preflight (Fixture *fixture, gconstpointer data)
{
  fixture->config->trust_loopback = FALSE;
  set_list (&fixture->config->cors_origins, "https://app.example.org");
  fixture_start (fixture);
  g_autoptr (Reply) reply =
      fixture_request (fixture, "OPTIONS /api/ice-servers",
                       "Origin: https://app.example.org\r\n"
                       "Access-Control-Request-Method: POST\r\n"
                       "Access-Control-Request-Headers: authorization\r\n",
                       NULL);
  g_autofree char *methods = reply_get_header (reply, "Access-Control-Allow-Methods");
  g_autofree char *headers = reply_get_header (reply, "Access-Control-Allow-Headers");
  g_autofree char *age = reply_get_header (reply, "Access-Control-Max-Age");

  g_assert_cmpuint (reply->status, ==, 204);
  g_assert_cmpstr (methods, ==, "GET, HEAD, POST, OPTIONS");
  g_assert_cmpstr (headers, ==, "authorization, content-type");
  g_assert_cmpstr (age, ==, "600");
}

static void
test_foreign_preflight (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "OPTIONS /api/ice-servers",
                                             "Origin: https://evil.example.net\r\n"
                                             "Access-Control-Request-Method: POST\r\n",
                                             NULL);

  g_assert_null (strstr (reply->headers, "Access-Control"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("token-opens-and-names-the-user", test_token);
  add ("wrong-tokens-are-401", test_wrong_tokens);
  add ("no-token-is-401", test_no_token);
  add ("wrong-token-is-401-on-loopback-too", test_wrong_token_on_loopback);
  add ("apps-are-noted", test_apps_are_noted);
  add ("empty-token-opens-nothing", test_empty_token);
  add ("loopback-by-host-and-origin", test_loopback);
  add ("absolute-request-line-is-no-way-around", test_absolute_request_line);
  add ("cors-star-is-no-key", test_star_is_no_key);
  add ("loopback-not-trusted", test_trust_off);
  add ("browser-of-this-machine", test_browser_here);
  add ("cors-by-origin", test_cors);
  add ("preflight", test_preflight);
  add ("preflight-of-a-foreign-page", test_foreign_preflight);
  return g_test_run ();
}
