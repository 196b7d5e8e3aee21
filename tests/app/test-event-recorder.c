/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What real clients and the owner of a relay do stands in the event log of its engine, in words.
 */
#include <string.h>

#include "../relay/client.h"
#include "../relay/waiting.h"
#include "app/event-words.h"
#include "fixture.h"

#define add(path, test)                                                                            \
  g_test_add ("/app/event-recorder/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static gint64
now_in_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static guint
count_events (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (th_engine_get_events (fixture->engine)));
}

/* (transfer full) (nullable): the newest of that kind; @user: NULL: whoever it was */
static ThEvent *
find_event_of (Fixture *fixture, const char *kind, const char *user)
{
  GListModel *log = G_LIST_MODEL (th_engine_get_events (fixture->engine));

  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (ThEvent) event = g_list_model_get_item (log, i);

      if (g_str_equal (th_event_get_kind (event), kind) &&
          (user == NULL || g_strcmp0 (th_event_get_user (event), user) == 0))
        return g_steal_pointer (&event);
    }
  return NULL;
}

static ThEvent *
find_event (Fixture *fixture, const char *kind)
{
  return find_event_of (fixture, kind, NULL);
}

static gboolean
has_event (Fixture *fixture, const char *kind)
{
  g_autoptr (ThEvent) event = find_event (fixture, kind);

  return event != NULL;
}

static ThEvent *
await_event_of (Fixture *fixture, const char *kind, const char *user)
{
  g_autoptr (ThEvent) event = NULL;

  wait_until ((event = find_event_of (fixture, kind, user)) != NULL);
  return g_steal_pointer (&event);
}

static ThEvent *
await_event (Fixture *fixture, const char *kind)
{
  return await_event_of (fixture, kind, NULL);
}

static Client *
new_client (Fixture *fixture, const char *user, const char *password)
{
  ThAddress address;
  Client *client;

  g_assert_true (th_address_parse (&address, "127.0.0.1", fixture->port));
  client = client_new (TH_TRANSPORT_UDP, &address, user);
  client_set_password (client, password);
  return client;
}

/* A client with a credential that ends in so many seconds; perhaps it has ended. */
static Client *
new_client_until (Fixture *fixture, gint64 ttl)
{
  ThSecretRing *ring = th_engine_get_secret_ring (fixture->engine);
  g_autoptr (ThCredential) credential =
      th_secret_ring_mint (ring, "anna", 600, now_in_seconds () + ttl - 600, NULL);

  return new_client (fixture, credential->username, credential->password);
}

static void
test_session (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = NULL;
  g_autoptr (ThEvent) began = NULL;
  g_autoptr (ThEvent) ended = NULL;

  fixture_start (fixture);
  client = new_client_until (fixture, 600);
  g_assert_cmpuint (client_allocate (client), ==, 0);
  began = await_event (fixture, "session-started");
  g_assert_cmpstr (th_event_get_user (began), ==, "anna");
  g_assert_cmpstr (th_event_get_transport (began), ==, "UDP");
  g_assert_cmpint (th_event_get_severity (began), ==, TH_EVENT_INFO);
  g_assert_cmpuint (th_event_get_session (began), !=, 0);
  g_assert_cmpuint (client_refresh (client, 0), ==, 0);
  ended = await_event (fixture, "session-ended");
  g_assert_true (g_str_has_prefix (th_event_get_what (ended), "A call ended after "));
  g_assert_cmpuint (th_event_get_session (ended), ==, th_event_get_session (began));
  /* started, began, ended: the challenge is nothing */
  g_assert_cmpuint (count_events (fixture), ==, 3);
}

static void
test_expired (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = NULL;
  g_autoptr (ThEvent) event = NULL;

  fixture_start (fixture);
  client = new_client_until (fixture, -7200);
  g_assert_cmpuint (client_allocate (client), ==, 401);
  event = await_event (fixture, "expired");
  g_assert_cmpstr (th_event_get_what (event), ==, "The credential expired 2 hours ago (401)");
  g_assert_cmpstr (th_event_get_user (event), ==, "anna");
  g_assert_cmpuint (th_event_get_code (event), ==, 401);
  g_assert_cmpint (th_event_get_severity (event), ==, TH_EVENT_WARNING);
  g_assert_true (g_str_has_prefix (th_event_get_client (event), "127.0.0.1:"));
}

static void
test_clock_skew (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = NULL;
  g_autoptr (ThEvent) event = NULL;

  fixture_start (fixture);
  client = new_client_until (fixture, -60);
  g_assert_cmpuint (client_allocate (client), ==, 401);
  event = await_event (fixture, "expired");
  g_assert_nonnull (strstr (th_event_get_why (event), "clock"));
}

