/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRelayConfig's defaults, freeing it, and what its ports are for.
 */
#include "relay/relay-config.h"

static gboolean
has_port (const guint16 *ports, guint n_ports, guint16 port)
{
  for (guint i = 0; i < n_ports; i++)
    {
      if (ports[i] == port)
        return TRUE;
    }
  return FALSE;
}

ThRelayConfig *
th_relay_config_new (void)
{
  ThRelayConfig *self = g_new0 (ThRelayConfig, 1);

  self->port = TH_STUN_DEFAULT_PORT;
  self->relay_port_min = 49152;
  self->relay_port_max = 65535;
  self->realm = g_strdup ("turnhouse");
  self->workers_auto = TRUE;
  self->dtls = TRUE;
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
  g_free (self);
}

gboolean
th_relay_config_has_udp_port (const ThRelayConfig *self, guint16 port)
{
  return port == self->port || has_port (self->extra_udp_ports, self->n_extra_udp_ports, port);
}

gboolean
th_relay_config_has_tls_port (const ThRelayConfig *self, guint16 port)
{
  return port == self->tls_port ||
         has_port (self->extra_tls_ports, self->n_extra_tls_ports, port);
}
