/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is no request for a TURN server, or not quite one: broken frames, other protocols, answers
 * sent to the server, unknown methods and attributes. And Binding, which is for everyone.
 */
#include <string.h>

#include "addresses.h"
#include "stun/bytes.h"
#include "world-client.h"

typedef struct {
  World *world;
  WorldClient *ada; /* has an allocation */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->world = world_new (NULL);
  fixture->ada = client_new (fixture->world, "ada");
  g_assert_cmpint (client_allocate (fixture->ada), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  client_free (fixture->ada);
  world_free (fixture->world);
}

static ThTurnVerb
bring (Fixture *fixture, gconstpointer bytes, gsize length)
{
  return world_from_client (fixture->world, &fixture->ada->tuple, bytes, length);
}

/* A Binding request, to be damaged. */
static gsize
make_binding (guint8 *bytes, gsize size)
{
  ThStunBuilder builder;

  th_stun_builder_init (&builder, bytes, size, TH_STUN_REQUEST, TH_STUN_BINDING,
                        (const guint8 *) "transaction.");
  th_stun_builder_add_string (&builder, TH_STUN_SOFTWARE, "tests");
  return th_stun_builder_end (&builder);
}

static void
test_shorter_than_a_header (Fixture *fixture, gconstpointer data)
{
  guint8 bytes[64];

  make_binding (bytes, sizeof bytes);
  for (gsize length = 0; length < TH_STUN_HEADER_SIZE; length++)
    g_assert_cmpint (bring (fixture, bytes, length), ==, TH_TURN_NOTHING);
  g_assert_cmpuint (COUNTED (fixture->world, malformed), ==, TH_STUN_HEADER_SIZE);
}

static void
test_other_first_bits (Fixture *fixture, gconstpointer data)
{
  guint8 bytes[64];
  gsize length = make_binding (bytes, sizeof bytes);

  for (guint first = 0x80; first <= 0xFF; first++)
    {
      bytes[0] = (guint8) first;
      g_assert_cmpint (bring (fixture, bytes, length), ==, TH_TURN_NOTHING);
    }
  g_assert_cmpuint (COUNTED (fixture->world, malformed), ==, 128);
}

/* RFC 3489 had no magic cookie; its clients are not served. */
static void
test_classic_stun (Fixture *fixture, gconstpointer data)
{
  guint8 bytes[64];
  gsize length = make_binding (bytes, sizeof bytes);

  for (guint bit = 0; bit < 32; bit++)
    {
      bytes[4 + bit / 8] ^= (guint8) (1 << bit % 8);
      g_assert_cmpint (bring (fixture, bytes, length), ==, TH_TURN_NOTHING);
      bytes[4 + bit / 8] ^= (guint8) (1 << bit % 8);
    }
  g_assert_cmpint (bring (fixture, bytes, length), ==, TH_TURN_TO_CLIENT);
}

static void
test_wrong_lengths (Fixture *fixture, gconstpointer data)
{
  guint8 bytes[64];
  gsize length = make_binding (bytes, sizeof bytes);

  for (guint said = 0; said <= G_MAXUINT16; said++)
    {
      th_write_u16 (bytes + 2, (guint16) said);
      if (said != length - TH_STUN_HEADER_SIZE)
        g_assert_cmpint (bring (fixture, bytes, length), ==, TH_TURN_NOTHING);
    }
  g_assert_cmpuint (COUNTED (fixture->world, malformed), ==, G_MAXUINT16);
  g_assert_cmpuint (COUNTED (fixture->world, bindings), ==, 0);
}

static void
test_attribute_past_the_end (Fixture *fixture, gconstpointer data)
{
  static const guint16 lengths[] = { 9, 12, 100, 0x7FFF, 0xFFFC, 0xFFFF };
  guint8 bytes[64];
  gsize length = make_binding (bytes, sizeof bytes);

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      th_write_u16 (bytes + TH_STUN_HEADER_SIZE + 2, lengths[i]);
      g_assert_cmpint (bring (fixture, bytes, length), ==, TH_TURN_NOTHING);
    }
  g_assert_cmpuint (COUNTED (fixture->world, malformed), ==, G_N_ELEMENTS (lengths));
}

