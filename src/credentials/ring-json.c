/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ring's state as JSON, and back. What is read may be anything: a file can be truncated, or
 * edited by hand. Nothing is taken from one that does not fit as a whole.
 */
#include "credentials/ring-state.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "credentials/secret.h"

#define FORMAT_VERSION 1
#define GENERATIONS_MAX (TH_RING_GENERATION_END / 2) /* leaves room for new ones */
#define DEPTH_MAX 8 /* json-glib descends by recursion; our own files are three levels deep */

static const char *const kind_names[TH_RING_N_KINDS] = {
  [TH_RING_SECRET] = "secret",
  [TH_RING_API] = "api",
};

static void
add_secret (JsonBuilder *builder, const ThRingSecret *secret)
{
  json_builder_begin_object (builder);
  if (secret->key != NULL)
    {
      json_builder_set_member_name (builder, "key");
      json_builder_add_string_value (builder, secret->key);
    }
  json_builder_set_member_name (builder, "secret");
  json_builder_add_string_value (builder, secret->text);
  json_builder_set_member_name (builder, "created");
  json_builder_add_int_value (builder, secret->created);
  json_builder_set_member_name (builder, "generation");
  json_builder_add_int_value (builder, secret->generation);
  if (secret->expires_at != 0)
    {
      json_builder_set_member_name (builder, "expires");
      json_builder_add_int_value (builder, secret->expires_at);
    }
  json_builder_end_object (builder);
}

/* Members of the object that is open. */
static void
add_secrets (JsonBuilder *builder,
             const char *seed_digest,
             const ThRingState *self,
             ThRingKind kind)
{
  GPtrArray *secrets = th_ring_state_get_secrets (self, kind);

  if (seed_digest != NULL)
    {
      json_builder_set_member_name (builder, "seed");
      json_builder_add_string_value (builder, seed_digest);
    }
  json_builder_set_member_name (builder, "current");
  add_secret (builder, g_ptr_array_index (secrets, 0));
  json_builder_set_member_name (builder, "previous");
  json_builder_begin_array (builder);
  for (guint i = 1; i < secrets->len; i++)
    add_secret (builder, g_ptr_array_index (secrets, i));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "generations");
  json_builder_add_int_value (builder, self->generations[kind]);
  if (self->replaced[kind] != 0)
    {
      json_builder_set_member_name (builder, "replaced");
      json_builder_add_int_value (builder, self->replaced[kind]);
    }
}

static void
add_event (JsonBuilder *builder, ThRingEvent *event)
{
  g_autoptr (GEnumClass) deeds = g_type_class_ref (TH_TYPE_RING_DEED);
  const GEnumValue *deed = g_enum_get_value (deeds, (gint) th_ring_event_get_deed (event));

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "time");
  json_builder_add_int_value (builder, th_ring_event_get_time (event));
  json_builder_set_member_name (builder, "kind");
  json_builder_add_string_value (builder, kind_names[th_ring_event_get_kind (event)]);
  json_builder_set_member_name (builder, "deed");
  json_builder_add_string_value (builder, deed->value_nick);
  json_builder_set_member_name (builder, "by");
  json_builder_add_string_value (builder, th_ring_event_get_by (event));
  json_builder_end_object (builder);
}

/* json-glib keeps copies of strings: blank them before the tree is freed. */
static void
wipe_secrets (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      JsonNode *member;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, NULL, &member))
        wipe_secrets (member);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        wipe_secrets (json_array_get_element (array, i));
    }
  else if (json_node_get_value_type (node) == G_TYPE_STRING)
    {
      char *text = (char *) json_node_get_string (node);
      explicit_bzero (text, strlen (text));
    }
}

char *
th_ring_state_print (const ThRingState *self, gsize *length)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  char *json;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "version");
  json_builder_add_int_value (builder, FORMAT_VERSION);
  add_secrets (builder, self->seed_digest, self, TH_RING_SECRET);
  if (self->api->len > 0)
    {
      json_builder_set_member_name (builder, "api");
      json_builder_begin_object (builder);
      add_secrets (builder, self->api_digest, self, TH_RING_API);
      json_builder_end_object (builder);
    }
  json_builder_set_member_name (builder, "history");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->history->len; i++)
    add_event (builder, g_ptr_array_index (self->history, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  json = json_generator_to_data (generator, length);
  wipe_secrets (root);
  return json;
}

static gboolean
nests_too_deep (const char *json, gsize length)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  for (gsize i = 0; i < length && depth <= DEPTH_MAX; i++)
    if (json[i] == '"')
      in_string = !in_string;
    else if (in_string)
      i += json[i] == '\\'; /* passes over what is escaped */
    else if (json[i] == '[' || json[i] == '{')
      depth++;
    else if ((json[i] == ']' || json[i] == '}') && depth > 0)
      depth--;
  return depth > DEPTH_MAX;
}

