/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * {"version":1,"runs":[{"time":…,"took":…,"ownRelay":1,…,"paths":[{…},…],"findings":[{…},…]},…]},
 * newest first.
 */
#include "app/ice-run-file.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "app/kept-file.h"
#include "credentials/kept-json.h"
#include "credentials/store.h"

#define FORMAT_VERSION 1
#define YEAR_10000     G_GINT64_CONSTANT (253402300800) /* in seconds since 1970: no such date */
#define MILLION        1000000

static const char *const outcomes[] = { "ok", "failed", "skipped" };

static void
add_path (JsonBuilder *builder, const ThIceRunPath *path)
{
  json_builder_begin_object (builder);
  th_json_add_text (builder, "url", path->url);
  th_json_add_number (builder, "family", path->ipv6 ? 6 : 4);
  th_json_add_text (builder, "outcome", outcomes[path->outcome]);
  th_json_add_number (builder, "stage", path->stage);
  th_json_add_number (builder, "roundTrip", path->round_trip);
  json_builder_end_object (builder);
}

static void
add_finding (JsonBuilder *builder, const ThIceRunFinding *finding)
{
  json_builder_begin_object (builder);
  th_json_add_text (builder, "id", finding->id);
  th_json_add_number (builder, "severity", finding->severity);
  th_json_add_text (builder, "what", finding->what);
  json_builder_end_object (builder);
}

static void
add_rows (JsonBuilder *builder, ThIceRun *run)
{
  const GPtrArray *paths = th_ice_run_get_paths (run);
  const GPtrArray *findings = th_ice_run_get_findings (run);

  json_builder_set_member_name (builder, "paths");
  json_builder_begin_array (builder);
  for (guint i = 0; i < paths->len; i++)
    add_path (builder, g_ptr_array_index (paths, i));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "findings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < findings->len; i++)
    add_finding (builder, g_ptr_array_index (findings, i));
  json_builder_end_array (builder);
}

static void
add_run (JsonBuilder *builder, ThIceRun *run)
{
  const ThIceRunValues *values = th_ice_run_get_values (run);
  char mapped[TH_ADDRESS_STRING_SIZE];

  json_builder_begin_object (builder);
  th_json_add_number (builder, "time", values->time);
  th_json_add_number (builder, "took", values->took);
  th_json_add_number (builder, "ownRelay", values->own_relay);
  th_json_add_number (builder, "scheduled", values->scheduled);
  th_json_add_number (builder, "relayOnly", values->relay_only);
  th_json_add_text (builder, "verdict", th_ice_verdict_get_id (values->verdict));
  th_json_add_text (builder, "headline", values->headline);
  if (th_address_is_set (&values->mapped))
    th_json_add_text (builder, "mapped", th_address_format_host (&values->mapped, mapped));
  th_json_add_number (builder, "roundTrip", values->round_trip);
  th_json_add_number (builder, "lossPerMillion", values->loss);
  add_rows (builder, run);
  json_builder_end_object (builder);
}

/* (transfer full) */
static char *
print_run (ThIceRun *run)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;

  add_run (builder, run);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}

/* (transfer none) (nullable): NULL where there is none, or none that may stand in a run */
static const char *
get_text (JsonObject *object, const char *name)
{
  const char *text = th_json_object_get_text (object, name);

  return text != NULL && th_ice_run_is_text (text) ? text : NULL;
}

/* Whether the member is there and at most @most. */
static gboolean
get_number (JsonObject *object, const char *name, gint64 most, gint64 *number)
{
  *number = th_kept_json_get_number (object, name);
  return *number >= 0 && *number <= most;
}

static gboolean
get_flag (JsonObject *object, const char *name, gboolean *flag)
{
  gint64 number;
  gboolean found = get_number (object, name, 1, &number);

  *flag = number == 1;
  return found;
}

/* The place of a text in a list, or -1 */
static int
find_text (const char *text, const char *const *texts, guint n)
{
  for (guint i = 0; text != NULL && i < n; i++)
    {
      if (g_str_equal (texts[i], text))
        return (int) i;
    }
  return -1;
}

static gboolean
read_path (ThIceRun *run, JsonObject *object)
{
  const char *url = get_text (object, "url");
  gint64 family = th_kept_json_get_number (object, "family");
  int outcome =
      find_text (get_text (object, "outcome"), outcomes, G_N_ELEMENTS (outcomes));
  ThIceRunPath path = { .url = (char *) url, .ipv6 = family == 6 };
  gint64 stage;

  if (url == NULL || (family != 4 && family != 6) || outcome < 0 ||
      !get_number (object, "stage", TH_ICE_N_STAGES - 1, &stage) ||
      !get_number (object, "roundTrip", G_MAXINT64, &path.round_trip) ||
      th_ice_run_find_path (run, &path) != NULL)
    return FALSE;
  path.outcome = (ThIceRunOutcome) outcome;
  path.stage = (ThIceStageKind) stage;
  th_ice_run_add_path (run, &path);
  return TRUE;
}

