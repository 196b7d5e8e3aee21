/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Binding where the relay has two addresses, for those who find out how their NAT behaves (RFC
 * 5780): which address the answer names, and from which it comes. And that it is not for abuse.
 */
#include <string.h>

#include "addresses.h"
#include "world-client.h"

#define OTHER_IPV4 "198.51.100.2"
#define NAT_IPV4 "192.0.2.1"
#define NAT_OTHER_IPV4 "192.0.2.2"

#define CHANGE_HOST 0x4
#define CHANGE_PORT 0x2

typedef struct {
  World *world;
  WorldClient *ada;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer setup)
{
  fixture->world = world_new (setup);
  fixture->ada = client_new (fixture->world, "ada");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  client_free (fixture->ada);
  world_free (fixture->world);
}

static const WorldSetup two_hosts = { .other_host = OTHER_IPV4 };
static const WorldSetup translated = {
  .hosts = { NAT_IPV4 "/" WORLD_IPV4 },
  .other_host = NAT_OTHER_IPV4 "/" OTHER_IPV4,
};

/* Asks that address. @change: CHANGE-REQUEST; -1: none. Returns: what client_exchange() does */
static int
ask (Fixture *fixture, const ThAddress *server, int change)
{
  WorldClient *ada = fixture->ada;

  ada->tuple.local = *server;
  client_begin (ada, TH_STUN_BINDING);
  if (change >= 0)
    th_stun_builder_add_u32 (&ada->builder, TH_STUN_CHANGE_REQUEST, (guint32) change);
  return client_exchange (ada);
}

static ThAddress
plain_address (WorldClient *self, guint16 type)
{
  ThStunAttribute attribute = client_answer_get (self, type);
  ThAddress found;

  g_assert_true (th_stun_attribute_get_address (&attribute, &found));
  return found;
}

static void
assert_address (const ThAddress *found, const char *host, guint16 port)
{
  ThAddress expected = address_and_port (host, port);

  g_assert_true (th_address_equal (found, &expected));
}

static void
assert_names (Fixture *fixture, guint16 type, const char *host, guint16 port)
{
  ThAddress found = plain_address (fixture->ada, type);

  assert_address (&found, host, port);
}

/* From each of the four, with each of the four wishes. */
static void
test_answer_comes_from_where_it_is_wished (Fixture *fixture, gconstpointer data)
{
  static const char *const hosts[] = { WORLD_IPV4, OTHER_IPV4 };
  static const guint16 ports[] = { WORLD_PORT, WORLD_OTHER_PORT };

  for (guint i = 0; i < 16; i++)
    {
      guint host = i & 1, port = i >> 1 & 1, change = (i >> 1) & 6;
      ThAddress server = address_and_port (hosts[host], ports[port]);
      const char *from_host = hosts[host ^ (change & CHANGE_HOST ? 1 : 0)];
      guint16 from_port = ports[port ^ (change & CHANGE_PORT ? 1 : 0)];

      g_assert_cmpint (ask (fixture, &server, (int) change), ==, 0);
      assert_names (fixture, TH_STUN_RESPONSE_ORIGIN, from_host, from_port);
      assert_names (fixture, TH_STUN_OTHER_ADDRESS, hosts[!host], ports[!port]);
      if (change == 0)
        g_assert_cmpint (fixture->world->action.verb, ==, TH_TURN_TO_CLIENT);
      else
        {
          g_assert_cmpint (fixture->world->action.verb, ==, TH_TURN_TO_CLIENT_FROM);
          assert_address (&fixture->world->action.from, from_host, from_port);
        }
    }
}

static void
test_plain_binding_names_the_other (Fixture *fixture, gconstpointer data)
{
  ThAddress server = address_and_port (WORLD_IPV4, WORLD_PORT);
  ThAddress mapped;

  g_assert_cmpint (ask (fixture, &server, -1), ==, 0);
  mapped = client_answer_address (fixture->ada, TH_STUN_XOR_MAPPED_ADDRESS);
  g_assert_true (th_address_equal (&mapped, &fixture->ada->tuple.address));
  assert_names (fixture, TH_STUN_RESPONSE_ORIGIN, WORLD_IPV4, WORLD_PORT);
  assert_names (fixture, TH_STUN_OTHER_ADDRESS, OTHER_IPV4, WORLD_OTHER_PORT);
}

