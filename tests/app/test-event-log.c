/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The event log: its order, its bounds whatever comes, what counts as the same, its JSON; and names
 * that strangers chose.
 */
#include "app/event-log.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "app/display-text.h"

#define NOW 1700000000

static void
add_at (ThEventLog *log, ThEventTopic topic, gint64 time, const char *what, const char *same)
{
  const ThEventFacts facts = {
    .kind = "test", .topic = topic, .severity = TH_EVENT_WARNING, .time = time, .what = what
  };

  th_event_log_add (log, &facts, same, topic == TH_EVENT_OF_RELAY ? NULL : "many");
}

static guint
count (ThEventLog *log)
{
  return g_list_model_get_n_items (G_LIST_MODEL (log));
}

/* Borrowed: the log keeps it. */
static ThEvent *
event_at (ThEventLog *log, guint position)
{
  g_autoptr (ThEvent) event = g_list_model_get_item (G_LIST_MODEL (log), position);

  g_assert_nonnull (event);
  return event;
}

static void
assert_what (ThEventLog *log, guint position, const char *what, guint times)
{
  g_assert_cmpstr (th_event_get_what (event_at (log, position)), ==, what);
  g_assert_cmpuint (th_event_get_count (event_at (log, position)), ==, times);
}

static void
on_items_changed (GListModel *list, guint position, guint removed, guint added, GString *changes)
{
  g_string_append_printf (changes, "%u-%u+%u ", position, removed, added);
}

static void
test_newest_first (void)
{
  g_autoptr (ThEventLog) log = th_event_log_new ();
  g_autoptr (GString) changes = g_string_new (NULL);

  g_signal_connect (log, "items-changed", G_CALLBACK (on_items_changed), changes);
  add_at (log, TH_EVENT_OF_RELAY, NOW, "first", NULL);
  add_at (log, TH_EVENT_OF_RELAY, NOW + 2, "third", NULL);
  add_at (log, TH_EVENT_OF_RELAY, NOW + 1, "second", NULL);
  assert_what (log, 0, "third", 1);
  assert_what (log, 1, "second", 1);
  assert_what (log, 2, "first", 1);
  g_assert_cmpstr (changes->str, ==, "0-0+1 0-0+1 1-0+1 ");
  g_assert_cmpuint (th_event_get_number (event_at (log, 1)), ==, 3);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (log), 3));
}

static void
test_same_is_counted_in_place (void)
{
  g_autoptr (ThEventLog) log = th_event_log_new ();
  g_autoptr (GString) changes = g_string_new (NULL);

  add_at (log, TH_EVENT_OF_CLIENT, NOW, "again", "192.0.2.1");
  add_at (log, TH_EVENT_OF_CLIENT, NOW, "other", "192.0.2.2");
  g_signal_connect (log, "items-changed", G_CALLBACK (on_items_changed), changes);
  add_at (log, TH_EVENT_OF_CLIENT, NOW + 9, "again and again", "192.0.2.1");
  g_assert_cmpstr (changes->str, ==, "");
  assert_what (log, 1, "again and again", 2);
  g_assert_cmpint (th_event_get_time (event_at (log, 1)), ==, NOW);
  g_assert_cmpint (th_event_get_last_time (event_at (log, 1)), ==, NOW + 9);
}

static void
test_same_begins_anew_later (void)
{
  g_autoptr (ThEventLog) log = th_event_log_new ();

  add_at (log, TH_EVENT_OF_CLIENT, NOW, "again", "");
  add_at (log, TH_EVENT_OF_CLIENT, NOW + TH_EVENT_LOG_SAME_FOR, "again", "");
  g_assert_cmpuint (count (log), ==, 1);
  add_at (log, TH_EVENT_OF_CLIENT, NOW + TH_EVENT_LOG_SAME_FOR + 1, "again", "");
  g_assert_cmpuint (count (log), ==, 2);
  assert_what (log, 0, "again", 1);
  assert_what (log, 1, "again", 2);
}

static void
test_count_does_not_wrap (void)
{
  g_autoptr (ThEventLog) log = th_event_log_new ();
  const ThEventFacts facts = { .kind = "test", .time = NOW, .count = G_MAXUINT - 1, .what = "x" };

  for (guint i = 0; i < 3; i++)
    th_event_log_add (log, &facts, "", NULL);
  assert_what (log, 0, "x", G_MAXUINT);
}

static void
flood (ThEventLog *log, ThEventTopic topic, gint64 begin, guint n, guint per_second)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *client = g_strdup_printf ("%u", i);

      add_at (log, topic, begin + i / per_second, "flood", client);
    }
}