static void
test_wrong_secret (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT ":anna", now_in_seconds () + 600);
  g_autofree char *late = g_strdup_printf ("%" G_GINT64_FORMAT ":bob", now_in_seconds () - 600);
  g_autoptr (Client) client = NULL;
  g_autoptr (Client) late_client = NULL;
  g_autoptr (ThEvent) event = NULL;
  g_autoptr (ThEvent) of_late = NULL;

  fixture_start (fixture);
  client = new_client (fixture, name, "nonsense");
  g_assert_cmpuint (client_allocate (client), ==, 401);
  g_assert_cmpuint (client_allocate (client), ==, 401);
  event = await_event (fixture, "unknown-secret");
  g_assert_cmpstr (th_event_get_what (event), ==,
                   "The password does not match the secret of this relay (401)");
  g_assert_cmpstr (th_event_get_user (event), ==, "anna");
  wait_until (th_event_get_count (event) == 2);

  late_client = new_client (fixture, late, "nonsense");
  g_assert_cmpuint (client_allocate (late_client), ==, 401);
  of_late = await_event_of (fixture, "unknown-secret", "bob");
  g_assert_nonnull (strstr (th_event_get_why (of_late), "expired 10 minutes ago"));
}

static void
test_unknown_users (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) odd = NULL;
  g_autoptr (ThEvent) event = NULL;

  fixture_start (fixture);
  odd = new_client (fixture, "e\xE2\x80\xAEvil-and-perhaps-a-secret", "nonsense");
  g_assert_cmpuint (client_allocate (odd), ==, 401);
  event = await_event (fixture, "unknown-user");
  g_assert_cmpstr (th_event_get_what (event), ==, "There is no user of this name (401)");
  g_assert_cmpstr (th_event_get_user (event), ==, "e\xEF\xBF\xBDv…");
}

static void
test_quota (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) first = NULL;
  g_autoptr (Client) second = NULL;
  g_autoptr (ThEvent) event = NULL;

  fixture_set (fixture, TH_SETTING_LIMITS_USER_QUOTA, "1");
  fixture_start (fixture);
  first = new_client_until (fixture, 600);
  second = new_client_until (fixture, 600);
  g_assert_cmpuint (client_allocate (first), ==, 0);
  g_assert_cmpuint (client_allocate (second), ==, 486);
  event = await_event (fixture, "user-quota");
  g_assert_cmpuint (th_event_get_code (event), ==, 486);
}

static void
test_denied_peer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = NULL;
  g_autoptr (ThEvent) began = NULL;
  g_autoptr (ThEvent) event = NULL;
  ThAddress peer;

  fixture_start (fixture);
  client = new_client_until (fixture, 600);
  g_assert_true (th_address_parse (&peer, "10.1.2.3", 4000));
  g_assert_cmpuint (client_allocate (client), ==, 0);
  g_assert_cmpuint (client_permit (client, &peer), ==, 403);
  event = await_event (fixture, "denied-peer");
  g_assert_cmpstr (th_event_get_what (event), ==,
                   "10.1.2.3 may not be reached, as it is in 10.0.0.0/8 (403)");
  began = await_event (fixture, "session-started");
  g_assert_cmpuint (th_event_get_session (event), ==, th_event_get_session (began));
}

static void
test_ended_by_a_person (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = NULL;
  g_autoptr (ThEvent) began = NULL;
  g_autoptr (ThEvent) ended = NULL;

  fixture_start (fixture);
  client = new_client_until (fixture, 600);
  g_assert_cmpuint (client_allocate (client), ==, 0);
  began = await_event (fixture, "session-started");
  th_relay_end_session (th_engine_get_relay (fixture->engine), th_event_get_session (began));
  ended = await_event (fixture, "session-ended");
  g_assert_true (g_str_has_prefix (th_event_get_what (ended), "A call was ended from here"));
}

static void
test_life_of_the_relay (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ThEvent) setting = NULL;

  g_assert_cmpuint (count_events (fixture), ==, 0);
  fixture_start (fixture);
  g_assert_true (has_event (fixture, "started"));
  th_engine_set_draining (fixture->engine, TRUE);
  g_assert_true (has_event (fixture, "draining-began"));
  th_engine_set_draining (fixture->engine, FALSE);
  g_assert_true (has_event (fixture, "draining-ended"));
  fixture_set (fixture, TH_SETTING_LIMITS_USER_QUOTA, "7");
  setting = find_event (fixture, "setting-changed");
  g_assert_cmpstr (th_event_get_what (setting), ==, "The setting limits/user-quota is “7” now");
  fixture_set (fixture, TH_SETTING_LIMITS_USER_QUOTA, "8");
  g_assert_cmpstr (th_event_get_what (setting), ==, "The setting limits/user-quota is “8” now");
  th_engine_stop (fixture->engine);
  g_assert_true (has_event (fixture, "stopped"));
}

