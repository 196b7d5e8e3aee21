/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The packet path: ChannelData and Send towards peers, ChannelData and Data towards clients
 * (RFC 8656, sections 11 and 12). Every packet of a call comes through here, so nothing here
 * allocates, copies a payload, reads a clock or takes a lock.
 */
#include "turn/server-private.h"

#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>

/* The most that fits a UDP datagram over IPv4. */
#define DATAGRAM_MAX 65507

/* STUN header, XOR-PEER-ADDRESS of IPv6, and the header of DATA or an ICMP attribute */
#define DATA_HEAD_MAX (TH_STUN_HEADER_SIZE + 24 + 12)

static void
drop (ThTurnServer *self, ThTurnAllocation *allocation, guint64 *cause)
{
  th_counter_add (cause, 1);
  if (allocation == NULL)
    return;
  th_counter_add (&allocation->record->dropped, 1);
  if (cause == &self->counters.dropped_no_permission)
    th_counter_add (&allocation->record->dropped_no_permission, 1);
}

/* The peer, where it is another allocation of this server's. */
static ThRelayEnd *
find_neighbour (const ThTurnServer *self, guint host, const ThAddress *wire)
{
  return host == TH_TURN_NO_HOST
             ? NULL
             : g_hash_table_lookup (self->ends, th_turn_end_key (host, th_address_port (wire)));
}

/*
 * Two clients of one relay need no kernel between their relayed addresses: what one sends arrives
 * at the other as if it had been out and back, with the same checks and counts on both sides.
 */
static void
send_to_peer (ThTurnServer *self,
              ThRelayEnd *end,
              guint host,
              const ThAddress *wire,
              const guint8 *payload,
              gsize length,
              ThTurnAction *action)
{
  ThTurnRecord *record = end->allocation->record;
  ThRelayEnd *neighbour = find_neighbour (self, host, wire);

  th_counter_add (&record->bytes_up, length);
  th_counter_add (&record->packets_up, 1);
  th_counter_add (&self->counters.bytes_up, length);
  th_counter_add (&self->counters.packets_up, 1);
  if (neighbour != NULL && length <= DATAGRAM_MAX)
    {
      th_turn_server_from_peer (self, neighbour, &end->bound, payload, length, action);
      return;
    }
  action->verb = TH_TURN_TO_PEER;
  action->end = end;
  action->peer = *wire;
  action->payload = payload;
  action->payload_length = length;
}

/* @action's head is written already. Over TCP everything is padded to four bytes. */
static void
send_to_client (ThTurnServer *self,
                const ThTurnAllocation *allocation,
                const guint8 *payload,
                gsize length,
                gboolean padded,
                ThTurnAction *action)
{
  action->verb = TH_TURN_TO_CLIENT;
  action->client = &allocation->client;
  action->payload = payload;
  action->payload_length = length;
  action->tail = padded ? (guint) (-length & 3) : 0;
  th_counter_add (&allocation->record->bytes_down, length);
  th_counter_add (&allocation->record->packets_down, 1);
  th_counter_add (&self->counters.bytes_down, length);
  th_counter_add (&self->counters.packets_down, 1);
}

