/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CreatePermission (RFC 8656, sections 9 and 10): one peer, several, too many, misshapen ones; all
 * of a request or nothing.
 */
#include <string.h>

#include "addresses.h"
#include "turn/allocation.h"
#include "world-client.h"

typedef struct {
  World *world;
  WorldClient *ada; /* has an allocation */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer setup)
{
  fixture->world = world_new (setup);
  fixture->ada = client_new (fixture->world, "ada");
  g_assert_cmpint (client_allocate (fixture->ada), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer setup)
{
  client_free (fixture->ada);
  world_free (fixture->world);
}

/* The @nth of many public addresses. */
static ThAddress
nth_peer (guint nth)
{
  const guint8 host[] = { 9, 1, (guint8) (nth >> 8), (guint8) nth };
  ThAddress peer;

  th_address_init_bytes (&peer, TH_STUN_FAMILY_IPV4, host, 4000);
  return peer;
}

static int
permit_several (WorldClient *client, guint first, guint n_peers)
{
  client_begin (client, TH_STUN_CREATE_PERMISSION);
  for (guint i = 0; i < n_peers; i++)
    {
      ThAddress peer = nth_peer (first + i);

      th_stun_builder_add_xor_address (&client->builder, TH_STUN_XOR_PEER_ADDRESS, &peer);
    }
  return client_end (client);
}

static guint
count_permitted (WorldClient *client, guint first, guint n_peers)
{
  guint count = 0;

  for (guint i = 0; i < n_peers; i++)
    {
      ThAddress peer = nth_peer (first + i);

      count += client_send (client, &peer, "x") == TH_TURN_TO_PEER;
    }
  return count;
}

static void
test_one_peer (Fixture *fixture, gconstpointer data)
{
  ThAddress peer = address ("8.8.4.4");

  g_assert_cmpint (client_permit (fixture->ada, &peer), ==, 0);
  g_assert_cmpuint (fixture->world->n_told, ==, 1);
  g_assert_true (th_address_same_host (&fixture->world->told_peer, &peer));
  g_assert_cmphex (fixture->world->told_channel, ==, 0);
  client_send (fixture->ada, &peer, "hello");
  world_assert_sent (fixture->world, &peer, "hello");
}

/* RFC 8656, section 9: only addresses are compared. */
static void
test_all_ports_of_the_host (Fixture *fixture, gconstpointer data)
{
  ThAddress permitted = address_and_port ("8.8.4.4", 0);
  static const guint16 ports[] = { 1, 53, 3478, 5000, 65535 };

  g_assert_cmpint (client_permit (fixture->ada, &permitted), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (ports); i++)
    {
      ThAddress peer = address_and_port ("8.8.4.4", ports[i]);

      client_send (fixture->ada, &peer, "x");
      world_assert_sent (fixture->world, &peer, "x");
      client_hear (fixture->ada, &peer, "y");
      world_assert_heard (fixture->world, &peer, 0, "y");
    }
}

static void
test_neighbouring_hosts_stay_out (Fixture *fixture, gconstpointer data)
{
  static const char *const neighbours[] = { "8.8.4.3", "8.8.4.5", "8.8.5.4", "9.8.4.4" };
  ThAddress permitted = address ("8.8.4.4");

  g_assert_cmpint (client_permit (fixture->ada, &permitted), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (neighbours); i++)
    {
      ThAddress neighbour = address (neighbours[i]);

      g_assert_cmpint (client_send (fixture->ada, &neighbour, "x"), ==, TH_TURN_NOTHING);
      g_assert_cmpint (client_hear (fixture->ada, &neighbour, "y"), ==, TH_TURN_NOTHING);
    }
  g_assert_cmpuint (COUNTED (fixture->world, dropped_no_permission), ==,
                    2 * G_N_ELEMENTS (neighbours));
}

static void
test_permissions_are_of_one_allocation (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WorldClient) bob = client_new (fixture->world, "bob");
  ThAddress peer = address ("8.8.4.4");

  g_assert_cmpint (client_allocate (bob), ==, 0);
  g_assert_cmpint (client_permit (bob, &peer), ==, 0);
  g_assert_cmpint (client_send (fixture->ada, &peer, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_hear (fixture->ada, &peer, "y"), ==, TH_TURN_NOTHING);
}

static void
test_several_peers (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (permit_several (fixture->ada, 0, 5), ==, 0);
  g_assert_cmpuint (count_permitted (fixture->ada, 0, 8), ==, 5);
  g_assert_cmpuint (fixture->world->n_told, ==, 5);
}

/* A good peer beside a denied, a misshapen or a foreign one is not permitted either. */
static void
test_all_or_nothing (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;
  ThAddress good = address ("8.8.4.4"), denied = address ("10.0.0.1"), ipv6 = address ("2a00::1");
  static const int codes[] = { TH_STUN_FORBIDDEN, TH_STUN_PEER_FAMILY_MISMATCH,
                               TH_STUN_BAD_REQUEST };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      client_begin (ada, TH_STUN_CREATE_PERMISSION);
      th_stun_builder_add_xor_address (&ada->builder, TH_STUN_XOR_PEER_ADDRESS, &good);
      if (codes[i] == TH_STUN_BAD_REQUEST)
        th_stun_builder_add_bytes (&ada->builder, TH_STUN_XOR_PEER_ADDRESS, "\0\1\0", 3);
      else
        th_stun_builder_add_xor_address (&ada->builder, TH_STUN_XOR_PEER_ADDRESS,
                                         codes[i] == TH_STUN_FORBIDDEN ? &denied : &ipv6);
      g_assert_cmpint (client_end (ada), ==, codes[i]);
      g_assert_cmpint (client_send (ada, &good, "x"), ==, TH_TURN_NOTHING);
    }
  g_assert_cmpuint (fixture->world->n_told, ==, 0);
  g_assert_cmpuint (COUNTED (fixture->world, peers_refused), ==, 1);
}

