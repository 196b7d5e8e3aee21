/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The engine as a whole: starting, stopping, what it offers apps, and whether a client gets
 * through.
 */
#include <string.h>

#include "app/engine-private.h"
#include "app/self-test.h"
#include "fixture.h"

#define add(path, test)                                                                            \
  g_test_add ("/app/engine/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static guint
count_problems (ThEngine *engine)
{
  return g_list_model_get_n_items (th_engine_get_problems (engine));
}

static void
on_notify (GObject *object, GParamSpec *pspec, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_start_and_stop (Fixture *fixture, gconstpointer data)
{
  guint notified = 0;

  g_signal_connect (fixture->engine, "notify::running", G_CALLBACK (on_notify), &notified);
  g_assert_cmpint (th_engine_get_state (fixture->engine), ==, TH_ENGINE_STOPPED);
  for (guint i = 0; i < 3; i++)
    {
      fixture_start (fixture);
      g_assert_cmpint (th_engine_get_state (fixture->engine), ==, TH_ENGINE_RUNNING);
      g_assert_cmpuint (count_problems (fixture->engine), ==, 0);
      th_engine_stop (fixture->engine);
      g_assert_cmpint (th_engine_get_state (fixture->engine), ==, TH_ENGINE_STOPPED);
    }
  g_assert_cmpuint (notified, ==, 6);
}

static void
test_restart (Fixture *fixture, gconstpointer data)
{
  th_engine_restart (fixture->engine); /* nothing to restart */
  g_assert_cmpint (th_engine_get_state (fixture->engine), ==, TH_ENGINE_STOPPED);
  fixture_start (fixture);
  th_engine_restart (fixture->engine);
  g_assert_cmpint (th_engine_get_state (fixture->engine), ==, TH_ENGINE_RUNNING);
}

static gboolean
is_restart_pending (ThEngine *engine)
{
  gboolean pending;

  g_object_get (engine, "restart-pending", &pending, NULL);
  return pending;
}

static void
test_what_waits_for_a_restart_is_told (Fixture *fixture, gconstpointer data)
{
  ThSettings *settings = th_engine_get_settings (fixture->engine);
  guint notified = 0;

  th_settings_set_text (settings, TH_SETTING_RELAY_REALM, "before", NULL);
  g_assert_false (is_restart_pending (fixture->engine)); /* nothing runs with another one */
  fixture_start (fixture);
  g_signal_connect (fixture->engine, "notify::restart-pending", G_CALLBACK (on_notify), &notified);

  th_settings_set_text (settings, TH_SETTING_LIMITS_USER_QUOTA, "7", NULL); /* at once */
  g_assert_false (is_restart_pending (fixture->engine));
  th_settings_set_text (settings, TH_SETTING_RELAY_REALM, "after", NULL);
  g_assert_true (is_restart_pending (fixture->engine));
  g_assert_true (th_engine_is_setting_pending (fixture->engine, TH_SETTING_RELAY_REALM));
  g_assert_false (th_engine_is_setting_pending (fixture->engine, TH_SETTING_RELAY_PORT));
  th_settings_set_text (settings, TH_SETTING_RELAY_REALM, "before", NULL);
  g_assert_false (is_restart_pending (fixture->engine));
  g_assert_cmpuint (notified, ==, 2);

  th_settings_set_text (settings, TH_SETTING_RELAY_REALM, "after", NULL);
  th_engine_restart (fixture->engine);
  g_assert_false (is_restart_pending (fixture->engine));
  th_settings_set_text (settings, TH_SETTING_RELAY_REALM, "later", NULL);
  th_engine_stop (fixture->engine);
  g_assert_false (is_restart_pending (fixture->engine));
  g_assert_cmpuint (notified, ==, 6);
}

static void
test_urls (Fixture *fixture, gconstpointer data)
{
  g_autofree char *expected = g_strdup_printf ("STUN stun:127.0.0.1:%u\n"
                                               "TURN turn:127.0.0.1:%u?transport=udp\n"
                                               "TURN over TCP turn:127.0.0.1:%u?transport=tcp\n"
                                               "Endpoint http://127.0.0.1:%u/api/ice-servers\n",
                                               fixture->port, fixture->port, fixture->port,
                                               fixture->endpoint_port);
  g_autofree char *before = describe_urls (fixture->engine);

  g_assert_cmpstr (before, ==, "");
  fixture_start (fixture);
  g_autofree char *running = describe_urls (fixture->engine);
  g_assert_cmpstr (running, ==, expected);
  th_engine_stop (fixture->engine);
  g_autofree char *after = describe_urls (fixture->engine);
  g_assert_cmpstr (after, ==, "");
}

static void
assert_host (Fixture *fixture, const char *host)
{
  g_autofree char *urls = describe_urls (fixture->engine);
  g_autofree char *stun = g_strdup_printf ("STUN stun:%s:%u\n", host, fixture->port);

  g_assert_true (g_str_has_prefix (urls, stun));
}

static void
count_change (guint *changes)
{
  (*changes)++;
}

/* Rows that show them stay as they are, whatever else is taken in. */
static void
test_same_urls_stay (Fixture *fixture, gconstpointer data)
{
  GListModel *urls = th_engine_get_urls (fixture->engine);
  guint changes = 0;

  th_engine_start (fixture->engine, NULL);
  g_signal_connect_swapped (urls, "items-changed", G_CALLBACK (count_change), &changes);
  th_engine_reread (fixture->engine);
  g_assert_cmpuint (changes, ==, 0);
  fixture_set (fixture, TH_SETTING_ENDPOINT_HOST, "relay.example.org");
  th_engine_reread (fixture->engine);
  g_assert_cmpuint (changes, ==, 1);
  g_signal_handlers_disconnect_by_data (urls, &changes);
}

static void
test_host_in_urls (Fixture *fixture, gconstpointer data)
{
  fixture_set (fixture, TH_SETTING_RELAY_EXTERNAL_ADDRESS, "203.0.113.9/127.0.0.1");
  fixture_start (fixture);
  assert_host (fixture, "203.0.113.9");
  g_assert_cmpstr (th_engine_get_host (fixture->engine), ==, "203.0.113.9");

  fixture_set (fixture, TH_SETTING_RELAY_SERVER_NAME, "turn.example.org");
  th_engine_restart (fixture->engine);
  assert_host (fixture, "turn.example.org");

  fixture_set (fixture, TH_SETTING_ENDPOINT_HOST, "2001:db8::1");
  run_pending (); /* settings of the endpoint count at once */
  g_assert_cmpstr (th_engine_get_host (fixture->engine), ==, "2001:db8::1");
}

/* Rules for peers and limits, and the name in URLs, count at once; ports wait for a restart. */
static void
test_settings_while_running (Fixture *fixture, gconstpointer data)
{
  guint16 other_port = find_free_ports ();
  g_autofree char *text = g_strdup_printf ("%u", other_port);

  fixture_start (fixture);
  fixture_set (fixture, TH_SETTING_RELAY_SERVER_NAME, "turn.example.org");
  fixture_set (fixture, TH_SETTING_RELAY_PORT, text);
  fixture_set (fixture, TH_SETTING_LIMITS_USER_QUOTA, "1");
  run_pending ();
  assert_host (fixture, "turn.example.org"); /* with the old port */
  g_assert_cmpint (th_engine_get_state (fixture->engine), ==, TH_ENGINE_RUNNING);
}

static void
test_draining (Fixture *fixture, gconstpointer data)
{
  guint notified = 0;

  g_signal_connect (fixture->engine, "notify::draining", G_CALLBACK (on_notify), &notified);
  fixture_start (fixture);
  g_assert_false (th_engine_is_draining (fixture->engine));
  th_engine_set_draining (fixture->engine, TRUE);
  th_engine_set_draining (fixture->engine, TRUE);
  th_engine_restart (fixture->engine);
  g_assert_true (th_engine_is_draining (fixture->engine));
  g_assert_cmpuint (notified, ==, 1);
}

/* An IPv6 host stands in brackets, and only where the relay listens on IPv6. */
static void
test_ipv6_host (Fixture *fixture, gconstpointer data)
{
  fixture_set (fixture, TH_SETTING_ENDPOINT_HOST, "2001:db8::1");
  fixture_start (fixture);
  g_autofree char *ipv4_only = describe_urls (fixture->engine);
  g_assert_true (g_str_has_prefix (ipv4_only, "Endpoint "));

  if (!has_ipv6 ())
    {
      g_test_skip ("no IPv6 here");
      return;
    }
  fixture_set (fixture, TH_SETTING_RELAY_LISTEN, "127.0.0.1,::1");
  th_engine_restart (fixture->engine);
  assert_host (fixture, "[2001:db8::1]");
}

static void
test_endpoint_off (Fixture *fixture, gconstpointer data)
{
  fixture_set (fixture, TH_SETTING_ENDPOINT_PORT, "0");
  fixture_start (fixture);
  g_autofree char *urls = describe_urls (fixture->engine);
  g_assert_null (strstr (urls, "Endpoint"));
}

static void
test_endpoint_moves_alone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *port = g_strdup_printf ("%u", fixture->endpoint_port + 1);
  g_autofree char *part = g_strdup_printf (":%s/api", port);
  guint notified = 0;

  fixture_start (fixture);
  g_signal_connect (fixture->engine, "notify::state", G_CALLBACK (on_notify), &notified);
  fixture_set (fixture, TH_SETTING_ENDPOINT_PORT, port);
  run_pending ();
  g_autofree char *urls = describe_urls (fixture->engine);
  g_assert_nonnull (strstr (urls, part));
  g_assert_cmpuint (notified, ==, 0); /* the relay went on */
}

static void
test_extra_udp_port (Fixture *fixture, gconstpointer data)
{
  guint16 extra = find_free_ports ();
  g_autofree char *text = g_strdup_printf ("%u", extra);
  g_autofree char *url = g_strdup_printf ("TURN turn:127.0.0.1:%u?transport=udp\n", extra);

  fixture_set (fixture, TH_SETTING_RELAY_EXTRA_UDP_PORTS, text);
  fixture_start (fixture);
  g_autofree char *urls = describe_urls (fixture->engine);
  g_assert_nonnull (strstr (urls, url));
}

static void
on_self_test_finished (GObject *engine, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(GPtrArray **) data = th_self_test_run_finish (TH_ENGINE (engine), result, &error);
  g_assert_no_error (error);
}

static GPtrArray *
run_self_test (Fixture *fixture)
{
  GPtrArray *results = NULL;

  th_self_test_run_async (fixture->engine, NULL, on_self_test_finished, &results);
  while (results == NULL)
    g_main_context_iteration (NULL, TRUE);
  return results;
}

/* @workers: with none the relay answers from the same main loop that waits for the test */
static void
check_self_test (Fixture *fixture, const char *workers)
{
  fixture_set (fixture, TH_SETTING_RELAY_WORKERS, workers);
  fixture_set (fixture, TH_SETTING_RELAY_LISTEN, has_ipv6 () ? "127.0.0.1,::1" : "127.0.0.1");
  fixture_start (fixture);
  g_autoptr (GPtrArray) results = run_self_test (fixture);

  g_assert_cmpuint (results->len, ==, has_ipv6 () ? 4 : 2);
  for (guint i = 0; i < results->len; i++)
    {
      ThSelfTestResult *result = g_ptr_array_index (results, i);

      g_test_message ("%s", result->listener);
      g_assert_cmpstr (result->problem, ==, NULL);
      g_assert_true (g_str_has_prefix (result->relayed, "127.0.0.1:"));
    }
}

static void
test_self_test (Fixture *fixture, gconstpointer data)
{
  check_self_test (fixture, "2");
}

static void
test_self_test_without_workers (Fixture *fixture, gconstpointer data)
{
  check_self_test (fixture, "0");
}

/* Each allocation is given back, so that even the smallest quota is enough for all. */
static void
test_self_test_gives_back (Fixture *fixture, gconstpointer data)
{
  fixture_set (fixture, TH_SETTING_LIMITS_USER_QUOTA, "1");
  fixture_start (fixture);
  g_autoptr (GPtrArray) results = run_self_test (fixture);
  g_assert_cmpuint (results->len, ==, 2);
  for (guint i = 0; i < results->len; i++)
    g_assert_cmpstr (((ThSelfTestResult *) g_ptr_array_index (results, i))->problem, ==, NULL);
}

static void
test_state_is_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ThSecretRing *ring = th_engine_get_secret_ring (fixture->engine);
  g_autofree char *secret = g_strdup (th_secret_ring_get_current (ring));

  g_clear_object (&fixture->engine);
  fixture->engine = th_engine_new (fixture->settings, fixture->directory, &error);
  g_assert_no_error (error);
  ring = th_engine_get_secret_ring (fixture->engine);
  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, secret);
}

