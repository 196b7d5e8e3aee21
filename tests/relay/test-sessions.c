/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Live sessions as ThRelay shows them: they appear with what is known of them, keep up with what
 * flows, and disappear however they end.
 */
#include "fixture.h"

#include <string.h>

static Client *
allocated (Fixture *self, ThTransport transport, const char *user)
{
  Client *client = client_new (transport, &self->address, user);

  g_assert_cmpuint (client_allocate (client), ==, 0);
  return client;
}

static void
wait_for_sessions (Fixture *self, guint n)
{
  wait_until (g_list_model_get_n_items (th_relay_get_sessions (self->relay)) == n);
  g_assert_cmpuint (fixture_look (self)->sessions, ==, n);
}

static void
assert_text (ThSession *session, const char *property, const char *expected)
{
  g_autofree char *value = NULL;

  g_object_get (session, property, &value, NULL);
  g_assert_cmpstr (value, ==, expected);
}

static void
assert_facts (Fixture *self, Client *client)
{
  ThSession *session = fixture_session (self, 0);
  char address[TH_ADDRESS_STRING_SIZE];
  gint64 started_at, age;
  guint generation;

  assert_text (session, "user", client->user);
  assert_text (session, "client", th_address_format (&client->local, address));
  assert_text (session, "transport", client->transport == TH_TRANSPORT_UDP ? "UDP" : "TCP");
  assert_text (session, "relayed", th_address_format (&client->relayed, address));
  assert_text (session, "peers", "");
  g_object_get (session, "started-at", &started_at, "age", &age, "generation", &generation, NULL);
  g_assert_cmpuint (generation, ==, fixture_secret_of (client->user));
  g_assert_cmpuint (th_session_get_generation (session), ==, generation);
  g_assert_cmpint (ABS (started_at - g_get_real_time () / G_USEC_PER_SEC), <=, 2);
  g_assert_cmpint (age, <=, 2);
}

static void
test_facts (Fixture *self, gconstpointer workers)
{
  static const ThTransport transports[] = { TH_TRANSPORT_UDP, TH_TRANSPORT_TCP };

  for (guint i = 0; i < G_N_ELEMENTS (transports); i++)
    {
      g_autoptr (Client) client = allocated (self, transports[i], "alice");

      wait_for_sessions (self, 1);
      assert_facts (self, client);
      g_assert_cmpuint (client_refresh (client, 0), ==, 0);
      wait_for_sessions (self, 0);
    }
}

static gboolean
has_peers (ThSession *session, const char *expected)
{
  g_autofree char *peers = NULL;

  g_object_get (session, "peers", &peers, NULL);
  return strcmp (peers, expected) == 0;
}

static void
test_peers (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) client = allocated (self, TH_TRANSPORT_UDP, "alice");
  ThAddress peer = free_address ("127.0.0.1");
  char text[TH_ADDRESS_STRING_SIZE];
  g_autofree char *both = g_strconcat ("127.0.0.1, ", th_address_format (&peer, text), NULL);

  wait_for_sessions (self, 1);
  g_assert_cmpuint (client_permit (client, &peer), ==, 0);
  wait_until (has_peers (fixture_session (self, 0), "127.0.0.1"));
  g_assert_cmpuint (client_bind_channel (client, 0x4000, &peer), ==, 0);
  wait_until (has_peers (fixture_session (self, 0), both));
}

static void
test_bytes_and_rates (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) client = allocated (self, TH_TRANSPORT_UDP, "alice");
  guint64 up, down;
  double rate_up, rate_down;
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  wait_for_sessions (self, 1);
  th_relay_refresh_sessions (self->relay);
  g_assert_cmpuint (client_permit (client, &peer.address), ==, 0);
  client_send (client, &peer.address, "up", 2);
  peer_expect (&peer, "up", NULL);
  peer_send (&peer, &client->relayed, "down", 4);
  client_expect_data (client, &peer.address, "down");

  th_relay_refresh_sessions (self->relay);
  g_object_get (fixture_session (self, 0), "bytes-up", &up, "bytes-down", &down, "rate-up",
                &rate_up, "rate-down", &rate_down, NULL);
  g_assert_cmpuint (up, ==, 2);
  g_assert_cmpuint (down, ==, 4);
  g_assert_cmpfloat (rate_up, >, 0);
  g_assert_cmpfloat_with_epsilon (rate_down, 2 * rate_up, rate_up / 1000);
  peer_close (&peer);
}

static void
on_count_changed (ThRelay *relay, GParamSpec *property, GString *counts)
{
  guint count;

  g_object_get (relay, "session-count", &count, NULL);
  g_assert_cmpuint (count, ==, g_list_model_get_n_items (th_relay_get_sessions (relay)));
  g_string_append_printf (counts, "%u ", count);
}

