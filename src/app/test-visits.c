/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list of bounded length.
 */
#include "app/test-visits.h"

ThTestVisit *
th_test_visits_begin (GListStore *visits,
                      const char *user_agent,
                      const ThAddress *address,
                      gboolean outside)
{
  ThTestVisit *visit = th_test_visit_new (user_agent, address, outside);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (visits));

  if (n >= TH_TEST_VISITS_MAX)
    g_list_store_remove (visits, n - 1);
  g_list_store_insert (visits, 0, visit);
  return visit;
}

static gboolean
is_proof (ThTestVisit *visit, gint64 now)
{
  ThIceVerdict verdict = th_test_visit_get_verdict (visit);

  return th_test_visit_is_outside (visit) &&
         (verdict == TH_ICE_VERDICT_GOOD || verdict == TH_ICE_VERDICT_LIMITED) &&
         now - th_test_visit_get_began (visit) < TH_TEST_VISITS_PROOF * G_USEC_PER_SEC;
}

gboolean
th_test_visits_prove_outside (GListModel *visits, gint64 now)
{
  for (guint i = 0; i < g_list_model_get_n_items (visits); i++)
    {
      g_autoptr (ThTestVisit) visit = g_list_model_get_item (visits, i);

      if (is_proof (visit, now))
        return TRUE;
    }
  return FALSE;
}
