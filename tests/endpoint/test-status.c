/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /api/status: what it tells, and whom.
 */
#include "fixture.h"

#include <errno.h>
#include <locale.h>

#include "endpoint/traffic-rate.h"
#include "relay/listener-info-private.h"

#define add(path, test)                                                                            \
  g_test_add ("/endpoint/status/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static void
add_listener (Fixture *fixture, const char *host, int error)
{
  ThAddress address;

  g_assert_true (th_address_parse (&address, host, 3478));
  g_autoptr (ThListenerInfo) info = th_listener_info_new (TH_TRANSPORT_UDP, &address, error);
  g_list_store_append (fixture->listeners, info);
}

static gint64
number_at (const Reply *reply, const char *object, const char *member)
{
  return json_object_get_int_member (json_object_get_object_member (reply->json, object), member);
}

static void
test_counts (Fixture *fixture, gconstpointer data)
{
  fixture->counted = (ThRelayStatistics){
    .sessions = 3,
    .connections = 2,
    .allocations_made = 9,
    .bytes_to_peers = 5000000000,
    .bytes_to_clients = 17,
    .packets_to_peers = 5,
    .packets_to_clients = 6,
    .bindings_answered = 7,
    .wrong_credentials = 8,
    .peers_refused = 1,
  };
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/status", "", NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_true (json_object_get_boolean_member (reply->json, "running"));
  g_assert_cmpint (number_at (reply, "now", "sessions"), ==, 3);
  g_assert_cmpint (number_at (reply, "now", "connections"), ==, 2);
  g_assert_cmpint (number_at (reply, "total", "allocations"), ==, 9);
  g_assert_cmpint (number_at (reply, "total", "bytesToPeers"), ==, 5000000000);
  g_assert_cmpint (number_at (reply, "total", "bytesToClients"), ==, 17);
  g_assert_cmpint (number_at (reply, "total", "packetsToPeers"), ==, 5);
  g_assert_cmpint (number_at (reply, "total", "packetsToClients"), ==, 6);
  g_assert_cmpint (number_at (reply, "total", "bindings"), ==, 7);
  g_assert_cmpint (number_at (reply, "total", "wrongCredentials"), ==, 8);
  g_assert_cmpint (number_at (reply, "total", "peersRefused"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (reply->json,
                                                                                 "versions"),
                                                  "turnhouse"),
                   ==, TH_VERSION);
}

static void
test_listeners (Fixture *fixture, gconstpointer data)
{
  JsonArray *listeners;
  JsonObject *bound, *failed;

  add_listener (fixture, "192.0.2.1", 0);
  add_listener (fixture, "2001:db8::1", EADDRINUSE);
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/status", "", NULL);

  listeners = json_object_get_array_member (reply->json, "listeners");
  g_assert_cmpuint (json_array_get_length (listeners), ==, 2);
  bound = json_array_get_object_element (listeners, 0);
  failed = json_array_get_object_element (listeners, 1);
  g_assert_cmpstr (json_object_get_string_member (bound, "transport"), ==, "UDP");
  g_assert_cmpstr (json_object_get_string_member (bound, "address"), ==, "192.0.2.1");
  g_assert_cmpint (json_object_get_int_member (bound, "port"), ==, 3478);
  g_assert_true (json_object_get_boolean_member (bound, "bound"));
  g_assert_false (json_object_has_member (bound, "problem"));
  g_assert_cmpstr (json_object_get_string_member (failed, "address"), ==, "2001:db8::1");
  g_assert_false (json_object_get_boolean_member (failed, "bound"));
  g_assert_cmpstr (json_object_get_string_member (failed, "problem"), ==,
                   "Address already in use");
}

/* A window speaks the language of its user; what programs read does not. */
static void
test_language (Fixture *fixture, gconstpointer data)
{
  g_assert_nonnull (setlocale (LC_ALL, "C.UTF-8"));
  g_assert_true (g_setenv ("LANGUAGE", "de", TRUE));
  test_listeners (fixture, data);
  g_unsetenv ("LANGUAGE");
  setlocale (LC_ALL, "C");
}

static void
count_traffic (gpointer data, ThRelayStatistics *statistics)
{
  *statistics = ((Fixture *) data)->counted;
}

static void
test_rates (Fixture *fixture, gconstpointer data)
{
  const ThEndpointBackend backend = { .get_statistics = count_traffic };

  fixture->counted.bytes_to_peers = 1000000; /* from before: no rate */
  g_autoptr (ThTrafficRate) rate = th_traffic_rate_new (&backend, fixture, 100);
  g_assert_cmpint (th_traffic_rate_to_peers (rate), ==, 0);

  fixture->counted.bytes_to_peers += 1000;
  run_for (0.15);
  g_assert_cmpint (th_traffic_rate_to_peers (rate), >, 0);
  g_assert_cmpint (th_traffic_rate_to_peers (rate), <=, 8000 * 10);
  g_assert_cmpint (th_traffic_rate_to_clients (rate), ==, 0);

  fixture->counted.bytes_to_peers = 0; /* the relay was started anew */
  fixture->counted.bytes_to_clients = 10;
  run_for (0.1);
  g_assert_cmpint (th_traffic_rate_to_peers (rate), ==, 0);
  g_assert_cmpint (th_traffic_rate_to_clients (rate), >, 0);
}

static void
count_up (gpointer data, ThRelayStatistics *statistics)
{
  ThRelayStatistics *counted = &((Fixture *) data)->counted;

  counted->bytes_to_peers += 100000;
  *statistics = *counted;
}

static void
test_rates_are_told (Fixture *fixture, gconstpointer data)
{
  const ThEndpointBackend backend = { .get_statistics = count_up };
  g_autoptr (ThTrafficRate) rate = th_traffic_rate_new (&backend, fixture, 50);

  fixture_start (fixture);
  g_autoptr (Reply) without = fixture_request (fixture, "GET /api/status", "", NULL);
  g_assert_cmpint (number_at (without, "bitsPerSecond", "toPeers"), ==, 0);

  run_for (0.15);
  fixture->rate = rate;
  g_autoptr (Reply) with = fixture_request (fixture, "GET /api/status", "", NULL);
  g_assert_cmpint (number_at (with, "bitsPerSecond", "toPeers"), >, 0);
  g_assert_cmpint (number_at (with, "bitsPerSecond", "toClients"), ==, 0);
}

static void
test_down (Fixture *fixture, gconstpointer data)
{
  fixture->running = FALSE;
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/status", "", NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_false (json_object_get_boolean_member (reply->json, "running"));
}

static void
test_who_may_ask (Fixture *fixture, gconstpointer data)
{
  fixture->config->trust_loopback = FALSE;
  fixture_set_token (fixture, "graphs:open-sesame");
  fixture_start (fixture);
  g_autoptr (Reply) stranger = fixture_request (fixture, "GET /api/status", "", NULL);
  g_autoptr (Reply) known =
      fixture_request (fixture, "GET /api/status", "Authorization: Bearer open-sesame\r\n", NULL);

  g_assert_cmpuint (stranger->status, ==, 401);
  g_assert_cmpuint (known->status, ==, 200);
}

/* Whoever watches asks often, and must not use up what the same caller needs for credentials. */
static void
test_watching_is_not_counted (Fixture *fixture, gconstpointer data)
{
  fixture->config->requests_per_minute = 2;
  fixture_start (fixture);
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/status", "", NULL);
      g_assert_cmpuint (reply->status, ==, 200);
    }
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/ice-servers", "", NULL);
  g_assert_cmpuint (reply->status, ==, 200);
}

static void
test_guessing_is_counted (Fixture *fixture, gconstpointer data)
{
  fixture->config->requests_per_minute = 2;
  fixture->config->trust_loopback = FALSE;
  fixture_start (fixture);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/status", "", NULL);
      g_assert_cmpuint (reply->status, ==, i < 2 ? 401 : 429);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("counts", test_counts);
  add ("listeners", test_listeners);
  add ("english-in-any-language", test_language);
  add ("rates", test_rates);
  add ("rates-are-told", test_rates_are_told);
  add ("relay-down", test_down);
  add ("token-or-loopback", test_who_may_ask);
  add ("watching-is-not-counted", test_watching_is_not_counted);
  add ("guessing-is-counted", test_guessing_is_counted);
  return g_test_run ();
}
