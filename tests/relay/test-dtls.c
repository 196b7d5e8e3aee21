/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DTLS with strangers: what the relay keeps of whom it does not know, what it makes of records that
 * are lost, repeated, forged or malformed, and how sessions end.
 */
#include "fixture.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "made-context.h"
#include "randomly.h"
#include "relay/dtls-cookies.h"
#include "relay/dtls-session.h"
#include "relay/handshakes.h"
#include "stun/bytes.h"

#define CHANNEL 0x4001
#define BODY_LENGTH 11
#define COOKIE_LENGTH 16


/* ---- clients of several kinds ---- */

/* @host: (nullable): from where */
static int
open_socket (const Fixture *self, const char *host)
{
  ThAddress server = fixture_address_on (self, "127.0.0.1");
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ThAddress local;

  g_assert_cmpint (fd, >=, 0);
  if (host != NULL)
    {
      g_assert_true (th_address_parse (&local, host, 0));
      g_assert_no_errno (bind (fd, &local.any, th_address_size (&local)));
    }
  g_assert_no_errno (connect (fd, &server.any, th_address_size (&server)));
  return fd;
}

static Client *
client_of (const Fixture *self)
{
  ThAddress server = fixture_address_on (self, "127.0.0.1");

  return client_new (TH_TRANSPORT_DTLS, &server, "alice");
}

/* With an allocation, and a channel to @peer. */
static Client *
client_with (const Fixture *self, const Peer *peer)
{
  Client *client = client_of (self);

  g_assert_cmpuint (client_allocate (client), ==, 0);
  g_assert_cmpuint (client_bind_channel (client, CHANNEL, &peer->address), ==, 0);
  return client;
}

static void
assert_works (Client *client, const Peer *peer)
{
  client_send_channel (client, CHANNEL, "up", 2);
  peer_expect (peer, "up", NULL);
  peer_send (peer, &client->relayed, "down", 4);
  client_expect_channel_data (client, CHANNEL, "down");
}

static void
send_bytes (int fd, GBytes *bytes)
{
  gsize length;
  const void *start = g_bytes_get_data (bytes, &length);

  g_assert_cmpint (send (fd, start, length, 0), ==, (gssize) length);
}

/* Returns: how long the next datagram is; 0: there is none */
static gsize
receive (int fd, guint8 *bytes, gsize size)
{
  gssize n;

  run_main_context ();
  n = recv (fd, bytes, size, MSG_DONTWAIT);
  return n > 0 ? (gsize) n : 0;
}

static gboolean
lose_all (gboolean outgoing, const guint8 *bytes, gsize length, gpointer data)
{
  return outgoing;
}

/*
 * The ClientHellos of one client: without a cookie and with one. Neither has been sent with
 * @fd yet but the first.
 */
typedef struct {
  DtlsEnd *end;
  GBytes *plain;
  GBytes *proven;
} Hellos;

static void
make_hellos (Hellos *self, int fd)
{
  self->end = dtls_end_new (fd);
  self->end->sent = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  dtls_end_step (self->end);
  self->end->filter = lose_all;
  while (self->end->sent->len < 2)
    {
      wait_a_little (fd);
      dtls_end_step (self->end);
    }
  self->plain = g_bytes_ref (self->end->sent->pdata[0]);
  self->proven = g_bytes_ref (self->end->sent->pdata[1]);
}

static void
hellos_clear (Hellos *self)
{
  dtls_end_free (self->end);
  g_bytes_unref (self->plain);
  g_bytes_unref (self->proven);
}

static gboolean
is_cookie_request (const guint8 *bytes, gsize length)
{
  return length == 13 + 12 + 3 + COOKIE_LENGTH && bytes[0] == TH_DTLS_HANDSHAKE && bytes[13] == 3;
}

/* ---- before there is a session ---- */

static void
test_no_state_before_a_cookie (Fixture *self, gconstpointer data)
{
  int fd = open_socket (self, NULL);
  guint8 answer[2048];
  Hellos hellos;

  make_hellos (&hellos, fd);
  for (guint i = 0; i < 1000; i++)
    {
      gsize length;

      send_bytes (fd, hellos.plain);
      length = receive (fd, answer, sizeof answer);
      g_assert_true (is_cookie_request (answer, length));
      g_assert_cmpuint (length, <, g_bytes_get_size (hellos.plain));
    }
  g_assert_cmpuint (fixture_look (self)->dtls_sessions, ==, 0);
  hellos_clear (&hellos);
  close (fd);
}

