/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is said when something is wrong, and that pressing the button puts it right.
 */
#include <errno.h>

#include "app/free-port.h"
#include "app/port-owner.h"
#include "app/problems.h"
#include "fixture.h"
#include "relay/listener-info-private.h"

#define add(path, test)                                                                            \
  g_test_add ("/app/problems/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static const char *
own_name (void)
{
  static char name[16];
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/comm", &text, NULL, NULL));
  g_strlcpy (name, g_strchomp (text), sizeof name);
  return name;
}

static void
test_port_taken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) udp = take_port (FALSE, fixture->port);
  g_autoptr (GSocket) tcp = take_port (TRUE, fixture->port);
  g_autofree char *title = g_strdup_printf ("Port %u is taken by another program (%s",
                                            fixture->port, own_name ());
  g_autofree char *action = g_strdup_printf ("Use Port %u", fixture->port + 1);
  g_autoptr (GError) error = NULL;

  g_assert_false (th_engine_start (fixture->engine, &error));
  g_assert_nonnull (strstr (error->message, title));
  g_assert_cmpint (th_engine_get_state (fixture->engine), ==, TH_ENGINE_FAILED);

  g_autoptr (ThProblem) problem = get_problem (fixture->engine, "port-in-use");
  g_assert_true (g_str_has_prefix (th_problem_get_title (problem), title));
  g_assert_cmpint (th_problem_get_severity (problem), ==, TH_SEVERITY_ERROR);
  g_assert_cmpstr (th_problem_get_action_label (problem), ==, action);
  g_assert_cmpuint (g_list_model_get_n_items (th_engine_get_problems (fixture->engine)), ==, 1);
}

static void
test_button_takes_another_port (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) udp = take_port (FALSE, fixture->port);
  g_autofree char *url = g_strdup_printf ("turn:127.0.0.1:%u?transport=udp", fixture->port + 1);

  th_engine_start (fixture->engine, NULL);
  g_autoptr (ThProblem) problem = get_problem (fixture->engine, "port-in-use");
  th_engine_resolve_problem (fixture->engine, problem);

  g_assert_cmpint (th_engine_get_state (fixture->engine), ==, TH_ENGINE_RUNNING);
  g_assert_cmpuint (g_list_model_get_n_items (th_engine_get_problems (fixture->engine)), ==, 0);
  g_assert_cmpint (th_settings_get_integer (fixture->settings, TH_SETTING_RELAY_PORT), ==,
                   fixture->port + 1);
  g_autofree char *urls = describe_urls (fixture->engine);
  g_assert_nonnull (strstr (urls, url));
}

/* The next port is taken as well, for one transport alone: it is not offered. */
static void
test_offered_port_is_free_for_both (Fixture *fixture, gconstpointer data)
{
  for (guint tcp = 0; tcp < 2; tcp++)
    {
      g_autoptr (GSocket) udp = take_port (FALSE, fixture->port);
      g_autoptr (GSocket) next = take_port (tcp, fixture->port + 1);

      th_engine_start (fixture->engine, NULL);
      g_autoptr (ThProblem) problem = get_problem (fixture->engine, "port-in-use");
      g_assert_cmpuint (th_problem_get_value (problem), >, fixture->port + 1);
    }
}

/* With one transport of two the relay runs, and only what it lacks is told. */
static void
test_tcp_port_taken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) tcp = take_port (TRUE, fixture->port);
  g_autofree char *title = g_strdup_printf ("Port %u (TCP) is taken", fixture->port);

  g_assert_false (th_engine_start (fixture->engine, NULL));
  g_assert_cmpint (th_engine_get_state (fixture->engine), ==, TH_ENGINE_RUNNING);

  g_autoptr (ThProblem) problem = get_problem (fixture->engine, "port-in-use");
  g_assert_true (g_str_has_prefix (th_problem_get_title (problem), title));
  g_assert_cmpint (th_problem_get_severity (problem), ==, TH_SEVERITY_WARNING);

  g_autofree char *urls = describe_urls (fixture->engine);
  g_assert_nonnull (strstr (urls, "transport=udp"));
  g_assert_null (strstr (urls, "transport=tcp"));
}

