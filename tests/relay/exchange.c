/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bursts are made of runs: one lane, one direction, mostly one size. They are sent one by one, or
 * as one where the kernel knows how (UDP_SEGMENT).
 */
#include "exchange.h"

#include <netinet/udp.h>
#include <string.h>

#include "randomly.h"
#include "stun/bytes.h"

/* What the receive buffers on the way certainly hold, with so much for each datagram beside it. */
#define ALLOCATION_ROOM (80 * 1024)
#define LISTENER_ROOM (160 * 1024)
#define OVERHEAD 512

#define RUN_MAX 50
#define RUN_BYTES_MAX 65000 /* to be sent as one */
#define LARGEST 4000

/* ---- payloads and frames ---- */

static gsize
random_length (void)
{
  switch (g_test_rand_int_range (0, 6))
    {
    case 0:
      return 0;
    case 1:
      return random_up_to (LARGEST);
    case 2:
      return 1200;
    default:
      return random_up_to (300);
    }
}

static GBytes *
random_payload (gsize length)
{
  guint8 *bytes = g_malloc (length);

  fill_randomly (bytes, length);
  return g_bytes_new_take (bytes, length);
}

/* As the client of that lane sends it: ChannelData or a Send indication. */
static GBytes *
frame (const Exchange *self, const Lane *lane, GBytes *payload)
{
  Client *client = self->clients->pdata[lane->client];
  gsize length;
  const guint8 *bytes = g_bytes_get_data (payload, &length);
  gsize padding = th_transport_is_stream (client->transport) ? -length & 3 : 0;
  ThStunBuilder *builder;

  if (lane->channel != 0)
    {
      guint8 *framed = g_malloc0 (TH_CHANNEL_HEADER_SIZE + length + padding);

      th_write_u16 (framed, lane->channel);
      th_write_u16 (framed + 2, (guint16) length);
      if (length > 0)
        memcpy (framed + TH_CHANNEL_HEADER_SIZE, bytes, length);
      return g_bytes_new_take (framed, TH_CHANNEL_HEADER_SIZE + length + padding);
    }
  builder = client_begin (client, TH_STUN_INDICATION, TH_STUN_SEND);
  th_stun_builder_add_xor_address (builder, TH_STUN_XOR_PEER_ADDRESS, &lane->far);
  th_stun_builder_add_bytes (builder, TH_STUN_DATA_ATTRIBUTE, bytes, length);
  length = th_stun_builder_end (builder);
  return g_bytes_new (client->out, length);
}

/* ---- sending ---- */

/* Returns: whether a socket can send these as one */
static gboolean
are_a_run (GPtrArray *datagrams)
{
  gsize size = g_bytes_get_size (datagrams->pdata[0]);

  if (datagrams->len < 2 || size == 0 || size * datagrams->len > RUN_BYTES_MAX)
    return FALSE;
  for (guint i = 1; i + 1 < datagrams->len; i++)
    {
      if (g_bytes_get_size (datagrams->pdata[i]) != size)
        return FALSE;
    }
  return g_bytes_get_size (datagrams->pdata[datagrams->len - 1]) <= size &&
         g_bytes_get_size (datagrams->pdata[datagrams->len - 1]) > 0;
}

static gboolean
set_segment (int fd, int size)
{
  return setsockopt (fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size) == 0;
}

static void
send_bytes (int fd, const ThAddress *to, const guint8 *bytes, gsize length)
{
  g_assert_cmpint (sendto (fd, bytes, length, 0, to == NULL ? NULL : &to->any,
                           to == NULL ? 0 : th_address_size (to)),
                   ==, length);
}

static GByteArray *
join (GPtrArray *pieces)
{
  GByteArray *joined = g_byte_array_new ();

  for (guint i = 0; i < pieces->len; i++)
    {
      gsize length;
      const guint8 *bytes = g_bytes_get_data (pieces->pdata[i], &length);

      g_byte_array_append (joined, bytes, (guint) length);
    }
  return joined;
}

/* @to: NULL: the socket is connected */
static void
send_datagrams (int fd, const ThAddress *to, GPtrArray *datagrams)
{
  if (one_in (2) && are_a_run (datagrams) &&
      set_segment (fd, (int) g_bytes_get_size (datagrams->pdata[0])))
    {
      g_autoptr (GByteArray) run = join (datagrams);

      send_bytes (fd, to, run->data, run->len);
      g_assert_true (set_segment (fd, 0));
      return;
    }
  for (guint i = 0; i < datagrams->len; i++)
    {
      gsize length;
      const guint8 *bytes = g_bytes_get_data (datagrams->pdata[i], &length);

      send_bytes (fd, to, bytes, length);
    }
}

