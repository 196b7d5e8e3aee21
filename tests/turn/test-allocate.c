/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Allocate (RFC 8656, section 7): what a client may ask for, what it is given, and what it is told
 * when it cannot have it.
 */
#include <string.h>

#include "addresses.h"
#include "stun/bytes.h"
#include "world-client.h"

static int
allocate_with_lifetime (WorldClient *client, guint32 lifetime)
{
  client_begin_allocate (client);
  th_stun_builder_add_u32 (&client->builder, TH_STUN_LIFETIME, lifetime);
  return client_end (client);
}

static int
allocate_with_bytes (WorldClient *client, guint16 type, const char *bytes, gsize length)
{
  client_begin_allocate (client);
  th_stun_builder_add_bytes (&client->builder, type, bytes, length);
  return client_end (client);
}

static int
allocate_over (WorldClient *client, guint8 protocol)
{
  client_begin (client, TH_STUN_ALLOCATE);
  th_stun_builder_add_u32 (&client->builder, TH_STUN_REQUESTED_TRANSPORT, (guint32) protocol << 24);
  return client_end (client);
}

static int
allocate_family (WorldClient *client, guint16 type, guint8 family)
{
  client_begin_allocate (client);
  th_stun_builder_add_u32 (&client->builder, type, (guint32) family << 24);
  return client_end (client);
}

static void
assert_address_error (WorldClient *client, ThStunFamily family, guint code)
{
  ThStunAttribute error = client_answer_get (client, TH_STUN_ADDRESS_ERROR_CODE);

  g_assert_cmpuint (error.length, >=, 4);
  g_assert_cmpuint (error.value[0], ==, family);
  g_assert_cmpuint (error.value[2] * 100u + error.value[3], ==, code);
}

static void
test_success_tells_all (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  ThAddress relayed, mapped;

  g_assert_cmpint (client_allocate (ada), ==, 0);
  relayed = client_answer_address (ada, TH_STUN_XOR_RELAYED_ADDRESS);
  g_assert_true (th_address_same_host (&relayed, &world->config->hosts[0].external));
  g_assert_cmpuint (th_address_port (&relayed), >=, 49152);
  g_assert_nonnull (world_socket_behind (world, &relayed));
  mapped = client_answer_address (ada, TH_STUN_XOR_MAPPED_ADDRESS);
  g_assert_true (th_address_equal (&mapped, &ada->tuple.address));
  g_assert_cmpuint (client_answer_u32 (ada, TH_STUN_LIFETIME), ==, TH_TURN_LIFETIME_DEFAULT);
  g_assert_false (client_answer_has (ada, TH_STUN_RESERVATION_TOKEN));
  g_assert_false (client_answer_has (ada, TH_STUN_ADDRESS_ERROR_CODE));
  g_assert_false (client_answer_has (ada, TH_STUN_SOFTWARE));

  g_assert_cmpuint (th_turn_server_count (world->server), ==, 1);
  g_assert_cmpuint (world->n_started, ==, 1);
  g_assert_cmpuint (COUNTED (world, allocations), ==, 1);
}

static void
test_record_says_who (void)
{
  const WorldUser user = { "1700009999:ada", "key", "ada", 1700009999, 7 };
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, user.name);
  g_autoptr (ThTurnRecord) record = NULL;

  world_set_users (world, &user, 1);
  ada->password = user.password;
  g_assert_cmpint (client_allocate (ada), ==, 0);

  record = th_turn_record_ref (client_relay_end (ada)->allocation->record);
  g_assert_cmpint (client_refresh (ada, 0), ==, 0);
  g_assert_cmpstr (record->user, ==, "ada");
  g_assert_cmpuint (record->secret, ==, 7);
  g_assert_cmpint (record->expires_at, ==, 1700009999);
  g_assert_cmpint (record->started_at, ==, world->wall);
  g_assert_cmpint (record->challenged_at, ==, world->wall);
  g_assert_true (th_address_equal (&record->client, &ada->tuple.address));
  g_assert_true (th_address_equal (&record->relayed[0], &ada->relayed));
  g_assert_false (th_address_is_set (&record->relayed[1]));
}

