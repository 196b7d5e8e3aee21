/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the servers of a relay share, and the judgement of peers that belongs to it: the policy
 * knows the world's special addresses, the configuration knows which addresses are our own.
 */
#include "turn/config.h"

#include "turn/embedded-ipv4.h"

static guint
find_host (const ThTurnConfig *self, const ThAddress *address)
{
  for (guint i = 0; i < self->n_hosts; i++)
    {
      if (th_address_same_host (&self->hosts[i].external, address))
        return i;
    }
  for (guint i = 0; i < self->n_hosts; i++)
    {
      if (th_address_same_host (&self->hosts[i].internal, address))
        return i;
    }
  return TH_TURN_NO_HOST;
}

static gboolean
is_this_machine (const ThTurnConfig *self, const ThAddress *address)
{
  for (guint i = 0; i < self->n_own_addresses; i++)
    {
      if (th_address_same_host (&self->own_addresses[i], address))
        return TRUE;
    }
  /* The kernel takes the wildcard for this machine, too. */
  return th_address_is_loopback (address) || th_address_is_wildcard (address) ||
         find_host (self, address) != TH_TURN_NO_HOST;
}

/* An IPv6 address that a translator or tunnel may turn into one of ours. */
static gboolean
disguises_this_machine (const ThTurnConfig *self, const ThAddress *address)
{
  ThEmbeddedIpv4 embedded;

  th_embedded_ipv4_find (address, &embedded);
  for (guint i = 0; i < embedded.n_hosts; i++)
    {
      ThAddress host;

      th_address_init_bytes (&host, TH_STUN_FAMILY_IPV4, embedded.hosts[i], 0);
      if (is_this_machine (self, &host))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_own_port (const ThTurnConfig *self, guint16 port)
{
  for (guint i = 0; i < self->n_own_ports; i++)
    {
      if (self->own_ports[i] == port)
        return TRUE;
    }
  return FALSE;
}

ThTurnConfig *
th_turn_config_new (void)
{
  ThTurnConfig *self = g_new0 (ThTurnConfig, 1);

  g_atomic_ref_count_init (&self->references);
  self->realm = g_strdup ("turnhouse");
  self->max_permissions = 256;
  th_nonce_key_init (&self->nonce_key);
  self->tickets = th_tickets_new ();
  return self;
}

ThTurnConfig *
th_turn_config_copy (const ThTurnConfig *self)
{
  ThTurnConfig *copy = g_memdup2 (self, sizeof *self);

  g_atomic_ref_count_init (&copy->references);
  copy->draining = th_turn_config_is_draining (self);
  copy->realm = g_strdup (self->realm);
  copy->software = g_strdup (self->software);
  copy->hosts = g_memdup2 (self->hosts, self->n_hosts * sizeof *self->hosts);
  copy->own_addresses =
      g_memdup2 (self->own_addresses, self->n_own_addresses * sizeof *self->own_addresses);
  copy->own_ports = g_memdup2 (self->own_ports, self->n_own_ports * sizeof *self->own_ports);
  copy->alternate_servers = g_memdup2 (
      self->alternate_servers, self->n_alternate_servers * sizeof *self->alternate_servers);
  copy->policy = th_peer_policy_ref (self->policy);
  copy->ports = th_ports_ref (self->ports);
  copy->quota = th_quota_ref (self->quota);
  copy->capacity = th_quota_ref (self->capacity);
  copy->reservations = th_reservations_ref (self->reservations);
  copy->streams = th_streams_ref (self->streams);
  copy->tickets = th_tickets_ref (self->tickets);
  return copy;
}

ThTurnConfig *
th_turn_config_ref (ThTurnConfig *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
th_turn_config_unref (ThTurnConfig *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_free (self->realm);
  g_free (self->software);
  g_free (self->hosts);
  g_free (self->own_addresses);
  g_free (self->own_ports);
  g_free (self->alternate_servers);
  g_clear_pointer (&self->reservations, th_reservations_unref);
  g_clear_pointer (&self->streams, th_streams_unref);
  g_clear_pointer (&self->tickets, th_tickets_unref);
  g_clear_pointer (&self->policy, th_peer_policy_unref);
  g_clear_pointer (&self->ports, th_ports_unref);
  g_clear_pointer (&self->quota, th_quota_unref);
  g_clear_pointer (&self->capacity, th_quota_unref);
  g_free (self);
}

void
th_turn_config_set_draining (ThTurnConfig *self, gboolean draining)
{
  g_atomic_int_set (&self->draining, draining);
}

gboolean
th_turn_config_is_draining (const ThTurnConfig *self)
{
  return g_atomic_int_get (&self->draining);
}

guint
th_turn_config_choose_host (const ThTurnConfig *self, const ThAddress *local, ThStunFamily family)
{
  guint first = TH_TURN_NO_HOST;
  guint reachable = TH_TURN_NO_HOST;

  for (guint i = 0; i < self->n_hosts; i++)
    {
      const ThAddress *internal = &self->hosts[i].internal;

      if (th_address_family (internal) != family)
        continue;
      if (first == TH_TURN_NO_HOST)
        first = i;
      if (th_address_is_loopback (internal))
        continue;
      if (th_address_same_host (internal, local))
        return i;
      if (reachable == TH_TURN_NO_HOST)
        reachable = i;
    }
  return reachable != TH_TURN_NO_HOST ? reachable : first;
}

gboolean
th_turn_config_judge_peer (const ThTurnConfig *self, const ThAddress *peer, ThPeerHost *host)
{
  ThPeerVerdict verdict = th_peer_policy_judge (self->policy, peer);
  guint index = find_host (self, peer);

  *host = (ThPeerHost) { .named = *peer, .wire = *peer, .reach = TH_REACH_ANY, .host = index };
  th_address_set_port (&host->named, 0);
  if (index != TH_TURN_NO_HOST)
    host->wire = self->hosts[index].internal;
  th_address_set_port (&host->wire, 0);

  if (verdict == TH_PEER_DENIED_BY_RULE)
    return FALSE;
  if (!is_this_machine (self, peer))
    return th_peer_verdict_allows (verdict) && !disguises_this_machine (self, peer);
  if (verdict == TH_PEER_ALLOWED_BY_RULE)
    host->reach = TH_REACH_NOT_OURSELVES;
  else if (index != TH_TURN_NO_HOST)
    host->reach = TH_REACH_RELAYED;
  else
    return FALSE; /* something else that runs on this machine, perhaps behind its firewall */
  return TRUE;
}

gboolean
th_turn_config_may_reach (const ThTurnConfig *self, const ThPeerHost *host, guint16 port)
{
  switch (host->reach)
    {
    case TH_REACH_ANY:
      return port != 0;
    case TH_REACH_NOT_OURSELVES:
      return port != 0 && !is_own_port (self, port);
    case TH_REACH_RELAYED:
      return th_ports_is_open (self->ports, host->host, port);
    default:
      return FALSE;
    }
}
