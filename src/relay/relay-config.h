/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRelayConfig: everything a relay needs to know to start, as plain values. Whoever holds the
 * settings fills one in; the relay copies what it keeps.
 */
#pragma once

#include <glib.h>

#include "stun/address.h"

G_BEGIN_DECLS

/* A relay host: where relay sockets are bound, and the address that peers see instead. */
typedef struct {
  ThAddress internal; /* port 0 */
  ThAddress external; /* port 0; equal to @internal where no address translation stands between */
} ThRelayHost;

typedef struct {
  ThAddress *listen;      /* hosts to listen on, ports 0; none: every address of the machine */
  guint n_listen;
  guint16 port;           /* UDP and TCP; 0: off */
  guint16 *extra_udp_ports;
  guint n_extra_udp_ports;
  guint16 tls_port;       /* TLS; 0: off */
  guint16 *extra_tls_ports;
  guint n_extra_tls_ports;
  gboolean dtls;          /* over UDP at these ports too */
  guint16 relay_port_min, relay_port_max;
  ThRelayHost *hosts;     /* none: found by looking at the machine's addresses */
  guint n_hosts;
  char *realm;
  guint workers;          /* 0: on the caller's main context */
  gboolean workers_auto;  /* one per processor; then @workers does not count */
  char **allow_peers;     /* CIDR texts, checked before; NULL-terminated, nullable */
  char **deny_peers;
  gboolean allow_lan_peers;
  gboolean strict_expiry;
  guint16 *own_ports;     /* further listening ports of this program that no peer may be */
  guint n_own_ports;

  guint max_allocations;  /* 0: as many as there are ports */
  guint user_quota;       /* allocations per user; 0: no limit */
  guint total_quota;      /* as max_allocations, told to clients as 486; 0: no limit */
  guint unauthorized_per_second; /* challenges per client network; 0: no limit */
  guint max_connections;  /* TCP */
  guint max_permissions;  /* and channels, per allocation */
} ThRelayConfig;

/* Returns: (transfer full): everything at its default: port 3478, 49152 to 65535, one worker per
 * processor, realm "turnhouse", no port for TLS, but DTLS where there is one */
ThRelayConfig *th_relay_config_new (void);
void th_relay_config_free (ThRelayConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThRelayConfig, th_relay_config_free)

/* What a port is for; one can be for both. */
gboolean th_relay_config_has_udp_port (const ThRelayConfig *self, guint16 port);
gboolean th_relay_config_has_tls_port (const ThRelayConfig *self, guint16 port);

G_END_DECLS
