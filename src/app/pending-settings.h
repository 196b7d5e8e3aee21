/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the settings said when the relay was started, of those that th_relay_setting_needs_restart()
 * names: so that it can be told which of them wait for the next start.
 */
#pragma once

#include "settings/settings.h"

G_BEGIN_DECLS

typedef struct _ThPendingSettings ThPendingSettings;

/* Takes note of what @settings say now. */
ThPendingSettings *th_pending_settings_new (ThSettings *settings);
void th_pending_settings_free (ThPendingSettings *self);

/* Whether @settings say something else of @setting than the relay was started with */
gboolean th_pending_settings_has (ThPendingSettings *self, ThSettings *settings, ThSetting setting);
gboolean th_pending_settings_has_any (ThPendingSettings *self, ThSettings *settings);

G_END_DECLS