static void
send_frames (Client *client, GPtrArray *frames)
{
  if (th_transport_is_stream (client->transport))
    {
      g_autoptr (GByteArray) stream = join (frames);

      g_assert_true (client_write (client, stream->data, stream->len));
      return;
    }
  send_datagrams (client->fd, NULL, frames);
}

/* What the client of @lane sends is on its way to the far end. */
static void
send_up (Exchange *self, Lane *lane, GPtrArray *payloads)
{
  g_autoptr (GPtrArray) frames = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gboolean to_client = lane->peer < 0;
  GQueue *way = to_client ? &((Lane *) self->lanes->pdata[lane->partner])->to_client : &lane->to_far;

  for (guint i = 0; i < payloads->len; i++)
    {
      GBytes *payload = payloads->pdata[i];

      g_ptr_array_add (frames, frame (self, lane, payload));
      g_queue_push_tail (way, g_bytes_ref (payload));
      self->expected.packets_to_peers++;
      self->expected.bytes_to_peers += g_bytes_get_size (payload);
      self->expected.packets_to_clients += to_client ? 1 : 0;
      self->expected.bytes_to_clients += to_client ? g_bytes_get_size (payload) : 0;
    }
  send_frames (self->clients->pdata[lane->client], frames);
}

static void
send_down (Exchange *self, Lane *lane, GPtrArray *payloads)
{
  const Client *client = self->clients->pdata[lane->client];

  for (guint i = 0; i < payloads->len; i++)
    {
      GBytes *payload = payloads->pdata[i];

      g_queue_push_tail (&lane->to_client, g_bytes_ref (payload));
      self->expected.packets_to_clients++;
      self->expected.bytes_to_clients += g_bytes_get_size (payload);
    }
  send_datagrams (g_array_index (self->peers, Peer, lane->peer).fd, &client->relayed, payloads);
}

/* Neither STUN nor ChannelData; a channel that nobody bound; a stranger's greeting. */
static void
send_bad_input (Exchange *self)
{
  Client *client = self->clients->pdata[random_up_to (self->clients->len - 1)];

  if (client->transport == TH_TRANSPORT_UDP && one_in (2))
    {
      client_write (client, "\xFFgarbage", 8);
      self->expected.malformed++;
      return;
    }
  if (one_in (2))
    client_send_channel (client, TH_CHANNEL_MAX, "whoever", 7);
  else
    peer_send (&self->stranger, &client->relayed, "hello", 5);
  self->expected.dropped_no_permission++;
}

/* Takes room for so many bytes, and what the kernel needs for each datagram; FALSE: there is none */
static gboolean
take_room (gsize *room, gsize length)
{
  if (length + OVERHEAD > *room)
    return FALSE;
  *room -= length + OVERHEAD;
  return TRUE;
}

static GPtrArray *
random_run (gsize *room)
{
  GPtrArray *payloads = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gsize length = random_length ();
  guint n = one_in (3) ? 1 : 1 + (guint) random_up_to (RUN_MAX);

  for (guint i = 0; i < n && take_room (room, length); i++)
    {
      if (i + 1 == n && one_in (2)) /* a shorter end */
        length = random_up_to (length);
      g_ptr_array_add (payloads, random_payload (length));
    }
  return payloads;
}

/* Of the allocation whose socket gets what that lane's client, or its peer, sends. */
static gsize *
allocation_room (const Exchange *self, const Lane *lane)
{
  const Lane *there = lane->peer < 0 ? self->lanes->pdata[lane->partner] : lane;

  return &g_array_index (self->rooms, gsize, there->client);
}

static void
send_run (Exchange *self, Lane *lane)
{
  gboolean down = lane->peer >= 0 && one_in (2);
  gboolean into_listener = !down;
  gboolean into_allocation = down || lane->peer < 0;
  gsize *room = allocation_room (self, lane);
  gsize most = MIN (into_listener ? self->listener_room : G_MAXSIZE,
                    into_allocation ? *room : G_MAXSIZE);
  gsize left = most;
  g_autoptr (GPtrArray) payloads = random_run (&left);

  self->listener_room -= into_listener ? most - left : 0;
  *room -= into_allocation ? most - left : 0;
  if (payloads->len == 0)
    return;
  if (down)
    send_down (self, lane, payloads);
  else
    send_up (self, lane, payloads);
}

