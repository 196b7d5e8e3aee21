/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of our addresses a client hears from: the one it wrote to, also where the relay listens on
 * all of them. The clients' sockets are connected, so they hear nobody else.
 */
#include "fixture.h"

#include <unistd.h>

#include "relay/machine-addresses.h"

static void
set_up (Fixture *self, gconstpointer workers)
{
  fixture_init (self, "0.0.0.0");
  fixture_relay_from (self, "127.0.0.1", "127.0.0.1");
  fixture_set_workers (self, GPOINTER_TO_UINT (workers));
}

static void
relay_something (Client *client)
{
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  g_assert_cmpuint (client_bind_test (client), ==, 0);
  g_assert_cmpuint (client_allocate (client), ==, 0);
  g_assert_cmpuint (client_permit (client, &peer.address), ==, 0);
  client_send (client, &peer.address, "up", 2);
  peer_expect (&peer, "up", NULL);
  peer_send (&peer, &client->relayed, "down", 4);
  client_expect_data (client, &peer.address, "down");
  g_assert_cmpuint (client_bind_channel (client, 0x4000, &peer.address), ==, 0);
  peer_send (&peer, &client->relayed, "by channel", 10);
  client_expect_channel_data (client, 0x4000, "by channel");
  peer_close (&peer);
}

static void
test_any_loopback_address (Fixture *self, gconstpointer workers)
{
  static const char *const hosts[] = { "127.0.0.1", "127.0.0.2", "127.255.255.254" };

  fixture_start (self);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      ThAddress server = fixture_address_on (self, hosts[i]);
      g_autoptr (Client) udp = client_new (TH_TRANSPORT_UDP, &server, "alice");
      g_autoptr (Client) tcp = client_new (TH_TRANSPORT_TCP, &server, "alice");

      relay_something (udp);
      relay_something (tcp);
    }
}

/* Two five-tuples that differ in the server's address alone are two allocations. */
static void
test_one_client_at_two_of_our_addresses (Fixture *self, gconstpointer workers)
{
  ThAddress first, second;
  g_autoptr (Client) a = NULL;
  g_autoptr (Client) b = NULL;
  int one = 1;

  fixture_start (self);
  first = fixture_address_on (self, "127.0.0.1");
  second = fixture_address_on (self, "127.0.0.2");
  a = client_new (TH_TRANSPORT_UDP, &first, "alice");
  b = client_new (TH_TRANSPORT_UDP, &second, "alice");

  /* b from the same port as a */
  g_assert_no_errno (setsockopt (a->fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one));
  close (b->fd);
  b->fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  g_assert_no_errno (setsockopt (b->fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one));
  g_assert_no_errno (bind (b->fd, &a->local.any, th_address_size (&a->local)));
  g_assert_no_errno (connect (b->fd, &second.any, th_address_size (&second)));
  b->local = a->local;

  relay_something (a);
  relay_something (b);
  g_assert_false (th_address_equal (&a->relayed, &b->relayed));
  wait_until (fixture_look (self)->sessions == 2);
}

/* Listening on everything there is, both families on one port. */
static void
test_every_address_of_the_machine (Fixture *self, gconstpointer workers)
{
  g_autoptr (GArray) machine = th_machine_addresses ();

  self->config->n_listen = 0;
  fixture_start (self);
  for (guint i = 0; i < machine->len; i++)
    {
      ThAddress server = g_array_index (machine, ThAddress, i);
      g_autoptr (Client) udp = NULL;
      g_autoptr (Client) tcp = NULL;

      th_address_set_port (&server, self->config->port);
      udp = client_new (TH_TRANSPORT_UDP, &server, "alice");
      tcp = client_new (TH_TRANSPORT_TCP, &server, "alice");
      g_assert_cmpuint (client_bind_test (udp), ==, 0);
      g_assert_cmpuint (client_bind_test (tcp), ==, 0);
    }
}

static const Case cases[] = {
  CASE ("any-loopback-address", test_any_loopback_address),
  CASE ("one-client-at-two-of-our-addresses", test_one_client_at_two_of_our_addresses),
  CASE ("every-address-of-the-machine", test_every_address_of_the_machine),
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
  add_tests ("/relay/own-addresses/on-the-main-context", 0);
  add_tests ("/relay/own-addresses/one-worker", 1);
  add_tests ("/relay/own-addresses/three-workers", 3);
  return g_test_run ();
}
