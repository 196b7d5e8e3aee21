/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Collects the members that matter, report by report, and makes objects of them at the end, since
 * a pair may come before its candidates.
 */
#include "ice/ice-stats.h"

#include <string.h>

#include "credentials/json-check.h"
#include "credentials/json-object.h"

/* More than any call has; what is beyond is passed over. */
#define REPORTS_MAX 5000
#define TEXT_MAX 512
#define DEPTH_MAX 2

/* The members that are kept, of candidates, pairs and transports. */
static const char *const members[] = {
  "address", "ip", "port", "protocol", "candidateType", "priority", "url", "relayProtocol",
  "foundation", "relatedAddress", "relatedPort", "tcpType", "state", "nominated", "selected",
  "localCandidateId", "remoteCandidateId", "selectedCandidatePairId", NULL,
};

typedef struct {
  char *type;           /* "local-candidate", ... */
  GHashTable *members;  /* name → text */
  ThIceCandidate *candidate; /* nullable: once taken */
} Report;

struct _ThIceStats {
  GHashTable *reports; /* id → Report */
};

static void
report_free (gpointer data)
{
  Report *report = data;

  g_free (report->type);
  g_hash_table_unref (report->members);
  g_clear_object (&report->candidate);
  g_free (report);
}

static gboolean
is_of_use (const char *type)
{
  static const char *const types[] = { "local-candidate", "remote-candidate", "candidate-pair",
                                       "transport", NULL };

  return type != NULL && g_strv_contains (types, type);
}

static Report *
ensure_report (ThIceStats *self, const char *id, const char *type)
{
  Report *report = g_hash_table_lookup (self->reports, id);

  if (report != NULL || g_hash_table_size (self->reports) >= REPORTS_MAX)
    return report;
  report = g_new0 (Report, 1);
  report->type = g_strdup (type);
  report->members = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_hash_table_insert (self->reports, g_strndup (id, TEXT_MAX), report);
  return report;
}

/* A text, number or truth value as text; NULL for others. */
static char *
node_to_text (JsonNode *node)
{
  if (!JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return strlen (json_node_get_string (node)) <= TEXT_MAX ? json_node_dup_string (node) : NULL;
    case G_TYPE_INT64:
      return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
    case G_TYPE_BOOLEAN:
      return g_strdup (json_node_get_boolean (node) ? "true" : "false");
    default:
      return NULL;
    }
}

static void
report_set (Report *report, const char *name, char *text)
{
  for (guint i = 0; members[i] != NULL; i++)
    {
      if (text == NULL || !g_str_equal (members[i], name))
        continue;
      g_hash_table_insert (report->members, (gpointer) members[i], text);
      return;
    }
  g_free (text);
}

static const char *
report_get (const Report *report, const char *name)
{
  return g_hash_table_lookup (report->members, name);
}

static guint64
report_get_number (const Report *report, const char *name, guint64 max, guint64 otherwise)
{
  const char *text = report_get (report, name);
  guint64 number;

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, max, &number, NULL) ? number
                                                                                      : otherwise;
}

/* The series of values is a text that holds a JSON array; the last one counts. */
static char *
last_of_series (JsonObject *series)
{
  const char *text = th_json_object_get_text (series, "values");
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *array;

  if (text == NULL || !th_json_is_well_formed (text, strlen (text), DEPTH_MAX) ||
      !json_parser_load_from_data (parser, text, -1, NULL) ||
      !JSON_NODE_HOLDS_ARRAY (json_parser_get_root (parser)))
    return NULL;
  array = json_node_get_array (json_parser_get_root (parser));
  if (json_array_get_length (array) == 0)
    return NULL;
  return node_to_text (json_array_get_element (array, json_array_get_length (array) - 1));
}

