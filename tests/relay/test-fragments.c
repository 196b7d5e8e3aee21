/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packets larger than the link takes whole, on a loopback with the MTU of Ethernet in a network
 * namespace of this test's own: fragmented where the client does not mind, and else not sent but
 * reported (RFC 8656, sections 11.3 and 11.5).
 */
#include "fixture.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MTU 1500
#define SMALL 1200
#define LARGE 3000

/* Enough packets in a row that the relay may send to that peer in a way of its own. */
#define MANY 100

typedef struct {
  ThTransport transport;
  const char *host;
  guint type, code; /* of "fragmentation needed" */
} Way;

static const Way ways[] = {
  { TH_TRANSPORT_UDP, "127.0.0.1", ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED },
  { TH_TRANSPORT_TCP, "127.0.0.1", ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED },
  { TH_TRANSPORT_UDP, "::1", ICMP6_PACKET_TOO_BIG, 0 },
};

typedef struct {
  Fixture relay;
  const Way *way;
  Client *client;
  Peer peer;
  guint8 payload[LARGE];
} Scene;

static gboolean has_namespace;

/* Only what belongs to the calling process changes. */
static gboolean
enter_namespace (void)
{
  struct ifreq request = { .ifr_name = "lo", .ifr_mtu = MTU };
  gboolean done = FALSE;
  int fd;

  if (unshare (CLONE_NEWNET) != 0 && unshare (CLONE_NEWUSER | CLONE_NEWNET) != 0)
    return FALSE;
  fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (ioctl (fd, SIOCSIFMTU, &request) == 0)
    {
      request.ifr_flags = IFF_UP | IFF_RUNNING;
      done = ioctl (fd, SIOCSIFFLAGS, &request) == 0;
    }
  close (fd);
  return done;
}

static void
set_up (Scene *self, gconstpointer way)
{
  if (!has_namespace)
    return;
  self->way = way;
  for (guint i = 0; i < LARGE; i++)
    self->payload[i] = (guint8) g_test_rand_int ();
  fixture_init (&self->relay, self->way->host);
  fixture_start (&self->relay);
  self->client = client_new (self->way->transport, &self->relay.address, "alice");
  peer_open (&self->peer, self->way->host);
  g_assert_cmpuint (client_allocate (self->client), ==, 0);
  g_assert_cmpuint (client_bind_channel (self->client, 0x4000, &self->peer.address), ==, 0);
}

static void
tear_down (Scene *self, gconstpointer way)
{
  if (!has_namespace)
    return;
  client_free (self->client);
  peer_close (&self->peer);
  fixture_tear_down (&self->relay, NULL);
}

static gboolean
must_skip (void)
{
  if (!has_namespace)
    g_test_skip ("no network namespace can be made here");
  return !has_namespace;
}

static void
expect_at_peer (Scene *self, gsize length)
{
  g_autoptr (GBytes) bytes = peer_receive (&self->peer, NULL, PATIENCE / 1000);

  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), self->payload, length);
}

static void
expect_too_big (Scene *self)
{
  g_autoptr (Packet) packet = client_receive (self->client, PATIENCE / 1000);
  g_autoptr (GBytes) bytes = NULL;

  g_assert_nonnull (packet);
  g_assert_cmpint (packet->kind, ==, PACKET_ICMP);
  g_assert_true (th_address_equal (&packet->peer, &self->peer.address));
  g_assert_cmpuint (packet->error_type, ==, self->way->type);
  g_assert_cmpuint (packet->error_code, ==, self->way->code);
  g_assert_cmpuint (packet->error_data, ==, MTU);
  bytes = peer_receive (&self->peer, NULL, 20);
  g_assert_null (bytes);
}

static void
test_fragmented_where_allowed (Scene *self, gconstpointer way)
{
  if (must_skip ())
    return;
  client_send (self->client, &self->peer.address, self->payload, LARGE);
  expect_at_peer (self, LARGE);
  client_send_channel (self->client, 0x4000, self->payload, LARGE);
  expect_at_peer (self, LARGE);
}

static void
test_not_fragmented_where_forbidden (Scene *self, gconstpointer way)
{
  if (must_skip ())
    return;
  client_send_unfragmented (self->client, &self->peer.address, self->payload, SMALL);
  expect_at_peer (self, SMALL);
  client_send_unfragmented (self->client, &self->peer.address, self->payload, LARGE);
  expect_too_big (self);
}

