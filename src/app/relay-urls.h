/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The URLs of a relay (RFC 7064 for stun, RFC 7065 for turn).
 */
#pragma once

#include <gio/gio.h>

#include "endpoint/backend.h"
#include "relay/relay-config.h"
#include "settings/settings.h"
#include "turn/client.h"

G_BEGIN_DECLS

/* Where clients can come in */
typedef struct {
  ThTransport transport;
  gboolean ipv6;
  guint16 port;
} ThRelayPort;

/* (transfer full) (element-type ThRelayPort): of those of @listeners (ThListenerInfo) that are
 * bound */
GArray *th_relay_ports_new (GListModel *listeners);

/* @outside: a port that something in front passes on to one for TLS; nothing is added where there is
 * none, or where it is 0 */
void th_relay_ports_add_outside (GArray *ports, guint16 outside);

/**
 * th_relay_urls_new:
 * @host: (nullable): a name or numeric address, IPv6 without brackets
 * @name: (nullable): by which name the relay is reached over TLS; NULL: it is not
 * @ports: (element-type ThRelayPort)
 *
 * One URL for each transport and port; with a numeric @host only for ports of its family.
 */
ThRelayUrls *th_relay_urls_new (const char *host, const char *name, const GArray *ports);

/* The first of @hosts under which anything is reached. */
ThRelayUrls *th_relay_urls_new_for_hosts (const char *const *hosts,
                                          const char *name,
                                          const GArray *ports);

/* The URLs that a relay with these settings will have, if all goes well. */
ThRelayUrls *th_relay_urls_new_planned (ThSettings *settings);

/* (transfer full): in brackets if it is a numeric IPv6 address */
char *th_url_host (const char *host);

G_END_DECLS
