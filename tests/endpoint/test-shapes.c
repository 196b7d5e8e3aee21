/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same credential in the shapes that other programs expect: the TURN REST API draft, and what
 * chat apps read when they start.
 */
#include "fixture.h"

#define add(path, test)                                                                            \
  g_test_add ("/endpoint/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

#define JSON "Content-Type: application/json\r\n"

static void
assert_members (JsonObject *object, const char *const *names)
{
  g_assert_cmpuint (json_object_get_size (object), ==, g_strv_length ((char **) names));
  for (guint i = 0; names[i] != NULL; i++)
    g_assert_true (json_object_has_member (object, names[i]));
}

static void
test_turn (Fixture *fixture, gconstpointer data)
{
  const char *const members[] = { "username", "password", "ttl", "uris", NULL };
  JsonArray *uris;

  fixture_start (fixture);
  g_autoptr (Reply) reply =
      fixture_request (fixture, "GET /turn?service=turn&username=anna&ttl=300", "", NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  assert_members (reply->json, members);
  g_assert_cmpstr (json_object_get_string_member (reply->json, "username"), ==, "1700000000:anna");
  g_assert_cmpstr (json_object_get_string_member (reply->json, "password"), ==, "cGFzc3dvcmQ=");
  g_assert_cmpint (json_object_get_int_member (reply->json, "ttl"), ==, 300);
  uris = json_object_get_array_member (reply->json, "uris");
  g_assert_cmpuint (json_array_get_length (uris), ==, 2);
  g_assert_cmpstr (json_array_get_string_element (uris, 0), ==,
                   "turn:192.0.2.1:3478?transport=udp");
  g_assert_cmpstr (json_array_get_string_element (uris, 1), ==,
                   "turn:192.0.2.1:3478?transport=tcp");
}

static void
test_turn_by_post (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) reply =
      fixture_request (fixture, "POST /turn", JSON,
                       "{\"service\":\"turn\",\"username\":\"bob\",\"ttl\":60}");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (fixture->user, ==, "bob");
  g_assert_cmpint (fixture->ttl, ==, 60);
}

static void
test_turn_defaults (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /turn", "", NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (fixture->user, ==, "local");
  g_assert_cmpint (fixture->ttl, ==, 86400);
}

static void
test_other_service (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *line, *body;
  } rows[] = {
    { "GET /turn?service=stun&username=anna", NULL },
    { "GET /turn?service=", NULL },
    { "GET /turn?service=TURN", NULL },
    { "POST /turn", "{\"service\":\"sip\"}" },
    { "POST /turn", "{\"service\":1}" },
    { "POST /turn", "{\"service\":null}" },
    { "POST /turn?service=stun", "{\"service\":\"turn\"}" },
  };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, rows[i].line, JSON, rows[i].body);

      g_test_message ("%s %s", rows[i].line, rows[i].body);
      g_assert_cmpuint (reply->status, ==, 400);
      g_assert_true (g_str_has_prefix (reply_get_error (reply), "service must be"));
      g_assert_null (fixture->user);
    }
}

static void
test_turn_without_relay (Fixture *fixture, gconstpointer data)
{
  fixture->has_turn = FALSE;
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /turn?service=turn", "", NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (reply->json, "uris")), ==,
                    0);
}

static void
test_client_meta (Fixture *fixture, gconstpointer data)
{
  const char *const members[] = { "name", "version", "maxFileSize", "iceServers", NULL };
  const char *lines[] = { "GET /client/meta?userId=carla", "POST /client/meta?userId=carla" };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, lines[i], "", NULL);
      JsonArray *servers;

      g_assert_cmpuint (reply->status, ==, 200);
      assert_members (reply->json, members);
      g_assert_cmpstr (json_object_get_string_member (reply->json, "version"), ==, TH_VERSION);
      g_assert_cmpint (json_object_get_int_member (reply->json, "maxFileSize"), ==, 32212254720);
      servers = json_object_get_array_member (reply->json, "iceServers");
      g_assert_cmpuint (json_array_get_length (servers), ==, 2);
      g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (servers, 1),
                                                      "username"),
                       ==, "1700000000:carla");
    }
}

/* No credential without a known caller, whichever way it is asked for. */
static void
test_strangers (Fixture *fixture, gconstpointer data)
{
  const char *lines[] = { "GET /turn?service=turn", "POST /turn", "GET /client/meta",
                          "POST /client/meta" };

  fixture->config->trust_loopback = FALSE;
  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, lines[i], "", NULL);

      g_assert_cmpuint (reply->status, ==, 401);
      g_assert_null (fixture->user);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("turn/shape-of-the-draft", test_turn);
  add ("turn/by-post", test_turn_by_post);
  add ("turn/nothing-asked-for", test_turn_defaults);
  add ("turn/other-service-is-400", test_other_service);
  add ("turn/without-relay-no-uris", test_turn_without_relay);
  add ("client-meta/shape", test_client_meta);
  add ("shapes/strangers-get-401", test_strangers);
  return g_test_run ();
}