static void
test_wrong_cookie (Fixture *self, gconstpointer data)
{
  int fd = open_socket (self, NULL);
  guint8 answer[2048];
  guint8 hello[2048];
  Hellos hellos;
  gsize length;

  make_hellos (&hellos, fd);
  length = g_bytes_get_size (hellos.proven);
  memcpy (hello, g_bytes_get_data (hellos.proven, NULL), length);
  hello[13 + 12 + 34 + 1 + 1] ^= 1; /* the cookie's first byte; GnuTLS sends no session id */
  g_assert_cmpint (send (fd, hello, length, 0), ==, (gssize) length);
  g_assert_true (is_cookie_request (answer, receive (fd, answer, sizeof answer)));
  g_assert_cmpuint (fixture_look (self)->dtls_sessions, ==, 0);
  hellos_clear (&hellos);
  close (fd);
}

static void
test_cookie_of_another_address (Fixture *self, gconstpointer data)
{
  int fd = open_socket (self, NULL);
  int thief = open_socket (self, NULL);
  guint8 answer[2048];
  Hellos hellos;

  make_hellos (&hellos, fd);
  send_bytes (thief, hellos.proven);
  g_assert_true (is_cookie_request (answer, receive (thief, answer, sizeof answer)));
  g_assert_cmpuint (fixture_look (self)->dtls_sessions, ==, 0);
  hellos_clear (&hellos);
  close (fd);
  close (thief);
}

static void
test_repeated_hello_is_one_session (Fixture *self, gconstpointer data)
{
  int fd = open_socket (self, NULL);
  Hellos hellos;

  make_hellos (&hellos, fd);
  for (guint i = 0; i < 50; i++)
    {
      send_bytes (fd, hellos.proven);
      run_main_context ();
    }
  g_assert_cmpuint (fixture_look (self)->dtls_sessions, ==, 1);
  hellos.end->filter = NULL;
  g_assert_true (dtls_end_shake_hands (hellos.end));
  g_assert_cmpuint (fixture_look (self)->dtls_sessions, ==, 1);
  hellos_clear (&hellos);
  close (fd);
}

/* Everybody shows a cookie, and goes no further. */
static void
begin_many (const Fixture *self, const char *host, int *fds, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      Hellos hellos;

      fds[i] = open_socket (self, host);
      make_hellos (&hellos, fds[i]);
      send_bytes (fds[i], hellos.proven);
      run_main_context ();
      hellos_clear (&hellos);
    }
}

static void
test_greeting_is_bounded (Fixture *self, gconstpointer data)
{
  int fds[TH_HANDSHAKES_OF_NETWORK_MAX + 20];
  int other;
  DtlsEnd *end;

  begin_many (self, "127.0.0.1", fds, G_N_ELEMENTS (fds));
  g_assert_cmpuint (fixture_look (self)->dtls_sessions, ==, TH_HANDSHAKES_OF_NETWORK_MAX);

  /* which does not harm clients of other networks */
  other = open_socket (self, "127.0.1.1");
  end = dtls_end_new (other);
  g_assert_true (dtls_end_shake_hands (end));
  dtls_end_free (end);
  close (other);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
}

static void
test_no_more_than_connections (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);
  int fd;

  g_assert_cmpuint (client_bind_test (client), ==, 0);
  self->config->max_connections = 1;
  g_assert_true (th_relay_set_rules (self->relay, self->config, NULL));
  begin_many (self, NULL, &fd, 1);
  g_assert_cmpuint (fixture_look (self)->dtls_sessions, ==, 1);
  g_assert_cmpuint (client_bind_test (client), ==, 0);
  close (fd);
}

/* ---- handshakes on a bad way ---- */

/* Loses one datagram, the one of that number in that direction. */
typedef struct {
  gboolean outgoing;
  guint number;
  guint seen;
  guint lost;
} Loss;

static gboolean
lose_one (gboolean outgoing, const guint8 *bytes, gsize length, gpointer data)
{
  Loss *loss = data;

  if (outgoing != loss->outgoing || loss->seen++ != loss->number)
    return FALSE;
  loss->lost++;
  return TRUE;
}

