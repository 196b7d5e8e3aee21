/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rotations seen from the relay: who goes on, who is ended, who is counted, and when the schedule
 * rotates. The sessions are those of real clients, over loopback.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "../relay/client.h"
#include "../relay/waiting.h"
#include "app/rotation-schedule.h"
#include "credentials/ring-state.h"
#include "fixture.h"

#define DAY 86400

#define add(path, test)                                                                            \
  g_test_add ("/app/rotator/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static gint64
now_in_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static ThRotator *
get_rotator (Fixture *fixture)
{
  return th_engine_get_rotator (fixture->engine);
}

static guint
count_sessions (Fixture *fixture)
{
  return g_list_model_get_n_items (th_relay_get_sessions (th_engine_get_relay (fixture->engine)));
}

/* (transfer full): a client that has a session, which the engine knows of */
static Client *
make_session (Fixture *fixture, const char *name, const char *password)
{
  guint before = count_sessions (fixture);
  g_autoptr (Client) client = NULL;
  ThAddress address;

  g_assert_true (th_address_parse (&address, "127.0.0.1", fixture->port));
  client = client_new (TH_TRANSPORT_UDP, &address, name);
  client_set_password (client, password);
  g_assert_cmpuint (client_allocate (client), ==, 0);
  wait_until (count_sessions (fixture) == before + 1);
  return g_steal_pointer (&client);
}

/* (transfer full): of a credential made from the current secret of that kind */
static Client *
make_session_by (Fixture *fixture, ThRingKind kind)
{
  ThSecretRing *ring = th_engine_get_secret_ring (fixture->engine);
  g_autoptr (ThCredential) credential =
      kind == TH_RING_API ? th_secret_ring_mint_jwt (ring, "anna", now_in_seconds (), NULL)
                          : th_secret_ring_mint (ring, "anna", 600, now_in_seconds (), NULL);

  return make_session (fixture, credential->username, credential->password);
}

static void
on_finished (GObject *rotator, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
rotate (Fixture *fixture, ThRingKind kind)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  th_rotator_rotate_async (get_rotator (fixture), kind, "panel", NULL, on_finished, &result);
  wait_until (result != NULL);
  g_assert_true (th_rotator_rotate_finish (get_rotator (fixture), result, &error));
  g_assert_no_error (error);
}

static gboolean
undo (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  th_rotator_undo_async (get_rotator (fixture), TH_RING_SECRET, "panel", NULL, on_finished,
                         &result);
  wait_until (result != NULL);
  return th_rotator_undo_finish (get_rotator (fixture), result, error);
}

/* Returns: how many sessions it ended */
static guint
revoke_former (Fixture *fixture, ThRingKind kind)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint n_ended = 99;

  th_rotator_revoke_async (get_rotator (fixture), kind, "command-line", NULL, on_finished,
                           &result);
  wait_until (result != NULL);
  g_assert_true (th_rotator_revoke_finish (get_rotator (fixture), result, &n_ended, &error));
  g_assert_no_error (error);
  return n_ended;
}

static guint
count_old (Fixture *fixture, ThRingKind kind)
{
  guint by_property;

  g_object_get (get_rotator (fixture),
                kind == TH_RING_API ? "old-api-sessions" : "old-secret-sessions", &by_property,
                NULL);
  g_assert_cmpuint (by_property, ==, th_rotator_count_old_sessions (get_rotator (fixture), kind));
  return by_property;
}

