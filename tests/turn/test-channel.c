/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ChannelBind and ChannelData (RFC 8656, section 12): numbers, bindings that exclude each other,
 * and frames of every wrong length.
 */
#include <string.h>

#include "addresses.h"
#include "turn/allocation.h"
#include "world-client.h"

typedef struct {
  World *world;
  WorldClient *ada; /* has an allocation */
  ThAddress peer, other;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->world = world_new (NULL);
  fixture->ada = client_new (fixture->world, "ada");
  fixture->peer = address ("8.8.4.4");
  fixture->other = address ("8.8.8.8");
  g_assert_cmpint (client_allocate (fixture->ada), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  client_free (fixture->ada);
  world_free (fixture->world);
}

static void
test_both_ways (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  g_assert_cmpuint (fixture->world->n_told, ==, 1);
  g_assert_true (th_address_equal (&fixture->world->told_peer, &fixture->peer));
  g_assert_cmphex (fixture->world->told_channel, ==, 0x4000);

  client_send_channel (fixture->ada, 0x4000, "up");
  world_assert_sent (fixture->world, &fixture->peer, "up");
  g_assert_false (fixture->world->action.dont_fragment);
  client_hear (fixture->ada, &fixture->peer, "down");
  world_assert_heard (fixture->world, &fixture->peer, 0x4000, "down");

  /* The binding permitted the host, too; its other ports have no channel. */
  client_send (fixture->ada, &fixture->peer, "sent");
  world_assert_sent (fixture->world, &fixture->peer, "sent");
  th_address_set_port (&fixture->peer, 4001);
  client_hear (fixture->ada, &fixture->peer, "down");
  world_assert_heard (fixture->world, &fixture->peer, 0, "down");
}

static void
test_numbers (Fixture *fixture, gconstpointer data)
{
  static const guint16 bad[] = { 0, 1, 0x3FFF, 0x8000, 0xC000, 0xFFFF };
  static const guint16 good[] = { 0x4000, 0x4FFF, 0x5000, 0x7FFF };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpint (client_bind (fixture->ada, bad[i], &fixture->peer), ==, TH_STUN_BAD_REQUEST);
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      th_address_set_port (&fixture->peer, (guint16) (100 + i));
      g_assert_cmpint (client_bind (fixture->ada, good[i], &fixture->peer), ==, 0);
      client_send_channel (fixture->ada, good[i], "x");
      world_assert_sent (fixture->world, &fixture->peer, "x");
    }
}

static void
test_incomplete_requests (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;
  static const gsize lengths[] = { 0, 2, 3, 5, 8 };

  client_begin (ada, TH_STUN_CHANNEL_BIND);
  g_assert_cmpint (client_end (ada), ==, TH_STUN_BAD_REQUEST);
  client_begin (ada, TH_STUN_CHANNEL_BIND);
  th_stun_builder_add_u32 (&ada->builder, TH_STUN_CHANNEL_NUMBER, 0x40000000);
  g_assert_cmpint (client_end (ada), ==, TH_STUN_BAD_REQUEST);
  client_begin (ada, TH_STUN_CHANNEL_BIND);
  th_stun_builder_add_xor_address (&ada->builder, TH_STUN_XOR_PEER_ADDRESS, &fixture->peer);
  g_assert_cmpint (client_end (ada), ==, TH_STUN_BAD_REQUEST);

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      client_begin (ada, TH_STUN_CHANNEL_BIND);
      th_stun_builder_add_bytes (&ada->builder, TH_STUN_CHANNEL_NUMBER, "\100\0\0\0\0\0\0\0",
                                 lengths[i]);
      th_stun_builder_add_xor_address (&ada->builder, TH_STUN_XOR_PEER_ADDRESS, &fixture->peer);
      g_assert_cmpint (client_end (ada), ==, TH_STUN_BAD_REQUEST);
    }
  g_assert_cmpuint (fixture->world->n_told, ==, 0);
}

/* RFC 8656, section 18.1: the two bytes behind the number are not looked at. */
static void
test_reserved_bytes_are_ignored (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  client_begin (ada, TH_STUN_CHANNEL_BIND);
  th_stun_builder_add_u32 (&ada->builder, TH_STUN_CHANNEL_NUMBER, 0x4000FFFF);
  th_stun_builder_add_xor_address (&ada->builder, TH_STUN_XOR_PEER_ADDRESS, &fixture->peer);
  g_assert_cmpint (client_end (ada), ==, 0);
}

static void
test_port_0 (Fixture *fixture, gconstpointer data)
{
  th_address_set_port (&fixture->peer, 0);
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, TH_STUN_BAD_REQUEST);
}

