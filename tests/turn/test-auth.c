/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who may speak (RFC 8489, section 9.2.4): names and proofs that are missing, misshapen, wrong or
 * somebody else's.
 */
#include <string.h>

#include "addresses.h"
#include "stun/integrity.h"
#include "world-client.h"

typedef struct {
  World *world;
  WorldClient *ada; /* has a nonce */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->world = world_new (NULL);
  fixture->ada = client_new (fixture->world, "ada");
  g_assert_cmpint (client_ask_nonce (fixture->ada), ==, TH_STUN_UNAUTHENTICATED);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  client_free (fixture->ada);
  world_free (fixture->world);
}

/* A name of @length bytes in place of the client's own. */
static int
allocate_as (WorldClient *client, const char *name, gsize length)
{
  client_begin_allocate (client);
  th_stun_builder_add_bytes (&client->builder, TH_STUN_USERNAME, name, length);
  th_stun_builder_add_string (&client->builder, TH_STUN_REALM, WORLD_REALM);
  th_stun_builder_add_string (&client->builder, TH_STUN_NONCE, client->nonce);
  client_add_proof (client);
  return client_exchange (client);
}

static void
test_right_password (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_allocate (fixture->ada), ==, 0);
  g_assert_true (fixture->ada->answer_is_signed);
  g_assert_cmpuint (COUNTED (fixture->world, wrong_credentials), ==, 0);
}