static void
test_software_is_told_to_users_alone (void)
{
  const WorldSetup setup = { .software = "Turnhouse of the tests" };
  g_autoptr (World) world = world_new (&setup);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (client_ask_nonce (ada), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_false (client_answer_has (ada, TH_STUN_SOFTWARE));
  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_assert_true (client_answer_has (ada, TH_STUN_SOFTWARE));
}

static void
test_lifetimes_are_bounded (void)
{
  static const struct {
    guint32 asked, given;
  } cases[] = {
    { 0, 600 }, { 1, 600 }, { 599, 600 }, { 601, 601 }, { 3600, 3600 }, { 3601, 3600 },
    { G_MAXUINT32, 3600 },
  };
  g_autoptr (World) world = world_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WorldClient) ada = client_new (world, "ada");

      g_assert_cmpint (allocate_with_lifetime (ada, cases[i].asked), ==, 0);
      g_assert_cmpuint (client_answer_u32 (ada, TH_STUN_LIFETIME), ==, cases[i].given);
    }
}

static void
test_wrong_lengths_are_bad_requests (void)
{
  static const struct {
    guint16 type;
    gsize length;
  } cases[] = {
    { TH_STUN_LIFETIME, 0 },
    { TH_STUN_LIFETIME, 3 },
    { TH_STUN_LIFETIME, 5 },
    { TH_STUN_REQUESTED_ADDRESS_FAMILY, 0 },
    { TH_STUN_REQUESTED_ADDRESS_FAMILY, 1 },
    { TH_STUN_REQUESTED_ADDRESS_FAMILY, 8 },
    { TH_STUN_ADDITIONAL_ADDRESS_FAMILY, 1 },
    { TH_STUN_EVEN_PORT, 0 },
    { TH_STUN_EVEN_PORT, 4 },
    { TH_STUN_RESERVATION_TOKEN, 0 },
    { TH_STUN_RESERVATION_TOKEN, 7 },
    { TH_STUN_RESERVATION_TOKEN, 9 },
  };
  static const char bytes[] = "\2\2\2\2\2\2\2\2\2";
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (allocate_with_bytes (ada, cases[i].type, bytes, cases[i].length), ==,
                     TH_STUN_BAD_REQUEST);
  g_assert_cmpuint (th_turn_server_count (world->server), ==, 0);
  g_assert_cmpuint (world->n_opened, ==, 0);
}

static void
test_same_transaction_same_bytes (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  g_autoptr (GByteArray) first = g_byte_array_new ();

  ada->fingerprint = TRUE;
  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_byte_array_append (first, ada->answer->data, ada->answer->len);
  for (guint i = 0; i < 3; i++)
    {
      world_advance (world, SECONDS (13));
      g_assert_cmpint (client_repeat (ada), ==, 0);
      g_assert_cmpmem (ada->answer->data, ada->answer->len, first->data, first->len);
    }
  g_assert_cmpuint (world->n_opened, ==, 1);
  g_assert_cmpuint (COUNTED (world, allocations), ==, 1);
}

/* A repetition must not lengthen the life of what it asked for. */
static void
test_repetition_does_not_extend (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (client_allocate (ada), ==, 0);
  world_advance (world, SECONDS (599));
  g_assert_cmpint (client_repeat (ada), ==, 0);
  world_advance (world, SECONDS (1));
  g_assert_cmpuint (th_turn_server_count (world->server), ==, 0);
}

