/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ring's state as JSON, and back. What is read may be anything: a file can be truncated, or
 * edited by hand. Nothing is taken from one that does not fit as a whole.
 */
#include "credentials/ring-state.h"

#include "credentials/kept-json.h"
#include "credentials/secret.h"

#define FORMAT_VERSION 1

static const char *const kind_names[TH_RING_N_KINDS] = {
  [TH_RING_SECRET] = "secret",
  [TH_RING_API] = "api",
};

static void
add_secret (JsonBuilder *builder, const ThRingSecret *secret)
{
  json_builder_begin_object (builder);
  if (secret->key != NULL)
    th_json_add_text (builder, "key", secret->key);
  th_json_add_text (builder, "secret", secret->text);
  th_json_add_number (builder, "created", secret->created);
  th_json_add_number (builder, "generation", secret->generation);
  if (secret->expires_at != 0)
    th_json_add_number (builder, "expires", secret->expires_at);
  json_builder_end_object (builder);
}

/* Members of the object that is open. */
static void
add_secrets (JsonBuilder *builder, const ThRingState *self, ThRingKind kind)
{
  GPtrArray *secrets = th_ring_state_get_secrets (self, kind);
  const char *digest = kind == TH_RING_API ? self->api_digest : self->seed_digest;

  if (digest != NULL)
    th_json_add_text (builder, "seed", digest);
  json_builder_set_member_name (builder, "current");
  add_secret (builder, g_ptr_array_index (secrets, 0));
  json_builder_set_member_name (builder, "previous");
  json_builder_begin_array (builder);
  for (guint i = 1; i < secrets->len; i++)
    add_secret (builder, g_ptr_array_index (secrets, i));
  json_builder_end_array (builder);
  th_json_add_number (builder, "generations", self->generations[kind]);
  if (self->replaced[kind] != 0)
    th_json_add_number (builder, "replaced", self->replaced[kind]);
}

static void
add_event (JsonBuilder *builder, ThRingEvent *event)
{
  g_autoptr (GEnumClass) deeds = g_type_class_ref (TH_TYPE_RING_DEED);
  const GEnumValue *deed = g_enum_get_value (deeds, (gint) th_ring_event_get_deed (event));

  json_builder_begin_object (builder);
  th_json_add_number (builder, "time", th_ring_event_get_time (event));
  th_json_add_text (builder, "kind", kind_names[th_ring_event_get_kind (event)]);
  th_json_add_text (builder, "deed", deed->value_nick);
  th_json_add_text (builder, "by", th_ring_event_get_by (event));
  json_builder_end_object (builder);
}

char *
th_ring_state_print (const ThRingState *self, gsize *length)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  th_json_add_number (builder, "version", FORMAT_VERSION);
  add_secrets (builder, self, TH_RING_SECRET);
  if (self->api->len > 0)
    {
      json_builder_set_member_name (builder, "api");
      json_builder_begin_object (builder);
      add_secrets (builder, self, TH_RING_API);
      json_builder_end_object (builder);
    }
  json_builder_set_member_name (builder, "history");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->history->len; i++)
    add_event (builder, g_ptr_array_index (self->history, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  return th_kept_json_print (json_builder_get_root (builder), length);
}

/* Takes the secret over, if it is one and goes with those before it. Of the API's secrets, each
 * has a key. */
static gboolean
read_secret (ThRingState *self, ThRingKind kind, JsonNode *node)
{
  GPtrArray *secrets = th_ring_state_get_secrets (self, kind);
  gboolean of_api = kind == TH_RING_API, is_current = secrets->len == 0;
  ThRingSecret *secret;
  JsonObject *object;
  const char *text, *key;
  gint64 created, generation, expires_at;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  object = json_node_get_object (node);
  text = th_json_object_get_text (object, "secret");
  key = th_json_object_get_text (object, "key");
  created = th_kept_json_get_number (object, "created");
  generation = th_kept_json_get_number (object, "generation");
  expires_at = th_kept_json_get_number (object, "expires");

  if (text == NULL || !th_secret_check (text, NULL) || created < 0 ||
      (of_api && (key == NULL || !th_secret_check (key, NULL))) ||
      secrets->len == TH_RING_SECRETS_MAX || generation < 1 ||
      generation >= TH_RING_GENERATION_END ||
      th_ring_state_has_generation (self, kind, (guint) generation) ||
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
  gint64 highest = 0, generations, replaced = 0;

  for (guint i = 0; i < secrets->len; i++)
    highest = MAX (highest, ((const ThRingSecret *) g_ptr_array_index (secrets, i))->generation);
  generations = highest;
  if (json_object_has_member (object, "generations"))
    generations = th_kept_json_get_number (object, "generations");
  if (json_object_has_member (object, "replaced"))
    replaced = th_kept_json_get_number (object, "replaced");
  if (generations < highest || generations >= TH_RING_GENERATION_END || replaced < 0 ||
      replaced > generations)
    return FALSE;
  self->generations[kind] = (guint) generations;
  self->replaced[kind] = (guint) replaced;
  return TRUE;
}

static gboolean
read_secrets (ThRingState *self, ThRingKind kind, JsonObject *object)
{
  char **digest = kind == TH_RING_API ? &self->api_digest : &self->seed_digest;
  JsonNode *previous = json_object_get_member (object, "previous");
  JsonArray *array;

  if (!read_secret (self, kind, json_object_get_member (object, "current")) ||
      previous == NULL || !JSON_NODE_HOLDS_ARRAY (previous))
    return FALSE;

  array = json_node_get_array (previous);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_secret (self, kind, json_array_get_element (array, i)))
      return FALSE;
  *digest = g_strdup (th_json_object_get_text (object, "seed"));
  return (*digest != NULL || !json_object_has_member (object, "seed")) &&
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
  time = th_kept_json_get_number (object, "time");
  deed_name = th_json_object_get_text (object, "deed");
  deed = deed_name != NULL ? g_enum_get_value_by_nick (deeds, deed_name) : NULL;
  by = th_json_object_get_text (object, "by");
  if (time < 0 || !read_kind (th_json_object_get_text (object, "kind"), &kind) || deed == NULL ||
      by == NULL || !th_ring_event_is_name (by))
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
read_state (ThRingState *self, JsonObject *object)
{
  JsonNode *api;

  if (th_kept_json_get_number (object, "version") != FORMAT_VERSION ||
      !read_secrets (self, TH_RING_SECRET, object) ||
      !read_history (self->history, json_object_get_member (object, "history")))
    return FALSE;

  /* Rings from before there were API secrets have none. */
  api = json_object_get_member (object, "api");
  return api == NULL || (JSON_NODE_HOLDS_OBJECT (api) &&
                         read_secrets (self, TH_RING_API, json_node_get_object (api)));
}

ThRingState *
th_ring_state_parse (const char *json, gsize length, GError **error)
{
  g_autoptr (ThKeptJson) root = th_kept_json_parse (json, length);
  g_autoptr (ThRingState) self = th_ring_state_new ();

  if (root != NULL && read_state (self, json_node_get_object (root)))
    return g_steal_pointer (&self);
  g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED,
                       "It is no secret ring of this version");
  return NULL;
}
