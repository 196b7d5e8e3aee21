/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP allocations (RFC 6062): who may have them, whom they may connect to and be reached by, and who
 * may fetch a connection.
 */
#include <string.h>

#include "addresses.h"
#include "world-client.h"

typedef struct {
  World *world;
  WorldClient *ada; /* over TCP, with a TCP allocation */
  ThAddress peer;
} Fixture;

static int
allocate_over (WorldClient *client, ThTransport transport, guint16 extra)
{
  client->tuple.transport = transport;
  client_begin (client, TH_STUN_ALLOCATE);
  th_stun_builder_add_u32 (&client->builder, TH_STUN_REQUESTED_TRANSPORT,
                           TH_TURN_TRANSPORT_TCP << 24);
  if (extra == TH_STUN_DONT_FRAGMENT)
    th_stun_builder_add_flag (&client->builder, extra);
  else if (extra == TH_STUN_EVEN_PORT)
    th_stun_builder_add_bytes (&client->builder, extra, "\x80", 1);
  else if (extra == TH_STUN_RESERVATION_TOKEN)
    th_stun_builder_add_bytes (&client->builder, extra, "12345678", 8);
  return client_end (client);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  const WorldSetup setup = { .tcp_relay = TRUE };

  self->world = world_new (&setup);
  self->ada = client_new (self->world, "ada");
  self->peer = address ("8.8.4.4");
  g_assert_cmpint (allocate_over (self->ada, TH_TRANSPORT_TCP, 0), ==, 0);
  self->ada->relayed = client_answer_address (self->ada, TH_STUN_XOR_RELAYED_ADDRESS);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  client_free (self->ada);
  world_free (self->world);
}

static int
ask_to_connect (WorldClient *client, const ThAddress *peer)
{
  client_begin (client, TH_STUN_CONNECT);
  if (peer != NULL)
    th_stun_builder_add_xor_address (&client->builder, TH_STUN_XOR_PEER_ADDRESS, peer);
  return client_end (client);
}

static int
bind_connection (WorldClient *client, guint32 id)
{
  client->tuple.transport = TH_TRANSPORT_TCP;
  client->tuple.path = client; /* a connection of its own */
  client_begin (client, TH_STUN_CONNECTION_BIND);
  th_stun_builder_add_u32 (&client->builder, TH_STUN_CONNECTION_ID, id);
  return client_end (client);
}

/* What the relay says when the peer has answered, or not. Returns: 0 or the error code */
static guint
finish (Fixture *self, gboolean connected, guint32 *id)
{
  World *world = self->world;
  ThStunMessage message;
  ThStunAttribute attribute;
  guint code = 0;

  world->action.head = world->head_room;
  if (connected)
    world->connecting->socket = world;
  th_turn_server_stream_connected (world->server, client_relay_end (self->ada), world->connecting,
                                   connected, &world->action);
  g_assert_cmpint (world->action.verb, ==, TH_TURN_TO_CLIENT);
  g_assert_true (th_turn_client_equal (world->action.client, &self->ada->tuple));
  g_assert_true (
      th_stun_message_parse (&message, world->action.head, world->action.head_length));
  g_assert_cmpint (message.method, ==, TH_STUN_CONNECT);
  g_assert_cmpmem (th_stun_message_transaction_id (&message), 12, self->ada->request + 8, 12);
  g_assert_true (th_stun_message_find (&message, TH_STUN_MESSAGE_INTEGRITY, &attribute));
  if (th_stun_message_find (&message, TH_STUN_ERROR_CODE, &attribute))
    {
      const char *reason;
      gsize length;

      g_assert_true (th_stun_attribute_get_error (&attribute, &code, &reason, &length));
    }
  else
    g_assert_true (th_stun_message_find (&message, TH_STUN_CONNECTION_ID, &attribute) &&
                   th_stun_attribute_get_u32 (&attribute, id));
  return code;
}

/* Returns: its id */
static guint32
connect_to (Fixture *self, const ThAddress *peer)
{
  guint32 id = 0;

  g_assert_cmpint (ask_to_connect (self->ada, peer), ==, SILENCE);
  g_assert_cmpuint (finish (self, TRUE, &id), ==, 0);
  return id;
}

