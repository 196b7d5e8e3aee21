/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What ICMP says of a packet reaches the client that sent it, once, and the relayed address goes on
 * working for others (RFC 8656, section 11.5).
 */
#include "fixture.h"

#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

/* Enough packets in a row that the relay may send to that peer in a way of its own. */
#define MANY 100

typedef struct {
  ThTransport transport;
  const char *host;
  guint type, code; /* of "port unreachable" */
} Way;

static const Way ways[] = {
  { TH_TRANSPORT_UDP, "127.0.0.1", ICMP_DEST_UNREACH, ICMP_PORT_UNREACH },
  { TH_TRANSPORT_TCP, "127.0.0.1", ICMP_DEST_UNREACH, ICMP_PORT_UNREACH },
  { TH_TRANSPORT_UDP, "::1", ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_NOPORT },
};

typedef struct {
  Fixture relay;
  const Way *way;
  Client *client;
  Peer peer;
  ThAddress closed; /* nobody listens there, on the peer's host */
} Scene;

static void
set_up (Scene *self, gconstpointer way)
{
  self->way = way;
  fixture_init (&self->relay, self->way->host);
  fixture_start (&self->relay);
  self->client = client_new (self->way->transport, &self->relay.address, "alice");
  peer_open (&self->peer, self->way->host);
  self->closed = free_address (self->way->host);
  g_assert_cmpuint (client_allocate (self->client), ==, 0);
  g_assert_cmpuint (client_permit (self->client, &self->peer.address), ==, 0);
}

static void
tear_down (Scene *self, gconstpointer way)
{
  client_free (self->client);
  peer_close (&self->peer);
  fixture_tear_down (&self->relay, NULL);
}

static void
expect_error (Scene *self, const ThAddress *about)
{
  g_autoptr (Packet) packet = client_receive (self->client, PATIENCE / 1000);

  g_assert_nonnull (packet);
  g_assert_cmpint (packet->kind, ==, PACKET_ICMP);
  g_assert_true (th_address_equal (&packet->peer, about));
  g_assert_cmpuint (packet->error_type, ==, self->way->type);
  g_assert_cmpuint (packet->error_code, ==, self->way->code);
  g_assert_cmpuint (packet->error_data, ==, 0);
}

static void
expect_nothing_more (Scene *self)
{
  g_autoptr (Packet) packet = client_receive (self->client, 30);

  g_assert_null (packet);
}

static void
exchange (Scene *self)
{
  client_send (self->client, &self->peer.address, "up", 2);
  peer_expect (&self->peer, "up", NULL);
  peer_send (&self->peer, &self->client->relayed, "down", 4);
  client_expect_data (self->client, &self->peer.address, "down");
}

static void
test_port_unreachable (Scene *self, gconstpointer way)
{
  client_send (self->client, &self->closed, "anybody there?", 14);
  expect_error (self, &self->closed);
  expect_nothing_more (self);
  exchange (self);
}

/* The first to send after an error is not the one to suffer for it. */
static void
test_no_packet_is_lost_to_an_error (Scene *self, gconstpointer way)
{
  for (guint i = 0; i < 20; i++)
    {
      guint errors = 0;
      guint data = 0;

      client_send (self->client, &self->closed, "anybody there?", 14);
      client_send (self->client, &self->peer.address, "up", 2);
      peer_expect (&self->peer, "up", NULL);
      peer_send (&self->peer, &self->client->relayed, "down", 4);
      while (errors + data < 2)
        {
          g_autoptr (Packet) packet = client_receive (self->client, PATIENCE / 1000);

          g_assert_nonnull (packet);
          errors += packet->kind == PACKET_ICMP;
          data += packet->kind == PACKET_DATA;
        }
      g_assert_cmpuint (errors, ==, 1);
      g_assert_cmpuint (data, ==, 1);
    }
  g_assert_cmpuint (fixture_look (&self->relay)->dropped_send_error, ==, 0);
}

/* The channel's peer is named by its address, not its number. */
static void
test_through_a_channel (Scene *self, gconstpointer way)
{
  g_assert_cmpuint (client_bind_channel (self->client, 0x4000, &self->closed), ==, 0);
  client_send_channel (self->client, 0x4000, "anybody there?", 14);
  expect_error (self, &self->closed);
  expect_nothing_more (self);
  exchange (self);
}

/* A peer that has got many packets goes away, and comes back. */
static void
test_peer_that_goes_and_comes_back (Scene *self, gconstpointer way)
{
  Peer *peer = &self->peer;
  ThAddress address = peer->address;

  for (guint i = 0; i < MANY; i++)
    exchange (self);
  peer_close (peer);
  client_send (self->client, &address, "where are you?", 14);
  expect_error (self, &address);
  expect_nothing_more (self);
  client_send (self->client, &self->closed, "and you?", 8);
  expect_error (self, &self->closed);

  peer_open_at (peer, &address);
  exchange (self);
  expect_nothing_more (self);
}

/* Returns: how many more errors come */
static guint
drop_errors (Scene *self)
{
  guint count = 0;
  Packet *packet;

  while ((packet = client_receive (self->client, 20)) != NULL)
    {
      g_assert_cmpint (packet->kind, ==, PACKET_ICMP);
      packet_free (packet);
      count++;
    }
  return count;
}

/* Errors in great number: the kernel may tell of several packets at once, but never of none. */
static void
test_many_errors (Scene *self, gconstpointer way)
{
  for (guint i = 0; i < 10; i++)
    {
      for (guint j = 0; j < 10; j++)
        client_send (self->client, &self->closed, "anybody there?", 14);
      expect_error (self, &self->closed);
      g_assert_cmpuint (drop_errors (self), <, 10);
    }
  exchange (self);
}

static const Case cases[] = {
  CASE ("port-unreachable", test_port_unreachable),
  CASE ("no-packet-is-lost-to-an-error", test_no_packet_is_lost_to_an_error),
  CASE ("through-a-channel", test_through_a_channel),
  CASE ("peer-that-goes-and-comes-back", test_peer_that_goes_and_comes_back),
  CASE ("many-errors", test_many_errors),
};

static void
add_tests (const char *path, const Way *way)
{
  add_cases (path, cases, Scene, way, set_up, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_tests ("/relay/icmp/udp-client", &ways[0]);
  add_tests ("/relay/icmp/tcp-client", &ways[1]);
  if (has_ipv6 ())
    add_tests ("/relay/icmp/ipv6", &ways[2]);
  return g_test_run ();
}
