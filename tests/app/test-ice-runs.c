/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of the engine's ICE tests: of a real relay, with credentials of its own, and remembered.
 */
#include "app/ice-runs.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app/ice-run-file.h"
#include "app/test-visits.h"
#include "fixture.h"

#define add(path, test)                                                                            \
  g_test_add ("/app/ice-runs/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static const ThIceTestOptions quick = { .paths_only = TRUE };

static void
start (ThIceRuns *runs, const ThIceTestOptions *options)
{
  g_autoptr (GError) error = NULL;

  th_ice_runs_start (runs, options, &error);
  g_assert_no_error (error);
}

/* A test has a time limit of its own. */
static void
wait_for_end (ThIceRuns *runs)
{
  while (th_ice_test_is_running (th_ice_runs_get_test (runs)))
    g_main_context_iteration (NULL, TRUE);
}

static guint
count (ThIceRuns *runs)
{
  return g_list_model_get_n_items (th_ice_runs_get_history (runs));
}

/* (transfer full) */
static ThIceRun *
get_newest (ThIceRuns *runs)
{
  return g_list_model_get_item (th_ice_runs_get_history (runs), 0);
}

static void
assert_all_well (ThIceRun *run)
{
  const GPtrArray *paths = th_ice_run_get_paths (run);

  g_assert_cmpuint (paths->len, >=, 3); /* STUN, TURN over UDP and over TCP */
  for (guint i = 0; i < paths->len; i++)
    g_assert_cmpint (((ThIceRunPath *) paths->pdata[i])->outcome, ==, TH_ICE_RUN_WELL);
}

static void
test_own_relay_is_tested_and_remembered (Fixture *fixture, gconstpointer data)
{
  ThIceRuns *runs = th_engine_get_ice_runs (fixture->engine);

  fixture_start (fixture);
  g_assert_null (th_ice_runs_get_test (runs));
  start (runs, &quick);
  wait_for_end (runs);
  g_assert_cmpuint (count (runs), ==, 1);
  g_autoptr (ThIceRun) run = get_newest (runs);
  assert_all_well (run);
  g_assert_true (th_ice_run_get_values (run)->own_relay);
  g_assert_false (th_ice_run_get_values (run)->scheduled);
  g_assert_cmpint (th_ice_run_get_values (run)->verdict, !=, TH_ICE_VERDICT_BAD);
}

static gboolean
has_finding (ThIceRuns *runs, const char *id)
{
  GListModel *findings = th_ice_test_get_findings (th_ice_runs_get_test (runs));

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (ThIceFinding) finding = g_list_model_get_item (findings, i);

      if (g_str_equal (th_ice_finding_get_id (finding), id))
        return TRUE;
    }
  return FALSE;
}

/* What runs here cannot tell whether devices outside get through; one that did can. */
static void
test_device_outside_is_proof (Fixture *fixture, gconstpointer data)
{
  const char *const verdict = "{\"type\":\"verdict\",\"time\":1,\"verdict\":\"good\"}";
  ThIceRuns *runs = th_engine_get_ice_runs (fixture->engine);
  GListStore *visits = G_LIST_STORE (th_engine_get_test_visits (fixture->engine));
  g_autoptr (ThTestMessage) message = th_test_message_parse (verdict, strlen (verdict), NULL);
  g_autoptr (ThTestVisit) visit =
      th_test_visits_begin (visits, NULL, &TH_ADDRESS_NONE, TRUE);

  fixture_start (fixture);
  start (runs, &quick);
  wait_for_end (runs);
  g_assert_true (has_finding (runs, "not-seen-from-outside"));
  th_test_visit_take (visit, message);
  start (runs, &quick);
  wait_for_end (runs);
  g_assert_false (has_finding (runs, "not-seen-from-outside"));
}

