/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What callers may ask for, row by row: users, lifetimes, JSON good and bad; and the small parts:
 * loopback names, the rate limit's count.
 */
#include "endpoint/origin.h"
#include "endpoint/parameters.h"
#include "endpoint/rate-limit.h"
#include "endpoint/reply.h"

typedef struct {
  const char *text;
  int status; /* 0: fine */
  const char *user;
  gint64 ttl;
} Row;

static void
check (const Row *row, ThParameters *parameters, const GError *error)
{
  g_autofree char *text = g_strescape (row->text, NULL);

  g_test_message ("%s", text);
  if (row->status != 0)
    {
      g_assert_null (parameters);
      g_assert_error (error, TH_HTTP_ERROR, row->status);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpstr (parameters->user, ==, row->user);
  g_assert_cmpint (parameters->ttl, ==, row->ttl);
}

static void
test_query (void)
{
  const Row rows[] = {
    { "", 0, NULL, 0 },
    { "user=anna", 0, "anna", 0 },
    { "userId=anna&ttl=1", 0, "anna", 1 },
    { "user=anna&userId=bob", 0, "anna", 0 },
    { "user=a%20b+c", 0, "a b c", 0 },
    { "user=%E6%97%A5%E6%9C%AC", 0, "\346\227\245\346\234\254", 0 },
    { "user=%25n%25s%s", 400, NULL, 0 },
    { "user=%25n%25s", 0, "%n%s", 0 },
    { "other=1", 0, NULL, 0 },
    { "user=", 400, NULL, 0 },
    { "user=a%3Ab", 400, NULL, 0 },
    { "user=a:b", 400, NULL, 0 },
    { "user=a%0Ab", 400, NULL, 0 },
    { "user=a%00b", 400, NULL, 0 },
    { "user=a%7Fb", 400, NULL, 0 },
    { "user=a%C2%85b", 400, NULL, 0 }, /* NEL, a control character beyond ASCII */
    { "user=%FF%FE", 400, NULL, 0 },
    { "user=%C0%AF", 400, NULL, 0 }, /* overlong */
    { "user=%ED%A0%80", 400, NULL, 0 }, /* surrogate */
    { "user=%4", 400, NULL, 0 },
    { "user", 400, NULL, 0 },
    { "ttl=86400", 0, NULL, 86400 },
    { "ttl=000060", 0, NULL, 60 },
    { "ttl=9223372036854775807", 0, NULL, G_MAXINT64 },
    { "ttl=9223372036854775808", 0, NULL, G_MAXINT64 },
    { "ttl=99999999999999999999999999999999", 0, NULL, G_MAXINT64 },
    { "ttl=0", 400, NULL, 0 },
    { "ttl=-1", 400, NULL, 0 },
    { "ttl=%2B60", 400, NULL, 0 },
    { "ttl=", 400, NULL, 0 },
    { "ttl=1e3", 400, NULL, 0 },
    { "ttl=0x10", 400, NULL, 0 },
    { "ttl=60s", 400, NULL, 0 },
    { "ttl=%2060", 400, NULL, 0 },
    { "ttl=1.5", 400, NULL, 0 },
    { "ttl=nan", 400, NULL, 0 },
    { "ttl=inf", 400, NULL, 0 },
    { "ttl=%D9%A3", 400, NULL, 0 }, /* a digit, but Arabic */
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ThParameters) parameters =
          th_parameters_parse (rows[i].text, NULL, NULL, TRUE, &error);

      check (&rows[i], parameters, error);
    }
}

static ThParameters *
parse_body (const char *text, gsize length, GError **error)
{
  g_autoptr (GBytes) body = g_bytes_new (text, length);

  return th_parameters_parse (NULL, "application/json", body, TRUE, error);
}