/* From as many addresses as there are, it is some one by one, and then one for all. */
static void
test_flood_is_a_crowd (void)
{
  g_autoptr (ThEventLog) log = th_event_log_new ();

  add_at (log, TH_EVENT_OF_RELAY, NOW, "started", NULL);
  flood (log, TH_EVENT_OF_CLIENT, NOW + 1, 100000, 100000);
  g_assert_cmpuint (count (log), ==, 1 + TH_EVENT_LOG_BURST + 1);
  assert_what (log, 0, "many", 100000 - TH_EVENT_LOG_BURST);
  assert_what (log, TH_EVENT_LOG_BURST + 1, "started", 1);
}

/* A day of it drives out neither what the relay did nor the sessions. */
static void
test_flood_is_bounded (void)
{
  g_autoptr (ThEventLog) log = th_event_log_new ();
  guint n_relay = 0, n_sessions = 0;

  for (guint i = 0; i < 40; i++)
    add_at (log, TH_EVENT_OF_RELAY, NOW, "relay", NULL);
  for (guint i = 0; i < 40; i++)
    add_at (log, TH_EVENT_OF_SESSION, NOW, "session", NULL);
  flood (log, TH_EVENT_OF_CLIENT, NOW, 86400 * 2, 2);
  g_assert_cmpuint (count (log), ==, TH_EVENT_LOG_MAX);
  for (guint i = 0; i < count (log); i++)
    {
      n_relay += th_event_get_topic (event_at (log, i)) == TH_EVENT_OF_RELAY;
      n_sessions += th_event_get_topic (event_at (log, i)) == TH_EVENT_OF_SESSION;
    }
  g_assert_cmpuint (n_relay, ==, 40);
  g_assert_cmpuint (n_sessions, ==, 40);
}

static void
test_events_of_the_relay_are_never_a_crowd (void)
{
  g_autoptr (ThEventLog) log = th_event_log_new ();

  for (guint i = 0; i < 3 * TH_EVENT_LOG_MAX; i++)
    add_at (log, TH_EVENT_OF_RELAY, NOW, "relay", NULL);
  g_assert_cmpuint (count (log), ==, TH_EVENT_LOG_MAX);
  assert_what (log, TH_EVENT_LOG_MAX - 1, "relay", 1);
}

/* An event that gave way is not counted on. */
static void
test_forgotten_is_new (void)
{
  g_autoptr (ThEventLog) log = th_event_log_new ();

  add_at (log, TH_EVENT_OF_RELAY, NOW, "again", "same");
  for (guint i = 0; i < TH_EVENT_LOG_MAX; i++)
    add_at (log, TH_EVENT_OF_RELAY, NOW, "other", NULL);
  add_at (log, TH_EVENT_OF_RELAY, NOW, "again", "same");
  assert_what (log, 0, "again", 1);
}

static void
test_clock_goes_back (void)
{
  g_autoptr (ThEventLog) log = th_event_log_new ();

  flood (log, TH_EVENT_OF_CLIENT, NOW, 1000, 1000);
  flood (log, TH_EVENT_OF_CLIENT, NOW - 100000, 10, 10);
  add_at (log, TH_EVENT_OF_CLIENT, G_MININT64 / 2, "of long ago", "x");
  add_at (log, TH_EVENT_OF_CLIENT, G_MAXINT64 / 2, "of the future", "x");
  g_assert_cmpuint (count (log), <=, 2 * TH_EVENT_LOG_BURST + 4);
}

static void
test_json (void)
{
  g_autoptr (ThEventLog) log = th_event_log_new ();
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) root = NULL;
  const ThEventFacts facts = {
    .kind = "expired",
    .topic = TH_EVENT_OF_CLIENT,
    .severity = TH_EVENT_WARNING,
    .time = NOW,
    .client = "[2001:db8::1]:5000",
    .transport = "UDP",
    .user = "an\"na\n",
    .session = 7,
    .code = 401,
    .what = "It expired (401)",
    .why = "Late",
  };

  th_event_log_add (log, &facts, "", NULL);
  add_at (log, TH_EVENT_OF_RELAY, NOW + 1, "started", NULL);
  text = th_events_to_json (G_LIST_MODEL (log));
  root = json_from_string (text, NULL);
  g_assert_nonnull (root);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, 2);

  JsonObject *started = json_array_get_object_element (json_node_get_array (root), 0);
  JsonObject *expired = json_array_get_object_element (json_node_get_array (root), 1);
  g_assert_cmpstr (json_object_get_string_member (expired, "time"), ==, "2023-11-14T22:13:20Z");
  g_assert_cmpstr (json_object_get_string_member (expired, "severity"), ==, "warning");
  g_assert_cmpstr (json_object_get_string_member (expired, "kind"), ==, "expired");
  g_assert_cmpstr (json_object_get_string_member (expired, "user"), ==, "an\"na\n");
  g_assert_cmpstr (json_object_get_string_member (expired, "client"), ==, "[2001:db8::1]:5000");
  g_assert_cmpint (json_object_get_int_member (expired, "code"), ==, 401);
  g_assert_cmpint (json_object_get_int_member (expired, "session"), ==, 7);
  g_assert_false (json_object_has_member (started, "client"));
  g_assert_false (json_object_has_member (started, "code"));
}

