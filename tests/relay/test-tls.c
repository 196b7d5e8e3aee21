/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clients over TLS: whatever version, protocol and cutting of records they come with, they are
 * served as over TCP; and whoever is slow, many or wrong with it is bounded and harms nobody.
 */
#include "fixture.h"

#include <string.h>
#include <sys/socket.h>

#include "made-context.h"
#include "relay/connection.h"
#include "relay/handshakes.h"
#include "stun/bytes.h"

#define CHANNEL 0x4001

static Client *
client_of (const Fixture *self)
{
  return client_new (TH_TRANSPORT_TLS, &self->address, "alice");
}

static Client *
allocated (const Fixture *self)
{
  Client *client = client_of (self);

  g_assert_cmpuint (client_allocate (client), ==, 0);
  return client;
}

static Client *
client_with_priority (const Fixture *self, const char *priority)
{
  Client *client = client_new_before_handshake (&self->address, "alice");

  g_assert_cmpint (gnutls_priority_set_direct (client->tls, priority, NULL), ==, 0);
  return client;
}

static void
set_protocols (Client *client, const char *const *names)
{
  gnutls_datum_t protocols[4];
  guint n = 0;

  for (; names[n] != NULL; n++)
    protocols[n] = (gnutls_datum_t) { (guint8 *) names[n], (guint) strlen (names[n]) };
  gnutls_alpn_set_protocols (client->tls, protocols, n, 0);
}

/* ---- handshakes ---- */

static void
test_versions (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *priority;
    gnutls_protocol_t version;
  } rows[] = {
    { "NORMAL:-VERS-ALL:+VERS-TLS1.2", GNUTLS_TLS1_2 },
    { "NORMAL", GNUTLS_TLS1_3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Client) client = client_with_priority (self, rows[i].priority);

      g_assert_cmpint (client_shake_hands (client), ==, 0);
      g_assert_cmpint (gnutls_protocol_get_version (client->tls), ==, rows[i].version);
      g_assert_cmpuint (client_allocate (client), ==, 0);
      wait_until (fixture_look (self)->sessions == 1);
      g_assert_cmpstr (th_session_get_transport (fixture_session (self, 0)), ==, "TLS");
      g_assert_cmpuint (self->statistics.tally[TH_TRANSPORT_TLS][0].live, ==, 1);
      g_assert_cmpuint (client_refresh (client, 0), ==, 0);
      wait_until (fixture_look (self)->sessions == 0);
    }
}

static void
test_weak_offers (Fixture *self, gconstpointer data)
{
  static const char *const priorities[] = {
    "NORMAL:-VERS-ALL:+VERS-TLS1.1",
    "NORMAL:-VERS-ALL:+VERS-TLS1.0",
    "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA",
    "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC",
  };

  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    {
      g_autoptr (Client) client = client_with_priority (self, priorities[i]);

      g_assert_cmpint (client_shake_hands (client), <, 0);
    }
  wait_until (fixture_look (self)->connections == 0);
}

static void
test_only_the_newest (Fixture *self, gconstpointer data)
{
  g_autoptr (ThTlsContext) context = made_context_new (TH_TLS_1_3);
  g_autoptr (Client) new_one = NULL;
  g_autoptr (Client) old_one = NULL;

  th_relay_set_tls (self->relay, context);
  new_one = client_of (self);
  old_one = client_with_priority (self, "NORMAL:-VERS-ALL:+VERS-TLS1.2");
  g_assert_cmpint (client_shake_hands (old_one), <, 0);
}

static void
test_protocols (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *names[4];
    const char *chosen;
  } rows[] = {
    { { NULL }, NULL },
    { { "stun.turn" }, "stun.turn" },
    { { "stun.nat-discovery" }, "stun.nat-discovery" },
    { { "http/1.1", "stun.turn" }, "stun.turn" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Client) client = client_new_before_handshake (&self->address, "alice");
      gnutls_datum_t chosen = { NULL, 0 };

      set_protocols (client, rows[i].names);
      g_assert_cmpint (client_shake_hands (client), ==, 0);
      gnutls_alpn_get_selected_protocol (client->tls, &chosen);
      g_assert_cmpmem (chosen.data, chosen.size, rows[i].chosen,
                       rows[i].chosen == NULL ? 0 : strlen (rows[i].chosen));
      g_assert_cmpuint (client_bind_test (client), ==, 0);
    }
}