void
exchange_send_burst (Exchange *self, guint n)
{
  self->listener_room = LISTENER_ROOM;
  for (guint i = 0; i < self->rooms->len; i++)
    g_array_index (self->rooms, gsize, i) = ALLOCATION_ROOM;
  for (guint i = 0; i < n; i++)
    {
      send_run (self, self->lanes->pdata[random_up_to (self->lanes->len - 1)]);
      if (one_in (5))
        send_bad_input (self);
    }
}

/* ---- receiving ---- */

static void
expect_next (GQueue *way, const guint8 *bytes, gsize length)
{
  g_autoptr (GBytes) expected = g_queue_pop_head (way);

  g_assert_nonnull (expected);
  g_assert_cmpmem (bytes, length, g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

static void
take_at_client (Exchange *self, guint client, const Packet *packet)
{
  g_assert_true (packet->kind == PACKET_CHANNEL_DATA || packet->kind == PACKET_DATA);
  for (guint i = 0; i < self->lanes->len; i++)
    {
      Lane *lane = self->lanes->pdata[i];
      gboolean here = packet->kind == PACKET_CHANNEL_DATA
                          ? lane->channel == packet->channel
                          : lane->channel == 0 && th_address_equal (&lane->far, &packet->peer);

      if (lane->client != client || !here)
        continue;
      expect_next (&lane->to_client, packet->data, packet->length);
      return;
    }
  g_assert_not_reached ();
}

static void
take_at_peer (Exchange *self, int peer, const ThAddress *from, GBytes *bytes)
{
  for (guint i = 0; i < self->lanes->len; i++)
    {
      Lane *lane = self->lanes->pdata[i];
      const Client *client = self->clients->pdata[lane->client];

      if (lane->peer != peer || !th_address_equal (&client->relayed, from))
        continue;
      expect_next (&lane->to_far, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      return;
    }
  g_assert_not_reached ();
}

static guint
count_for_client (const Exchange *self, guint client)
{
  guint count = 0;

  for (guint i = 0; i < self->lanes->len; i++)
    {
      Lane *lane = self->lanes->pdata[i];

      count += lane->client == client ? g_queue_get_length (&lane->to_client) : 0;
    }
  return count;
}

static guint
count_for_peer (const Exchange *self, int peer)
{
  guint count = 0;

  for (guint i = 0; i < self->lanes->len; i++)
    {
      Lane *lane = self->lanes->pdata[i];

      count += lane->peer == peer ? g_queue_get_length (&lane->to_far) : 0;
    }
  return count;
}

/* Whatever else is there already is too much. */
static void
expect_silence (const Exchange *self)
{
  for (guint i = 0; i < self->clients->len; i++)
    {
      g_autoptr (Packet) packet = client_receive (self->clients->pdata[i], 0);

      g_assert_null (packet);
    }
  for (guint i = 0; i < self->peers->len; i++)
    g_assert_null (peer_receive (&g_array_index (self->peers, Peer, i), NULL, 0));
}

void
exchange_expect_all (Exchange *self)
{
  for (guint i = 0; i < self->clients->len; i++)
    {
      for (guint n = count_for_client (self, i); n > 0; n--)
        {
          g_autoptr (Packet) packet = client_receive (self->clients->pdata[i], PATIENCE / 1000);

          g_assert_nonnull (packet);
          take_at_client (self, i, packet);
        }
    }
  for (guint i = 0; i < self->peers->len; i++)
    {
      for (guint n = count_for_peer (self, (int) i); n > 0; n--)
        {
          ThAddress from;
          g_autoptr (GBytes) bytes =
              peer_receive (&g_array_index (self->peers, Peer, i), &from, PATIENCE / 1000);

          g_assert_nonnull (bytes);
          take_at_peer (self, (int) i, &from, bytes);
        }
    }
  expect_silence (self);
}

/* ---- counters ---- */

static void
add_session (ThSession *session, guint64 *up, guint64 *down)
{
  guint64 session_up, session_down;

  g_object_get (session, "bytes-up", &session_up, "bytes-down", &session_down, NULL);
  *up += session_up;
  *down += session_down;
}

void
exchange_check_counters (Exchange *self)
{
  const ThRelayStatistics *seen = fixture_look (self->relay);
  guint64 up = 0, down = 0;

  /* What nobody receives may be counted a little later. */
  wait_until (fixture_look (self->relay)->dropped_no_permission ==
                  self->expected.dropped_no_permission &&
              seen->malformed == self->expected.malformed);
  g_assert_cmpuint (seen->packets_to_peers, ==, self->expected.packets_to_peers);
  g_assert_cmpuint (seen->bytes_to_peers, ==, self->expected.bytes_to_peers);
  g_assert_cmpuint (seen->packets_to_clients, ==, self->expected.packets_to_clients);
  g_assert_cmpuint (seen->bytes_to_clients, ==, self->expected.bytes_to_clients);
  g_assert_cmpuint (seen->dropped_queue_full, ==, 0);
  g_assert_cmpuint (seen->dropped_send_error, ==, 0);
  g_assert_cmpuint (seen->dropped_receive_buffer, ==, 0);

  wait_until (fixture_look (self->relay)->sessions == self->clients->len);
  th_relay_refresh_sessions (self->relay->relay);
  for (guint i = 0; i < self->clients->len; i++)
    add_session (fixture_session (self->relay, i), &up, &down);
  g_assert_cmpuint (up, ==, self->expected.bytes_to_peers);
  g_assert_cmpuint (down, ==, self->expected.bytes_to_clients);
}

/* ---- who takes part ---- */

static void
free_lane (gpointer data)
{
  Lane *lane = data;

  g_queue_clear_full (&lane->to_far, (GDestroyNotify) g_bytes_unref);
  g_queue_clear_full (&lane->to_client, (GDestroyNotify) g_bytes_unref);
  g_free (lane);
}

static void
close_peer (gpointer data)
{
  peer_close (data);
}

void
exchange_init (Exchange *self, Fixture *relay)
{
  self->relay = relay;
  self->clients = g_ptr_array_new_with_free_func ((GDestroyNotify) client_free);
  self->peers = g_array_new (FALSE, FALSE, sizeof (Peer));
  g_array_set_clear_func (self->peers, close_peer);
  self->rooms = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->lanes = g_ptr_array_new_with_free_func (free_lane);
  peer_open (&self->stranger, "127.0.0.9");
}

void
exchange_clear (Exchange *self)
{
  g_ptr_array_unref (self->clients);
  g_array_unref (self->peers);
  g_ptr_array_unref (self->lanes);
  g_array_unref (self->rooms);
  peer_close (&self->stranger);
}

guint
exchange_add_client (Exchange *self, ThTransport transport)
{
  Client *client = client_new (transport, &self->relay->address, "alice");

  g_assert_cmpuint (client_allocate (client), ==, 0);
  if (transport == TH_TRANSPORT_UDP)
    enlarge_receive_buffer (client->fd);
  g_ptr_array_add (self->clients, client);
  g_array_set_size (self->rooms, self->clients->len);
  return self->clients->len - 1;
}

guint
exchange_add_peer (Exchange *self, const char *host)
{
  Peer peer;

  peer_open (&peer, host);
  g_array_append_val (self->peers, peer);
  return self->peers->len - 1;
}

static Lane *
add_lane (Exchange *self, guint client, int peer, guint16 channel, const ThAddress *far)
{
  Client *asker = self->clients->pdata[client];
  Lane *lane = g_new0 (Lane, 1);

  lane->client = client;
  lane->peer = peer;
  lane->channel = channel;
  lane->far = *far;
  g_queue_init (&lane->to_far);
  g_queue_init (&lane->to_client);
  g_ptr_array_add (self->lanes, lane);
  if (channel != 0)
    g_assert_cmpuint (client_bind_channel (asker, channel, far), ==, 0);
  else
    g_assert_cmpuint (client_permit (asker, far), ==, 0);
  return lane;
}

void
exchange_add_lane (Exchange *self, guint client, guint peer, guint16 channel)
{
  add_lane (self, client, (int) peer, channel, &g_array_index (self->peers, Peer, peer).address);
}

void
exchange_add_pair (Exchange *self, guint client, guint other, guint16 channel)
{
  const Client *one = self->clients->pdata[client];
  const Client *two = self->clients->pdata[other];
  guint first = self->lanes->len;

  add_lane (self, client, -1, channel, &two->relayed)->partner = first + 1;
  add_lane (self, other, -1, channel, &one->relayed)->partner = first;
}