static void
on_notify (GObject *object, GParamSpec *pspec, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_rotation_disturbs_nobody (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) before = NULL, after = NULL;
  guint notified = 0;

  fixture_start (fixture);
  g_signal_connect (get_rotator (fixture), "notify::old-secret-sessions", G_CALLBACK (on_notify),
                    &notified);
  before = make_session_by (fixture, TH_RING_SECRET);
  g_assert_cmpuint (count_old (fixture, TH_RING_SECRET), ==, 0);
  g_assert_cmpuint (notified, ==, 0);

  rotate (fixture, TH_RING_SECRET);
  g_assert_cmpuint (count_old (fixture, TH_RING_SECRET), ==, 1);
  g_assert_cmpuint (notified, ==, 1);
  after = make_session_by (fixture, TH_RING_SECRET);
  g_assert_cmpuint (count_old (fixture, TH_RING_SECRET), ==, 1);
  g_assert_cmpuint (client_refresh (before, 600), ==, 0);
  g_assert_cmpuint (client_refresh (after, 600), ==, 0);

  g_assert_cmpuint (client_refresh (before, 0), ==, 0); /* the call is over */
  wait_until (count_sessions (fixture) == 1);
  g_assert_cmpuint (count_old (fixture, TH_RING_SECRET), ==, 0);
  g_assert_cmpuint (notified, ==, 2);
}

