/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Peers that must not be reached, in every disguise and by every method alike: a relay is inside
 * its owner's network, and its clients are not.
 */
#include "addresses.h"
#include "world-client.h"

/* This machine has an address that does not relay. */
#define OWN "8.1.1.1"
static const WorldSetup setup = { .own_host = OWN };

static const char *const denied[] = {
  /* special addresses */
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "100.64.0.1",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.1.1",
  "169.254.169.254", /* clouds' metadata */
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.1",
  "192.0.2.1",
  "192.168.1.1",
  "198.18.0.1",
  "203.0.113.1",
  "224.0.0.1",
  "239.255.255.250",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "fe80::1",
  "fec0::1",
  "fc00::1",
  "fd00:ec2::254",
  "ff02::1",
  "2001:db8::5",
  "100::1",
  /* loopback inside IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo */
  "::ffff:127.0.0.1",
  "::127.0.0.1",
  "::ffff:0:127.0.0.1",
  "64:ff9b::127.0.0.1",
  "64:ff9b:1::127.0.0.1",
  "64:ff9b:1:7f00:0:100::",
  "2002:7f00:1::1",
  "2001:0:7f00:1::1",
  "2001:0:808:404::80ff:fffe",
  /* the same for private and metadata addresses */
  "::ffff:10.0.0.1",
  "64:ff9b::10.0.0.1",
  "2002:a00:1::1",
  "64:ff9b::169.254.169.254",
  "::ffff:169.254.169.254",
  "2002:a9fe:a9fe::1",
  /* and public ones that only a translator in the kernel would understand */
  "::ffff:8.8.4.4",
  /* this machine's own, also disguised */
  OWN,
  "::ffff:" OWN,
  "64:ff9b::" OWN,
  "2002:801:101::1",
  "::ffff:" WORLD_IPV4,
  "64:ff9b::" WORLD_IPV4,
  "2002:c633:6401::1",
};

static const char *const allowed[] = {
  "1.1.1.1",      "9.255.255.255",  "11.0.0.0",      "100.63.255.255", "100.128.0.0",
  "126.0.0.1",    "128.0.0.1",      "169.253.1.1",   "172.15.255.255", "172.32.0.0",
  "192.167.1.1",  "192.169.1.1",    "198.17.1.1",    "198.20.0.1",     "223.255.255.254",
  "2a00::1",      "2002:808:404::", "64:ff9b::8.8.4.4",
};

static WorldClient *
new_client_of_both_families (World *world)
{
  WorldClient *client = client_new (world, "ada");

  client_begin_allocate (client);
  th_stun_builder_add_u32 (&client->builder, TH_STUN_ADDITIONAL_ADDRESS_FAMILY, 0x02000000);
  g_assert_cmpint (client_end (client), ==, 0);
  return client;
}

static void
test_denied_by_every_method (gconstpointer host)
{
  g_autoptr (World) world = world_new (&setup);
  g_autoptr (WorldClient) ada = new_client_of_both_families (world);
  static const guint16 ports[] = { 1, 80, 3478, 4000, 65535 };

  for (gsize i = 0; i < G_N_ELEMENTS (ports); i++)
    {
      ThAddress peer = address_and_port (host, ports[i]);

      g_assert_cmpint (client_permit (ada, &peer), ==, TH_STUN_FORBIDDEN);
      g_assert_cmpint (client_bind (ada, 0x4000, &peer), ==, TH_STUN_FORBIDDEN);
      g_assert_cmpint (client_send (ada, &peer, "x"), ==, TH_TURN_NOTHING);
      g_assert_cmpint (client_send_channel (ada, 0x4000, "x"), ==, TH_TURN_NOTHING);
    }
  g_assert_cmpuint (COUNTED (world, peers_refused), ==, 2 * G_N_ELEMENTS (ports));
  g_assert_cmpuint (COUNTED (world, packets_up), ==, 0);
  g_assert_cmpuint (world->n_told, ==, 0);
}

