/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Relay to relay on one machine: legal, but only to ports behind which an allocation lives; and
 * machines whose address outside is another than inside.
 */
#include "addresses.h"
#include "world-client.h"

#define EXTERNAL "203.0.113.5"
#define INTERNAL "10.1.2.3"

static const WorldSetup behind_nat = { .hosts = { EXTERNAL "/" INTERNAL } };

typedef struct {
  World *world;
  WorldClient *ada, *bob; /* both have an allocation */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer setup)
{
  fixture->world = world_new (setup);
  fixture->ada = client_new (fixture->world, "ada");
  fixture->bob = client_new (fixture->world, "bob");
  g_assert_cmpint (client_allocate (fixture->ada), ==, 0);
  g_assert_cmpint (client_allocate (fixture->bob), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer setup)
{
  client_free (fixture->ada);
  client_free (fixture->bob);
  world_free (fixture->world);
}

static void
assert_bob_hears (Fixture *fixture, guint16 channel, const char *text)
{
  g_assert_true (th_turn_client_equal (fixture->world->action.client, &fixture->bob->tuple));
  world_assert_heard (fixture->world, &fixture->ada->relayed, channel, text);
}

/* The port of an allocation of another worker's, which shares only the configuration. */
static ThAddress
open_port_elsewhere (World *world)
{
  ThAddress relayed = world->config->hosts[0].external;
  guint16 port = th_ports_take (world->config->ports, 0);

  th_ports_mark_open (world->config->ports, 0, port);
  th_address_set_port (&relayed, port);
  return relayed;
}

static void
close_port_elsewhere (World *world, const ThAddress *relayed)
{
  th_ports_give_back (world->config->ports, 0, th_address_port (relayed));
}

static void
test_two_clients_of_one_server (Fixture *fixture, gconstpointer setup)
{
  World *world = fixture->world;

  g_assert_cmpint (client_permit (fixture->ada, &fixture->bob->relayed), ==, 0);
  g_assert_cmpint (client_send (fixture->ada, &fixture->bob->relayed, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpuint (COUNTED (world, dropped_no_permission), ==, 1); /* bob's part of it */

  g_assert_cmpint (client_permit (fixture->bob, &fixture->ada->relayed), ==, 0);
  g_assert_cmpint (client_send (fixture->ada, &fixture->bob->relayed, "hello"), ==,
                   TH_TURN_TO_CLIENT);
  assert_bob_hears (fixture, 0, "hello");

  g_assert_cmpint (client_bind (fixture->bob, 0x4005, &fixture->ada->relayed), ==, 0);
  g_assert_cmpint (client_bind (fixture->ada, 0x4001, &fixture->bob->relayed), ==, 0);
  g_assert_cmpint (client_send_channel (fixture->ada, 0x4001, "frame"), ==, TH_TURN_TO_CLIENT);
  assert_bob_hears (fixture, 0x4005, "frame");

  g_assert_cmpuint (COUNTED (world, packets_up), ==, 3);
  g_assert_cmpuint (COUNTED (world, packets_down), ==, 2);
  g_assert_cmpuint (COUNTED (world, bytes_down), ==, 10);
}

static void
test_to_oneself (Fixture *fixture, gconstpointer setup)
{
  g_assert_cmpint (client_permit (fixture->ada, &fixture->ada->relayed), ==, 0);
  g_assert_cmpint (client_send (fixture->ada, &fixture->ada->relayed, "echo"), ==,
                   TH_TURN_TO_CLIENT);
  world_assert_heard (fixture->world, &fixture->ada->relayed, 0, "echo");
}

static void
test_ports_where_nobody_lives (Fixture *fixture, gconstpointer setup)
{
  ThAddress peer = fixture->world->config->hosts[0].external;
  static const guint16 ports[] = { 1, 22, 80, WORLD_PORT, 49151 };

  g_assert_cmpint (client_permit (fixture->ada, &peer), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (ports); i++)
    {
      th_address_set_port (&peer, ports[i]);
      g_assert_cmpint (client_bind (fixture->ada, 0x4000, &peer), ==, TH_STUN_FORBIDDEN);
      g_assert_cmpint (client_send (fixture->ada, &peer, "x"), ==, TH_TURN_NOTHING);
    }
  g_assert_cmpuint (COUNTED (fixture->world, packets_up), ==, 0);
}

static void
test_other_servers_of_the_process (Fixture *fixture, gconstpointer setup)
{
  World *world = fixture->world;
  ThAddress relayed = open_port_elsewhere (world);
  ThAddress wire = address_and_port (setup == &behind_nat ? INTERNAL : WORLD_IPV4,
                                     th_address_port (&relayed));

  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &relayed), ==, 0);
  client_send_channel (fixture->ada, 0x4000, "frame");
  world_assert_sent (world, &wire, "frame");
  client_send (fixture->ada, &relayed, "sent");
  world_assert_sent (world, &wire, "sent");
  client_hear (fixture->ada, &wire, "back");
  world_assert_heard (world, &relayed, 0x4000, "back");

  close_port_elsewhere (world, &relayed);
  g_assert_cmpint (client_send_channel (fixture->ada, 0x4000, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_send (fixture->ada, &relayed, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &relayed), ==, TH_STUN_FORBIDDEN);
  g_assert_cmpuint (COUNTED (world, dropped_no_permission), ==, 2);
}

static void
test_port_closes_with_its_allocation (Fixture *fixture, gconstpointer setup)
{
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->bob->relayed), ==, 0);
  g_assert_cmpint (client_bind (fixture->bob, 0x4000, &fixture->ada->relayed), ==, 0);
  g_assert_cmpint (client_send_channel (fixture->ada, 0x4000, "x"), ==, TH_TURN_TO_CLIENT);
  g_assert_cmpint (client_refresh (fixture->bob, 0), ==, 0);
  g_assert_cmpint (client_send_channel (fixture->ada, 0x4000, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_send (fixture->ada, &fixture->bob->relayed, "x"), ==, TH_TURN_NOTHING);
}

/* What this server once knew of a port does not count when another server has it. */
static void
test_port_moves_to_another_server (void)
{
  const WorldSetup two_ports = { .port_min = 50000, .port_max = 50001 };
  Fixture fixture;
  ThAddress elsewhere;

  set_up (&fixture, &two_ports);
  g_assert_cmpint (client_permit (fixture.ada, &fixture.bob->relayed), ==, 0);
  g_assert_cmpint (client_permit (fixture.bob, &fixture.ada->relayed), ==, 0);
  g_assert_cmpint (client_send (fixture.ada, &fixture.bob->relayed, "x"), ==, TH_TURN_TO_CLIENT);

  g_assert_cmpint (client_refresh (fixture.bob, 0), ==, 0);
  elsewhere = open_port_elsewhere (fixture.world);
  g_assert_true (th_address_equal (&elsewhere, &fixture.bob->relayed));
  client_send (fixture.ada, &elsewhere, "x");
  world_assert_sent (fixture.world, &elsewhere, "x");
  close_port_elsewhere (fixture.world, &elsewhere);
  tear_down (&fixture, NULL);
}

/* A rule of the owner's goes before everything, the relay's own addresses included. */
static void
test_denied_by_rule (void)
{
  const WorldSetup deny = { .deny = { WORLD_IPV4 "/32" } };
  Fixture fixture;

  set_up (&fixture, &deny);
  g_assert_cmpint (client_permit (fixture.ada, &fixture.bob->relayed), ==, TH_STUN_FORBIDDEN);
  g_assert_cmpint (client_bind (fixture.ada, 0x4000, &fixture.bob->relayed), ==,
                   TH_STUN_FORBIDDEN);
  tear_down (&fixture, NULL);
}

/* A port that waits for its token is bound, but nobody lives there. */
static void
test_reserved_port_is_closed (Fixture *fixture, gconstpointer setup)
{
  g_autoptr (WorldClient) eve = client_new (fixture->world, "ada");
  ThAddress reserved;

  client_begin_allocate (eve);
  th_stun_builder_add_bytes (&eve->builder, TH_STUN_EVEN_PORT, "\200", 1);
  g_assert_cmpint (client_end (eve), ==, 0);
  reserved = client_answer_address (eve, TH_STUN_XOR_RELAYED_ADDRESS);
  th_address_set_port (&reserved, th_address_port (&reserved) + 1);
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &reserved), ==, TH_STUN_FORBIDDEN);
}