/* @key: "ID-MEMBER", where the id may hold dashes */
static void
add_one_series (ThIceStats *self, const char *key, JsonNode *node)
{
  const char *dash = strrchr (key, '-');
  JsonObject *series;
  const char *type;
  Report *report;

  if (dash == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  series = json_node_get_object (node);
  type = th_json_object_get_text (series, "statsType");
  if (!is_of_use (type) || !g_strv_contains (members, dash + 1))
    return;
  g_autofree char *id = g_strndup (key, (gsize) (dash - key));
  report = ensure_report (self, id, type);
  if (report != NULL)
    report_set (report, dash + 1, last_of_series (series));
}

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

/* (transfer container) */
static GList *
sorted_ids (ThIceStats *self)
{
  return g_list_sort (g_hash_table_get_keys (self->reports), compare_ids);
}

static const char *
or_else (const char *text, const char *otherwise)
{
  return text != NULL && *text != '\0' ? text : otherwise;
}

/* NULL where what a candidate needs is missing. */
static ThIceCandidate *
make_candidate (const Report *report)
{
  const char *tcp = report_get (report, "protocol");
  ThIceCandidateValues values = {
    .remote = g_str_equal (report->type, "remote-candidate"),
    .foundation = or_else (report_get (report, "foundation"), "0"),
    .component = 1, /* statistics do not tell; there is one where RTCP shares its port */
    .tcp = tcp != NULL && g_ascii_strcasecmp (tcp, "tcp") == 0,
    .address = or_else (report_get (report, "address"), or_else (report_get (report, "ip"), "")),
    .port = report_get_number (report, "port", G_MAXUINT16, 0),
    .priority = report_get_number (report, "priority", G_MAXUINT32, 0),
    .related_address = or_else (report_get (report, "relatedAddress"), NULL),
    .related_port = report_get_number (report, "relatedPort", G_MAXUINT16, 0),
    .server_url = or_else (report_get (report, "url"), NULL),
    .relay_protocol = or_else (report_get (report, "relayProtocol"), NULL),
  };
  const char *type = report_get (report, "candidateType");

  if (values.tcp)
    values.tcp_type = or_else (report_get (report, "tcpType"), NULL);
  if (type == NULL || !th_ice_candidate_type_parse (type, &values.type))
    return NULL;
  return th_ice_candidate_new (&values);
}

static ThIceCandidate *
find_candidate (ThIceStats *self, const Report *pair, const char *member)
{
  const char *id = report_get (pair, member);
  const Report *report = id != NULL ? g_hash_table_lookup (self->reports, id) : NULL;

  return report != NULL ? report->candidate : NULL;
}

/* The transport names the pair in use; browsers without one mark the pair itself. */
static gboolean
is_selected (ThIceStats *self, const char *id, const Report *pair)
{
  gboolean any_transport = FALSE;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->reports);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const char *named = report_get (value, "selectedCandidatePairId");

      any_transport = any_transport || named != NULL;
      if (g_strcmp0 (named, id) == 0)
        return TRUE;
    }
  return g_strcmp0 (report_get (pair, "selected"), "true") == 0 ||
         (!any_transport && g_strcmp0 (report_get (pair, "nominated"), "true") == 0 &&
          g_strcmp0 (report_get (pair, "state"), "succeeded") == 0);
}

static ThIcePair *
make_pair (ThIceStats *self, const char *id, const Report *report)
{
  ThIceCandidate *local = find_candidate (self, report, "localCandidateId");
  ThIceCandidate *remote = find_candidate (self, report, "remoteCandidateId");
  const char *name = report_get (report, "state");
  ThIcePairState state;
  ThIcePair *pair;

  if (local == NULL || remote == NULL)
    return NULL;
  pair = th_ice_pair_new (local, remote);
  if (name != NULL && th_ice_pair_state_parse (name, &state))
    th_ice_pair_set_state (pair, state);
  th_ice_pair_set_selected (pair, is_selected (self, id, report));
  return pair;
}

ThIceStats *
th_ice_stats_new (void)
{
  ThIceStats *self = g_new0 (ThIceStats, 1);

  self->reports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, report_free);
  return self;
}

void
th_ice_stats_free (ThIceStats *self)
{
  g_hash_table_unref (self->reports);
  g_free (self);
}

gboolean
th_ice_stats_add_report (ThIceStats *self, JsonObject *object)
{
  const char *id = th_json_object_get_text (object, "id");
  const char *type = th_json_object_get_text (object, "type");
  Report *report;

  if (id == NULL || !is_of_use (type))
    return FALSE;
  report = ensure_report (self, id, type);
  for (guint i = 0; report != NULL && members[i] != NULL; i++)
    {
      JsonNode *node = json_object_get_member (object, members[i]);

      if (node != NULL)
        report_set (report, members[i], node_to_text (node));
    }
  return TRUE;
}

void
th_ice_stats_add_series (ThIceStats *self, JsonObject *stats)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, stats);
  while (json_object_iter_next_ordered (&iter, &key, &node))
    add_one_series (self, key, node);
}

void
th_ice_stats_take_candidates (ThIceStats *self, ThIceStatsTake take, gpointer user_data)
{
  g_autoptr (GList) ids = sorted_ids (self);

  for (GList *l = ids; l != NULL; l = l->next)
    {
      Report *report = g_hash_table_lookup (self->reports, l->data);
      g_autoptr (ThIceCandidate) candidate = NULL;

      if (!g_str_has_suffix (report->type, "-candidate"))
        continue;
      candidate = make_candidate (report);
      if (candidate != NULL)
        report->candidate = take (candidate, user_data);
    }
}

GPtrArray *
th_ice_stats_get_pairs (ThIceStats *self)
{
  GPtrArray *pairs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GList) ids = sorted_ids (self);

  for (GList *l = ids; l != NULL; l = l->next)
    {
      const Report *report = g_hash_table_lookup (self->reports, l->data);
      ThIcePair *pair = NULL;

      if (g_str_equal (report->type, "candidate-pair"))
        pair = make_pair (self, l->data, report);
      if (pair != NULL)
        g_ptr_array_add (pairs, pair);
    }
  return pairs;
}
