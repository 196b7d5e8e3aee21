/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRelayConfig's defaults, and freeing it.
 */
#include "relay/relay-config.h"

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

void
th_relay_config_free (ThRelayConfig *self)
{
  g_free (self->listen);
  g_free (self->extra_udp_ports);
  g_free (self->extra_tls_ports);
  g_free (self->hosts);
  g_free (self->own_ports);
  g_free (self->realm);
  g_strfreev (self->allow_peers);
  g_strfreev (self->deny_peers);
  g_strfreev (self->alternate_servers);
  g_strfreev (self->proxy_protocol_from);
  g_free (self);
}
