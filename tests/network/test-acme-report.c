/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What uacme writes when it fails, as it writes it, and what else could stand there.
 */
#include <string.h>

#include "network/acme-report.h"

static const char failed_challenge[] =
    "uacme: challenge https://ca.example/chalZ/zi09 failed with status invalid\n"
    "uacme: the server reported the following error:\n"
    "{\n"
    "    \"type\": \"urn:ietf:params:acme:error:connection\",\n"
    "    \"detail\": \"Get \\\"http://a.example/{}\\\": connection refused\",\n"
    "    \"status\": 400\n"
    "}\n"
    "uacme: failed to authorize order at https://ca.example/my-order/G7\n";

static void
test_refusal (void)
{
  g_autoptr (ThAcmeReport) report =
      th_acme_report_parse (failed_challenge, strlen (failed_challenge));

  g_assert_cmpstr (report->type, ==, "connection");
  g_assert_cmpstr (report->detail, ==, "Get \"http://a.example/{}\": connection refused");
  g_assert_cmpstr (report->said, ==, "failed to authorize order at https://ca.example/my-order/G7");
}

static void
test_last_counts (void)
{
  g_autofree char *twice = g_strconcat (
      failed_challenge, "{\"type\": \"urn:ietf:params:acme:error:rateLimited\"}\n", NULL);
  g_autoptr (ThAcmeReport) report = th_acme_report_parse (twice, strlen (twice));

  g_assert_cmpstr (report->type, ==, "rateLimited");
  g_assert_null (report->detail);
}

static void
test_others (void)
{
  const struct
  {
    const char *output, *type, *detail, *said;
  } rows[] = {
    { "", NULL, NULL, "" },
    { "uacme: no challenge completed", NULL, NULL, "no challenge completed" },
    { "uacme: one\nwithout a name\n", NULL, NULL, "one" },
    { "sh: 1: uacme: not found\n", NULL, NULL, "" },
    { "{", NULL, NULL, "" },
    { "{\"type\": \"x\"", NULL, NULL, "" },
    { "{\"type\": \"about:blank\"}", "about:blank", NULL, "" },
    { "{\"type\": 7}\nuacme: a\n", NULL, NULL, "a" },
    { "{\"type\": \"x\", \"type\": \"y\"}\nuacme: a\n", NULL, NULL, "a" },
    { "{}{}{}\nuacme: a\n", NULL, NULL, "a" },
    { "{\"type\": \"a\", \"detail\": \"}\\\"{\"}", "a", "}\"{", "" },
    { "{\"type\": \"a\", \"detail\": \"b\\u202ec\\u0007d\\ne\"}", "a", "b c d e", "" },
    { "uacme: a\xff\x1b[31mb\n", NULL, NULL, "a\xef\xbf\xbd [31mb" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ThAcmeReport) report =
          th_acme_report_parse (rows[i].output, strlen (rows[i].output));

      g_assert_cmpstr (report->type, ==, rows[i].type);
      g_assert_cmpstr (report->detail, ==, rows[i].detail);
      g_assert_cmpstr (report->said, ==, rows[i].said);
    }
}

static void
test_size (void)
{
  g_autofree char *much = g_strnfill (TH_ACME_OUTPUT_MAX, '{');
  g_autofree char *word = g_strnfill (1000, 'a');
  g_autofree char *line = g_strdup_printf ("uacme: %s\n", word);
  g_autoptr (ThAcmeReport) deep = th_acme_report_parse (much, TH_ACME_OUTPUT_MAX);
  g_autoptr (ThAcmeReport) wide = th_acme_report_parse (line, strlen (line));

  g_assert_null (deep->type);
  g_assert_cmpint (g_utf8_strlen (wide->said, -1), ==, 301);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/acme-report/refusal-of-the-authority", test_refusal);
  g_test_add_func ("/network/acme-report/the-last-one-counts", test_last_counts);
  g_test_add_func ("/network/acme-report/what-is-none", test_others);
  g_test_add_func ("/network/acme-report/size-is-bounded", test_size);
  return g_test_run ();
}
