/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happens when there is not enough of something: ports, allocations of a user or of all, file
 * descriptors, ports that other programs hold. And that everything comes back in the end.
 */
#include <errno.h>

#include "world-client.h"

#define N_PORTS 20
static const WorldSetup few_ports = { .port_min = 50000, .port_max = 50000 + N_PORTS - 1 };

static void
fill (World *world, WorldClient **clients, guint n_clients)
{
  for (guint i = 0; i < n_clients; i++)
    {
      clients[i] = client_new (world, "ada");
      g_assert_cmpint (client_allocate (clients[i]), ==, 0);
    }
}

static void
free_clients (WorldClient **clients, guint n_clients)
{
  for (guint i = 0; i < n_clients; i++)
    client_free (clients[i]);
}

static void
test_pool_exhausted (void)
{
  g_autoptr (World) world = world_new (&few_ports);
  g_autoptr (WorldClient) late = client_new (world, "ada");
  WorldClient *clients[N_PORTS];

  fill (world, clients, N_PORTS);
  g_assert_cmpint (client_allocate (late), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpuint (COUNTED (world, quota_refusals), ==, 1);

  g_assert_cmpint (client_refresh (clients[7], 0), ==, 0);
  g_assert_cmpint (client_allocate (late), ==, 0);
  g_assert_true (th_address_equal (&late->relayed, &clients[7]->relayed));
  free_clients (clients, N_PORTS);
}

/* Every port of a full range is one of a kind, and inside the range. */
static void
test_each_port_once (void)
{
  g_autoptr (World) world = world_new (&few_ports);
  WorldClient *clients[N_PORTS];
  guint32 seen = 0;

  fill (world, clients, N_PORTS);
  for (guint i = 0; i < N_PORTS; i++)
    {
      guint offset = th_address_port (&clients[i]->relayed) - 50000u;

      g_assert_cmpuint (offset, <, N_PORTS);
      g_assert_cmpuint (seen >> offset & 1, ==, 0);
      seen |= 1u << offset;
    }
  free_clients (clients, N_PORTS);
}

static void
test_expired_ports_come_back (void)
{
  g_autoptr (World) world = world_new (&few_ports);
  g_autoptr (WorldClient) late = client_new (world, "ada");
  WorldClient *clients[N_PORTS];

  fill (world, clients, N_PORTS);
  world_advance (world, SECONDS (600));
  g_assert_cmpuint (th_ports_count_free (world->config->ports, 0), ==, N_PORTS);
  g_assert_cmpint (client_allocate (late), ==, 0);
  free_clients (clients, N_PORTS);
}

static void
test_user_quota (void)
{
  const WorldSetup setup = { .user_quota = 3 };
  g_autoptr (World) world = world_new (&setup);
  g_autoptr (WorldClient) late = client_new (world, "ada");
  g_autoptr (WorldClient) bob = client_new (world, "bob");
  WorldClient *clients[3];

  fill (world, clients, 3);
  g_assert_cmpint (client_allocate (late), ==, TH_STUN_ALLOCATION_QUOTA_REACHED);
  g_assert_cmpuint (world->n_opened, ==, 3);
  g_assert_cmpuint (COUNTED (world, quota_refusals), ==, 1);
  g_assert_cmpint (client_allocate (bob), ==, 0);

  g_assert_cmpint (client_repeat (clients[0]), ==, 0); /* a repetition takes nothing */
  g_assert_cmpint (client_refresh (clients[0], 0), ==, 0);
  g_assert_cmpint (client_allocate (late), ==, 0);
  free_clients (clients, 3);
}

/* Two names that the authenticator says are one person's, as time-limited ones are. */
static void
test_quota_goes_by_the_person (void)
{
  const WorldUser users[] = { { .name = "1800000000:ada", .password = "a", .label = "ada" },
                              { .name = "1900000000:ada", .password = "b", .label = "ada" } };
  const WorldSetup setup = { .user_quota = 1 };
  g_autoptr (World) world = world_new (&setup);
  g_autoptr (WorldClient) first = client_new (world, users[0].name);
  g_autoptr (WorldClient) second = client_new (world, users[1].name);

  world_set_users (world, users, G_N_ELEMENTS (users));
  first->password = users[0].password;
  second->password = users[1].password;
  g_assert_cmpint (client_allocate (first), ==, 0);
  g_assert_cmpint (client_allocate (second), ==, TH_STUN_ALLOCATION_QUOTA_REACHED);
}

static void
test_total (void)
{
  const WorldSetup setup = { .capacity = 2 };
  g_autoptr (World) world = world_new (&setup);
  g_autoptr (WorldClient) bob = client_new (world, "bob");
  WorldClient *clients[2];

  fill (world, clients, 2);
  g_assert_cmpint (client_allocate (bob), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpint (client_refresh (clients[1], 0), ==, 0);
  g_assert_cmpint (client_allocate (bob), ==, 0);
  free_clients (clients, 2);
}

/* Whatever an Allocate is refused for, it must leave the quota as it was. */
static void
test_refusals_take_nothing (void)
{
  const WorldSetup setup = { .user_quota = 1, .capacity = 1 };
  g_autoptr (World) world = world_new (&setup);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  for (guint i = 0; i < 3; i++)
    {
      client_begin (ada, TH_STUN_ALLOCATE);
      g_assert_cmpint (client_end (ada), ==, TH_STUN_BAD_REQUEST);
      world->open_error = EMFILE;
      world->open_failures = 1;
      g_assert_cmpint (client_allocate (ada), ==, TH_STUN_INSUFFICIENT_CAPACITY);
      client_begin_allocate (ada);
      th_stun_builder_add_bytes (&ada->builder, TH_STUN_RESERVATION_TOKEN, "invented", 8);
      g_assert_cmpint (client_end (ada), ==, TH_STUN_INSUFFICIENT_CAPACITY);
    }
  g_assert_cmpint (client_allocate (ada), ==, 0);
}

static void
test_port_held_by_another_program_is_passed_over (void)
{
  static const int errors[] = { EADDRINUSE, EACCES };
  g_autoptr (World) world = world_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (WorldClient) ada = client_new (world, "ada");

      world->open_error = errors[i];
      world->open_failures = 5;
      g_assert_cmpint (client_allocate (ada), ==, 0);
      g_assert_cmpuint (world->open_failures, ==, 0);
      g_assert_cmpuint (th_ports_count_free (world->config->ports, 0), ==,
                        world->n_free_ports - i - 1);
    }
}

/* Not for ever: a range that others hold whole ends in a refusal. */
static void
test_all_ports_held_by_other_programs (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  world->open_error = EADDRINUSE;
  world->open_failures = 1000;
  g_assert_cmpint (client_allocate (ada), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpuint (world->open_failures, >, 900);
}

/* Trying other ports would not help, so there is one try. */
static void
test_out_of_descriptors (void)
{
  static const int errors[] = { EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL };
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      world->open_error = errors[i];
      world->open_failures = 10;
      g_assert_cmpint (client_allocate (ada), ==, TH_STUN_INSUFFICIENT_CAPACITY);
      g_assert_cmpuint (world->open_failures, ==, 9);
    }
  world->open_failures = 0;
  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_assert_cmpuint (COUNTED (world, quota_refusals), ==, G_N_ELEMENTS (errors));
}

/* With both families asked for, the second socket's failure is told beside the first address. */
static void
test_second_family_out_of_descriptors (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  client_begin_allocate (ada);
  th_stun_builder_add_u32 (&ada->builder, TH_STUN_ADDITIONAL_ADDRESS_FAMILY, 0x02000000);
  world->open_error = EMFILE;
  world->odd_ports_fail = FALSE;
  world->open_failures = 1; /* the first one asked for: IPv4 */
  g_assert_cmpint (client_end (ada), ==, 0);
  g_assert_cmpmem (client_answer_get (ada, TH_STUN_ADDRESS_ERROR_CODE).value, 4, "\1\0\5\10", 4);
  g_assert_cmpuint (g_hash_table_size (world->sockets), ==, 1);
}

/* Who is there stays, refreshes and says the same again; who comes is sent elsewhere. */
static void
test_draining (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  g_autoptr (WorldClient) late = client_new (world, "bob");

  g_assert_cmpint (client_allocate (ada), ==, 0);
  th_turn_config_set_draining (world->config, TRUE);
  g_assert_cmpint (client_allocate (late), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpuint (world->n_opened, ==, 1);
  g_assert_cmpint (client_repeat (ada), ==, 0);
  g_assert_cmpint (client_refresh (ada, 600), ==, 0);
  g_assert_cmpint (client_refresh (ada, 0), ==, 0);
  g_assert_cmpint (client_allocate (ada), ==, TH_STUN_INSUFFICIENT_CAPACITY);

  th_turn_config_set_draining (world->config, FALSE);
  g_assert_cmpint (client_allocate (late), ==, 0);
}

static void
add_alternate_server (World *world, const char *text)
{
  ThTurnConfig *config = world->config;

  config->alternate_servers = g_renew (ThAlternateServer, config->alternate_servers,
                                       config->n_alternate_servers + 1);
  g_assert_true (th_alternate_server_parse (
      &config->alternate_servers[config->n_alternate_servers++], text));
}

static void
assert_sent_to (WorldClient *client, const char *address)
{
  ThStunAttribute server;
  ThAddress told;
  char text[TH_ADDRESS_STRING_SIZE];

  g_assert_cmpint (client_allocate (client), ==, TH_STUN_TRY_ALTERNATE);
  server = client_answer_get (client, TH_STUN_ALTERNATE_SERVER);
  g_assert_true (th_stun_attribute_get_address (&server, &told));
  g_assert_cmpstr (th_address_format (&told, text), ==, address);
}

static void
test_draining_sends_to_others_of_the_family (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  g_autoptr (WorldClient) bob = client_new (world, "bob");

  add_alternate_server (world, "[2001:db8::7]:5349/turn.example.org");
  bob->tuple.address = (ThAddress) { 0 };
  g_assert_true (th_address_parse (&bob->tuple.address, "2001:db8::77", 5000));
  g_assert_cmpint (client_ask_nonce (bob), ==, 401);
  g_assert_cmpint (client_allocate (ada), ==, 0);

  th_turn_config_set_draining (world->config, TRUE);
  g_assert_cmpint (client_refresh (ada, 0), ==, 0);
  g_assert_cmpint (client_allocate (ada), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_false (client_answer_has (ada, TH_STUN_ALTERNATE_SERVER));
  assert_sent_to (bob, "[2001:db8::7]:5349");
  g_assert_false (client_answer_has (bob, TH_STUN_ALTERNATE_DOMAIN));
  g_assert_cmpint (world->last_refusal.reason, ==, TH_REFUSAL_DRAINING);

  add_alternate_server (world, "198.51.100.7:443");
  assert_sent_to (ada, "198.51.100.7:443");
}

static void
test_draining_names_the_domain_for_tls (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  ThStunAttribute domain;

  add_alternate_server (world, "198.51.100.7:443/turn.example.org");
  th_turn_config_set_draining (world->config, TRUE);
  ada->tuple.transport = TH_TRANSPORT_TLS;
  assert_sent_to (ada, "198.51.100.7:443");
  domain = client_answer_get (ada, TH_STUN_ALTERNATE_DOMAIN);
  g_assert_cmpmem (domain.value, domain.length, "turn.example.org", 16);
}

static void
test_all_alternate_servers_are_named (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  guint n_named[3] = { 0 };

  add_alternate_server (world, "198.51.100.7:1");
  add_alternate_server (world, "198.51.100.7:2");
  add_alternate_server (world, "198.51.100.7:3");
  th_turn_config_set_draining (world->config, TRUE);
  for (guint i = 0; i < 300; i++)
    {
      ThStunAttribute server;
      ThAddress told;

      g_assert_cmpint (client_allocate (ada), ==, TH_STUN_TRY_ALTERNATE);
      server = client_answer_get (ada, TH_STUN_ALTERNATE_SERVER);
      g_assert_true (th_stun_attribute_get_address (&server, &told));
      n_named[th_address_port (&told) - 1]++;
    }
  for (guint i = 0; i < G_N_ELEMENTS (n_named); i++)
    g_assert_cmpuint (n_named[i], >, 40); /* of 100; less once in more than 10^12 runs */
}

static void
test_what_is_no_alternate_server (void)
{
  static const char *const texts[] = {
    "", "/", ":", "198.51.100.7", "198.51.100.7:", "198.51.100.7:0", "198.51.100.7:65536",
    "198.51.100.7:+1", "198.51.100.7:80/", "example.org:80", "2001:db8::7:80", "[2001:db8::7]",
    "[2001:db8::7]80", "[198.51.100.7]:80", "[2001:db8::7:80", ":80", "198.51.100.7 :80",
  };
  g_autofree char *name = g_strnfill (TH_ALTERNATE_DOMAIN_SIZE, 'a');
  g_autofree char *longest = g_strconcat ("198.51.100.7:80/", name + 1, NULL);
  g_autofree char *longer = g_strconcat ("198.51.100.7:80/", name, NULL);
  ThAlternateServer server;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_false (th_alternate_server_parse (&server, texts[i]));
  g_assert_true (th_alternate_server_parse (&server, longest));
  g_assert_false (th_alternate_server_parse (&server, longer));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/capacity/pool-exhausted", test_pool_exhausted);
  g_test_add_func ("/turn/capacity/each-port-once", test_each_port_once);
  g_test_add_func ("/turn/capacity/expired-ports-come-back", test_expired_ports_come_back);
  g_test_add_func ("/turn/capacity/user-quota", test_user_quota);
  g_test_add_func ("/turn/capacity/quota-goes-by-the-person", test_quota_goes_by_the_person);
  g_test_add_func ("/turn/capacity/total", test_total);
  g_test_add_func ("/turn/capacity/refusals-take-nothing", test_refusals_take_nothing);
  g_test_add_func ("/turn/capacity/port-held-by-another-program-is-passed-over",
                   test_port_held_by_another_program_is_passed_over);
  g_test_add_func ("/turn/capacity/all-ports-held-by-other-programs",
                   test_all_ports_held_by_other_programs);
  g_test_add_func ("/turn/capacity/out-of-descriptors", test_out_of_descriptors);
  g_test_add_func ("/turn/capacity/second-family-out-of-descriptors",
                   test_second_family_out_of_descriptors);
  g_test_add_func ("/turn/capacity/draining-takes-nobody-new", test_draining);
  g_test_add_func ("/turn/capacity/draining-sends-to-others-of-the-family",
                   test_draining_sends_to_others_of_the_family);
  g_test_add_func ("/turn/capacity/draining-names-the-domain-for-tls",
                   test_draining_names_the_domain_for_tls);
  g_test_add_func ("/turn/capacity/all-alternate-servers-are-named",
                   test_all_alternate_servers_are_named);
  g_test_add_func ("/turn/capacity/what-is-no-alternate-server",
                   test_what_is_no_alternate_server);
  return g_test_run ();
}
