/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of an engine that remembers what it carried, and says when the plan is nearly used.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "../relay/client.h"
#include "app/kept-file.h"
#include "app/traffic-file.h"
#include "fixture.h"

#define TEXT     "as much as this"
#define GIGABYTE G_GUINT64_CONSTANT (1000000000)

/* Carries the text to a peer twice, and once back. */
static void
carry (Fixture *fixture)
{
  g_autoptr (ThCredential) credential =
      th_secret_ring_mint (th_engine_get_secret_ring (fixture->engine), "anna", 600,
                           g_get_real_time () / G_USEC_PER_SEC, NULL);
  g_autoptr (Client) client = NULL;
  ThAddress address;
  Peer peer;

  g_assert_true (th_address_parse (&address, "127.0.0.1", fixture->port));
  client = client_new (TH_TRANSPORT_UDP, &address, credential->username);
  client_set_password (client, credential->password);
  peer_open (&peer, "127.0.0.1");
  g_assert_cmpuint (client_allocate (client), ==, 0);
  g_assert_cmpuint (client_permit (client, &peer.address), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      client_send (client, &peer.address, TEXT, strlen (TEXT));
      peer_expect (&peer, TEXT, NULL);
    }
  peer_send (&peer, &client->relayed, TEXT, strlen (TEXT));
  client_expect_data (client, &peer.address, TEXT);
  peer_close (&peer);
}

static void
start (Fixture *fixture)
{
  fixture_set (fixture, TH_SETTING_RELAY_ALLOW_PEERS, "127.0.0.0/8");
  fixture_start (fixture);
}

static void
make_engine_anew (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  th_engine_stop (fixture->engine);
  g_object_unref (fixture->engine);
  fixture->engine = th_engine_new (fixture->settings, fixture->directory, &error);
  g_assert_no_error (error);
}

static guint64
get_month (Fixture *fixture)
{
  ThTrafficRecorder *traffic = th_engine_get_traffic (fixture->engine);
  ThTrafficTotals totals;

  th_traffic_recorder_look (traffic);
  th_traffic_recorder_get_totals (traffic, &totals);
  return totals.month;
}

/* As if that had been sent today, before this start. */
static void
keep_bytes (Fixture *fixture, guint64 bytes)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;
  gsize length;

  th_traffic_history_note (history, g_get_real_time () / G_USEC_PER_SEC, zone,
                           &(ThTrafficBytes) { .to_peers = bytes });
  json = th_traffic_file_print (history, &length);
  make_engine_anew (fixture);
  th_kept_file_write (fixture->directory, TH_TRAFFIC_FILE_NAME, json, length, &error);
  g_assert_no_error (error);
  make_engine_anew (fixture);
}

static char *
get_plan_title (Fixture *fixture)
{
  g_autoptr (ThProblem) problem = get_problem (fixture->engine, "traffic-plan");

  g_assert_cmpint (th_problem_get_severity (problem), ==, TH_SEVERITY_WARNING);
  return g_strdup (th_problem_get_title (problem));
}

static guint
count_problems (Fixture *fixture)
{
  return g_list_model_get_n_items (th_engine_get_problems (fixture->engine));
}

static void
test_traffic_outlives_the_engine (Fixture *fixture, gconstpointer data)
{
  guint n;

  start (fixture);
  carry (fixture);
  g_assert_cmpuint (get_month (fixture), ==, 3 * strlen (TEXT));
  make_engine_anew (fixture);
  g_assert_cmpuint (get_month (fixture), ==, 3 * strlen (TEXT));

  start (fixture);
  g_assert_cmpuint (get_month (fixture), ==, 3 * strlen (TEXT));
  carry (fixture);
  g_assert_cmpuint (get_month (fixture), ==, 6 * strlen (TEXT));
  th_engine_restart (fixture->engine);
  carry (fixture);
  carry (fixture); /* more than was counted before: the counters start at zero */
  carry (fixture);
  g_assert_cmpuint (get_month (fixture), ==, 15 * strlen (TEXT));

  const ThTrafficRow *minutes = th_traffic_history_get_minutes (
      th_traffic_recorder_get_history (th_engine_get_traffic (fixture->engine)), &n);
  guint64 to_peers = 0;
  for (guint i = 0; i < n; i++)
    to_peers += minutes[i].bytes.to_peers;
  g_assert_cmpuint (to_peers, ==, 10 * strlen (TEXT));
}

static void
test_no_traffic_writes_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, TH_TRAFFIC_FILE_NAME, NULL);

  start (fixture);
  th_engine_stop (fixture->engine);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_plan_is_warned_of (Fixture *fixture, gconstpointer data)
{
  g_autofree char *used = NULL, *over = NULL;

  keep_bytes (fixture, 81 * GIGABYTE);
  start (fixture);
  g_assert_cmpuint (count_problems (fixture), ==, 0);
  fixture_set (fixture, TH_SETTING_TRAFFIC_PLAN_LIMIT, "102");
  g_assert_cmpuint (count_problems (fixture), ==, 0); /* 79 % */

  fixture_set (fixture, TH_SETTING_TRAFFIC_PLAN_LIMIT, "100");
  used = get_plan_title (fixture);
  g_assert_cmpstr (used, ==, "81 % of this month’s traffic plan is used");
  fixture_set (fixture, TH_SETTING_TRAFFIC_PLAN_LIMIT, "81");
  over = get_plan_title (fixture);
  g_assert_cmpstr (over, ==, "This month’s traffic plan is used up");
  g_assert_cmpuint (count_problems (fixture), ==, 1);

  th_engine_restart (fixture->engine);
  g_assert_cmpuint (count_problems (fixture), ==, 1);
  fixture_set (fixture, TH_SETTING_TRAFFIC_PLAN_LIMIT, "0");
  g_assert_cmpuint (count_problems (fixture), ==, 0);
}

static void
test_what_cannot_be_written_is_said_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *blocker =
      g_build_filename (fixture->directory, TH_TRAFFIC_FILE_NAME ".new", NULL);

  g_assert_cmpint (g_mkdir (blocker, 0700), ==, 0);
  start (fixture);
  carry (fixture);
  g_test_expect_message ("turnhouse-app", G_LOG_LEVEL_WARNING, "traffic is not kept:*");
  th_engine_stop (fixture->engine);
  g_test_assert_expected_messages ();
  th_engine_stop (fixture->engine); /* tries again, and says nothing */
  g_rmdir (blocker);
  make_engine_anew (fixture);
  g_assert_cmpuint (get_month (fixture), ==, 3 * strlen (TEXT));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/app/traffic-recorder/" name, Fixture, NULL, fixture_set_up, function,              \
              fixture_tear_down)
  ADD ("traffic-outlives-the-engine", test_traffic_outlives_the_engine);
  ADD ("no-traffic-writes-nothing", test_no_traffic_writes_nothing);
  ADD ("plan-is-warned-of", test_plan_is_warned_of);
  ADD ("what-cannot-be-written-is-said-once", test_what_cannot_be_written_is_said_once);
  return g_test_run ();
}