/* Returns: the id of a ConnectionAttempt; 0: it was not let in */
static guint32
come_as (Fixture *self, const ThAddress *peer)
{
  World *world = self->world;
  ThStunMessage message;
  ThStunAttribute attribute;
  ThAddress told;
  guint32 id = 0;

  world->action.head = world->head_room;
  if (!th_turn_server_from_listener (world->server, client_relay_end (self->ada), peer, world,
                                     &world->action))
    return 0;
  g_assert_true (
      th_stun_message_parse (&message, world->action.head, world->action.head_length));
  g_assert_cmpint (message.class, ==, TH_STUN_INDICATION);
  g_assert_cmpint (message.method, ==, TH_STUN_CONNECTION_ATTEMPT);
  g_assert_true (th_stun_message_find (&message, TH_STUN_XOR_PEER_ADDRESS, &attribute));
  g_assert_true (th_stun_attribute_get_xor_address (&attribute, &message, &told));
  g_assert_true (th_address_equal (&told, peer));
  g_assert_true (th_stun_message_find (&message, TH_STUN_CONNECTION_ID, &attribute));
  g_assert_true (th_stun_attribute_get_u32 (&attribute, &id));
  return id;
}

/* ---- allocations ---- */

static void
test_off_by_default (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (allocate_over (ada, TH_TRANSPORT_TCP, 0), ==, TH_STUN_UNSUPPORTED_TRANSPORT);
}

static void
test_bad_allocations (void)
{
  static const guint16 extras[] = { TH_STUN_DONT_FRAGMENT, TH_STUN_EVEN_PORT,
                                    TH_STUN_RESERVATION_TOKEN };
  const WorldSetup setup = { .tcp_relay = TRUE };
  g_autoptr (World) world = world_new (&setup);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (allocate_over (ada, TH_TRANSPORT_UDP, 0), ==, TH_STUN_BAD_REQUEST);
  for (guint i = 0; i < G_N_ELEMENTS (extras); i++)
    g_assert_cmpint (allocate_over (ada, TH_TRANSPORT_TLS, extras[i]), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpint (allocate_over (ada, TH_TRANSPORT_TLS, 0), ==, 0);
}

static void
test_no_datagrams (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (client_permit (self->ada, &self->peer), ==, 0);
  g_assert_cmpint (client_bind (self->ada, 0x4001, &self->peer), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpint (client_send (self->ada, &self->peer, "datagram"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_hear (self->ada, &self->peer, "datagram"), ==, TH_TURN_NOTHING);
}

/* ---- Connect ---- */

static void
test_connect_and_bind (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) carrier = client_new (self->world, "ada");
  guint32 id = connect_to (self, &self->peer);

  g_assert_cmpint (bind_connection (carrier, id), ==, 0);
  g_assert_cmpuint (self->world->bound->id, ==, id);
  g_assert_true (th_address_equal (&self->world->bound->wire, &self->peer));
  g_assert_cmpint (bind_connection (carrier, id), ==, TH_STUN_BAD_REQUEST);
}

/* Clients do, coturn's among them. */
static void
test_nonce_of_the_control_connection_will_do (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) carrier = client_new (self->world, "ada");
  g_autoptr (WorldClient) stranger = client_new (self->world, "ada");
  guint32 id = connect_to (self, &self->peer);

  g_strlcpy (carrier->nonce, self->ada->nonce, sizeof carrier->nonce);
  carrier->nonce_time = self->ada->nonce_time;
  g_strlcpy (stranger->nonce, self->ada->nonce, sizeof stranger->nonce);
  stranger->nonce_time = self->ada->nonce_time;
  g_assert_cmpint (bind_connection (stranger, id ^ 1), ==, TH_STUN_STALE_NONCE);
  g_assert_cmpint (bind_connection (carrier, id), ==, 0);
}

static void
test_connect_fails (Fixture *self, gconstpointer data)
{
  guint32 id;

  g_assert_cmpint (ask_to_connect (self->ada, &self->peer), ==, SILENCE);
  g_assert_cmpuint (finish (self, FALSE, &id), ==, TH_STUN_CONNECTION_FAILED);
  self->world->connections_fail = TRUE;
  g_assert_cmpint (ask_to_connect (self->ada, &self->peer), ==, TH_STUN_CONNECTION_FAILED);
  self->world->connections_fail = FALSE;
  connect_to (self, &self->peer);
}

static void
test_one_connection_to_a_peer (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) carrier = client_new (self->world, "ada");
  ThAddress other = address_and_port ("8.8.4.4", 4001);
  guint32 id;

  g_assert_cmpint (ask_to_connect (self->ada, &self->peer), ==, SILENCE);
  g_assert_cmpint (client_repeat (self->ada), ==, TH_STUN_CONNECTION_EXISTS);
  g_assert_cmpuint (finish (self, TRUE, &id), ==, 0);
  g_assert_cmpint (ask_to_connect (self->ada, &self->peer), ==, TH_STUN_CONNECTION_EXISTS);
  g_assert_cmpint (bind_connection (carrier, id), ==, 0);
  g_assert_cmpint (ask_to_connect (self->ada, &self->peer), ==, TH_STUN_CONNECTION_EXISTS);
  connect_to (self, &other);
  th_stream_set_state (self->world->bound, TH_STREAM_OVER);
  connect_to (self, &self->peer);
}