static void
test_stopped_relay_is_not_tested (Fixture *fixture, gconstpointer data)
{
  ThIceRuns *runs = th_engine_get_ice_runs (fixture->engine);
  g_autoptr (GError) error = NULL;

  g_assert_false (th_ice_runs_start (runs, &quick, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_assert_null (th_ice_runs_get_test (runs));
}

static void
test_stopped_test_is_not_remembered (Fixture *fixture, gconstpointer data)
{
  ThIceRuns *runs = th_engine_get_ice_runs (fixture->engine);

  fixture_start (fixture);
  start (runs, &quick);
  th_ice_runs_stop (runs);
  g_assert_false (th_ice_test_is_running (th_ice_runs_get_test (runs)));
  start (runs, &quick); /* and ends with the relay */
  th_engine_stop (fixture->engine);
  g_assert_false (th_ice_test_is_running (th_ice_runs_get_test (runs)));
  g_assert_cmpuint (count (runs), ==, 0);
}

static void
test_other_servers_are_tested (Fixture *fixture, gconstpointer data)
{
  ThIceRuns *runs = th_engine_get_ice_runs (fixture->engine);
  g_autofree char *text = NULL;

  fixture_start (fixture);
  text = g_strdup_printf ("stun:127.0.0.1:%u", fixture->port);
  start (runs, &(ThIceTestOptions) { .text = text, .paths_only = TRUE });
  wait_for_end (runs);
  g_autoptr (ThIceRun) run = get_newest (runs);
  g_assert_false (th_ice_run_get_values (run)->own_relay);
  g_assert_cmpuint (th_ice_run_get_paths (run)->len, ==, 1);
}

static void
test_nonsense_is_not_remembered (Fixture *fixture, gconstpointer data)
{
  ThIceRuns *runs = th_engine_get_ice_runs (fixture->engine);

  start (runs, &(ThIceTestOptions) { .text = "{", .paths_only = TRUE });
  wait_for_end (runs);
  g_assert_nonnull (th_ice_test_get_error (th_ice_runs_get_test (runs)));
  g_assert_cmpuint (count (runs), ==, 0);
}

static void
remove_all (const char *directory)
{
  g_autoptr (GDir) files = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_remove (path);
    }
  g_rmdir (directory);
}

static void
test_history_outlasts_its_object (Fixture *fixture, gconstpointer data)
{
  g_autofree char *directory = g_build_filename (fixture->directory, "runs", NULL);
  ThIceRuns *runs = th_ice_runs_new (fixture->engine, directory);

  fixture_start (fixture);
  start (runs, &quick);
  wait_for_end (runs);
  g_object_unref (runs);
  runs = th_ice_runs_new (fixture->engine, directory);
  g_assert_cmpuint (count (runs), ==, 1);
  g_autoptr (ThIceRun) run = get_newest (runs);
  assert_all_well (run);
  th_ice_runs_forget (runs);
  g_object_unref (runs);

  g_autoptr (GListStore) left = th_ice_run_file_read (directory);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (left)), ==, 0);
  remove_all (directory);
}

static void
on_history_changed (GListModel *history, guint position, guint removed, guint added, guint *times)
{
  *times += added;
}

/* What says the same takes the place of what was said before. */
static void
test_timer_remembers_one (Fixture *fixture, gconstpointer data)
{
  ThIceRuns *runs = th_engine_get_ice_runs (fixture->engine);
  guint times = 0;

  g_signal_connect (th_ice_runs_get_history (runs), "items-changed",
                    G_CALLBACK (on_history_changed), &times);
  fixture_start (fixture);
  th_ice_runs_set_interval (runs, 1);
  while (times < 2)
    g_main_context_iteration (NULL, TRUE);
  th_ice_runs_set_interval (runs, 0);
  g_assert_cmpuint (count (runs), ==, 1);
  g_autoptr (ThIceRun) run = get_newest (runs);
  g_assert_true (th_ice_run_get_values (run)->scheduled);
  g_assert_null (th_ice_runs_get_test (runs));
}

/* ---- tests by the timer ---- */

typedef struct {
  guint scheduled;      /* tests that were remembered */
  guint turned_bad, turned_good;
} Watch;

static void
on_remembered (GListModel *history, guint position, guint removed, guint added, Watch *watch)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (ThIceRun) run = g_list_model_get_item (history, i);

      watch->scheduled += th_ice_run_get_values (run)->scheduled;
    }
}

