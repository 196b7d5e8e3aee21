/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers, sizes, dates and problems as a German reads them.
 */
#include <glib/gi18n.h>
#include <libintl.h>
#include <locale.h>

#include "app/problems.h"
#include "panel/format.h"
#include "settings/settings.h"

#define NBSP "\u00a0"
#define PER  "/\u2060" /* the rate's unit is kept in one piece */

static void
test_numbers (void)
{
  g_autofree char *rate = th_format_rate (12.34e6);
  g_autofree char *size = th_format_size (3200000000);
  g_autofree char *count = th_format_count (1234567);

  g_assert_cmpstr (rate, ==, "12,3" NBSP "Mbit" PER "s");
  g_assert_cmpstr (size, ==, "3,2" NBSP "GB");
  g_assert_cmpstr (count, ==, "1.234.567");
}

/* "3 Tage", but "vor 3 Tagen" */
static void
test_spans (void)
{
  g_autofree char *span = th_format_span (3 * 86400);
  g_autofree char *ago = th_format_ago (3 * 86400);
  g_autofree char *left = th_format_time_left (85260);

  g_assert_cmpstr (span, ==, "3 Tage");
  g_assert_cmpstr (ago, ==, "vor 3 Tagen");
  g_assert_cmpstr (left, ==, "23" NBSP "h" NBSP "41" NBSP "min");
}

static char *
only_title (GListStore *problems)
{
  g_autoptr (ThProblem) problem = g_list_model_get_item (G_LIST_MODEL (problems), 0);
  char *title = g_strdup (th_problem_get_title (problem));

  g_list_store_remove_all (problems);
  return title;
}

static void
test_problems (void)
{
  g_autoptr (GListStore) problems = g_list_store_new (TH_TYPE_PROBLEM);
  g_autofree char *expiry = NULL, *loss = NULL, *plan = NULL;

  th_problems_add_expiry (problems, "turn.example.org", 1772366400, 1771000000, FALSE);
  expiry = only_title (problems);
  g_assert_cmpstr (expiry, ==, "Das Zertifikat von turn.example.org läuft in 15 Tagen ab");

  th_problems_add_loss (problems, 12345, "");
  loss = only_title (problems);
  g_assert_true (g_str_has_prefix (loss, "12.345 Pakete gingen verloren"));

  th_problems_add_plan (problems, &(ThTrafficTotals){ .month = 1620000000 }, 2000000000);
  plan = only_title (problems);
  g_assert_cmpstr (plan, ==, "81 % des Datenvolumens dieses Monats sind verbraucht");
}

static void
test_refusals (void)
{
  g_autoptr (ThSettings) settings = th_settings_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (th_settings_set_text (settings, TH_SETTING_RELAY_PORT, "http", &error));
  g_assert_cmpstr (error->message, ==,
                   "[relay] port: \"http\" passt nicht; zulässig: ein Port von 1 bis 65535 oder 0 "
                   "(aus)");
}

int
main (int argc, char **argv)
{
  if (setlocale (LC_ALL, "") == NULL)
    g_error ("The German locale of the build cannot be used");
  g_setenv ("TZ", "UTC", TRUE);
  bindtextdomain ("turnhouse", g_getenv ("TURNHOUSE_LOCALE_DIR"));
  bind_textdomain_codeset ("turnhouse", "UTF-8");
  textdomain ("turnhouse");

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/german/numbers", test_numbers);
  g_test_add_func ("/german/spans", test_spans);
  g_test_add_func ("/german/problems", test_problems);
  g_test_add_func ("/german/refusals", test_refusals);
  return g_test_run ();
}