static void
test_bad_connects (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) bob = client_new (self->world, "bob");
  g_autoptr (WorldClient) datagrams = client_new (self->world, "bob");
  ThAddress portless = address_and_port ("8.8.4.4", 0);
  ThAddress ipv6 = address ("2606:4700::1");

  g_assert_cmpint (ask_to_connect (bob, &self->peer), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpint (ask_to_connect (self->ada, NULL), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpint (ask_to_connect (self->ada, &portless), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpint (ask_to_connect (self->ada, &ipv6), ==, TH_STUN_PEER_FAMILY_MISMATCH);
  g_assert_cmpint (client_allocate (datagrams), ==, 0);
  g_assert_cmpint (ask_to_connect (datagrams, &self->peer), ==, TH_STUN_BAD_REQUEST);
}

static void
test_same_policy_as_for_datagrams (Fixture *self, gconstpointer data)
{
  static const char *const hosts[] = { "127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254",
                                       "0.0.0.0", "224.0.0.1", "100.64.0.1" };
  ThAddress own = address_and_port (WORLD_IPV4, WORLD_PORT);

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      ThAddress peer = address (hosts[i]);

      g_assert_cmpint (ask_to_connect (self->ada, &peer), ==, TH_STUN_FORBIDDEN);
    }
  g_assert_cmpint (ask_to_connect (self->ada, &own), ==, TH_STUN_FORBIDDEN);
}

/* Where an allocation for UDP lives, something else of this machine may listen for TCP. */
static void
test_of_relayed_addresses_only_those_for_tcp (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) bob = client_new (self->world, "bob");
  g_autoptr (WorldClient) other = client_new (self->world, "bob");
  ThAddress relayed;

  g_assert_cmpint (client_allocate (bob), ==, 0);
  g_assert_cmpint (ask_to_connect (self->ada, &bob->relayed), ==, TH_STUN_FORBIDDEN);
  g_assert_cmpint (allocate_over (other, TH_TRANSPORT_TCP, 0), ==, 0);
  relayed = client_answer_address (other, TH_STUN_XOR_RELAYED_ADDRESS);
  connect_to (self, &relayed);
  g_assert_cmpint (client_refresh (other, 0), ==, 0);
  th_address_set_port (&relayed, th_address_port (&relayed));
  world_advance (self->world, SECONDS (31));
}

static void
test_connections_are_bounded (Fixture *self, gconstpointer data)
{
  for (guint16 port = 1; port <= 64; port++)
    {
      ThAddress peer = address_and_port ("8.8.4.4", port);

      connect_to (self, &peer);
    }
  g_assert_cmpint (ask_to_connect (self->ada, &self->peer), ==, TH_STUN_INSUFFICIENT_CAPACITY);
}

static void
test_allocation_ends_while_it_connects (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (ask_to_connect (self->ada, &self->peer), ==, SILENCE);
  g_assert_cmpint (client_refresh (self->ada, 0), ==, 0);
  g_assert_null (self->world->connecting);
}

/* ---- ConnectionBind ---- */

static void
test_waits_for_thirty_seconds (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) carrier = client_new (self->world, "ada");
  guint32 first = connect_to (self, &self->peer);
  guint released = world_count_released ();
  ThAddress other = address ("8.8.8.8");
  guint32 second;

  world_advance (self->world, SECONDS (29));
  g_assert_cmpuint (world_count_released (), ==, released);
  second = connect_to (self, &other);
  world_advance (self->world, SECONDS (2));
  g_assert_cmpuint (world_count_released (), ==, released + 1);
  g_assert_cmpint (bind_connection (carrier, first), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpint (bind_connection (carrier, second), ==, 0);
}

static void
test_another_user_does_not_get_it (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) bob = client_new (self->world, "bob");
  g_autoptr (WorldClient) carrier = client_new (self->world, "ada");
  guint32 id = connect_to (self, &self->peer);

  g_assert_cmpint (bind_connection (bob, id), ==, TH_STUN_WRONG_CREDENTIALS);
  g_assert_cmpint (bind_connection (carrier, id), ==, 0);
}