static void
test_state_cannot_be_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (th_engine_new (fixture->settings, "/proc/turnhouse-test", &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
}

/* Only a visitor of the public internet proves anything, and not one whom our own router leads back
 * to its outside address. */
static void
test_visits_from_outside (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *address; /* NULL: not known */
    gboolean outside;
  } rows[] = {
    { "8.8.8.8", TRUE },     { "2606:4700::1111", TRUE }, { NULL, FALSE },
    { "127.0.0.1", FALSE },  { "192.168.1.7", FALSE },    { "10.1.2.3", FALSE },
    { "100.64.0.9", FALSE }, { "fd00::7", FALSE },        { "fe80::7", FALSE },
    { "9.9.9.9", FALSE },
  };
  const ThEndpointBackend *backend = th_engine_get_backend ();

  fixture_set (fixture, TH_SETTING_RELAY_EXTERNAL_ADDRESS, "9.9.9.9/127.0.0.1");
  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ThAddress address = TH_ADDRESS_NONE;
      ThTestVisit *visit;

      g_assert_true (rows[i].address == NULL ||
                     th_address_parse (&address, rows[i].address, 50000));
      visit = backend->begin_test (fixture->engine, NULL, &address);
      g_assert_cmpint (th_test_visit_is_outside (visit), ==, rows[i].outside);
      backend->end_test (fixture->engine, visit);
    }
}

