/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Under which name or address a relay is reached.
 */
#pragma once

#include <gio/gio.h>

#include "relay/relay-config.h"
#include "settings/settings.h"

G_BEGIN_DECLS

/**
 * th_relay_hosts_find:
 * @config: what the relay is started with
 * @listeners: (nullable) (element-type ThListenerInfo): of the relay, if it runs
 * @here: for a client on this machine, which the external address may not lead back to
 *
 * A name that the settings give ([endpoint] host, else server-name) stands alone. Else, for others:
 * the external addresses, or those it listens on, or the machine's own; for a client here: those it
 * listens on, or those it relays from, or the machine's own.
 *
 * Returns: (transfer full): at most one of each family, IPv4 first, IPv6 without brackets; NULL-
 *   terminated, possibly empty
 */
char **th_relay_hosts_find (ThSettings *settings,
                            const ThRelayConfig *config,
                            GListModel *listeners,
                            gboolean here);

/**
 * th_relay_name_find:
 * @certified: (nullable): a name that the certificate is for
 * @here: for a client on this machine
 *
 * By which name clients reach the relay over TLS, where numbers are no use: Firefox, for one, does
 * not try them. The one that the settings give, else @certified, else what this machine is called.
 *
 * Returns: (transfer none)
 */
const char *th_relay_name_find (ThSettings *settings, const char *certified, gboolean here);

G_END_DECLS
