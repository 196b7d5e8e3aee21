/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json-glib, with care: for its depth, for types, and for the copies it keeps of strings.
 */
#include "credentials/kept-json.h"

#include <string.h>

#include "credentials/json-check.h"

#define DEPTH_MAX 8 /* our own files are five levels deep */

static void
wipe_texts (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      JsonNode *member;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, NULL, &member))
        wipe_texts (member);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        wipe_texts (json_array_get_element (array, i));
    }
  else if (json_node_get_value_type (node) == G_TYPE_STRING)
    {
      char *text = (char *) json_node_get_string (node);
      explicit_bzero (text, strlen (text));
    }
}

JsonNode *
th_kept_json_parse (const char *json, gsize length)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (ThKeptJson) root = NULL;

  if (!th_json_is_well_formed (json, length, DEPTH_MAX))
    return NULL;
  /* The parser's own messages repeat what they stumble on, which may be part of a secret. */
  if (!json_parser_load_from_data (parser, json, length, NULL))
    {
      if (json_parser_get_root (parser) != NULL)
        wipe_texts (json_parser_get_root (parser));
      return NULL;
    }
  root = json_parser_steal_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? g_steal_pointer (&root) : NULL;
}

char *
th_kept_json_print (JsonNode *root, gsize *length)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  char *json;

  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  json = json_generator_to_data (generator, length);
  th_kept_json_wipe (root);
  return json;
}

void
th_kept_json_wipe (JsonNode *root)
{
  if (root == NULL)
    return;
  wipe_texts (root);
  json_node_unref (root);
}

gint64
th_kept_json_read_number (JsonNode *node)
{
  gint64 number = -1;

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_INT64)
    number = json_node_get_int (node);
  /* Of more than fits, some versions of json-glib make a negative number, others the largest. */
  return number < G_MAXINT64 ? MAX (number, -1) : -1;
}

gint64
th_kept_json_get_number (JsonObject *object, const char *member)
{
  return th_kept_json_read_number (json_object_get_member (object, member));
}

gboolean
th_kept_json_get_hex (JsonObject *object, const char *member, guint8 *bytes, gsize size)
{
  const char *text = th_json_object_get_text (object, member);

  if (text == NULL || strlen (text) != 2 * size)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]);
      int low = g_ascii_xdigit_value (text[2 * i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      bytes[i] = high << 4 | low;
    }
  return TRUE;
}

void
th_kept_json_add_hex (JsonBuilder *builder, const char *member, const guint8 *bytes, gsize size)
{
  g_autofree char *text = g_malloc (2 * size + 1);

  for (gsize i = 0; i < size; i++)
    g_snprintf (text + 2 * i, 3, "%02x", bytes[i]);
  text[2 * size] = '\0';
  th_json_add_text (builder, member, text);
  explicit_bzero (text, 2 * size);
}