/* All at the same time, since each loss costs a second. */
static void
test_lost_flights_are_repeated (Fixture *self, gconstpointer data)
{
  DtlsEnd *ends[16];
  Loss losses[G_N_ELEMENTS (ends)];
  gboolean done[G_N_ELEMENTS (ends)] = { FALSE };
  guint n_done = 0;
  gint64 end = g_get_monotonic_time () + PATIENCE;

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      losses[i] = (Loss) { .outgoing = i % 2, .number = i / 2 };
      ends[i] = dtls_end_new (open_socket (self, NULL));
      ends[i]->filter = lose_one;
      ends[i]->filter_data = &losses[i];
    }
  while (n_done < G_N_ELEMENTS (ends))
    {
      for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
        {
          if (done[i] || dtls_end_step (ends[i]) != GNUTLS_E_SUCCESS)
            continue;
          done[i] = TRUE;
          n_done++;
        }
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      wait_a_little (-1);
    }
  /* Each side sends some at least, and each of these was lost once. */
  for (guint i = 0; i < 6; i++)
    g_assert_cmpuint (losses[i].lost, ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      int fd = ends[i]->fd;

      dtls_end_free (ends[i]);
      close (fd);
    }
}

static gboolean
note_longest (gboolean outgoing, const guint8 *bytes, gsize length, gpointer data)
{
  gsize *longest = data;

  if (!outgoing)
    *longest = MAX (*longest, length);
  return FALSE;
}

static void
test_hello_in_fragments (Fixture *self, gconstpointer data)
{
  int fd = open_socket (self, NULL);
  g_autoptr (DtlsEnd) end = dtls_end_new (fd);
  gsize longest = 0;

  gnutls_dtls_set_mtu (end->tls, 200);
  end->filter = note_longest;
  end->filter_data = &longest;
  g_assert_true (dtls_end_shake_hands (end));
  g_assert_cmpuint (longest, >, 0);
  g_assert_cmpuint (longest, <=, TH_DTLS_HANDSHAKE_MTU);
  close (fd);
}

static void
test_versions_before_1_2 (Fixture *self, gconstpointer data)
{
  int fd = open_socket (self, NULL);
  g_autoptr (DtlsEnd) end = dtls_end_new (fd);

  g_assert_cmpint (gnutls_priority_set_direct (end->tls, "NORMAL:-VERS-ALL:+VERS-DTLS1.0", NULL),
                   >=, 0);
  g_assert_false (dtls_end_shake_hands (end));
  g_assert_cmpint (gnutls_alert_get (end->tls), ==, GNUTLS_A_PROTOCOL_VERSION);
  wait_until (fixture_look (self)->dtls_sessions == 0);
  close (fd);
}

static void
test_protocols (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *name;
    gboolean spoken;
  } rows[] = {
    { "stun.turn", TRUE },
    { "stun.nat-discovery", TRUE },
    { "http/1.1", FALSE },
    { "webrtc", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      int fd = open_socket (self, NULL);
      g_autoptr (DtlsEnd) end = dtls_end_new (fd);
      gnutls_datum_t name = { (guint8 *) rows[i].name, (guint) strlen (rows[i].name) };
      gnutls_datum_t chosen;

      gnutls_alpn_set_protocols (end->tls, &name, 1, 0);
      g_assert_true (dtls_end_shake_hands (end) == rows[i].spoken);
      if (rows[i].spoken)
        {
          g_assert_cmpint (gnutls_alpn_get_selected_protocol (end->tls, &chosen), ==, 0);
          g_assert_cmpmem (chosen.data, chosen.size, rows[i].name, strlen (rows[i].name));
        }
      close (fd);
    }
}

/* ---- an open session ---- */

/* What GnuTLS has ready to send, as it goes onto the wire. */
static gboolean
catch_record (gboolean outgoing, const guint8 *bytes, gsize length, gpointer data)
{
  if (outgoing)
    g_byte_array_append (data, bytes, (guint) length);
  return outgoing;
}

