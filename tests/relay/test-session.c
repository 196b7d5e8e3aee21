/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session's properties: what its record says, the rates over the last interval, the peers named
 * lately; and no notice of what has not changed.
 */
#include "relay/session.h"

#include <string.h>

#include "relay/session-private.h"

#define SECOND G_USEC_PER_SEC

typedef struct {
  ThTurnRecord *record;
  ThSession *session;
  gint64 now;
  GString *notices; /* names of properties, each with a space after it */
} Fixture;

static void
on_notify (ThSession *session, GParamSpec *property, Fixture *self)
{
  g_string_append_printf (self->notices, "%s ", property->name);
}

static ThAddress
address (const char *host, guint16 port)
{
  ThAddress parsed;

  g_assert_true (th_address_parse (&parsed, host, port));
  return parsed;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->record = th_turn_record_new ("alice");
  self->record->transport = TH_TRANSPORT_TCP;
  self->record->client = address ("192.0.2.7", 53211);
  self->record->relayed[0] = address ("203.0.113.1", 50000);
  self->record->relayed[1] = address ("2001:db8::1", 50001);
  self->record->started_at = 1700000000;
  self->now = g_get_monotonic_time ();
  self->session = th_session_new (self->record);
  self->notices = g_string_new (NULL);
  g_signal_connect (self->session, "notify", G_CALLBACK (on_notify), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_string_free (self->notices, TRUE);
  g_assert_finalize_object (self->session);
  th_turn_record_unref (self->record);
}

/* The next refresh of the session, so much later; what it notifies is in @notices. */
static void
refresh_after (Fixture *self, gint64 elapsed)
{
  self->now += elapsed;
  g_string_truncate (self->notices, 0);
  th_session_refresh (self->session, self->now);
}

static void
assert_text (Fixture *self, const char *property, const char *expected)
{
  g_autofree char *value = NULL;

  g_object_get (self->session, property, &value, NULL);
  g_assert_cmpstr (value, ==, expected);
}

static void
assert_counts (Fixture *self, guint64 up, guint64 down, double rate_up, double rate_down)
{
  guint64 bytes_up, bytes_down;
  double per_second_up, per_second_down;

  g_object_get (self->session, "bytes-up", &bytes_up, "bytes-down", &bytes_down, "rate-up",
                &per_second_up, "rate-down", &per_second_down, NULL);
  g_assert_cmpuint (bytes_up, ==, up);
  g_assert_cmpuint (bytes_down, ==, down);
  g_assert_cmpfloat_with_epsilon (per_second_up, rate_up, 1e-6);
  g_assert_cmpfloat_with_epsilon (per_second_down, rate_down, 1e-6);
}

static void
test_facts (Fixture *self, gconstpointer data)
{
  guint64 id;
  gint64 started_at;

  g_object_get (self->session, "id", &id, "started-at", &started_at, NULL);
  g_assert_cmpuint (id, ==, self->record->id);
  g_assert_cmpuint (th_session_get_id (self->session), ==, self->record->id);
  g_assert_cmpint (started_at, ==, 1700000000);
  assert_text (self, "user", "alice");
  assert_text (self, "client", "192.0.2.7:53211");
  assert_text (self, "transport", "TCP");
  assert_text (self, "relayed", "203.0.113.1:50000, [2001:db8::1]:50001");
  assert_text (self, "peers", "");
  g_assert_cmpstr (th_session_get_user (self->session), ==, "alice");
  g_assert_cmpstr (th_session_get_client (self->session), ==, "192.0.2.7:53211");
  g_assert_cmpstr (th_session_get_transport (self->session), ==, "TCP");
}

static void
test_one_relayed_address (Fixture *self, gconstpointer data)
{
  g_autoptr (ThTurnRecord) record = th_turn_record_new ("alice");
  g_autoptr (ThSession) session = NULL;
  g_autofree char *relayed = NULL;

  record->client = self->record->client;
  record->relayed[0] = self->record->relayed[1];
  session = th_session_new (record);
  g_object_get (session, "relayed", &relayed, NULL);
  g_assert_cmpstr (relayed, ==, "[2001:db8::1]:50001");
  g_assert_cmpstr (th_session_get_transport (session), ==, "UDP");
}

/* Two sessions are never taken for one. */
static void
test_ids_differ (Fixture *self, gconstpointer data)
{
  g_autoptr (ThTurnRecord) record = th_turn_record_new ("alice");

  g_assert_cmpuint (record->id, !=, self->record->id);
}

static void
test_rates (Fixture *self, gconstpointer data)
{
  refresh_after (self, SECOND);
  th_counter_add (&self->record->bytes_up, 1000);
  th_counter_add (&self->record->bytes_down, 500);
  refresh_after (self, 2 * SECOND);
  assert_counts (self, 1000, 500, 4000, 2000);

  th_counter_add (&self->record->bytes_down, 500);
  refresh_after (self, SECOND / 2);
  assert_counts (self, 1000, 1000, 0, 8000);

  refresh_after (self, SECOND);
  assert_counts (self, 1000, 1000, 0, 0);
}

/* Two refreshes at the same time must not divide by nothing. */
static void
test_rate_over_no_time (Fixture *self, gconstpointer data)
{
  refresh_after (self, SECOND);
  th_counter_add (&self->record->bytes_up, 1000);
  refresh_after (self, 0);
  assert_counts (self, 1000, 0, 0, 0);
}

static void
test_notifies_only_what_changed (Fixture *self, gconstpointer data)
{
  refresh_after (self, 10 * SECOND + SECOND / 2);
  g_assert_cmpstr (self->notices->str, ==, "age ");
  refresh_after (self, 1);
  g_assert_cmpstr (self->notices->str, ==, "");

  th_counter_add (&self->record->bytes_up, 1000);
  refresh_after (self, 1);
  g_assert_nonnull (strstr (self->notices->str, "bytes-up "));
  g_assert_nonnull (strstr (self->notices->str, "rate-up "));
  g_assert_null (strstr (self->notices->str, "down"));
  g_assert_null (strstr (self->notices->str, "age"));

  refresh_after (self, 1); /* the rate falls back to nothing */
  g_assert_nonnull (strstr (self->notices->str, "rate-up "));
  refresh_after (self, 1);
  g_assert_cmpstr (self->notices->str, ==, "");
}

static void
test_age (Fixture *self, gconstpointer data)
{
  gint64 age;

  refresh_after (self, 125 * SECOND + SECOND / 2);
  g_object_get (self->session, "age", &age, NULL);
  g_assert_cmpint (age, ==, 125);
}

static void
name_peer (Fixture *self, const char *host, guint16 port)
{
  ThAddress peer = address (host, port);

  g_string_truncate (self->notices, 0);
  th_session_add_peer (self->session, &peer, 0);
}

static void
test_peers (Fixture *self, gconstpointer data)
{
  name_peer (self, "198.51.100.1", 0);
  g_assert_cmpstr (self->notices->str, ==, "notes peers ");
  name_peer (self, "2001:db8::2", 7000);
  assert_text (self, "peers", "198.51.100.1, [2001:db8::2]:7000");

  name_peer (self, "198.51.100.1", 0);
  g_assert_cmpstr (self->notices->str, ==, "");
  name_peer (self, "198.51.100.1", 5000);
  assert_text (self, "peers", "198.51.100.1, [2001:db8::2]:7000, 198.51.100.1:5000");
}

static void
test_only_the_latest_peers (Fixture *self, gconstpointer data)
{
  for (guint16 port = 1; port <= 20; port++)
    name_peer (self, "192.0.2.1", port);
  assert_text (self, "peers",
               "192.0.2.1:13, 192.0.2.1:14, 192.0.2.1:15, 192.0.2.1:16, 192.0.2.1:17, "
               "192.0.2.1:18, 192.0.2.1:19, 192.0.2.1:20");
}

/* The beginning is kept, and the latest. */
static void
test_log_is_bounded (Fixture *self, gconstpointer data)
{
  const ThSessionLog *log = th_session_get_log (self->session);
  const ThSessionNote *notes;

  g_assert_cmpuint (log->notes->len, ==, 1); /* no nonce, no challenge */
  for (guint16 port = 1; port <= 100; port++)
    {
      name_peer (self, "192.0.2.1", port);
      th_session_note_refresh (self->session);
    }
  notes = (const ThSessionNote *) (gpointer) log->notes->data;
  g_assert_cmpuint (log->notes->len, ==, TH_SESSION_NOTES_MAX);
  g_assert_cmpuint (log->left_out, ==, 201 - TH_SESSION_NOTES_MAX);
  g_assert_cmpint (notes[0].kind, ==, TH_NOTE_STARTED);
  g_assert_cmpint (notes[TH_SESSION_NOTES_MAX - 1].kind, ==, TH_NOTE_REFRESHED);
  g_assert_cmpuint (th_address_port (&notes[TH_SESSION_NOTES_MAX - 2].peer), ==, 100);
}

/* Only the first is worth a note. */
static void
test_first_drop (Fixture *self, gconstpointer data)
{
  const ThSessionLog *log = th_session_get_log (self->session);

  th_counter_add (&self->record->dropped, 3);
  refresh_after (self, SECOND);
  g_assert_nonnull (strstr (self->notices->str, "notes "));
  th_counter_add (&self->record->dropped, 3);
  refresh_after (self, SECOND);
  g_assert_cmpuint (log->notes->len, ==, 2);
  g_assert_cmpint (g_array_index (log->notes, ThSessionNote, 1).kind, ==, TH_NOTE_DROPPED);
}

static void
add_test (const char *path, void (*func) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/relay/session/facts", test_facts);
  add_test ("/relay/session/one-relayed-address", test_one_relayed_address);
  add_test ("/relay/session/ids-differ", test_ids_differ);
  add_test ("/relay/session/rates", test_rates);
  add_test ("/relay/session/rate-over-no-time", test_rate_over_no_time);
  add_test ("/relay/session/notifies-only-what-changed", test_notifies_only_what_changed);
  add_test ("/relay/session/age", test_age);
  add_test ("/relay/session/peers", test_peers);
  add_test ("/relay/session/log-is-bounded", test_log_is_bounded);
  add_test ("/relay/session/first-drop", test_first_drop);
  add_test ("/relay/session/only-the-latest-peers", test_only_the_latest_peers);
  return g_test_run ();
}
