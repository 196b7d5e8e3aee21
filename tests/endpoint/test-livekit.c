/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /api/livekit/ice-config: the list in the order that its apps expect, and what it passes over.
 */
#include <libsoup/soup.h>

#include "fixture.h"

#define add(path, test)                                                                            \
  g_test_add ("/endpoint/livekit/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

#define LINE "GET /api/livekit/ice-config"
#define JSON "Content-Type: application/json\r\n"

/* (transfer full): "URL" or "URL USERNAME CREDENTIAL" for each entry, one a line */
static char *
describe (const Reply *reply)
{
  JsonArray *servers = json_object_get_array_member (reply->json, "iceServers");
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (servers); i++)
    {
      JsonObject *server = json_array_get_object_element (servers, i);
      JsonArray *urls = json_object_get_array_member (server, "urls");

      for (guint j = 0; j < json_array_get_length (urls); j++)
        g_string_append_printf (text, "%s ", json_array_get_string_element (urls, j));
      if (json_object_has_member (server, "username"))
        g_string_append_printf (text, "%s %s", json_object_get_string_member (server, "username"),
                                json_object_get_string_member (server, "credential"));
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autofree char *servers = NULL;

  fixture->has_turns = TRUE;
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, LINE "?userId=anna", "", NULL);
  servers = describe (reply);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (servers, ==,
                   "stun:stun.l.google.com:19302 stun:192.0.2.1:3478 \n"
                   "turns:turn.example.org:5349?transport=tcp anna cGFzc3dvcmQ=\n"
                   "turn:192.0.2.1:3478?transport=udp anna cGFzc3dvcmQ=\n");
  g_assert_cmpuint (json_object_get_size (reply->json), ==, 3);
  g_assert_cmpint (json_object_get_int_member (reply->json, "ttl"), ==, 1234);
  g_assert_cmpstr (json_object_get_string_member (reply->json, "expiresAt"), ==,
                   "2023-11-14T22:13:20Z");
}

static void
test_only_what_is_there (Fixture *fixture, gconstpointer data)
{
  fixture->config->hybrid = FALSE;
  fixture_start (fixture);
  g_autoptr (Reply) plain = fixture_request (fixture, LINE, "", NULL);
  g_autofree char *without_tls = describe (plain);
  fixture->has_turn = FALSE;
  g_autoptr (Reply) none = fixture_request (fixture, LINE, "", NULL);
  g_autofree char *nothing = describe (none);

  g_assert_cmpstr (without_tls, ==,
                   "stun:192.0.2.1:3478 \n"
                   "turn:192.0.2.1:3478?transport=udp local cGFzc3dvcmQ=\n");
  g_assert_cmpstr (nothing, ==, "");
}

static void
test_lifetime_is_not_asked_for (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    const char *line, *body;
  } rows[] = {
    { LINE "?ttl=60", NULL },
    { LINE "?ttl=0", NULL },
    { LINE "?ttl=long", NULL },
    { "POST /api/livekit/ice-config", "{\"ttl\":-1}" },
    { "POST /api/livekit/ice-config", "{\"ttl\":{}}" },
  };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, rows[i].line, JSON, rows[i].body);

      g_assert_cmpuint (reply->status, ==, 200);
      g_assert_cmpint (json_object_get_int_member (reply->json, "ttl"), ==, 1234);
    }
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  const char *bad_users[] = { "", "a%0Ab", "%FF", "1700000000:anna" };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (bad_users); i++)
    {
      g_autofree char *line = g_strconcat (LINE "?user=", bad_users[i], NULL);
      g_autoptr (Reply) reply = fixture_request (fixture, line, "", NULL);

      g_assert_cmpuint (reply->status, ==, 400);
    }
  fixture->mint_fails = TRUE;
  g_test_expect_message ("turnhouse-endpoint", G_LOG_LEVEL_WARNING, "*disk on fire*");
  g_autoptr (Reply) failed = fixture_request (fixture, LINE, "", NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (failed->status, ==, 500);
  g_assert_cmpstr (failed->body, ==, "{\"error\":\"Failed to generate ICE config\"}");

  g_autoptr (Reply) stranger = fixture_request (fixture, LINE, "Host: example.org\r\n", NULL);
  g_assert_cmpuint (stranger->status, ==, 401);
  g_assert_cmpstr (stranger->body, ==, "{\"error\":\"Not authenticated\"}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("order-and-shape", test_order);
  add ("only-what-is-listened-on", test_only_what_is_there);
  add ("ttl-is-passed-over", test_lifetime_is_not_asked_for);
  add ("how-it-says-no", test_refusals);
  return g_test_run ();
}