/* Clients see external addresses, sockets are bound to internal ones. */
static void
test_external_addresses_are_named (Fixture *fixture, gconstpointer data)
{
  ThAddress server = address_and_port (WORLD_IPV4, WORLD_PORT);

  g_assert_cmpint (ask (fixture, &server, CHANGE_HOST | CHANGE_PORT), ==, 0);
  assert_names (fixture, TH_STUN_RESPONSE_ORIGIN, NAT_OTHER_IPV4, WORLD_OTHER_PORT);
  assert_names (fixture, TH_STUN_OTHER_ADDRESS, NAT_OTHER_IPV4, WORLD_OTHER_PORT);
  assert_address (&fixture->world->action.from, OTHER_IPV4, WORLD_OTHER_PORT);
}

static void
assert_refused (Fixture *fixture, const ThAddress *server)
{
  ThStunAttribute unknown;

  g_assert_cmpint (ask (fixture, server, CHANGE_HOST), ==, TH_STUN_UNKNOWN_ATTRIBUTE);
  unknown = client_answer_get (fixture->ada, TH_STUN_UNKNOWN_ATTRIBUTES);
  g_assert_cmpmem (unknown.value, unknown.length, "\0\3", 2);
  g_assert_cmpint (fixture->world->action.verb, ==, TH_TURN_TO_CLIENT);
}

static void
test_one_address_changes_nothing (Fixture *fixture, gconstpointer data)
{
  ThAddress server = address_and_port (WORLD_IPV4, WORLD_PORT);

  g_assert_cmpint (ask (fixture, &server, -1), ==, 0);
  g_assert_false (client_answer_has (fixture->ada, TH_STUN_OTHER_ADDRESS));
  g_assert_false (client_answer_has (fixture->ada, TH_STUN_RESPONSE_ORIGIN));
  g_assert_cmpuint (fixture->world->output->len, ==, 32);
  assert_refused (fixture, &server);
}

/* An answer over a connection goes the way the question came. */
static void
test_not_over_tcp (Fixture *fixture, gconstpointer data)
{
  ThAddress server = address_and_port (WORLD_IPV4, WORLD_PORT);

  fixture->ada->tuple.transport = TH_TRANSPORT_TCP;
  g_assert_cmpint (ask (fixture, &server, -1), ==, 0);
  g_assert_false (client_answer_has (fixture->ada, TH_STUN_OTHER_ADDRESS));
  assert_refused (fixture, &server);
}

static void
test_not_for_other_methods (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  client_begin_allocate (ada);
  th_stun_builder_add_u32 (&ada->builder, TH_STUN_CHANGE_REQUEST, CHANGE_HOST);
  g_assert_cmpint (client_end (ada), ==, TH_STUN_UNKNOWN_ATTRIBUTE);
  g_assert_cmpint (fixture->world->action.verb, ==, TH_TURN_TO_CLIENT);
  g_assert_cmpint (client_allocate (ada), ==, 0);
}

/* Nobody allocates at the second port, and no challenge says that one could. */
static void
test_second_port_is_for_binding (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  ada->tuple.local = address_and_port (WORLD_IPV4, WORLD_OTHER_PORT);
  client_begin_allocate (ada);
  g_assert_cmpint (client_exchange (ada), ==, SILENCE);
  g_assert_cmpint (ask (fixture, &ada->tuple.local, -1), ==, 0);
}

static void
test_change_request_of_wrong_length (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  for (gsize length = 0; length <= 12; length++)
    {
      client_begin (ada, TH_STUN_BINDING);
      th_stun_builder_add_bytes (&ada->builder, TH_STUN_CHANGE_REQUEST, "\0\0\0\6\0\0\0\0\0\0\0\0",
                                 length);
      g_assert_cmpint (client_exchange (ada), ==, length == 4 ? 0 : TH_STUN_BAD_REQUEST);
    }
}

