/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests that every problem comes with one thing to do about it.
 */
#include "app/loss-watch.h"
#include "panel/preferences/preference-map.h"
#include "panel/problem-remedy.h"

static ThRemedy *
remedy_for (const char *id, const char *action)
{
  g_autoptr (ThProblem) problem =
      th_problem_new (id, TH_SEVERITY_WARNING, "Title", "Detail", action, action ? 3479 : 0);
  return th_remedy_new (problem);
}

static void
test_of_the_engine (void)
{
  g_autoptr (ThRemedy) relay = remedy_for ("port-in-use", "Use Port 3479");
  g_autoptr (ThRemedy) endpoint = remedy_for ("endpoint-port-in-use", "Use Port 3479");
  g_assert_cmpint (relay->kind, ==, TH_REMEDY_PORT);
  g_assert_cmpstr (relay->label, ==, "Use Port 3479");
  g_assert_true (relay->ends_calls);
  g_assert_cmpint (endpoint->kind, ==, TH_REMEDY_PORT);
  g_assert_false (endpoint->ends_calls);
}

static gboolean
is_preference (ThSetting setting)
{
  for (guint i = 0; i < th_preferences_get_n (); i++)
    {
      if (th_preferences_get (i)->setting == setting)
        return TRUE;
    }
  return FALSE;
}

static void
test_settings_are_found (void)
{
  static const char *const ids[] = { "port-forbidden", "address-gone", "external-address",
                                     "endpoint-port-forbidden", "certificate",
                                     "certificate-expiry", "certificate-name", "acme-name" };
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (ThRemedy) remedy = remedy_for (ids[i], NULL);
      g_test_message ("%s: %s", ids[i], remedy->label);
      g_assert_cmpint (remedy->kind, ==, TH_REMEDY_SETTING);
      g_assert_true (is_preference (remedy->setting));
      g_assert_false (remedy->ends_calls);
    }
}

static void
test_others_are_tried_again (void)
{
  g_autoptr (ThRemedy) relay = remedy_for ("no-address", NULL);
  g_autoptr (ThRemedy) endpoint = remedy_for ("endpoint-failed", NULL);
  g_assert_cmpint (relay->kind, ==, TH_REMEDY_RESTART);
  g_assert_true (relay->ends_calls);
  g_assert_cmpint (endpoint->kind, ==, TH_REMEDY_REREAD);
  g_assert_cmpstr (endpoint->label, ==, relay->label);
}

static void
test_low_port (void)
{
  g_autoptr (ThProblem) problem =
      th_problem_new ("port-forbidden", TH_SEVERITY_WARNING, "Title", "Detail", NULL, 443);
  g_autoptr (ThRemedy) remedy = th_remedy_new (problem);

  g_assert_cmpint (remedy->kind, ==, TH_REMEDY_COMMAND);
  g_assert_nonnull (strstr (remedy->command, "ip_unprivileged_port_start=443"));
}

static void
test_renewal (void)
{
  g_autoptr (ThRemedy) late = remedy_for ("certificate-renewal", NULL);
  g_autoptr (ThRemedy) failed = remedy_for ("acme-failed", NULL);

  g_assert_cmpint (late->kind, ==, TH_REMEDY_RENEW);
  g_assert_cmpint (failed->kind, ==, TH_REMEDY_RENEW);
  g_assert_false (late->ends_calls || failed->ends_calls);
}

/* What the system has to allow cannot be set here. */
static void
test_loss (void)
{
  g_autoptr (ThRemedy) remedy = remedy_for ("packets-lost", NULL);
  guint64 most = th_loss_read_rmem_max ();
  if (most > 0 && most < TH_RECEIVE_BUFFER_WANTED)
    {
      g_assert_cmpint (remedy->kind, ==, TH_REMEDY_COMMAND);
      g_assert_cmpstr (remedy->command, ==, "sudo sysctl -w net.core.rmem_max=4194304");
    }
  else
    {
      g_assert_cmpint (remedy->kind, ==, TH_REMEDY_SETTING);
      g_assert_true (is_preference (remedy->setting));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/panel/problem-remedy/of-the-engine", test_of_the_engine);
  g_test_add_func ("/panel/problem-remedy/settings-are-found", test_settings_are_found);
  g_test_add_func ("/panel/problem-remedy/others-are-tried-again", test_others_are_tried_again);
  g_test_add_func ("/panel/problem-remedy/low-port", test_low_port);
  g_test_add_func ("/panel/problem-remedy/renewal", test_renewal);
  g_test_add_func ("/panel/problem-remedy/loss", test_loss);
  return g_test_run ();
}
