/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The test page: who gets it, once, and what it may do in a browser.
 */
#include "fixture.h"

#include <string.h>

#include "endpoint/test-page.h"

#define add(path, test)                                                                            \
  g_test_add ("/endpoint/test-page/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

#define BROWSER "Accept: text/html,application/xhtml+xml;q=0.9\r\n"
#define ELSEWHERE "Host: turn.example.org\r\n"

/* (transfer full): "GET /test?link=..." with a link that is good */
static char *
start_with_link (Fixture *fixture)
{
  g_autofree char *token = NULL;

  fixture->test_links = th_one_time_new (TH_TEST_LINKS_MAX, TH_TEST_LINK_LIFETIME);
  token = th_one_time_make (fixture->test_links, g_get_monotonic_time ());
  fixture_start (fixture);
  return g_strconcat ("GET /test?link=", token, NULL);
}

static gboolean
has_ticket (const Reply *reply)
{
  const char *mark = "name=\"turnhouse-ticket\" content=\"";
  const char *place = strstr (reply->body, mark);

  g_assert_nonnull (place);
  place += strlen (mark);
  g_assert_true (place[0] == '"' || place[22] == '"');
  return place[0] != '"';
}

static void
test_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *get = start_with_link (fixture);
  g_autoptr (Reply) first = fixture_request (fixture, get, BROWSER ELSEWHERE, NULL);
  g_autoptr (Reply) second = fixture_request (fixture, get, BROWSER ELSEWHERE, NULL);

  g_assert_cmpuint (first->status, ==, 200);
  g_assert_true (has_ticket (first));
  g_assert_null (strstr (first->body, "@TICKET@"));
  g_assert_cmpuint (second->status, ==, 410);
  g_assert_false (has_ticket (second));
}

static void
test_wrong_links (Fixture *fixture, gconstpointer data)
{
  const char *const links[] = { "", "x", "AAAAAAAAAAAAAAAAAAAAAA", "%00", "%ff%fe", "%",
                                "AAAAAAAAAAAAAAAAAAAAA%00", "AAAAAAAAAAAAAAAAAAAAAA==", "x&link=y",
                                "..%2f..%2fetc", "AAAAAAAAAAAAAAAAAAAAA\xc3\xa4" };
  g_autofree char *get = start_with_link (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autofree char *wrong = g_strconcat ("GET /test?link=", links[i], NULL);
      g_autoptr (Reply) reply = fixture_request (fixture, wrong, BROWSER, NULL);

      /* libsoup itself refuses what is no query */
      g_assert_true (reply->status == 410 || reply->status == 400 || reply->status == 403);
      g_assert_null (strstr (reply->headers, "200 OK"));
    }
  g_autoptr (Reply) good = fixture_request (fixture, get, BROWSER, NULL);
  g_assert_cmpuint (good->status, ==, 200);
}

/* Messengers look at links before people do, and browsers fetch ahead. */
static void
test_looking_uses_nothing_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *get = start_with_link (fixture);
  g_autofree char *head = g_strconcat ("HEAD ", get + strlen ("GET "), NULL);
  g_autoptr (Reply) looked = fixture_request (fixture, head, BROWSER ELSEWHERE, NULL);
  g_autoptr (Reply) ahead = fixture_request (
      fixture, get, BROWSER ELSEWHERE "Sec-Purpose: prefetch;prerender\r\n", NULL);
  g_autoptr (Reply) preview =
      fixture_request (fixture, get, BROWSER ELSEWHERE "X-Purpose: preview\r\n", NULL);
  g_autoptr (Reply) reply = fixture_request (fixture, get, BROWSER ELSEWHERE, NULL);

  g_assert_cmpuint (looked->status, ==, 200);
  g_assert_cmpuint (ahead->status, ==, 503);
  g_assert_cmpuint (preview->status, ==, 503);
  g_assert_cmpuint (reply->status, ==, 200);
}

/* Who could ask for credentials anyway needs no link; another site's page cannot open it. */
static void
test_without_link (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *headers;
    guint status;
  } rows[] = {
    { BROWSER, 200 },
    { BROWSER "Sec-Fetch-Site: none\r\n", 200 },
    { BROWSER "Sec-Fetch-Site: cross-site\r\n", 403 },
    { BROWSER "Sec-Fetch-Site: same-site\r\n", 403 },
    { BROWSER "Origin: https://evil.example.net\r\n", 403 },
    { BROWSER ELSEWHERE, 403 },
    { BROWSER "Host: rebind.example.net\r\n", 403 },
  };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, "GET /test", rows[i].headers, NULL);

      g_assert_cmpuint (reply->status, ==, rows[i].status);
      g_assert_cmpint (has_ticket (reply), ==, rows[i].status == 200);
    }
}

