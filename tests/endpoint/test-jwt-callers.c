/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Callers that show a JWT: for whom they get credentials, what is closed to them, and that a token
 * that is not good opens nothing, on any route and from anywhere.
 */
#include "fixture.h"

#define add(path, test)                                                                            \
  g_test_add ("/endpoint/jwt-callers/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

#define HS256 "{\"alg\":\"HS256\"}"
#define ISS   "\"iss\":\"" FIXTURE_API_KEY "\""
#define FAR   ",\"exp\":99999999999"

static const char *const granting[] = { "/api/ice-servers", "/api/livekit/ice-config",
                                        "/client/meta", "/turn" };

static guint
ask (Fixture *fixture, const char *line, const char *headers)
{
  g_autoptr (Reply) reply = fixture_request (fixture, line, headers, NULL);

  return reply->status;
}

static void
test_subject_is_the_user (Fixture *fixture, gconstpointer data)
{
  g_autofree char *anna = fixture_bearer_of ("anna:1");

  fixture->config->trust_loopback = FALSE;
  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (granting); i++)
    {
      g_autofree char *get = g_strconcat ("GET ", granting[i], NULL);
      g_autofree char *post = g_strconcat ("POST ", granting[i], NULL);
      gboolean token = strstr (granting[i], "livekit") != NULL;

      /* Not every id can have a token. */
      g_assert_cmpuint (ask (fixture, get, anna), ==, token ? 400 : 200);
      g_assert_cmpuint (ask (fixture, post, anna), ==, token ? 400 : 200);
      if (!token)
        g_assert_cmpstr (fixture->user, ==, "anna:1");
    }
}

/* On a machine that is trusted, too: it is the token that counts. */
static void
test_before_loopback (Fixture *fixture, gconstpointer data)
{
  g_autofree char *anna = fixture_bearer_of ("anna");

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (granting); i++)
    {
      g_autofree char *line = g_strconcat ("GET ", granting[i], NULL);

      g_assert_cmpuint (ask (fixture, line, anna), ==, 200);
      g_assert_cmpstr (fixture->user, ==, "anna");
      g_clear_pointer (&fixture->user, g_free);
    }
}

static void
test_only_for_oneself (Fixture *fixture, gconstpointer data)
{
  g_autofree char *anna = fixture_bearer_of ("anna");
  g_autofree char *json = g_strconcat (anna, "Content-Type: application/json\r\n", NULL);

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (granting); i++)
    {
      g_autofree char *own = g_strconcat ("GET ", granting[i], "?user=anna", NULL);
      g_autofree char *other = g_strconcat ("GET ", granting[i], "?user=bob", NULL);
      g_autofree char *post = g_strconcat ("POST ", granting[i], NULL);
      g_autoptr (Reply) by_query = fixture_request (fixture, other, anna, NULL);
      g_autoptr (Reply) by_body = fixture_request (fixture, post, json, "{\"userId\":\"bob\"}");

      g_assert_cmpuint (by_query->status, ==, 403);
      g_assert_cmpuint (by_body->status, ==, 403);
      g_assert_cmpstr (reply_get_error (by_body), ==,
                       "user must be the one that the token was signed for");
      g_assert_null (fixture->user);
      g_assert_cmpuint (ask (fixture, own, anna), ==, 200);
      g_assert_cmpstr (fixture->user, ==, "anna");
      g_clear_pointer (&fixture->user, g_free);
    }
}

static void
test_closed_to_users (Fixture *fixture, gconstpointer data)
{
  const char *lines[] = { "GET /metrics", "GET /api/status" };
  g_autofree char *anna = fixture_bearer_of ("anna");

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, lines[i], anna, NULL);

      g_assert_cmpuint (reply->status, ==, 403);
      g_assert_cmpstr (reply_get_error (reply), ==, "This is not for users");
    }
  g_assert_cmpuint (ask (fixture, "GET /healthz", anna), ==, 200);
}

static void
test_bad_tokens (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    const char *header, *claims, *secret;
  } rows[] = {
    { "{\"alg\":\"none\"}", "{" ISS ",\"sub\":\"anna\"" FAR "}", NULL },
    { "{\"alg\":\"RS256\"}", "{" ISS ",\"sub\":\"anna\"" FAR "}", NULL },
    { "{\"alg\":\"ES256\"}", "{" ISS ",\"sub\":\"anna\"" FAR "}", NULL },
    { "{\"alg\":\"HS384\"}", "{" ISS ",\"sub\":\"anna\"" FAR "}", NULL },
    { HS256, "{" ISS ",\"sub\":\"anna\"" FAR "}", "Star" },
    { HS256, "{\"iss\":\"somebody\",\"sub\":\"anna\"" FAR "}", NULL },
    { HS256, "{" ISS ",\"sub\":\"anna\",\"exp\":1}", NULL },
    { HS256, "{" ISS ",\"sub\":\"anna\"" FAR ",\"nbf\":99999999998}", NULL },
    { HS256, "{" ISS ",\"sub\":\"anna\"}", NULL },
    { HS256, "{" ISS FAR "}", NULL },
    { HS256, "{" ISS ",\"sub\":\"anna\",\"sub\":\"anna\"" FAR "}", NULL },
    { HS256, "{" ISS ",\"sub\":\"anna\"" FAR ",\"metadata\":\"{\\\"purpose\\\":\\\"p2p-ice\\\"}\"}",
      NULL },
  };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint j = 0; j < G_N_ELEMENTS (granting); j++)
      {
        g_autofree char *bearer = fixture_bearer (rows[i].header, rows[i].claims, rows[i].secret);
        g_autofree char *line = g_strconcat ("GET ", granting[j], NULL);
        g_autoptr (Reply) reply = fixture_request (fixture, line, bearer, NULL);
        g_autofree char *challenge = reply_get_header (reply, "WWW-Authenticate");

        g_test_message ("row %u: %s", i, line);
        g_assert_cmpuint (reply->status, ==, 401);
        g_assert_cmpstr (challenge, ==, "Bearer realm=\"turnhouse\", error=\"invalid_token\"");
        g_assert_cmpstr (reply_get_error (reply), ==, "Not authenticated");
        g_assert_null (fixture->user);
      }
}

/* More than a token may be, and more than libsoup takes for headers */
static void
test_huge_token (Fixture *fixture, gconstpointer data)
{
  for (gsize size = 1000; size < 1000000; size *= 10)
    {
      g_autofree char *padding = g_strnfill (size, 'x');
      g_autofree char *claims =
          g_strdup_printf ("{" ISS ",\"sub\":\"anna\"" FAR ",\"x\":\"%s\"}", padding);
      g_autofree char *bearer = fixture_bearer (HS256, claims, NULL);

      fixture_start (fixture);
      if (size == 1000)
        g_assert_cmpuint (ask (fixture, "GET /turn", bearer), ==, 200);
      else
        g_assert_cmpuint (ask (fixture, "GET /turn", bearer), !=, 200);
      g_clear_object (&fixture->endpoint);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("subject-is-the-user", test_subject_is_the_user);
  add ("token-counts-more-than-loopback", test_before_loopback);
  add ("other-users-are-403", test_only_for_oneself);
  add ("status-and-metrics-are-403", test_closed_to_users);
  add ("bad-tokens-are-401", test_bad_tokens);
  add ("huge-tokens-open-nothing", test_huge_token);
  return g_test_run ();
}
