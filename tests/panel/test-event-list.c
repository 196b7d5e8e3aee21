/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the event window shows of a log: filters, and that nothing comes while it is held.
 */
#include "panel/event-list.h"

typedef struct {
  ThEventLog *log;
  ThEventList *list;
} Fixture;

static void
add (Fixture *self, ThEventSeverity severity, guint64 session, const char *user, const char *what)
{
  const ThEventFacts facts = {
    .kind = "test",
    .severity = severity,
    .time = 1700000000,
    .client = "192.0.2.7:5000",
    .user = user,
    .session = session,
    .what = what,
  };
  th_event_log_add (self->log, &facts, what, NULL);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->log = th_event_log_new ();
  self->list = th_event_list_new (self->log);
  add (self, TH_EVENT_INFO, 1, "Anna", "began");
  add (self, TH_EVENT_WARNING, 1, "Anna", "was refused");
  add (self, TH_EVENT_ERROR, 0, NULL, "broke");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->list);
  g_assert_finalize_object (self->log);
}

/* What is shown, from the top, each with a space behind it */
static void
assert_shown (Fixture *self, const char *expected)
{
  GListModel *shown = th_event_list_get_shown (self->list);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < g_list_model_get_n_items (shown); i++)
    {
      g_autoptr (ThEvent) event = g_list_model_get_item (shown, i);
      g_string_append_printf (text, "%s ", th_event_get_what (event));
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_all (Fixture *self, gconstpointer data)
{
  assert_shown (self, "broke was refused began ");
  g_assert_false (th_event_list_is_filtered (self->list));
}

static void
test_severity (Fixture *self, gconstpointer data)
{
  th_event_list_set_severity (self->list, TH_EVENT_WARNING);
  assert_shown (self, "broke was refused ");
  th_event_list_set_severity (self->list, TH_EVENT_ERROR);
  assert_shown (self, "broke ");
  add (self, TH_EVENT_WARNING, 0, NULL, "warned");
  assert_shown (self, "broke ");
  g_assert_true (th_event_list_is_filtered (self->list));
}

static void
test_search (Fixture *self, gconstpointer data)
{
  th_event_list_set_search (self->list, "aNNa");
  assert_shown (self, "was refused began ");
  th_event_list_set_search (self->list, "192.0.2.7");
  assert_shown (self, "broke was refused began ");
  th_event_list_set_search (self->list, "refused");
  assert_shown (self, "was refused ");
  th_event_list_set_search (self->list, "nothing of this");
  assert_shown (self, "");
  g_assert_true (th_event_list_is_filtered (self->list));
}

static void
test_session (Fixture *self, gconstpointer data)
{
  th_event_list_set_session (self->list, 1);
  assert_shown (self, "was refused began ");
  th_event_list_set_session (self->list, 0);
  assert_shown (self, "broke was refused began ");
}

static void
test_held (Fixture *self, gconstpointer data)
{
  th_event_list_set_held (self->list, TRUE);
  add (self, TH_EVENT_INFO, 0, NULL, "later");
  add (self, TH_EVENT_ERROR, 0, NULL, "latest");
  assert_shown (self, "broke was refused began ");
  g_assert_cmpuint (th_event_list_get_waiting (self->list), ==, 2);
  th_event_list_set_severity (self->list, TH_EVENT_ERROR);
  assert_shown (self, "broke ");
  g_assert_cmpuint (th_event_list_get_waiting (self->list), ==, 1);
  th_event_list_set_held (self->list, FALSE);
  assert_shown (self, "latest broke ");
  g_assert_cmpuint (th_event_list_get_waiting (self->list), ==, 0);
}

/* What happens again is counted where it stands: that is no new event. */
static void
test_repeated_while_held (Fixture *self, gconstpointer data)
{
  th_event_list_set_held (self->list, TRUE);
  add (self, TH_EVENT_ERROR, 0, NULL, "broke");
  g_assert_cmpuint (th_event_list_get_waiting (self->list), ==, 0);
  assert_shown (self, "broke was refused began ");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/panel/event-list/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("shows-all-newest-first", test_all);
  ADD ("filters-by-severity", test_severity);
  ADD ("finds-words-users-and-addresses", test_search);
  ADD ("shows-one-session-alone", test_session);
  ADD ("nothing-comes-while-it-is-held", test_held);
  ADD ("what-happens-again-is-not-new", test_repeated_while_held);
  return g_test_run ();
}
