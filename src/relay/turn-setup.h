/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a ThRelayConfig, which people fill in, to a ThTurnConfig, which the servers work by: the
 * addresses of this machine are looked up here, and the shared port pool and quotas made.
 */
#pragma once

#include "relay/relay-config.h"
#include "turn/config.h"

G_BEGIN_DECLS

/* Returns: (nullable): NULL with a ThRelayError or a policy's error */
ThTurnConfig *th_turn_setup (const ThRelayConfig *config, GError **error);

/* Before any server works by @self: it answers for @alternates, whose second port is then one of its
 * own. */
void th_turn_setup_set_alternates (ThTurnConfig *self,
                                   const ThRelayConfig *config,
                                   const ThAlternates *alternates);

/* For servers that run with @running: the peer policy, own ports and limits of @config; of these
 * the quotas are in force at once. (nullable): NULL with a policy's error, and nothing has changed */
ThTurnConfig *
th_turn_setup_again (const ThTurnConfig *running, const ThRelayConfig *config, GError **error);

G_END_DECLS
