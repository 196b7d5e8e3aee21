/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of the file of traffic: kept, bounded, and kept aside when it makes no sense.
 */
#include "app/traffic-file.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app/kept-file.h"
#include "credentials/store.h"

#define DAY    "{\"version\":1,\"minutes\":[],\"days\":["
#define MINUTE "{\"version\":1,\"days\":[],\"minutes\":["

typedef struct {
  char *directory, *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("turnhouse-test-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->directory, TH_TRAFFIC_FILE_NAME, NULL);
}

static guint
count_files (Fixture *fixture, const char *prefix, gboolean remove)
{
  g_autoptr (GDir) directory = g_dir_open (fixture->directory, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

      n += g_str_has_prefix (name, prefix);
      if (remove)
        g_unlink (path);
    }
  return n;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  count_files (fixture, "", TRUE);
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->path);
}

static ThTrafficHistory *
full_history (void)
{
  ThTrafficHistory *history = th_traffic_history_new ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  gint64 time = 1800000000;

  for (guint i = 0; i < TH_TRAFFIC_DAYS_MAX; i++)
    {
      th_traffic_history_begin (history);
      th_traffic_history_note (history, time + i * 86400, zone,
                               &(ThTrafficBytes) { G_MAXINT64 - 1, G_MAXINT64 - 1 - i });
    }
  return history;
}

static void
assert_equal (ThTrafficHistory *one, ThTrafficHistory *other)
{
  g_autofree char *text = th_traffic_file_print (one, NULL);
  g_autofree char *other_text = th_traffic_file_print (other, NULL);

  g_assert_cmpstr (text, ==, other_text);
}

static void
test_full_history_is_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ThTrafficHistory) history = full_history ();
  g_autoptr (GError) error = NULL;
  gsize length;
  g_autofree char *json = th_traffic_file_print (history, &length);
  guint n;

  g_assert_cmpuint (length, <, TH_STORE_FILE_SIZE_MAX / 4);
  th_kept_file_write (fixture->directory, TH_TRAFFIC_FILE_NAME, json, length, &error);
  g_assert_no_error (error);

  g_autoptr (ThTrafficHistory) again = th_traffic_file_read (fixture->directory);
  assert_equal (history, again);
  th_traffic_history_get_minutes (again, &n);
  g_assert_cmpuint (n, ==, TH_TRAFFIC_MINUTES_MAX);
}

static void
test_nothing_kept_is_an_empty_history (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ThTrafficHistory) history = th_traffic_file_read (fixture->directory);
  guint n;

  th_traffic_history_get_days (history, &n);
  g_assert_cmpuint (n, ==, 0);
}

static const struct {
  const char *name;
  const char *text;
} bad[] = {
  { "empty", "" },
  { "no-json", "\1\2\3" },
  { "no-object", "[]" },
  { "no-version", "{\"days\":[],\"minutes\":[]}" },
  { "of-the-future", "{\"version\":2,\"days\":[],\"minutes\":[]}" },
  { "version-is-text", "{\"version\":\"1\",\"days\":[],\"minutes\":[]}" },
  { "no-days", "{\"version\":1,\"minutes\":[]}" },
  { "no-minutes", "{\"version\":1,\"days\":[]}" },
  { "days-are-no-list", "{\"version\":1,\"days\":{},\"minutes\":[]}" },
  { "row-is-no-list", DAY "5]}" },
  { "row-is-null", DAY "null]}" },
  { "row-too-short", DAY "[\"2026-11-21\",1]]}" },
  { "row-too-long", DAY "[\"2026-11-21\",1,2,3]]}" },
  { "day-is-a-number", DAY "[20261121,1,2]]}" },
  { "no-such-day", DAY "[\"2026-02-29\",1,2]]}" },
  { "day-zero", DAY "[\"2026-11-00\",1,2]]}" },
  { "year-zero", DAY "[\"0000-11-01\",1,2]]}" },
  { "short-day", DAY "[\"2026-1-021\",1,2]]}" },
  { "day-with-sign", DAY "[\"2026-+1-01\",1,2]]}" },
  { "day-with-blank", DAY "[\"2026- 1-01\",1,2]]}" },
  { "day-and-more", DAY "[\"2026-11-211\",1,2]]}" },
  { "negative", DAY "[\"2026-11-21\",-1,2]]}" },
  { "too-large", DAY "[\"2026-11-21\",9223372036854775808,2]]}" },
  { "fraction", DAY "[\"2026-11-21\",1.5,2]]}" },
  { "exponent", DAY "[\"2026-11-21\",1e99,2]]}" },
  { "twice", DAY "[\"2026-11-21\",1,2],[\"2026-11-21\",1,2]]}" },
  { "not-in-order", DAY "[\"2026-11-21\",1,2],[\"2026-11-20\",1,2]]}" },
  { "minute-is-text", MINUTE "[\"1\",1,2]]}" },
  { "minute-negative", MINUTE "[-1,1,2]]}" },
  { "minute-behind-the-calendar", MINUTE "[9223372036854775807,1,2]]}" },
  { "minutes-not-in-order", MINUTE "[2,1,2],[1,1,2]]}" },
  { "nested", "{\"version\":[[[[[[[[[[1]]]]]]]]]]}" },
};

