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

/* Reads again what th_relay_set_rules() can change, into a config that is there. */
void th_relay_config_read_rules (ThRelayConfig *config, ThSettings *settings);

/* Whether that setting waits for th_engine_restart(); all others take effect at once. */
gboolean th_relay_setting_needs_restart (ThSetting setting);

G_END_DECLS