static void
test_revoking_ends_exactly_the_old (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) old = NULL, older = NULL, new = NULL, token = NULL, user = NULL;

  fixture_set (fixture, TH_SETTING_CREDENTIALS_USERS, "bo:star");
  fixture_start (fixture);
  older = make_session_by (fixture, TH_RING_SECRET);
  rotate (fixture, TH_RING_SECRET);
  old = make_session_by (fixture, TH_RING_SECRET);
  token = make_session_by (fixture, TH_RING_API);
  user = make_session (fixture, "bo", "star");
  rotate (fixture, TH_RING_SECRET);
  rotate (fixture, TH_RING_API);
  new = make_session_by (fixture, TH_RING_SECRET);
  g_assert_cmpuint (count_old (fixture, TH_RING_SECRET), ==, 2);
  g_assert_cmpuint (count_old (fixture, TH_RING_API), ==, 1);

  g_assert_cmpuint (revoke_former (fixture, TH_RING_SECRET), ==, 2);
  wait_until (count_sessions (fixture) == 3);
  g_assert_cmpuint (client_refresh (older, 600), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpuint (client_refresh (old, 600), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpuint (client_refresh (new, 600), ==, 0);
  g_assert_cmpuint (client_refresh (token, 600), ==, 0);
  g_assert_cmpuint (client_refresh (user, 600), ==, 0);
  g_assert_cmpuint (count_old (fixture, TH_RING_SECRET), ==, 0);
  g_assert_cmpuint (count_old (fixture, TH_RING_API), ==, 1);

  g_assert_cmpuint (revoke_former (fixture, TH_RING_API), ==, 1);
  wait_until (count_sessions (fixture) == 2);
  g_assert_cmpuint (client_refresh (token, 600), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpuint (revoke_former (fixture, TH_RING_SECRET), ==, 0);
  g_assert_cmpuint (count_sessions (fixture), ==, 2);
}

/* A session outlives its secret; revoking still finds it. */
static void
test_revoking_finds_sessions_of_retired_secrets (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = NULL;

  fixture_start (fixture);
  fixture_set (fixture, TH_SETTING_CREDENTIALS_GRACE, "0");
  client = make_session_by (fixture, TH_RING_SECRET);
  rotate (fixture, TH_RING_SECRET);
  g_assert_cmpuint (g_list_model_get_n_items (th_secret_ring_get_secrets (
                        th_engine_get_secret_ring (fixture->engine), TH_RING_SECRET)),
                    ==, 1);
  g_assert_cmpuint (client_refresh (client, 600), ==, 0);
  g_assert_cmpuint (count_sessions (fixture), ==, 1);
  g_assert_cmpuint (count_old (fixture, TH_RING_SECRET), ==, 1);
  g_assert_cmpuint (revoke_former (fixture, TH_RING_SECRET), ==, 1);
  wait_until (count_sessions (fixture) == 0);
}

/* Sessions of the secret that is back are no old ones, nor does a later revoking end them. */
static void
test_undo (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) first = NULL, undone = NULL, again = NULL;
  g_autoptr (GError) error = NULL;

  fixture_start (fixture);
  first = make_session_by (fixture, TH_RING_SECRET);
  rotate (fixture, TH_RING_SECRET);
  undone = make_session_by (fixture, TH_RING_SECRET);
  g_assert_true (undo (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_old (fixture, TH_RING_SECRET), ==, 1);
  again = make_session_by (fixture, TH_RING_SECRET);
  g_assert_cmpuint (client_refresh (undone, 600), ==, 0);

  g_assert_cmpuint (revoke_former (fixture, TH_RING_SECRET), ==, 1);
  wait_until (count_sessions (fixture) == 2);
  g_assert_cmpuint (client_refresh (first, 600), ==, 0);
  g_assert_cmpuint (client_refresh (again, 600), ==, 0);
  g_assert_cmpuint (client_refresh (undone, 600), ==, TH_STUN_UNAUTHENTICATED);

  g_assert_false (undo (fixture, &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_NO_UNDO);
}

/* Looks at every session, which the rotator does not. */
static guint
count_one_by_one (Fixture *fixture, ThRingKind kind)
{
  GListModel *sessions = th_relay_get_sessions (th_engine_get_relay (fixture->engine));
  ThSecretRing *ring = th_engine_get_secret_ring (fixture->engine);
  g_autoptr (ThSecretInfo) current =
      g_list_model_get_item (th_secret_ring_get_secrets (ring, kind), 0);
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (sessions); i++)
    {
      g_autoptr (ThSession) session = g_list_model_get_item (sessions, i);
      guint generation = th_session_get_generation (session);
      gboolean of_api = (generation & TH_RING_API_GENERATIONS) != 0;

      count += of_api == (kind == TH_RING_API) &&
               generation != th_secret_info_get_generation (current);
    }
  return count;
}

/* Sessions end in any order, and secrets change meanwhile. */
static void
test_counts_follow (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func ((GDestroyNotify) client_free);

  fixture_start (fixture);
  for (guint i = 0; i < 60; i++)
    {
      ThRingKind kind = g_test_rand_bit () ? TH_RING_API : TH_RING_SECRET;
      gint deed = g_test_rand_int_range (0, 10);

      if (deed < 5)
        g_ptr_array_add (clients, make_session_by (fixture, kind));
      else if (deed < 8 && clients->len > 0)
        {
          guint left = clients->len - 1, leaving = g_test_rand_int_range (0, (gint32) clients->len);

          g_assert_cmpuint (client_refresh (clients->pdata[leaving], 0), ==, 0);
          g_ptr_array_remove_index_fast (clients, leaving);
          wait_until (count_sessions (fixture) == left);
        }
      else
        rotate (fixture, kind);
      g_assert_cmpuint (count_old (fixture, TH_RING_SECRET), ==,
                        count_one_by_one (fixture, TH_RING_SECRET));
      g_assert_cmpuint (count_old (fixture, TH_RING_API), ==,
                        count_one_by_one (fixture, TH_RING_API));
    }
}

static void
on_session_count (ThRelay *relay, GParamSpec *pspec, gpointer data)
{
  guint count;

  g_object_get (relay, "session-count", &count, NULL);
  if (count > 1)
    th_relay_stop (relay);
}

/* Who hears of a session before the rotator does may do as they like. */
static void
test_relay_stopped_from_within (Fixture *fixture, gconstpointer data)
{
  ThRelay *relay = th_engine_get_relay (fixture->engine);
  g_autoptr (Client) first = NULL, second = NULL;
  g_autoptr (ThCredential) credential = NULL;
  ThAddress address;

  fixture_start (fixture);
  first = make_session_by (fixture, TH_RING_SECRET);
  credential = th_secret_ring_mint (th_engine_get_secret_ring (fixture->engine), "bo", 600,
                                    now_in_seconds (), NULL);
  rotate (fixture, TH_RING_SECRET);
  g_signal_connect (relay, "notify::session-count", G_CALLBACK (on_session_count), NULL);
  g_assert_true (th_address_parse (&address, "127.0.0.1", fixture->port));
  second = client_new (TH_TRANSPORT_UDP, &address, credential->username);
  client_set_password (second, credential->password);
  g_assert_cmpuint (client_allocate (second), ==, 0);
  wait_until (!th_relay_is_running (relay));
  g_assert_cmpuint (count_old (fixture, TH_RING_SECRET), ==, 0);
  g_signal_handlers_disconnect_by_func (relay, on_session_count, NULL);

  fixture_start (fixture);
  g_clear_pointer (&first, client_free);
  first = make_session (fixture, credential->username, credential->password);
  g_assert_cmpuint (count_old (fixture, TH_RING_SECRET), ==, 1);
}

static void
test_grace_while_stopped (Fixture *fixture, gconstpointer data)
{
  GListModel *secrets = th_secret_ring_get_secrets (th_engine_get_secret_ring (fixture->engine),
                                                    TH_RING_SECRET);
  g_autoptr (ThSecretInfo) former = NULL;

  fixture_set (fixture, TH_SETTING_CREDENTIALS_GRACE, "500");
  rotate (fixture, TH_RING_SECRET);
  former = g_list_model_get_item (secrets, 1);
  g_assert_cmpint (ABS (th_secret_info_get_expires_at (former) - now_in_seconds () - 500), <=, 5);
}

static void
test_stopping_counts_nobody (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = NULL;

  fixture_start (fixture);
  client = make_session_by (fixture, TH_RING_SECRET);
  rotate (fixture, TH_RING_SECRET);
  g_assert_cmpuint (count_old (fixture, TH_RING_SECRET), ==, 1);
  th_engine_stop (fixture->engine);
  g_assert_cmpuint (count_old (fixture, TH_RING_SECRET), ==, 0);
}

/* Another engine, whose shared secret became current at that time. */
static void
set_age (Fixture *fixture, gint64 created)
{
  g_autofree char *path = g_build_filename (fixture->directory, "secrets.json", NULL);
  g_autoptr (ThRingState) state = th_ring_state_new ();
  g_autofree char *json = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  th_ring_state_make_missing (state, created);
  json = th_ring_state_print (state, &length);
  g_file_set_contents (path, json, (gssize) length, &error);
  g_assert_no_error (error);
  g_clear_object (&fixture->engine);
  fixture->engine = th_engine_new (fixture->settings, fixture->directory, &error);
  g_assert_no_error (error);
}

static guint
count_events (Fixture *fixture)
{
  return g_list_model_get_n_items (
      th_secret_ring_get_history (th_engine_get_secret_ring (fixture->engine)));
}

static void
test_schedule (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ThRingEvent) event = NULL;
  ThSecretRing *ring;

  fixture_set (fixture, TH_SETTING_CREDENTIALS_ROTATE, "weekly");
  set_age (fixture, now_in_seconds () - 7 * DAY);
  ring = th_engine_get_secret_ring (fixture->engine);
  run_for (50);
  g_assert_cmpuint (count_events (fixture), ==, 0); /* the relay does not run */
  fixture_start (fixture);
  wait_until (count_events (fixture) > 0);
  event = g_list_model_get_item (th_secret_ring_get_history (ring), 0);
  g_assert_cmpint (th_ring_event_get_kind (event), ==, TH_RING_SECRET);
  g_assert_cmpint (th_ring_event_get_deed (event), ==, TH_RING_DEED_ROTATED);
  g_assert_cmpstr (th_ring_event_get_by (event), ==, "schedule");

  /* Once is enough, and what is undone is not done again at once. */
  run_for (50);
  g_assert_cmpuint (count_events (fixture), ==, 1);
  g_assert_true (undo (fixture, NULL));
  run_for (50);
  g_assert_cmpuint (count_events (fixture), ==, 2);
}

static void
test_schedule_that_is_not_due (Fixture *fixture, gconstpointer data)
{
  fixture_set (fixture, TH_SETTING_CREDENTIALS_ROTATE, "weekly");
  set_age (fixture, now_in_seconds () - 7 * DAY + 60);
  fixture_start (fixture);
  run_for (50);
  g_assert_cmpuint (count_events (fixture), ==, 0);

  fixture_set (fixture, TH_SETTING_CREDENTIALS_ROTATE, "never");
  run_for (20);
  g_assert_cmpuint (count_events (fixture), ==, 0);
  fixture_set (fixture, TH_SETTING_CREDENTIALS_ROTATE, "daily"); /* for which it is late */
  wait_until (count_events (fixture) == 1);
}

static void
on_warning (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  g_assert_nonnull (strstr (message, "rotation"));
  (*(guint *) data)++;
}

/* The relay goes on with the secret that it has, and says so. */
static void
test_schedule_that_cannot_store (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->directory, "secrets.json", NULL);
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
  guint warnings = 0;
  guint handler = g_log_set_handler ("turnhouse-app", G_LOG_LEVEL_WARNING, on_warning, &warnings);
  g_autoptr (Client) client = NULL;

  fixture_set (fixture, TH_SETTING_CREDENTIALS_ROTATE, "daily");
  set_age (fixture, now_in_seconds () - 2 * DAY);
  g_assert_no_errno (g_unlink (file));
  g_assert_no_errno (g_rmdir (fixture->directory));
  g_assert_true (g_file_set_contents (fixture->directory, "in the way", -1, NULL));
  fixture_start (fixture);
  wait_until (warnings == 1);
  g_assert_cmpuint (count_events (fixture), ==, 0);
  client = make_session_by (fixture, TH_RING_SECRET);
  g_assert_cmpuint (count_old (fixture, TH_RING_SECRET), ==, 0);

  g_log_remove_handler ("turnhouse-app", handler);
  g_log_set_always_fatal (fatal);
  g_assert_no_errno (g_unlink (fixture->directory));
  g_assert_no_errno (g_mkdir (fixture->directory, 0700)); /* for who tidies up */
}