static void
test_wrong_password (Fixture *fixture, gconstpointer data)
{
  fixture->ada->password = "lovelac3";
  g_assert_cmpint (client_allocate (fixture->ada), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_false (fixture->ada->answer_is_signed);
  g_assert_true (client_answer_has (fixture->ada, TH_STUN_NONCE));
  g_assert_cmpuint (COUNTED (fixture->world, wrong_credentials), ==, 1);
  g_assert_cmpuint (COUNTED (fixture->world, expired_credentials), ==, 0);
  g_assert_cmpuint (COUNTED (fixture->world, challenges), ==, 2);
}

static void
test_unknown_user (Fixture *fixture, gconstpointer data)
{
  fixture->ada->user = "eve";
  g_assert_cmpint (client_allocate (fixture->ada), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_false (fixture->ada->answer_is_signed);
}

static void
test_every_method_but_binding_asks_for_proof (Fixture *fixture, gconstpointer data)
{
  static const guint16 methods[] = { TH_STUN_ALLOCATE, TH_STUN_REFRESH, TH_STUN_CREATE_PERMISSION,
                                     TH_STUN_CHANNEL_BIND };

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      client_begin (fixture->ada, methods[i]);
      g_assert_cmpint (client_exchange (fixture->ada), ==, TH_STUN_UNAUTHENTICATED);
    }
  client_begin (fixture->ada, TH_STUN_BINDING);
  g_assert_cmpint (client_exchange (fixture->ada), ==, 0);
}

/* With a proof, yet without who is to have given it, for what, or when. */
static void
test_missing_parts_are_bad_requests (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;
  const struct {
    guint16 type;
    const char *value;
  } parts[] = {
    { TH_STUN_USERNAME, "ada" },
    { TH_STUN_REALM, WORLD_REALM },
    { TH_STUN_NONCE, ada->nonce },
  };

  for (gsize missing = 0; missing < G_N_ELEMENTS (parts); missing++)
    {
      client_begin_allocate (ada);
      for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
        if (i != missing)
          th_stun_builder_add_string (&ada->builder, parts[i].type, parts[i].value);
      client_add_proof (ada);
      g_assert_cmpint (client_exchange (ada), ==, TH_STUN_BAD_REQUEST);
      g_assert_false (ada->answer_is_signed);
      g_assert_false (client_answer_has (ada, TH_STUN_NONCE));
    }
  g_assert_cmpuint (fixture->world->n_questions, ==, 0);
}

static void
test_oversize_parts_are_bad_requests (Fixture *fixture, gconstpointer data)
{
  static const struct {
    guint16 type;
    gsize length;
  } cases[] = {
    { TH_STUN_USERNAME, TH_STUN_USERNAME_MAX + 1 },
    { TH_STUN_REALM, TH_STUN_REALM_MAX + 1 },
    { TH_STUN_NONCE, TH_STUN_NONCE_MAX + 1 },
  };
  WorldClient *ada = fixture->ada;
  g_autofree char *long_text = g_strnfill (1000, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      /* The first of two counts, so the good ones behind it do not. */
      client_begin_allocate (ada);
      th_stun_builder_add_bytes (&ada->builder, cases[i].type, long_text, cases[i].length);
      client_add_names (ada);
      client_add_proof (ada);
      g_assert_cmpint (client_exchange (ada), ==, TH_STUN_BAD_REQUEST);
    }
  g_assert_cmpuint (fixture->world->n_questions, ==, 0);
}

static void
test_longest_username (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = g_strnfill (TH_STUN_USERNAME_MAX, 'n');
  const WorldUser user = { .name = name, .password = "lovelace" };
  WorldClient *ada = fixture->ada;

  world_set_users (fixture->world, &user, 1);
  ada->user = name;
  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_assert_cmpint (client_refresh (ada, 600), ==, 0);
  g_assert_cmpuint (strlen (client_relay_end (ada)->allocation->record->user), ==,
                    TH_TURN_USER_SIZE - 1);
}

static void
test_strange_usernames_prove_nothing (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *name;
    gsize length;
  } names[] = {
    { "", 0 },           { "\0", 1 },         { "ada\0", 4 },
    { "ada\0bob", 7 },   { "ada\n", 4 },      { "%s%n%s%n%1000000d", 17 },
    { "\xff\xfe", 2 },   { "\xc0\x80", 2 },   { "\xed\xa0\x80", 3 },
    { "ad", 2 },         { "adaa", 4 },       { "ADA", 3 },
    { "\xf0\x9f", 2 },   { " ada", 4 },       { "ada ", 4 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpint (allocate_as (fixture->ada, names[i].name, names[i].length), ==,
                     TH_STUN_UNAUTHENTICATED);
  g_assert_cmpuint (th_turn_server_count (fixture->world->server), ==, 0);
}

/* Names are bytes: whoever has such a one is served with it. */
static void
test_strange_usernames_of_real_users (Fixture *fixture, gconstpointer data)
{
  static const WorldUser users[] = {
    { .name = "%s%n", .password = "lovelace" },
    { .name = "two\nlines", .password = "lovelace" },
    { .name = "\xc3\xa9" "cole", .password = "lovelace" },
    { .name = "\xff", .password = "lovelace" },
  };

  world_set_users (fixture->world, users, G_N_ELEMENTS (users));
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    {
      g_autoptr (WorldClient) client = client_new (fixture->world, users[i].name);

      g_assert_cmpint (client_allocate (client), ==, 0);
      g_assert_cmpint (client_refresh (client, 600), ==, 0);
    }
}

static void
test_userhash (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  ada->by_hash = TRUE;
  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_assert_cmpint (client_refresh (ada, 600), ==, 0);
  g_assert_cmpint (client_refresh (ada, 0), ==, 0);

  ada->user = "eve";
  g_assert_cmpint (client_allocate (ada), ==, TH_STUN_UNAUTHENTICATED);
}

static void
test_userhash_for_an_allocation_made_by_name (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_allocate (fixture->ada), ==, 0);
  fixture->ada->by_hash = TRUE;
  g_assert_cmpint (client_refresh (fixture->ada, 600), ==, 0);
}

static void
test_userhash_of_wrong_length (Fixture *fixture, gconstpointer data)
{
  static const gsize lengths[] = { 0, 31, 33, 64 };
  static const guint8 hash[64];
  WorldClient *ada = fixture->ada;

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      client_begin_allocate (ada);
      th_stun_builder_add_bytes (&ada->builder, TH_STUN_USERHASH, hash, lengths[i]);
      th_stun_builder_add_string (&ada->builder, TH_STUN_REALM, WORLD_REALM);
      th_stun_builder_add_string (&ada->builder, TH_STUN_NONCE, ada->nonce);
      client_add_proof (ada);
      g_assert_cmpint (client_exchange (ada), ==, TH_STUN_BAD_REQUEST);
    }
}

