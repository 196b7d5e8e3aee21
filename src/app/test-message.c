/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a message of data/web/test/page.mjs: an object with "type", "time" and what belongs to the
 * type.
 */
#include "app/test-message.h"

#include <gio/gio.h>
#include <string.h>

#include "app/display-text.h"
#include "credentials/json-object.h"
#include "ice/ice-candidate-line.h"
#include "ice/ice-stats.h"

/* A message, its statistics, a report. */
#define DEPTH 3
#define TIME_MAX (60 * 60 * 1000) /* milliseconds */
#define TEXT_MAX 512
#define REPORTS_MAX 40
#define RATE_MAX 1e12

typedef gboolean (*Reader) (ThTestMessage *self, JsonObject *object, GError **error);

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s", what);
  return FALSE;
}

/* Returns: FALSE if it is there and is no number from 0 to @max; @value stays where it is absent */
static gboolean
read_number (JsonObject *object, const char *name, double max, double *value, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  double number;

  if (node == NULL)
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_INT64 &&
      json_node_get_value_type (node) != G_TYPE_DOUBLE)
    return fail (error, "a figure is no number");
  number = json_node_get_double (node);
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    number = (double) json_node_get_int (node);
  if (!(number >= 0 && number <= max))
    return fail (error, "a number is out of range");
  *value = number;
  return TRUE;
}

/* (transfer none) (nullable): NULL if it is missing or too long */
static const char *
read_text (JsonObject *object, const char *name)
{
  const char *text = th_json_object_get_text (object, name);

  return text != NULL && strlen (text) <= TEXT_MAX ? text : NULL;
}

/* (out) (transfer none) (nullable): a server's URL, where there is one */
static gboolean
read_url (JsonObject *object, const char **url, GError **error)
{
  *url = read_text (object, "url");
  if (!json_object_has_member (object, "url"))
    return TRUE;
  if (*url == NULL || (!g_str_has_prefix (*url, "stun") && !g_str_has_prefix (*url, "turn")))
    return fail (error, "a candidate's server is none");
  for (const char *c = *url; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return fail (error, "a candidate's server is none");
  return TRUE;
}

static gboolean
read_candidate (ThTestMessage *self, JsonObject *object, GError **error)
{
  const char *line = th_json_object_get_text (object, "line");
  ThIceCandidateValues base = { .time = self->time };
  g_autoptr (GError) cause = NULL;

  if (line == NULL || strlen (line) > TH_ICE_LINE_MAX)
    return fail (error, "a candidate has no line");
  if (!read_url (object, &base.server_url, error))
    return FALSE;
  self->candidate = th_ice_candidate_line_parse (line, strlen (line), &base, &cause);
  return self->candidate != NULL || fail (error, "a line is no candidate");
}

static gboolean
read_nothing (ThTestMessage *self, JsonObject *object, GError **error)
{
  return TRUE;
}

static gboolean
read_problem (ThTestMessage *self, JsonObject *object, GError **error)
{
  const char *url = read_text (object, "url");
  const char *text = read_text (object, "text");
  double code = 0;

  if (url == NULL || text == NULL)
    return fail (error, "a problem has no server or no text");
  if (!read_number (object, "code", 999, &code, error))
    return FALSE;
  self->url = th_display_text (url, -1);
  self->text = th_display_text (text, -1);
  self->code = (guint) code;
  return TRUE;
}

static gboolean
read_way (ThTestMessage *self, JsonObject *object, GError **error)
{
  static const char *const states[] = { [TH_TEST_WAY_TRYING] = "trying",
                                        [TH_TEST_WAY_WORKS] = "works",
                                        [TH_TEST_WAY_FAILED] = "failed" };
  const char *way = read_text (object, "way");
  const char *state = read_text (object, "state");
  double took = 0;

  self->way = TH_TEST_N_WAYS;
  for (guint i = 0; i < TH_TEST_N_WAYS; i++)
    if (g_strcmp0 (way, th_test_way_get_id (i)) == 0)
      self->way = i;
  for (guint i = TH_TEST_WAY_TRYING; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (state, states[i]) == 0)
      self->way_state = i;
  if (self->way == TH_TEST_N_WAYS || self->way_state == TH_TEST_WAY_NOT_TRIED)
    return fail (error, "no such way, or no such state of one");
  if (!read_number (object, "took", TIME_MAX, &took, error))
    return FALSE;
  self->took = (gint64) took * 1000;
  return TRUE;
}

static gboolean
read_figures (ThTestMessage *self, JsonObject *object, GError **error)
{
  ThTestFigures *figures = &self->figures;

  return read_number (object, "rtt", TIME_MAX, &figures->rtt, error) &&
         read_number (object, "rttP95", TIME_MAX, &figures->rtt_p95, error) &&
         read_number (object, "jitter", TIME_MAX, &figures->jitter, error) &&
         read_number (object, "loss", 1, &figures->loss, error) &&
         read_number (object, "throughput", RATE_MAX, &figures->throughput, error);
}

static gboolean
read_verdict (ThTestMessage *self, JsonObject *object, GError **error)
{
  const ThIceVerdict verdicts[] = { TH_ICE_VERDICT_GOOD, TH_ICE_VERDICT_LIMITED,
                                    TH_ICE_VERDICT_BAD };
  const char *id = read_text (object, "verdict");

  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (g_strcmp0 (id, th_ice_verdict_get_id (verdicts[i])) == 0)
      self->verdict = verdicts[i];
  if (self->verdict == TH_ICE_VERDICT_NONE)
    return fail (error, "no such verdict");
  return read_figures (self, object, error);
}

static ThIceCandidate *
take_candidate (ThIceCandidate *candidate, gpointer user_data)
{
  return g_object_ref (candidate);
}

static gboolean
read_stats (ThTestMessage *self, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "reports");
  g_autoptr (ThIceStats) stats = th_ice_stats_new ();
  JsonArray *reports;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return fail (error, "statistics have no reports");
  reports = json_node_get_array (node);
  if (json_array_get_length (reports) > REPORTS_MAX)
    return fail (error, "statistics have too many reports");
  for (guint i = 0; i < json_array_get_length (reports); i++)
    {
      JsonNode *report = json_array_get_element (reports, i);

      if (!JSON_NODE_HOLDS_OBJECT (report))
        return fail (error, "a report is no object");
      th_ice_stats_add_report (stats, json_node_get_object (report));
    }
  th_ice_stats_take_candidates (stats, take_candidate, NULL);
  self->pairs = th_ice_stats_get_pairs (stats);
  return TRUE;
}

