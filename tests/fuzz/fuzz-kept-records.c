/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes the files of apps and of users that are kept: whatever stands there, each record is
 * refused, or prints as something that reads back as itself.
 */
#include <string.h>

#include "credentials/app-record.h"
#include "credentials/kept-json.h"
#include "credentials/user-record.h"
#include "fuzz.h"

/* (transfer full): one record as the text of an object */
static char *
print (const ThRecordForm *form, gconstpointer record)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gsize length;

  json_builder_begin_object (builder);
  form->print (builder, record);
  json_builder_end_object (builder);
  return th_kept_json_print (json_builder_get_root (builder), &length);
}

static void
check_record (const ThRecordForm *form, gconstpointer record)
{
  g_autofree char *text = print (form, record), *again = NULL;
  g_autoptr (ThKeptJson) root = th_kept_json_parse (text, strlen (text));
  g_autoptr (GPtrArray) copies = g_ptr_array_new_with_free_func (form->free);

  g_assert_nonnull (root);
  g_assert_true (form->read (copies, json_node_get_object (root)));
  g_assert_cmpuint (copies->len, ==, 1);
  again = print (form, g_ptr_array_index (copies, 0));
  g_assert_cmpstr (again, ==, text);
}

static void
try_form (const ThRecordForm *form, JsonObject *object)
{
  JsonNode *list = json_object_get_member (object, form->member);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (form->free);
  JsonArray *array;

  if (list == NULL || !JSON_NODE_HOLDS_ARRAY (list))
    return;
  array = json_node_get_array (list);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      guint before = records->len;
      gboolean fits =
          JSON_NODE_HOLDS_OBJECT (node) && form->read (records, json_node_get_object (node));

      g_assert_cmpuint (records->len, ==, before + (fits ? 1 : 0));
      if (fits)
        check_record (form, g_ptr_array_index (records, before));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_malloc (size + 1); /* terminated, as the store reads it */
  g_autoptr (ThKeptJson) root = NULL;

  if (size > 0)
    memcpy (text, data, size);
  text[size] = '\0';
  root = th_kept_json_parse (text, size);
  if (root == NULL)
    return 0;
  try_form (&th_app_record_form, json_node_get_object (root));
  try_form (&th_user_record_form, json_node_get_object (root));
  return 0;
}
