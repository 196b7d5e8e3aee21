/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What test pages tell: each kind of message, and many that are none.
 */
#include "app/test-message.h"

#include <gio/gio.h>
#include <string.h>

#define LINE "candidate:1 1 udp 33562367 192.0.2.7 49170 typ relay raddr 198.51.100.4 rport 4711"

static ThTestMessage *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  ThTestMessage *message = th_test_message_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return message;
}

static void
test_candidate (void)
{
  g_autoptr (ThTestMessage) message =
      parse ("{\"type\":\"candidate\",\"time\":12,\"line\":\"" LINE
             "\",\"url\":\"turn:192.0.2.7:3478?transport=udp\"}");
  const ThIceCandidateValues *values = th_ice_candidate_get_values (message->candidate);

  g_assert_cmpint (message->kind, ==, TH_TEST_MESSAGE_CANDIDATE);
  g_assert_cmpint (message->time, ==, 12000);
  g_assert_cmpint (values->time, ==, 12000);
  g_assert_cmpint (values->type, ==, TH_ICE_CANDIDATE_RELAY);
  g_assert_cmpstr (values->address, ==, "192.0.2.7");
  g_assert_cmpstr (values->server_url, ==, "turn:192.0.2.7:3478?transport=udp");
}

static void
test_way (void)
{
  g_autoptr (ThTestMessage) message =
      parse ("{\"type\":\"way\",\"time\":5,\"way\":\"tls\",\"state\":\"works\",\"took\":340}");

  g_assert_cmpint (message->way, ==, TH_TEST_WAY_TLS);
  g_assert_cmpint (message->way_state, ==, TH_TEST_WAY_WORKS);
  g_assert_cmpint (message->took, ==, 340000);
}

static void
test_figures (void)
{
  g_autoptr (ThTestMessage) sample =
      parse ("{\"type\":\"sample\",\"time\":5,\"rtt\":12.5,\"jitter\":1,\"loss\":0}");
  g_autoptr (ThTestMessage) verdict =
      parse ("{\"type\":\"verdict\",\"time\":5,\"verdict\":\"limited\",\"throughput\":2e7}");

  g_assert_cmpfloat (sample->figures.rtt, ==, 12.5);
  g_assert_cmpfloat (sample->figures.jitter, ==, 1);
  g_assert_cmpfloat (sample->figures.loss, ==, 0);
  g_assert_cmpfloat (sample->figures.throughput, <, 0); /* not measured */
  g_assert_cmpint (verdict->verdict, ==, TH_ICE_VERDICT_LIMITED);
  g_assert_cmpfloat (verdict->figures.throughput, ==, 2e7);
  g_assert_cmpfloat (verdict->figures.rtt, <, 0);
}

static void
test_problem (void)
{
  g_autoptr (ThTestMessage) message =
      parse ("{\"type\":\"problem\",\"time\":5,\"url\":\"turn:a\",\"code\":701,"
             "\"text\":\"one\\nline\"}");

  g_assert_cmpuint (message->code, ==, 701);
  g_assert_cmpstr (message->url, ==, "turn:a");
  g_assert_null (strchr (message->text, '\n'));
}

static void
test_stats (void)
{
  g_autoptr (ThTestMessage) message = parse (
      "{\"type\":\"stats\",\"time\":5,\"reports\":["
      "{\"id\":\"P\",\"type\":\"candidate-pair\",\"localCandidateId\":\"L\","
      "\"remoteCandidateId\":\"R\",\"state\":\"succeeded\",\"nominated\":true},"
      "{\"id\":\"L\",\"type\":\"local-candidate\",\"candidateType\":\"relay\",\"port\":1},"
      "{\"id\":\"R\",\"type\":\"remote-candidate\",\"candidateType\":\"relay\",\"port\":2},"
      "{\"id\":\"x\",\"type\":\"codec\"}]}");

  g_assert_cmpuint (message->pairs->len, ==, 1);
  g_assert_true (th_ice_pair_is_selected (message->pairs->pdata[0]));
}