static const struct {
  const char *type;
  Reader read;
} kinds[TH_TEST_N_MESSAGES] = {
  [TH_TEST_MESSAGE_CANDIDATE] = { "candidate", read_candidate },
  [TH_TEST_MESSAGE_GATHERED] = { "gathered", read_nothing },
  [TH_TEST_MESSAGE_PROBLEM] = { "problem", read_problem },
  [TH_TEST_MESSAGE_WAY] = { "way", read_way },
  [TH_TEST_MESSAGE_STATS] = { "stats", read_stats },
  [TH_TEST_MESSAGE_SAMPLE] = { "sample", read_figures },
  [TH_TEST_MESSAGE_VERDICT] = { "verdict", read_verdict },
};

static gboolean
read_message (ThTestMessage *self, JsonObject *object, GError **error)
{
  const char *type = read_text (object, "type");
  double time = 0;

  if (!json_object_has_member (object, "time"))
    return fail (error, "a message has no time");
  if (!read_number (object, "time", TIME_MAX, &time, error))
    return FALSE;
  self->time = (gint64) (time * 1000);
  for (guint i = 0; i < TH_TEST_N_MESSAGES; i++)
    if (g_strcmp0 (type, kinds[i].type) == 0)
      {
        self->kind = i;
        return kinds[i].read (self, object, error);
      }
  return fail (error, "no such message");
}

ThTestMessage *
th_test_message_parse (const char *text, gsize length, GError **error)
{
  JsonObject *object = th_json_object_parse (text, length, DEPTH);
  g_autoptr (ThTestMessage) self = NULL;
  gboolean good;

  if (object == NULL)
    {
      fail (error, "a message is no object of JSON");
      return NULL;
    }
  self = g_new0 (ThTestMessage, 1);
  self->figures = (ThTestFigures) { -1, -1, -1, -1, -1 };
  good = read_message (self, object, error);
  json_object_unref (object);
  return good ? g_steal_pointer (&self) : NULL;
}

void
th_test_message_free (ThTestMessage *self)
{
  g_clear_object (&self->candidate);
  g_clear_pointer (&self->pairs, g_ptr_array_unref);
  g_free (self->url);
  g_free (self->text);
  g_free (self);
}

const char *
th_test_way_get_id (ThTestWay way)
{
  static const char *const ids[] = { "udp", "tcp", "tls" };

  return ids[way];
}
