/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP allocations (RFC 6062): Connect, which has a connection made to a peer; ConnectionAttempt,
 * which tells of a peer that came by itself; and ConnectionBind, by which another connection of the
 * client's becomes the one that carries a peer's bytes.
 */
#include "turn/server-private.h"

#include <string.h>

#include "stun/integrity.h"
#include "turn/random.h"

/* As many connections may an allocation have to its peers at a time. */
#define STREAMS_MAX 64

static void
forget_ended (ThTurnAllocation *allocation)
{
  for (guint i = allocation->streams->len; i-- > 0;)
    {
      if (th_stream_get_state (allocation->streams->pdata[i]) == TH_STREAM_OVER)
        g_ptr_array_remove_index_fast (allocation->streams, i);
    }
}

static ThTurnStream *
find_stream (const ThTurnAllocation *allocation, const ThAddress *wire)
{
  for (guint i = 0; i < allocation->streams->len; i++)
    {
      ThTurnStream *stream = allocation->streams->pdata[i];

      if (th_address_equal (&stream->wire, wire))
        return stream;
    }
  return NULL;
}

static ThTurnStream *
add_stream (ThTurnAllocation *allocation, const ThPeerHost *host, guint16 port)
{
  ThTurnStream *stream = th_stream_new (allocation->record);

  stream->named = host->named;
  stream->wire = host->wire;
  th_address_set_port (&stream->named, port);
  th_address_set_port (&stream->wire, port);
  stream->client = allocation->client.address;
  memcpy (stream->userhash, allocation->userhash, sizeof stream->userhash);
  g_ptr_array_add (allocation->streams, stream);
  return stream;
}

static guint
refuse_for (ThTurnExchange *self, ThRefusalReason reason, guint code)
{
  self->reason = reason;
  return code;
}

static guint
begin_connecting (ThTurnExchange *self, const ThPeerHost *host, guint16 port)
{
  ThTurnServer *server = self->server;
  ThTurnAllocation *allocation = self->allocation;
  ThRelayEnd *end = th_turn_allocation_end_for (allocation, th_address_family (&host->wire));
  ThAddress wire = host->wire;
  ThTurnStream *stream;

  th_address_set_port (&wire, port);
  forget_ended (allocation);
  if (find_stream (allocation, &wire) != NULL)
    return refuse_for (self, TH_REFUSAL_CONNECTION_EXISTS, TH_STUN_CONNECTION_EXISTS);
  if (allocation->streams->len >= STREAMS_MAX)
    return refuse_for (self, TH_REFUSAL_TOO_MANY_PEERS, TH_STUN_INSUFFICIENT_CAPACITY);
  stream = add_stream (allocation, host, port);
  memcpy (stream->transaction_id, th_stun_message_transaction_id (&self->request.message),
          sizeof stream->transaction_id);
  stream->sha256 = self->proof.sha256;
  stream->fingerprint = th_turn_has (&self->request.fingerprint);
  if (server->driver->connect (server->user_data, end, stream))
    return 0;
  g_ptr_array_remove (allocation->streams, stream);
  return refuse_for (self, TH_REFUSAL_CONNECTION_FAILED, TH_STUN_CONNECTION_FAILED);
}

/* Where only relayed addresses may be reached, those of other allocations for TCP: behind one for UDP
 * may be something else of this machine's. */
static gboolean
may_connect (const ThTurnExchange *self, const ThPeerHost *host, guint16 port)
{
  const ThTurnConfig *config = self->server->config;

  return th_turn_config_may_reach (config, host, port) &&
         (host->reach != TH_REACH_RELAYED ||
          th_streams_is_listening (config->streams, th_turn_end_key (host->host, port)));
}

static guint
connect_to_peer (ThTurnExchange *self)
{
  const ThTurnRequest *request = &self->request;
  ThAddress peer;
  ThPeerHost host;
  guint code;

  if (self->allocation == NULL)
    return TH_STUN_ALLOCATION_MISMATCH;
  if (self->allocation->streams == NULL || !th_turn_has (&request->peer) ||
      !th_stun_attribute_get_xor_address (&request->peer, &request->message, &peer) ||
      th_address_port (&peer) == 0)
    return TH_STUN_BAD_REQUEST;
  code = th_turn_judge_peer (self, &peer, &host);
  if (code != 0)
    return code;
  if (!may_connect (self, &host, th_address_port (&peer)))
    {
      th_counter_add (&self->server->counters.peers_refused, 1);
      self->refused_peer = peer;
      return refuse_for (self, TH_REFUSAL_OWN_PORT, TH_STUN_FORBIDDEN);
    }
  return begin_connecting (self, &host, th_address_port (&peer));
}

void
th_turn_handle_connect (ThTurnExchange *self)
{
  const ThAddress *peer;
  guint code = connect_to_peer (self);

  if (code != 0)
    {
      th_turn_answer_error (self, code);
      return;
    }
  /* the answer comes when the peer has answered */
  peer = &((ThTurnStream *) self->allocation->streams
               ->pdata[self->allocation->streams->len - 1])->named;
  self->server->driver->session_peer (self->server->user_data, self->allocation, peer, 0);
}

void
th_turn_handle_connection_bind (ThTurnExchange *self)
{
  ThTurnServer *server = self->server;
  guint8 hash[TH_STUN_USERHASH_SIZE];
  ThTurnStream *stream = NULL;
  guint code = TH_STUN_BAD_REQUEST;
  guint32 id;

  if (th_transport_is_stream (self->client->transport) && self->allocation == NULL &&
      th_stun_attribute_get_u32 (&self->request.connection_id, &id))
    {
      th_turn_hash_user (self, hash);
      stream = th_streams_claim (server->config->streams, id, hash, server->now, &code);
    }
  if (stream == NULL)
    {
      th_turn_answer_error (self, code);
      return;
    }
  th_turn_answer_begin (self, TH_STUN_SUCCESS);
  th_turn_answer_send (self);
  server->driver->bind_stream (server->user_data, self->client, stream);
}

