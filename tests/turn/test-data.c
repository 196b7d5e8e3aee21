/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Send and Data indications (RFC 8656, section 11), and what ICMP errors become (section 11.5).
 */
#include <string.h>

#include "addresses.h"
#include "turn/allocation.h"
#include "world-client.h"

typedef struct {
  World *world;
  WorldClient *ada; /* has an allocation, and a permission for @peer */
  ThAddress peer;
} Fixture;

static void
set_up_over (Fixture *fixture, ThTransport transport, const WorldSetup *setup, const char *peer)
{
  fixture->world = world_new (setup);
  fixture->ada = client_new (fixture->world, "ada");
  fixture->ada->tuple.transport = transport;
  fixture->peer = address (peer);
  g_assert_cmpint (client_allocate (fixture->ada), ==, 0);
  g_assert_cmpint (client_permit (fixture->ada, &fixture->peer), ==, 0);
}

static void
set_up (Fixture *fixture, gconstpointer transport)
{
  set_up_over (fixture, GPOINTER_TO_INT (transport), NULL, "8.8.4.4");
}

static void
set_up_ipv6 (Fixture *fixture, gconstpointer data)
{
  fixture->world = world_new (NULL);
  fixture->ada = client_new (fixture->world, "ada");
  fixture->peer = address ("2a00::1");
  client_begin_allocate (fixture->ada);
  th_stun_builder_add_u32 (&fixture->ada->builder, TH_STUN_REQUESTED_ADDRESS_FAMILY, 0x02000000);
  g_assert_cmpint (client_end (fixture->ada), ==, 0);
  fixture->ada->relayed = client_answer_address (fixture->ada, TH_STUN_XOR_RELAYED_ADDRESS);
  g_assert_cmpint (client_permit (fixture->ada, &fixture->peer), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  client_free (fixture->ada);
  world_free (fixture->world);
}

/* A Send indication in the making; client_exchange() brings it. */
static void
begin_send (WorldClient *client)
{
  client_begin (client, TH_STUN_SEND);
  client->request[1] |= 0x10; /* the class: indication */
}

static void
test_send_and_data (Fixture *fixture, gconstpointer data)
{
  client_send (fixture->ada, &fixture->peer, "up");
  world_assert_sent (fixture->world, &fixture->peer, "up");
  g_assert_true (fixture->world->action.end == client_relay_end (fixture->ada));
  g_assert_false (fixture->world->action.dont_fragment);
  client_hear (fixture->ada, &fixture->peer, "down");
  world_assert_heard (fixture->world, &fixture->peer, 0, "down");
}

/* Every packet is counted once, for the session and for the server. */
static void
test_counters (Fixture *fixture, gconstpointer data)
{
  const ThTurnRecord *record = client_relay_end (fixture->ada)->allocation->record;
  ThAddress stranger = address ("9.9.9.9");

  client_send (fixture->ada, &fixture->peer, "four");
  client_send (fixture->ada, &fixture->peer, "");
  client_hear (fixture->ada, &fixture->peer, "seven..");
  client_send (fixture->ada, &stranger, "lost");
  client_hear (fixture->ada, &stranger, "lost");

  g_assert_cmpuint (record->packets_up, ==, 2);
  g_assert_cmpuint (record->bytes_up, ==, 4);
  g_assert_cmpuint (record->packets_down, ==, 1);
  g_assert_cmpuint (record->bytes_down, ==, 7);
  g_assert_cmpuint (record->dropped, ==, 2);
  g_assert_cmpuint (record->dropped_no_permission, ==, 2);
  g_assert_cmpuint (COUNTED (fixture->world, packets_up), ==, 2);
  g_assert_cmpuint (COUNTED (fixture->world, bytes_up), ==, 4);
  g_assert_cmpuint (COUNTED (fixture->world, packets_down), ==, 1);
  g_assert_cmpuint (COUNTED (fixture->world, bytes_down), ==, 7);
  g_assert_cmpuint (COUNTED (fixture->world, dropped_no_permission), ==, 2);
}

static void
test_zero_bytes_are_relayed (Fixture *fixture, gconstpointer data)
{
  client_send (fixture->ada, &fixture->peer, "");
  world_assert_sent (fixture->world, &fixture->peer, "");
  client_hear (fixture->ada, &fixture->peer, "");
  world_assert_heard (fixture->world, &fixture->peer, 0, "");
}

/* Data indications are STUN: padded over every transport, and the padding is not in the length. */
static void
test_padding (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { "1", "12", "123", "1234", "12345" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      client_send (fixture->ada, &fixture->peer, texts[i]);
      world_assert_sent (fixture->world, &fixture->peer, texts[i]);
      client_hear (fixture->ada, &fixture->peer, texts[i]);
      world_assert_heard (fixture->world, &fixture->peer, 0, texts[i]);
      g_assert_cmpuint (fixture->world->output->len, ==, 36 + (strlen (texts[i]) + 3) / 4 * 4);
    }
}

static void
test_incomplete_indications_are_dropped (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  begin_send (ada); /* nothing at all */
  g_assert_cmpint (client_exchange (ada), ==, SILENCE);
  begin_send (ada); /* no DATA */
  th_stun_builder_add_xor_address (&ada->builder, TH_STUN_XOR_PEER_ADDRESS, &fixture->peer);
  g_assert_cmpint (client_exchange (ada), ==, SILENCE);
  begin_send (ada); /* no peer */
  th_stun_builder_add_string (&ada->builder, TH_STUN_DATA_ATTRIBUTE, "x");
  g_assert_cmpint (client_exchange (ada), ==, SILENCE);
  begin_send (ada); /* a misshapen peer */
  th_stun_builder_add_bytes (&ada->builder, TH_STUN_XOR_PEER_ADDRESS, "\0\1\0\0\0\0", 6);
  th_stun_builder_add_string (&ada->builder, TH_STUN_DATA_ATTRIBUTE, "x");
  g_assert_cmpint (client_exchange (ada), ==, SILENCE);
  begin_send (ada); /* something that must be understood */
  th_stun_builder_add_xor_address (&ada->builder, TH_STUN_XOR_PEER_ADDRESS, &fixture->peer);
  th_stun_builder_add_string (&ada->builder, TH_STUN_DATA_ATTRIBUTE, "x");
  th_stun_builder_add_flag (&ada->builder, 0x7FFF);
  g_assert_cmpint (client_exchange (ada), ==, SILENCE);

  g_assert_cmpuint (COUNTED (fixture->world, malformed), ==, 5);
  g_assert_cmpuint (client_relay_end (ada)->allocation->record->dropped, ==, 5);
}

static void
test_port_0 (Fixture *fixture, gconstpointer data)
{
  th_address_set_port (&fixture->peer, 0);
  g_assert_cmpint (client_send (fixture->ada, &fixture->peer, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpuint (COUNTED (fixture->world, dropped_no_permission), ==, 1);
}

static void
test_without_allocation (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WorldClient) bob = client_new (fixture->world, "bob");

  g_assert_cmpint (client_send (bob, &fixture->peer, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpuint (COUNTED (fixture->world, dropped_no_allocation), ==, 1);
}

/* The wish goes with the packet, whatever its size: the driver sets the bit. */
static void
test_dont_fragment (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;
  static const gsize sizes[] = { 1, 2000 };
  g_autofree char *text = g_strnfill (2000, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      begin_send (ada);
      th_stun_builder_add_xor_address (&ada->builder, TH_STUN_XOR_PEER_ADDRESS, &fixture->peer);
      th_stun_builder_add_flag (&ada->builder, TH_STUN_DONT_FRAGMENT);
      th_stun_builder_add_bytes (&ada->builder, TH_STUN_DATA_ATTRIBUTE, text, sizes[i]);
      world_from_client (fixture->world, &ada->tuple, ada->request,
                         th_stun_builder_end (&ada->builder));
      g_assert_cmpint (fixture->world->action.verb, ==, TH_TURN_TO_PEER);
      g_assert_true (fixture->world->action.dont_fragment);
      g_assert_cmpuint (fixture->world->action.payload_length, ==, sizes[i]);
    }
  client_send (ada, &fixture->peer, "x");
  g_assert_false (fixture->world->action.dont_fragment);
}

/* What fits into a datagram, but with its head no longer into a STUN message. */
static void
test_oversize_data (Fixture *fixture, gconstpointer data)
{
  gboolean ipv6 = th_address_is_ipv6 (&fixture->peer);
  gsize largest = 0xFFFC - (ipv6 ? 24 : 12) - 4;
  g_autofree char *fits = g_strnfill (largest, 'x');
  g_autofree char *too_long = g_strnfill (largest + 1, 'x');

  client_hear (fixture->ada, &fixture->peer, fits);
  world_assert_heard (fixture->world, &fixture->peer, 0, fits);
  g_assert_cmpint (client_hear (fixture->ada, &fixture->peer, too_long), ==, TH_TURN_NOTHING);
  g_assert_cmpuint (COUNTED (fixture->world, malformed), ==, 1);
  g_assert_cmpuint (COUNTED (fixture->world, packets_down), ==, 1);
}

static void
test_indications_differ_in_their_transaction (Fixture *fixture, gconstpointer data)
{
  guint8 first[TH_STUN_TRANSACTION_ID_SIZE];

  client_hear (fixture->ada, &fixture->peer, "x");
  memcpy (first, fixture->world->output->data + 8, sizeof first);
  client_hear (fixture->ada, &fixture->peer, "x");
  g_assert_cmpint (memcmp (first, fixture->world->output->data + 8, sizeof first), !=, 0);
}

/* ---- ICMP ---- */

static ThTurnVerb
hear_error (Fixture *fixture, guint8 type, guint8 code, guint32 data)
{
  return world_from_icmp (fixture->world, client_relay_end (fixture->ada), &fixture->peer, type,
                          code, data);
}

/* RFC 8656, section 18.13: two reserved bytes, 7 bits of type and 9 of code, 4 bytes of data. */
static void
assert_told (Fixture *fixture, guint8 type, guint8 code, guint32 data)
{
  WorldHeard heard;
  const guint8 expected[] = { 0, 0, (guint8) (type << 1), code, (guint8) (data >> 24),
                              (guint8) (data >> 16), (guint8) (data >> 8), (guint8) data };

  g_assert_cmpint (hear_error (fixture, type, code, data), ==, TH_TURN_TO_CLIENT);
  heard = world_heard (fixture->world);
  g_assert_cmpint (heard.kind, ==, HEARD_ICMP);
  g_assert_true (th_address_equal (&heard.peer, &fixture->peer));
  g_assert_cmpmem (heard.bytes, heard.length, expected, sizeof expected);
}

static void
test_icmp_errors_are_told (Fixture *fixture, gconstpointer data)
{
  assert_told (fixture, 3, 3, 0);    /* port unreachable */
  assert_told (fixture, 3, 4, 1400); /* too long, and how long it may be */
  assert_told (fixture, 3, 255, G_MAXUINT32);
  assert_told (fixture, 11, 0, 0); /* too many hops */

  /* With a channel too, and the socket goes on. */
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  assert_told (fixture, 3, 3, 0);
  client_hear (fixture->ada, &fixture->peer, "alive");
  world_assert_heard (fixture->world, &fixture->peer, 0x4000, "alive");
  g_assert_cmpuint (COUNTED (fixture->world, packets_down), ==, 1);
}

static void
test_icmpv6_errors_are_told (Fixture *fixture, gconstpointer data)
{
  assert_told (fixture, 1, 4, 0);
  assert_told (fixture, 2, 0, 1280);
  assert_told (fixture, 3, 0, 0);
}

/* Section 11.5: other types than those are not for clients. */
static void
test_other_icmp_is_not_told (Fixture *fixture, gconstpointer data)
{
  static const guint8 types[] = { 0, 4, 5, 8, 12, 128, 129, 131, 139, 255 };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    g_assert_cmpint (hear_error (fixture, types[i], 0, 0), ==, TH_TURN_NOTHING);
}

static void
test_icmp_about_strangers_is_not_told (Fixture *fixture, gconstpointer data)
{
  fixture->peer = address ("9.9.9.9");
  g_assert_cmpint (hear_error (fixture, 3, 3, 0), ==, TH_TURN_NOTHING);
  fixture->peer = address ("8.8.4.4");
  world_advance (fixture->world, SECONDS (300));
  g_assert_cmpint (hear_error (fixture, 3, 3, 0), ==, TH_TURN_NOTHING);
}

/* An error about a relay host's address inside is told by the name that the client knows. */
static void
test_icmp_by_the_name_the_client_knows (void)
{
  const WorldSetup behind_nat = { .hosts = { "203.0.113.5/10.1.2.3" } };
  ThAddress wire = address_and_port ("10.1.2.3", 50001);
  Fixture fixture;
  WorldHeard heard;

  set_up_over (&fixture, TH_TRANSPORT_UDP, &behind_nat, "203.0.113.5");
  th_address_set_port (&fixture.peer, 50001);
  world_from_icmp (fixture.world, client_relay_end (fixture.ada), &wire, 3, 3, 0);
  heard = world_heard (fixture.world);
  g_assert_cmpint (heard.kind, ==, HEARD_ICMP);
  g_assert_true (th_address_equal (&heard.peer, &fixture.peer));
  tear_down (&fixture, NULL);
}

int
main (int argc, char **argv)
{
#define ADD(name, transport, set_up, test)                                                         \
  g_test_add ("/turn/data/" name, Fixture, GINT_TO_POINTER (transport), set_up, test, tear_down)
#define ADD_UDP(name, test) ADD (name, TH_TRANSPORT_UDP, set_up, test)
#define ADD_IPV6(name, test) ADD ("ipv6/" name, TH_TRANSPORT_UDP, set_up_ipv6, test)

  g_test_init (&argc, &argv, NULL);
  ADD_UDP ("send-and-data", test_send_and_data);
  ADD ("tcp/send-and-data", TH_TRANSPORT_TCP, set_up, test_send_and_data);
  ADD_IPV6 ("send-and-data", test_send_and_data);
  ADD_UDP ("counters", test_counters);
  ADD_UDP ("zero-bytes-are-relayed", test_zero_bytes_are_relayed);
  ADD_UDP ("padding", test_padding);
  ADD ("tcp/padding", TH_TRANSPORT_TCP, set_up, test_padding);
  ADD_UDP ("incomplete-indications-are-dropped", test_incomplete_indications_are_dropped);
  ADD_UDP ("port-0", test_port_0);
  ADD_UDP ("without-allocation", test_without_allocation);
  ADD_UDP ("dont-fragment", test_dont_fragment);
  ADD_UDP ("oversize-data", test_oversize_data);
  ADD_IPV6 ("oversize-data", test_oversize_data);
  ADD_UDP ("indications-differ-in-their-transaction",
           test_indications_differ_in_their_transaction);
  ADD_UDP ("icmp-errors-are-told", test_icmp_errors_are_told);
  ADD_IPV6 ("icmp-errors-are-told", test_icmpv6_errors_are_told);
  ADD_UDP ("other-icmp-is-not-told", test_other_icmp_is_not_told);
  ADD_IPV6 ("other-icmp-is-not-told", test_other_icmp_is_not_told);
  ADD_UDP ("icmp-about-strangers-is-not-told", test_icmp_about_strangers_is_not_told);
  g_test_add_func ("/turn/data/icmp-by-the-name-the-client-knows",
                   test_icmp_by_the_name_the_client_knows);
  return g_test_run ();
}