static void
test_other_protocols (Fixture *fixture, gconstpointer data)
{
  static const char http[] = "GET / HTTP/1.1\r\nHost: turn\r\n\r\n";
  static const char tls[] = "\26\3\1\2\0\1\0\1\374\3\3aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  static const char rtp[] = "\200\0\0\1\0\0\0\1\0\0\0\1payload of some length";

  /* By its first bits HTTP is a channel's frame, of no channel or longer than itself. */
  g_assert_cmpint (bring (fixture, http, sizeof http - 1), ==, TH_TURN_NOTHING);
  g_assert_cmpint (bring (fixture, tls, sizeof tls - 1), ==, TH_TURN_NOTHING);
  g_assert_cmpint (bring (fixture, rtp, sizeof rtp - 1), ==, TH_TURN_NOTHING);
  g_assert_cmpuint (COUNTED (fixture->world, malformed), ==, 3);
}

static void
test_random_bytes (Fixture *fixture, gconstpointer data)
{
  guint8 bytes[256];

  for (guint i = 0; i < 20000; i++)
    {
      gsize length = (gsize) g_test_rand_int_range (0, sizeof bytes);

      for (gsize at = 0; at < length; at++)
        bytes[at] = (guint8) g_test_rand_int_range (0, 256);
      if (length >= 8 && i % 2 == 0)
        memcpy (bytes, "\0\1\0\10\x21\x12\xa4\x42", 8);
      g_assert_cmpint (bring (fixture, bytes, length), !=, TH_TURN_TO_PEER);
    }
  g_assert_cmpuint (th_turn_server_count (fixture->world->server), ==, 1);
}

/* ---- classes and methods ---- */

static int
bring_of_class (WorldClient *client, ThStunClass class, guint16 method)
{
  ThAddress peer = address ("8.8.4.4");

  th_stun_builder_init (&client->builder, client->request, sizeof client->request, class, method,
                        (const guint8 *) "transaction.");
  th_stun_builder_add_u32 (&client->builder, TH_STUN_REQUESTED_TRANSPORT, 0x11000000);
  th_stun_builder_add_u32 (&client->builder, TH_STUN_LIFETIME, 0);
  th_stun_builder_add_xor_address (&client->builder, TH_STUN_XOR_PEER_ADDRESS, &peer);
  client_add_names (client);
  client_add_proof (client);
  return client_exchange (client);
}

/* A server that answered answers could be set against another one. */
static void
test_answers_are_not_answered (Fixture *fixture, gconstpointer data)
{
  for (guint16 method = 0; method < 16; method++)
    {
      g_assert_cmpint (bring_of_class (fixture->ada, TH_STUN_SUCCESS, method), ==, SILENCE);
      g_assert_cmpint (bring_of_class (fixture->ada, TH_STUN_ERROR, method), ==, SILENCE);
    }
  g_assert_cmpuint (th_turn_server_count (fixture->world->server), ==, 1);
  g_assert_cmpuint (COUNTED (fixture->world, challenges), ==, 1);
}

/* Nor are they taken for what would be relayed. */
static void
test_only_indications_are_sent (Fixture *fixture, gconstpointer data)
{
  static const ThStunClass classes[] = { TH_STUN_REQUEST, TH_STUN_SUCCESS, TH_STUN_ERROR,
                                         TH_STUN_INDICATION };
  WorldClient *ada = fixture->ada;
  ThAddress peer = address ("8.8.4.4");

  g_assert_cmpint (client_permit (ada, &peer), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      th_stun_builder_init (&ada->builder, ada->request, sizeof ada->request, classes[i],
                            TH_STUN_SEND, (const guint8 *) "transaction.");
      th_stun_builder_add_xor_address (&ada->builder, TH_STUN_XOR_PEER_ADDRESS, &peer);
      th_stun_builder_add_string (&ada->builder, TH_STUN_DATA_ATTRIBUTE, "x");
      g_assert_cmpint (bring (fixture, ada->request, th_stun_builder_end (&ada->builder)), ==,
                       classes[i] == TH_STUN_INDICATION ? TH_TURN_TO_PEER : TH_TURN_NOTHING);
    }
}

static void
test_indications_are_not_answered (Fixture *fixture, gconstpointer data)
{
  for (guint16 method = 0; method < 16; method++)
    g_assert_cmpint (bring_of_class (fixture->ada, TH_STUN_INDICATION, method), ==, SILENCE);
  g_assert_cmpuint (th_turn_server_count (fixture->world->server), ==, 1);
}

