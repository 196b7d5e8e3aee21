/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of the file of ICE tests: kept as they are, bounded, and kept aside when it makes no sense.
 */
#include "app/ice-run-file.h"

#include <glib/gstdio.h>
#include <string.h>

#include "credentials/store.h"

/* A run, as far as its lists; and all of one with nothing in them. */
#define RUN                                                                                        \
  "{\"time\":1,\"took\":2,\"ownRelay\":1,\"scheduled\":0,\"relayOnly\":0,\"verdict\":\"good\","    \
  "\"headline\":\"h\",\"roundTrip\":3,\"lossPerMillion\":4,"
#define EMPTY     "\"paths\":[],\"findings\":[]}"
#define IN(run)   "{\"version\":1,\"runs\":[" run "]}"
#define PATH(row) IN (RUN "\"paths\":[" row "],\"findings\":[]}")
#define FOUND(row) IN (RUN "\"paths\":[],\"findings\":[" row "]}")
#define GOOD_PATH                                                                                  \
  "{\"url\":\"turn:a:1\",\"family\":4,\"outcome\":\"ok\",\"stage\":0,\"roundTrip\":5}"
#define GOOD_FOUND "{\"id\":\"no-tls\",\"severity\":1,\"what\":\"w\"}"

typedef struct {
  char *directory, *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("turnhouse-test-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->directory, TH_ICE_RUN_FILE_NAME, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) directory = g_dir_open (fixture->directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->path);
}

static ThIceRun *
make_run (gint64 time, const char *text, guint n_rows)
{
  ThIceRun *run = th_ice_run_new (&(ThIceRunValues) {
      .time = time,
      .took = 1500000,
      .scheduled = time % 2,
      .verdict = TH_ICE_VERDICT_LIMITED,
      .headline = text,
      .round_trip = 12345,
      .loss = 1000,
  });

  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u%s", i, text);

      th_ice_run_add_path (run, &(ThIceRunPath) { .url = name,
                                                  .ipv6 = i % 2,
                                                  .outcome = TH_ICE_RUN_FAILED,
                                                  .stage = TH_ICE_STAGE_ECHO,
                                                  .round_trip = G_MAXINT64 - 1 });
      th_ice_run_add_finding (run, &(ThIceRunFinding) { name, TH_ICE_PROBLEM, name });
    }
  return run;
}

static void
append (GListStore *runs, ThIceRun *run)
{
  g_list_store_append (runs, run);
  g_object_unref (run);
}

static void
test_kept_as_it_is (void)
{
  g_autoptr (GListStore) runs = g_list_store_new (TH_TYPE_ICE_RUN), again = NULL;
  gsize length;

  append (runs, make_run (1800000001, "Größe “é” \\ \"", 3));
  append (runs, make_run (0, "", 0));
  g_autofree char *text = th_ice_run_file_print (G_LIST_MODEL (runs), &length);
  again = th_ice_run_file_parse (text, length);
  g_assert_nonnull (again);
  g_autofree char *again_text = th_ice_run_file_print (G_LIST_MODEL (again), &length);
  g_assert_cmpstr (again_text, ==, text);

  g_autoptr (ThIceRun) first = g_list_model_get_item (G_LIST_MODEL (again), 0);
  g_autoptr (ThIceRun) before = g_list_model_get_item (G_LIST_MODEL (runs), 0);
  const ThIceRunValues *values = th_ice_run_get_values (first);
  g_assert_cmpint (values->time, ==, 1800000001);
  g_assert_cmpint (values->took, ==, 1500000);
  g_assert_true (values->scheduled);
  g_assert_false (values->own_relay);
  g_assert_cmpstr (values->headline, ==, "Größe “é” \\ \"");
  g_assert_cmpuint (values->loss, ==, 1000);
  g_assert_true (th_ice_run_says_the_same (first, before));
}

static void
test_the_oldest_make_room (void)
{
  g_autofree char *long_text = g_strnfill (TH_ICE_RUN_TEXT_MAX * 2, '"');
  g_autoptr (GListStore) runs = g_list_store_new (TH_TYPE_ICE_RUN), again = NULL;
  gsize length;

  for (guint i = 0; i < TH_ICE_RUNS_MAX + 5; i++)
    append (runs, make_run (i, long_text, TH_ICE_RUN_ROWS_MAX + 5));
  g_autofree char *text = th_ice_run_file_print (G_LIST_MODEL (runs), &length);
  g_assert_cmpuint (length, <=, TH_STORE_FILE_SIZE_MAX);
  again = th_ice_run_file_parse (text, length);
  g_assert_nonnull (again);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (again)), >=, 1);
  g_autoptr (ThIceRun) newest = g_list_model_get_item (G_LIST_MODEL (again), 0);
  g_assert_cmpint (th_ice_run_get_values (newest)->time, ==, 0);
}