/* One packet's wish is not the next one's. */
static void
test_each_packet_as_it_wishes (Scene *self, gconstpointer way)
{
  if (must_skip ())
    return;
  for (guint i = 0; i < 5; i++)
    {
      client_send_unfragmented (self->client, &self->peer.address, self->payload, LARGE);
      expect_too_big (self);
      client_send (self->client, &self->peer.address, self->payload, LARGE);
      expect_at_peer (self, LARGE);
    }
}

/* All of these may be read and sent in one go. */
static void
test_mixed_in_a_burst (Scene *self, gconstpointer way)
{
  if (must_skip ())
    return;
  for (guint i = 0; i < 10; i++)
    {
      client_send (self->client, &self->peer.address, self->payload, LARGE);
      client_send_unfragmented (self->client, &self->peer.address, self->payload, LARGE);
      client_send_unfragmented (self->client, &self->peer.address, self->payload, SMALL);
    }
  for (guint i = 0; i < 10; i++)
    {
      expect_at_peer (self, LARGE);
      expect_at_peer (self, SMALL);
    }
  for (guint i = 0; i < 10; i++)
    expect_too_big (self);
}

/* Runs of equal packets, each of which is more than a frame. */
static void
test_bursts_of_large_packets (Scene *self, gconstpointer way)
{
  if (must_skip ())
    return;
  for (guint round = 0; round < MANY / 10; round++)
    {
      for (guint i = 0; i < 10; i++)
        client_send_channel (self->client, 0x4000, self->payload, LARGE - i / 5);
      for (guint i = 0; i < 10; i++)
        expect_at_peer (self, LARGE - i / 5);
    }
  g_assert_cmpuint (fixture_look (&self->relay)->dropped_send_error, ==, 0);
}

static void
test_to_a_favourite_peer (Scene *self, gconstpointer way)
{
  if (must_skip ())
    return;
  for (guint i = 0; i < MANY; i++)
    {
      client_send (self->client, &self->peer.address, self->payload, SMALL);
      expect_at_peer (self, SMALL);
    }
  client_send_unfragmented (self->client, &self->peer.address, self->payload, LARGE);
  expect_too_big (self);
  client_send (self->client, &self->peer.address, self->payload, LARGE);
  expect_at_peer (self, LARGE);
}

static void
send_down (Scene *self)
{
  g_autoptr (Packet) packet = NULL;

  peer_send (&self->peer, &self->client->relayed, self->payload, LARGE);
  packet = client_receive (self->client, PATIENCE / 1000);
  g_assert_nonnull (packet);
  g_assert_cmpmem (packet->data, packet->length, self->payload, LARGE);
}

/* What the client wishes for its packets to the peer does not hold for the way back. */
static void
test_large_packets_to_the_client (Scene *self, gconstpointer way)
{
  if (must_skip ())
    return;
  for (guint i = 0; i < 5; i++)
    {
      send_down (self);
      client_send_unfragmented (self->client, &self->peer.address, self->payload, SMALL);
      expect_at_peer (self, SMALL);
    }
  g_assert_cmpuint (fixture_look (&self->relay)->dropped_send_error, ==, 0);
}

static const Case cases[] = {
  CASE ("fragmented-where-allowed", test_fragmented_where_allowed),
  CASE ("not-fragmented-where-forbidden", test_not_fragmented_where_forbidden),
  CASE ("each-packet-as-it-wishes", test_each_packet_as_it_wishes),
  CASE ("mixed-in-a-burst", test_mixed_in_a_burst),
  CASE ("bursts-of-large-packets", test_bursts_of_large_packets),
  CASE ("to-a-favourite-peer", test_to_a_favourite_peer),
  CASE ("large-packets-to-the-client", test_large_packets_to_the_client),
};

static void
add_tests (const char *path, const Way *way)
{
  add_cases (path, cases, Scene, way, set_up, tear_down);
}

int
main (int argc, char *argv[])
{
  has_namespace = enter_namespace ();
  g_test_init (&argc, &argv, NULL);
  add_tests ("/relay/fragments/udp-client", &ways[0]);
  add_tests ("/relay/fragments/tcp-client", &ways[1]);
  if (!has_namespace || has_ipv6 ())
    add_tests ("/relay/fragments/ipv6", &ways[2]);
  return g_test_run ();
}
