/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEventWindow: the event log in a window of its own, beside the main one.
 */
#pragma once

#include <adwaita.h>

#include "app/event-log.h"

G_BEGIN_DECLS

#define TH_TYPE_EVENT_WINDOW (th_event_window_get_type ())
G_DECLARE_FINAL_TYPE (ThEventWindow, th_event_window, TH, EVENT_WINDOW, AdwWindow)

/* Goes with @parent. */
ThEventWindow *th_event_window_new (ThEventLog *log, GtkWindow *parent);

/* Shows the events of that session alone; 0: of all. @name: (nullable): what it is called */
void th_event_window_show_session (ThEventWindow *self, guint64 session, const char *name);

G_END_DECLS
