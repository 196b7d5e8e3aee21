/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list of bounded length.
 */
#include "app/test-visits.h"

ThTestVisit *
th_test_visits_begin (GListStore *visits, const char *user_agent)
{
  ThTestVisit *visit = th_test_visit_new (user_agent);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (visits));

  if (n >= TH_TEST_VISITS_MAX)
    g_list_store_remove (visits, n - 1);
  g_list_store_insert (visits, 0, visit);
  return visit;
}
