/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clients over TCP: however their bytes are cut up, each frame is answered once and in order; and
 * whoever speaks something else, or nothing, is shown the door.
 */
#include "fixture.h"

#include <string.h>

#include "relay/connection.h"

#define CHANNEL 0x4001

/* Several frames in a row: two Binding requests, and between them data by both ways. */
typedef struct {
  guint8 bytes[512];
  gsize length;
  guint8 first_id[TH_STUN_TRANSACTION_ID_SIZE];
  guint8 last_id[TH_STUN_TRANSACTION_ID_SIZE];
} Frames;

static Client *
client_of (const Fixture *self)
{
  return client_new (TH_TRANSPORT_TCP, &self->address, "alice");
}

static void
add_message (Frames *self, Client *client)
{
  gsize length = th_stun_builder_end (&client->builder);

  memcpy (self->bytes + self->length, client->out, length);
  self->length += length;
}

static void
add_binding (Frames *self, Client *client, guint8 *id)
{
  client_begin (client, TH_STUN_REQUEST, TH_STUN_BINDING);
  memcpy (id, client->out + 8, TH_STUN_TRANSACTION_ID_SIZE);
  add_message (self, client);
}

static void
make_frames (Frames *self, Client *client, const Peer *peer)
{
  static const guint8 channel_data[] = "\x40\x01\x00\x05" "three\0\0";
  ThStunBuilder *builder;

  self->length = 0;
  add_binding (self, client, self->first_id);
  builder = client_begin (client, TH_STUN_INDICATION, TH_STUN_SEND);
  th_stun_builder_add_xor_address (builder, TH_STUN_XOR_PEER_ADDRESS, &peer->address);
  th_stun_builder_add_bytes (builder, TH_STUN_DATA_ATTRIBUTE, "two", 3);
  add_message (self, client);
  memcpy (self->bytes + self->length, channel_data, 12);
  self->length += 12;
  add_binding (self, client, self->last_id);
}

static void
expect_answer (Client *client, const guint8 *id)
{
  g_autoptr (Packet) packet = client_receive (client, PATIENCE / 1000);

  g_assert_nonnull (packet);
  g_assert_cmpint (packet->kind, ==, PACKET_ANSWER);
  g_assert_cmpmem (packet->data + 8, TH_STUN_TRANSACTION_ID_SIZE, id, TH_STUN_TRANSACTION_ID_SIZE);
}

static void
expect_frames (const Frames *self, Client *client, const Peer *peer)
{
  peer_expect (peer, "two", NULL);
  peer_expect (peer, "three", NULL);
  expect_answer (client, self->first_id);
  expect_answer (client, self->last_id);
  g_assert_cmpuint (g_queue_get_length (&client->waiting), ==, 0);
}

static void
test_split_at_every_byte (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);
  Frames frames;
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  g_assert_cmpuint (client_allocate (client), ==, 0);
  g_assert_cmpuint (client_bind_channel (client, CHANNEL, &peer.address), ==, 0);
  make_frames (&frames, client, &peer);
  for (gsize split = 0; split <= frames.length; split++)
    {
      make_frames (&frames, client, &peer);
      client_write (client, frames.bytes, split);
      run_main_context (); /* the relay reads what is there */
      client_write (client, frames.bytes + split, frames.length - split);
      expect_frames (&frames, client, &peer);
    }
  peer_close (&peer);
}

static void
test_byte_by_byte (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);
  Frames frames;
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  g_assert_cmpuint (client_allocate (client), ==, 0);
  g_assert_cmpuint (client_bind_channel (client, CHANNEL, &peer.address), ==, 0);
  make_frames (&frames, client, &peer);
  for (gsize i = 0; i < frames.length; i++)
    {
      client_write (client, frames.bytes + i, 1);
      run_main_context ();
    }
  expect_frames (&frames, client, &peer);
  peer_close (&peer);
}

/* The greeting itself may come in crumbs. */
static void
test_request_byte_by_byte_before_an_allocation (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);
  Frames frames = { 0 };

  add_binding (&frames, client, frames.first_id);
  for (gsize i = 0; i < frames.length; i++)
    {
      client_write (client, frames.bytes + i, 1);
      run_main_context ();
    }
  expect_answer (client, frames.first_id);
}

static void
test_many_frames_at_once (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GByteArray) ids = g_byte_array_new ();
  guint n = 1000;

  for (guint i = 0; i < n; i++)
    {
      client_begin (client, TH_STUN_REQUEST, TH_STUN_BINDING);
      g_byte_array_append (ids, client->out + 8, TH_STUN_TRANSACTION_ID_SIZE);
      g_byte_array_append (bytes, client->out, (guint) th_stun_builder_end (&client->builder));
    }
  g_assert_true (client_write (client, bytes->data, bytes->len));
  for (guint i = 0; i < n; i++)
    expect_answer (client, ids->data + i * TH_STUN_TRANSACTION_ID_SIZE);
}

static void
test_answers_come_though_the_client_has_finished_writing (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);
  Frames frames = { 0 };

  add_binding (&frames, client, frames.first_id);
  client_write (client, frames.bytes, frames.length);
  g_assert_no_errno (shutdown (client->fd, SHUT_WR));
  expect_answer (client, frames.first_id);
  client_expect_end (client);
  wait_until (fixture_look (self)->connections == 0);
}

static void
test_half_close_ends_the_allocation (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);

  g_assert_cmpuint (client_allocate (client), ==, 0);
  wait_until (fixture_look (self)->sessions == 1);
  g_assert_no_errno (shutdown (client->fd, SHUT_WR));
  client_expect_end (client);
  wait_until (fixture_look (self)->sessions == 0 && self->statistics.connections == 0);
}