static void
test_body (void)
{
  const Row rows[] = {
    { "{}", 0, NULL, 0 },
    { " \r\n{ } ", 0, NULL, 0 },
    { "{\"user\":\"anna\",\"ttl\":60}", 0, "anna", 60 },
    { "{\"userId\":\"\\u65e5\\u672c\"}", 0, "\346\227\245\346\234\254", 0 },
    { "{\"user\":\"{[[[[[[[[[[[[[[[[[[[[\"}", 0, "{[[[[[[[[[[[[[[[[[[[[", 0 },
    { "{\"user\":\"\\\"[\"}", 0, "\"[", 0 },
    { "{\"ttl\":1.9}", 0, NULL, 1 },
    { "{\"ttl\":1e400}", 0, NULL, G_MAXINT64 },
    { "{\"ttl\":1e18}", 0, NULL, 1000000000000000000 },
    { "{\"more\":{\"user\":7}}", 0, NULL, 0 },
    { "{\"user\":7}", 400, NULL, 0 },
    { "{\"user\":null}", 400, NULL, 0 },
    { "{\"user\":true}", 400, NULL, 0 },
    { "{\"user\":[\"anna\"]}", 400, NULL, 0 },
    { "{\"user\":{}}", 400, NULL, 0 },
    { "{\"user\":\"\"}", 400, NULL, 0 },
    { "{\"user\":\"a:b\"}", 400, NULL, 0 },
    { "{\"user\":\"a\\u0000b\"}", 400, NULL, 0 },
    { "{\"user\":\"a\\nb\"}", 400, NULL, 0 },
    { "{\"user\":\"a\\ud800b\"}", 400, NULL, 0 },
    { "{\"user\":\"\xff\"}", 400, NULL, 0 },
    { "{\"ttl\":\"60\"}", 400, NULL, 0 },
    { "{\"ttl\":0}", 400, NULL, 0 },
    { "{\"ttl\":-5}", 400, NULL, 0 },
    { "{\"ttl\":0.5}", 400, NULL, 0 },
    { "{\"ttl\":null}", 400, NULL, 0 },
    { "{\"ttl\":true}", 400, NULL, 0 },
    { "{\"ttl\":[]}", 400, NULL, 0 },
    { "{\"ttl\":{\"ttl\":{}}}", 400, NULL, 0 },
    { "{\"user\":\"anna\",\"user\":\"bob\"}", 400, NULL, 0 },
    { "[]", 400, NULL, 0 },
    { "\"user\"", 400, NULL, 0 },
    { "null", 400, NULL, 0 },
    { " ", 400, NULL, 0 },
    { "{\"user\":\"anna\"", 400, NULL, 0 },
    { "{\"user\":\"anna", 400, NULL, 0 },
    { "{\"user\"", 400, NULL, 0 },
    { "user=anna", 400, NULL, 0 },
    { "{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}", 400, NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ThParameters) parameters =
          parse_body (rows[i].text, strlen (rows[i].text), &error);

      check (&rows[i], parameters, error);
    }
}

static void
test_deep_json (void)
{
  for (guint length = 1; length <= 65536; length *= 2)
    {
      g_autofree char *open = g_malloc (length);
      g_autoptr (GError) error = NULL;

      memset (open, length % 3 == 0 ? '{' : '[', length);
      g_assert_null (parse_body (open, length, &error));
      g_assert_error (error, TH_HTTP_ERROR, 400);
    }
}

static void
test_nul_in_json (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse_body ("{\"user\":\"a\0b\"}", 14, &error));
  g_assert_error (error, TH_HTTP_ERROR, 400);
}

/* Whatever the bytes, there is an answer and no report from the sanitizers. */
static void
test_random_json (void)
{
  const char alphabet[] = "{}[]\",:\\u0e1-.tfn \xc3\xff";

  for (guint round = 0; round < 20000; round++)
    {
      char text[24];
      gsize length = g_test_rand_int_range (1, sizeof text);
      g_autoptr (GError) error = NULL;

      for (gsize i = 0; i < length; i++)
        text[i] = alphabet[g_test_rand_int_range (0, sizeof alphabet)];
      g_autoptr (ThParameters) parameters = parse_body (text, length, &error);
      g_assert_true ((parameters == NULL) == (error != NULL));
    }
}

static void
test_longest_user (void)
{
  for (gsize length = 255; length <= 10240; length = length < 258 ? length + 1 : length * 2)
    {
      g_autoptr (GString) query = g_string_new ("user=");
      for (gsize i = 0; i < length; i++)
        g_string_append_c (query, 'u');

      g_autoptr (GError) error = NULL;
      g_autoptr (ThParameters) parameters =
          th_parameters_parse (query->str, NULL, NULL, TRUE, &error);
      g_assert_true ((parameters != NULL) == (length <= TH_PARAMETERS_USER_MAX));
    }
}

