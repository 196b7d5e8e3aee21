/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When certificates are renewed, and what people are told where an authority refuses.
 */
#include <string.h>

#include "app/acme-schedule.h"
#include "app/acme-words.h"
#include "app/low-ports.h"

#define HOUR 3600
#define DAY  (24 * HOUR)

static void
test_renewal (void)
{
  g_assert_cmpint (th_acme_schedule_renewal (0, 90 * DAY), ==, 60 * DAY);
  g_assert_cmpint (th_acme_schedule_renewal (0, 365 * DAY), ==, 335 * DAY);
  g_assert_cmpint (th_acme_schedule_renewal (0, 45 * DAY), ==, 30 * DAY);
  g_assert_cmpint (th_acme_schedule_renewal (0, 6 * DAY), ==, 4 * DAY);
  g_assert_cmpint (th_acme_schedule_renewal (100, 50), ==, 50);
}

static void
test_delay (void)
{
  gint64 before = 0;

  for (guint failures = 1; failures < 8; failures++)
    {
      gint64 delay = th_acme_schedule_delay (failures, FALSE, 0.5);

      g_assert_cmpint (delay, >=, before);
      g_assert_cmpint (delay, <=, DAY);
      before = delay;
    }
  g_assert_cmpint (th_acme_schedule_delay (1, FALSE, 0.5), ==, HOUR / 4);
  g_assert_cmpint (th_acme_schedule_delay (1, FALSE, 0), ==, HOUR / 4 * 9 / 10);
  g_assert_cmpint (th_acme_schedule_delay (1, FALSE, 1), ==, HOUR / 4 * 11 / 10);
  g_assert_cmpint (th_acme_schedule_delay (1, TRUE, 0.5), ==, DAY);
  g_assert_cmpint (before, ==, DAY);
}

static void
test_words (void)
{
  const struct
  {
    ThAcmeMethod method;
    const char *type, *detail, *said;
    const char *words;
  } rows[] = {
    { TH_ACME_HTTP_01, "connection", "refused", "", "port 80" },
    { TH_ACME_TLS_ALPN_01, "connection", "refused", "", "port 443" },
    { TH_ACME_TLS_ALPN_01, "dns", NULL, "", "A or AAAA record" },
    { TH_ACME_HTTP_01, "caa", "%s%n", "", "It says: %s%n (caa)" },
    { TH_ACME_HTTP_01, "serverInternal", "Oh", "", "The authority says: Oh (serverInternal)" },
    { TH_ACME_HTTP_01, "%s", NULL, "", "(%s)" },
    { TH_ACME_HTTP_01, NULL, NULL, "no challenge completed", "by http-01" },
    { TH_ACME_HTTP_01, NULL, NULL, "failed to fetch directory at x", "https://ca.example/" },
    { TH_ACME_HTTP_01, NULL, NULL, "%s", "uacme says: %s." },
    { TH_ACME_HTTP_01, NULL, NULL, "", "says nothing" },
  };
  char *names[] = { (char *) "turn.example.org", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const ThAcmeOrder order = { .directory = (char *) "https://ca.example/",
                                  .names = names,
                                  .method = rows[i].method };
      const ThAcmeReport report = { (char *) rows[i].type, (char *) rows[i].detail,
                                    (char *) rows[i].said };
      g_autofree char *words = th_acme_explain (&order, &report);

      if (strstr (words, rows[i].words) == NULL)
        g_error ("\"%s\" does not say \"%s\"", words, rows[i].words);
    }
}

static void
test_low_ports (void)
{
  const ThLowPorts usual = { 1024, FALSE }, open = { 443, FALSE }, privileged = { 1024, TRUE };
  g_autofree char *command = th_low_ports_dup_command (443);

  g_assert_true (th_low_ports_forbid (&usual, 443));
  g_assert_false (th_low_ports_forbid (&usual, 1024));
  g_assert_false (th_low_ports_forbid (&open, 443));
  g_assert_true (th_low_ports_forbid (&open, 80));
  g_assert_false (th_low_ports_forbid (&privileged, 80));
  g_assert_nonnull (strstr (command, "net.ipv4.ip_unprivileged_port_start=443"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/acme/renewed-in-time", test_renewal);
  g_test_add_func ("/app/acme/tried-again-more-and-more-slowly", test_delay);
  g_test_add_func ("/app/acme/says-why-and-what-to-do", test_words);
  g_test_add_func ("/app/low-ports/command-where-it-helps", test_low_ports);
  return g_test_run ();
}