static void
test_repeated_record_counts_once (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) record = g_byte_array_new ();
  g_autoptr (Client) client = NULL;
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  client = client_with (self, &peer);
  client->dtls->filter = catch_record;
  client->dtls->filter_data = record;
  client_send_channel (client, CHANNEL, "once", 4);
  client->dtls->filter = NULL;
  for (guint i = 0; i < 20; i++)
    {
      g_assert_cmpint (send (client->fd, record->data, record->len, 0), ==, record->len);
      run_main_context ();
    }
  peer_expect (&peer, "once", NULL);
  assert_works (client, &peer);
  peer_close (&peer);
}

/* Several in one datagram are as many messages. */
static void
test_records_together (Fixture *self, gconstpointer data)
{
  static const char *const texts[] = { "one", "two and more", "3" };
  g_autoptr (GByteArray) records = g_byte_array_new ();
  g_autoptr (Client) client = NULL;
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  client = client_with (self, &peer);
  client->dtls->filter = catch_record;
  client->dtls->filter_data = records;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    client_send_channel (client, CHANNEL, texts[i], strlen (texts[i]));
  client->dtls->filter = NULL;
  g_assert_cmpint (send (client->fd, records->data, records->len, 0), ==, records->len);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    peer_expect (&peer, texts[i], NULL);
  assert_works (client, &peer);
  peer_close (&peer);
}

static void
send_record (int fd, guint8 content, guint16 epoch, gsize claimed, const void *body, gsize length)
{
  guint8 record[2048] = { content, 0xFE, 0xFD, 0, 0, 0, 0, 0, 9 };

  th_write_u16 (record + 3, epoch);
  th_write_u16 (record + BODY_LENGTH, (guint16) claimed);
  memcpy (record + TH_DTLS_HEADER_SIZE, body, length);
  length += TH_DTLS_HEADER_SIZE;
  g_assert_cmpint (send (fd, record, length, 0), ==, (gssize) length);
  run_main_context ();
}

/* What anybody could send who can write the client's address on an envelope. */
static void
test_forged_records_do_nothing (Fixture *self, gconstpointer data)
{
  static const guint8 alerts[][2] = { { 1, 0 }, { 2, 0 }, { 2, 40 }, { 2, 20 }, { 1, 100 } };
  guint8 finished[12 + 12] = { 20, 0, 0, 12, 0, 3, 0, 0, 0, 0, 0, 12 };
  guint8 noise[600];
  g_autoptr (Client) client = NULL;
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  client = client_with (self, &peer);
  fill_randomly (noise, sizeof noise);
  for (guint16 epoch = 0; epoch < 4; epoch++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (alerts); i++)
        send_record (client->fd, TH_DTLS_ALERT, epoch, 2, alerts[i], 2);
      for (guint content = 20; content < 64; content++)
        {
          send_record (client->fd, (guint8) content, epoch, 600, noise, 600);
          send_record (client->fd, (guint8) content, epoch, 1, noise, 1);
          send_record (client->fd, (guint8) content, epoch, 0, noise, 0);
          /* longer than there is of it, and than any may be */
          send_record (client->fd, (guint8) content, epoch, 700, noise, 600);
          send_record (client->fd, (guint8) content, epoch, 65535, noise, 600);
        }
      send_record (client->fd, TH_DTLS_HANDSHAKE, epoch, sizeof finished, finished,
                   sizeof finished);
      send_record (client->fd, TH_DTLS_CHANGE_CIPHER_SPEC, epoch, 1, "\1", 1);
      send_record (client->fd, TH_DTLS_APPLICATION_DATA, epoch, 6, "\x40\x01\0\2no", 6);
      assert_works (client, &peer);
    }
  g_assert_cmpuint (fixture_look (self)->sessions, ==, 1);
  g_assert_cmpuint (self->statistics.packets_to_peers, ==, 4);
  peer_close (&peer);
}

/* While the relay would still repeat its last flight. */
static void
test_forged_records_behind_the_handshake (Fixture *self, gconstpointer data)
{
  static const guint8 alert[] = { 2, 40 };
  g_autoptr (Client) client = client_of (self);
  guint8 handshake[64] = { 16, 0, 0, 52, 0, 2, 0, 0, 0, 0, 0, 52 };
  gsize before;

  before = client->dtls->bytes_received;
  for (guint i = 0; i < 100; i++)
    {
      send_record (client->fd, TH_DTLS_HANDSHAKE, 0, sizeof handshake, handshake, sizeof handshake);
      send_record (client->fd, TH_DTLS_CHANGE_CIPHER_SPEC, 0, 1, "\1", 1);
      send_record (client->fd, TH_DTLS_ALERT, 0, sizeof alert, alert, sizeof alert);
    }
  g_assert_cmpuint (client_bind_test (client), ==, 0);
  g_assert_cmpuint (client->dtls->bytes_received - before, <, 200); /* that answer alone */
  g_assert_cmpuint (fixture_look (self)->dtls_sessions, ==, 1);
}

