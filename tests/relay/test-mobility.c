/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clients that move (RFC 8016) between sockets, transports and workers, while their peer goes on
 * talking to the same relayed address.
 */
#include "fixture.h"

#include <string.h>

#define CHANNEL 0x4001
#define MOVES 24 /* with four workers, all but surely most of them to another */

typedef struct {
  guint8 bytes[TH_TICKET_SIZE];
} Ticket;

static void
set_up (Fixture *self, gconstpointer workers)
{
  fixture_init (self, "127.0.0.1");
  self->config->mobility = TRUE;
  self->config->user_quota = 1;
  fixture_set_workers (self, GPOINTER_TO_UINT (workers));
  fixture_start (self);
}

static void
take_ticket (Client *client, Ticket *ticket)
{
  ThStunAttribute attribute;

  g_assert_true (th_stun_message_find (&client->message, TH_STUN_MOBILITY_TICKET, &attribute));
  g_assert_cmpuint (attribute.length, ==, sizeof ticket->bytes);
  memcpy (ticket->bytes, attribute.value, sizeof ticket->bytes);
}

static Client *
allocate (Fixture *self, const Peer *peer, Ticket *ticket)
{
  Client *client = client_new (TH_TRANSPORT_UDP, &self->address, "alice");
  ThStunBuilder *builder = client_begin (client, TH_STUN_REQUEST, TH_STUN_ALLOCATE);
  ThStunAttribute relayed;

  th_stun_builder_add_u32 (builder, TH_STUN_REQUESTED_TRANSPORT, TH_TURN_TRANSPORT_UDP << 24);
  th_stun_builder_add_bytes (builder, TH_STUN_MOBILITY_TICKET, "", 0);
  g_assert_cmpuint (client_ask (client), ==, 0);
  take_ticket (client, ticket);
  g_assert_true (th_stun_message_find (&client->message, TH_STUN_XOR_RELAYED_ADDRESS, &relayed));
  g_assert_true (th_stun_attribute_get_xor_address (&relayed, &client->message, &client->relayed));
  g_assert_cmpuint (client_bind_channel (client, CHANNEL, &peer->address), ==, 0);
  return client;
}

static guint
arrive (Client *client, Ticket *ticket)
{
  ThStunBuilder *builder = client_begin (client, TH_STUN_REQUEST, TH_STUN_REFRESH);
  guint code;

  th_stun_builder_add_bytes (builder, TH_STUN_MOBILITY_TICKET, ticket->bytes,
                             sizeof ticket->bytes);
  code = client_ask (client);
  if (code == 0)
    take_ticket (client, ticket);
  return code;
}

/* The former socket stays open, as a network that is only about to vanish does. */
static void
move (Fixture *self, Client **client, ThTransport transport, Ticket *ticket)
{
  Client *former = *client;

  *client = client_new (transport, &self->address, "alice");
  (*client)->relayed = former->relayed;
  g_assert_cmpuint (arrive (*client, ticket), ==, 0);
  client_free (former);
}

static void
assert_talks (Client *client, const Peer *peer)
{
  client_send_channel (client, CHANNEL, "up", 2);
  peer_expect (peer, "up", NULL);
  peer_send (peer, &client->relayed, "down", 4);
  client_expect_channel_data (client, CHANNEL, "down");
}

static void
test_moves_on_and_on (Fixture *self, gconstpointer data)
{
  Ticket ticket;
  Client *client;
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  client = allocate (self, &peer, &ticket);
  for (guint i = 0; i < MOVES; i++)
    {
      move (self, &client, i % 3 == 1 ? TH_TRANSPORT_TCP : TH_TRANSPORT_UDP, &ticket);
      assert_talks (client, &peer);
    }
  wait_until (fixture_look (self)->sessions == 1);
  g_assert_cmpuint (client_refresh (client, 0), ==, 0);
  wait_until (fixture_look (self)->sessions == 0);
  client_free (client);
  peer_close (&peer);
}

