/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON is walked through to its last text, other text line by line; wherever "candidate:" stands, a
 * candidate is tried.
 */
#include "ice/ice-paste.h"

#include <glib/gi18n.h>
#include <string.h>

#include "credentials/json-check.h"
#include "ice/ice-candidate-line.h"
#include "ice/ice-stats.h"

#define DEPTH_MAX 32

/* Where a candidate ends that stands in a line with other things. */
#define ENDS "\r\n\"'\\<>,;{}"

typedef struct {
  ThIcePaste *paste;
  GHashTable *known;   /* a set of texts: candidates by all that tells one from another */
  GHashTable *named;   /* the same without their addresses: what statistics told already */
  ThIceStats *stats;   /* of the connection that is being read */
  gboolean remote;     /* whose candidates come now */
} Reader;

static char *
describe (ThIceCandidate *candidate, gboolean with_address)
{
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);

  return g_strdup_printf ("%d %d %d %s %s %u %s %u", values->remote, values->type, values->tcp,
                          values->tcp_type, values->foundation, values->port,
                          with_address ? values->address : "",
                          with_address ? values->component : 0);
}

static void
add_candidate (Reader *self, ThIceCandidate *candidate)
{
  GListStore *candidates = self->paste->candidates;
  g_autofree char *key = describe (candidate, TRUE);

  if (g_hash_table_contains (self->known, key))
    return;
  if (g_list_model_get_n_items (G_LIST_MODEL (candidates)) >= TH_ICE_PASTE_CANDIDATES_MAX)
    {
      self->paste->cut = TRUE;
      return;
    }
  g_hash_table_add (self->known, g_steal_pointer (&key));
  g_list_store_append (candidates, candidate);
}

static void
add_problem (Reader *self, const GError *error, const char *text, gsize length)
{
  g_autofree char *start = g_strndup (text, MIN (length, 60));
  g_autofree char *shown = g_utf8_make_valid (start, -1);

  if (self->paste->problems->len >= TH_ICE_PASTE_PROBLEMS_MAX)
    self->paste->cut = TRUE;
  else
    /* Translators: what is wrong, and the beginning of the line it is about */
    g_ptr_array_add (self->paste->problems,
                     g_strdup_printf (_("%s (“%s”)"), error->message, shown));
}

/* As strcspn(), but no further than a candidate can reach, however long the line is. */
static gsize
span_until (const char *text, const char *ends)
{
  gsize length = 0;

  while (length < 2 * TH_ICE_LINE_MAX && text[length] != '\0' &&
         strchr (ends, text[length]) == NULL)
    length++;
  return length;
}

/* Chrome's log writes ", url: stun:…" behind the candidate. */
static char *
find_url (const char *text, gsize length)
{
  static const char mark[] = ", url: ";
  const char *start = g_strstr_len (text, (gssize) length, mark);

  if (start == NULL)
    return NULL;
  start += strlen (mark);
  return g_strndup (start, MIN (span_until (start, " ,\"'"), (gsize) (text + length - start)));
}

/* @text: terminated */
static void
read_candidate (Reader *self, const char *text)
{
  ThIceCandidateValues base = { .remote = self->remote };
  gsize line_length = span_until (text, "\r\n");
  gsize length = span_until (text, ENDS);
  g_autofree char *url = find_url (text + length, line_length - length);
  g_autoptr (GError) error = NULL;
  g_autoptr (ThIceCandidate) candidate = NULL;
  g_autofree char *name = NULL;

  base.server_url = url;
  candidate = th_ice_candidate_line_parse (text, length, &base, &error);
  if (candidate == NULL)
    {
      add_problem (self, error, text, length);
      return;
    }
  name = describe (candidate, FALSE);
  if (!g_hash_table_contains (self->named, name))
    add_candidate (self, candidate);
}

/* Where a candidate may begin: "candidate:" with a foundation right behind it. */
static gboolean
begins_candidate (const char *text)
{
  text += strlen ("candidate:");
  return *text != '\0' && !g_ascii_isspace (*text) && strchr (ENDS, *text) == NULL &&
         !g_str_has_prefix (text, "candidate:");
}

/* @text: terminated */
static void
read_text (Reader *self, const char *text)
{
  gsize left = strlen (text);
  const char *found;

  while ((found = th_ice_candidate_line_find (text, left)) != NULL && !self->paste->cut)
    {
      if (begins_candidate (found))
        read_candidate (self, found);
      left -= (gsize) (found - text) + strlen ("candidate:");
      text = found + strlen ("candidate:");
    }
}