static void
test_other_protocols (Fixture *self, gconstpointer data)
{
  static const char *const others[] = { "h2", "acme-tls/1", NULL };
  g_autoptr (Client) client = client_new_before_handshake (&self->address, "alice");

  set_protocols (client, others);
  g_assert_cmpint (client_shake_hands (client), ==, GNUTLS_E_FATAL_ALERT_RECEIVED);
  g_assert_cmpint (gnutls_alert_get (client->tls), ==, GNUTLS_A_NO_APPLICATION_PROTOCOL);
}

/* Somebody types the relay's address into a browser. */
static void
test_browser (Fixture *self, gconstpointer data)
{
  static const char *const web[] = { "h2", "http/1.1", NULL };
  g_autoptr (Client) client = client_new_before_handshake (&self->address, "alice");
  char answer[1024];
  gssize n = 0;

  set_protocols (client, web);
  g_assert_cmpint (client_shake_hands (client), ==, 0);
  client_write (client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 35);
  wait_until ((n = gnutls_record_recv (client->tls, answer, sizeof answer - 1)) != GNUTLS_E_AGAIN);
  g_assert_cmpint (n, >, 0);
  answer[n] = '\0';
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 421 Misdirected Request\r\n"));
  g_assert_nonnull (strstr (answer, "\r\nContent-Length: 74\r\n"));
  g_assert_cmpuint (strlen (strstr (answer, "\r\n\r\n") + 4), ==, 74);
  wait_until ((n = gnutls_record_recv (client->tls, answer, sizeof answer)) != GNUTLS_E_AGAIN);
  g_assert_cmpint (n, ==, 0); /* said goodbye */
  wait_until (fixture_look (self)->connections == 0);
}

static gboolean
resumes (const Fixture *self, gnutls_datum_t *ticket, const char *priority)
{
  g_autoptr (Client) client = client_with_priority (self, priority);

  if (ticket->data != NULL)
    g_assert_cmpint (gnutls_session_set_data (client->tls, ticket->data, ticket->size), ==, 0);
  g_assert_cmpint (client_shake_hands (client), ==, 0);
  g_assert_cmpuint (client_bind_test (client), ==, 0); /* and tickets have come */
  gnutls_free (ticket->data);
  g_assert_cmpint (gnutls_session_get_data2 (client->tls, ticket), ==, 0);
  return gnutls_session_is_resumed (client->tls) != 0;
}

/* Nothing is kept for it, so that any worker can. */
static void
test_resumption (Fixture *self, gconstpointer data)
{
  static const char *const priorities[] = { "NORMAL:-VERS-ALL:+VERS-TLS1.2", "NORMAL" };

  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    {
      gnutls_datum_t ticket = { NULL, 0 };
      g_autoptr (ThTlsContext) another = made_context_new (TH_TLS_1_2);

      g_assert_false (resumes (self, &ticket, priorities[i]));
      for (guint n = 0; n < 8; n++)
        g_assert_true (resumes (self, &ticket, priorities[i]));
      th_relay_set_tls (self->relay, another);
      run_for (1);
      g_assert_false (resumes (self, &ticket, priorities[i]));
      gnutls_free (ticket.data);
    }
}

static gboolean
shows_another (Client *a, Client *b)
{
  guint n;
  const gnutls_datum_t *first = gnutls_certificate_get_peers (a->tls, &n);
  const gnutls_datum_t *second = gnutls_certificate_get_peers (b->tls, &n);

  return first->size != second->size || memcmp (first->data, second->data, first->size) != 0;
}

static void
test_another_certificate (Fixture *self, gconstpointer data)
{
  g_autoptr (ThTlsContext) another = made_context_new (TH_TLS_1_2);
  g_autoptr (Client) before = allocated (self);
  g_autoptr (Client) after = NULL;

  th_relay_set_tls (self->relay, another);
  g_clear_pointer (&another, th_tls_context_unref);
  after = allocated (self);
  g_assert_true (shows_another (before, after));
  g_assert_cmpuint (client_refresh (before, 600), ==, 0);
  g_assert_cmpuint (client_refresh (after, 600), ==, 0);
}

/* RFC 5746 or not, it ends the connection. */
static void
test_renegotiation (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_with_priority (self, "NORMAL:-VERS-ALL:+VERS-TLS1.2");

  g_assert_cmpint (client_shake_hands (client), ==, 0);
  g_assert_cmpuint (client_allocate (client), ==, 0);
  g_assert_cmpint (client_shake_hands (client), <, 0);
  wait_until (fixture_look (self)->sessions == 0 && self->statistics.connections == 0);
}

/* ---- records ---- */

/* What a client sends, for the test to cut up. */
static gssize
on_push_into (gnutls_transport_ptr_t data, const void *bytes, size_t size)
{
  g_byte_array_append (data, bytes, (guint) size);
  return (gssize) size;
}