/* The answer to a Connect, long after it: signed with the key of its allocation. */
static void
answer_connect (const ThTurnAllocation *allocation,
                const ThTurnStream *stream,
                guint code,
                ThTurnAction *action)
{
  ThStunBuilder answer;

  th_stun_builder_init (&answer, action->head, TH_TURN_HEAD_SIZE,
                        code == 0 ? TH_STUN_SUCCESS : TH_STUN_ERROR, TH_STUN_CONNECT,
                        stream->transaction_id);
  if (code == 0)
    th_stun_builder_add_u32 (&answer, TH_STUN_CONNECTION_ID, stream->id);
  else
    th_stun_builder_add_error (&answer, code, NULL);
  if (stream->sha256)
    th_stun_builder_add_integrity_sha256 (&answer, allocation->key, allocation->key_length);
  else
    th_stun_builder_add_integrity (&answer, allocation->key, allocation->key_length);
  if (stream->fingerprint)
    th_stun_builder_add_fingerprint (&answer);
  action->head_length = th_stun_builder_end (&answer);
  action->client = &allocation->client;
  action->verb = TH_TURN_TO_CLIENT;
}

void
th_turn_server_stream_connected (ThTurnServer *self,
                                 ThRelayEnd *end,
                                 ThTurnStream *stream,
                                 gboolean connected,
                                 ThTurnAction *action)
{
  ThTurnAllocation *allocation = end->allocation;

  th_turn_action_begin (action);
  if (connected)
    th_streams_offer (self->config->streams, stream, self->now);
  answer_connect (allocation, stream, connected ? 0 : TH_STUN_CONNECTION_FAILED, action);
  if (!connected)
    g_ptr_array_remove (allocation->streams, stream);
}

gboolean
th_turn_server_from_listener (ThTurnServer *self,
                              ThRelayEnd *end,
                              const ThAddress *peer,
                              gpointer socket,
                              ThTurnAction *action)
{
  ThTurnAllocation *allocation = end->allocation;
  const ThPermission *permission = th_peers_find_wire (&allocation->peers, peer, self->now);
  guint8 transaction_id[TH_STUN_TRANSACTION_ID_SIZE];
  ThStunBuilder attempt;
  ThTurnStream *stream;

  th_turn_action_begin (action);
  forget_ended (allocation);
  if (permission == NULL || allocation->streams->len >= STREAMS_MAX ||
      find_stream (allocation, peer) != NULL)
    {
      th_counter_add (&self->counters.dropped_no_permission, permission == NULL);
      return FALSE;
    }
  stream = add_stream (allocation, &permission->host, th_address_port (peer));
  stream->socket = socket;
  th_streams_offer (self->config->streams, stream, self->now);

  self->driver->session_peer (self->user_data, allocation, &stream->named, 0);
  th_random_bytes (transaction_id, sizeof transaction_id);
  th_stun_builder_init (&attempt, action->head, TH_TURN_HEAD_SIZE, TH_STUN_INDICATION,
                        TH_STUN_CONNECTION_ATTEMPT, transaction_id);
  th_stun_builder_add_u32 (&attempt, TH_STUN_CONNECTION_ID, stream->id);
  th_stun_builder_add_xor_address (&attempt, TH_STUN_XOR_PEER_ADDRESS, &stream->named);
  action->head_length = th_stun_builder_end (&attempt);
  action->client = &allocation->client;
  action->verb = TH_TURN_TO_CLIENT;
  return TRUE;
}

/* One session's streams may be at several workers: so its counts are added in one step each. */
static void
count_for_all (guint64 *bytes, guint64 *packets, gsize length)
{
  __atomic_fetch_add (bytes, length, __ATOMIC_RELAXED);
  __atomic_fetch_add (packets, length > 0, __ATOMIC_RELAXED);
}

void
th_turn_server_count_carried (ThTurnServer *self, ThTurnStream *stream, gsize up, gsize down)
{
  ThTurnRecord *record = stream->record;

  count_for_all (&record->bytes_up, &record->packets_up, up);
  count_for_all (&record->bytes_down, &record->packets_down, down);
  th_counter_add (&self->counters.bytes_up, up);
  th_counter_add (&self->counters.packets_up, up > 0);
  th_counter_add (&self->counters.bytes_down, down);
  th_counter_add (&self->counters.packets_down, down > 0);
}

void
th_turn_streams_begin (ThTurnAllocation *allocation)
{
  allocation->streams = g_ptr_array_new_with_free_func ((GDestroyNotify) th_stream_unref);
}

void
th_turn_streams_end (ThTurnServer *self, ThTurnAllocation *allocation)
{
  th_counter_set (&allocation->record->over, 1); /* for those that are bound, wherever they are */
  if (allocation->streams == NULL)
    return;
  for (guint i = 0; i < allocation->streams->len; i++)
    {
      ThTurnStream *stream = allocation->streams->pdata[i];

      if (th_stream_get_state (stream) == TH_STREAM_CONNECTING)
        self->driver->give_up (self->user_data, stream);
      else
        th_streams_withdraw (self->config->streams, stream);
    }
  g_clear_pointer (&allocation->streams, g_ptr_array_unref);
}
