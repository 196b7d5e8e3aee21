/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Devices that open the test page: what they are called, and what is kept of what they tell.
 */
#include <string.h>

#include "app/test-device.h"
#include "app/test-visits.h"
#include "app/test-words.h"

static ThTestVisit *
new_visit (gboolean outside)
{
  const ThAddress address = TH_ADDRESS_NONE;

  return th_test_visit_new (NULL, &address, outside);
}

static ThTestVisit *
begin_visit (GListStore *visits, gboolean outside)
{
  const ThAddress address = TH_ADDRESS_NONE;

  return th_test_visits_begin (visits, NULL, &address, outside);
}

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
  g_autoptr (ThTestVisit) visit = new_visit (FALSE);
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
assert_words (ThTestVisit *visit, const char *expected)
{
  g_autofree char *words = th_test_words_for_visit (visit);

  g_assert_cmpstr (words, ==, expected);
}

/* A way that is no key of the message was not offered. */
static void
test_words (void)
{
  const struct {
    const char *ways[TH_TEST_N_WAYS]; /* states */
    const char *verdict;
    gboolean outside;
    const char *words;
  } rows[] = {
    { { "works", "works", "works" }, "good", FALSE,
      "Calls get through from there, over all transports" },
    { { "works", "works", "works" }, "good", TRUE,
      "Calls get through from outside, even from strict networks" },
    { { "works", "works", NULL }, "limited", FALSE,
      "Calls get through from there; TLS is not offered, and networks that only allow HTTPS will "
      "fail" },
    { { "failed", "works", "works" }, "limited", FALSE,
      "Calls get through from there, but not over UDP: they may stutter" },
    { { "works", "failed", NULL }, "limited", FALSE,
      "Calls get through from there, but not over TCP, which networks without UDP need" },
    { { "works", "works", "failed" }, "limited", TRUE,
      "Calls get through from there, but not over TLS: networks that only allow HTTPS will fail" },
    { { "works", "works", "works" }, "limited", FALSE,
      "Calls get through from there, but not in all ways" },
    { { "failed", "failed", NULL }, "bad", FALSE,
      "Calls do not get through from there: the relay’s ports may be closed, or the address it "
      "tells may be wrong" },
    { { NULL, NULL, NULL }, "bad", FALSE,
      "The relay offers no way to it: it may not be running" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ThTestVisit) visit = new_visit (rows[i].outside);
      g_autofree char *verdict = g_strdup_printf (
          "{\"type\":\"verdict\",\"time\":1,\"verdict\":\"%s\"}", rows[i].verdict);

      assert_words (visit, "Looking for addresses…");
      for (guint way = 0; way < TH_TEST_N_WAYS; way++)
        {
          g_autofree char *state = g_strdup_printf (
              "{\"type\":\"way\",\"time\":1,\"way\":\"%s\",\"state\":\"%s\",\"took\":7}",
              th_test_way_get_id (way), rows[i].ways[way]);

          if (rows[i].ways[way] != NULL)
            tell (visit, state);
        }
      tell (visit, verdict);
      assert_words (visit, rows[i].words);
    }
}

static void
test_words_on_the_way (void)
{
  g_autoptr (ThTestVisit) visit = new_visit (FALSE);
  g_autofree char *before = th_test_words_for_way (visit, TH_TEST_WAY_TCP);

  tell (visit, "{\"type\":\"way\",\"time\":1,\"way\":\"udp\",\"state\":\"trying\"}");
  assert_words (visit, "Trying the ways to the relay…");
  g_autofree char *trying = th_test_words_for_way (visit, TH_TEST_WAY_UDP);
  tell (visit, "{\"type\":\"way\",\"time\":1,\"way\":\"udp\",\"state\":\"works\",\"took\":12}");
  assert_words (visit, "Measuring how well a call gets through…");
  g_autofree char *works = th_test_words_for_way (visit, TH_TEST_WAY_UDP);
  th_test_visit_end (visit);
  assert_words (visit, "The page was closed before its test came to an end");
  g_autofree char *after = th_test_words_for_way (visit, TH_TEST_WAY_TCP);

  g_assert_cmpstr (before, ==, "–");
  g_assert_cmpstr (trying, ==, "Trying…");
  g_assert_cmpstr (works, ==, "Works, after 12 ms");
  g_assert_cmpstr (after, ==, "Not offered");
}