void
th_turn_forward_channel_data (ThTurnServer *self,
                              const ThTurnClient *client,
                              const guint8 *bytes,
                              gsize length,
                              ThTurnAction *action)
{
  guint16 number;
  gsize payload_length;
  ThTurnAllocation *allocation;
  const ThChannel *channel;
  const ThPermission *permission;
  ThRelayEnd *end;

  if (length < TH_CHANNEL_HEADER_SIZE)
    {
      th_counter_add (&self->counters.malformed, 1);
      return;
    }
  number = (guint16) (bytes[0] << 8 | bytes[1]);
  payload_length = (gsize) (bytes[2] << 8 | bytes[3]);
  if (payload_length > length - TH_CHANNEL_HEADER_SIZE)
    {
      th_counter_add (&self->counters.malformed, 1);
      return;
    }
  allocation = th_allocation_table_find (&self->allocations, client);
  if (allocation == NULL || allocation->away) /* whose address stands for nobody */
    {
      th_counter_add (&self->counters.dropped_no_allocation, 1);
      return;
    }
  channel = th_peers_find_channel (&allocation->peers, number, self->now);
  end = channel == NULL
            ? NULL
            : th_turn_allocation_end_for (allocation, th_address_family (&channel->wire));
  permission = channel == NULL ? NULL : &allocation->peers.permissions[channel->permission];
  if (end == NULL || permission == NULL ||
      !th_turn_config_may_reach (self->config, &permission->host, th_address_port (&channel->wire)))
    {
      drop (self, allocation, &self->counters.dropped_no_permission);
      return;
    }
  send_to_peer (self, end, permission->host.host, &channel->wire, bytes + TH_CHANNEL_HEADER_SIZE,
                payload_length, action);
}

void
th_turn_forward_send (ThTurnServer *self,
                      const ThTurnClient *client,
                      const ThTurnRequest *request,
                      ThTurnAction *action)
{
  ThTurnAllocation *allocation = th_allocation_table_find (&self->allocations, client);
  const ThPermission *permission;
  ThAddress peer;
  ThAddress wire;
  ThRelayEnd *end;

  if (allocation == NULL || allocation->away)
    {
      th_counter_add (&self->counters.dropped_no_allocation, 1);
      return;
    }
  if (!th_turn_has (&request->data) || !th_turn_has (&request->peer) || request->n_unknown > 0 ||
      !th_stun_attribute_get_xor_address (&request->peer, &request->message, &peer))
    {
      drop (self, allocation, &self->counters.malformed);
      return;
    }
  permission = th_peers_find_named (&allocation->peers, &peer, self->now);
  end = th_turn_allocation_end_for (allocation, th_address_family (&peer));
  if (end == NULL || permission == NULL || allocation->streams != NULL ||
      !th_turn_config_may_reach (self->config, &permission->host, th_address_port (&peer)))
    {
      drop (self, allocation, &self->counters.dropped_no_permission);
      return;
    }
  wire = permission->host.wire;
  th_address_set_port (&wire, th_address_port (&peer));
  action->dont_fragment = th_turn_has (&request->dont_fragment);
  send_to_peer (self, end, permission->host.host, &wire, request->data.value,
                request->data.length, action);
}

/* Data indications carry no secrets, so their transaction ids need to be no more than different. */
static void
begin_data_indication (ThTurnServer *self, const ThAddress *peer, ThStunBuilder *head, guint8 *buffer)
{
  guint8 transaction_id[TH_STUN_TRANSACTION_ID_SIZE] = { 0 };
  guint64 serial = self->counters.packets_down + self->counters.dropped_no_permission;

  memcpy (transaction_id, &serial, sizeof serial);
  memcpy (transaction_id + sizeof serial, &self->now, 4);
  th_stun_builder_init (head, buffer, DATA_HEAD_MAX, TH_STUN_INDICATION, TH_STUN_DATA,
                        transaction_id);
  th_stun_builder_add_xor_address (head, TH_STUN_XOR_PEER_ADDRESS, peer);
}

/* The builder wrote the head; here follow DATA's own header and the length with the payload. */
static void
write_data_header (ThTurnAction *action, gsize head_length, gsize payload_length)
{
  gsize body = head_length - TH_STUN_HEADER_SIZE + 4 + ((payload_length + 3) & ~(gsize) 3);
  guint8 *at = action->head + head_length;

  action->head[2] = (guint8) (body >> 8);
  action->head[3] = (guint8) body;
  at[0] = 0;
  at[1] = TH_STUN_DATA_ATTRIBUTE;
  at[2] = (guint8) (payload_length >> 8);
  at[3] = (guint8) payload_length;
  action->head_length = head_length + 4;
}

