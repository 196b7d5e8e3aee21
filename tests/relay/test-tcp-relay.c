/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP allocations (RFC 6062) with real peers: bytes go across both ways and in full, whoever is slow
 * or has said all; and all of it ends with the allocation.
 */
#include "fixture.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define BULK (8 * 1024 * 1024)

static void
set_up (Fixture *self, gconstpointer workers)
{
  fixture_init (self, "127.0.0.1");
  self->config->tcp_relay = TRUE;
  fixture_set_workers (self, GPOINTER_TO_UINT (workers));
  fixture_start (self);
}

/* ---- peers ---- */

static int
listen_as_peer (ThAddress *address)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  socklen_t size = sizeof *address;

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (th_address_parse (address, "127.0.0.1", 0));
  g_assert_no_errno (bind (fd, &address->any, th_address_size (address)));
  g_assert_no_errno (listen (fd, 5));
  g_assert_no_errno (getsockname (fd, &address->any, &size));
  return fd;
}

static int
accept_one (int listener)
{
  int fd = -1;

  wait_until ((fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0);
  return fd;
}

static void
write_text (int fd, const char *text)
{
  g_assert_cmpint (send (fd, text, strlen (text), MSG_NOSIGNAL), ==, (gssize) strlen (text));
}

static void
expect_text (int fd, const char *text)
{
  g_autofree char *read = g_malloc0 (strlen (text) + 1);
  gsize length = 0;

  while (length < strlen (text))
    {
      gssize n = 0;

      wait_until ((n = recv (fd, read + length, strlen (text) - length, MSG_DONTWAIT)) != -1 ||
                  errno != EAGAIN);
      g_assert_cmpint (n, >, 0);
      length += (gsize) n;
    }
  g_assert_cmpstr (read, ==, text);
}

static void
expect_end (int fd)
{
  char byte;
  gssize n = -1;

  wait_until ((n = recv (fd, &byte, 1, MSG_DONTWAIT)) >= 0 || errno != EAGAIN);
  g_assert_cmpint (n, <=, 0);
}

/* ---- clients ---- */

static Client *
allocate (const Fixture *self, ThTransport transport)
{
  Client *client = client_new (transport, &self->address, "alice");
  ThStunBuilder *builder = client_begin (client, TH_STUN_REQUEST, TH_STUN_ALLOCATE);
  ThStunAttribute relayed;

  th_stun_builder_add_u32 (builder, TH_STUN_REQUESTED_TRANSPORT, TH_TURN_TRANSPORT_TCP << 24);
  g_assert_cmpuint (client_ask (client), ==, 0);
  g_assert_true (th_stun_message_find (&client->message, TH_STUN_XOR_RELAYED_ADDRESS, &relayed));
  g_assert_true (th_stun_attribute_get_xor_address (&relayed, &client->message, &client->relayed));
  return client;
}

/* Returns: 0 or the error code */
static guint
ask_to_connect (Client *client, const ThAddress *peer, guint32 *id)
{
  ThStunBuilder *builder = client_begin (client, TH_STUN_REQUEST, TH_STUN_CONNECT);
  ThStunAttribute attribute;
  guint code;

  th_stun_builder_add_xor_address (builder, TH_STUN_XOR_PEER_ADDRESS, peer);
  code = client_ask (client);
  if (code == 0)
    g_assert_true (th_stun_message_find (&client->message, TH_STUN_CONNECTION_ID, &attribute) &&
                   th_stun_attribute_get_u32 (&attribute, id));
  return code;
}

static Client *
carry (const Fixture *self, ThTransport transport, const char *user, guint32 id, guint expected)
{
  Client *client = client_new (transport, &self->address, user);
  ThStunBuilder *builder = client_begin (client, TH_STUN_REQUEST, TH_STUN_CONNECTION_BIND);

  th_stun_builder_add_u32 (builder, TH_STUN_CONNECTION_ID, id);
  g_assert_cmpuint (client_ask (client), ==, expected);
  return client;
}

/* A client, its peer, and what is between them. */
typedef struct {
  Client *control;
  Client *carrier;
  int peer;
} Talk;

static void
begin_talk (Talk *talk, const Fixture *self)
{
  ThAddress address;
  int listener = listen_as_peer (&address);
  guint32 id = 0;

  talk->control = allocate (self, TH_TRANSPORT_TCP);
  g_assert_cmpuint (ask_to_connect (talk->control, &address, &id), ==, 0);
  talk->peer = accept_one (listener);
  talk->carrier = carry (self, TH_TRANSPORT_TCP, "alice", id, 0);
  close (listener);
}

static void
end_talk (Talk *talk)
{
  client_free (talk->carrier);
  client_free (talk->control);
  close (talk->peer);
}

static void
test_both_ways (Fixture *self, gconstpointer data)
{
  Talk talk;

  begin_talk (&talk, self);
  for (guint i = 0; i < 20; i++)
    {
      write_text (talk.carrier->fd, "from the client");
      expect_text (talk.peer, "from the client");
      write_text (talk.peer, "from the peer");
      expect_text (talk.carrier->fd, "from the peer");
    }
  wait_until (g_list_model_get_n_items (th_relay_get_sessions (self->relay)) == 1);
  g_assert_cmpuint (th_counter_read (
                        &th_session_get_record (fixture_session (self, 0))->bytes_up), ==, 300);
  g_assert_cmpuint (th_counter_read (
                        &th_session_get_record (fixture_session (self, 0))->bytes_down), ==, 260);
  end_talk (&talk);
}

static void
test_peer_speaks_before_it_is_fetched (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) control = allocate (self, TH_TRANSPORT_TCP);
  g_autoptr (Client) carrier = NULL;
  ThAddress address;
  int listener = listen_as_peer (&address);
  guint32 id = 0;
  int peer;

  g_assert_cmpuint (ask_to_connect (control, &address, &id), ==, 0);
  peer = accept_one (listener);
  write_text (peer, "welcome");
  carrier = carry (self, TH_TRANSPORT_TCP, "alice", id, 0);
  if (carrier->in->len > 0) /* it may have come along with the answer */
    g_assert_cmpmem (carrier->in->data, carrier->in->len, "welcome", 7);
  else
    expect_text (carrier->fd, "welcome");
  close (peer);
  close (listener);
}