static void
test_reset_in_the_middle_of_a_frame (Fixture *self, gconstpointer data)
{
  static const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
  g_autoptr (Client) witness = client_of (self);
  Client *client = client_of (self);

  g_assert_cmpuint (client_allocate (client), ==, 0);
  wait_until (fixture_look (self)->sessions == 1);
  client_write (client, "\x40\x01\x10\x00 and no more", 16);
  g_assert_no_errno (setsockopt (client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
  client_free (client);
  wait_until (fixture_look (self)->sessions == 0 && self->statistics.connections == 1);
  g_assert_cmpuint (client_bind_test (witness), ==, 0);
}

/* ---- who is shown the door ---- */

static void
assert_closed_after (Fixture *self, const void *bytes, gsize length)
{
  g_autoptr (Client) client = client_of (self);

  client_write (client, bytes, length);
  client_expect_end (client);
  wait_until (fixture_look (self)->connections == 0);
}

static void
test_hello_of_http (Fixture *self, gconstpointer data)
{
  static const char *const hellos[] = {
    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "POST /turn HTTP/1.1\r\n",
    "OPTIONS * HTTP/1.1\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "SSH-2.0-OpenSSH_9.2\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (hellos); i++)
    assert_closed_after (self, hellos[i], strlen (hellos[i]));
}

static void
test_channel_data_before_an_allocation (Fixture *self, gconstpointer data)
{
  assert_closed_after (self, "\x40\x01\x00\x04" "data", 8);
}

static void
test_wrong_cookie (Fixture *self, gconstpointer data)
{
  assert_closed_after (self, "\x00\x01\x00\x00\x21\x12\xa4\x43" "123456789012", 20);
}

/* The length alone is enough to know; nothing is kept of it. */
static void
test_oversize_greeting (Fixture *self, gconstpointer data)
{
  assert_closed_after (self, "\x00\x01\x10\x00\x21\x12\xa4\x42" "123456789012", 20);
  assert_closed_after (self, "\x00\x03\xff\xfc\x21\x12\xa4\x42" "123456789012", 20);
}

static void
test_largest_greeting (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);
  ThStunBuilder *builder = client_begin (client, TH_STUN_REQUEST, TH_STUN_BINDING);
  g_autofree guint8 *padding = g_malloc0 (TH_CONNECTION_GREETING_MAX);

  th_stun_builder_add_bytes (builder, TH_STUN_SOFTWARE, padding,
                             TH_CONNECTION_GREETING_MAX - TH_STUN_HEADER_SIZE - 4);
  client_tell (client);
  expect_answer (client, client->out + 8);
}

/* With an allocation there is no reason to be suspicious: what leads nowhere is only dropped. */
static void
test_unbound_channel_of_an_allocation (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);
  g_autofree guint8 *bytes = g_malloc0 (65532);

  g_assert_cmpuint (client_allocate (client), ==, 0);
  client_send_channel (client, CHANNEL, bytes, 65532);
  g_assert_cmpuint (client_bind_test (client), ==, 0);
  g_assert_cmpuint (fixture_look (self)->dropped_no_permission, ==, 1);
}

/* The allocation gone, the connection is a stranger's again. */
static void
test_channel_data_after_an_allocation (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_of (self);

  g_assert_cmpuint (client_allocate (client), ==, 0);
  g_assert_cmpuint (client_refresh (client, 0), ==, 0);
  client_send_channel (client, CHANNEL, "data", 4);
  client_expect_end (client);
}

static void
test_patience (void)
{
  ThConnection connection = { .last_message = 1000 };

  g_assert_false (th_connection_is_idle (&connection, 1000));
  g_assert_false (th_connection_is_idle (&connection, 1000 + TH_CONNECTION_PATIENCE));
  g_assert_true (th_connection_is_idle (&connection, 1001 + TH_CONNECTION_PATIENCE));
  connection.has_allocation = TRUE;
  g_assert_false (th_connection_is_idle (&connection, 1001 + TH_CONNECTION_PATIENCE));
}

/* Whose timing the test decides: the relay reads when the main context runs. */
static const Case step_by_step[] = {
  CASE ("split-at-every-byte", test_split_at_every_byte),
  CASE ("byte-by-byte", test_byte_by_byte),
  CASE ("request-byte-by-byte-before-an-allocation",
        test_request_byte_by_byte_before_an_allocation),
};

static const Case cases[] = {
  CASE ("many-frames-at-once", test_many_frames_at_once),
  CASE ("answers-come-though-the-client-has-finished-writing",
        test_answers_come_though_the_client_has_finished_writing),
  CASE ("half-close-ends-the-allocation", test_half_close_ends_the_allocation),
  CASE ("reset-in-the-middle-of-a-frame", test_reset_in_the_middle_of_a_frame),
  CASE ("hello-of-http", test_hello_of_http),
  CASE ("channel-data-before-an-allocation", test_channel_data_before_an_allocation),
  CASE ("wrong-cookie", test_wrong_cookie),
  CASE ("oversize-greeting", test_oversize_greeting),
  CASE ("largest-greeting", test_largest_greeting),
  CASE ("unbound-channel-of-an-allocation", test_unbound_channel_of_an_allocation),
  CASE ("channel-data-after-an-allocation", test_channel_data_after_an_allocation),
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("/relay/stream", step_by_step, Fixture, GUINT_TO_POINTER (0),
             fixture_set_up_running, fixture_tear_down);
  add_cases ("/relay/stream", cases, Fixture, GUINT_TO_POINTER (1),
             fixture_set_up_running, fixture_tear_down);
  g_test_add_func ("/relay/stream/patience", test_patience);
  return g_test_run ();
}