/* Cut, lengthened and changed records of the client's own. */
static void
test_broken_records_do_nothing (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) record = g_byte_array_new ();
  g_autoptr (Client) client = NULL;
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  client = client_with (self, &peer);
  client->dtls->filter = catch_record;
  client->dtls->filter_data = record;
  client_send_channel (client, CHANNEL, "broken", 6);
  client->dtls->filter = NULL;
  for (guint cut = 0; cut < record->len; cut++)
    {
      g_assert_cmpint (send (client->fd, record->data, cut, 0), ==, cut);
      run_main_context ();
      record->data[cut] ^= 0x10;
      g_assert_cmpint (send (client->fd, record->data, record->len, 0), ==, record->len);
      run_main_context ();
      record->data[cut] ^= 0x10;
    }
  assert_works (client, &peer);
  peer_close (&peer);
}

static void
test_renegotiation_ends_it (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);

  g_assert_cmpuint (client_allocate (client), ==, 0);
  wait_until (fixture_look (self)->sessions == 1);
  gnutls_handshake (client->dtls->tls);
  wait_until (fixture_look (self)->dtls_sessions == 0 && fixture_look (self)->sessions == 0);
  g_assert_false (dtls_end_shake_hands (client->dtls));
  g_assert_cmpint (gnutls_alert_get (client->dtls->tls), ==, GNUTLS_A_NO_RENEGOTIATION);
}

static void
test_large_messages (Fixture *self, gconstpointer data)
{
  g_autofree guint8 *bytes = g_malloc0 (20000);
  g_autoptr (Client) client = NULL;
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  client = client_with (self, &peer);
  for (gsize length = 15000; length <= 16000; length += 500)
    {
      g_autoptr (GBytes) up = NULL;
      g_autoptr (Packet) down = NULL;

      client_send_channel (client, CHANNEL, bytes, length);
      up = peer_receive (&peer, NULL, PATIENCE / 1000);
      g_assert_nonnull (up);
      g_assert_cmpuint (g_bytes_get_size (up), ==, length);
      peer_send (&peer, &client->relayed, bytes, length);
      down = client_receive (client, PATIENCE / 1000);
      g_assert_nonnull (down);
      g_assert_cmpuint (down->length, ==, length);
    }
  /* more than a record holds */
  peer_send (&peer, &client->relayed, bytes, 16400);
  peer_send (&peer, &client->relayed, bytes, 20000);
  assert_works (client, &peer);
  g_assert_cmpuint (fixture_look (self)->dropped_send_error, ==, 2);
  peer_close (&peer);
}

/* ---- the same address again ---- */

static void
test_newcomer_replaces_it_when_it_is_through (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = NULL;
  Hellos hellos;
  guint8 message[1024] = { 0 };
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  client = client_with (self, &peer);
  make_hellos (&hellos, client->fd);
  assert_works (client, &peer); /* though there was a ClientHello, and a cookie for it */
  send_bytes (client->fd, hellos.proven);
  run_main_context ();
  g_assert_cmpuint (fixture_look (self)->dtls_sessions, ==, 2);
  g_assert_cmpuint (self->statistics.sessions, ==, 1);
  client_send_channel (client, CHANNEL, "still", 5);
  peer_expect (&peer, "still", NULL);

  hellos.end->filter = NULL;
  g_assert_true (dtls_end_shake_hands (hellos.end));
  wait_until (fixture_look (self)->dtls_sessions == 1 && fixture_look (self)->sessions == 0);
  client_send_channel (client, CHANNEL, "no more", 7);
  client_begin (client, TH_STUN_REQUEST, TH_STUN_BINDING);
  dtls_end_write (hellos.end, client->out, th_stun_builder_end (&client->builder));
  wait_until (dtls_end_read (hellos.end, message, sizeof message) > 0);
  g_assert_cmpint (message[0], ==, 1); /* a response */
  g_assert_null (peer_receive (&peer, NULL, 0));
  hellos_clear (&hellos);
  peer_close (&peer);
}