static void
send_as_channel_data (ThTurnServer *self,
                      const ThTurnAllocation *allocation,
                      guint16 number,
                      const guint8 *bytes,
                      gsize length,
                      ThTurnAction *action)
{
  action->head[0] = (guint8) (number >> 8);
  action->head[1] = (guint8) number;
  action->head[2] = (guint8) (length >> 8);
  action->head[3] = (guint8) length;
  action->head_length = TH_CHANNEL_HEADER_SIZE;
  send_to_client (self, allocation, bytes, length,
                  th_transport_is_stream (allocation->client.transport), action);
}

void
th_turn_server_from_peer (ThTurnServer *self,
                          ThRelayEnd *end,
                          const ThAddress *peer,
                          const guint8 *bytes,
                          gsize length,
                          ThTurnAction *action)
{
  ThTurnAllocation *allocation = end->allocation;
  const ThChannel *channel = th_peers_find_channel_to (&allocation->peers, peer, self->now);
  const ThPermission *permission;
  ThStunBuilder head;
  ThAddress named;
  gsize head_length;

  action->verb = TH_TURN_NOTHING;
  if (G_UNLIKELY (allocation->away || allocation->streams != NULL))
    {
      drop (self, allocation, &self->counters.dropped_no_allocation);
      return;
    }
  if (channel != NULL)
    {
      send_as_channel_data (self, allocation, channel->number, bytes, length, action);
      return;
    }
  permission = th_peers_find_wire (&allocation->peers, peer, self->now);
  if (permission == NULL)
    {
      drop (self, allocation, &self->counters.dropped_no_permission);
      return;
    }
  named = permission->host.named;
  th_address_set_port (&named, th_address_port (peer));
  begin_data_indication (self, &named, &head, action->head);
  head_length = th_stun_builder_end (&head);
  if (head_length - TH_STUN_HEADER_SIZE + 4 + length + 3 > G_MAXUINT16)
    {
      drop (self, allocation, &self->counters.malformed);
      return;
    }
  write_data_header (action, head_length, length);
  send_to_client (self, allocation, bytes, length, TRUE, action);
}

/* The kinds of error that clients are told of (RFC 8656, section 11.5). */
static gboolean
is_told_to_clients (const ThAddress *peer, guint8 icmp_type)
{
  if (th_address_is_ipv6 (peer))
    return icmp_type >= ICMP6_DST_UNREACH && icmp_type <= ICMP6_TIME_EXCEEDED;
  return icmp_type == ICMP_DEST_UNREACH || icmp_type == ICMP_TIME_EXCEEDED;
}

void
th_turn_server_from_icmp (ThTurnServer *self,
                          ThRelayEnd *end,
                          const ThAddress *peer,
                          guint8 type,
                          guint8 code,
                          guint32 data,
                          ThTurnAction *action)
{
  ThTurnAllocation *allocation = end->allocation;
  const ThPermission *permission = th_peers_find_wire (&allocation->peers, peer, self->now);
  /* RFC 8656, section 18.13: 16 bits reserved, 7 bits type, 9 bits code, then 32 bits of data. */
  guint16 type_and_code = (guint16) ((type & 0x7F) << 9 | code);
  guint8 value[8] = { 0, 0, type_and_code >> 8, type_and_code & 0xFF };
  ThStunBuilder head;
  ThAddress named;

  action->verb = TH_TURN_NOTHING;
  if (permission == NULL || allocation->away || !is_told_to_clients (peer, type))
    return;
  named = permission->host.named;
  th_address_set_port (&named, th_address_port (peer));
  data = g_htonl (data);
  memcpy (value + 4, &data, sizeof data);

  begin_data_indication (self, &named, &head, action->head);
  th_stun_builder_add_bytes (&head, TH_STUN_ICMP, value, sizeof value);
  action->head_length = th_stun_builder_end (&head);
  action->payload_length = 0;
  action->tail = 0;
  action->client = &allocation->client;
  action->verb = TH_TURN_TO_CLIENT;
}
