/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON is walked through to its last text, other text line by line; wherever "candidate:" stands, a
 * candidate is tried.
 */
#include "ice/ice-paste.h"

#include <glib/gi18n.h>
#include <string.h>

#include "credentials/json-check.h"
#include "credentials/json-object.h"
#include "ice/ice-candidate-line.h"
#include "ice/ice-stats.h"

#define DEPTH_MAX 32
#define LOG_MAX 1e9 /* milliseconds: longer than any call */

/* Where a candidate ends that stands in a line with other things. */
#define ENDS "\r\n\"'\\<>,;{}"

typedef struct {
  ThIcePaste *paste;
  GHashTable *known; /* a set of texts: candidates by all that tells one from another */
  GHashTable *named; /* the same without their addresses → ThIceCandidate of the list */
  ThIceStats *stats; /* of the connection that is being read */
  gboolean remote;   /* whose candidates come now */
  double origin;     /* milliseconds: of a log's first entry; 0: none */
  gint64 time;       /* microseconds from there on to the entry that is being read */
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

/* FALSE if it is there already, or there are too many. */
static gboolean
add_candidate (Reader *self, ThIceCandidate *candidate)
{
  GListStore *candidates = self->paste->candidates;
  g_autofree char *key = describe (candidate, TRUE);

  if (g_hash_table_contains (self->known, key))
    return FALSE;
  if (g_list_model_get_n_items (G_LIST_MODEL (candidates)) >= TH_ICE_PASTE_CANDIDATES_MAX)
    {
      self->paste->cut = TRUE;
      return FALSE;
    }
  g_hash_table_add (self->known, g_steal_pointer (&key));
  g_hash_table_insert (self->named, describe (candidate, FALSE), candidate);
  g_list_store_append (candidates, candidate);
  return TRUE;
}

/* What the log told, with what only statistics know: the address behind a name, and the server. */
static ThIceCandidate *
combine (ThIceCandidate *logged, ThIceCandidate *counted)
{
  const ThIceCandidateValues *more = th_ice_candidate_get_values (counted);
  ThIceCandidateValues values = *th_ice_candidate_get_values (logged);

  if (*more->address != '\0')
    values.address = more->address;
  if (more->server_url != NULL)
    values.server_url = more->server_url;
  if (more->relay_protocol != NULL)
    values.relay_protocol = more->relay_protocol;
  return th_ice_candidate_new (&values);
}

static ThIceCandidate *
take_counted (ThIceCandidate *counted, gpointer data)
{
  Reader *self = data;
  char *name = describe (counted, FALSE);
  ThIceCandidate *logged = g_hash_table_lookup (self->named, name);
  ThIceCandidate *both;
  guint position;

  if (logged == NULL || !g_list_store_find (self->paste->candidates, logged, &position))
    {
      g_free (name);
      add_candidate (self, counted);
      return g_object_ref (counted);
    }
  both = combine (logged, counted);
  g_hash_table_add (self->known, describe (both, TRUE));
  g_hash_table_insert (self->named, name, both);
  g_list_store_splice (self->paste->candidates, position, 1, (gpointer *) &both, 1);
  return both;
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

/* Chrome's log has the server behind the candidate, in one of these ways. */
static char *
find_url (const char *text, gsize length)
{
  static const char *const marks[] = { ", url: ", "\"url\":\"" };
  const char *start = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (marks) && start == NULL; i++)
    {
      start = g_strstr_len (text, (gssize) length, marks[i]);
      if (start != NULL)
        start += strlen (marks[i]);
    }
  if (start == NULL)
    return NULL;
  return g_strndup (start, MIN (span_until (start, " ,\"'"), (gsize) (text + length - start)));
}

/* @text: terminated */
static void
read_candidate (Reader *self, const char *text)
{
  ThIceCandidateValues base = { .remote = self->remote, .time = self->time };
  gsize line_length = span_until (text, "\r\n");
  gsize length = span_until (text, ENDS);
  g_autofree char *url = find_url (text + length, line_length - length);
  g_autoptr (GError) error = NULL;
  g_autoptr (ThIceCandidate) candidate = NULL;

  base.server_url = url;
  candidate = th_ice_candidate_line_parse (text, length, &base, &error);
  if (candidate != NULL)
    add_candidate (self, candidate);
  else
    add_problem (self, error, text, length);
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
  g_autoptr (GPtrArray) pairs = NULL;

  th_ice_stats_take_candidates (self->stats, take_counted, self);
  pairs = th_ice_stats_get_pairs (self->stats);
  for (guint i = 0; i < pairs->len; i++)
    {
      if (g_list_model_get_n_items (G_LIST_MODEL (self->paste->pairs)) < TH_ICE_PASTE_PAIRS_MAX)
        g_list_store_append (self->paste->pairs, pairs->pdata[i]);
      else
        self->paste->cut = TRUE;
    }
  th_ice_stats_free (self->stats);
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
is_of_remote (const char *type, gboolean otherwise)
{
  static const char *const remote[] = { "addIceCandidate", "setRemoteDescription", NULL };
  static const char *const local[] = { "icecandidate", "onicecandidate", "setLocalDescription",
                                       NULL };

  if (g_strv_contains (remote, type))
    return TRUE;
  return g_strv_contains (local, type) ? FALSE : otherwise;
}

/* Entries of a log have a type and a time, in milliseconds. */
static void
read_entry (Reader *self, JsonObject *object)
{
  const char *type = th_json_object_get_text (object, "type");
  JsonNode *stamp = json_object_get_member (object, "timestamp");
  double time;

  if (type == NULL)
    return;
  self->remote = is_of_remote (type, self->remote);
  if (stamp == NULL || json_node_get_value_type (stamp) != G_TYPE_DOUBLE)
    return;
  time = json_node_get_double (stamp);
  if (self->origin <= 0)
    self->origin = time;
  self->time = (gint64) (CLAMP (time - self->origin, 0, LOG_MAX) * 1000);
}

static void
read_members (Reader *self, JsonObject *object)
{
  gboolean remote = self->remote;
  gint64 time = self->time;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  read_entry (self, object);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      if (!g_str_equal (name, "stats") || !JSON_NODE_HOLDS_OBJECT (node))
        read_node (self, node);
    }
  self->remote = remote;
  self->time = time;
}

/* A connection: its log, and then its statistics. */
static void
read_object (Reader *self, JsonObject *object)
{
  JsonObject *stats;

  if (th_ice_stats_add_report (self->stats, object))
    return;
  if (!get_object (object, "stats", &stats))
    {
      read_members (self, object);
      return;
    }
  self->origin = 0;
  g_hash_table_remove_all (self->named); /* other connections may use the same names */
  read_members (self, object);
  th_ice_stats_add_series (self->stats, stats);
  finish_stats (self);
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

/* Chrome saves its dump packed. (transfer full) (nullable): NULL if it is not, or too long */
static char *
unpack (const char *text, gsize length, gsize *unpacked)
{
  g_autoptr (GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GInputStream) packed =
      g_memory_input_stream_new_from_data (text, (gssize) length, NULL);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (packed, G_CONVERTER (zlib));
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 buffer[16384];
  gssize n;

  if (length < 2 || (guint8) text[0] != 0x1F || (guint8) text[1] != 0x8B)
    return NULL;
  while ((n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL)) > 0)
    {
      if (bytes->len + (gsize) n > TH_ICE_PASTE_SIZE_MAX)
        return NULL;
      g_byte_array_append (bytes, buffer, (guint) n);
    }
  *unpacked = bytes->len;
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  return (char *) g_byte_array_free (g_steal_pointer (&bytes), FALSE);
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
    .named = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), /* the list has them */
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
  g_autofree char *unpacked = NULL;

  if (length > TH_ICE_PASTE_SIZE_MAX)
    {
      g_set_error_literal (error, TH_ICE_ERROR, TH_ICE_ERROR_TOO_MUCH, _("This text is too long"));
      return NULL;
    }
  self = g_new0 (ThIcePaste, 1);
  self->candidates = g_list_store_new (TH_TYPE_ICE_CANDIDATE);
  self->pairs = g_list_store_new (TH_TYPE_ICE_PAIR);
  self->problems = g_ptr_array_new_with_free_func (g_free);
  unpacked = unpack (text, length, &length);
  read_anything (self, unpacked != NULL ? unpacked : text, length);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->candidates)) > 0)
    return g_steal_pointer (&self);
  g_set_error_literal (error, TH_ICE_ERROR, TH_ICE_ERROR_INVALID,
                       self->problems->len > 0
                           ? self->problems->pdata[0]
                           : _("There is no candidate in this text"));
  return NULL;
}