/* ---- where the address outside is another one ---- */

static void
test_relayed_address_is_the_external_one (Fixture *fixture, gconstpointer setup)
{
  ThAddress inside = address_and_port (INTERNAL, th_address_port (&fixture->ada->relayed));

  g_assert_true (th_address_same_host (&fixture->ada->relayed,
                                       &fixture->world->config->hosts[0].external));
  g_assert_nonnull (world_socket_at (fixture->world, &inside));
}

/* Whichever of the two names a client uses, that one it hears. */
static void
test_either_name (Fixture *fixture, gconstpointer setup)
{
  ThAddress inside_of_bob = address_and_port (INTERNAL, th_address_port (&fixture->bob->relayed));
  ThAddress inside_of_ada = address_and_port (INTERNAL, th_address_port (&fixture->ada->relayed));

  g_assert_cmpint (client_permit (fixture->bob, &fixture->ada->relayed), ==, 0);
  g_assert_cmpint (client_permit (fixture->ada, &inside_of_bob), ==, 0);
  g_assert_cmpint (client_send (fixture->ada, &inside_of_bob, "x"), ==, TH_TURN_TO_CLIENT);
  assert_bob_hears (fixture, 0, "x");
  g_assert_cmpint (client_send (fixture->ada, &fixture->bob->relayed, "x"), ==, TH_TURN_NOTHING);

  g_assert_cmpint (client_bind (fixture->bob, 0x4000, &inside_of_ada), ==, 0);
  g_assert_cmpint (client_send (fixture->ada, &inside_of_bob, "x"), ==, TH_TURN_TO_CLIENT);
  assert_bob_hears (fixture, 0x4000, "x");
}