static void
test_endpoint_port_taken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) tcp = take_port (TRUE, fixture->endpoint_port);

  g_assert_false (th_engine_start (fixture->engine, NULL));
  g_assert_cmpint (th_engine_get_state (fixture->engine), ==, TH_ENGINE_RUNNING);

  g_autoptr (ThProblem) problem = get_problem (fixture->engine, "endpoint-port-in-use");
  g_assert_cmpuint (th_problem_get_value (problem), ==, fixture->endpoint_port + 1);
  g_autofree char *before = describe_urls (fixture->engine);
  g_assert_null (strstr (before, "Endpoint"));

  th_engine_resolve_problem (fixture->engine, problem);
  g_autofree char *after = describe_urls (fixture->engine);
  g_assert_nonnull (strstr (after, "Endpoint"));
}

/* What is told anew, because its numbers are others, stays where it was. */
static void
test_kinds_keep_their_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListStore) problems = g_list_store_new (TH_TYPE_PROBLEM);
  static const char *const unusable[] = { "203.0.113.9/192.0.2.77", NULL };
  ThTrafficTotals totals = { .month = 90 };

  th_problems_add_plan (problems, &totals, 100);
  th_problems_add_loss (problems, 1, "Advice");
  th_problems_add_addresses (problems, unusable);
  for (guint lost = 2; lost < 4; lost++)
    {
      static const char *const order[] = { "external-address", "packets-lost", "traffic-plan" };

      for (guint i = 0; i < G_N_ELEMENTS (order); i++)
        {
          g_autoptr (ThProblem) problem = g_list_model_get_item (G_LIST_MODEL (problems), i);

          g_assert_cmpstr (th_problem_get_id (problem), ==, order[i]);
        }
      th_problems_remove (problems, "packets-lost");
      th_problems_add_loss (problems, lost, "Advice");
    }
}

static void
test_worst_first (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) endpoint = take_port (TRUE, fixture->endpoint_port);
  g_autoptr (GSocket) udp = take_port (FALSE, fixture->port);
  g_autoptr (GSocket) tcp = take_port (TRUE, fixture->port);

  fixture_set (fixture, TH_SETTING_RELAY_EXTERNAL_ADDRESS, "203.0.113.9/192.0.2.77");
  th_engine_start (fixture->engine, NULL);

  GListModel *problems = th_engine_get_problems (fixture->engine);
  g_autoptr (ThProblem) first = g_list_model_get_item (problems, 0);
  g_assert_cmpuint (g_list_model_get_n_items (problems), ==, 3);
  g_assert_cmpstr (th_problem_get_id (first), ==, "port-in-use");
}

static void
test_external_address (Fixture *fixture, gconstpointer data)
{
  fixture_set (fixture, TH_SETTING_RELAY_EXTERNAL_ADDRESS, "203.0.113.9/192.0.2.77");
  th_engine_start (fixture->engine, NULL);
  g_autoptr (ThProblem) problem = get_problem (fixture->engine, "external-address");
  g_assert_nonnull (strstr (th_problem_get_title (problem), "203.0.113.9/192.0.2.77"));
  g_assert_cmpint (th_engine_get_state (fixture->engine), ==, TH_ENGINE_RUNNING);
}

static void
test_no_port (Fixture *fixture, gconstpointer data)
{
  fixture_set (fixture, TH_SETTING_RELAY_PORT, "0");
  g_assert_false (th_engine_start (fixture->engine, NULL));
  g_autoptr (ThProblem) problem = get_problem (fixture->engine, "no-port");
  g_assert_cmpuint (th_problem_get_value (problem), ==, 3478);
}

static void
test_address_gone (Fixture *fixture, gconstpointer data)
{
  fixture_set (fixture, TH_SETTING_RELAY_LISTEN, "127.0.0.1,192.0.2.77");
  g_assert_false (th_engine_start (fixture->engine, NULL));
  g_assert_cmpint (th_engine_get_state (fixture->engine), ==, TH_ENGINE_RUNNING);
  g_autoptr (ThProblem) problem = get_problem (fixture->engine, "address-gone");
  g_assert_cmpstr (th_problem_get_title (problem), ==, "192.0.2.77 is no address of this machine");

  /* What is not listened on is in no URL. */
  g_autofree char *urls = describe_urls (fixture->engine);
  g_assert_null (strstr (urls, "192.0.2.77"));
}