static gint64
parse_time (const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  return g_date_time_to_unix (time);
}

static void
test_calendar (void)
{
  static const struct {
    ThSettingRotate rotate;
    const char *since, *due;
  } rows[] = {
    { TH_SETTING_ROTATE_DAILY, "2026-02-28T23:59:59Z", "2026-03-01T23:59:59Z" },
    { TH_SETTING_ROTATE_WEEKLY, "2026-12-28T06:00:00Z", "2027-01-04T06:00:00Z" },
    { TH_SETTING_ROTATE_MONTHLY, "2026-01-15T06:30:01Z", "2026-02-15T06:30:01Z" },
    { TH_SETTING_ROTATE_MONTHLY, "2026-01-31T06:00:00Z", "2026-02-28T06:00:00Z" },
    { TH_SETTING_ROTATE_MONTHLY, "2028-01-31T06:00:00Z", "2028-02-29T06:00:00Z" },
    { TH_SETTING_ROTATE_MONTHLY, "2026-12-31T23:00:00Z", "2027-01-31T23:00:00Z" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (th_rotation_schedule_get_due (rows[i].rotate, parse_time (rows[i].since)), ==,
                     parse_time (rows[i].due));
  g_assert_cmpint (th_rotation_schedule_get_due (TH_SETTING_ROTATE_NEVER, 1), ==, 0);
  for (ThSettingRotate i = TH_SETTING_ROTATE_DAILY; i <= TH_SETTING_ROTATE_MONTHLY; i++)
    g_assert_cmpint (th_rotation_schedule_get_due (i, G_MAXINT64), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("rotation-disturbs-nobody", test_rotation_disturbs_nobody);
  add ("revoking-ends-exactly-the-old", test_revoking_ends_exactly_the_old);
  add ("revoking-finds-sessions-of-retired-secrets",
       test_revoking_finds_sessions_of_retired_secrets);
  add ("undo", test_undo);
  add ("relay-stopped-from-within", test_relay_stopped_from_within);
  add ("grace-while-stopped", test_grace_while_stopped);
  add ("counts-follow", test_counts_follow);
  add ("stopping-counts-nobody", test_stopping_counts_nobody);
  add ("schedule", test_schedule);
  add ("schedule-that-is-not-due", test_schedule_that_is_not_due);
  add ("schedule-that-cannot-store", test_schedule_that_cannot_store);
  g_test_add_func ("/app/rotator/calendar", test_calendar);
  return g_test_run ();
}