static void
on_bad_changed (ThIceRuns *runs, GParamSpec *pspec, Watch *watch)
{
  if (th_ice_runs_is_bad (runs))
    watch->turned_bad++;
  else
    watch->turned_good++;
}

/* Has the relay of a started engine tested every second. */
static ThIceRuns *
watch_tests (Fixture *fixture, Watch *watch)
{
  ThIceRuns *runs = th_engine_get_ice_runs (fixture->engine);

  g_signal_connect (th_ice_runs_get_history (runs), "items-changed", G_CALLBACK (on_remembered),
                    watch);
  g_signal_connect (runs, "notify::bad", G_CALLBACK (on_bad_changed), watch);
  fixture_start (fixture);
  th_ice_runs_set_interval (runs, 1);
  return runs;
}

/* Until that many more tests have come to their end. */
static void
wait_for_scheduled (Watch *watch, guint n)
{
  n += watch->scheduled;
  while (watch->scheduled < n)
    g_main_context_iteration (NULL, TRUE);
}

/* Of the relay alone: the engine knows nothing of it, and tests on. */
static void
refuse_calls (Fixture *fixture, gboolean refuse)
{
  th_relay_set_draining (th_engine_get_relay (fixture->engine), refuse);
}

static guint
count_events (Fixture *fixture, const char *kind)
{
  GListModel *events = G_LIST_MODEL (th_engine_get_events (fixture->engine));
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr (ThEvent) event = g_list_model_get_item (events, i);

      n += g_str_equal (th_event_get_kind (event), kind);
    }
  return n;
}

static void
test_turns_bad_once_and_recovers (Fixture *fixture, gconstpointer data)
{
  Watch watch = { 0 };
  ThIceRuns *runs = watch_tests (fixture, &watch);

  wait_for_scheduled (&watch, 1);
  g_assert_false (th_ice_runs_is_bad (runs));
  refuse_calls (fixture, TRUE);
  wait_for_scheduled (&watch, 2);
  g_assert_true (th_ice_runs_is_bad (runs));
  g_assert_cmpuint (watch.turned_bad, ==, 1);
  refuse_calls (fixture, FALSE);
  wait_for_scheduled (&watch, 1);
  g_assert_false (th_ice_runs_is_bad (runs));
  g_assert_cmpuint (watch.turned_bad, ==, 1);
  g_assert_cmpuint (watch.turned_good, ==, 1);
  g_assert_cmpuint (count_events (fixture, "self-test-failed"), ==, 1);
  g_assert_cmpuint (count_events (fixture, "self-test-passed"), ==, 1);
  g_assert_cmpuint (count_events (fixture, "session-started"), ==, 0);
  g_assert_cmpuint (count_events (fixture, "session-ended"), ==, 0);
}

/* By whomever, and of whatever: only like is compared with like. */
static void
test_manual_tests_turn_nothing_bad (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = NULL;
  Watch watch = { 0 };
  ThIceRuns *runs = watch_tests (fixture, &watch);

  wait_for_scheduled (&watch, 1);
  th_ice_runs_set_interval (runs, 0);
  nowhere = g_strdup_printf ("turn:127.0.0.1:%u?transport=tcp", find_free_ports ());
  start (runs, &(ThIceTestOptions) { .text = nowhere, .paths_only = TRUE });
  wait_for_end (runs);
  refuse_calls (fixture, TRUE);
  start (runs, &quick);
  wait_for_end (runs);
  g_autoptr (ThIceRun) run = get_newest (runs);
  g_assert_cmpint (th_ice_run_get_values (run)->verdict, ==, TH_ICE_VERDICT_BAD);
  g_assert_false (th_ice_runs_is_bad (runs));
  g_assert_cmpuint (watch.turned_bad, ==, 0);
  g_assert_cmpuint (count_events (fixture, "session-started"), ==, 0);
}