static int
allocate_with_integrity (WorldClient *client, guint16 type, gsize length)
{
  static const guint8 zeros[64];

  client_begin_allocate (client);
  client_add_names (client);
  th_stun_builder_add_bytes (&client->builder, type, zeros, length);
  return client_exchange (client);
}

static void
test_integrity_of_strange_lengths (Fixture *fixture, gconstpointer data)
{
  static const gsize lengths[] = { 0, 1, 4, 12, 15, 16, 19, 20, 21, 32, 33, 36, 64 };
  WorldClient *ada = fixture->ada;

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_assert_cmpint (allocate_with_integrity (ada, TH_STUN_MESSAGE_INTEGRITY, lengths[i]), ==,
                       TH_STUN_UNAUTHENTICATED);
      g_assert_cmpint (allocate_with_integrity (ada, TH_STUN_MESSAGE_INTEGRITY_SHA256, lengths[i]),
                       ==, TH_STUN_UNAUTHENTICATED);
    }
}

/* Every bit of the proof and of what it covers counts. */
static void
test_any_bit_that_is_altered (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  client_begin_allocate (ada);
  client_add_names (ada);
  client_add_proof (ada);
  ada->request_length = th_stun_builder_end (&ada->builder);
  for (gsize bit = 8 * 8; bit < 8 * ada->request_length; bit++)
    {
      ada->request[bit / 8] ^= (guint8) (1 << bit % 8);
      g_assert_cmpint (client_repeat (ada), !=, 0);
      ada->request[bit / 8] ^= (guint8) (1 << bit % 8);
    }
  g_assert_cmpuint (th_turn_server_count (fixture->world->server), ==, 0);
  g_assert_cmpint (client_repeat (ada), ==, 0);
}

/* What stands behind the proof was not proven by it. */
static void
test_what_follows_integrity_is_ignored (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  client_begin_allocate (ada);
  client_add_names (ada);
  client_add_proof (ada);
  th_stun_builder_add_u32 (&ada->builder, TH_STUN_LIFETIME, 3600);
  th_stun_builder_add_u32 (&ada->builder, TH_STUN_REQUESTED_ADDRESS_FAMILY, 0x02000000);
  th_stun_builder_add_flag (&ada->builder, 0x7FFF); /* unknown, were it seen */
  g_assert_cmpint (client_exchange (ada), ==, 0);
  g_assert_cmpuint (client_answer_u32 (ada, TH_STUN_LIFETIME), ==, TH_TURN_LIFETIME_DEFAULT);
  ada->relayed = client_answer_address (ada, TH_STUN_XOR_RELAYED_ADDRESS);
  g_assert_true (th_address_is_ipv4 (&ada->relayed));
}

static void
test_peer_behind_integrity_is_ignored (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;
  ThAddress proven = address ("8.8.4.4"), slipped_in = address ("8.8.8.8");

  g_assert_cmpint (client_allocate (ada), ==, 0);
  client_begin (ada, TH_STUN_CREATE_PERMISSION);
  th_stun_builder_add_xor_address (&ada->builder, TH_STUN_XOR_PEER_ADDRESS, &proven);
  client_add_names (ada);
  client_add_proof (ada);
  th_stun_builder_add_xor_address (&ada->builder, TH_STUN_XOR_PEER_ADDRESS, &slipped_in);
  g_assert_cmpint (client_exchange (ada), ==, 0);
  g_assert_cmpint (client_send (ada, &proven, "x"), ==, TH_TURN_TO_PEER);
  g_assert_cmpint (client_send (ada, &slipped_in, "x"), ==, TH_TURN_NOTHING);
}

static void
test_name_behind_integrity_is_missing (Fixture *fixture, gconstpointer data)
{
  client_begin_allocate (fixture->ada);
  client_add_proof (fixture->ada);
  client_add_names (fixture->ada);
  g_assert_cmpint (client_exchange (fixture->ada), ==, TH_STUN_BAD_REQUEST);
}