static void
test_rebinding (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;
  ThAddress other_port = address_and_port ("8.8.4.4", 4001);

  g_assert_cmpint (client_bind (ada, 0x4000, &fixture->peer), ==, 0);
  g_assert_cmpint (client_bind (ada, 0x4000, &fixture->peer), ==, 0);
  g_assert_cmpint (client_bind (ada, 0x4000, &fixture->other), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpint (client_bind (ada, 0x4000, &other_port), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpint (client_bind (ada, 0x4001, &fixture->peer), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpint (client_bind (ada, 0x4001, &other_port), ==, 0);
  g_assert_cmpint (client_bind (ada, 0x4001, &fixture->peer), ==, TH_STUN_BAD_REQUEST);

  /* The refusals permitted nobody, and changed nothing. */
  g_assert_cmpint (client_send (ada, &fixture->other, "x"), ==, TH_TURN_NOTHING);
  client_send_channel (ada, 0x4000, "x");
  world_assert_sent (fixture->world, &fixture->peer, "x");
  client_send_channel (ada, 0x4001, "y");
  world_assert_sent (fixture->world, &other_port, "y");
}

static void
test_numbers_are_of_one_allocation (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WorldClient) bob = client_new (fixture->world, "bob");

  g_assert_cmpint (client_allocate (bob), ==, 0);
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  g_assert_cmpint (client_bind (bob, 0x4000, &fixture->other), ==, 0);
  client_send_channel (fixture->ada, 0x4000, "x");
  world_assert_sent (fixture->world, &fixture->peer, "x");
  client_send_channel (bob, 0x4000, "x");
  world_assert_sent (fixture->world, &fixture->other, "x");
}

/* As many as permissions, and a refused one leaves no permission behind. */
static void
test_cap (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  for (guint16 i = 0; i < 8; i++)
    {
      th_address_set_port (&fixture->peer, 1000 + i);
      g_assert_cmpint (client_bind (ada, 0x4000 + i, &fixture->peer), ==, 0);
    }
  th_address_set_port (&fixture->peer, 2000);
  g_assert_cmpint (client_bind (ada, 0x4100, &fixture->peer), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpint (client_bind (ada, 0x4100, &fixture->other), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpint (client_send (ada, &fixture->other, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_send_channel (ada, 0x4100, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpuint (client_relay_end (ada)->allocation->peers.channels_size, <=, 8);

  world_advance (fixture->world, SECONDS (300));
  g_assert_cmpint (client_refresh (ada, 600), ==, 0);
  world_advance (fixture->world, SECONDS (300));
  g_assert_cmpint (client_bind (ada, 0x4100, &fixture->other), ==, 0);
}

/* No room for the host's permission: the channel is not bound either. */
static void
test_cap_of_permissions (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  for (guint8 i = 0; i < 8; i++)
    {
      const guint8 host[] = { 9, 1, 0, i };
      ThAddress peer;

      th_address_init_bytes (&peer, TH_STUN_FAMILY_IPV4, host, 1);
      g_assert_cmpint (client_permit (ada, &peer), ==, 0);
    }
  g_assert_cmpint (client_bind (ada, 0x4000, &fixture->peer), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  g_assert_cmpint (client_send_channel (ada, 0x4000, "x"), ==, TH_TURN_NOTHING);
  world_advance (fixture->world, SECONDS (300));
  g_assert_cmpint (client_bind (ada, 0x4000, &fixture->other), ==, 0);
  client_send_channel (ada, 0x4000, "x");
  world_assert_sent (fixture->world, &fixture->other, "x");
}

/* ---- frames ---- */

static void
test_unbound_channel (Fixture *fixture, gconstpointer data)
{
  static const guint16 numbers[] = { 0x4001, 0x4FFF, 0x5000, 0x7FFF };

  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_cmpint (client_send_channel (fixture->ada, numbers[i], "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpuint (COUNTED (fixture->world, dropped_no_permission), ==, G_N_ELEMENTS (numbers));
  g_assert_cmpuint (client_relay_end (fixture->ada)->allocation->record->dropped, ==,
                    G_N_ELEMENTS (numbers));
}

static void
test_length_larger_than_the_packet (Fixture *fixture, gconstpointer data)
{
  static const guint16 lengths[] = { 5, 6, 8, 1000, 0xFFFF };

  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    g_assert_cmpint (client_send_frame (fixture->ada, 0x4000, lengths[i], "four", 4), ==,
                     TH_TURN_NOTHING);
  g_assert_cmpuint (COUNTED (fixture->world, malformed), ==, G_N_ELEMENTS (lengths));
}

/* Padding, or whatever it is: over UDP the rest is ignored (section 12.6). */
static void
test_length_smaller_than_the_packet (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  client_send_frame (fixture->ada, 0x4000, 5, "fiver\0\0\0", 8);
  world_assert_sent (fixture->world, &fixture->peer, "fiver");
  client_send_frame (fixture->ada, 0x4000, 0, "rest", 4);
  world_assert_sent (fixture->world, &fixture->peer, "");
}

static void
test_shorter_than_a_header (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  for (gsize length = 1; length < TH_CHANNEL_HEADER_SIZE; length++)
    g_assert_cmpint (world_from_client (fixture->world, &fixture->ada->tuple, "\100\0\0\0", length),
                     ==, TH_TURN_NOTHING);
  g_assert_cmpuint (COUNTED (fixture->world, malformed), ==, 3);
}

static void
test_empty_frame_is_relayed (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  client_send_channel (fixture->ada, 0x4000, "");
  world_assert_sent (fixture->world, &fixture->peer, "");
  client_hear (fixture->ada, &fixture->peer, "");
  world_assert_heard (fixture->world, &fixture->peer, 0x4000, "");
  g_assert_cmpuint (COUNTED (fixture->world, packets_up), ==, 1);
  g_assert_cmpuint (COUNTED (fixture->world, bytes_up), ==, 0);
  g_assert_cmpuint (COUNTED (fixture->world, packets_down), ==, 1);
}

static void
test_largest_frames (Fixture *fixture, gconstpointer data)
{
  gsize length = 65507;
  g_autofree char *text = g_strnfill (length, 'x');

  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  client_send_channel (fixture->ada, 0x4000, text);
  world_assert_sent (fixture->world, &fixture->peer, text);
  client_hear (fixture->ada, &fixture->peer, text);
  world_assert_heard (fixture->world, &fixture->peer, 0x4000, text);
  g_assert_cmpuint (COUNTED (fixture->world, bytes_up), ==, length);
  g_assert_cmpuint (COUNTED (fixture->world, bytes_down), ==, length);
}

static void
test_client_without_allocation (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WorldClient) bob = client_new (fixture->world, "bob");

  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  g_assert_cmpint (client_send_channel (bob, 0x4000, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpuint (COUNTED (fixture->world, dropped_no_allocation), ==, 1);
}

/* Over TCP frames to clients are padded (section 12.5), over UDP they are not. */
static void
test_padding_goes_by_the_transport (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WorldClient) tcp = client_new (fixture->world, "ada");
  static const char *const texts[] = { "", "1", "12", "123", "1234", "12345" };

  tcp->tuple.transport = TH_TRANSPORT_TCP;
  g_assert_cmpint (client_allocate (tcp), ==, 0);
  g_assert_cmpint (client_bind (tcp, 0x4000, &fixture->peer), ==, 0);
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gsize length = strlen (texts[i]);

      client_hear (tcp, &fixture->peer, texts[i]);
      world_assert_heard (fixture->world, &fixture->peer, 0x4000, texts[i]);
      g_assert_cmpuint (fixture->world->output->len, ==, 4 + (length + 3) / 4 * 4);
      client_hear (fixture->ada, &fixture->peer, texts[i]);
      world_assert_heard (fixture->world, &fixture->peer, 0x4000, texts[i]);
      g_assert_cmpuint (fixture->world->output->len, ==, 4 + length);
    }
}

int
main (int argc, char **argv)
{
#define ADD(name, test) g_test_add ("/turn/channel/" name, Fixture, NULL, set_up, test, tear_down)

  g_test_init (&argc, &argv, NULL);
  ADD ("both-ways", test_both_ways);
  ADD ("numbers", test_numbers);
  ADD ("incomplete-requests", test_incomplete_requests);
  ADD ("reserved-bytes-are-ignored", test_reserved_bytes_are_ignored);
  ADD ("port-0", test_port_0);
  ADD ("rebinding", test_rebinding);
  ADD ("numbers-are-of-one-allocation", test_numbers_are_of_one_allocation);
  ADD ("cap", test_cap);
  ADD ("cap-of-permissions", test_cap_of_permissions);
  ADD ("unbound-channel", test_unbound_channel);
  ADD ("length-larger-than-the-packet", test_length_larger_than_the_packet);
  ADD ("length-smaller-than-the-packet", test_length_smaller_than_the_packet);
  ADD ("shorter-than-a-header", test_shorter_than_a_header);
  ADD ("empty-frame-is-relayed", test_empty_frame_is_relayed);
  ADD ("largest-frames", test_largest_frames);
  ADD ("client-without-allocation", test_client_without_allocation);
  ADD ("padding-goes-by-the-transport", test_padding_goes_by_the_transport);
  return g_test_run ();
}
