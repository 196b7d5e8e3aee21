/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRelayConfig's defaults, copying and freeing.
 */
#include "relay/relay-config.h"

#define DUPLICATE(copy, array, count) ((copy)->array = g_memdup2 ((copy)->array, \
                                                       (copy)->count * sizeof *(copy)->array))

ThRelayConfig *
th_relay_config_new (void)
{
  ThRelayConfig *self = g_new0 (ThRelayConfig, 1);

  self->port = TH_STUN_DEFAULT_PORT;
  self->relay_port_min = 49152;
  self->relay_port_max = 65535;
  self->realm = g_strdup ("turnhouse");
  self->workers_auto = TRUE;
  self->user_quota = 50;
  self->unauthorized_per_second = 10;
  self->max_connections = 10000;
  self->max_permissions = 256;
  return self;
}

ThRelayConfig *
th_relay_config_copy (const ThRelayConfig *self)
{
  ThRelayConfig *copy = g_memdup2 (self, sizeof *self);

  DUPLICATE (copy, listen, n_listen);
  DUPLICATE (copy, extra_udp_ports, n_extra_udp_ports);
  DUPLICATE (copy, hosts, n_hosts);
  DUPLICATE (copy, own_ports, n_own_ports);
  copy->realm = g_strdup (self->realm);
  copy->allow_peers = g_strdupv (self->allow_peers);
  copy->deny_peers = g_strdupv (self->deny_peers);
  return copy;
}

void
th_relay_config_free (ThRelayConfig *self)
{
  g_free (self->listen);
  g_free (self->extra_udp_ports);
  g_free (self->hosts);
  g_free (self->own_ports);
  g_free (self->realm);
  g_strfreev (self->allow_peers);
  g_strfreev (self->deny_peers);
  g_free (self);
}
