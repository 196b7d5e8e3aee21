/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Devices that open the test page: what they are called, and what is kept of what they tell.
 */
#include <string.h>

#include "app/test-device.h"
#include "app/test-visits.h"

static void
tell (ThTestVisit *visit, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThTestMessage) message = th_test_message_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  th_test_visit_take (visit, message);
}

static void
test_names (void)
{
  const struct {
    const char *user_agent;
    const char *name;
  } rows[] = {
    { "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
      "Firefox on Linux" },
    { "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0",
      "Firefox on Android" },
    { "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
      "Chrome/126.0.0.0 Mobile Safari/537.36",
      "Chrome on Android" },
    { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
      "Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
      "Safari on iPhone" },
    { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
      "Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1",
      "Chrome on iPhone" },
    { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
      "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
      "Edge on Windows" },
    { "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
      "Version/17.5 Safari/605.1.15",
      "Safari on macOS" },
    { "curl/8.0 (Windows)", "Windows" },
    { "\x1b[31m<b>", "Another device" },
    { NULL, "Another device" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = th_test_device_name (rows[i].user_agent);

      g_assert_cmpstr (name, ==, rows[i].name);
    }
}

static void
on_changed (ThTestVisit *visit, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_whole (void)
{
  g_autoptr (ThTestVisit) visit = th_test_visit_new (NULL);
  GListModel *candidates = th_test_visit_get_candidates (visit);
  guint n_changed = 0;

  g_signal_connect (visit, "changed", G_CALLBACK (on_changed), &n_changed);
  tell (visit, "{\"type\":\"way\",\"time\":1,\"way\":\"udp\",\"state\":\"trying\"}");
  g_assert_cmpint (th_test_visit_get_way (visit, TH_TEST_WAY_UDP), ==, TH_TEST_WAY_TRYING);
  for (guint i = 0; i < 2; i++) /* which each connection tells */
    tell (visit, "{\"type\":\"candidate\",\"time\":1,\"line\":"
                 "\"candidate:1 1 udp 1 192.0.2.7 4000 typ host\"}");
  tell (visit, "{\"type\":\"candidate\",\"time\":1,\"line\":"
               "\"candidate:1 1 udp 1 192.0.2.7 4001 typ host\"}");
  g_assert_cmpuint (g_list_model_get_n_items (candidates), ==, 2);
  tell (visit, "{\"type\":\"way\",\"time\":9,\"way\":\"udp\",\"state\":\"works\",\"took\":8}");
  g_assert_cmpint (th_test_visit_get_way_took (visit, TH_TEST_WAY_UDP), ==, 8000);
  tell (visit, "{\"type\":\"sample\",\"time\":9,\"rtt\":5}");
  tell (visit, "{\"type\":\"verdict\",\"time\":9,\"verdict\":\"good\",\"throughput\":1000}");
  g_assert_cmpint (th_test_visit_get_state (visit), ==, TH_TEST_VISIT_DONE);
  g_assert_cmpint (th_test_visit_get_verdict (visit), ==, TH_ICE_VERDICT_GOOD);
  g_assert_cmpfloat (th_test_visit_get_figures (visit)->rtt, ==, 5); /* of the sample */
  g_assert_cmpfloat (th_test_visit_get_figures (visit)->throughput, ==, 1000);
  g_assert_cmpuint (n_changed, ==, 4);

  /* that is that */
  tell (visit, "{\"type\":\"verdict\",\"time\":9,\"verdict\":\"bad\"}");
  th_test_visit_end (visit);
  g_assert_cmpint (th_test_visit_get_verdict (visit), ==, TH_ICE_VERDICT_GOOD);
  g_assert_cmpint (th_test_visit_get_state (visit), ==, TH_TEST_VISIT_DONE);
}

static void
test_bounded (void)
{
  g_autoptr (ThTestVisit) visit = th_test_visit_new (NULL);

  for (guint i = 1; i < 1000; i++)
    {
      g_autofree char *line = g_strdup_printf ("{\"type\":\"candidate\",\"time\":1,\"line\":"
                                               "\"candidate:1 1 udp 1 192.0.2.7 %u typ host\"}",
                                               i);

      tell (visit, line);
      tell (visit, "{\"type\":\"sample\",\"time\":1}");
    }
  g_assert_cmpuint (g_list_model_get_n_items (th_test_visit_get_candidates (visit)), ==,
                    TH_TEST_VISIT_CANDIDATES_MAX);
  g_assert_cmpuint (g_list_model_get_n_items (th_test_visit_get_samples (visit)), ==,
                    TH_TEST_VISIT_SAMPLES_MAX);
}

static void
test_lost (void)
{
  g_autoptr (ThTestVisit) visit = th_test_visit_new (NULL);

  th_test_visit_end (visit);
  g_assert_cmpint (th_test_visit_get_state (visit), ==, TH_TEST_VISIT_LOST);
}

static void
test_list (void)
{
  g_autoptr (GListStore) visits = g_list_store_new (TH_TYPE_TEST_VISIT);

  for (guint i = 0; i < TH_TEST_VISITS_MAX + 5; i++)
    {
      g_autoptr (ThTestVisit) visit = th_test_visits_begin (visits, NULL);
      g_autoptr (ThTestVisit) first = g_list_model_get_item (G_LIST_MODEL (visits), 0);

      g_assert_true (first == visit);
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (visits)), ==, TH_TEST_VISITS_MAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/test-visit/names", test_names);
  g_test_add_func ("/app/test-visit/from-start-to-end", test_whole);
  g_test_add_func ("/app/test-visit/bounded", test_bounded);
  g_test_add_func ("/app/test-visit/lost-before-a-verdict", test_lost);
  g_test_add_func ("/app/test-visit/list-is-bounded", test_list);
  return g_test_run ();
}
