/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clients of one relay reach each other at their relayed addresses without any rule that allows
 * it, and nothing else of this machine.
 */
#include "fixture.h"

#include <string.h>

static void
set_up (Fixture *self, gconstpointer workers)
{
  fixture_init (self, "127.0.0.1");
  g_clear_pointer (&self->config->allow_peers, g_strfreev);
  fixture_set_workers (self, GPOINTER_TO_UINT (workers));
  fixture_start (self);
}

static Client *
allocated (Fixture *self, ThTransport transport)
{
  Client *client = client_new (transport, &self->address, "alice");

  g_assert_cmpuint (client_allocate (client), ==, 0);
  return client;
}

static void
test_indications (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) a = allocated (self, TH_TRANSPORT_UDP);
  g_autoptr (Client) b = allocated (self, TH_TRANSPORT_TCP);

  g_assert_cmpuint (client_permit (a, &b->relayed), ==, 0);
  g_assert_cmpuint (client_permit (b, &a->relayed), ==, 0);
  for (guint i = 0; i < 50; i++)
    {
      client_send (a, &b->relayed, "from a to b", 11);
      client_expect_data (b, &a->relayed, "from a to b");
      client_send (b, &a->relayed, "and back!", 9);
      client_expect_data (a, &b->relayed, "and back!");
    }
}

/* Of many pairs some have both ends at one worker, and some have not. */
static void
test_channels_of_many_pairs (Fixture *self, gconstpointer workers)
{
  for (guint i = 0; i < 24; i++)
    {
      g_autoptr (Client) a = allocated (self, i % 2);
      g_autoptr (Client) b = allocated (self, i / 2 % 2);

      g_assert_cmpuint (client_bind_channel (a, 0x4000, &b->relayed), ==, 0);
      g_assert_cmpuint (client_bind_channel (b, 0x7FFF, &a->relayed), ==, 0);
      for (guint j = 0; j < 40; j++)
        client_send_channel (a, 0x4000, "from a", 6);
      for (guint j = 0; j < 40; j++)
        client_expect_channel_data (b, 0x7FFF, "from a");
      client_send_channel (b, 0x7FFF, "", 0);
      client_expect_channel_data (a, 0x4000, "");
    }
  g_assert_cmpuint (fixture_look (self)->packets_to_peers, ==, 24 * 41);
  g_assert_cmpuint (self->statistics.packets_to_clients, ==, 24 * 41);
  g_assert_cmpuint (self->statistics.bytes_to_peers, ==, 24 * 40 * 6);
  g_assert_cmpuint (self->statistics.bytes_to_clients, ==, 24 * 40 * 6);
}

/* The frames' contents are 17 bytes, or 17 and 18 by turns, so that they leave in many runs. */
static void
send_burst (Client *from, guint16 channel, guint n, gboolean mixed)
{
  g_autoptr (GByteArray) stream = g_byte_array_new ();

  for (guint i = 0; i < n; i++)
    {
      guint8 frame[4 + 20] = { (guint8) (channel >> 8), (guint8) channel, 0, 17 };

      frame[3] += mixed && i % 2 == 1;
      memset (frame + 4, '0' + (int) (i % 10), frame[3]);
      g_byte_array_append (stream, frame, sizeof frame);
    }
  g_assert_true (client_write (from, stream->data, stream->len));
}

/* Many packets in one piece of a stream become as many datagrams, all handled in one go. */
static void
test_burst_out_of_a_stream (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) a = allocated (self, TH_TRANSPORT_TCP);
  g_autoptr (Client) b = allocated (self, TH_TRANSPORT_UDP);

  g_assert_cmpuint (client_bind_channel (a, 0x4000, &b->relayed), ==, 0);
  g_assert_cmpuint (client_permit (b, &a->relayed), ==, 0);
  for (guint mixed = 0; mixed <= 1; mixed++)
    {
      send_burst (a, 0x4000, 240, mixed);
      for (guint i = 0; i < 240; i++)
        {
          g_autofree char *text = g_strnfill (17 + (mixed && i % 2 == 1), (char) ('0' + i % 10));

          client_expect_data (b, &a->relayed, text);
        }
    }
}

/* The other's permission counts, too. */
static void
test_not_without_the_others_permission (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) a = allocated (self, TH_TRANSPORT_UDP);
  g_autoptr (Client) b = allocated (self, TH_TRANSPORT_UDP);

  g_assert_cmpuint (client_permit (a, &b->relayed), ==, 0);
  client_send (a, &b->relayed, "anybody there?", 14);
  wait_until (fixture_look (self)->dropped_no_permission == 1);
  g_assert_cmpuint (self->statistics.packets_to_clients, ==, 0);
}

static void
test_to_itself (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) client = allocated (self, TH_TRANSPORT_UDP);

  g_assert_cmpuint (client_permit (client, &client->relayed), ==, 0);
  client_send (client, &client->relayed, "echo", 4);
  client_expect_data (client, &client->relayed, "echo");
}

static void
assert_out_of_reach (Fixture *self, Client *client, const ThAddress *peer)
{
  guint64 dropped = fixture_look (self)->dropped_no_permission;

  g_assert_cmpuint (client_bind_channel (client, 0x4000, peer), ==, TH_STUN_FORBIDDEN);
  client_send (client, peer, "let me in", 9);
  wait_until (fixture_look (self)->dropped_no_permission == dropped + 1);
  g_assert_cmpuint (self->statistics.packets_to_peers, ==, 0);
}