static void
test_newcomer_that_goes_no_further (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = NULL;
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  client = client_with (self, &peer);
  for (guint i = 0; i < 30; i++)
    {
      Hellos hellos;

      make_hellos (&hellos, client->fd);
      send_bytes (client->fd, hellos.proven);
      run_main_context ();
      hellos_clear (&hellos);
      g_assert_cmpuint (fixture_look (self)->dtls_sessions, ==, 2);
    }
  client_send_channel (client, CHANNEL, "still", 5);
  peer_expect (&peer, "still", NULL);
  g_assert_cmpuint (fixture_look (self)->sessions, ==, 1);
  peer_close (&peer);
}

static void
test_greeting_gives_way_to_another (Fixture *self, gconstpointer data)
{
  int fd = open_socket (self, NULL);
  Hellos first, second;

  make_hellos (&first, fd);
  send_bytes (fd, first.proven);
  run_main_context ();
  while (receive (fd, (guint8[2048]) { 0 }, 2048) > 0)
    ;
  make_hellos (&second, fd);
  second.end->filter = NULL;
  g_assert_true (dtls_end_shake_hands (second.end));
  g_assert_cmpuint (fixture_look (self)->dtls_sessions, ==, 1);
  hellos_clear (&first);
  hellos_clear (&second);
  close (fd);
}

/* ---- the end ---- */

static void
test_client_says_goodbye (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);

  g_assert_cmpuint (client_allocate (client), ==, 0);
  wait_until (fixture_look (self)->sessions == 1);
  gnutls_bye (client->dtls->tls, GNUTLS_SHUT_WR);
  wait_until (fixture_look (self)->sessions == 0 && fixture_look (self)->dtls_sessions == 0);
}

static void
test_relay_says_goodbye (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);

  g_assert_cmpuint (client_allocate (client), ==, 0);
  th_relay_stop (self->relay);
  client_expect_end (client);
}

/* So that the answer to Refresh can be repeated, and another Allocate may follow. */
static void
test_outlives_its_allocation (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);

  g_assert_cmpuint (client_allocate (client), ==, 0);
  g_assert_cmpuint (client_refresh (client, 0), ==, 0);
  g_assert_cmpuint (client_refresh (client, 0), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpuint (client_allocate (client), ==, 0);
  g_assert_cmpuint (fixture_look (self)->dtls_sessions, ==, 1);
}

static void
test_patience (void)
{
  ThDtlsSession session = { .last_message = 1000 };

  g_assert_false (th_dtls_session_is_idle (&session, 1000 + TH_DTLS_PATIENCE));
  g_assert_true (th_dtls_session_is_idle (&session, 1001 + TH_DTLS_PATIENCE));
  session.has_allocation = TRUE;
  g_assert_false (th_dtls_session_is_idle (&session, 1001 + TH_DTLS_PATIENCE));
}

/* A ClientHello with that cookie. Returns: its length */
static gsize
write_hello (guint8 *hello, const guint8 *cookie)
{
  const gsize length = 13 + 12 + 34 + 1 + 1 + COOKIE_LENGTH + 6;

  memset (hello, 0, length);
  hello[0] = TH_DTLS_HANDSHAKE;
  th_write_u16 (hello + 1, 0xFEFD);
  th_write_u16 (hello + BODY_LENGTH, (guint16) (length - 13));
  hello[13] = 1;
  hello[13 + 12 + 34 + 1] = COOKIE_LENGTH;
  memcpy (hello + 13 + 12 + 34 + 1 + 1, cookie, COOKIE_LENGTH);
  return length;
}

