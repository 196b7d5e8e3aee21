/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole tests: from a text to a verdict, against our own relay and against nothing at all; quick
 * where all is well, never a hang, and stopped at any moment without a trace.
 */
#include <string.h>

#include "../relay/descriptors.h"
#include "../relay/fixture.h"
#include "credentials/json-object.h"
#include "ice/ice-pair.h"
#include "ice/ice-report.h"
#include "ice/ice-server-list.h"
#include "running.h"

#define ROUNDS 100

static void
run_test (ThIceTest *test)
{
  th_ice_test_start (test);
  while (th_ice_test_is_running (test))
    g_main_context_iteration (NULL, TRUE);
}

static ThIceTest *
try_text (const char *text, const char *password)
{
  ThIceTestOptions options = {
    .text = text, .username = "anna", .password = password, .timeout = 1000, .paths_only = TRUE,
  };
  ThIceTest *test = th_ice_test_new (&options);

  run_test (test);
  return test;
}

static char *
make_list (const Fixture *fixture)
{
  char address[TH_ADDRESS_STRING_SIZE];

  th_address_format (&fixture->address, address);
  return g_strdup_printf ("stun:%s, turn:%s, turn:%s?transport=tcp", address, address, address);
}

/* With everything: candidates, router, call. */
static ThIceTest *
try_whole (const char *text, gboolean relay_only)
{
  ThIceTestOptions options = {
    .text = text, .username = "anna", .password = "anna-secret", .relay_only = relay_only,
  };
  ThIceTest *test = th_ice_test_new (&options);

  run_test (test);
  return test;
}

static gboolean
has_finding (ThIceTest *test, const char *id)
{
  GListModel *findings = th_ice_test_get_findings (test);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (ThIceFinding) finding = g_list_model_get_item (findings, i);

      if (g_str_equal (th_ice_finding_get_id (finding), id))
        return TRUE;
    }
  return FALSE;
}

static void
check_paths (ThIceTest *test, guint expected)
{
  GListModel *paths = th_ice_test_get_paths (test);

  g_assert_cmpuint (g_list_model_get_n_items (paths), ==, expected);
  for (guint i = 0; i < expected; i++)
    {
      g_autoptr (ThIcePath) path = g_list_model_get_item (paths, i);

      g_assert_true (th_ice_path_is_well (path));
    }
}

static void
test_well (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (ThIceTest) test = NULL;

  fixture_start (fixture);
  text = make_list (fixture);
  test = try_text (text, "anna-secret");
  check_paths (test, 3);
  g_assert_cmpint (th_ice_test_get_verdict (test), ==, TH_ICE_VERDICT_LIMITED);
  g_assert_true (has_finding (test, "no-tls"));
  g_assert_cmpuint (g_list_model_get_n_items (th_ice_test_get_findings (test)), ==, 1);
  g_assert_cmpint (th_ice_test_get_took (test), <, 3 * G_USEC_PER_SEC);
}

static void
test_whole (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL, *report = NULL;
  g_autoptr (ThIceTest) test = NULL;
  g_autoptr (ThIcePair) selected = NULL;
  ThIceFigures figures;

  fixture_start (fixture);
  text = make_list (fixture);
  test = try_whole (text, TRUE);
  check_paths (test, 3);
  g_assert_cmpuint (g_list_model_get_n_items (th_ice_test_get_candidates (test)), >, 0);
  selected = g_list_model_get_item (th_ice_test_get_pairs (test), 0);
  g_assert_true (th_ice_pair_is_selected (selected));
  g_assert_true (th_ice_test_get_figures (test, &figures));
  g_assert_cmpint (figures.rtt_p50, >, 0);
  g_assert_false (has_finding (test, "not-connected"));
  g_assert_false (has_finding (test, "no-relay"));
  g_assert_cmpint (th_ice_test_get_took (test), <, 3 * G_USEC_PER_SEC);
  report = th_ice_report_json (test);
  g_assert_null (strstr (report, "secret"));
}

static void
test_both_families (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (ThIceTest) test = NULL;

  if (!has_ipv6 ())
    {
      g_test_skip ("no IPv6 here");
      return;
    }
  fixture_listen_also (fixture, "::1");
  fixture_start (fixture);
  text = g_strdup_printf ("turn:localhost:%u turn:localhost:%u?transport=tcp",
                          th_address_port (&fixture->address),
                          th_address_port (&fixture->address));
  test = try_text (text, "anna-secret");
  check_paths (test, 4);
}