static void
test_another_transaction_is_a_mismatch (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_assert_cmpint (allocate_with_lifetime (ada, 3600), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpint (allocate_over (ada, TH_TURN_TRANSPORT_TCP), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpuint (th_turn_server_count (world->server), ==, 1);
}

/* Address, port, the server's own address and the transport: each makes another client. */
static void
test_each_part_of_the_five_tuple_counts (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  const ThTurnClient tuple = ada->tuple;

  g_assert_cmpint (client_allocate (ada), ==, 0);

  th_address_set_port (&ada->tuple.address, 40001);
  ada->nonce[0] = '\0';
  g_assert_cmpint (client_allocate (ada), ==, 0);

  ada->tuple = tuple;
  ada->tuple.transport = TH_TRANSPORT_TCP;
  ada->nonce[0] = '\0';
  g_assert_cmpint (client_allocate (ada), ==, 0);

  ada->tuple = tuple;
  th_address_set_port (&ada->tuple.local, 5349);
  g_assert_cmpint (client_allocate (ada), ==, 0);

  g_assert_cmpuint (th_turn_server_count (world->server), ==, 4);
}

static void
test_requested_transport (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  client_begin (ada, TH_STUN_ALLOCATE);
  g_assert_cmpint (client_end (ada), ==, TH_STUN_BAD_REQUEST);
  client_begin (ada, TH_STUN_ALLOCATE);
  th_stun_builder_add_bytes (&ada->builder, TH_STUN_REQUESTED_TRANSPORT, "\21", 1);
  g_assert_cmpint (client_end (ada), ==, TH_STUN_BAD_REQUEST);

  g_assert_cmpint (allocate_over (ada, TH_TURN_TRANSPORT_TCP), ==, TH_STUN_UNSUPPORTED_TRANSPORT);
  g_assert_cmpint (allocate_over (ada, 1), ==, TH_STUN_UNSUPPORTED_TRANSPORT);
  g_assert_cmpint (allocate_over (ada, 132), ==, TH_STUN_UNSUPPORTED_TRANSPORT);
  g_assert_cmpint (allocate_over (ada, 0), ==, TH_STUN_UNSUPPORTED_TRANSPORT);
  g_assert_cmpuint (world->n_opened, ==, 0);
  g_assert_cmpint (allocate_over (ada, TH_TURN_TRANSPORT_UDP), ==, 0);
}

static void
test_unknown_families (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (allocate_family (ada, TH_STUN_REQUESTED_ADDRESS_FAMILY, 0), ==,
                   TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED);
  g_assert_cmpint (allocate_family (ada, TH_STUN_REQUESTED_ADDRESS_FAMILY, 3), ==,
                   TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED);
  g_assert_cmpint (allocate_family (ada, TH_STUN_REQUESTED_ADDRESS_FAMILY, 255), ==,
                   TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED);
  g_assert_cmpuint (world->n_opened, ==, 0);
}

static void
test_requested_family (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  g_autoptr (WorldClient) bob = client_new (world, "bob");
  ThAddress relayed;

  g_assert_cmpint (allocate_family (ada, TH_STUN_REQUESTED_ADDRESS_FAMILY, TH_STUN_FAMILY_IPV6),
                   ==, 0);
  relayed = client_answer_address (ada, TH_STUN_XOR_RELAYED_ADDRESS);
  g_assert_true (th_address_same_host (&relayed, &world->config->hosts[1].external));

  g_assert_cmpint (allocate_family (bob, TH_STUN_REQUESTED_ADDRESS_FAMILY, TH_STUN_FAMILY_IPV4),
                   ==, 0);
  relayed = client_answer_address (bob, TH_STUN_XOR_RELAYED_ADDRESS);
  g_assert_true (th_address_same_host (&relayed, &world->config->hosts[0].external));
}

static void
test_family_that_is_not_there (void)
{
  const WorldSetup only_ipv6 = { .hosts = { WORLD_IPV6 } };
  g_autoptr (World) world = world_new (&only_ipv6);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (client_allocate (ada), ==, TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED);
  g_assert_cmpint (allocate_family (ada, TH_STUN_REQUESTED_ADDRESS_FAMILY, TH_STUN_FAMILY_IPV4),
                   ==, TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED);
  g_assert_cmpint (allocate_family (ada, TH_STUN_REQUESTED_ADDRESS_FAMILY, TH_STUN_FAMILY_IPV6),
                   ==, 0);
}

/* By the attribute's number in the RFC, or that of its draft, which coturn's clients use. */
static void
test_both_families (gconstpointer type)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  guint n_relayed = 0;
  ThStunIter iter;
  ThStunAttribute attribute;

  g_assert_cmpint (allocate_family (ada, (guint16) GPOINTER_TO_UINT (type), TH_STUN_FAMILY_IPV6),
                   ==, 0);
  th_stun_iter_init (&iter, &ada->message);
  while (th_stun_iter_next (&iter, &attribute))
    {
      ThAddress relayed;

      if (attribute.type != TH_STUN_XOR_RELAYED_ADDRESS)
        continue;
      g_assert_true (th_stun_attribute_get_xor_address (&attribute, &ada->message, &relayed));
      g_assert_true (
          th_address_same_host (&relayed, &world->config->hosts[n_relayed].external));
      g_assert_nonnull (world_socket_behind (world, &relayed));
      n_relayed++;
    }
  g_assert_cmpuint (n_relayed, ==, 2);
  g_assert_false (client_answer_has (ada, TH_STUN_ADDRESS_ERROR_CODE));
  g_assert_cmpuint (th_turn_server_count (world->server), ==, 1);
}

/* RFC 8656, section 7.2: one of two is a success that names the other's error. */
static void
test_one_family_of_two_is_a_partial_success (void)
{
  const WorldSetup only_ipv4 = { .hosts = { WORLD_IPV4 } };
  const WorldSetup only_ipv6 = { .hosts = { WORLD_IPV6 } };
  g_autoptr (World) first = world_new (&only_ipv4);
  g_autoptr (World) second = world_new (&only_ipv6);
  g_autoptr (WorldClient) ada = client_new (first, "ada");
  g_autoptr (WorldClient) bob = client_new (second, "bob");
  ThAddress relayed;

  g_assert_cmpint (allocate_family (ada, TH_STUN_ADDITIONAL_ADDRESS_FAMILY, TH_STUN_FAMILY_IPV6),
                   ==, 0);
  relayed = client_answer_address (ada, TH_STUN_XOR_RELAYED_ADDRESS);
  g_assert_true (th_address_is_ipv4 (&relayed));
  assert_address_error (ada, TH_STUN_FAMILY_IPV6, TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED);

  g_assert_cmpint (allocate_family (bob, TH_STUN_ADDITIONAL_ADDRESS_FAMILY, TH_STUN_FAMILY_IPV6),
                   ==, 0);
  relayed = client_answer_address (bob, TH_STUN_XOR_RELAYED_ADDRESS);
  g_assert_true (th_address_is_ipv6 (&relayed));
  assert_address_error (bob, TH_STUN_FAMILY_IPV4, TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED);
  g_assert_cmpint (client_repeat (bob), ==, 0);
  assert_address_error (bob, TH_STUN_FAMILY_IPV4, TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED);
}

static void
test_both_families_and_none_left (void)
{
  const WorldSetup setup = { .port_min = 50000, .port_max = 50000 };
  g_autoptr (World) world = world_new (&setup);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  g_autoptr (WorldClient) bob = client_new (world, "bob");

  g_assert_cmpint (allocate_family (ada, TH_STUN_ADDITIONAL_ADDRESS_FAMILY, TH_STUN_FAMILY_IPV6),
                   ==, 0);
  g_assert_cmpint (allocate_family (bob, TH_STUN_ADDITIONAL_ADDRESS_FAMILY, TH_STUN_FAMILY_IPV6),
                   ==, TH_STUN_INSUFFICIENT_CAPACITY);
}

static void
test_additional_family_must_be_ipv6_and_alone (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  g_assert_cmpint (allocate_family (ada, TH_STUN_ADDITIONAL_ADDRESS_FAMILY, TH_STUN_FAMILY_IPV4),
                   ==, TH_STUN_BAD_REQUEST);
  client_begin_allocate (ada);
  th_stun_builder_add_u32 (&ada->builder, TH_STUN_REQUESTED_ADDRESS_FAMILY, 0x01000000);
  th_stun_builder_add_u32 (&ada->builder, TH_STUN_ADDITIONAL_ADDRESS_FAMILY, 0x02000000);
  g_assert_cmpint (client_end (ada), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpuint (world->n_opened, ==, 0);
}

static void
test_dont_fragment_is_understood (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");

  client_begin_allocate (ada);
  th_stun_builder_add_flag (&ada->builder, TH_STUN_DONT_FRAGMENT);
  g_assert_cmpint (client_end (ada), ==, 0);
}

/* A relay host that others can reach is chosen even for a client on this machine. */
static void
test_host_is_chosen_by_where_the_client_came_in (void)
{
  const WorldSetup setup = { .hosts = { "127.0.0.1", "198.51.100.1", "198.51.100.2" } };
  static const struct {
    const char *local;
    guint host;
  } cases[] = { { "198.51.100.2", 2 }, { "198.51.100.1", 1 }, { "127.0.0.1", 1 } };
  g_autoptr (World) world = world_new (&setup);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WorldClient) ada = client_new (world, "ada");

      ada->tuple.local = address_and_port (cases[i].local, WORLD_PORT);
      g_assert_cmpint (client_allocate (ada), ==, 0);
      g_assert_true (th_address_same_host (&ada->relayed,
                                           &world->config->hosts[cases[i].host].external));
    }
}