static gboolean
read_finding (ThIceRun *run, JsonObject *object)
{
  const char *id = get_text (object, "id"), *what = get_text (object, "what");
  gint64 severity;

  if (id == NULL || what == NULL ||
      !get_number (object, "severity", TH_ICE_PROBLEM, &severity) ||
      th_ice_run_find_finding (run, id) != NULL)
    return FALSE;
  th_ice_run_add_finding (run, &(ThIceRunFinding) { (char *) id, (ThIceSeverity) severity,
                                                    (char *) what });
  return TRUE;
}

/* Calls @read for each object of a list of at most @most. */
static gboolean
read_list (JsonObject *object,
           const char *name,
           guint most,
           gboolean (*read) (gpointer target, JsonObject *row),
           gpointer target)
{
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  array = json_node_get_array (node);
  if (json_array_get_length (array) > most)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *row = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (row) || !read (target, json_node_get_object (row)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_path_row (gpointer target, JsonObject *row)
{
  return read_path (target, row);
}

static gboolean
read_finding_row (gpointer target, JsonObject *row)
{
  return read_finding (target, row);
}

/* A run that was stopped is not kept, so none has no verdict. */
static gboolean
get_verdict (JsonObject *object, ThIceVerdict *verdict)
{
  const char *id = get_text (object, "verdict");

  for (*verdict = TH_ICE_VERDICT_GOOD; *verdict <= TH_ICE_VERDICT_BAD; (*verdict)++)
    {
      if (g_strcmp0 (id, th_ice_verdict_get_id (*verdict)) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
get_mapped (JsonObject *object, ThAddress *mapped)
{
  *mapped = TH_ADDRESS_NONE;
  if (!json_object_has_member (object, "mapped"))
    return TRUE;
  const char *text = get_text (object, "mapped");
  return text != NULL && th_address_parse (mapped, text, 0);
}

static gboolean
get_values (JsonObject *object, ThIceRunValues *values)
{
  gint64 loss;

  values->headline = get_text (object, "headline");
  if (values->headline == NULL || !get_number (object, "time", YEAR_10000 - 1, &values->time) ||
      !get_number (object, "took", G_MAXINT64, &values->took) ||
      !get_flag (object, "ownRelay", &values->own_relay) ||
      !get_flag (object, "scheduled", &values->scheduled) ||
      !get_flag (object, "relayOnly", &values->relay_only) ||
      !get_verdict (object, &values->verdict) || !get_mapped (object, &values->mapped) ||
      !get_number (object, "roundTrip", G_MAXINT64, &values->round_trip) ||
      !get_number (object, "lossPerMillion", MILLION, &loss))
    return FALSE;
  values->loss = (guint) loss;
  return TRUE;
}

static gboolean
read_run (gpointer target, JsonObject *object)
{
  ThIceRunValues values;
  g_autoptr (ThIceRun) run = NULL;

  if (!get_values (object, &values))
    return FALSE;
  run = th_ice_run_new (&values);
  if (!read_list (object, "paths", TH_ICE_RUN_ROWS_MAX, read_path_row, run) ||
      !read_list (object, "findings", TH_ICE_RUN_ROWS_MAX, read_finding_row, run))
    return FALSE;
  g_list_store_append (target, run);
  return TRUE;
}

char *
th_ice_run_file_print (GListModel *runs, gsize *length)
{
  static const char end[] = "]}";
  guint n = MIN (g_list_model_get_n_items (runs), TH_ICE_RUNS_MAX);
  GString *text = g_string_new (NULL);

  g_string_printf (text, "{\"version\":%d,\"runs\":[", FORMAT_VERSION);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ThIceRun) run = g_list_model_get_item (runs, i);
      g_autofree char *row = print_run (run);

      if (text->len + 1 + strlen (row) + strlen (end) > TH_STORE_FILE_SIZE_MAX)
        break;
      g_string_append_printf (text, "%s%s", i > 0 ? "," : "", row);
    }
  g_string_append (text, end);
  *length = text->len;
  return g_string_free (text, FALSE);
}

GListStore *
th_ice_run_file_parse (const char *json, gsize length)
{
  g_autoptr (ThKeptJson) root = th_kept_json_parse (json, length);
  g_autoptr (GListStore) runs = g_list_store_new (TH_TYPE_ICE_RUN);
  JsonObject *object = root != NULL ? json_node_get_object (root) : NULL;

  if (object == NULL || th_kept_json_get_number (object, "version") != FORMAT_VERSION ||
      !read_list (object, "runs", TH_ICE_RUNS_MAX, read_run, runs))
    return NULL;
  return g_steal_pointer (&runs);
}

static gpointer
parse (const char *json, gsize length)
{
  return th_ice_run_file_parse (json, length);
}

GListStore *
th_ice_run_file_read (const char *directory)
{
  GListStore *runs = th_kept_file_read (directory, TH_ICE_RUN_FILE_NAME, parse,
                                        "ICE tests are remembered anew");

  return runs != NULL ? runs : g_list_store_new (TH_TYPE_ICE_RUN);
}