static void
test_misshapen_peers (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *bytes;
    gsize length;
  } cases[] = {
    { "", 0 },
    { "\0\1\0\0", 4 },
    { "\0\1\0\0\0\0\0", 7 },
    { "\0\1\0\0\0\0\0\0\0", 9 },
    { "\0\2\0\0\0\0\0\0", 8 },  /* IPv6 of IPv4's length */
    { "\0\0\0\0\0\0\0\0", 8 },  /* no such family */
    { "\0\3\0\0\0\0\0\0", 8 },
    { "\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20 }, /* IPv4 of IPv6's length */
  };
  WorldClient *ada = fixture->ada;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      client_begin (ada, TH_STUN_CREATE_PERMISSION);
      th_stun_builder_add_bytes (&ada->builder, TH_STUN_XOR_PEER_ADDRESS, cases[i].bytes,
                                 cases[i].length);
      g_assert_cmpint (client_end (ada), ==, TH_STUN_BAD_REQUEST);
    }
  client_begin (ada, TH_STUN_CREATE_PERMISSION);
  g_assert_cmpint (client_end (ada), ==, TH_STUN_BAD_REQUEST);
}

static void
test_wrong_family (Fixture *fixture, gconstpointer data)
{
  ThAddress peer = address ("2a00::1");

  g_assert_cmpint (client_permit (fixture->ada, &peer), ==, TH_STUN_PEER_FAMILY_MISMATCH);
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &peer), ==, TH_STUN_PEER_FAMILY_MISMATCH);
  g_assert_cmpint (client_send (fixture->ada, &peer, "x"), ==, TH_TURN_NOTHING);
}

static void
test_cap (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  g_assert_cmpint (permit_several (ada, 0, 9), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpuint (count_permitted (ada, 0, 9), ==, 0);

  g_assert_cmpint (permit_several (ada, 0, 8), ==, 0);
  g_assert_cmpint (permit_several (ada, 0, 8), ==, 0); /* the same ones take no more room */
  g_assert_cmpint (permit_several (ada, 7, 2), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpuint (count_permitted (ada, 0, 9), ==, 8);

  world_advance (fixture->world, SECONDS (300));
  g_assert_cmpint (permit_several (ada, 100, 8), ==, 0);
  g_assert_cmpuint (count_permitted (ada, 0, 9), ==, 0);
  g_assert_cmpuint (count_permitted (ada, 100, 8), ==, 8);
}

static void
test_one_peer_many_times (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;
  ThAddress peer = address ("8.8.4.4");

  client_begin (ada, TH_STUN_CREATE_PERMISSION);
  for (guint i = 0; i < 60; i++)
    {
      th_address_set_port (&peer, (guint16) i);
      th_stun_builder_add_xor_address (&ada->builder, TH_STUN_XOR_PEER_ADDRESS, &peer);
    }
  g_assert_cmpint (client_end (ada), ==, 0);
  g_assert_cmpint (permit_several (ada, 0, 7), ==, 0);
}

/* However many a request names, the work and the room on the stack are bounded. */
static void
test_too_many_in_one_request (void)
{
  const WorldSetup setup = { .max_permissions = 1000 };
  g_autoptr (World) world = world_new (&setup);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_assert_cmpint (permit_several (ada, 0, 64), ==, 0);
  g_assert_cmpint (permit_several (ada, 100, 65), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpint (permit_several (ada, 100, 200), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpuint (count_permitted (ada, 0, 300), ==, 64);
}

/* New hosts at full rate for hours: no more memory than the cap allows. */
static void
test_churn (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;
  guint n_permitted = 0;

  for (guint i = 0; i < 5000; i++)
    {
      n_permitted += permit_several (ada, i, 1) == 0;
      world_advance (fixture->world, SECONDS (5));
      if (i % 100 == 0)
        g_assert_cmpint (client_refresh (ada, 3600), ==, 0);
    }
  g_assert_cmpuint (client_relay_end (ada)->allocation->peers.permissions_size, <=, 8);
  g_assert_cmpuint (n_permitted, >=, 5000 * 5 / 300 * 8);
  g_assert_cmpuint (n_permitted, <=, (5000 * 5 / 300 + 1) * 8);
}

int
main (int argc, char **argv)
{
#define ADD(name, test)                                                                            \
  g_test_add ("/turn/permission/" name, Fixture, NULL, set_up, test, tear_down)

  g_test_init (&argc, &argv, NULL);
  ADD ("one-peer", test_one_peer);
  ADD ("all-ports-of-the-host", test_all_ports_of_the_host);
  ADD ("neighbouring-hosts-stay-out", test_neighbouring_hosts_stay_out);
  ADD ("permissions-are-of-one-allocation", test_permissions_are_of_one_allocation);
  ADD ("several-peers", test_several_peers);
  ADD ("all-or-nothing", test_all_or_nothing);
  ADD ("misshapen-peers", test_misshapen_peers);
  ADD ("wrong-family", test_wrong_family);
  ADD ("cap", test_cap);
  ADD ("one-peer-many-times", test_one_peer_many_times);
  g_test_add_func ("/turn/permission/too-many-in-one-request", test_too_many_in_one_request);
  ADD ("churn", test_churn);
  return g_test_run ();
}
