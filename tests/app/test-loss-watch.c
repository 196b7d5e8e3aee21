/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A flood that overflows a receive buffer is counted and told, with the setting that helps.
 */
#include "app/loss-watch.h"

#include "fixture.h"

/* More than a listener's buffer holds. */
#define FLOOD 60000

static GSocket *
connect_to_relay (guint16 port)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  GSocket *socket = take_port (FALSE, 0);

  g_assert_true (g_socket_connect (socket, address, NULL, NULL));
  return socket;
}

static void
send_datagrams (GSocket *socket, guint n)
{
  static const char nothing[] = "neither STUN nor ChannelData";

  for (guint i = 0; i < n; i++)
    g_socket_send (socket, nothing, sizeof nothing, NULL, NULL);
}

static void
test_overflow_is_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) socket = connect_to_relay (fixture->port);
  g_autoptr (GListStore) problems = g_list_store_new (TH_TYPE_PROBLEM);
  ThRelay *relay = th_engine_get_relay (fixture->engine);
  ThLossWatch *watch = th_loss_watch_new (relay, problems);
  ThRelayStatistics statistics;

  fixture_set (fixture, TH_SETTING_RELAY_WORKERS, "0"); /* nobody reads until the loop runs */
  fixture_start (fixture);
  th_loss_watch_look (watch);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (problems)), ==, 0);

  send_datagrams (socket, FLOOD);
  run_pending ();
  send_datagrams (socket, 1); /* brings the kernel's count with it */
  run_pending ();

  th_relay_get_statistics (relay, &statistics);
  g_assert_cmpuint (statistics.dropped_receive_buffer, >, 0);
  g_assert_cmpuint (statistics.dropped_receive_buffer + statistics.malformed, ==, FLOOD + 1);

  th_loss_watch_look (watch);
  th_loss_watch_look (watch); /* says it once */
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (problems)), ==, 1);
  g_autoptr (ThProblem) problem = g_list_model_get_item (G_LIST_MODEL (problems), 0);
  g_assert_cmpstr (th_problem_get_id (problem), ==, "packets-lost");
  g_assert_cmpint (th_problem_get_severity (problem), ==, TH_SEVERITY_WARNING);
  th_loss_watch_free (watch);
}

static void
test_advice_names_the_setting (void)
{
  g_autofree char *small = th_loss_advice (212992);
  g_autofree char *large = th_loss_advice (8 * 1024 * 1024);

  g_assert_nonnull (strstr (small, "sysctl -w net.core.rmem_max=4194304"));
  g_assert_null (strstr (large, "sysctl"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/app/loss-watch/overflow-is-told", Fixture, NULL, fixture_set_up,
              test_overflow_is_told, fixture_tear_down);
  g_test_add_func ("/app/loss-watch/advice-names-the-setting", test_advice_names_the_setting);
  return g_test_run ();
}
