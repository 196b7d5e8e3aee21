/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A whole engine that makes one link to its test page, prints it, and prints as an object of JSON
 * what it knows of the visit once that has ended. For tests with real browsers.
 */
#include <json-glib/json-glib.h>
#include <stdio.h>

#include "../app/fixture.h"
#include "app/test-visit.h"
#include "credentials/json-object.h"

static void
add_candidates (JsonBuilder *object, GListModel *candidates)
{
  json_builder_set_member_name (object, "candidates");
  json_builder_begin_array (object);
  for (guint i = 0; i < g_list_model_get_n_items (candidates); i++)
    {
      g_autoptr (ThIceCandidate) candidate = g_list_model_get_item (candidates, i);
      const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);

      json_builder_begin_object (object);
      th_json_add_text (object, "type", th_ice_candidate_type_get_name (values->type));
      th_json_add_text (object, "address", values->address);
      th_json_add_number (object, "port", values->port);
      json_builder_end_object (object);
    }
  json_builder_end_array (object);
}

static void
add_ways (JsonBuilder *object, ThTestVisit *visit)
{
  json_builder_set_member_name (object, "ways");
  json_builder_begin_object (object);
  for (guint way = 0; way < TH_TEST_N_WAYS; way++)
    th_json_add_number (object, th_test_way_get_id (way), th_test_visit_get_way (visit, way));
  json_builder_end_object (object);
}

static void
add_figure (JsonBuilder *object, const char *name, double value)
{
  json_builder_set_member_name (object, name);
  json_builder_add_double_value (object, value);
}

static void
print (ThTestVisit *visit)
{
  const ThTestFigures *figures = th_test_visit_get_figures (visit);
  g_autoptr (JsonBuilder) object = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (object);
  th_json_add_text (object, "name", th_test_visit_get_name (visit));
  th_json_add_flag (object, "done", th_test_visit_get_state (visit) == TH_TEST_VISIT_DONE);
  th_json_add_text (object, "verdict",
                    th_ice_verdict_get_id (th_test_visit_get_verdict (visit)));
  add_ways (object, visit);
  add_candidates (object, th_test_visit_get_candidates (visit));
  th_json_add_number (object, "pairs",
                      g_list_model_get_n_items (th_test_visit_get_pairs (visit)));
  th_json_add_number (object, "samples",
                      g_list_model_get_n_items (th_test_visit_get_samples (visit)));
  add_figure (object, "rtt", figures->rtt);
  add_figure (object, "loss", figures->loss);
  add_figure (object, "throughput", figures->throughput);
  json_builder_end_object (object);
  root = json_builder_get_root (object);
  text = json_to_string (root, FALSE);
  puts (text);
}

static gboolean
is_over (GListModel *visits)
{
  g_autoptr (ThTestVisit) visit = g_list_model_get_item (visits, 0);

  return visit != NULL && th_test_visit_get_state (visit) != TH_TEST_VISIT_RUNNING;
}

int
main (void)
{
  Fixture fixture = { 0 };
  GListModel *visits;
  g_autofree char *link = NULL;

  fixture_set_up (&fixture, NULL);
  fixture_set (&fixture, TH_SETTING_RELAY_ALLOW_PEERS, "127.0.0.0/8");
  fixture_start (&fixture);
  visits = th_engine_get_test_visits (fixture.engine);
  link = th_engine_make_test_link (fixture.engine);
  puts (link);
  fflush (stdout);
  while (!is_over (visits)) /* whoever started this ends it when it takes too long */
    g_main_context_iteration (NULL, TRUE);

  g_autoptr (ThTestVisit) visit = g_list_model_get_item (visits, 0);
  print (visit);
  g_object_unref (g_steal_pointer (&visit));
  fixture_tear_down (&fixture, NULL);
  return 0;
}