static void
test_records_byte_by_byte (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = allocated (self);
  g_autoptr (GByteArray) captured = g_byte_array_new ();
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  g_assert_cmpuint (client_bind_channel (client, CHANNEL, &peer.address), ==, 0);
  gnutls_transport_set_ptr2 (client->tls, client, captured);
  gnutls_transport_set_push_function (client->tls, on_push_into);
  client_send_channel (client, CHANNEL, "in crumbs", 9);
  client_send_channel (client, CHANNEL, "and more", 8);
  for (guint i = 0; i < captured->len; i++)
    {
      g_assert_cmpint (send (client->fd, captured->data + i, 1, MSG_NOSIGNAL), ==, 1);
      run_main_context ();
    }
  peer_expect (&peer, "in crumbs", NULL);
  peer_expect (&peer, "and more", NULL);
  peer_close (&peer);
}

static void
test_frame_over_many_records (Fixture *self, gconstpointer data)
{
  static const guint8 frame[] = "\x40\x01\x00\x14" "cut as nobody would.";
  g_autoptr (Client) client = allocated (self);
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  g_assert_cmpuint (client_bind_channel (client, CHANNEL, &peer.address), ==, 0);
  for (guint i = 0; i < sizeof frame - 1; i++)
    client_write (client, frame + i, 1);
  peer_expect (&peer, "cut as nobody would.", NULL);
  peer_close (&peer);
}

/* Returns: the length of the first record with what @n requests, read at once, are answered with;
 * @each: (out): of each answer */
static gsize
answer_together (Client *client, guint n_requests, gsize *each)
{
  g_autoptr (GByteArray) requests = g_byte_array_new ();
  guint8 bytes[TH_TLS_RECORD_MAX];
  gssize n = 0;

  for (guint i = 0; i < n_requests; i++)
    {
      client_begin (client, TH_STUN_REQUEST, TH_STUN_BINDING);
      g_byte_array_append (requests, client->out, (guint) th_stun_builder_end (&client->builder));
    }
  g_assert_true (client_write (client, requests->data, requests->len));
  wait_until ((n = gnutls_record_recv (client->tls, bytes, sizeof bytes)) != GNUTLS_E_AGAIN);
  g_assert_cmpint (n, >=, TH_STUN_HEADER_SIZE);
  *each = (gsize) TH_STUN_HEADER_SIZE + th_read_u16 (bytes + 2);
  return (gsize) n;
}

static void
test_many_frames_share_a_record (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);
  gsize each;

  g_assert_cmpuint (answer_together (client, 10, &each), ==, 10 * each);
}

/* For clients that take a record for a message. */
static void
test_few_frames_have_a_record_each (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);
  gsize each;

  g_assert_cmpuint (answer_together (client, 3, &each), ==, each);
}

static void
assert_ended_by (Fixture *self, const void *bytes, gsize length)
{
  g_autoptr (Client) witness = allocated (self);
  g_autoptr (Client) client = allocated (self);
  g_autoptr (Client) stranger = client_new_before_handshake (&self->address, "mallory");

  wait_until (fixture_look (self)->sessions == 2);
  g_assert_cmpint (send (client->fd, bytes, length, MSG_NOSIGNAL), ==, (gssize) length);
  client_expect_end (client);
  g_assert_cmpint (send (stranger->fd, bytes, length, MSG_NOSIGNAL), ==, (gssize) length);
  client_expect_end (stranger);
  wait_until (fixture_look (self)->sessions == 1 && self->statistics.connections == 1);
  g_assert_cmpuint (client_refresh (witness, 600), ==, 0);
  g_assert_cmpuint (client_refresh (witness, 0), ==, 0);
  wait_until (fixture_look (self)->sessions == 0);
}

static void
test_bad_records (Fixture *self, gconstpointer data)
{
  guint8 oversized[5 + 65535] = { 0x16, 0x03, 0x03, 0xff, 0xff };
  guint8 garbage[5 + 256] = { 0x17, 0x03, 0x03, 0x01, 0x00 };

  assert_ended_by (self, oversized, sizeof oversized);
  oversized[0] = 0x17;
  assert_ended_by (self, oversized, sizeof oversized);
  assert_ended_by (self, garbage, sizeof garbage);
  garbage[0] = 0x16;
  assert_ended_by (self, garbage, sizeof garbage);
}

/* ---- ends ---- */

