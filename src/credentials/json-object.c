/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading an object with json-glib, once it is known to be one, and the calls that building takes.
 */
#include "credentials/json-object.h"

#include "credentials/json-check.h"

static void
on_parser_object_member (JsonParser *parser, JsonObject *object, const char *name, gpointer data)
{
  guint *surplus = data;

  (*surplus)++;
}

/* Of members with one name the object has kept the last alone. */
static void
on_parser_object_end (JsonParser *parser, JsonObject *object, gpointer data)
{
  guint *surplus = data;

  *surplus -= json_object_get_size (object);
}

JsonObject *
th_json_object_parse (const char *text, gsize length, guint depth)
{
  g_autoptr (JsonParser) parser = NULL;
  guint surplus = 0;
  JsonNode *root;

  if (!th_json_is_well_formed (text, length, depth))
    return NULL;
  parser = json_parser_new ();
  g_signal_connect (parser, "object-member", G_CALLBACK (on_parser_object_member), &surplus);
  g_signal_connect (parser, "object-end", G_CALLBACK (on_parser_object_end), &surplus);
  if (!json_parser_load_from_data (parser, text, length, NULL) || surplus != 0)
    return NULL;
  root = json_parser_get_root (parser);
  return JSON_NODE_HOLDS_OBJECT (root) ? json_object_ref (json_node_get_object (root)) : NULL;
}

const char *
th_json_object_get_text (JsonObject *self, const char *name)
{
  JsonNode *node = json_object_get_member (self, name);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

void
th_json_add_strings (JsonBuilder *array, char **strings)
{
  for (guint i = 0; strings[i] != NULL; i++)
    json_builder_add_string_value (array, strings[i]);
}

void
th_json_add_text (JsonBuilder *object, const char *name, const char *value)
{
  json_builder_set_member_name (object, name);
  json_builder_add_string_value (object, value);
}

void
th_json_add_number (JsonBuilder *object, const char *name, gint64 value)
{
  json_builder_set_member_name (object, name);
  json_builder_add_int_value (object, value);
}

void
th_json_add_flag (JsonBuilder *object, const char *name, gboolean value)
{
  json_builder_set_member_name (object, name);
  json_builder_add_boolean_value (object, value);
}

void
th_json_add_time (JsonBuilder *object, const char *name, gint64 seconds)
{
  g_autofree char *text = th_json_time (seconds);

  th_json_add_text (object, name, text);
}

char *
th_json_time (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  /* beyond the year 9999 there are none */
  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("");
}