static void
test_test_links (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = NULL;

  g_assert_null (th_engine_make_test_link (fixture->engine)); /* without an endpoint */
  fixture_start (fixture);
  link = th_engine_make_test_link (fixture->engine);
  g_assert_true (g_str_has_prefix (link, "http://127.0.0.1:"));
  g_assert_cmpint (th_engine_get_test_link_left (fixture->engine, link), >, 0);
  g_assert_cmpint (th_engine_get_test_link_left (fixture->engine, link), <=,
                   TH_TEST_LINK_LIFETIME);
  g_assert_cmpint (th_engine_get_test_link_left (fixture->engine, "http://127.0.0.1/"), ==, 0);
  g_assert_true (th_one_time_take (fixture->engine->test_links,
                                   strstr (link, "link=") + strlen ("link="),
                                   g_get_monotonic_time ()));
  g_assert_cmpint (th_engine_get_test_link_left (fixture->engine, link), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("start-and-stop", test_start_and_stop);
  add ("restart", test_restart);
  add ("what-waits-for-a-restart-is-told", test_what_waits_for_a_restart_is_told);
  add ("urls-of-what-is-listened-on", test_urls);
  add ("same-urls-stay", test_same_urls_stay);
  add ("host-in-urls", test_host_in_urls);
  add ("settings-while-running", test_settings_while_running);
  add ("draining", test_draining);
  add ("ipv6-host-in-brackets", test_ipv6_host);
  add ("endpoint-off", test_endpoint_off);
  add ("endpoint-moves-alone", test_endpoint_moves_alone);
  add ("extra-udp-port-has-a-url", test_extra_udp_port);
  add ("self-test-gets-through", test_self_test);
  add ("self-test-without-workers", test_self_test_without_workers);
  add ("self-test-gives-back", test_self_test_gives_back);
  add ("visits-from-outside", test_visits_from_outside);
  add ("test-links", test_test_links);
  add ("state-is-kept", test_state_is_kept);
  add ("state-cannot-be-kept", test_state_cannot_be_kept);
  return g_test_run ();
}