/* Long before the hour is over. */
static void
test_what_was_mended_is_tested_again (Fixture *fixture, gconstpointer data)
{
  Watch watch = { 0 };
  ThIceRuns *runs = watch_tests (fixture, &watch);

  refuse_calls (fixture, TRUE);
  wait_for_scheduled (&watch, 1);
  g_assert_true (th_ice_runs_is_bad (runs));
  th_ice_runs_set_interval (runs, TH_ICE_RUNS_INTERVAL);
  g_assert_true (th_ice_runs_is_bad (runs));
  refuse_calls (fixture, FALSE);
  start (runs, &quick);
  wait_for_scheduled (&watch, 1);
  g_assert_false (th_ice_runs_is_bad (runs));
}

static void
test_what_was_bad_ends_with_the_relay (Fixture *fixture, gconstpointer data)
{
  Watch watch = { 0 };
  ThIceRuns *runs = watch_tests (fixture, &watch);

  refuse_calls (fixture, TRUE);
  wait_for_scheduled (&watch, 1);
  th_engine_stop (fixture->engine);
  g_assert_false (th_ice_runs_is_bad (runs));
  refuse_calls (fixture, FALSE);
  g_assert_cmpuint (count_events (fixture, "self-test-passed"), ==, 0);
  fixture_start (fixture); /* and so does its test */
  wait_for_scheduled (&watch, 1);
  g_assert_false (th_ice_runs_is_bad (runs));
}

static void
test_draining_relay_is_left_alone (Fixture *fixture, gconstpointer data)
{
  Watch watch = { 0 };
  ThIceRuns *runs = watch_tests (fixture, &watch);
  gint64 end = g_get_monotonic_time () + 3 * G_USEC_PER_SEC / 2;

  th_engine_set_draining (fixture->engine, TRUE);
  while (g_get_monotonic_time () < end)
    {
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
  g_assert_cmpuint (watch.scheduled, ==, 0);
  g_assert_false (th_ice_runs_is_bad (runs));
  th_engine_set_draining (fixture->engine, FALSE);
  wait_for_scheduled (&watch, 1);
}

static void
test_setting_says_whether (Fixture *fixture, gconstpointer data)
{
  ThIceRuns *runs = th_engine_get_ice_runs (fixture->engine);

  th_ice_runs_follow_setting (runs, FALSE);
  g_assert_cmpuint (th_ice_runs_get_interval (runs), ==, 0);
  th_ice_runs_follow_setting (runs, TRUE);
  g_assert_cmpuint (th_ice_runs_get_interval (runs), ==, TH_ICE_RUNS_INTERVAL);
  fixture_set (fixture, TH_SETTING_ICE_TEST_HOURLY, "false");
  g_assert_cmpuint (th_ice_runs_get_interval (runs), ==, 0);
  fixture_set (fixture, TH_SETTING_ICE_TEST_HOURLY, "true");
  th_ice_runs_follow_setting (runs, FALSE);
  g_assert_cmpuint (th_ice_runs_get_interval (runs), ==, TH_ICE_RUNS_INTERVAL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("own-relay-is-tested-and-remembered", test_own_relay_is_tested_and_remembered);
  add ("device-outside-is-proof", test_device_outside_is_proof);
  add ("stopped-relay-is-not-tested", test_stopped_relay_is_not_tested);
  add ("stopped-test-is-not-remembered", test_stopped_test_is_not_remembered);
  add ("other-servers-are-tested", test_other_servers_are_tested);
  add ("nonsense-is-not-remembered", test_nonsense_is_not_remembered);
  add ("history-outlasts-its-object", test_history_outlasts_its_object);
  add ("timer-remembers-one", test_timer_remembers_one);
  add ("turns-bad-once-and-recovers", test_turns_bad_once_and_recovers);
  add ("manual-tests-turn-nothing-bad", test_manual_tests_turn_nothing_bad);
  add ("what-was-mended-is-tested-again", test_what_was_mended_is_tested_again);
  add ("what-was-bad-ends-with-the-relay", test_what_was_bad_ends_with_the_relay);
  add ("draining-relay-is-left-alone", test_draining_relay_is_left_alone);
  add ("setting-says-whether", test_setting_says_whether);
  return g_test_run ();
}