/* A cookie is good until the key that made it has been changed twice. */
static void
test_cookies_grow_old (void)
{
  ThTurnClient client = { .transport = TH_TRANSPORT_DTLS };
  gnutls_dtls_prestate_st prestate;
  guint8 answer[TH_DTLS_COOKIE_ANSWER_MAX];
  guint8 bytes[128] = { 0 };
  const guint8 *at = bytes;
  gsize length = write_hello (bytes, bytes);
  ThDtlsCookies cookies;
  ThDtlsRecord hello;

  th_address_parse (&client.address, "192.0.2.1", 1234);
  th_address_parse (&client.local, "192.0.2.2", 5349);
  th_dtls_cookies_init (&cookies, 0);
  g_assert_true (th_dtls_next_record (&at, &length, &hello));
  g_assert_false (th_dtls_cookies_check (&cookies, &client, &hello, &prestate));
  length = th_dtls_cookies_answer (&cookies, &client, &hello, answer);
  write_hello (bytes, answer + length - COOKIE_LENGTH);

  th_dtls_cookies_change (&cookies, TH_DTLS_COOKIE_LIFETIME - 1);
  g_assert_true (th_dtls_cookies_check (&cookies, &client, &hello, &prestate));
  th_dtls_cookies_change (&cookies, TH_DTLS_COOKIE_LIFETIME);
  g_assert_true (th_dtls_cookies_check (&cookies, &client, &hello, &prestate));
  th_dtls_cookies_change (&cookies, 2 * TH_DTLS_COOKIE_LIFETIME);
  g_assert_false (th_dtls_cookies_check (&cookies, &client, &hello, &prestate));

  /* nor is it for another port, or another server */
  length = th_dtls_cookies_answer (&cookies, &client, &hello, answer);
  write_hello (bytes, answer + length - COOKIE_LENGTH);
  g_assert_true (th_dtls_cookies_check (&cookies, &client, &hello, &prestate));
  th_address_set_port (&client.local, 443);
  g_assert_false (th_dtls_cookies_check (&cookies, &client, &hello, &prestate));
  th_dtls_cookies_clear (&cookies);
}

static void
ignore_record (ThDtlsSession *session, const guint8 *record, gsize length)
{
}

static void
test_handshake_must_end (void)
{
  guint8 random[TH_DTLS_RANDOM_SIZE] = { 0 };
  const ThDtlsRecord hello = { .bytes = random, .length = 1 };
  gnutls_dtls_prestate_st prestate = { 0 };
  ThTurnClient client = { .transport = TH_TRANSPORT_DTLS };
  ThDtlsSession *session =
      th_dtls_session_new (&client, &hello, random, &prestate, ignore_record, NULL, 1000);

  th_dtls_session_remind (session, 1000 + TH_DTLS_HANDSHAKE_PATIENCE);
  g_assert_cmpint (session->state, ==, TH_DTLS_WAITING);
  th_dtls_session_remind (session, 1001 + TH_DTLS_HANDSHAKE_PATIENCE);
  g_assert_cmpint (session->state, ==, TH_DTLS_ENDED);
  th_dtls_session_free (session);
}

/* ---- certificates and ports ---- */

static GBytes *
certificate_of (DtlsEnd *end)
{
  guint n = 0;
  const gnutls_datum_t *chain = gnutls_certificate_get_peers (end->tls, &n);

  g_assert_cmpuint (n, ==, 1);
  return g_bytes_new (chain->data, chain->size);
}

static void
test_another_certificate (Fixture *self, gconstpointer data)
{
  g_autoptr (ThTlsContext) another = made_context_new (TH_TLS_1_2);
  g_autoptr (Client) before = client_of (self);
  g_autoptr (Client) after = NULL;
  g_autoptr (GBytes) first = certificate_of (before->dtls);
  g_autoptr (GBytes) second = NULL;

  g_assert_cmpuint (client_allocate (before), ==, 0);
  th_relay_set_tls (self->relay, another);
  run_main_context ();
  after = client_of (self);
  second = certificate_of (after->dtls);
  g_assert_false (g_bytes_equal (first, second));
  g_assert_cmpuint (client_refresh (before, 600), ==, 0);
  g_assert_cmpuint (client_allocate (after), ==, 0);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  fixture_init (self, "127.0.0.1");
  fixture_set_workers (self, 0);
  fixture_start (self);
}