static void
finish_stats (Reader *self)
{
  g_autoptr (GPtrArray) candidates = th_ice_stats_get_candidates (self->stats);
  g_autoptr (GPtrArray) pairs = th_ice_stats_get_pairs (self->stats);

  for (guint i = 0; i < candidates->len; i++)
    {
      g_hash_table_add (self->named, describe (candidates->pdata[i], FALSE));
      add_candidate (self, candidates->pdata[i]);
    }
  for (guint i = 0; i < pairs->len; i++)
    {
      if (g_list_model_get_n_items (G_LIST_MODEL (self->paste->pairs)) < TH_ICE_PASTE_PAIRS_MAX)
        g_list_store_append (self->paste->pairs, pairs->pdata[i]);
      else
        self->paste->cut = TRUE;
    }
  g_clear_pointer (&self->stats, th_ice_stats_free);
  self->stats = th_ice_stats_new ();
}

static void read_node (Reader *self, JsonNode *node);

/* FALSE if there is no such member, or it is no object. */
static gboolean
get_object (JsonObject *object, const char *name, JsonObject **member)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  *member = json_node_get_object (node);
  return TRUE;
}

/* What an entry of a dump's log is about: {"type": "addIceCandidate", "value": "..."}. */
static gboolean
is_of_remote (JsonObject *object, gboolean otherwise)
{
  JsonNode *type = json_object_get_member (object, "type");
  const char *name = type != NULL && json_node_get_value_type (type) == G_TYPE_STRING
                         ? json_node_get_string (type)
                         : "";

  if (g_str_equal (name, "addIceCandidate") || g_str_equal (name, "setRemoteDescription"))
    return TRUE;
  if (g_str_equal (name, "icecandidate") || g_str_equal (name, "setLocalDescription"))
    return FALSE;
  return otherwise;
}

static void
read_members (Reader *self, JsonObject *object)
{
  gboolean remote = self->remote;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  self->remote = is_of_remote (object, remote);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      if (!g_str_equal (name, "stats") || !JSON_NODE_HOLDS_OBJECT (node))
        read_node (self, node);
    }
  self->remote = remote;
}

/* A connection's statistics come first: they know which server gave a candidate. */
static void
read_object (Reader *self, JsonObject *object)
{
  JsonObject *stats;

  if (get_object (object, "stats", &stats))
    {
      th_ice_stats_add_series (self->stats, stats);
      finish_stats (self);
    }
  if (!th_ice_stats_add_report (self->stats, object))
    read_members (self, object);
}

static void
read_node (Reader *self, JsonNode *node)
{
  JsonArray *array;

  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      read_object (self, json_node_get_object (node));
      break;
    case JSON_NODE_ARRAY:
      array = json_node_get_array (node);
      for (guint i = 0; i < json_array_get_length (array); i++)
        read_node (self, json_array_get_element (array, i));
      break;
    case JSON_NODE_VALUE:
      if (json_node_get_value_type (node) == G_TYPE_STRING)
        read_text (self, json_node_get_string (node));
      break;
    default:
      break;
    }
}

static gboolean
read_json (Reader *self, const char *text, gsize length)
{
  g_autoptr (JsonParser) parser = NULL;

  if (!th_json_is_well_formed (text, length, DEPTH_MAX))
    return FALSE;
  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, text, (gssize) length, NULL) ||
      json_parser_get_root (parser) == NULL)
    return FALSE;
  read_node (self, json_parser_get_root (parser));
  finish_stats (self);
  return TRUE;
}

static void
read_anything (ThIcePaste *paste, const char *text, gsize length)
{
  g_autofree char *copy = g_strndup (text, length); /* what follows a NUL is no text */
  Reader self = {
    .paste = paste,
    .known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .named = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .stats = th_ice_stats_new (),
  };

  if (!read_json (&self, text, length))
    read_text (&self, copy);
  g_hash_table_unref (self.known);
  g_hash_table_unref (self.named);
  th_ice_stats_free (self.stats);
}

void
th_ice_paste_free (ThIcePaste *self)
{
  g_object_unref (self->candidates);
  g_object_unref (self->pairs);
  g_ptr_array_unref (self->problems);
  g_free (self);
}

ThIcePaste *
th_ice_paste_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (ThIcePaste) self = NULL;

  if (length > TH_ICE_PASTE_SIZE_MAX)
    {
      g_set_error_literal (error, TH_ICE_ERROR, TH_ICE_ERROR_TOO_MUCH, _("This text is too long"));
      return NULL;
    }
  self = g_new0 (ThIcePaste, 1);
  self->candidates = g_list_store_new (TH_TYPE_ICE_CANDIDATE);
  self->pairs = g_list_store_new (TH_TYPE_ICE_PAIR);
  self->problems = g_ptr_array_new_with_free_func (g_free);
  read_anything (self, text, length);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->candidates)) > 0)
    return g_steal_pointer (&self);
  g_set_error_literal (error, TH_ICE_ERROR, TH_ICE_ERROR_INVALID,
                       self->problems->len > 0
                           ? self->problems->pdata[0]
                           : _("There is no candidate in this text"));
  return NULL;
}
