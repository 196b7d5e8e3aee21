/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /metrics: every figure under its names, and who may read them.
 */
#include "fixture.h"

#include <errno.h>

#include "endpoint/exposition.h"
#include "relay/listener-info-private.h"

#define add(path, test)                                                                            \
  g_test_add ("/endpoint/metrics/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static Reply *
scrape (Fixture *fixture)
{
  Reply *reply = fixture_request (fixture, "GET /metrics", "", NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  return reply;
}

/* @sample: a whole line: name, labels and value */
static void
assert_sample (const Reply *reply, const char *sample)
{
  g_autofree char *line = g_strdup_printf ("\n%s\n", sample);

  if (strstr (reply->body, line) == NULL)
    g_error ("no \"%s\" in:\n%s", sample, reply->body);
}

static ThRelayStatistics
count_everything (void)
{
  return (ThRelayStatistics) {
    .bytes_to_peers = 9007199254740991, .bytes_to_clients = 12,
    .packets_to_peers = 13, .packets_to_clients = 14,
    .allocations_made = 15, .quota_refusals = 16, .bindings_answered = 20, .binding_errors = 3,
    .challenges = 21, .stale_nonces = 22, .wrong_credentials = 30, .expired_credentials = 7,
    .challenges_withheld = 24, .malformed = 25, .peers_refused = 26,
    .dropped_no_permission = 100, .dropped_no_allocation = 200, .dropped_queue_full = 300,
    .dropped_send_error = 400, .dropped_receive_buffer = 500, .sessions = 10, .connections = 31,
    .dtls_sessions = 32,
    .tally = {
      [TH_TRANSPORT_UDP] = { { .made = 41, .live = 1 }, { .made = 42, .live = 2 } },
      [TH_TRANSPORT_TCP] = { { .made = 43, .live = 3 }, { .made = 44, .live = 4 } },
      [TH_TRANSPORT_TLS] = { { .made = 45, .live = 5 }, { .made = 46, .live = 6 } },
    },
  };
}

static void
test_own_names (Fixture *fixture, gconstpointer data)
{
  const char *samples[] = {
    "turnhouse_build_info{version=\"" TH_VERSION "\"} 1",
    "turnhouse_relay_running 1",
    "turnhouse_sessions{transport=\"udp\",family=\"ipv4\"} 1",
    "turnhouse_sessions{transport=\"udp\",family=\"ipv6\"} 2",
    "turnhouse_sessions{transport=\"tcp\",family=\"ipv4\"} 3",
    "turnhouse_sessions{transport=\"tcp\",family=\"ipv6\"} 4",
    "turnhouse_sessions{transport=\"tls\",family=\"ipv6\"} 6",
    "turnhouse_allocations_total{transport=\"udp\",family=\"ipv4\"} 41",
    "turnhouse_allocations_total{transport=\"tcp\",family=\"ipv6\"} 44",
    "turnhouse_tcp_connections 31",
    "turnhouse_dtls_sessions 32",
    "turnhouse_relayed_bytes_total{direction=\"to_peers\"} 9007199254740991",
    "turnhouse_relayed_bytes_total{direction=\"to_clients\"} 12",
    "turnhouse_relayed_packets_total{direction=\"to_peers\"} 13",
    "turnhouse_relayed_packets_total{direction=\"to_clients\"} 14",
    "turnhouse_dropped_packets_total{cause=\"malformed\"} 25",
    "turnhouse_dropped_packets_total{cause=\"no_permission\"} 100",
    "turnhouse_dropped_packets_total{cause=\"no_allocation\"} 200",
    "turnhouse_dropped_packets_total{cause=\"queue_full\"} 300",
    "turnhouse_dropped_packets_total{cause=\"send_error\"} 400",
    "turnhouse_dropped_packets_total{cause=\"receive_buffer\"} 500",
    "turnhouse_auth_failures_total{reason=\"stale_nonce\"} 22",
    "turnhouse_auth_failures_total{reason=\"wrong_credentials\"} 30",
    "turnhouse_auth_failures_total{reason=\"expired_credentials\"} 7",
    "turnhouse_challenges_total 21",
    "turnhouse_challenges_withheld_total 24",
    "turnhouse_quota_refusals_total 16",
    "turnhouse_peers_refused_total 26",
    "turnhouse_bindings_total 20",
    "turnhouse_binding_errors_total 3",
    "turnhouse_credentials_minted_total{scheme=\"rest\"} 0",
    "turnhouse_credentials_minted_total{scheme=\"jwt\"} 0",
    "turnhouse_secret_age_seconds{kind=\"secret\"} 51",
    "turnhouse_secret_age_seconds{kind=\"api\"} 61",
    "turnhouse_rotations_total{kind=\"secret\"} 52",
    "turnhouse_rotations_total{kind=\"api\"} 62",
    "turnhouse_old_secret_sessions{kind=\"secret\"} 53",
    "turnhouse_old_secret_sessions{kind=\"api\"} 63",
    "turnhouse_apps_behind{kind=\"secret\"} 54",
    "turnhouse_apps_behind{kind=\"api\"} 64",
    "turnhouse_http_rate_limited_total{caller=\"unknown\"} 0",
    "turnhouse_http_rate_limited_total{caller=\"user\"} 0",
    "turnhouse_http_auth_failures_total{reason=\"no_token\"} 0",
    "turnhouse_http_auth_failures_total{reason=\"jwt_relay_password\"} 0",
  };

  fixture->counted = count_everything ();
  fixture->facts[TH_RING_SECRET] = (ThSecretFacts) { 51, 52, 53, 54 };
  fixture->facts[TH_RING_API] = (ThSecretFacts) { 61, 62, 63, 64 };
  fixture_start (fixture);
  g_autoptr (Reply) reply = scrape (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    assert_sample (reply, samples[i]);
}

static void
test_names_of_coturn (Fixture *fixture, gconstpointer data)
{
  const char *samples[] = {
    "turn_total_allocations{type=\"UDP\"} 3",
    "turn_total_allocations{type=\"TCP\"} 7",
    "turn_traffic_rcvp{realm=\"example.org\"} 13",
    "turn_traffic_rcvb{realm=\"example.org\"} 9007199254740991",
    "turn_traffic_sentp{realm=\"example.org\"} 14",
    "turn_traffic_sentb{realm=\"example.org\"} 12",
    "turn_traffic_peer_rcvp{realm=\"example.org\"} 14",
    "turn_traffic_peer_rcvb{realm=\"example.org\"} 12",
    "turn_traffic_peer_sentp{realm=\"example.org\"} 13",
    "turn_traffic_peer_sentb{realm=\"example.org\"} 9007199254740991",
    "turn_total_traffic_rcvp 13",
    "turn_total_traffic_rcvb 9007199254740991",
    "turn_total_traffic_sentp 14",
    "turn_total_traffic_sentb 12",
    "turn_total_traffic_peer_rcvp 14",
    "turn_total_traffic_peer_rcvb 12",
    "turn_total_traffic_peer_sentp 13",
    "turn_total_traffic_peer_sentb 9007199254740991",
    "stun_binding_request 20",
    "stun_binding_response 17",
    "stun_binding_error 3",
    "turn_packet_processed 47",
    "turn_packet_dropped 1525",
    "coturn_allocations_total 10",
    "coturn_traffic_peer_rx_bytes 12",
    "coturn_traffic_peer_tx_bytes 9007199254740991",
    "coturn_errors_total 453",
  };

  fixture->counted = count_everything ();
  g_free (fixture->config->realm);
  fixture->config->realm = g_strdup ("example.org");
  fixture_start (fixture);
  g_autoptr (Reply) reply = scrape (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    assert_sample (reply, samples[i]);
}

static double
value_of (const Reply *reply, const char *name)
{
  g_autofree char *start = g_strdup_printf ("\n%s ", name);
  const char *line = strstr (reply->body, start);

  g_assert_nonnull (line);
  return g_ascii_strtod (line + strlen (start), NULL);
}

static void
test_process (Fixture *fixture, gconstpointer data)
{
  double now = (double) g_get_real_time () / G_USEC_PER_SEC;
  double start;

  fixture_start (fixture);
  g_autoptr (Reply) reply = scrape (fixture);
  start = value_of (reply, "process_start_time_seconds");
  g_assert_cmpfloat (start, >, now - 600);
  g_assert_cmpfloat (start, <, now + 1);
  g_assert_cmpfloat (value_of (reply, "turnhouse_uptime_seconds"), <, 600);
  g_assert_cmpfloat (value_of (reply, "process_cpu_seconds_total"), >, 0);
  g_assert_cmpfloat (value_of (reply, "process_resident_memory_bytes"), >, 1e6);
  g_assert_cmpfloat (value_of (reply, "process_virtual_memory_bytes"), >=,
                     value_of (reply, "process_resident_memory_bytes"));
  g_assert_cmpfloat (value_of (reply, "process_open_fds"), >, 2);
  g_assert_cmpfloat (value_of (reply, "process_open_fds"), <=, value_of (reply, "process_max_fds"));
}

static void
test_listeners (Fixture *fixture, gconstpointer data)
{
  ThAddress address;

  th_address_parse (&address, "::", 3478);
  g_autoptr (ThListenerInfo) failed = th_listener_info_new (TH_TRANSPORT_TCP, &address, EACCES);
  g_list_store_append (fixture->listeners, failed);
  fixture_start (fixture);
  g_autoptr (Reply) reply = scrape (fixture);
  assert_sample (reply,
                 "turnhouse_listener_bound{transport=\"tcp\",address=\"::\",port=\"3478\"} 0");
}

static void
test_endpoint_counts (Fixture *fixture, gconstpointer data)
{
  g_autofree char *body = g_strnfill (TH_ENDPOINT_BODY_MAX + 1, ' ');

  fixture_start (fixture);
  for (guint i = 0; i < 3; i++)
    reply_free (fixture_request (fixture, "GET /api/ice-servers", "", NULL));
  reply_free (fixture_request (fixture, "GET /nowhere", "", NULL));
  reply_free (fixture_request (fixture, "GET /turn?ttl=0", "", NULL));
  reply_free (fixture_request (fixture, "POST /turn", "", body));
  reply_free (fixture_request (fixture, "GET /api/livekit/ice-config", "", NULL));
  fixture->mint_fails = TRUE;
  g_test_expect_message ("turnhouse-endpoint", G_LOG_LEVEL_WARNING, "*");
  reply_free (fixture_request (fixture, "GET /turn", "", NULL));
  g_autoptr (Reply) reply = scrape (fixture);
  assert_sample (reply, "turnhouse_credentials_minted_total{scheme=\"rest\"} 3");
  assert_sample (reply, "turnhouse_credentials_minted_total{scheme=\"jwt\"} 1");
  assert_sample (reply,
                 "turnhouse_http_requests_total{route=\"/api/ice-servers\",code=\"200\"} 3");
  assert_sample (reply, "turnhouse_http_requests_total{route=\"other\",code=\"404\"} 1");
  assert_sample (reply, "turnhouse_http_requests_total{route=\"/turn\",code=\"400\"} 1");
  assert_sample (reply, "turnhouse_http_requests_total{route=\"/turn\",code=\"413\"} 1");
  assert_sample (reply, "turnhouse_http_requests_total{route=\"/turn\",code=\"500\"} 1");
}

/* Everybody who is turned away, by who they are or why nobody knows. */
static void
test_turned_away (Fixture *fixture, gconstpointer data)
{
  const char *wrong[] = {
    "", "Authorization: Bearer guess\r\n", "Authorization: Bearer a.b.c\r\n",
    "Authorization: Bearer eyJhbGciOiJub25lIn0.e30.\r\n",
    "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA\r\n",
  };
  const char *prometheus = "Authorization: Bearer open-sesame\r\n";
  g_autofree char *anna = fixture_bearer_of ("anna");
  g_autofree char *endless = fixture_bearer (
      "{\"alg\":\"HS256\"}", "{\"iss\":\"" FIXTURE_API_KEY "\",\"sub\":\"anna\"}", NULL);

  fixture->config->trust_loopback = FALSE;
  fixture->config->requests_per_minute = 1;
  fixture_set_token (fixture, "prometheus:open-sesame");
  fixture_start (fixture);
  reply_free (fixture_request (fixture, "GET /turn", anna, NULL));
  reply_free (fixture_request (fixture, "GET /turn", anna, NULL));
  reply_free (fixture_request (fixture, "GET /turn", "", NULL));
  reply_free (fixture_request (fixture, "GET /turn", "", NULL));
  g_autoptr (Reply) limited = fixture_request (fixture, "GET /metrics", prometheus, NULL);
  assert_sample (limited, "turnhouse_http_rate_limited_total{caller=\"user\"} 1");
  assert_sample (limited, "turnhouse_http_rate_limited_total{caller=\"unknown\"} 1");
  assert_sample (limited, "turnhouse_http_rate_limited_total{caller=\"app\"} 0");
  assert_sample (limited, "turnhouse_http_auth_failures_total{reason=\"no_token\"} 1");
  g_clear_object (&fixture->endpoint);

  fixture->config->requests_per_minute = 0;
  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    reply_free (fixture_request (fixture, "GET /turn", wrong[i], NULL));
  reply_free (fixture_request (fixture, "GET /turn", endless, NULL));
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /metrics", prometheus, NULL);
  assert_sample (reply, "turnhouse_http_auth_failures_total{reason=\"no_token\"} 1");
  assert_sample (reply, "turnhouse_http_auth_failures_total{reason=\"unknown_token\"} 1");
  assert_sample (reply, "turnhouse_http_auth_failures_total{reason=\"jwt_malformed\"} 1");
  assert_sample (reply, "turnhouse_http_auth_failures_total{reason=\"jwt_algorithm\"} 1");
  assert_sample (reply, "turnhouse_http_auth_failures_total{reason=\"jwt_signature\"} 1");
  assert_sample (reply, "turnhouse_http_auth_failures_total{reason=\"jwt_no_expiry\"} 1");
}

static void
test_form (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) lines = NULL;
  g_autofree char *type = NULL;

  g_free (fixture->config->realm);
  fixture->config->realm = g_strdup ("a\"b\\c\nd");
  fixture_start (fixture);
  g_autoptr (Reply) reply = scrape (fixture);
  type = reply_get_header (reply, "Content-Type");
  g_assert_cmpstr (type, ==, "text/plain; version=0.0.4; charset=utf-8");
  assert_sample (reply, "turn_traffic_rcvp{realm=\"a\\\"b\\\\c\\nd\"} 0");
  g_assert_true (g_str_has_suffix (reply->body, "\n"));
  lines = g_strsplit (reply->body, "\n", -1);
  for (guint i = 0; lines[i + 1] != NULL; i++)
    g_assert_true (
        g_regex_match_simple ("^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\\{.*\\})? [0-9.e+-]+)$",
                              lines[i], 0, 0));
}

static void
test_off (Fixture *fixture, gconstpointer data)
{
  fixture->config->metrics = FALSE;
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /metrics", "", NULL);
  g_assert_cmpuint (reply->status, ==, 404);
}

static void
test_who_may_read (Fixture *fixture, gconstpointer data)
{
  fixture->config->trust_loopback = FALSE;
  fixture_set_token (fixture, "prometheus:open-sesame");
  fixture_start (fixture);
  g_autoptr (Reply) stranger = fixture_request (fixture, "GET /metrics", "", NULL);
  g_autoptr (Reply) known =
      fixture_request (fixture, "GET /metrics", "Authorization: Bearer open-sesame\r\n", NULL);

  g_assert_cmpuint (stranger->status, ==, 401);
  g_assert_null (strstr (stranger->body, "turnhouse_"));
  g_assert_cmpuint (known->status, ==, 200);
  g_assert_null (strstr (known->body, "sesame"));
}

static void
test_secrets (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  reply_free (fixture_request (fixture, "GET /api/ice-servers?user=anna", "", NULL));
  g_autoptr (Reply) reply = scrape (fixture);
  g_assert_null (strstr (reply->body, "anna"));
  g_assert_null (strstr (reply->body, "cGFzc3dvcmQ="));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("own-names", test_own_names);
  add ("names-of-coturn", test_names_of_coturn);
  add ("process", test_process);
  add ("listeners", test_listeners);
  add ("requests-and-credentials-are-counted", test_endpoint_counts);
  add ("who-is-turned-away-is-counted", test_turned_away);
  add ("text-format", test_form);
  add ("off-is-404", test_off);
  add ("token-or-loopback", test_who_may_read);
  add ("no-users-and-no-secrets", test_secrets);
  return g_test_run ();
}
