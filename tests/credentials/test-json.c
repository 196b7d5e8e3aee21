/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON from outside: what is JSON and what only looks like it, objects with members twice; and the
 * base64 that JWTs pack it in.
 */
#include <string.h>

#include "credentials/base64url.h"
#include "credentials/json-check.h"
#include "credentials/json-object.h"

/* Once each, to the letter of RFC 8259. */
static void
test_grammar (void)
{
  const char *good[] = {
    "0", "-0", "10.25", "1e9", "1E-9", "-1.5e+10", "true", " false\n", "null", "\"\"", "[]", "{}",
    "[1,2]", "[ 1 , [ ] ]", "{\"a\":{\"b\":2},\"a\":1}", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
    "\"\\ud83d\\ude00\"",
  };
  const char *bad[] = {
    "", " ", "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "NaN", "Infinity", "True", "nul",
    "truefalse", "1 2", "[1,]", "[,1]", "[1", "]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
    "{'a':1}", "{1:1}", "{\"a\" 1}", "\"", "\"\n\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\",
    "\"\\u0000\"", "\"\\ud83d\"", "\"\\ud83d\\u0041\"", "\"\\ude00\"", "\"\xc3\"", "/* */ 1", "1//",
    "[[[]]]", "{\"a\":{\"b\":{}}}", "\xef\xbb\xbf{}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    if (!th_json_is_well_formed (good[i], strlen (good[i]), 2))
      g_error ("refused: %s", good[i]);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (th_json_is_well_formed (bad[i], strlen (bad[i]), 2))
      g_error ("taken: %s", bad[i]);
}

static void
test_objects (void)
{
  const char *good[] = {
    "{}", " {\"a\":1} ", "{\"a\":{\"a\":1},\"b\":{\"a\":1}}", "{\"a\":[{\"a\":1},{\"a\":1}]}",
    "{\"a\":\"{\\\"b\\\":1,\\\"b\\\":1}\"}", "{\"a\":1,\"A\":1}",
  };
  const char *bad[] = {
    "", "[]", "1", "\"a\"", "null", "{", "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":1}",
    "{\"a\":{\"b\":1,\"b\":2}}", "{\"a\":[{\"b\":{},\"c\":0,\"b\":{}}]}",
    "{\"a\":{},\"a\":{\"b\":1}}",
    "{\"a\":{\"b\":1},\"a\":{}}", "{\"\":1,\"\":1}", "{\"a\":{\"a\":{\"a\":{}}}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (JsonObject) object = th_json_object_parse (good[i], strlen (good[i]), 3);

      if (object == NULL)
        g_error ("refused: %s", good[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (th_json_object_parse (bad[i], strlen (bad[i]), 3) != NULL)
      g_error ("taken: %s", bad[i]);
}

static void
test_texts (void)
{
  const char *json = "{\"a\":\"b\",\"n\":1,\"z\":null,\"o\":{}}";
  g_autoptr (JsonObject) object = th_json_object_parse (json, strlen (json), 2);

  g_assert_cmpstr (th_json_object_get_text (object, "a"), ==, "b");
  g_assert_null (th_json_object_get_text (object, "n"));
  g_assert_null (th_json_object_get_text (object, "z"));
  g_assert_null (th_json_object_get_text (object, "o"));
  g_assert_null (th_json_object_get_text (object, "x"));
}

/* Of times that no calendar has an empty text is left. */
static void
test_times (void)
{
  g_autofree char *first = th_json_time (0);
  g_autofree char *last = th_json_time (G_GINT64_CONSTANT (253402300799));
  g_autofree char *beyond = th_json_time (G_GINT64_CONSTANT (253402300800));

  g_assert_cmpstr (first, ==, "1970-01-01T00:00:00Z");
  g_assert_cmpstr (last, ==, "9999-12-31T23:59:59Z");
  g_assert_cmpstr (beyond, ==, "");
}

static void
test_base64url (void)
{
  /* RFC 4648, section 10, and the two characters that differ */
  const struct {
    const char *bytes, *text;
  } rows[] = {
    { "", "" }, { "f", "Zg" }, { "fo", "Zm8" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg" },
    { "\xff\xef\xbe", "_---" },
  };
  const char *bad[] = { "Z", "Zm9vY", "Zg==", "Zm8=", "Zm9v=", "Zh", "Zm9", "Z g", "Zm9v\n", "+/+/",
                        "Zm.v", "Zm\xc3\xa9" };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gsize size;
      g_autofree char *text = th_base64url_encode (rows[i].bytes, strlen (rows[i].bytes));
      g_autofree char *bytes = th_base64url_decode (text, strlen (text), &size);

      g_assert_cmpstr (text, ==, rows[i].text);
      g_assert_cmpmem (bytes, size, rows[i].bytes, strlen (rows[i].bytes));
      g_assert_cmpint (bytes[size], ==, '\0');
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      gsize size;

      if (th_base64url_decode (bad[i], strlen (bad[i]), &size) != NULL)
        g_error ("taken: %s", bad[i]);
    }
}

/* Only one text stands for any bytes, and it stands for them. */
static void
test_base64url_at_random (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      char text[12];
      gsize length = g_test_rand_int_range (0, sizeof text), size;
      g_autofree char *bytes = NULL, *again = NULL;

      for (gsize j = 0; j < length; j++)
        text[j] = "AQgwZ_-a9"[g_test_rand_int_range (0, 9)];
      bytes = th_base64url_decode (text, length, &size);
      if (bytes == NULL)
        continue;
      again = th_base64url_encode (bytes, size);
      g_assert_cmpmem (again, strlen (again), text, length);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/credentials/json/grammar", test_grammar);
  g_test_add_func ("/credentials/json/objects-without-doubles", test_objects);
  g_test_add_func ("/credentials/json/texts", test_texts);
  g_test_add_func ("/credentials/json/times", test_times);
  g_test_add_func ("/credentials/base64url/rows", test_base64url);
  g_test_add_func ("/credentials/base64url/one-text-each", test_base64url_at_random);
  return g_test_run ();
}
