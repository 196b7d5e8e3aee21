/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRestartBar: says that changes wait for a restart of the relay and what that ends, with the
 * button that does it. It is there only while something waits.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"

G_BEGIN_DECLS

#define TH_TYPE_RESTART_BAR (th_restart_bar_get_type ())
G_DECLARE_FINAL_TYPE (ThRestartBar, th_restart_bar, TH, RESTART_BAR, AdwBin)

GtkWidget *th_restart_bar_new (ThEngine *engine);

G_END_DECLS