static void
test_in_order_of_their_start (Fixture *self, gconstpointer workers)
{
  static const char *const users[] = { "anna", "bert", "carl", "dora" };
  g_autoptr (GString) counts = g_string_new (NULL);
  Client *clients[G_N_ELEMENTS (users)];

  g_signal_connect (self->relay, "notify::session-count", G_CALLBACK (on_count_changed), counts);
  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    {
      clients[i] = allocated (self, i % 2 == 0 ? TH_TRANSPORT_UDP : TH_TRANSPORT_TCP, users[i]);
      wait_for_sessions (self, i + 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    assert_text (fixture_session (self, i), "user", users[i]);

  g_assert_cmpuint (client_refresh (clients[1], 0), ==, 0);
  wait_for_sessions (self, 3);
  assert_text (fixture_session (self, 0), "user", "anna");
  assert_text (fixture_session (self, 1), "user", "carl");
  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    client_free (clients[i]);
  wait_for_sessions (self, 2); /* the two over UDP do not know that their clients are gone */
  th_relay_stop (self->relay);
  g_assert_cmpstr (counts->str, ==, "1 2 3 4 3 2 1 0 ");
}

static void
test_end_with_the_connection (Fixture *self, gconstpointer workers)
{
  Client *client = allocated (self, TH_TRANSPORT_TCP, "alice");

  wait_for_sessions (self, 1);
  g_assert_cmpuint (fixture_look (self)->connections, ==, 1);
  client_free (client);
  wait_for_sessions (self, 0);
  wait_until (fixture_look (self)->connections == 0);
}

static void
test_end_with_the_relay (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) udp = allocated (self, TH_TRANSPORT_UDP, "alice");
  g_autoptr (Client) tcp = allocated (self, TH_TRANSPORT_TCP, "alice");
  g_autoptr (ThSession) kept = NULL;

  wait_for_sessions (self, 2);
  kept = g_object_ref (fixture_session (self, 0));
  th_relay_stop (self->relay);
  wait_for_sessions (self, 0);
  client_expect_end (tcp);
  g_assert_null (client_receive (udp, 20)); /* it is not told */
  assert_text (kept, "user", "alice"); /* whoever holds on to one may still read it */
}

static void
test_session_that_ended_before_it_was_seen (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) client = allocated (self, TH_TRANSPORT_UDP, "alice");

  g_assert_cmpuint (client_refresh (client, 0), ==, 0);
  run_for (20);
  wait_for_sessions (self, 0);
  g_assert_cmpuint (self->statistics.allocations_made, ==, 1);
}