static void
test_half_close_each_way (Fixture *self, gconstpointer data)
{
  Talk talk;

  begin_talk (&talk, self);
  write_text (talk.carrier->fd, "last words");
  g_assert_no_errno (shutdown (talk.carrier->fd, SHUT_WR));
  expect_text (talk.peer, "last words");
  expect_end (talk.peer);
  write_text (talk.peer, "but I go on");
  expect_text (talk.carrier->fd, "but I go on");
  close (talk.peer);
  expect_end (talk.carrier->fd);
  wait_until (fixture_look (self)->connections == 1);
  client_free (talk.carrier);
  client_free (talk.control);

  begin_talk (&talk, self);
  write_text (talk.peer, "last words");
  g_assert_no_errno (shutdown (talk.peer, SHUT_WR));
  expect_text (talk.carrier->fd, "last words");
  expect_end (talk.carrier->fd);
  write_text (talk.carrier->fd, "but I go on");
  expect_text (talk.peer, "but I go on");
  end_talk (&talk);
}

/* Fills the way from @from to @to, which reads only after that. */
static void
send_in_bulk (int from, int to)
{
  g_autofree guint8 *chunk = g_malloc (65536);
  gsize sent = 0, received = 0;

  while (received < BULK)
    {
      gssize n = 0;

      while (sent < BULK && n >= 0)
        {
          gsize length = MIN (65536, BULK - sent);

          for (gsize i = 0; i < length; i++)
            chunk[i] = (guint8) ((sent + i) * 7 >> 3);
          n = send (from, chunk, length, MSG_DONTWAIT | MSG_NOSIGNAL);
          sent += (gsize) MAX (n, 0);
        }
      for (guint i = 0; i < 20; i++)
        run_main_context ();
      n = recv (to, chunk, 65536, MSG_DONTWAIT);
      for (gssize i = 0; i < n; i++)
        g_assert_cmpuint (chunk[i], ==, (guint8) ((received + (gsize) i) * 7 >> 3));
      received += (gsize) MAX (n, 0);
    }
}

static void
test_slow_readers_lose_nothing (Fixture *self, gconstpointer data)
{
  Talk talk;

  begin_talk (&talk, self);
  send_in_bulk (talk.carrier->fd, talk.peer);
  send_in_bulk (talk.peer, talk.carrier->fd);
  g_assert_cmpuint (fixture_look (self)->dropped_queue_full, ==, 0);
  end_talk (&talk);
}