static void
test_unknown_methods_are_ignored (Fixture *fixture, gconstpointer data)
{
  static const guint16 known[] = { TH_STUN_BINDING,      TH_STUN_ALLOCATE,
                                   TH_STUN_REFRESH,      TH_STUN_CREATE_PERMISSION,
                                   TH_STUN_CHANNEL_BIND, TH_STUN_CONNECT,
                                   TH_STUN_CONNECTION_BIND };

  for (guint16 method = 0; method < 0x1000; method++)
    {
      gboolean is_known = FALSE;

      for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
        is_known |= known[i] == method;
      if (!is_known)
        g_assert_cmpint (bring_of_class (fixture->ada, TH_STUN_REQUEST, method), ==, SILENCE);
    }
  g_assert_cmpuint (th_turn_server_count (fixture->world->server), ==, 1);
}

/* ---- FINGERPRINT ---- */

static void
test_fingerprint_is_checked_and_returned (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  ada->fingerprint = TRUE;
  client_begin (ada, TH_STUN_BINDING);
  g_assert_cmpint (client_exchange (ada), ==, 0);
  for (gsize at = ada->request_length - 4; at < ada->request_length; at++)
    {
      ada->request[at] ^= 1;
      g_assert_cmpint (client_repeat (ada), ==, SILENCE);
      ada->request[at] ^= 1;
    }
  g_assert_cmpint (client_refresh (ada, 600), ==, 0);
  ada->request[ada->request_length - 1] ^= 1;
  g_assert_cmpint (client_repeat (ada), ==, SILENCE);
}

static void
test_fingerprint_of_wrong_length (Fixture *fixture, gconstpointer data)
{
  static const gsize lengths[] = { 0, 3, 5, 8 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      client_begin (fixture->ada, TH_STUN_BINDING);
      th_stun_builder_add_bytes (&fixture->ada->builder, TH_STUN_FINGERPRINT, "\0\0\0\0\0\0\0\0",
                                 lengths[i]);
      g_assert_cmpint (client_exchange (fixture->ada), ==, SILENCE);
    }
}

/* ---- Binding ---- */

static void
test_binding_tells_the_address (gconstpointer host)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) anyone = client_new (world, "nobody");
  ThAddress mapped;

  anyone->tuple.address = address_and_port (host, 12345);
  client_begin (anyone, TH_STUN_BINDING);
  g_assert_cmpint (client_exchange (anyone), ==, 0);
  mapped = client_answer_address (anyone, TH_STUN_XOR_MAPPED_ADDRESS);
  g_assert_true (th_address_equal (&mapped, &anyone->tuple.address));
  g_assert_false (anyone->answer_is_signed);
  g_assert_cmpuint (anyone->answer->len, <=, 44);
  g_assert_cmpuint (COUNTED (world, bindings), ==, 1);
}

/* ---- attributes ---- */

static void
assert_unknown (WorldClient *client, const char *list, gsize length)
{
  ThStunAttribute unknown = client_answer_get (client, TH_STUN_UNKNOWN_ATTRIBUTES);

  g_assert_cmpmem (unknown.value, unknown.length, list, length);
}

static void
test_unknown_attributes_are_listed (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  client_begin (ada, TH_STUN_BINDING);
  th_stun_builder_add_flag (&ada->builder, 0x0003);
  th_stun_builder_add_flag (&ada->builder, 0x7FFF);
  th_stun_builder_add_flag (&ada->builder, 0x8FFF); /* this one need not be understood */
  th_stun_builder_add_flag (&ada->builder, 0x0003); /* told once */
  g_assert_cmpint (client_exchange (ada), ==, TH_STUN_UNKNOWN_ATTRIBUTE);
  assert_unknown (ada, "\0\3\177\377", 4);

  client_begin (ada, TH_STUN_REFRESH);
  th_stun_builder_add_u32 (&ada->builder, TH_STUN_LIFETIME, 0);
  th_stun_builder_add_flag (&ada->builder, 0x0021);
  g_assert_cmpint (client_end (ada), ==, TH_STUN_UNKNOWN_ATTRIBUTE);
  assert_unknown (ada, "\0\41", 2);
  g_assert_cmpuint (th_turn_server_count (fixture->world->server), ==, 1);
}

/* Strangers are asked who they are before they are told what is unknown. */
static void
test_unknown_attributes_come_after_the_proof (Fixture *fixture, gconstpointer data)
{
  client_begin (fixture->ada, TH_STUN_REFRESH);
  th_stun_builder_add_flag (&fixture->ada->builder, 0x7FFF);
  g_assert_cmpint (client_exchange (fixture->ada), ==, TH_STUN_UNAUTHENTICATED);
}