static void
test_disconnect_user (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) alice_udp = allocated (self, TH_TRANSPORT_UDP, "alice");
  g_autoptr (Client) alice_tcp = allocated (self, TH_TRANSPORT_TCP, "alice");
  g_autoptr (Client) bob = allocated (self, TH_TRANSPORT_UDP, "bob");

  wait_for_sessions (self, 3);
  th_relay_disconnect_user (self->relay, "nobody");
  th_relay_disconnect_user (self->relay, "ali");
  run_for (20);
  wait_for_sessions (self, 3);

  th_relay_disconnect_user (self->relay, "alice");
  wait_for_sessions (self, 1);
  assert_text (fixture_session (self, 0), "user", "bob");
  g_assert_cmpuint (client_refresh (alice_udp, 600), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpuint (client_refresh (alice_tcp, 600), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpuint (client_refresh (bob, 600), ==, 0);

  /* The connection is still there: whether its user may come back is for the credentials to say. */
  g_assert_cmpuint (client_allocate (alice_tcp), ==, 0);
  wait_for_sessions (self, 2);
}

static void
test_end_secret (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) alice_udp = allocated (self, TH_TRANSPORT_UDP, "alice");
  g_autoptr (Client) alice_tcp = allocated (self, TH_TRANSPORT_TCP, "alice");
  g_autoptr (Client) bob = allocated (self, TH_TRANSPORT_UDP, "bob");

  wait_for_sessions (self, 3);
  th_relay_end_secret (self->relay, 77);
  run_for (20);
  wait_for_sessions (self, 3);

  th_relay_end_secret (self->relay, fixture_secret_of ("alice"));
  wait_for_sessions (self, 1);
  assert_text (fixture_session (self, 0), "user", "bob");
  g_assert_cmpuint (client_refresh (alice_udp, 600), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpuint (client_refresh (alice_tcp, 600), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpuint (client_refresh (bob, 600), ==, 0);
}

/* Of two by the same user only the one that is meant ends, and says why. */
static void
test_end_session (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) first = allocated (self, TH_TRANSPORT_UDP, "alice");
  g_autoptr (ThSession) session = NULL;
  g_autoptr (Client) second = NULL;
  const ThSessionLog *log;
  const ThSessionNote *last;

  wait_for_sessions (self, 1);
  session = g_object_ref (fixture_session (self, 0));
  second = allocated (self, TH_TRANSPORT_TCP, "alice");
  wait_for_sessions (self, 2);
  th_relay_end_session (self->relay, G_MAXUINT64);
  run_for (20);
  wait_for_sessions (self, 2);
  g_assert_false (th_session_has_ended (session));

  th_relay_end_session (self->relay, th_session_get_id (session));
  wait_for_sessions (self, 1);
  g_assert_cmpuint (client_refresh (first, 600), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpuint (client_refresh (second, 600), ==, 0);
  g_assert_true (th_session_has_ended (session));
  log = th_session_get_log (session);
  last = &g_array_index (log->notes, ThSessionNote, log->notes->len - 1);
  g_assert_cmpint (last->kind, ==, TH_NOTE_ENDED);
  g_assert_cmpint (last->why, ==, TH_SESSION_END_REVOKED);
}

/* What a client does is told in the order in which it was done. */
static void
test_log (Fixture *self, gconstpointer workers)
{
  static const ThSessionNoteKind expected[] = {
    TH_NOTE_CHALLENGED, TH_NOTE_STARTED, TH_NOTE_PERMITTED, TH_NOTE_CHANNEL, TH_NOTE_REFRESHED,
  };
  g_autoptr (Client) client = allocated (self, TH_TRANSPORT_UDP, "alice");
  g_autoptr (Client) other = allocated (self, TH_TRANSPORT_UDP, "bob");
  ThSession *session;
  const ThSessionPeer *peers;
  const ThSessionLog *log;
  guint n;

  wait_for_sessions (self, 2);
  session = fixture_session (self, 0);
  log = th_session_get_log (session);
  g_assert_cmpuint (client_permit (client, &other->relayed), ==, 0);
  g_assert_cmpuint (client_permit (client, &other->relayed), ==, 0); /* says nothing new */
  g_assert_cmpuint (client_bind_channel (client, 0x4001, &other->relayed), ==, 0);
  g_assert_cmpuint (client_refresh (client, 600), ==, 0);
  g_assert_cmpuint (client_refresh (client, 600), ==, 0);
  wait_until (log->notes->len == G_N_ELEMENTS (expected) &&
              g_array_index (log->notes, ThSessionNote, 4).count == 2);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (g_array_index (log->notes, ThSessionNote, i).kind, ==, expected[i]);

  peers = th_session_get_peers (session, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (peers[0].channel, ==, 0);
  g_assert_cmpuint (peers[1].channel, ==, 0x4001);
  g_assert_true (th_address_equal (&peers[1].address, &other->relayed));
  g_assert_cmpuint (th_counter_read (&th_session_get_record (session)->lives_until), >,
                    (guint64) g_get_monotonic_time ());
}

/* The owner's interface may do as it likes when it hears of a session, also stop the relay. */
static void
on_session_seen (GListModel *sessions, guint position, guint removed, guint added, ThRelay *relay)
{
  if (added > 0 && th_relay_is_running (relay))
    th_relay_stop (relay);
}

static void
test_relay_stopped_from_within (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) first = NULL;
  g_autoptr (Client) second = NULL;

  g_signal_connect (th_relay_get_sessions (self->relay), "items-changed",
                    G_CALLBACK (on_session_seen), self->relay);
  /* Both start before the main context hears of either. */
  first = client_new (TH_TRANSPORT_TCP, &self->address, "alice");
  second = client_new (TH_TRANSPORT_TCP, &self->address, "bob");
  client_begin (first, TH_STUN_REQUEST, TH_STUN_ALLOCATE);
  g_assert_cmpuint (client_ask (first), ==, TH_STUN_BAD_REQUEST);
  client_begin (second, TH_STUN_REQUEST, TH_STUN_ALLOCATE);
  g_assert_cmpuint (client_ask (second), ==, TH_STUN_BAD_REQUEST);
  client_tell_allocate (first);
  client_tell_allocate (second);
  if (workers != NULL)
    g_usleep (50 * 1000);
  wait_until (!th_relay_is_running (self->relay));
  run_main_context ();
  g_assert_cmpuint (g_list_model_get_n_items (th_relay_get_sessions (self->relay)), ==, 0);
  g_signal_handlers_disconnect_by_func (th_relay_get_sessions (self->relay), on_session_seen,
                                        self->relay);
}

static const Case cases[] = {
  CASE ("facts", test_facts),
  CASE ("peers", test_peers),
  CASE ("bytes-and-rates", test_bytes_and_rates),
  CASE ("in-order-of-their-start", test_in_order_of_their_start),
  CASE ("end-with-the-connection", test_end_with_the_connection),
  CASE ("end-with-the-relay", test_end_with_the_relay),
  CASE ("session-that-ended-before-it-was-seen", test_session_that_ended_before_it_was_seen),
  CASE ("disconnect-user", test_disconnect_user),
  CASE ("end-secret", test_end_secret),
  CASE ("end-session", test_end_session),
  CASE ("log", test_log),
  CASE ("relay-stopped-from-within", test_relay_stopped_from_within),
};

static void
add_tests (const char *path, guint workers)
{
  add_cases (path, cases, Fixture, GUINT_TO_POINTER (workers),
             fixture_set_up_running, fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_tests ("/relay/sessions/on-the-main-context", 0);
  add_tests ("/relay/sessions/on-workers", 3);
  return g_test_run ();
}
