/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the settings to what the relay is started with.
 */
#pragma once

#include "relay/relay-config.h"
#include "settings/settings.h"

G_BEGIN_DECLS

/**
 * th_relay_config_from_settings:
 * @unusable: (out) (transfer full): texts of external-address that no address of this machine goes
 *   with; they are left out of the config
 */
ThRelayConfig *th_relay_config_from_settings (ThSettings *settings, char ***unusable);

G_END_DECLS
