/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The window of preferences: pages and groups as preference-map.h has them, with a search, and a bar
 * at the bottom while changes wait for a restart.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"

G_BEGIN_DECLS

/* Returns: (transfer floating): to be shown with th_compat_preferences_present() */
GtkWidget *th_preferences_new (ThEngine *engine);

/* Goes to the row of @setting, with the keyboard too. Once it is presented. */
void th_preferences_show_setting (GtkWidget *preferences, ThSetting setting);

G_END_DECLS