/* Nothing of what a browser says of servers is lost, and it is said once. */
static void
test_problems (void)
{
  g_autoptr (ThTestVisit) visit = new_visit (FALSE);
  const char *const *problems;

  g_assert_false (th_test_visit_has_gathered (visit));
  for (guint i = 0; i < 2; i++)
    tell (visit, "{\"type\":\"problem\",\"time\":1,\"url\":\"turn:192.0.2.1:3478\","
                 "\"code\":701,\"text\":\"Timed out.\"}");
  tell (visit, "{\"type\":\"problem\",\"time\":1,\"url\":\"turns:a.example:5349\","
               "\"code\":401,\"text\":\"\"}");
  tell (visit, "{\"type\":\"gathered\",\"time\":2}");
  problems = th_test_visit_get_problems (visit);
  g_assert_cmpuint (g_strv_length ((char **) problems), ==, 2);
  g_assert_cmpstr (problems[0], ==, "turn:192.0.2.1:3478 could not be reached: “Timed out.”");
  g_assert_cmpstr (problems[1], ==, "turns:a.example:5349 refused the credential (401)");
  g_assert_true (th_test_visit_has_gathered (visit));

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *another = g_strdup_printf (
          "{\"type\":\"problem\",\"time\":1,\"url\":\"\",\"code\":%u,\"text\":\"\"}", i + 500);

      tell (visit, another);
    }
  problems = th_test_visit_get_problems (visit);
  g_assert_cmpuint (g_strv_length ((char **) problems), ==, TH_TEST_VISIT_PROBLEMS_MAX);
}

static void
test_selected_pair (void)
{
  g_autoptr (ThTestVisit) visit = new_visit (FALSE);

  g_assert_null (th_test_visit_get_selected_pair (visit));
  tell (visit, "{\"type\":\"stats\",\"time\":1,\"reports\":["
               "{\"id\":\"l\",\"type\":\"local-candidate\",\"address\":\"192.0.2.7\",\"port\":4000,"
               "\"protocol\":\"udp\",\"candidateType\":\"relay\"},"
               "{\"id\":\"r\",\"type\":\"remote-candidate\",\"address\":\"192.0.2.8\","
               "\"port\":4001,\"protocol\":\"udp\",\"candidateType\":\"relay\"},"
               "{\"id\":\"p\",\"type\":\"candidate-pair\",\"localCandidateId\":\"l\","
               "\"remoteCandidateId\":\"r\",\"state\":\"succeeded\",\"nominated\":true},"
               "{\"id\":\"t\",\"type\":\"transport\",\"selectedCandidatePairId\":\"p\"}]}");
  g_assert_nonnull (th_test_visit_get_selected_pair (visit));
}

/* One that got through, from outside, and not long ago. */
static void
test_proof (void)
{
  const struct {
    gboolean outside;
    const char *verdict; /* NULL: none yet */
    gint64 age;          /* seconds */
    gboolean proves;
  } rows[] = {
    { TRUE, "good", 0, TRUE },   { TRUE, "limited", 60, TRUE }, { TRUE, "bad", 0, FALSE },
    { TRUE, NULL, 0, FALSE },    { FALSE, "good", 0, FALSE },
    { TRUE, "good", TH_TEST_VISITS_PROOF + 60, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GListStore) visits = g_list_store_new (TH_TYPE_TEST_VISIT);
      g_autoptr (ThTestVisit) visit = begin_visit (visits, rows[i].outside);
      g_autofree char *verdict = g_strdup_printf (
          "{\"type\":\"verdict\",\"time\":1,\"verdict\":\"%s\"}", rows[i].verdict);

      if (rows[i].verdict != NULL)
        tell (visit, verdict);
      g_assert_cmpint (th_test_visits_prove_outside (
                           G_LIST_MODEL (visits),
                           g_get_real_time () + rows[i].age * G_USEC_PER_SEC),
                       ==, rows[i].proves);
    }
}

static void
test_bounded (void)
{
  g_autoptr (ThTestVisit) visit = new_visit (FALSE);

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
  g_autoptr (ThTestVisit) visit = new_visit (FALSE);

  th_test_visit_end (visit);
  g_assert_cmpint (th_test_visit_get_state (visit), ==, TH_TEST_VISIT_LOST);
}

static void
test_list (void)
{
  g_autoptr (GListStore) visits = g_list_store_new (TH_TYPE_TEST_VISIT);

  for (guint i = 0; i < TH_TEST_VISITS_MAX + 5; i++)
    {
      g_autoptr (ThTestVisit) visit = begin_visit (visits, FALSE);
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
  g_test_add_func ("/app/test-visit/words", test_words);
  g_test_add_func ("/app/test-visit/words-on-the-way", test_words_on_the_way);
  g_test_add_func ("/app/test-visit/problems", test_problems);
  g_test_add_func ("/app/test-visit/selected-pair", test_selected_pair);
  g_test_add_func ("/app/test-visit/what-proves-outside", test_proof);
  g_test_add_func ("/app/test-visit/bounded", test_bounded);
  g_test_add_func ("/app/test-visit/lost-before-a-verdict", test_lost);
  g_test_add_func ("/app/test-visit/list-is-bounded", test_list);
  return g_test_run ();
}