/* A port of its own, one that is for plain UDP too, and the one for everything. */
static void
test_ports_for_tls (void)
{
  Fixture self = { 0 };
  ThAddress address;

  fixture_init (&self, "127.0.0.1");
  address = free_address ("127.0.0.1");
  self.config->tls_port = th_address_port (&address);
  address = free_address ("127.0.0.1");
  self.config->extra_udp_ports = g_new (guint16, 1);
  self.config->n_extra_udp_ports = 1;
  self.config->extra_tls_ports = g_new (guint16, 2);
  self.config->n_extra_tls_ports = 2;
  self.config->extra_udp_ports[0] = self.config->extra_tls_ports[0] = th_address_port (&address);
  self.config->extra_tls_ports[1] = self.config->port;
  fixture_start (&self);
  for (guint i = 0; i < 3; i++)
    {
      guint16 ports[] = { self.config->port, self.config->tls_port, th_address_port (&address) };
      g_autoptr (Client) plain = NULL;
      g_autoptr (Client) secret = NULL;

      th_address_set_port (&self.address, ports[i]);
      plain = client_new (TH_TRANSPORT_UDP, &self.address, "alice");
      secret = client_new (TH_TRANSPORT_DTLS, &self.address, "alice");
      g_assert_cmpuint (client_allocate (plain), ==, 0);
      g_assert_cmpuint (client_allocate (secret), ==, 0);
      g_assert_cmpuint (client_refresh (plain, 0), ==, 0);
      g_assert_cmpuint (client_refresh (secret, 0), ==, 0);
    }
  g_assert_cmpuint (g_list_model_get_n_items (th_relay_get_listeners (self.relay)), ==, 9);
  fixture_tear_down (&self, NULL);
}

/* GnuTLS has no DTLS 1.3. */
static void
test_silent_where_1_3_is_the_oldest (Fixture *self, gconstpointer data)
{
  g_autoptr (ThTlsContext) newest = made_context_new (TH_TLS_1_3);
  int fd = open_socket (self, NULL);
  g_autoptr (DtlsEnd) end = dtls_end_new (fd);
  guint8 answer[512];

  th_relay_set_tls (self->relay, newest);
  run_main_context ();
  dtls_end_step (end);
  g_assert_cmpuint (receive (fd, answer, sizeof answer), ==, 0);
  close (fd);
}

static const Case cases[] = {
  CASE ("no-state-before-a-cookie", test_no_state_before_a_cookie),
  CASE ("wrong-cookie", test_wrong_cookie),
  CASE ("cookie-of-another-address", test_cookie_of_another_address),
  CASE ("repeated-hello-is-one-session", test_repeated_hello_is_one_session),
  CASE ("greeting-is-bounded", test_greeting_is_bounded),
  CASE ("no-more-than-connections", test_no_more_than_connections),
  CASE ("lost-flights-are-repeated", test_lost_flights_are_repeated),
  CASE ("hello-in-fragments", test_hello_in_fragments),
  CASE ("versions-before-1-2", test_versions_before_1_2),
  CASE ("protocols", test_protocols),
  CASE ("repeated-record-counts-once", test_repeated_record_counts_once),
  CASE ("records-together", test_records_together),
  CASE ("forged-records-do-nothing", test_forged_records_do_nothing),
  CASE ("forged-records-behind-the-handshake", test_forged_records_behind_the_handshake),
  CASE ("broken-records-do-nothing", test_broken_records_do_nothing),
  CASE ("renegotiation-ends-it", test_renegotiation_ends_it),
  CASE ("large-messages", test_large_messages),
  CASE ("newcomer-replaces-it-when-it-is-through", test_newcomer_replaces_it_when_it_is_through),
  CASE ("newcomer-that-goes-no-further", test_newcomer_that_goes_no_further),
  CASE ("greeting-gives-way-to-another", test_greeting_gives_way_to_another),
  CASE ("client-says-goodbye", test_client_says_goodbye),
  CASE ("relay-says-goodbye", test_relay_says_goodbye),
  CASE ("outlives-its-allocation", test_outlives_its_allocation),
  CASE ("another-certificate", test_another_certificate),
  CASE ("silent-where-1-3-is-the-oldest", test_silent_where_1_3_is_the_oldest),
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("/relay/dtls", cases, Fixture, NULL, set_up, fixture_tear_down);
  g_test_add_func ("/relay/dtls/patience", test_patience);
  g_test_add_func ("/relay/dtls/cookies-grow-old", test_cookies_grow_old);
  g_test_add_func ("/relay/dtls/handshake-must-end", test_handshake_must_end);
  g_test_add_func ("/relay/dtls/ports-for-tls", test_ports_for_tls);
  return g_test_run ();
}