/* On loopback, where a proxy may be, they count, but do not lock out who has a good one. */
static void
test_wrong_links_count (Fixture *fixture, gconstpointer data)
{
  g_autofree char *get = NULL;

  fixture->config->requests_per_minute = 3;
  get = start_with_link (fixture);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (Reply) reply =
          fixture_request (fixture, i % 2 == 0 ? "GET /test?link=x" : "HEAD /test?link=x",
                           ELSEWHERE, NULL);
      g_autofree char *retry = reply_get_header (reply, "Retry-After");

      g_assert_cmpuint (reply->status, ==, i < 3 ? 410 : 429);
      g_assert_true ((retry != NULL) == (i >= 3));
    }
  g_autoptr (Reply) none = fixture_request (fixture, "GET /test", BROWSER ELSEWHERE, NULL);
  g_autoptr (Reply) good = fixture_request (fixture, get, BROWSER ELSEWHERE, NULL);
  g_autoptr (Reply) file = fixture_request (fixture, "GET /test/page.css", ELSEWHERE, NULL);
  g_assert_cmpuint (none->status, ==, 429);
  g_assert_cmpuint (good->status, ==, 200);
  g_assert_cmpuint (file->status, ==, 200);
}

static void
test_programs_get_json (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) none = fixture_request (fixture, "GET /test", ELSEWHERE, NULL);
  g_autoptr (Reply) wrong = fixture_request (fixture, "GET /test?link=x", ELSEWHERE, NULL);

  g_assert_cmpuint (none->status, ==, 403);
  g_assert_cmpstr (reply_get_error (none), ==, "This page is opened by a link");
  g_assert_cmpuint (wrong->status, ==, 410);
  g_assert_cmpstr (reply_get_error (wrong), ==, "This link was used, or is too old");
}

static void
test_headers (Fixture *fixture, gconstpointer data)
{
  g_autofree char *get = start_with_link (fixture);
  g_autoptr (Reply) reply =
      fixture_request (fixture, get, BROWSER "Host: turn.example.org:8489\r\n", NULL);
  g_autofree char *policy = reply_get_header (reply, "Content-Security-Policy");
  g_autofree char *referrer = reply_get_header (reply, "Referrer-Policy");
  g_autofree char *frames = reply_get_header (reply, "X-Frame-Options");
  g_autofree char *cache = reply_get_header (reply, "Cache-Control");
  g_autofree char *sniff = reply_get_header (reply, "X-Content-Type-Options");
  g_autofree char *type = reply_get_header (reply, "Content-Type");

  g_assert_cmpstr (policy, ==,
                   "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' "
                   "ws://turn.example.org:8489 wss://turn.example.org:8489; base-uri 'none'; "
                   "form-action 'none'; frame-ancestors 'none'");
  g_assert_cmpstr (referrer, ==, "no-referrer");
  g_assert_cmpstr (frames, ==, "DENY");
  g_assert_cmpstr (cache, ==, "no-store");
  g_assert_cmpstr (sniff, ==, "nosniff");
  g_assert_cmpstr (type, ==, "text/html; charset=utf-8");
}

/* Whatever stands in Host, the policy lets the page talk with nobody else. */
static void
test_policy_takes_no_orders (Fixture *fixture, gconstpointer data)
{
  const char *const hosts[] = { "[::1]:80", "a;script-src *", "a b", "*", "x'unsafe-inline'",
                                "evil%20*" };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree char *headers = g_strdup_printf (BROWSER "Host: %s\r\n", hosts[i]);
      g_autoptr (Reply) reply = fixture_request (fixture, "GET /test?link=x", headers, NULL);
      g_autofree char *policy = reply_get_header (reply, "Content-Security-Policy");

      g_assert_true (policy == NULL || strstr (policy, "connect-src 'self'; base-uri") != NULL);
    }
}

static void
test_files (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *path;
    const char *type;
  } rows[] = {
    { "GET /test/page.css", "text/css; charset=utf-8" },
    { "GET /test/page.mjs", "text/javascript; charset=utf-8" },
    { "GET /test/call.mjs", "text/javascript; charset=utf-8" },
    { "GET /test/words.mjs", "text/javascript; charset=utf-8" },
  };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, rows[i].path, ELSEWHERE, NULL);
      g_autofree char *type = reply_get_header (reply, "Content-Type");

      g_assert_cmpuint (reply->status, ==, 200);
      g_assert_cmpstr (type, ==, rows[i].type);
      g_assert_nonnull (strstr (reply->body, "SPDX-License-Identifier"));
      g_assert_null (strstr (reply->body, "http://")); /* nobody else is asked for anything */
      g_assert_null (strstr (reply->body, "https://"));
    }
  g_autoptr (Reply) page = fixture_request (fixture, "GET /test/page.html", ELSEWHERE, NULL);
  g_assert_cmpuint (page->status, ==, 404); /* it is at /test alone */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("a-link-opens-it-once", test_link);
  add ("wrong-links-do-not", test_wrong_links);
  add ("wrong-links-count", test_wrong_links_count);
  add ("looking-uses-nothing-up", test_looking_uses_nothing_up);
  add ("who-needs-no-link", test_without_link);
  add ("programs-get-json", test_programs_get_json);
  add ("headers", test_headers);
  add ("policy-takes-no-orders", test_policy_takes_no_orders);
  add ("files", test_files);
  return g_test_run ();
}
