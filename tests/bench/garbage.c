/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One function a kind. None of these may be answered, so the cost is that of saying no.
 */
#include "garbage.h"

#include <string.h>

#include "flow.h"
#include "stun/builder.h"
#include "stun/bytes.h"

typedef gsize (*Maker) (guint8 *bytes, gsize size);

static gsize
make_nothing (guint8 *bytes, gsize size)
{
  return 0;
}

static gsize
make_noise (guint8 *bytes, gsize size)
{
  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) g_random_int ();
  bytes[0] |= 0xC0; /* neither STUN nor ChannelData */
  return size;
}

static gsize
make_unbound_channel (guint8 *bytes, gsize size)
{
  memset (bytes, 'x', size);
  th_write_u16 (bytes, FLOW_CHANNEL + 1);
  th_write_u16 (bytes + 2, (guint16) (size - TH_CHANNEL_HEADER_SIZE));
  return size;
}

static gsize
make_cut_channel_data (guint8 *bytes, gsize size)
{
  memset (bytes, 'x', size);
  th_write_u16 (bytes, FLOW_CHANNEL);
  th_write_u16 (bytes + 2, (guint16) (size + 1));
  return size;
}

static gsize
begin (guint8 *bytes, ThStunBuilder *builder, ThStunClass class, guint16 method)
{
  static const guint8 id[TH_STUN_TRANSACTION_ID_SIZE] = { 'g' };

  th_stun_builder_init (builder, bytes, GARBAGE_MAX, class, method, id);
  return TH_STUN_HEADER_SIZE;
}

static gsize
make_without_cookie (guint8 *bytes, gsize size)
{
  ThStunBuilder builder;

  begin (bytes, &builder, TH_STUN_REQUEST, TH_STUN_ALLOCATE);
  memset (bytes + 4, 0, 4);
  return th_stun_builder_end (&builder);
}

static gsize
make_attribute_past_the_end (guint8 *bytes, gsize size)
{
  ThStunBuilder builder;

  begin (bytes, &builder, TH_STUN_REQUEST, TH_STUN_ALLOCATE);
  th_stun_builder_add_u32 (&builder, TH_STUN_LIFETIME, 600);
  th_write_u16 (bytes + TH_STUN_HEADER_SIZE + 2, 0xFFFF);
  return th_stun_builder_end (&builder);
}

static gsize
make_response (guint8 *bytes, gsize size)
{
  ThStunBuilder builder;

  begin (bytes, &builder, TH_STUN_SUCCESS, TH_STUN_BINDING);
  return th_stun_builder_end (&builder);
}

/* To a host that the client has no permission for. */
static gsize
make_unpermitted_send (guint8 *bytes, gsize size)
{
  ThAddress stranger = { .v4 = { .sin_family = AF_INET, .sin_addr.s_addr = g_htonl (0xC6336401) } };
  ThStunBuilder builder;

  begin (bytes, &builder, TH_STUN_INDICATION, TH_STUN_SEND);
  th_address_set_port (&stranger, 9);
  th_stun_builder_add_xor_address (&builder, TH_STUN_XOR_PEER_ADDRESS, &stranger);
  th_stun_builder_add_string (&builder, TH_STUN_DATA_ATTRIBUTE, "hello");
  return th_stun_builder_end (&builder);
}

static const Maker makers[] = {
  make_noise,          make_unbound_channel,        make_cut_channel_data, make_nothing,
  make_without_cookie, make_attribute_past_the_end, make_response,         make_unpermitted_send,
};

gsize
garbage_make (guint8 *bytes, guint serial, gsize size)
{
  return makers[serial % G_N_ELEMENTS (makers)](bytes, size);
}