/* RFC 8489, section 6.3: what belongs into answers is known, and ignored. */
static void
test_attributes_of_answers_are_ignored (Fixture *fixture, gconstpointer data)
{
  static const guint16 types[] = { TH_STUN_MAPPED_ADDRESS, TH_STUN_ERROR_CODE,
                                   TH_STUN_UNKNOWN_ATTRIBUTES, TH_STUN_XOR_RELAYED_ADDRESS,
                                   TH_STUN_XOR_MAPPED_ADDRESS };
  WorldClient *ada = fixture->ada;

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      client_begin (ada, TH_STUN_BINDING);
      th_stun_builder_add_flag (&ada->builder, types[i]);
      g_assert_cmpint (client_exchange (ada), ==, 0);
      client_begin (ada, TH_STUN_REFRESH);
      th_stun_builder_add_flag (&ada->builder, types[i]);
      g_assert_cmpint (client_end (ada), ==, 0);
    }
}

static void
test_first_of_two_counts (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  client_begin (ada, TH_STUN_REFRESH);
  th_stun_builder_add_u32 (&ada->builder, TH_STUN_LIFETIME, 1000);
  th_stun_builder_add_u32 (&ada->builder, TH_STUN_LIFETIME, 0);
  th_stun_builder_add_u32 (&ada->builder, TH_STUN_LIFETIME, 2000);
  g_assert_cmpint (client_end (ada), ==, 0);
  g_assert_cmpuint (client_answer_u32 (ada, TH_STUN_LIFETIME), ==, 1000);
}

/* As many attributes as a message can hold: the work and the answer stay small. */
static void
test_thousands_of_attributes (Fixture *fixture, gconstpointer data)
{
  gsize size = TH_STUN_HEADER_SIZE + 0xFFFC;
  g_autofree guint8 *bytes = g_malloc (size);
  ThStunBuilder builder;

  th_stun_builder_init (&builder, bytes, size, TH_STUN_REQUEST, TH_STUN_BINDING,
                        (const guint8 *) "transaction.");
  for (guint i = 0; i < 0xFFFC / 4; i++)
    th_stun_builder_add_flag (&builder, 0x1000 + i % 0x6000);
  g_assert_cmpuint (th_stun_builder_end (&builder), ==, size);
  g_assert_cmpint (bring (fixture, bytes, size), ==, TH_TURN_TO_CLIENT);
  g_assert_cmpuint (fixture->world->output->len, <=, 100);
}

int
main (int argc, char **argv)
{
#define ADD(name, test) g_test_add ("/turn/messages/" name, Fixture, NULL, set_up, test, tear_down)

  g_test_init (&argc, &argv, NULL);
  ADD ("shorter-than-a-header", test_shorter_than_a_header);
  ADD ("other-first-bits", test_other_first_bits);
  ADD ("classic-stun", test_classic_stun);
  ADD ("wrong-lengths", test_wrong_lengths);
  ADD ("attribute-past-the-end", test_attribute_past_the_end);
  ADD ("other-protocols", test_other_protocols);
  ADD ("random-bytes", test_random_bytes);
  ADD ("answers-are-not-answered", test_answers_are_not_answered);
  ADD ("only-indications-are-sent", test_only_indications_are_sent);
  ADD ("indications-are-not-answered", test_indications_are_not_answered);
  ADD ("unknown-methods-are-ignored", test_unknown_methods_are_ignored);
  ADD ("fingerprint-is-checked-and-returned", test_fingerprint_is_checked_and_returned);
  ADD ("fingerprint-of-wrong-length", test_fingerprint_of_wrong_length);
  g_test_add_data_func ("/turn/messages/binding-tells-the-address/ipv4", "20.1.2.3",
                        test_binding_tells_the_address);
  g_test_add_data_func ("/turn/messages/binding-tells-the-address/ipv6", "2a00::1:2",
                        test_binding_tells_the_address);
  ADD ("unknown-attributes-are-listed", test_unknown_attributes_are_listed);
  ADD ("unknown-attributes-come-after-the-proof", test_unknown_attributes_come_after_the_proof);
  ADD ("attributes-of-answers-are-ignored", test_attributes_of_answers_are_ignored);
  ADD ("first-of-two-counts", test_first_of_two_counts);
  ADD ("thousands-of-attributes", test_thousands_of_attributes);
  return g_test_run ();
}