/* (transfer none) (nullable): NULL if it is absent or no text */
static const char *
get_text (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/* -1 if it is absent, negative or no whole number */
static gint64
get_number (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_INT64
             ? MAX (json_node_get_int (node), -1)
             : -1;
}

static gboolean
has_generation (GPtrArray *secrets, gint64 generation)
{
  for (guint i = 0; i < secrets->len; i++)
    if (((const ThRingSecret *) g_ptr_array_index (secrets, i))->generation == generation)
      return TRUE;
  return FALSE;
}

/* Takes the secret over, if it is one and goes with those before it. Of the API's secrets, each
 * has a key. */
static gboolean
read_secret (GPtrArray *secrets, gboolean of_api, JsonNode *node)
{
  gboolean is_current = secrets->len == 0;
  ThRingSecret *secret;
  JsonObject *object;
  const char *text, *key;
  gint64 created, generation, expires_at;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  object = json_node_get_object (node);
  text = get_text (object, "secret");
  key = get_text (object, "key");
  created = get_number (object, "created");
  generation = get_number (object, "generation");
  expires_at = get_number (object, "expires");

  if (text == NULL || !th_secret_check (text, NULL) || created < 0 ||
      (of_api && (key == NULL || !th_secret_check (key, NULL))) ||
      secrets->len == TH_RING_SECRETS_MAX || generation < 1 || generation > GENERATIONS_MAX ||
      has_generation (secrets, generation) ||
      (is_current ? json_object_has_member (object, "expires") : expires_at < 1))
    return FALSE;

  secret = g_new (ThRingSecret, 1);
  *secret = (ThRingSecret) {
    .key = of_api ? g_strdup (key) : NULL,
    .text = g_strdup (text),
    .created = created,
    .expires_at = is_current ? 0 : expires_at,
    .generation = (guint) generation,
  };
  g_ptr_array_add (secrets, secret);
  return TRUE;
}

/* Rings from before these were counted gave the highest number last. */
static gboolean
read_generations (ThRingState *self, ThRingKind kind, JsonObject *object)
{
  GPtrArray *secrets = th_ring_state_get_secrets (self, kind);
  gint64 highest = 0, generations, replaced;

  for (guint i = 0; i < secrets->len; i++)
    highest = MAX (highest, ((const ThRingSecret *) g_ptr_array_index (secrets, i))->generation);
  generations = json_object_has_member (object, "generations")
                    ? get_number (object, "generations")
                    : highest;
  replaced = json_object_has_member (object, "replaced") ? get_number (object, "replaced") : 0;
  if (generations < highest || generations > GENERATIONS_MAX || replaced < 0 ||
      replaced > generations)
    return FALSE;
  self->generations[kind] = (guint) generations;
  self->replaced[kind] = (guint) replaced;
  return TRUE;
}

static gboolean
read_secrets (ThRingState *self, ThRingKind kind, JsonObject *object, char **seed_digest)
{
  GPtrArray *secrets = th_ring_state_get_secrets (self, kind);
  gboolean of_api = kind == TH_RING_API;
  JsonNode *previous = json_object_get_member (object, "previous");
  JsonArray *array;

  if (!read_secret (secrets, of_api, json_object_get_member (object, "current")) ||
      previous == NULL || !JSON_NODE_HOLDS_ARRAY (previous))
    return FALSE;

  array = json_node_get_array (previous);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_secret (secrets, of_api, json_array_get_element (array, i)))
      return FALSE;
  *seed_digest = g_strdup (get_text (object, "seed"));
  return (*seed_digest != NULL || !json_object_has_member (object, "seed")) &&
         read_generations (self, kind, object);
}

static gboolean
read_kind (const char *name, ThRingKind *kind)
{
  for (guint i = 0; name != NULL && i < TH_RING_N_KINDS; i++)
    if (g_str_equal (name, kind_names[i]))
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_event (GPtrArray *history, JsonNode *node)
{
  g_autoptr (GEnumClass) deeds = g_type_class_ref (TH_TYPE_RING_DEED);
  const GEnumValue *deed;
  JsonObject *object;
  const char *deed_name, *by;
  ThRingKind kind;
  gint64 time;

  if (!JSON_NODE_HOLDS_OBJECT (node) || history->len == TH_RING_HISTORY_MAX)
    return FALSE;
  object = json_node_get_object (node);
  time = get_number (object, "time");
  deed_name = get_text (object, "deed");
  deed = deed_name != NULL ? g_enum_get_value_by_nick (deeds, deed_name) : NULL;
  by = get_text (object, "by");
  if (time < 0 || !read_kind (get_text (object, "kind"), &kind) || deed == NULL || by == NULL ||
      !th_ring_event_is_name (by))
    return FALSE;
  g_ptr_array_add (history, th_ring_event_new (time, kind, deed->value, by));
  return TRUE;
}

/* Rings from before there was a history have none. */
static gboolean
read_history (GPtrArray *history, JsonNode *node)
{
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_event (history, json_array_get_element (array, i)))
      return FALSE;
  return TRUE;
}

static gboolean
read_state (ThRingState *self, JsonNode *root)
{
  JsonObject *object;
  JsonNode *api;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return FALSE;
  object = json_node_get_object (root);
  if (get_number (object, "version") != FORMAT_VERSION ||
      !read_secrets (self, TH_RING_SECRET, object, &self->seed_digest) ||
      !read_history (self->history, json_object_get_member (object, "history")))
    return FALSE;

  /* Rings from before there were API secrets have none. */
  api = json_object_get_member (object, "api");
  return api == NULL || (JSON_NODE_HOLDS_OBJECT (api) &&
                         read_secrets (self, TH_RING_API, json_node_get_object (api),
                                       &self->api_digest));
}

ThRingState *
th_ring_state_parse (const char *json, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (ThRingState) self = th_ring_state_new ();
  gboolean fits;

  /* The parser's own messages repeat what they stumble on, which may be part of a secret. */
  fits = g_utf8_validate_len (json, length, NULL) && !nests_too_deep (json, length) &&
         json_parser_load_from_data (parser, json, length, NULL) &&
         read_state (self, json_parser_get_root (parser));
  if (json_parser_get_root (parser) != NULL)
    wipe_secrets (json_parser_get_root (parser));
  if (fits)
    return g_steal_pointer (&self);
  g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED,
                       "It is no secret ring of this version");
  return NULL;
}
