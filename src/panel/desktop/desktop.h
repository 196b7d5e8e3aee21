/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThDesktop: what ties the relay to the desktop it runs on, where the user wants it: running without
 * a window, starting with the session, keeping the computer awake, notifications. It gives the
 * application three actions with a boolean state, for switches: "background", "autostart" and
 * "keep-awake".
 */
#pragma once

#include <gtk/gtk.h>

#include "app/engine.h"
#include "panel/panel-state.h"

G_BEGIN_DECLS

#define TH_TYPE_DESKTOP (th_desktop_get_type ())
G_DECLARE_FINAL_TYPE (ThDesktop, th_desktop, TH, DESKTOP, GObject)

/* @application: has an action "show-page"; as @state, outlives it */
ThDesktop *th_desktop_new (GtkApplication *application, ThPanelState *state);

/* Once there is one. */
void th_desktop_set_engine (ThDesktop *self, ThEngine *engine);

G_END_DECLS