static void
test_reset_by_either_ends_both (Fixture *self, gconstpointer data)
{
  static const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
  Talk talk;

  begin_talk (&talk, self);
  setsockopt (talk.peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close (talk.peer);
  expect_end (talk.carrier->fd);
  wait_until (fixture_look (self)->connections == 1);
  client_free (talk.carrier);
  client_free (talk.control);

  begin_talk (&talk, self);
  setsockopt (talk.carrier->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  client_free (talk.carrier);
  expect_end (talk.peer);
  client_free (talk.control);
  close (talk.peer);
  wait_until (fixture_look (self)->connections == 0);
}

static void
test_all_ends_with_the_allocation (Fixture *self, gconstpointer data)
{
  Talk talk;

  begin_talk (&talk, self);
  g_assert_cmpuint (client_refresh (talk.control, 0), ==, 0);
  expect_end (talk.carrier->fd);
  expect_end (talk.peer);
  wait_until (fixture_look (self)->connections == 1); /* the control connection */
  end_talk (&talk);
}

static void
test_nobody_listens (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) control = allocate (self, TH_TRANSPORT_TCP);
  ThAddress address;
  guint32 id = 0;

  close (listen_as_peer (&address));
  g_assert_cmpuint (ask_to_connect (control, &address, &id), ==, TH_STUN_CONNECTION_FAILED);
  wait_until (fixture_look (self)->connections == 1);
}

static void
test_only_the_user_fetches_it (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) control = allocate (self, TH_TRANSPORT_TCP);
  g_autoptr (Client) mallory = NULL;
  g_autoptr (Client) carrier = NULL;
  ThAddress address;
  int listener = listen_as_peer (&address);
  guint32 id = 0;

  g_assert_cmpuint (ask_to_connect (control, &address, &id), ==, 0);
  mallory = carry (self, TH_TRANSPORT_TCP, "mallory", id, TH_STUN_WRONG_CREDENTIALS);
  carrier = carry (self, TH_TRANSPORT_TCP, "alice", id, 0);
  close (listener);
}

/* Another client of this relay is a peer like others. */
static void
test_without_a_permission_nobody_gets_in (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) alice = allocate (self, TH_TRANSPORT_TCP);
  g_autoptr (Client) bob = allocate (self, TH_TRANSPORT_TCP);
  g_autoptr (Client) carrier = NULL;
  guint32 id = 0;

  g_assert_cmpuint (ask_to_connect (alice, &bob->relayed, &id), ==, 0);
  carrier = carry (self, TH_TRANSPORT_TCP, "alice", id, 0);
  expect_end (carrier->fd);
}

static void
test_connections_are_limited (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) control = allocate (self, TH_TRANSPORT_TCP);
  ThAddress address;
  int listener = listen_as_peer (&address);
  guint32 id = 0;

  self->config->max_connections = 1;
  g_assert_true (th_relay_set_rules (self->relay, self->config, NULL));
  g_assert_cmpuint (ask_to_connect (control, &address, &id), ==, TH_STUN_CONNECTION_FAILED);
  close (listener);
}

static void
test_stop_with_all_kinds_of_connections (Fixture *self, gconstpointer data)
{
  Talk talk;
  ThAddress address;
  int listener = listen_as_peer (&address);
  guint32 id = 0;

  begin_talk (&talk, self);
  g_assert_cmpuint (ask_to_connect (talk.control, &address, &id), ==, 0);
  th_relay_stop (self->relay);
  expect_end (talk.peer);
  end_talk (&talk);
  close (listener);
}

static const Case cases[] = {
  CASE ("both-ways", test_both_ways),
  CASE ("peer-speaks-before-it-is-fetched", test_peer_speaks_before_it_is_fetched),
  CASE ("half-close-each-way", test_half_close_each_way),
  CASE ("slow-readers-lose-nothing", test_slow_readers_lose_nothing),
  CASE ("reset-by-either-ends-both", test_reset_by_either_ends_both),
  CASE ("all-ends-with-the-allocation", test_all_ends_with_the_allocation),
  CASE ("nobody-listens", test_nobody_listens),
  CASE ("only-the-user-fetches-it", test_only_the_user_fetches_it),
  CASE ("without-a-permission-nobody-gets-in", test_without_a_permission_nobody_gets_in),
  CASE ("connections-are-limited", test_connections_are_limited),
  CASE ("stop-with-all-kinds-of-connections", test_stop_with_all_kinds_of_connections),
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("/relay/tcp-relay/on-the-main-context", cases, Fixture, GUINT_TO_POINTER (0), set_up,
             fixture_tear_down);
  add_cases ("/relay/tcp-relay/three-workers", cases, Fixture, GUINT_TO_POINTER (3), set_up,
             fixture_tear_down);
  return g_test_run ();
}