static void
test_json_of_nothing (void)
{
  g_autoptr (ThEventLog) log = th_event_log_new ();
  g_autofree char *text = th_events_to_json (G_LIST_MODEL (log));

  g_assert_cmpstr (text, ==, "[]");
}

static void
test_display_text (void)
{
  static const struct {
    const char *bytes;
    gssize length;
    const char *shown;
  } rows[] = {
    { "anna", -1, "anna" },
    { "", 0, "" },
    { "anna and more", 4, "anna" },
    { "an\0na", 5, "an\xEF\xBF\xBDna" },
    { "an\nna\r\t\x1B[31m", -1, "an\xEF\xBF\xBDna\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD[31m" },
    { "\xFF\xFE", 2, "\xEF\xBF\xBD\xEF\xBF\xBD" },
    { "caf\xC3", 4, "caf\xEF\xBF\xBD" },
    { "Jos\xC3\xA9", -1, "Jos\xC3\xA9" },
    { "\xE2\x80\xAE" "anna", -1, "\xEF\xBF\xBD" "anna" },              /* U+202E */
    { "\xE2\x81\xA7" "anna\xE2\x80\x8B", -1, "\xEF\xBF\xBD" "anna\xEF\xBF\xBD" }, /* 2067, 200B */
    { "a\xE2\x80\xA8" "b", -1, "a\xEF\xBF\xBD" "b" },                  /* U+2028 */
    { "a\xE2\x80\x8D" "b", -1, "a\xE2\x80\x8D" "b" },                  /* U+200D stays */
    { "<b>%s</b>", -1, "<b>%s</b>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *shown = th_display_text (rows[i].bytes, rows[i].length);

      g_assert_cmpstr (shown, ==, rows[i].shown);
    }
}

static void
test_display_text_is_bounded (void)
{
  g_autofree char *bytes = g_strnfill (508, '\xF0');
  g_autofree char *letters = g_strnfill (508, 'x');
  g_autofree char *shown = th_display_text (bytes, 508);
  g_autofree char *cut = th_display_text (letters, -1);

  g_assert_cmpint (g_utf8_strlen (shown, -1), ==, TH_DISPLAY_TEXT_MAX + 1);
  g_assert_cmpint (g_utf8_strlen (cut, -1), ==, TH_DISPLAY_TEXT_MAX + 1);
  g_assert_true (g_str_has_suffix (cut, "…"));
}

/* Random bytes: always one line of valid text. */
static void
test_display_text_of_garbage (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      char bytes[64];
      gsize length = (gsize) g_test_rand_int_range (0, sizeof bytes);
      g_autofree char *shown = NULL;

      for (gsize j = 0; j < length; j++)
        bytes[j] = (char) g_test_rand_int_range (0, 256);
      shown = th_display_text (bytes, (gssize) length);
      g_assert_true (g_utf8_validate (shown, -1, NULL));
      for (const char *p = shown; *p != '\0'; p = g_utf8_next_char (p))
        g_assert_false (g_unichar_iscntrl (g_utf8_get_char (p)));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/app/event-log/" name, function)
  ADD ("newest-first", test_newest_first);
  ADD ("the-same-is-counted-in-place", test_same_is_counted_in_place);
  ADD ("the-same-begins-anew-later", test_same_begins_anew_later);
  ADD ("a-count-does-not-wrap", test_count_does_not_wrap);
  ADD ("a-flood-is-a-crowd", test_flood_is_a_crowd);
  ADD ("a-flood-is-bounded-and-drives-out-its-own", test_flood_is_bounded);
  ADD ("events-of-the-relay-are-never-a-crowd", test_events_of_the_relay_are_never_a_crowd);
  ADD ("what-was-forgotten-is-new", test_forgotten_is_new);
  ADD ("a-clock-may-go-back", test_clock_goes_back);
  ADD ("json-says-it-all", test_json);
  ADD ("json-of-nothing-is-an-empty-list", test_json_of_nothing);
  ADD ("names-are-shown-safely", test_display_text);
  ADD ("names-are-shown-in-short", test_display_text_is_bounded);
  ADD ("names-may-be-garbage", test_display_text_of_garbage);
  return g_test_run ();
}
