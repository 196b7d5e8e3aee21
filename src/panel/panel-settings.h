/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings of the relay inside the panel, as the desktop keeps them.
 */
#pragma once

#include "settings/settings.h"

G_BEGIN_DECLS

/* (transfer full): the defaults where the desktop has none to tell, which the log says. */
ThSettings *th_panel_settings_load (void);

G_END_DECLS