static void
test_taken_port (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) taken = take_port (TRUE, fixture->port);
  g_autoptr (ThEvent) event = NULL;

  g_assert_false (th_engine_start (fixture->engine, NULL));
  event = find_event (fixture, "port-in-use");
  g_assert_nonnull (event);
  g_assert_cmpint (th_event_get_severity (event), ==, TH_EVENT_WARNING); /* UDP is there */
  g_assert_cmpint (th_event_get_topic (event), ==, TH_EVENT_OF_RELAY);
}

static void
on_finished (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
test_secrets_and_users (Fixture *fixture, gconstpointer data)
{
  ThRotator *rotator = th_engine_get_rotator (fixture->engine);
  ThUserList *users = th_engine_get_users (fixture->engine);
  g_autoptr (GAsyncResult) rotated = NULL;
  g_autoptr (GAsyncResult) added = NULL;
  g_autoptr (ThEvent) rotation = NULL;
  g_autoptr (ThEvent) user = NULL;
  g_autofree char *json = NULL;

  fixture_start (fixture);
  th_rotator_rotate_async (rotator, TH_RING_SECRET, "command-line", NULL, on_finished, &rotated);
  wait_until (rotated != NULL);
  rotation = find_event (fixture, "secret-rotated");
  g_assert_cmpstr (th_event_get_why (rotation), ==, "From the command line");
  th_user_list_add_async (users, "bob", "a-password-of-bob", NULL, on_finished, &added);
  wait_until (added != NULL);
  user = find_event (fixture, "user-added");
  g_assert_cmpstr (th_event_get_what (user), ==, "The user “bob” was added");

  json = th_events_to_json (G_LIST_MODEL (th_engine_get_events (fixture->engine)));
  g_assert_null (strstr (json, "a-password-of-bob"));
  g_assert_null (strstr (json, th_secret_ring_get_current (
                                   th_engine_get_secret_ring (fixture->engine))));
}

static void
test_secret_settings_are_not_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ThEvent) event = NULL;

  fixture_set (fixture, TH_SETTING_CREDENTIALS_USERS, "bob:very-secret");
  event = find_event (fixture, "setting-changed");
  g_assert_cmpstr (th_event_get_what (event), ==, "The setting credentials/users was changed");
}

/* Every reason has words, also where nothing else is known. */
static void
test_every_reason_has_words (Fixture *fixture, gconstpointer data)
{
  for (guint reason = TH_REFUSAL_NONE + 1; reason < TH_REFUSAL_N_REASONS; reason++)
    {
      ThRelayRefusal refusal = { .reason = reason, .count = 100, .time = 1700000000 };
      g_auto (ThToldEvent) crowd = { 0 };
      g_auto (ThToldEvent) one = { 0 };
      g_autofree char *code = NULL;

      g_assert_true (th_told_event_init_refusal (&crowd, &refusal, NULL));
      g_assert_true (th_address_parse (&refusal.client, "192.0.2.7", 5000));
      g_assert_true (th_told_event_init_refusal (&one, &refusal, NULL));
      g_assert_cmpstr (one.facts.client, ==, "192.0.2.7:5000");
      code = g_strdup_printf ("(%u)", one.facts.code);
      g_assert_true (one.facts.code == 0 || g_str_has_suffix (one.facts.what, code));
      g_assert_true (one.facts.code == 0 || g_str_has_suffix (crowd.facts.what, code));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("a-session-and-not-its-challenge", test_session);
  add ("an-expired-credential-and-by-how-much", test_expired);
  add ("a-clock-that-may-be-wrong", test_clock_skew);
  add ("a-password-of-another-secret", test_wrong_secret);
  add ("an-unknown-user-with-an-odd-name", test_unknown_users);
  add ("a-quota", test_quota);
  add ("a-denied-peer-and-its-network", test_denied_peer);
  add ("a-session-ended-by-a-person", test_ended_by_a_person);
  add ("the-life-of-the-relay", test_life_of_the_relay);
  add ("a-taken-port", test_taken_port);
  add ("secrets-and-users", test_secrets_and_users);
  add ("secret-settings-are-not-told", test_secret_settings_are_not_told);
  add ("every-reason-has-words", test_every_reason_has_words);
  return g_test_run ();
}