static void
test_bad_text_is_refused (gconstpointer data)
{
  g_assert_null (th_traffic_file_parse (data, strlen (data)));
}

static void
test_truncated_anywhere_is_refused (void)
{
  g_autoptr (ThTrafficHistory) history = full_history ();
  gsize length;
  g_autofree char *json = th_traffic_file_print (history, &length);

  for (gsize i = 0; i < length; i += i < 200 ? 1 : 997)
    {
      g_autofree char *part = g_strndup (json, i);

      g_assert_null (th_traffic_file_parse (part, i));
    }
}

static void
test_more_rows_than_fit_are_refused (void)
{
  g_autoptr (GString) text = g_string_new (MINUTE);

  for (guint i = 0; i <= TH_TRAFFIC_MINUTES_MAX; i++)
    g_string_append_printf (text, "%s[%u,1,2]", i > 0 ? "," : "", i + 1);
  g_string_append (text, "]}");
  g_assert_null (th_traffic_file_parse (text->str, text->len));
}

static void
test_damaged_is_kept_aside (Fixture *fixture, gconstpointer data)
{
  static const char damaged[] = "{\"version\":2,\"days\":[]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (ThTrafficHistory) history = NULL;
  guint n;

  g_file_set_contents (fixture->path, damaged, -1, &error);
  g_assert_no_error (error);
  g_test_expect_message ("turnhouse-app", G_LOG_LEVEL_WARNING, "traffic is damaged*kept as*");
  history = th_traffic_file_read (fixture->directory);
  g_test_assert_expected_messages ();
  th_traffic_history_get_days (history, &n);
  g_assert_cmpuint (n, ==, 0);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_files (fixture, TH_TRAFFIC_FILE_NAME ".damaged-", FALSE), ==, 1);
}

static void
test_too_large_is_kept_aside (Fixture *fixture, gconstpointer data)
{
  g_autofree char *blanks = g_strnfill (TH_STORE_FILE_SIZE_MAX + 1, ' ');
  g_autoptr (ThTrafficHistory) history = NULL;

  g_assert_true (g_file_set_contents (fixture->path, blanks, -1, NULL));
  g_test_expect_message ("turnhouse-app", G_LOG_LEVEL_WARNING, "traffic is damaged*kept as*");
  history = th_traffic_file_read (fixture->directory);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (count_files (fixture, TH_TRAFFIC_FILE_NAME ".damaged-", FALSE), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/app/traffic-file/" name, function)
#define ADD_WITH_FOLDER(name, function)                                                            \
  g_test_add ("/app/traffic-file/" name, Fixture, NULL, set_up, function, tear_down)
  ADD_WITH_FOLDER ("full-history-is-kept", test_full_history_is_kept);
  ADD_WITH_FOLDER ("nothing-kept-is-an-empty-history", test_nothing_kept_is_an_empty_history);
  ADD_WITH_FOLDER ("damaged-is-kept-aside", test_damaged_is_kept_aside);
  ADD_WITH_FOLDER ("too-large-is-kept-aside", test_too_large_is_kept_aside);
  ADD ("truncated-anywhere-is-refused", test_truncated_anywhere_is_refused);
  ADD ("more-rows-than-fit-are-refused", test_more_rows_than_fit_are_refused);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strconcat ("/app/traffic-file/bad/", bad[i].name, NULL);

      g_test_add_data_func (path, bad[i].text, test_bad_text_is_refused);
    }
  return g_test_run ();
}
