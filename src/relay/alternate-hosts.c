/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The choice of hosts and ports for RFC 5780.
 */
#include "relay/alternate-hosts.h"

/* As the configuration maps it; the same where it maps nothing. */
static ThAddress
seen_by_clients (const ThTurnConfig *turn, const ThAddress *internal)
{
  for (guint i = 0; i < turn->n_hosts; i++)
    {
      if (th_address_same_host (&turn->hosts[i].internal, internal))
        return turn->hosts[i].external;
    }
  return *internal;
}

/* Who reaches the one may not reach the other. */
static gboolean
are_of_one_kind (const ThAddress *a, const ThAddress *b)
{
  g_autoptr (ThPeerPolicy) policy = th_peer_policy_new (NULL, NULL, FALSE, NULL);

  return th_peer_policy_judge (policy, a) == th_peer_policy_judge (policy, b);
}

static gboolean
is_candidate (const ThAddress *address, gboolean ipv6)
{
  return th_address_is_ipv6 (address) == ipv6 && !th_address_is_wildcard (address);
}

static gboolean
fits (const ThAlternates *self)
{
  return !th_address_same_host (&self->internal[0], &self->internal[1]) &&
         !th_address_same_host (&self->external[0], &self->external[1]) &&
         are_of_one_kind (&self->external[0], &self->external[1]);
}

gboolean
th_alternate_hosts_choose (const ThRelayConfig *config,
                           const ThTurnConfig *turn,
                           gboolean ipv6,
                           ThAlternates *alternates)
{
  *alternates = (ThAlternates) { .ports = { config->port, 0 } };
  for (guint i = 0; i < config->n_listen && config->port != 0; i++)
    {
      if (!is_candidate (&config->listen[i], ipv6))
        continue;
      alternates->internal[0] = config->listen[i];
      alternates->external[0] = seen_by_clients (turn, &config->listen[i]);
      for (guint j = i + 1; j < config->n_listen; j++)
        {
          if (!is_candidate (&config->listen[j], ipv6))
            continue;
          alternates->internal[1] = config->listen[j];
          alternates->external[1] = seen_by_clients (turn, &config->listen[j]);
          if (fits (alternates))
            return TRUE;
        }
    }
  return FALSE;
}

guint16
th_alternate_port (const ThRelayConfig *config, guint step)
{
  guint port = config->port + step;

  if (port > G_MAXUINT16 || (port >= config->relay_port_min && port <= config->relay_port_max))
    return 0;
  if (th_relay_config_has_udp_port (config, (guint16) port) ||
      th_relay_config_has_tls_port (config, (guint16) port))
    return 0;
  for (guint i = 0; i < config->n_own_ports; i++)
    {
      if (config->own_ports[i] == port)
        return 0;
    }
  return (guint16) port;
}