static void
test_session_shows_where_its_client_is (Fixture *self, gconstpointer data)
{
  Ticket ticket;
  Client *client;
  Peer peer;
  char text[TH_ADDRESS_STRING_SIZE];
  g_autofree char *first = NULL;

  peer_open (&peer, "127.0.0.1");
  client = allocate (self, &peer, &ticket);
  wait_until (fixture_look (self)->sessions == 1);
  first = g_strdup (th_session_get_client (fixture_session (self, 0)));
  move (self, &client, TH_TRANSPORT_TCP, &ticket);
  th_address_format (&client->local, text);
  wait_until (strcmp (th_session_get_client (fixture_session (self, 0)), text) == 0);
  g_assert_cmpstr (th_session_get_transport (fixture_session (self, 0)), ==, "TCP");
  g_assert_cmpstr (first, !=, text);
  client_free (client);
  run_main_context ();
  g_assert_cmpuint (fixture_look (self)->sessions, ==, 1); /* it may come back */
  peer_close (&peer);
}

static void
test_ticket_that_is_none (Fixture *self, gconstpointer data)
{
  Ticket ticket = { "no such ticket" };
  g_autoptr (Client) client = client_new (TH_TRANSPORT_UDP, &self->address, "alice");

  g_assert_cmpuint (arrive (client, &ticket), ==, TH_STUN_BAD_REQUEST);
}

static void
test_another_user (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) mallory = client_new (TH_TRANSPORT_UDP, &self->address, "mallory");
  Ticket ticket;
  Client *client;
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  client = allocate (self, &peer, &ticket);
  g_assert_cmpuint (arrive (mallory, &ticket), ==, TH_STUN_WRONG_CREDENTIALS);
  assert_talks (client, &peer);
  client_free (client);
  peer_close (&peer);
}

/* What is on its way from worker to worker then must not be lost, nor be there twice. */
static void
test_stop_in_the_middle_of_moves (Fixture *self, gconstpointer data)
{
  Client *clients[MOVES];
  Peer peer;

  self->config->user_quota = 0;
  g_assert_true (th_relay_set_rules (self->relay, self->config, NULL));
  peer_open (&peer, "127.0.0.1");
  for (guint i = 0; i < MOVES; i++)
    {
      ThStunBuilder *builder;
      Ticket ticket;
      g_autoptr (Client) former = allocate (self, &peer, &ticket);

      clients[i] = client_new (i % 2 ? TH_TRANSPORT_UDP : TH_TRANSPORT_TCP, &self->address, "alice");
      g_assert_cmpuint (client_refresh (clients[i], 600), ==, TH_STUN_ALLOCATION_MISMATCH);
      builder = client_begin (clients[i], TH_STUN_REQUEST, TH_STUN_REFRESH);
      th_stun_builder_add_bytes (builder, TH_STUN_MOBILITY_TICKET, ticket.bytes,
                                 sizeof ticket.bytes);
      client_tell_with_credentials (clients[i]);
    }
  th_relay_stop (self->relay);
  for (guint i = 0; i < MOVES; i++)
    client_free (clients[i]);
  g_assert_cmpuint (fixture_look (self)->sessions, ==, 0);
  peer_close (&peer);
}

static const Case cases[] = {
  CASE ("moves-on-and-on", test_moves_on_and_on),
  CASE ("session-shows-where-its-client-is", test_session_shows_where_its_client_is),
  CASE ("ticket-that-is-none", test_ticket_that_is_none),
  CASE ("another-user", test_another_user),
  CASE ("stop-in-the-middle-of-moves", test_stop_in_the_middle_of_moves),
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("/relay/mobility/on-the-main-context", cases, Fixture, GUINT_TO_POINTER (0), set_up,
             fixture_tear_down);
  add_cases ("/relay/mobility/four-workers", cases, Fixture, GUINT_TO_POINTER (4), set_up,
             fixture_tear_down);
  return g_test_run ();
}