static void
test_query_before_body (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"user\":\"bob\",\"ttl\":9}", 22);
  g_autoptr (ThParameters) parameters =
      th_parameters_parse ("user=anna", "application/json", body, TRUE, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (parameters->user, ==, "anna");
  g_assert_cmpint (parameters->ttl, ==, 9);
}

static void
test_content_types (void)
{
  const char *wrong[] = { NULL, "", "text/plain", "text/json", "application/jsonp",
                          "multipart/form-data" };
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (th_parameters_parse (NULL, wrong[i], body, TRUE, &error));
      g_assert_error (error, TH_HTTP_ERROR, 415);
    }
}

static void
test_loopback_hosts (void)
{
  const char *loopback[] = { "localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.255.0.9",
                             "::1", "[::1]", "0:0:0:0:0:0:0:1" };
  const char *others[] = { "", "localhost.", "xlocalhost", "localhost.example", ".localhost",
                           "0.0.0.0", "128.0.0.1", "::", "[::1", "::1]", "[]", "127.0.0.1.example",
                           "::2", "192.168.1.1", "2130706433" };

  for (guint i = 0; i < G_N_ELEMENTS (loopback); i++)
    g_assert_true (th_host_is_loopback (loopback[i]));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (th_host_is_loopback (others[i]));
}

static void
test_rate (void)
{
  g_autoptr (ThRateLimit) limit = th_rate_limit_new (60);
  gint64 now = G_USEC_PER_SEC;
  guint retry_after = 0;

  for (guint i = 0; i < 60; i++)
    g_assert_true (th_rate_limit_take (limit, "anna", now, NULL));
  g_assert_false (th_rate_limit_take (limit, "anna", now, &retry_after));
  g_assert_cmpuint (retry_after, >=, 1);
  g_assert_cmpuint (retry_after, <=, 2);
  g_assert_true (th_rate_limit_take (limit, "bob", now, NULL));

  now += retry_after * G_USEC_PER_SEC;
  g_assert_true (th_rate_limit_take (limit, "anna", now, NULL));

  now += G_TIME_SPAN_DAY; /* a day's silence is worth a minute, no more */
  for (guint i = 0; i < 60; i++)
    g_assert_true (th_rate_limit_take (limit, "anna", now, NULL));
  g_assert_true (th_rate_limit_is_reached (limit, "anna", now, NULL));
}

static void
test_rate_of_many (void)
{
  g_autoptr (ThRateLimit) limit = th_rate_limit_new (1);
  gint64 now = G_USEC_PER_SEC;

  for (guint i = 0; i < TH_RATE_LIMIT_CALLERS + 100; i++)
    {
      g_autofree char *caller = g_strdup_printf ("%u", i);
      g_assert_true (th_rate_limit_take (limit, caller, now++, NULL));
    }
  /* The first have been forgotten, the last have not. */
  g_assert_true (th_rate_limit_take (limit, "0", now, NULL));
  g_autofree char *last = g_strdup_printf ("%u", TH_RATE_LIMIT_CALLERS + 99);
  g_assert_false (th_rate_limit_take (limit, last, now, NULL));
}

static void
test_no_rate (void)
{
  g_autoptr (ThRateLimit) limit = th_rate_limit_new (0);

  for (guint i = 0; i < 1000; i++)
    g_assert_true (th_rate_limit_take (limit, "anna", 0, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/endpoint/parameters/query-rows", test_query);
  g_test_add_func ("/endpoint/parameters/body-rows", test_body);
  g_test_add_func ("/endpoint/parameters/deep-json", test_deep_json);
  g_test_add_func ("/endpoint/parameters/nul-in-json", test_nul_in_json);
  g_test_add_func ("/endpoint/parameters/random-json", test_random_json);
  g_test_add_func ("/endpoint/parameters/longest-user", test_longest_user);
  g_test_add_func ("/endpoint/parameters/query-before-body", test_query_before_body);
  g_test_add_func ("/endpoint/parameters/content-types", test_content_types);
  g_test_add_func ("/endpoint/origin/loopback-hosts", test_loopback_hosts);
  g_test_add_func ("/endpoint/rate-limit/per-caller-and-minute", test_rate);
  g_test_add_func ("/endpoint/rate-limit/memory-is-bounded", test_rate_of_many);
  g_test_add_func ("/endpoint/rate-limit/none", test_no_rate);
  return g_test_run ();
}