static void
test_goodbye (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = allocated (self);
  guint8 byte;
  gssize n = 0;

  wait_until (fixture_look (self)->sessions == 1);
  gnutls_bye (client->tls, GNUTLS_SHUT_WR);
  wait_until ((n = gnutls_record_recv (client->tls, &byte, 1)) != GNUTLS_E_AGAIN);
  g_assert_cmpint (n, ==, 0); /* a goodbye came back */
  wait_until (fixture_look (self)->sessions == 0 && self->statistics.connections == 0);
}

/* The request and the goodbye come in one piece. */
static void
test_answers_before_goodbye (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);
  g_autoptr (GByteArray) captured = g_byte_array_new ();

  gnutls_transport_set_ptr2 (client->tls, client, captured);
  gnutls_transport_set_push_function (client->tls, on_push_into);
  client_begin (client, TH_STUN_REQUEST, TH_STUN_BINDING);
  client_tell (client);
  gnutls_bye (client->tls, GNUTLS_SHUT_WR);
  g_assert_cmpint (send (client->fd, captured->data, captured->len, MSG_NOSIGNAL), ==,
                   (gssize) captured->len);
  g_autoptr (Packet) packet = client_receive (client, PATIENCE / 1000);
  g_assert_nonnull (packet);
  g_assert_cmpint (packet->kind, ==, PACKET_ANSWER);
  client_expect_end (client);
  wait_until (fixture_look (self)->connections == 0);
}

static void
test_half_close_without_goodbye (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = allocated (self);

  wait_until (fixture_look (self)->sessions == 1);
  g_assert_no_errno (shutdown (client->fd, SHUT_WR));
  client_expect_end (client);
  wait_until (fixture_look (self)->sessions == 0 && self->statistics.connections == 0);
}