static void
test_gone_connection_ends_the_session (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  g_autoptr (WorldClient) bob = client_new (world, "bob");

  ada->tuple.transport = TH_TRANSPORT_TCP;
  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_assert_cmpint (client_allocate (bob), ==, 0);
  th_turn_server_client_gone (world->server, &ada->tuple);
  g_assert_cmpuint (th_turn_server_count (world->server), ==, 1);
  g_assert_cmpint (world->last_end, ==, TH_SESSION_END_CLIENT_GONE);
  g_assert_cmpuint (g_hash_table_size (world->sockets), ==, 1);
  th_turn_server_client_gone (world->server, &ada->tuple);
  g_assert_cmpuint (world->n_ended, ==, 1);
}

static gboolean
is_of_user (const ThTurnRecord *record, gconstpointer user)
{
  return g_str_equal (record->user, user);
}

static void
test_owner_ends_chosen_sessions (void)
{
  g_autoptr (World) world = world_new (NULL);

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (WorldClient) client = client_new (world, i % 4 == 0 ? "bob" : "ada");

      g_assert_cmpint (client_allocate (client), ==, 0);
    }
  g_assert_cmpuint (th_turn_server_end_sessions (world->server, is_of_user, "ada"), ==, 15);
  g_assert_cmpint (world->last_end, ==, TH_SESSION_END_REVOKED);
  g_assert_cmpuint (th_turn_server_count (world->server), ==, 5);
  g_assert_cmpuint (th_turn_server_end_sessions (world->server, is_of_user, "ada"), ==, 0);
  g_assert_cmpuint (g_hash_table_size (world->sockets), ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/allocate/success-tells-all", test_success_tells_all);
  g_test_add_func ("/turn/allocate/record-says-who", test_record_says_who);
  g_test_add_func ("/turn/allocate/software-is-told-to-users-alone",
                   test_software_is_told_to_users_alone);
  g_test_add_func ("/turn/allocate/lifetimes-are-bounded", test_lifetimes_are_bounded);
  g_test_add_func ("/turn/allocate/wrong-lengths-are-bad-requests",
                   test_wrong_lengths_are_bad_requests);
  g_test_add_func ("/turn/allocate/same-transaction-same-bytes", test_same_transaction_same_bytes);
  g_test_add_func ("/turn/allocate/repetition-does-not-extend", test_repetition_does_not_extend);
  g_test_add_func ("/turn/allocate/another-transaction-is-a-mismatch",
                   test_another_transaction_is_a_mismatch);
  g_test_add_func ("/turn/allocate/each-part-of-the-five-tuple-counts",
                   test_each_part_of_the_five_tuple_counts);
  g_test_add_func ("/turn/allocate/requested-transport", test_requested_transport);
  g_test_add_func ("/turn/allocate/unknown-families", test_unknown_families);
  g_test_add_func ("/turn/allocate/requested-family", test_requested_family);
  g_test_add_func ("/turn/allocate/family-that-is-not-there", test_family_that_is_not_there);
  g_test_add_data_func ("/turn/allocate/both-families",
                        GUINT_TO_POINTER (TH_STUN_ADDITIONAL_ADDRESS_FAMILY), test_both_families);
  g_test_add_data_func ("/turn/allocate/both-families-as-in-the-draft",
                        GUINT_TO_POINTER (TH_STUN_ADDITIONAL_ADDRESS_FAMILY_DRAFT),
                        test_both_families);
  g_test_add_func ("/turn/allocate/one-family-of-two-is-a-partial-success",
                   test_one_family_of_two_is_a_partial_success);
  g_test_add_func ("/turn/allocate/both-families-and-none-left", test_both_families_and_none_left);
  g_test_add_func ("/turn/allocate/additional-family-must-be-ipv6-and-alone",
                   test_additional_family_must_be_ipv6_and_alone);
  g_test_add_func ("/turn/allocate/dont-fragment-is-understood", test_dont_fragment_is_understood);
  g_test_add_func ("/turn/allocate/host-is-chosen-by-where-the-client-came-in",
                   test_host_is_chosen_by_where_the_client_came_in);
  g_test_add_func ("/turn/allocate/gone-connection-ends-the-session",
                   test_gone_connection_ends_the_session);
  g_test_add_func ("/turn/allocate/owner-ends-chosen-sessions", test_owner_ends_chosen_sessions);
  return g_test_run ();
}