/* The LAN around that address stays closed, whatever the machine itself may be called there. */
static void
test_the_lan_stays_closed (Fixture *fixture, gconstpointer setup)
{
  static const char *const hosts[] = { "10.1.2.1", "10.1.2.2", "10.1.2.4", "127.0.0.1" };

  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      ThAddress peer = address (hosts[i]);

      g_assert_cmpint (client_permit (fixture->ada, &peer), ==, TH_STUN_FORBIDDEN);
    }
}

int
main (int argc, char **argv)
{
#define ADD(name, setup, test)                                                                     \
  g_test_add ("/turn/own-peers/" name, Fixture, setup, set_up, test, tear_down)
#define ADD_FOR_BOTH(name, test)                                                                   \
  ADD ("public/" name, NULL, test);                                                                \
  ADD ("behind-nat/" name, &behind_nat, test)

  g_test_init (&argc, &argv, NULL);
  ADD_FOR_BOTH ("two-clients-of-one-server", test_two_clients_of_one_server);
  ADD_FOR_BOTH ("to-oneself", test_to_oneself);
  ADD_FOR_BOTH ("ports-where-nobody-lives", test_ports_where_nobody_lives);
  ADD_FOR_BOTH ("other-servers-of-the-process", test_other_servers_of_the_process);
  ADD_FOR_BOTH ("port-closes-with-its-allocation", test_port_closes_with_its_allocation);
  ADD_FOR_BOTH ("reserved-port-is-closed", test_reserved_port_is_closed);
  g_test_add_func ("/turn/own-peers/port-moves-to-another-server",
                   test_port_moves_to_another_server);
  g_test_add_func ("/turn/own-peers/denied-by-rule", test_denied_by_rule);
  ADD ("behind-nat/relayed-address-is-the-external-one", &behind_nat,
       test_relayed_address_is_the_external_one);
  ADD ("behind-nat/either-name", &behind_nat, test_either_name);
  ADD ("behind-nat/the-lan-stays-closed", &behind_nat, test_the_lan_stays_closed);
  return g_test_run ();
}