static void
test_others_allocations_are_closed_to_me (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;
  g_autoptr (WorldClient) bob = client_new (fixture->world, "bob");
  ThAddress peer = address ("8.8.4.4");

  g_assert_cmpint (client_allocate (ada), ==, 0);
  bob->tuple = ada->tuple; /* as if behind the same NAT binding */
  g_assert_cmpint (client_allocate (bob), ==, TH_STUN_WRONG_CREDENTIALS);
  g_assert_cmpint (client_refresh (bob, 0), ==, TH_STUN_WRONG_CREDENTIALS);
  g_assert_cmpint (client_permit (bob, &peer), ==, TH_STUN_WRONG_CREDENTIALS);
  g_assert_cmpint (client_bind (bob, 0x4000, &peer), ==, TH_STUN_WRONG_CREDENTIALS);
  bob->by_hash = TRUE;
  g_assert_cmpint (client_refresh (bob, 0), ==, TH_STUN_WRONG_CREDENTIALS);

  g_assert_cmpint (client_send (ada, &peer, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_refresh (ada, 600), ==, 0);
}

/* A name that is the beginning of the owner's, or has his for its beginning, is another name. */
static void
test_names_are_compared_whole (Fixture *fixture, gconstpointer data)
{
  static const WorldUser users[] = { { .name = "ada", .password = "lovelace" },
                                     { .name = "ad", .password = "lovelace" },
                                     { .name = "adam", .password = "lovelace" } };
  WorldClient *ada = fixture->ada;

  world_set_users (fixture->world, users, G_N_ELEMENTS (users));
  g_assert_cmpint (client_allocate (ada), ==, 0);
  for (gsize i = 1; i < G_N_ELEMENTS (users); i++)
    {
      ada->user = users[i].name;
      g_assert_cmpint (client_refresh (ada, 0), ==, TH_STUN_WRONG_CREDENTIALS);
    }
}

/* Even the very bytes of the owner's Allocate, but another name. */
static void
test_repetition_by_another_user (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;
  g_autoptr (WorldClient) bob = client_new (fixture->world, "bob");

  g_assert_cmpint (client_allocate (ada), ==, 0);
  bob->tuple = ada->tuple;
  memcpy (bob->nonce, ada->nonce, sizeof bob->nonce);
  bob->nonce_time = ada->nonce_time;
  bob->serial = ada->serial - 1;
  g_assert_cmpint (client_allocate (bob), ==, TH_STUN_WRONG_CREDENTIALS);
  g_assert_cmpmem (bob->request + 8, 12, ada->request + 8, 12);
}

int
main (int argc, char **argv)
{
#define ADD(name, test) g_test_add ("/turn/auth/" name, Fixture, NULL, set_up, test, tear_down)

  g_test_init (&argc, &argv, NULL);
  ADD ("right-password", test_right_password);
  ADD ("wrong-password", test_wrong_password);
  ADD ("unknown-user", test_unknown_user);
  ADD ("every-method-but-binding-asks-for-proof", test_every_method_but_binding_asks_for_proof);
  ADD ("missing-parts-are-bad-requests", test_missing_parts_are_bad_requests);
  ADD ("oversize-parts-are-bad-requests", test_oversize_parts_are_bad_requests);
  ADD ("longest-username", test_longest_username);
  ADD ("strange-usernames-prove-nothing", test_strange_usernames_prove_nothing);
  ADD ("strange-usernames-of-real-users", test_strange_usernames_of_real_users);
  ADD ("userhash", test_userhash);
  ADD ("userhash-for-an-allocation-made-by-name", test_userhash_for_an_allocation_made_by_name);
  ADD ("userhash-of-wrong-length", test_userhash_of_wrong_length);
  ADD ("integrity-of-strange-lengths", test_integrity_of_strange_lengths);
  ADD ("any-bit-that-is-altered", test_any_bit_that_is_altered);
  ADD ("what-follows-integrity-is-ignored", test_what_follows_integrity_is_ignored);
  ADD ("peer-behind-integrity-is-ignored", test_peer_behind_integrity_is_ignored);
  ADD ("name-behind-integrity-is-missing", test_name_behind_integrity_is_missing);
  ADD ("others-allocations-are-closed-to-me", test_others_allocations_are_closed_to_me);
  ADD ("names-are-compared-whole", test_names_are_compared_whole);
  ADD ("repetition-by-another-user", test_repetition_by_another_user);
  return g_test_run ();
}
