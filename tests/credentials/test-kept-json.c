/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON that is kept: what is no object of ours is refused, members are of the type that is asked
 * for or absent, and what was printed reads back.
 */
#include <string.h>

#include "credentials/kept-json.h"

static JsonNode *
parse (const char *json)
{
  return th_kept_json_parse (json, strlen (json));
}

static void
test_there_and_back (void)
{
  static const guint8 bytes[] = { 0x00, 0x7f, 0xff };
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (ThKeptJson) root = NULL;
  g_autofree char *json = NULL;
  gsize length = 0;
  guint8 read[3];
  JsonObject *object;

  json_builder_begin_object (builder);
  th_json_add_text (builder, "text", "a\"\\ü");
  th_json_add_number (builder, "number", G_MAXINT64 - 1);
  th_kept_json_add_hex (builder, "hex", bytes, sizeof bytes);
  json_builder_end_object (builder);
  json = th_kept_json_print (json_builder_get_root (builder), &length);
  g_assert_cmpuint (strlen (json), ==, length);

  root = th_kept_json_parse (json, length);
  object = json_node_get_object (root);
  g_assert_cmpstr (th_json_object_get_text (object, "text"), ==, "a\"\\ü");
  g_assert_cmpint (th_kept_json_get_number (object, "number"), ==, G_MAXINT64 - 1);
  g_assert_true (th_kept_json_get_hex (object, "hex", read, sizeof read));
  g_assert_cmpmem (read, sizeof read, bytes, sizeof bytes);
  g_assert_false (th_kept_json_get_hex (object, "hex", read, 2));
  g_assert_false (th_kept_json_get_hex (object, "hex", read, 4));
}

static void
test_members (void)
{
  g_autoptr (ThKeptJson) root =
      parse ("{\"t\":\"x\",\"n\":7,\"m\":-7,\"f\":1.5,\"b\":true,\"o\":{},\"a\":[1],\"z\":null,"
             "\"h\":\"0g\",\"u\":\"0A\",\"l\":9223372036854775807,\"x\":9223372036854775808,"
             "\"y\":18446744073709551616}");
  JsonObject *object = json_node_get_object (root);
  static const char *const no_texts[] = { "n", "f", "b", "o", "a", "z", "absent" };
  static const char *const no_numbers[] = { "t", "m", "f", "b", "o",     "a",
                                            "z", "l", "x", "y", "absent" };
  guint8 byte;

  g_assert_cmpstr (th_json_object_get_text (object, "t"), ==, "x");
  for (guint i = 0; i < G_N_ELEMENTS (no_texts); i++)
    g_assert_null (th_json_object_get_text (object, no_texts[i]));
  g_assert_cmpint (th_kept_json_get_number (object, "n"), ==, 7);
  for (guint i = 0; i < G_N_ELEMENTS (no_numbers); i++)
    g_assert_cmpint (th_kept_json_get_number (object, no_numbers[i]), ==, -1);
  g_assert_false (th_kept_json_get_hex (object, "h", &byte, 1));
  g_assert_false (th_kept_json_get_hex (object, "n", &byte, 1));
  g_assert_true (th_kept_json_get_hex (object, "u", &byte, 1));
  g_assert_cmpuint (byte, ==, 10);
}

static void
test_no_object (void)
{
  static const char *const bad[] = {
    "", " ", "{", "}", "[]", "1", "\"x\"", "null", "{}}", "{\"a\":}", "{\"a\":1,}", "{\"\xff\":1}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("row %u", i);
      g_assert_null (parse (bad[i]));
    }
  g_assert_null (th_kept_json_parse ("{}\0{}", 5));
}

static char *
nest (guint depth)
{
  GString *json = g_string_new ("{\"a\":");

  for (guint i = 1; i < depth; i++)
    g_string_append_c (json, '[');
  for (guint i = 1; i < depth; i++)
    g_string_append_c (json, ']');
  return g_string_free (g_string_append_c (json, '}'), FALSE);
}

static void
test_depth (void)
{
  g_autofree char *deep = nest (8), *too_deep = nest (9), *much_too_deep = nest (100000);
  g_autoptr (ThKeptJson) root = parse (deep);
  g_autoptr (ThKeptJson) brackets = parse ("{\"a\":\"[[[[[[[[[[\\\"[[[[[[[[[\"}");

  g_assert_nonnull (root);
  g_assert_nonnull (brackets);
  g_assert_null (parse (too_deep));
  g_assert_null (parse (much_too_deep));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/credentials/kept-json/there-and-back", test_there_and_back);
  g_test_add_func ("/credentials/kept-json/members", test_members);
  g_test_add_func ("/credentials/kept-json/no-object", test_no_object);
  g_test_add_func ("/credentials/kept-json/depth", test_depth);
  return g_test_run ();
}