/* What a server calls itself, say, may hold anything. */
static void
test_text_is_made_fit (void)
{
  g_autoptr (GListStore) runs = g_list_store_new (TH_TYPE_ICE_RUN), again = NULL;
  gsize length;

  append (runs, make_run (1, "a\nb\x7f\xff\xc2\x85", 1));
  g_autofree char *text = th_ice_run_file_print (G_LIST_MODEL (runs), &length);
  again = th_ice_run_file_parse (text, length);
  g_assert_nonnull (again);
  g_autoptr (ThIceRun) run = g_list_model_get_item (G_LIST_MODEL (again), 0);
  g_assert_cmpstr (th_ice_run_get_values (run)->headline, ==, "a b \uFFFD ");
}

static const struct {
  const char *name;
  const char *text;
} good[] = {
  { "no-run", IN ("") },
  { "nothing-in-it", IN (RUN EMPTY) },
  { "path", PATH (GOOD_PATH) },
  { "finding", FOUND (GOOD_FOUND) },
  { "more-members", IN (RUN "\"later\":[1]," EMPTY) },
  { "mapped", IN (RUN "\"mapped\":\"2001:db8::1\"," EMPTY) },
};

static const struct {
  const char *name;
  const char *text;
} bad[] = {
  { "empty", "" },
  { "no-json", "\1\2\3" },
  { "no-object", "[]" },
  { "no-version", "{\"runs\":[]}" },
  { "of-the-future", "{\"version\":2,\"runs\":[]}" },
  { "version-is-text", "{\"version\":\"1\",\"runs\":[]}" },
  { "no-runs", "{\"version\":1}" },
  { "runs-are-no-list", "{\"version\":1,\"runs\":{}}" },
  { "run-is-null", IN ("null") },
  { "run-is-a-list", IN ("[]") },
  { "run-is-empty", IN ("{}") },
  { "no-paths", IN (RUN "\"findings\":[]}") },
  { "no-findings", IN (RUN "\"paths\":[]}") },
  { "paths-are-an-object", IN (RUN "\"paths\":{},\"findings\":[]}") },
  { "mapped-is-a-name", IN (RUN "\"mapped\":\"example.org\"," EMPTY) },
  { "mapped-is-a-number", IN (RUN "\"mapped\":5," EMPTY) },
  { "path-is-text", PATH ("\"turn:a:1\"") },
  { "path-twice", PATH (GOOD_PATH "," GOOD_PATH) },
  { "path-without-url", PATH ("{\"family\":4,\"outcome\":\"ok\",\"stage\":0,\"roundTrip\":5}") },
  { "family-5",
    PATH ("{\"url\":\"u\",\"family\":5,\"outcome\":\"ok\",\"stage\":0,\"roundTrip\":5}") },
  { "outcome-unknown",
    PATH ("{\"url\":\"u\",\"family\":4,\"outcome\":\"fine\",\"stage\":0,\"roundTrip\":5}") },
  { "stage-too-far",
    PATH ("{\"url\":\"u\",\"family\":4,\"outcome\":\"ok\",\"stage\":8,\"roundTrip\":5}") },
  { "round-trip-negative",
    PATH ("{\"url\":\"u\",\"family\":4,\"outcome\":\"ok\",\"stage\":0,\"roundTrip\":-5}") },
  { "round-trip-fraction",
    PATH ("{\"url\":\"u\",\"family\":4,\"outcome\":\"ok\",\"stage\":0,\"roundTrip\":1.5}") },
  { "line-in-url",
    PATH ("{\"url\":\"a\\nb\",\"family\":4,\"outcome\":\"ok\",\"stage\":0,\"roundTrip\":5}") },
  { "finding-twice", FOUND (GOOD_FOUND "," GOOD_FOUND) },
  { "severity-unknown", FOUND ("{\"id\":\"i\",\"severity\":3,\"what\":\"w\"}") },
  { "severity-huge", FOUND ("{\"id\":\"i\",\"severity\":4294967296,\"what\":\"w\"}") },
  { "finding-without-words", FOUND ("{\"id\":\"i\",\"severity\":1}") },
  { "nested", "{\"version\":[[[[[[[[[[1]]]]]]]]]]}" },
};