static void
test_wrong_password (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (ThIceTest) test = NULL;

  fixture_start (fixture);
  text = make_list (fixture);
  test = try_text (text, "bob-secret");
  g_assert_cmpint (th_ice_test_get_verdict (test), ==, TH_ICE_VERDICT_BAD);
  g_assert_true (has_finding (test, "wrong-secret"));
  g_assert_nonnull (strstr (th_ice_test_get_headline (test), "401"));
}

static void
test_no_credentials (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (ThIceTest) test = NULL;

  fixture_start (fixture);
  text = make_list (fixture);
  test = try_text (text, NULL);
  g_assert_true (has_finding (test, "no-credentials"));
}

static void
test_quota (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (ThIceTest) test = NULL;

  fixture->config->total_quota = 1;
  fixture_start (fixture);
  text = make_list (fixture);
  test = try_text (text, "anna-secret");
  g_assert_true (has_finding (test, "quota-reached"));
}

static void
test_stopped_relay (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (ThIceTest) test = NULL;

  fixture_start (fixture);
  text = make_list (fixture);
  th_relay_stop (fixture->relay);
  test = try_text (text, "anna-secret");
  g_assert_cmpint (th_ice_test_get_verdict (test), ==, TH_ICE_VERDICT_BAD);
  g_assert_true (has_finding (test, "unreachable"));
}

static gboolean
relay_is_empty (Fixture *fixture)
{
  return fixture_look (fixture)->sessions == 0;
}

static void
test_rounds (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  guint before;

  fixture_start (fixture);
  text = make_list (fixture);
  g_object_unref (try_text (text, "anna-secret")); /* what is made once is made */
  run_for (20);
  before = count_descriptors ();
  for (guint i = 0; i < ROUNDS; i++)
    {
      ThIceTestOptions options = { .text = text, .username = "anna", .password = "anna-secret" };
      g_autoptr (ThIceTest) test = th_ice_test_new (&options);

      th_ice_test_start (test);
      for (gint n = g_test_rand_int_range (0, 50); n > 0; n--)
        wait_a_little (-1);
      if (i % 2 == 0)
        th_ice_test_stop (test);
      g_assert_true (i % 2 == 1 || !th_ice_test_is_running (test));
    }
  wait_until (count_descriptors () <= before);
  wait_until (relay_is_empty (fixture));
}

static void
on_event (ThIceTest *test, gint64 time, const char *text, gint64 *last)
{
  g_assert_cmpint (time, >=, *last);
  g_assert_cmpstr (text, !=, "");
  *last = time;
}

static void
test_events (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (ThIceTest) test = NULL;
  ThIceTestOptions options = { .username = "anna", .password = "anna-secret" };
  gint64 last = 0;

  fixture_start (fixture);
  text = make_list (fixture);
  options.text = text;
  test = th_ice_test_new (&options);
  g_signal_connect (test, "event", G_CALLBACK (on_event), &last);
  run_test (test);
  g_assert_cmpint (last, >, 0);
  g_assert_cmpint (last, <=, th_ice_test_get_took (test));
}

static void
test_transports (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (ThIceTest) test = NULL;
  ThIceTestOptions options = {
    .username = "anna", .password = "anna-secret", .transports = 1u << TH_ICE_TCP,
    .paths_only = TRUE,
  };

  fixture_start (fixture);
  text = make_list (fixture);
  options.text = text;
  test = th_ice_test_new (&options);
  run_test (test);
  check_paths (test, 1);
}

static void
test_report (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL, *json = NULL, *markdown = NULL;
  g_autoptr (ThIceTest) test = NULL;
  g_autoptr (JsonObject) object = NULL;

  fixture_start (fixture);
  text = make_list (fixture);
  test = try_text (text, "anna-secret");
  json = th_ice_report_json (test);
  markdown = th_ice_report_markdown (test);
  object = th_json_object_parse (json, strlen (json), 16);
  g_assert_nonnull (object);
  g_assert_cmpstr (json_object_get_string_member (object, "verdict"), ==, "limited");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "paths")), ==, 3);
  g_assert_null (strstr (json, "secret"));
  g_assert_null (strstr (markdown, "secret"));
  g_assert_null (strstr (json, "anna"));
  g_assert_null (strstr (markdown, "anna"));
  g_assert_nonnull (strstr (markdown, "transport=tcp"));
}

/* Bad input ends in a clear row, and soon. */

