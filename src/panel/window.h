/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThWindow: the panel's one window: header bar, pages and the switcher between them, toasts.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"
#include "panel/panel-state.h"

G_BEGIN_DECLS

#define TH_TYPE_WINDOW (th_window_get_type ())
G_DECLARE_FINAL_TYPE (ThWindow, th_window, TH, WINDOW, AdwApplicationWindow)

/*
 * Actions:
 *
 * - win.copy (string): copies the text and says so
 * - win.page (string): goes to the page of that name, "server", "credentials",
 *   "connections" or "ice-test"
 * - win.preference (string): shows the setting of that name, such as "relay-port", to be changed
 * - win.say (string): says it in a toast
 * - win.search: goes to the search for connections
 * - win.undo-rotation (uint32): undoes the last rotation of that ThRingKind
 */

/* @state: (transfer none): outlives the window, which takes its size and page from it and keeps
 * them there */
GtkWidget *th_window_new (GtkApplication *application, ThPanelState *state);

/* Fills the pages. @state_directory: of the engine */
void th_window_set_engine (ThWindow *self, ThEngine *engine, const char *state_directory);

/* Shows why there is no engine, in place of the pages; "app.retry" tries again. */
void th_window_set_failure (ThWindow *self, const char *reason);

/* Closes it, and with it ends the program; asks first where calls would end. */
void th_window_quit (ThWindow *self);

G_END_DECLS