/* Members of a run, each as something that it may not be. */
static const struct {
  const char *was;
  const char *is;
} odd[] = {
  { "\"time\":1", "\"time\":-1" },
  { "\"time\":1", "\"time\":253402300800" },
  { "\"time\":1", "\"time\":\"1\"" },
  { "\"took\":2", "\"took\":null" },
  { "\"took\":2", "\"took\":9223372036854775808" },
  { "\"ownRelay\":1", "\"ownRelay\":2" },
  { "\"ownRelay\":1", "\"ownRelay\":true" },
  { "\"scheduled\":0,", "" },
  { "\"relayOnly\":0", "\"relayOnly\":[]" },
  { "\"good\"", "\"none\"" },
  { "\"good\"", "\"GOOD\"" },
  { "\"good\"", "1" },
  { "\"headline\":\"h\"", "\"headline\":7" },
  { "\"headline\":\"h\"", "\"headline\":\"\\u001b\"" },
  { "\"roundTrip\":3", "\"roundTrip\":1e3" },
  { "\"lossPerMillion\":4", "\"lossPerMillion\":1000001" },
};

static void
test_good_text_is_taken (gconstpointer data)
{
  g_autoptr (GListStore) runs = th_ice_run_file_parse (data, strlen (data));

  g_assert_nonnull (runs);
}

static void
test_bad_text_is_refused (gconstpointer data)
{
  g_assert_null (th_ice_run_file_parse (data, strlen (data)));
}

static void
test_odd_members_are_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autoptr (GString) text = g_string_new (IN (RUN EMPTY));

      g_assert_cmpuint (g_string_replace (text, odd[i].was, odd[i].is, 1), ==, 1);
      g_test_message ("%s", odd[i].is);
      g_assert_null (th_ice_run_file_parse (text->str, text->len));
    }
}

static void
test_truncated_anywhere_is_refused (void)
{
  g_autoptr (GListStore) runs = g_list_store_new (TH_TYPE_ICE_RUN);
  gsize length;

  append (runs, make_run (1, "text", 2));
  g_autofree char *text = th_ice_run_file_print (G_LIST_MODEL (runs), &length);
  for (gsize i = 0; i < length; i++)
    {
      g_autofree char *part = g_strndup (text, i);

      g_assert_null (th_ice_run_file_parse (part, i));
    }
}

static void
test_more_runs_than_are_kept_are_refused (void)
{
  g_autoptr (GString) text = g_string_new ("{\"version\":1,\"runs\":[");

  for (guint i = 0; i <= TH_ICE_RUNS_MAX; i++)
    g_string_append_printf (text, "%s" RUN EMPTY, i > 0 ? "," : "");
  g_string_append (text, "]}");
  g_assert_null (th_ice_run_file_parse (text->str, text->len));
}

static void
test_too_long_text_is_refused (void)
{
  g_autofree char *long_text = g_strnfill (TH_ICE_RUN_TEXT_MAX + 1, 'x');
  g_autoptr (GString) text = g_string_new (IN (RUN EMPTY));

  g_string_replace (text, "\"h\"", "\"?\"", 1);
  g_string_replace (text, "?", long_text, 1);
  g_assert_null (th_ice_run_file_parse (text->str, text->len));
}

static void
test_damaged_is_kept_aside (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListStore) runs = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "{\"version\":2}", -1, NULL));
  g_test_expect_message ("turnhouse-app", G_LOG_LEVEL_WARNING, "ice-tests is damaged*");
  runs = th_ice_run_file_read (fixture->directory);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (runs)), ==, 0);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_nothing_kept_is_an_empty_history (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListStore) runs = th_ice_run_file_read (fixture->directory);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (runs)), ==, 0);
}

#define ADD_ROWS(kind, rows, function)                                                             \
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)                                                  \
    {                                                                                              \
      g_autofree char *path = g_strconcat ("/app/ice-run-file/" kind "/", rows[i].name, NULL);     \
                                                                                                   \
      g_test_add_data_func (path, rows[i].text, function);                                         \
    }

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/app/ice-run-file/" name, function)
#define ADD_WITH_FOLDER(name, function)                                                            \
  g_test_add ("/app/ice-run-file/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("kept-as-it-is", test_kept_as_it_is);
  ADD ("the-oldest-make-room", test_the_oldest_make_room);
  ADD ("text-is-made-fit", test_text_is_made_fit);
  ADD ("odd-members-are-refused", test_odd_members_are_refused);
  ADD ("truncated-anywhere-is-refused", test_truncated_anywhere_is_refused);
  ADD ("more-runs-than-are-kept-are-refused", test_more_runs_than_are_kept_are_refused);
  ADD ("too-long-text-is-refused", test_too_long_text_is_refused);
  ADD_WITH_FOLDER ("damaged-is-kept-aside", test_damaged_is_kept_aside);
  ADD_WITH_FOLDER ("nothing-kept-is-an-empty-history", test_nothing_kept_is_an_empty_history);
  ADD_ROWS ("good", good, test_good_text_is_taken)
  ADD_ROWS ("bad", bad, test_bad_text_is_refused)
  return g_test_run ();
}