static void
test_of_no_use (void)
{
  static const char *const texts[] = { "", "[{\"urls\":", "[]", "\x01\x02", "{\"iceServers\":7}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (ThIceTest) test = try_text (texts[i], NULL);
      gboolean told = th_ice_test_get_error (test) != NULL ||
                      th_ice_test_get_refused_rows (test)[0] != NULL;

      g_assert_true (told);
      g_assert_cmpint (th_ice_test_get_verdict (test), ==, TH_ICE_VERDICT_BAD);
      g_assert_cmpstr (th_ice_test_get_headline (test), !=, "");
    }
}

static void
test_a_thousand (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (ThIceTest) test = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, "turn:127.0.0.1:%u\n", 1 + i % 500);
  test = try_text (text->str, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (th_ice_test_get_paths (test)), ==,
                    TH_ICE_SERVERS_MAX);
  g_assert_true (has_finding (test, "not-servers"));
  g_assert_true (has_finding (test, "unreachable"));
}

static void
test_unknown_names (void)
{
  g_autoptr (ThIceTest) test = try_text ("turn:a.invalid turn:b.invalid turns:c.invalid", NULL);

  g_assert_cmpint (th_ice_test_get_verdict (test), ==, TH_ICE_VERDICT_BAD);
  g_assert_true (has_finding (test, "name-unknown") || has_finding (test, "name-server-silent"));
  g_assert_cmpint (th_ice_test_get_took (test), <, 3 * G_USEC_PER_SEC);
}

/* A server that takes connections and datagrams, and never says a word. */
static void
test_silence (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *text = g_strdup_printf (
      "turn:127.0.0.1:%u?transport=tcp turns:127.0.0.1:%u http://127.0.0.1:%u/", port, port, port);
  g_autoptr (ThIceTest) test = try_text (text, NULL);

  g_assert_cmpuint (g_list_model_get_n_items (th_ice_test_get_paths (test)), ==, 2);
  g_assert_true (has_finding (test, "unreachable"));
  g_assert_true (has_finding (test, "tls-failed"));
  g_assert_nonnull (strstr (th_ice_test_get_refused_rows (test)[0], "in time"));
  g_assert_cmpint (th_ice_test_get_took (test), <, 3 * G_USEC_PER_SEC);
}

static void
test_trust_that_cannot_be_read (void)
{
  ThIceTestOptions options = { .text = "turn:127.0.0.1:1", .trust_file = "/nonexistent.pem" };
  g_autoptr (ThIceTest) test = th_ice_test_new (&options);

  run_test (test);
  g_assert_error (th_ice_test_get_error (test), TH_ICE_ERROR, TH_ICE_ERROR_INVALID);
}

static void
test_never_started (void)
{
  ThIceTestOptions options = { .text = "turn:127.0.0.1:1" };
  g_autoptr (ThIceTest) test = th_ice_test_new (&options);

  th_ice_test_stop (test);
  g_assert_cmpint (th_ice_test_get_verdict (test), ==, TH_ICE_VERDICT_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/ice/test/a-healthy-relay-is-told-so-soon", test_well);
  add_test ("/ice/test/a-whole-test-gathers-and-calls", test_whole);
  add_test ("/ice/test/names-are-tried-over-both-families", test_both_families);
  add_test ("/ice/test/a-wrong-password-is-told", test_wrong_password);
  add_test ("/ice/test/missing-credentials-are-told", test_no_credentials);
  add_test ("/ice/test/a-quota-is-told", test_quota);
  add_test ("/ice/test/a-stopped-relay-is-told", test_stopped_relay);
  add_test ("/ice/test/a-hundred-rounds-leave-nothing", test_rounds);
  add_test ("/ice/test/events-come-in-order", test_events);
  add_test ("/ice/test/only-wanted-transports-are-tried", test_transports);
  add_test ("/ice/test/reports-hold-no-secrets", test_report);
  g_test_add_func ("/ice/test/what-is-no-list-is-told", test_of_no_use);
  g_test_add_func ("/ice/test/of-a-thousand-the-first-are-tried", test_a_thousand);
  g_test_add_func ("/ice/test/unknown-names-are-told", test_unknown_names);
  g_test_add_func ("/ice/test/silence-ends", test_silence);
  g_test_add_func ("/ice/test/trust-that-cannot-be-read-is-told", test_trust_that_cannot_be_read);
  g_test_add_func ("/ice/test/never-started", test_never_started);
  return g_test_run ();
}
