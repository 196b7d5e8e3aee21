/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The permissions and channels of one allocation, in two small arrays. Most allocations have one
 * or two of each, so a search starts where the last one ended and rarely takes a second step.
 */
#include "turn/peers.h"

#define NO_PERMISSION (-1)

static gint
index_of_permission (const ThPeers *self, const ThAddress *named)
{
  for (guint i = 0; i < self->n_permissions; i++)
    {
      if (th_address_same_host (&self->permissions[i].host.named, named))
        return (gint) i;
    }
  return NO_PERMISSION;
}

/* Channels remember the place of their permission: when a place gets another host, they let go. */
static void
forget_permission (ThPeers *self, gint index)
{
  for (guint i = 0; i < self->n_channels; i++)
    {
      if (self->channels[i].permission == index)
        self->channels[i].permission = NO_PERMISSION;
    }
}

static void
adopt_channels (ThPeers *self, gint index)
{
  for (guint i = 0; i < self->n_channels; i++)
    {
      if (th_address_same_host (&self->channels[i].named, &self->permissions[index].host.named))
        self->channels[i].permission = (gint16) index;
    }
}

static gint
place_for_permission (ThPeers *self, gint64 now, guint limit)
{
  if (self->n_permissions < limit)
    {
      if (self->n_permissions == self->permissions_size)
        {
          self->permissions_size = (guint16) MIN (limit, MAX (1, self->permissions_size * 2u));
          self->permissions = g_renew (ThPermission, self->permissions, self->permissions_size);
        }
      return self->n_permissions++;
    }
  for (guint i = 0; i < self->n_permissions; i++)
    {
      if (self->permissions[i].expires <= now)
        {
          forget_permission (self, (gint) i);
          return (gint) i;
        }
    }
  return NO_PERMISSION;
}

static gint
permit (ThPeers *self, const ThPeerHost *host, gint64 now, guint limit)
{
  gint index = index_of_permission (self, &host->named);

  if (index == NO_PERMISSION)
    {
      index = place_for_permission (self, now, limit);
      if (index == NO_PERMISSION)
        return NO_PERMISSION;
      self->permissions[index].host = *host;
      adopt_channels (self, index);
    }
  self->permissions[index].host.reach = host->reach;
  self->permissions[index].expires = now + TH_PERMISSION_LIFETIME;
  return index;
}

static ThChannel *
place_for_channel (ThPeers *self, gint64 now, guint limit)
{
  for (guint i = 0; i < self->n_channels; i++)
    {
      if (self->channels[i].expires <= now)
        return &self->channels[i];
    }
  if (self->n_channels >= limit)
    return NULL;
  if (self->n_channels == self->channels_size)
    {
      self->channels_size = (guint16) MIN (limit, MAX (1, self->channels_size * 2u));
      self->channels = g_renew (ThChannel, self->channels, self->channels_size);
    }
  self->channels[self->n_channels] = (ThChannel) { 0 }; /* expired, until it is filled in */
  return &self->channels[self->n_channels++];
}

static gboolean
channel_is_live (const ThPeers *self, const ThChannel *channel, gint64 now)
{
  return channel->expires > now && channel->permission != NO_PERMISSION &&
         self->permissions[channel->permission].expires > now;
}

void
th_peers_clear (ThPeers *self)
{
  g_free (self->permissions);
  g_free (self->channels);
  *self = (ThPeers) { 0 };
}

gboolean
th_peers_permit (ThPeers *self, const ThPeerHost *host, gint64 now, guint limit)
{
  return permit (self, host, now, limit) != NO_PERMISSION;
}

guint
th_peers_count (const ThPeers *self, gint64 now)
{
  guint count = 0;

  for (guint i = 0; i < self->n_permissions; i++)
    count += self->permissions[i].expires > now;
  return count;
}

guint
th_peers_count_new (const ThPeers *self, const ThPeerHost *hosts, guint n_hosts, gint64 now)
{
  guint count = 0;

  for (guint i = 0; i < n_hosts; i++)
    {
      gboolean known = th_peers_find_named (self, &hosts[i].named, now) != NULL;

      for (guint j = 0; j < i && !known; j++)
        known = th_address_same_host (&hosts[j].named, &hosts[i].named);
      count += !known;
    }
  return count;
}

ThBindVerdict
th_peers_bind (ThPeers *self,
               guint16 number,
               const ThPeerHost *host,
               guint16 port,
               gint64 now,
               guint limit)
{
  ThAddress named = host->named;
  ThChannel *channel = NULL;
  gint permission;

  th_address_set_port (&named, port);
  for (guint i = 0; i < self->n_channels; i++)
    {
      ThChannel *other = &self->channels[i];
      gboolean same_number = other->number == number;
      gboolean same_peer = th_address_equal (&other->named, &named);

      if (other->expires <= now || (!same_number && !same_peer))
        continue;
      if (same_number != same_peer)
        return TH_BIND_TAKEN;
      channel = other;
    }
  if (channel == NULL)
    channel = place_for_channel (self, now, limit);
  if (channel == NULL)
    return TH_BIND_FULL;
  permission = permit (self, host, now, limit);
  if (permission == NO_PERMISSION)
    return TH_BIND_FULL;

  channel->number = number;
  channel->named = named;
  channel->wire = host->wire;
  th_address_set_port (&channel->wire, port);
  channel->permission = (gint16) permission;
  channel->expires = now + TH_CHANNEL_LIFETIME;
  return TH_BIND_OK;
}

const ThPermission *
th_peers_find_named (const ThPeers *self, const ThAddress *peer, gint64 now)
{
  gint index = index_of_permission (self, peer);

  if (index == NO_PERMISSION || self->permissions[index].expires <= now)
    return NULL;
  return &self->permissions[index];
}

const ThPermission *
th_peers_find_wire (const ThPeers *self, const ThAddress *peer, gint64 now)
{
  for (guint i = 0; i < self->n_permissions; i++)
    {
      const ThPermission *permission = &self->permissions[i];

      if (permission->expires > now && th_address_same_host (&permission->host.wire, peer))
        return permission;
    }
  return NULL;
}

const ThChannel *
th_peers_find_channel (ThPeers *self, guint16 number, gint64 now)
{
  guint at = self->last_up;

  for (guint step = 0; step < self->n_channels; step++, at++)
    {
      if (at >= self->n_channels)
        at = 0;
      if (self->channels[at].number == number && channel_is_live (self, &self->channels[at], now))
        {
          self->last_up = (guint16) at;
          return &self->channels[at];
        }
    }
  return NULL;
}

const ThChannel *
th_peers_find_channel_to (ThPeers *self, const ThAddress *wire, gint64 now)
{
  guint at = self->last_down;

  for (guint step = 0; step < self->n_channels; step++, at++)
    {
      if (at >= self->n_channels)
        at = 0;
      if (th_address_equal (&self->channels[at].wire, wire) &&
          channel_is_live (self, &self->channels[at], now))
        {
          self->last_down = (guint16) at;
          return &self->channels[at];
        }
    }
  return NULL;
}