static void
test_bad_binds (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) carrier = client_new (self->world, "ada");
  guint32 id = connect_to (self, &self->peer);

  g_assert_cmpint (bind_connection (carrier, id ^ 1), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpint (bind_connection (carrier, 0), ==, TH_STUN_BAD_REQUEST);
  for (gsize length = 0; length <= 8; length += 1)
    {
      if (length == 4)
        continue;
      client_begin (carrier, TH_STUN_CONNECTION_BIND);
      th_stun_builder_add_bytes (&carrier->builder, TH_STUN_CONNECTION_ID, "12345678", length);
      g_assert_cmpint (client_end (carrier), ==, TH_STUN_BAD_REQUEST);
    }
  client_begin (carrier, TH_STUN_CONNECTION_BIND);
  g_assert_cmpint (client_end (carrier), ==, TH_STUN_BAD_REQUEST);
  client_begin (self->ada, TH_STUN_CONNECTION_BIND); /* over the control connection */
  th_stun_builder_add_u32 (&self->ada->builder, TH_STUN_CONNECTION_ID, id);
  g_assert_cmpint (client_end (self->ada), ==, TH_STUN_BAD_REQUEST);
  carrier->tuple.transport = TH_TRANSPORT_UDP;
  client_begin (carrier, TH_STUN_CONNECTION_BIND);
  th_stun_builder_add_u32 (&carrier->builder, TH_STUN_CONNECTION_ID, id);
  g_assert_cmpint (client_end (carrier), ==, TH_STUN_BAD_REQUEST);
}

static void
test_end_of_the_allocation_is_told (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) carrier = client_new (self->world, "ada");
  guint32 id = connect_to (self, &self->peer);
  ThAddress other = address ("8.8.8.8");
  guint released;

  g_assert_cmpint (bind_connection (carrier, id), ==, 0);
  connect_to (self, &other);
  released = world_count_released ();
  g_assert_cmpuint (self->world->bound->record->over, ==, 0);
  th_turn_server_client_gone (self->world->server, &self->ada->tuple);
  g_assert_cmpuint (self->world->bound->record->over, ==, 1);
  g_assert_cmpuint (world_count_released (), ==, released + 1);
}

/* ---- ConnectionAttempt ---- */

static void
test_peers_need_a_permission (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) carrier = client_new (self->world, "ada");
  ThAddress stranger = address ("8.8.8.8");
  guint32 id;

  g_assert_cmpuint (come_as (self, &self->peer), ==, 0);
  g_assert_cmpint (client_permit (self->ada, &self->peer), ==, 0);
  g_assert_cmpuint (come_as (self, &stranger), ==, 0);
  id = come_as (self, &self->peer);
  g_assert_cmpuint (id, !=, 0);
  g_assert_cmpuint (come_as (self, &self->peer), ==, 0); /* from the same port a second time */
  g_assert_cmpint (bind_connection (carrier, id), ==, 0);
  world_advance (self->world, SECONDS (301));
  g_assert_cmpint (client_refresh (self->ada, 600), ==, 0);
  th_address_set_port (&self->peer, 4001);
  g_assert_cmpuint (come_as (self, &self->peer), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define add(name, func)                                                                           \
  g_test_add ("/turn/stream-peers/" name, Fixture, NULL, set_up, (func), tear_down)
  g_test_add_func ("/turn/stream-peers/off-by-default", test_off_by_default);
  g_test_add_func ("/turn/stream-peers/bad-allocations", test_bad_allocations);
  add ("no-datagrams", test_no_datagrams);
  add ("connect-and-bind", test_connect_and_bind);
  add ("nonce-of-the-control-connection-will-do", test_nonce_of_the_control_connection_will_do);
  add ("connect-fails", test_connect_fails);
  add ("one-connection-to-a-peer", test_one_connection_to_a_peer);
  add ("bad-connects", test_bad_connects);
  add ("same-policy-as-for-datagrams", test_same_policy_as_for_datagrams);
  add ("of-relayed-addresses-only-those-for-tcp", test_of_relayed_addresses_only_those_for_tcp);
  add ("connections-are-bounded", test_connections_are_bounded);
  add ("allocation-ends-while-it-connects", test_allocation_ends_while_it_connects);
  add ("waits-for-thirty-seconds", test_waits_for_thirty_seconds);
  add ("another-user-does-not-get-it", test_another_user_does_not_get_it);
  add ("bad-binds", test_bad_binds);
  add ("end-of-the-allocation-is-told", test_end_of_the_allocation_is_told);
  add ("peers-need-a-permission", test_peers_need_a_permission);
#undef add
  return g_test_run ();
}