static void
test_no_other_port_of_this_machine (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) client = allocated (self, TH_TRANSPORT_UDP);
  ThAddress elsewhere;
  Peer service;

  /* The host may be permitted, for there are clients at some of its ports. */
  peer_open (&service, "127.0.0.1");
  g_assert_cmpuint (client_permit (client, &service.address), ==, 0);
  assert_out_of_reach (self, client, &service.address);
  assert_out_of_reach (self, client, &self->address);
  g_assert_null (peer_receive (&service, NULL, 20));

  th_address_parse (&elsewhere, "127.0.0.2", th_address_port (&client->relayed));
  g_assert_cmpuint (client_permit (client, &elsewhere), ==, TH_STUN_FORBIDDEN);
  assert_out_of_reach (self, client, &elsewhere);
  peer_close (&service);
}

/* A port is in reach only as long as an allocation lives there. */
static void
test_port_of_an_allocation_that_ended (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) a = allocated (self, TH_TRANSPORT_UDP);
  g_autoptr (Client) b = allocated (self, TH_TRANSPORT_UDP);
  Peer heir;

  g_assert_cmpuint (client_permit (a, &b->relayed), ==, 0);
  g_assert_cmpuint (client_bind_channel (a, 0x4000, &b->relayed), ==, 0);
  g_assert_cmpuint (client_refresh (b, 0), ==, 0);

  peer_open_at (&heir, &b->relayed);
  client_send (a, &heir.address, "still there?", 12);
  client_send_channel (a, 0x4000, "still there?", 12);
  wait_until (fixture_look (self)->dropped_no_permission == 2);
  g_assert_null (peer_receive (&heir, NULL, 20));
  peer_close (&heir);
}

/* The relayed address of a client that came after the permission was given. */
static void
test_client_that_came_later (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) a = allocated (self, TH_TRANSPORT_UDP);
  g_autoptr (Client) b = NULL;

  g_assert_cmpuint (client_permit (a, &a->relayed), ==, 0);
  b = allocated (self, TH_TRANSPORT_UDP);
  g_assert_cmpuint (client_permit (b, &a->relayed), ==, 0);
  client_send (a, &b->relayed, "welcome", 7);
  client_expect_data (b, &a->relayed, "welcome");
}

/* A rule may open this machine's ports, but never those that this program listens on. */
static void
test_no_own_port_even_by_a_rule (Fixture *self, gconstpointer workers)
{
  static const char *const loopback[] = { "127.0.0.0/8", NULL };
  g_autoptr (Client) client = NULL;
  Peer endpoint, service;

  peer_open (&endpoint, "127.0.0.1");
  peer_open (&service, "127.0.0.1");
  th_relay_stop (self->relay);
  self->config->allow_peers = g_strdupv ((char **) loopback);
  self->config->own_ports = g_new (guint16, 1);
  self->config->own_ports[0] = th_address_port (&endpoint.address);
  self->config->n_own_ports = 1;
  fixture_start (self);

  client = allocated (self, TH_TRANSPORT_UDP);
  g_assert_cmpuint (client_permit (client, &endpoint.address), ==, 0);
  assert_out_of_reach (self, client, &endpoint.address);
  assert_out_of_reach (self, client, &self->address);
  g_assert_null (peer_receive (&endpoint, NULL, 20));
  client_send (client, &service.address, "allowed", 7);
  peer_expect (&service, "allowed", NULL);
  peer_close (&endpoint);
  peer_close (&service);
}

/* Behind address translation each is known to the other by its external address alone. */
static void
test_behind_a_translator (Fixture *self, gconstpointer workers)
{
  g_autoptr (Client) a = NULL;
  g_autoptr (Client) b = NULL;
  char host[TH_ADDRESS_STRING_SIZE];

  th_relay_stop (self->relay);
  fixture_relay_from (self, "127.0.0.1", "192.0.2.7");
  fixture_start (self);
  a = allocated (self, TH_TRANSPORT_UDP);
  b = allocated (self, TH_TRANSPORT_TCP);
  g_assert_cmpstr (th_address_format_host (&a->relayed, host), ==, "192.0.2.7");
  g_assert_cmpuint (client_permit (a, &b->relayed), ==, 0);
  g_assert_cmpuint (client_bind_channel (b, 0x4000, &a->relayed), ==, 0);
  for (guint i = 0; i < 40; i++)
    {
      client_send (a, &b->relayed, "from a", 6);
      client_expect_channel_data (b, 0x4000, "from a");
      client_send_channel (b, 0x4000, "from b", 6);
      client_expect_data (a, &b->relayed, "from b");
    }
}

static const Case cases[] = {
  CASE ("indications", test_indications),
  CASE ("channels-of-many-pairs", test_channels_of_many_pairs),
  CASE ("burst-out-of-a-stream", test_burst_out_of_a_stream),
  CASE ("not-without-the-others-permission", test_not_without_the_others_permission),
  CASE ("to-itself", test_to_itself),
  CASE ("no-other-port-of-this-machine", test_no_other_port_of_this_machine),
  CASE ("port-of-an-allocation-that-ended", test_port_of_an_allocation_that_ended),
  CASE ("client-that-came-later", test_client_that_came_later),
  CASE ("no-own-port-even-by-a-rule", test_no_own_port_even_by_a_rule),
  CASE ("behind-a-translator", test_behind_a_translator),
};

static void
add_tests (const char *path, guint workers)
{
  add_cases (path, cases, Fixture, GUINT_TO_POINTER (workers), set_up, fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_tests ("/relay/between-clients/of-one-worker", 1);
  add_tests ("/relay/between-clients/of-three-workers", 3);
  return g_test_run ();
}
