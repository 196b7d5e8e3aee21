/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CreatePermission and ChannelBind (RFC 8656, sections 10 and 12): whom the client may talk to,
 * judged by one check for both.
 */
#include "turn/server-private.h"

/* As many peers as one request may name. */
#define PEERS_MAX 64

static guint
refuse_peer (ThTurnExchange *self, const ThAddress *peer, ThRefusalReason reason)
{
  th_counter_add (&self->server->counters.peers_refused, 1);
  self->reason = reason;
  self->refused_peer = *peer;
  return TH_STUN_FORBIDDEN;
}

static guint
refuse_more_peers (ThTurnExchange *self)
{
  self->reason = TH_REFUSAL_TOO_MANY_PEERS;
  return TH_STUN_INSUFFICIENT_CAPACITY;
}

guint
th_turn_judge_peer (ThTurnExchange *self, const ThAddress *peer, ThPeerHost *host)
{
  if (th_turn_allocation_end_for (self->allocation, th_address_family (peer)) == NULL)
    return TH_STUN_PEER_FAMILY_MISMATCH;
  if (th_turn_config_judge_peer (self->server->config, peer, host))
    return 0;
  return refuse_peer (self, peer, TH_REFUSAL_FORBIDDEN_PEER);
}

/* Returns: 0, or the code to refuse all of them with */
static guint
read_peers (ThTurnExchange *self, ThPeerHost *hosts, guint *n_hosts)
{
  ThStunIter iter;
  ThStunAttribute attribute;
  ThAddress peer;
  guint code;

  *n_hosts = 0;
  th_stun_iter_init (&iter, &self->request.message);
  while (th_stun_iter_next (&iter, &attribute))
    {
      if (attribute.type != TH_STUN_XOR_PEER_ADDRESS)
        continue;
      if (!th_stun_attribute_get_xor_address (&attribute, &self->request.message, &peer))
        return TH_STUN_BAD_REQUEST;
      if (*n_hosts == PEERS_MAX)
        return refuse_more_peers (self);
      code = th_turn_judge_peer (self, &peer, &hosts[*n_hosts]);
      if (code != 0)
        return code;
      (*n_hosts)++;
    }
  return *n_hosts == 0 ? TH_STUN_BAD_REQUEST : 0;
}

static gboolean
have_room (ThTurnExchange *self, const ThPeerHost *hosts, guint n_hosts)
{
  const ThPeers *peers = &self->allocation->peers;
  gint64 now = self->server->now;

  return th_peers_count (peers, now) + th_peers_count_new (peers, hosts, n_hosts, now) <=
         self->server->config->max_permissions;
}

static void
tell_peer (ThTurnExchange *self, const ThAddress *peer, guint16 channel)
{
  self->server->driver->session_peer (self->server->user_data, self->allocation, peer, channel);
}

static void
answer_plainly (ThTurnExchange *self)
{
  th_turn_answer_begin (self, TH_STUN_SUCCESS);
  th_turn_answer_send (self);
}

void
th_turn_handle_create_permission (ThTurnExchange *self)
{
  ThPeerHost hosts[PEERS_MAX];
  guint n_hosts;
  guint code = self->allocation == NULL ? TH_STUN_ALLOCATION_MISMATCH
                                        : read_peers (self, hosts, &n_hosts);

  if (code == 0 && !have_room (self, hosts, n_hosts))
    code = refuse_more_peers (self);
  if (code != 0)
    {
      th_turn_answer_error (self, code);
      return;
    }
  for (guint i = 0; i < n_hosts; i++)
    {
      th_peers_permit (&self->allocation->peers, &hosts[i], self->server->now,
                       self->server->config->max_permissions);
      tell_peer (self, &hosts[i].named, 0);
    }
  answer_plainly (self);
}

/* CHANNEL-NUMBER is the number and two reserved bytes (RFC 8656, section 18.1). */
static gboolean
read_channel (const ThTurnRequest *request, guint16 *number, ThAddress *peer)
{
  guint32 value;

  if (!th_turn_has (&request->channel_number) || !th_turn_has (&request->peer) ||
      !th_stun_attribute_get_u32 (&request->channel_number, &value) ||
      !th_stun_attribute_get_xor_address (&request->peer, &request->message, peer))
    return FALSE;
  *number = (guint16) (value >> 16);
  return *number >= TH_CHANNEL_MIN && *number <= TH_CHANNEL_MAX && th_address_port (peer) != 0;
}

static guint
bind_channel (ThTurnExchange *self, guint16 number, const ThAddress *peer)
{
  const ThTurnConfig *config = self->server->config;
  ThPeerHost host;
  guint code = th_turn_judge_peer (self, peer, &host);

  if (code != 0)
    return code;
  if (!th_turn_config_may_reach (config, &host, th_address_port (peer)))
    return refuse_peer (self, peer, TH_REFUSAL_OWN_PORT);
  switch (th_peers_bind (&self->allocation->peers, number, &host, th_address_port (peer),
                         self->server->now, config->max_permissions))
    {
    case TH_BIND_OK:
      return 0;
    case TH_BIND_TAKEN:
      return TH_STUN_BAD_REQUEST;
    case TH_BIND_FULL:
    default:
      return refuse_more_peers (self);
    }
}

void
th_turn_handle_channel_bind (ThTurnExchange *self)
{
  ThAddress peer;
  guint16 number;
  guint code;

  if (self->allocation == NULL)
    code = TH_STUN_ALLOCATION_MISMATCH;
  else if (self->allocation->streams != NULL || !read_channel (&self->request, &number, &peer))
    code = TH_STUN_BAD_REQUEST;
  else
    code = bind_channel (self, number, &peer);

  if (code != 0)
    {
      th_turn_answer_error (self, code);
      return;
    }
  tell_peer (self, &peer, number);
  answer_plainly (self);
}
