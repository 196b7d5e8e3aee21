/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When connections, descriptors or ports run out: whoever comes too late is told or turned away,
 * the others notice nothing, and all is well again when there is room.
 */
#include "fixture.h"

#include <sys/resource.h>

#include "descriptors.h"

/* EVEN-PORT with the bit that reserves the next one, too. */
static guint
allocate_pair (Client *client)
{
  ThStunBuilder *builder = client_begin (client, TH_STUN_REQUEST, TH_STUN_ALLOCATE);

  th_stun_builder_add_u32 (builder, TH_STUN_REQUESTED_TRANSPORT, TH_TURN_TRANSPORT_UDP << 24);
  th_stun_builder_add_bytes (builder, TH_STUN_EVEN_PORT, "\x80", 1);
  return client_ask (client);
}

/* Two neighbouring ports that are free now. */
static void
use_two_relay_ports (Fixture *self)
{
  for (;;)
    {
      ThAddress first = free_address ("127.0.0.1");
      ThAddress second = first;
      Peer probe = { .fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0) };
      gboolean bound;

      th_address_set_port (&second, (guint16) (th_address_port (&first) + 1));
      bound = bind (probe.fd, &second.any, th_address_size (&second)) == 0;
      peer_close (&probe);
      if (bound && th_address_port (&second) != 0)
        {
          self->config->relay_port_min = th_address_port (&first);
          self->config->relay_port_max = th_address_port (&second);
          fixture_start (self);
          return;
        }
    }
}

static void
test_connections_are_capped (Fixture *self, gconstpointer data)
{
  Client *clients[3];

  self->config->max_connections = G_N_ELEMENTS (clients);
  fixture_start (self);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      clients[i] = client_new (TH_TRANSPORT_TCP, &self->address, "alice");
      g_assert_cmpuint (client_bind_test (clients[i]), ==, 0);
    }
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (Client) late = client_new (TH_TRANSPORT_TCP, &self->address, "bob");

      client_expect_end (late);
    }
  g_assert_cmpuint (fixture_look (self)->connections, ==, 3);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    g_assert_cmpuint (client_bind_test (clients[i]), ==, 0);

  client_free (clients[0]);
  wait_until (fixture_look (self)->connections == 2);
  clients[0] = client_new (TH_TRANSPORT_TCP, &self->address, "alice");
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      g_assert_cmpuint (client_bind_test (clients[i]), ==, 0);
      client_free (clients[i]);
    }
}

static void
test_no_descriptor_for_an_allocation (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) early = NULL;
  g_autoptr (Client) late = NULL;

  fixture_start (self);
  early = client_new (TH_TRANSPORT_UDP, &self->address, "alice");
  late = client_new (TH_TRANSPORT_UDP, &self->address, "bob");
  g_assert_cmpuint (client_allocate (early), ==, 0);

  allow_descriptors (0);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (client_allocate (late), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpuint (client_refresh (early, 600), ==, 0);
  restore_descriptors ();

  g_assert_cmpuint (client_allocate (late), ==, 0);
  wait_until (fixture_look (self)->sessions == 2);
}

/* A pair of ports needs two: one is not enough, and goes back. */
static void
test_one_descriptor_for_a_pair (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = NULL;
  guint before;

  fixture_start (self);
  client = client_new (TH_TRANSPORT_UDP, &self->address, "alice");
  before = count_descriptors ();

  allow_descriptors (1);
  g_assert_cmpuint (allocate_pair (client), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  restore_descriptors ();
  g_assert_cmpuint (count_descriptors (), ==, before);
  g_assert_cmpuint (allocate_pair (client), ==, 0);
  g_assert_cmpuint (count_descriptors (), ==, before + 2);
}

/* A reserved port is nobody's: it goes with the relay. */
static void
test_reserved_port_goes_with_the_relay (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = NULL;
  guint before = count_descriptors ();

  fixture_start (self);
  client = client_new (TH_TRANSPORT_TCP, &self->address, "alice");
  g_assert_cmpuint (allocate_pair (client), ==, 0);
  th_relay_stop (self->relay);
  g_assert_cmpuint (count_descriptors (), ==, before + 1); /* the client's */
}

static void
test_ports_run_out (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) first = NULL;
  g_autoptr (Client) second = NULL;
  g_autoptr (Client) third = NULL;

  use_two_relay_ports (self);
  first = client_new (TH_TRANSPORT_UDP, &self->address, "alice");
  second = client_new (TH_TRANSPORT_UDP, &self->address, "bob");
  third = client_new (TH_TRANSPORT_UDP, &self->address, "carol");
  g_assert_cmpuint (client_allocate (first), ==, 0);
  g_assert_cmpuint (client_allocate (second), ==, 0);
  g_assert_cmpuint (client_allocate (third), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpuint (client_refresh (first, 0), ==, 0);
  g_assert_cmpuint (client_allocate (third), ==, 0);
  g_assert_true (th_address_equal (&third->relayed, &first->relayed));
}

static gint64
processor_time (void)
{
  struct rusage usage;

  g_assert_no_errno (getrusage (RUSAGE_SELF, &usage));
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC + usage.ru_utime.tv_usec +
         usage.ru_stime.tv_usec;
}

/* The listener is ready all the time and can do nothing about it: it must rest. */
static void
test_no_descriptor_for_a_connection (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) witness = NULL;
  g_autoptr (Client) waiting = NULL;
  gint64 before;

  fixture_start (self);
  witness = client_new (TH_TRANSPORT_TCP, &self->address, "alice");
  g_assert_cmpuint (client_bind_test (witness), ==, 0);

  allow_descriptors (1); /* the client's own */
  waiting = client_new (TH_TRANSPORT_TCP, &self->address, "bob");
  g_usleep (20 * 1000);
  before = processor_time ();
  g_usleep (300 * 1000);
  g_assert_cmpint (processor_time () - before, <, 100 * 1000);
  g_assert_cmpuint (client_bind_test (witness), ==, 0);
  g_assert_cmpuint (fixture_look (self)->connections, ==, 1);
  restore_descriptors ();

  g_assert_cmpuint (client_bind_test (waiting), ==, 0); /* it is taken in within a second or so */
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/relay/scarcity/connections-are-capped", test_connections_are_capped);
  add_test ("/relay/scarcity/no-descriptor-for-an-allocation",
            test_no_descriptor_for_an_allocation);
  add_test ("/relay/scarcity/one-descriptor-for-a-pair", test_one_descriptor_for_a_pair);
  add_test ("/relay/scarcity/reserved-port-goes-with-the-relay",
            test_reserved_port_goes_with_the_relay);
  add_test ("/relay/scarcity/ports-run-out", test_ports_run_out);
  add_test ("/relay/scarcity/no-descriptor-for-a-connection", test_no_descriptor_for_a_connection);
  return g_test_run ();
}