static void
test_refused (void)
{
  static const char *const rows[] = {
    "",
    "{",
    "[]",
    "null",
    "{}",
    "{\"type\":\"gathered\"}",
    "{\"time\":1}",
    "{\"type\":\"gathered\",\"time\":-1}",
    "{\"type\":\"gathered\",\"time\":1e300}",
    "{\"type\":\"gathered\",\"time\":\"1\"}",
    "{\"type\":\"gathered\",\"time\":true}",
    "{\"type\":\"gathered\",\"time\":null}",
    "{\"type\":\"gathered\",\"time\":{}}",
    "{\"type\":\"gathered\",\"time\":1,\"time\":2}",
    "{\"type\":\"nothing\",\"time\":1}",
    "{\"type\":1,\"time\":1}",
    "{\"type\":[\"gathered\"],\"time\":1}",
    "{\"type\":\"candidate\",\"time\":1}",
    "{\"type\":\"candidate\",\"time\":1,\"line\":1}",
    "{\"type\":\"candidate\",\"time\":1,\"line\":\"\"}",
    "{\"type\":\"candidate\",\"time\":1,\"line\":\"candidate:\"}",
    "{\"type\":\"candidate\",\"time\":1,\"line\":\"" LINE "\",\"url\":\"javascript:x\"}",
    "{\"type\":\"candidate\",\"time\":1,\"line\":\"" LINE "\",\"url\":\"turn:a b\"}",
    "{\"type\":\"candidate\",\"time\":1,\"line\":\"" LINE "\",\"url\":7}",
    "{\"type\":\"way\",\"time\":1,\"way\":\"udp\"}",
    "{\"type\":\"way\",\"time\":1,\"way\":\"dtls\",\"state\":\"works\"}",
    "{\"type\":\"way\",\"time\":1,\"way\":\"udp\",\"state\":\"maybe\"}",
    "{\"type\":\"way\",\"time\":1,\"way\":\"udp\",\"state\":\"works\",\"took\":-5}",
    "{\"type\":\"problem\",\"time\":1,\"url\":\"turn:a\"}",
    "{\"type\":\"problem\",\"time\":1,\"url\":\"\",\"text\":\"\",\"code\":70000}",
    "{\"type\":\"sample\",\"time\":1,\"rtt\":\"fast\"}",
    "{\"type\":\"sample\",\"time\":1,\"loss\":1.01}",
    "{\"type\":\"sample\",\"time\":1,\"jitter\":-0.1}",
    "{\"type\":\"sample\",\"time\":1,\"throughput\":1e13}",
    "{\"type\":\"verdict\",\"time\":1}",
    "{\"type\":\"verdict\",\"time\":1,\"verdict\":\"none\"}",
    "{\"type\":\"verdict\",\"time\":1,\"verdict\":\"great\"}",
    "{\"type\":\"stats\",\"time\":1}",
    "{\"type\":\"stats\",\"time\":1,\"reports\":{}}",
    "{\"type\":\"stats\",\"time\":1,\"reports\":[1]}",
    "{\"type\":\"stats\",\"time\":1,\"reports\":[{\"a\":[[]]}]}",
    "{\"type\":\"gathered\",\"time\":1} x",
    "{\"type\":\"gathered\",\"time\":1,\"x\":\"\xff\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *shown = g_strescape (rows[i], NULL);

      g_test_message ("%s", shown);
      g_assert_null (th_test_message_parse (rows[i], strlen (rows[i]), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_null (strpbrk (error->message, "\r\n"));
    }
}

static void
test_too_many_reports (void)
{
  g_autoptr (GString) text = g_string_new ("{\"type\":\"stats\",\"time\":1,\"reports\":[{}");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 40; i++)
    g_string_append (text, ",{}");
  g_string_append (text, "]}");
  g_assert_null (th_test_message_parse (text->str, text->len, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/test-message/candidate", test_candidate);
  g_test_add_func ("/app/test-message/way", test_way);
  g_test_add_func ("/app/test-message/figures", test_figures);
  g_test_add_func ("/app/test-message/problem", test_problem);
  g_test_add_func ("/app/test-message/stats", test_stats);
  g_test_add_func ("/app/test-message/anything-else-is-refused", test_refused);
  g_test_add_func ("/app/test-message/too-many-reports", test_too_many_reports);
  return g_test_run ();
}