static void
test_allowed_by_every_method (void)
{
  g_autoptr (World) world = world_new (&setup);

  for (gsize i = 0; i < G_N_ELEMENTS (allowed); i++)
    {
      g_autoptr (WorldClient) ada = new_client_of_both_families (world);
      ThAddress peer = address (allowed[i]);

      g_assert_cmpint (client_permit (ada, &peer), ==, 0);
      g_assert_cmpint (client_bind (ada, 0x4000, &peer), ==, 0);
      client_send (ada, &peer, "x");
      world_assert_sent (world, &peer, "x");
      client_send_channel (ada, 0x4000, "y");
      world_assert_sent (world, &peer, "y");
    }
}

static void
test_lan_by_setting (void)
{
  const WorldSetup lan = { .allow_lan = TRUE };
  static const char *const hosts[] = { "10.0.0.1", "172.16.0.1", "192.168.1.1", "fc00::1" };
  static const char *const still_denied[] = { "127.0.0.1", "169.254.169.254", "100.64.0.1",
                                              "::ffff:10.0.0.1", "64:ff9b::10.0.0.1" };
  g_autoptr (World) world = world_new (&lan);
  g_autoptr (WorldClient) ada = new_client_of_both_families (world);

  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      ThAddress peer = address (hosts[i]);

      g_assert_cmpint (client_permit (ada, &peer), ==, 0);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (still_denied); i++)
    {
      ThAddress peer = address (still_denied[i]);

      g_assert_cmpint (client_permit (ada, &peer), ==, TH_STUN_FORBIDDEN);
    }
}

static void
test_deny_list (void)
{
  const WorldSetup deny = { .deny = { "8.8.0.0/16" }, .allow = { "8.8.8.8/32" } };
  static const char *const hosts[] = { "8.8.4.4", "8.8.8.8", "64:ff9b::8.8.4.4",
                                       "2002:808:404::1" };
  g_autoptr (World) world = world_new (&deny);
  g_autoptr (WorldClient) ada = new_client_of_both_families (world);

  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      ThAddress peer = address (hosts[i]);

      g_assert_cmpint (client_permit (ada, &peer), ==, TH_STUN_FORBIDDEN);
    }
}

/* Even where a rule opens this machine: what listens there for clients is no peer. */
static void
test_own_listening_ports_under_a_rule (gconstpointer host)
{
  const WorldSetup open = { .own_host = OWN, .allow = { "0.0.0.0/0", "::/0" } };
  g_autoptr (World) world = world_new (&open);
  g_autoptr (WorldClient) ada = new_client_of_both_families (world);
  ThAddress listener = address_and_port (host, WORLD_PORT);
  ThAddress other = address_and_port (host, 5000);

  g_assert_cmpint (client_bind (ada, 0x4000, &listener), ==, TH_STUN_FORBIDDEN);
  g_assert_cmpint (client_bind (ada, 0x4000, &other), ==, 0);
  g_assert_cmpint (client_send (ada, &listener, "x"), ==, TH_TURN_NOTHING);
  client_send (ada, &other, "x");
  world_assert_sent (world, &other, "x");
}

static void
add_for_each (const char *prefix, const char *const *hosts, gsize n_hosts,
              void (*test) (gconstpointer))
{
  for (gsize i = 0; i < n_hosts; i++)
    {
      g_autofree char *path = g_strconcat (prefix, hosts[i], NULL);

      g_test_add_data_func (path, hosts[i], test);
    }
}

int
main (int argc, char **argv)
{
  static const char *const own[] = { OWN, "127.0.0.1", "127.0.0.2", "::1", "0.0.0.0", "::" };

  g_test_init (&argc, &argv, NULL);
  add_for_each ("/turn/denied-peers/by-every-method/", denied, G_N_ELEMENTS (denied),
                test_denied_by_every_method);
  g_test_add_func ("/turn/denied-peers/others-are-allowed-by-every-method",
                   test_allowed_by_every_method);
  g_test_add_func ("/turn/denied-peers/lan-by-setting", test_lan_by_setting);
  g_test_add_func ("/turn/denied-peers/deny-list", test_deny_list);
  add_for_each ("/turn/denied-peers/own-listening-ports-under-a-rule/", own, G_N_ELEMENTS (own),
                test_own_listening_ports_under_a_rule);
  return g_test_run ();
}
