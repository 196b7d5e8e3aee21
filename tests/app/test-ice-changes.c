/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of what is said about two ICE tests.
 */
#include "app/ice-changes.h"

static ThIceRun *
make_run (gint64 round_trip, guint loss, const char *mapped)
{
  ThIceRunValues values = {
    .verdict = TH_ICE_VERDICT_GOOD,
    .headline = "",
    .mapped = TH_ADDRESS_NONE,
    .round_trip = round_trip,
    .loss = loss,
  };

  if (mapped != NULL)
    g_assert_true (th_address_parse (&values.mapped, mapped, 0));
  return th_ice_run_new (&values);
}

static void
add_path (ThIceRun *run, const char *url, ThIceRunOutcome outcome, ThIceStageKind stage)
{
  th_ice_run_add_path (
      run, &(ThIceRunPath) { .url = (char *) url, .outcome = outcome, .stage = stage });
}

static void
add_finding (ThIceRun *run, const char *id, const char *what)
{
  th_ice_run_add_finding (run, &(ThIceRunFinding) { (char *) id, TH_ICE_WARNING, (char *) what });
}

static void
assert_changes (ThIceRun *before, ThIceRun *after, const char *expected)
{
  g_auto (GStrv) changes = th_ice_changes_describe (before, after);
  g_autofree char *text = g_strjoinv ("\n", changes);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_same_runs_have_no_changes (void)
{
  g_autoptr (ThIceRun) run = make_run (1000, 0, "203.0.113.7");

  add_path (run, "turn:a:1", TH_ICE_RUN_WELL, 0);
  add_finding (run, "no-tls", "No TLS");
  assert_changes (run, run, "");
  g_assert_true (th_ice_run_says_the_same (run, run));
}

static void
test_findings_come_and_go (void)
{
  g_autoptr (ThIceRun) before = make_run (0, 0, NULL), after = make_run (0, 0, NULL);

  add_finding (before, "no-tls", "No TLS");
  add_finding (before, "no-srflx", "No address");
  add_finding (after, "no-srflx", "No address, in other words");
  add_finding (after, "wrong-secret", "100 % wrong");
  assert_changes (before, after, "New: 100 % wrong\nGone: No TLS");
  g_assert_false (th_ice_run_says_the_same (before, after));
  g_assert_false (th_ice_run_says_the_same (after, before));
}

static void
test_paths_that_work_or_fail_now (void)
{
  g_autoptr (ThIceRun) before = make_run (0, 0, NULL), after = make_run (0, 0, NULL);

  add_path (before, "turn:a:1", TH_ICE_RUN_FAILED, TH_ICE_STAGE_TLS);
  add_path (after, "turn:a:1", TH_ICE_RUN_WELL, 0);
  add_path (before, "turn:b:1", TH_ICE_RUN_WELL, 0);
  add_path (after, "turn:b:1", TH_ICE_RUN_FAILED, TH_ICE_STAGE_ECHO);
  add_path (before, "turn:c:1", TH_ICE_RUN_FAILED, TH_ICE_STAGE_DNS);
  add_path (after, "turn:c:1", TH_ICE_RUN_FAILED, TH_ICE_STAGE_DNS);
  add_path (before, "turn:d:1", TH_ICE_RUN_WELL, 0);
  add_path (after, "turn:e:1", TH_ICE_RUN_WELL, 0);
  add_path (after, "turn:f:1", TH_ICE_RUN_SKIPPED, 0);
  assert_changes (before, after,
                  "Works now: turn:a:1, IPv4\n"
                  "Fails now: turn:b:1, IPv4 (at Echo)\n"
                  "New and working: turn:e:1, IPv4\n"
                  "Not tested any more: turn:d:1, IPv4");
}

static void
test_a_failure_elsewhere_is_a_change (void)
{
  g_autoptr (ThIceRun) before = make_run (0, 0, NULL), after = make_run (0, 0, NULL);

  add_path (before, "turn:a:1", TH_ICE_RUN_FAILED, TH_ICE_STAGE_CONNECT);
  add_path (after, "turn:a:1", TH_ICE_RUN_FAILED, TH_ICE_STAGE_TLS);
  assert_changes (before, after, "Fails now: turn:a:1, IPv4 (at TLS)");
  g_assert_false (th_ice_run_says_the_same (before, after));
}

static void
test_another_address (void)
{
  g_autoptr (ThIceRun) before = make_run (0, 0, "203.0.113.5");
  g_autoptr (ThIceRun) after = make_run (0, 0, "203.0.113.7");
  g_autoptr (ThIceRun) unknown = make_run (0, 0, NULL);

  assert_changes (before, after, "This network’s address is 203.0.113.7, was 203.0.113.5");
  assert_changes (before, unknown, "");
}

static void
test_figures_that_differ_by_more_than_chance (void)
{
  g_autoptr (ThIceRun) slow = make_run (40100, 20000, NULL);
  g_autoptr (ThIceRun) fast = make_run (12300, 0, NULL);
  g_autoptr (ThIceRun) alike = make_run (13000, 100, NULL);
  g_autoptr (ThIceRun) unknown = make_run (0, 0, NULL);

  assert_changes (slow, fast,
                  "The round trip takes 12.3 ms, took 40.1 ms\n"
                  "0.0 % of packets are lost, were 2.0 %");
  assert_changes (fast, alike, "");
  assert_changes (slow, unknown, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/app/ice-changes/" name, function)
  ADD ("same-runs-have-no-changes", test_same_runs_have_no_changes);
  ADD ("findings-come-and-go", test_findings_come_and_go);
  ADD ("paths-that-work-or-fail-now", test_paths_that_work_or_fail_now);
  ADD ("a-failure-elsewhere-is-a-change", test_a_failure_elsewhere_is_a_change);
  ADD ("another-address", test_another_address);
  ADD ("figures-that-differ-by-more-than-chance", test_figures_that_differ_by_more_than_chance);
  return g_test_run ();
}