static void
test_resets (Fixture *self, gconstpointer data)
{
  static const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
  g_autoptr (Client) witness = client_of (self);
  Client *client = allocated (self);
  Client *stranger = client_new_before_handshake (&self->address, "mallory");

  wait_until (fixture_look (self)->sessions == 1);
  g_assert_cmpint (send (client->fd, "\x17\x03\x03\x01\x00 and no more", 17, 0), ==, 17);
  g_assert_cmpint (send (stranger->fd, "\x16\x03\x01\x02\x00 and no more", 17, 0), ==, 17);
  g_assert_no_errno (setsockopt (client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
  g_assert_no_errno (setsockopt (stranger->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
  client_free (client);
  client_free (stranger);
  wait_until (fixture_look (self)->sessions == 0 && self->statistics.connections == 1);
  g_assert_cmpuint (client_bind_test (witness), ==, 0);
}

/* ---- half-open ones ---- */

static void
test_flood_of_handshakes (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) early = allocated (self);
  g_autoptr (Client) waiting = NULL;
  g_autoptr (Client) plain = NULL;
  Client *clients[TH_HANDSHAKES_OF_NETWORK_MAX];

  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      clients[i] = client_new_before_handshake (&self->address, "mallory");
      g_assert_cmpint (send (clients[i]->fd, "\x16\x03\x01\x02\x00", 5, 0), ==, 5);
    }
  wait_until (fixture_look (self)->connections == G_N_ELEMENTS (clients) + 1);
  run_for (20); /* all of it is read */
  waiting = client_new_before_handshake (&self->address, "bob");
  g_assert_cmpint (gnutls_handshake (waiting->tls), ==, GNUTLS_E_AGAIN);
  run_for (50);
  g_assert_cmpint (gnutls_handshake (waiting->tls), ==, GNUTLS_E_AGAIN);
  plain = client_new (TH_TRANSPORT_TCP, &self->address, "carol");
  g_assert_cmpuint (client_allocate (plain), ==, 0);
  g_assert_cmpuint (client_refresh (early, 600), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    client_free (clients[i]);
  g_assert_cmpint (client_shake_hands (waiting), ==, 0);
  g_assert_cmpuint (client_allocate (waiting), ==, 0);
  wait_until (fixture_look (self)->connections == 3);
}

static void
test_counts (void)
{
  gint all = TH_HANDSHAKES_MAX - 2;
  ThHandshakes *handshakes = th_handshakes_new (&all);
  ThAddress a, b;

  th_address_parse (&a, "192.0.2.1", 1);
  th_address_parse (&b, "2001:db8::1", 1);
  g_assert_true (th_handshakes_begin (handshakes, &a));
  g_assert_true (th_handshakes_begin (handshakes, &b));
  g_assert_false (th_handshakes_begin (handshakes, &a));
  g_assert_cmpint (all, ==, TH_HANDSHAKES_MAX);
  th_handshakes_end (handshakes, &b);
  g_assert_true (th_handshakes_begin (handshakes, &a));
  th_handshakes_end (handshakes, &a);
  th_handshakes_end (handshakes, &a);
  g_assert_cmpint (all, ==, TH_HANDSHAKES_MAX - 2);
  all = 0;
  for (guint i = 0; i < TH_HANDSHAKES_OF_NETWORK_MAX; i++)
    g_assert_true (th_handshakes_begin (handshakes, &a));
  th_address_parse (&a, "192.0.2.200", 1);
  g_assert_false (th_handshakes_begin (handshakes, &a));
  g_assert_true (th_handshakes_begin (handshakes, &b));
  for (guint i = 0; i < TH_HANDSHAKE_STEPS; i++)
    g_assert_true (th_handshakes_take_step (handshakes));
  g_assert_false (th_handshakes_take_step (handshakes));
  th_handshakes_begin_batch (handshakes);
  g_assert_true (th_handshakes_take_step (handshakes));
  th_handshakes_free (handshakes);
}

static void
test_patience (void)
{
  ThConnection connection = { .last_message = 1000, .shaking = TRUE };

  g_assert_false (th_connection_is_idle (&connection, 1000 + TH_CONNECTION_HANDSHAKE_PATIENCE));
  g_assert_true (th_connection_is_idle (&connection, 1001 + TH_CONNECTION_HANDSHAKE_PATIENCE));
  connection.shaking = FALSE;
  g_assert_false (th_connection_is_idle (&connection, 1001 + TH_CONNECTION_HANDSHAKE_PATIENCE));
}

/* ---- ports ---- */

static void
test_ports (Fixture *self, gconstpointer data)
{
  static const ThTransport transports[] = { TH_TRANSPORT_TLS, TH_TRANSPORT_TCP };
  ThAddress addresses[] = { free_address ("127.0.0.1"), free_address ("127.0.0.1") };
  guint n_tls = 0;

  self->config->tls_port = th_address_port (&addresses[0]);
  self->config->extra_tls_ports = g_new (guint16, 1);
  self->config->extra_tls_ports[0] = th_address_port (&addresses[1]);
  self->config->n_extra_tls_ports = 1;
  fixture_start (self);
  for (guint i = 0; i < g_list_model_get_n_items (th_relay_get_listeners (self->relay)); i++)
    {
      g_autoptr (ThListenerInfo) info =
          g_list_model_get_item (th_relay_get_listeners (self->relay), i);

      n_tls += g_str_equal (th_listener_info_get_transport (info), "TLS");
    }
  g_assert_cmpuint (n_tls, ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    for (guint j = 0; j < G_N_ELEMENTS (transports); j++)
      {
        g_autoptr (Client) client = client_new (transports[j], &addresses[i], "alice");

        g_assert_cmpuint (client_allocate (client), ==, 0);
        g_assert_cmpuint (client_bind_channel (client, CHANNEL, &addresses[i]), ==,
                          TH_STUN_FORBIDDEN);
      }
}

static const Case cases[] = {
  CASE ("versions", test_versions),
  CASE ("weak-offers", test_weak_offers),
  CASE ("only-the-newest", test_only_the_newest),
  CASE ("protocols", test_protocols),
  CASE ("other-protocols", test_other_protocols),
  CASE ("browser", test_browser),
  CASE ("resumption", test_resumption),
  CASE ("another-certificate", test_another_certificate),
  CASE ("renegotiation", test_renegotiation),
  CASE ("frame-over-many-records", test_frame_over_many_records),
  CASE ("bad-records", test_bad_records),
  CASE ("goodbye", test_goodbye),
  CASE ("answers-before-goodbye", test_answers_before_goodbye),
  CASE ("half-close-without-goodbye", test_half_close_without_goodbye),
  CASE ("resets", test_resets),
};

/* Whose timing or whose limits the test decides. */
static const Case one_by_one[] = {
  CASE ("records-byte-by-byte", test_records_byte_by_byte),
  CASE ("many-frames-share-a-record", test_many_frames_share_a_record),
  CASE ("few-frames-have-a-record-each", test_few_frames_have_a_record_each),
  CASE ("flood-of-handshakes", test_flood_of_handshakes),
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("/relay/tls", cases, Fixture, GUINT_TO_POINTER (2), fixture_set_up_running,
             fixture_tear_down);
  add_cases ("/relay/tls/on-the-main-context", one_by_one, Fixture, GUINT_TO_POINTER (0),
             fixture_set_up_running, fixture_tear_down);
  add_test ("/relay/tls/ports", test_ports);
  g_test_add_func ("/relay/tls/handshakes-are-counted", test_counts);
  g_test_add_func ("/relay/tls/patience", test_patience);
  return g_test_run ();
}