static void
test_stop_clears_problems (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) tcp = take_port (TRUE, fixture->port);

  th_engine_start (fixture->engine, NULL);
  th_engine_stop (fixture->engine);
  g_assert_cmpuint (g_list_model_get_n_items (th_engine_get_problems (fixture->engine)), ==, 0);
}

static void
test_tokens_file_missing (Fixture *fixture, gconstpointer data)
{
  fixture_set (fixture, TH_SETTING_ENDPOINT_TOKENS_FILE, "/nonexistent/tokens");
  g_assert_false (th_engine_start (fixture->engine, NULL));
  g_assert_cmpint (th_engine_get_state (fixture->engine), ==, TH_ENGINE_RUNNING);
  g_autoptr (ThProblem) problem = get_problem (fixture->engine, "endpoint-failed");
  g_assert_nonnull (strstr (th_problem_get_detail (problem), "/nonexistent/tokens"));
}

/* Every way to fail that the kernel has, without having to bring it about. */
static void
test_words_for_errors (void)
{
  const struct {
    int error_number;
    const char *id;
    const char *title;
  } rows[] = {
    { EACCES, "port-forbidden", "Port 80 (UDP) is reserved for the system" },
    { EPERM, "port-forbidden", "Port 80 (UDP) is reserved for the system" },
    { EADDRNOTAVAIL, "address-gone", "127.0.0.1 is no address of this machine" },
    { EMFILE, "listener-failed", "Port 80 (UDP) cannot be opened" },
  };
  g_autoptr (ThRelayConfig) config = th_relay_config_new ();
  ThAddress address;

  config->port = 80;
  th_address_parse (&address, "127.0.0.1", 80);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GListStore) problems = g_list_store_new (TH_TYPE_PROBLEM);
      g_autoptr (GListStore) listeners = g_list_store_new (TH_TYPE_LISTENER_INFO);
      g_autoptr (ThListenerInfo) info =
          th_listener_info_new (TH_TRANSPORT_UDP, &address, rows[i].error_number);

      g_list_store_append (listeners, info);
      th_problems_add_listeners (problems, G_LIST_MODEL (listeners), config);
      g_autoptr (ThProblem) problem = g_list_model_get_item (G_LIST_MODEL (problems), 0);
      g_assert_cmpstr (th_problem_get_id (problem), ==, rows[i].id);
      g_assert_cmpstr (th_problem_get_title (problem), ==, rows[i].title);
      g_assert_null (th_problem_get_action_label (problem));
    }
}

static void
test_port_owner (void)
{
  guint16 port = find_free_ports ();
  g_autoptr (GSocket) udp = take_port (FALSE, port);
  g_autofree char *of_udp = th_port_owner_find (port, TH_PORT_UDP);
  g_autofree char *of_tcp = th_port_owner_find (port, TH_PORT_TCP);
  g_autofree char *of_free = th_port_owner_find (port + 1, TH_PORT_UDP | TH_PORT_TCP);

  g_assert_nonnull (of_udp);
  g_assert_true (g_str_has_prefix (of_udp, own_name ()));
  g_assert_null (of_tcp);
  g_assert_null (of_free);
}

static void
test_free_port_at_the_end (void)
{
  ThAddress loopback;

  th_address_parse (&loopback, "127.0.0.1", 0);
  g_assert_cmpuint (th_free_port_find (&loopback, 1, TRUE, 65536), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("port-taken-and-by-whom", test_port_taken);
  add ("button-takes-another-port", test_button_takes_another_port);
  add ("offered-port-is-free-for-udp-and-tcp", test_offered_port_is_free_for_both);
  add ("tcp-port-taken-relay-runs", test_tcp_port_taken);
  add ("endpoint-port-taken", test_endpoint_port_taken);
  add ("worst-first", test_worst_first);
  add ("kinds-keep-their-place", test_kinds_keep_their_place);
  add ("external-address-of-no-interface", test_external_address);
  add ("no-port-at-all", test_no_port);
  add ("address-gone", test_address_gone);
  add ("stop-clears-them", test_stop_clears_problems);
  add ("tokens-file-missing", test_tokens_file_missing);
  g_test_add_func ("/app/problems/words-for-errors", test_words_for_errors);
  g_test_add_func ("/app/port-owner/by-transport", test_port_owner);
  g_test_add_func ("/app/free-port/none-behind-the-last", test_free_port_at_the_end);
  return g_test_run ();
}