static void
test_first_change_request_counts (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  client_begin (ada, TH_STUN_BINDING);
  th_stun_builder_add_u32 (&ada->builder, TH_STUN_CHANGE_REQUEST, CHANGE_PORT);
  th_stun_builder_add_u32 (&ada->builder, TH_STUN_CHANGE_REQUEST, CHANGE_HOST);
  g_assert_cmpint (client_exchange (ada), ==, 0);
  assert_address (&fixture->world->action.from, WORLD_IPV4, WORLD_OTHER_PORT);
}

/* Bits that mean nothing have no effect. */
static void
test_other_flags_are_ignored (Fixture *fixture, gconstpointer data)
{
  ThAddress server = address_and_port (WORLD_IPV4, WORLD_PORT);

  g_assert_cmpint (ask (fixture, &server, (int) 0x7FFFFFF9), ==, 0);
  g_assert_cmpint (fixture->world->action.verb, ==, TH_TURN_TO_CLIENT);
}

/* Another's port, and answers as long as one likes, are what attackers would have. */
static void
test_response_port_and_padding_are_refused (Fixture *fixture, gconstpointer data)
{
  static const guint16 types[] = { TH_STUN_RESPONSE_PORT, TH_STUN_PADDING };
  static const guint8 zeros[1400];
  WorldClient *ada = fixture->ada;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      client_begin (ada, TH_STUN_BINDING);
      th_stun_builder_add_u32 (&ada->builder, TH_STUN_CHANGE_REQUEST, CHANGE_HOST);
      th_stun_builder_add_bytes (&ada->builder, types[i], zeros, i == 0 ? 4 : sizeof zeros);
      g_assert_cmpint (client_exchange (ada), ==, TH_STUN_UNKNOWN_ATTRIBUTE);
      g_assert_cmpint (fixture->world->action.verb, ==, TH_TURN_TO_CLIENT);
      g_assert_cmpuint (fixture->world->output->len, <=, 64);
    }
}

/* Twice the request that asks for it: 28 bytes make 56. */
static void
test_answers_are_short (Fixture *fixture, gconstpointer data)
{
  ThAddress server = address_and_port (WORLD_IPV4, WORLD_PORT);

  g_assert_cmpint (ask (fixture, &server, CHANGE_HOST), ==, 0);
  g_assert_cmpuint (fixture->world->output->len, ==, 56);
}

int
main (int argc, char **argv)
{
#define ADD(name, setup, test)                                                                     \
  g_test_add ("/turn/binding/" name, Fixture, setup, set_up, test, tear_down)

  g_test_init (&argc, &argv, NULL);
  ADD ("answer-comes-from-where-it-is-wished", &two_hosts,
       test_answer_comes_from_where_it_is_wished);
  ADD ("plain-binding-names-the-other", &two_hosts, test_plain_binding_names_the_other);
  ADD ("external-addresses-are-named", &translated, test_external_addresses_are_named);
  ADD ("one-address-changes-nothing", NULL, test_one_address_changes_nothing);
  ADD ("not-over-tcp", &two_hosts, test_not_over_tcp);
  ADD ("not-for-other-methods", &two_hosts, test_not_for_other_methods);
  ADD ("second-port-is-for-binding", &two_hosts, test_second_port_is_for_binding);
  ADD ("change-request-of-wrong-length", &two_hosts, test_change_request_of_wrong_length);
  ADD ("first-change-request-counts", &two_hosts, test_first_change_request_counts);
  ADD ("other-flags-are-ignored", &two_hosts, test_other_flags_are_ignored);
  ADD ("response-port-and-padding-are-refused", &two_hosts,
       test_response_port_and_padding_are_refused);
  ADD ("answers-are-short", &two_hosts, test_answers_are_short);
  return g_test_run ();
}
