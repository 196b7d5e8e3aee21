/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What ends calls is asked about first, with their number; where there is none, it is just done.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/engine.h"

G_BEGIN_DECLS

/* How many go through the relay now */
guint th_calls_count (ThEngine *engine);

/**
 * th_restart_or_ask:
 * @widget: whose window a question belongs to
 * @restart: called with @data, at once or when the user says so
 * @data: (type GObject): kept alive until a question is answered
 */
void th_restart_or_ask (GtkWidget *widget,
                        ThEngine *engine,
                        void (*restart) (gpointer data),
                        gpointer data);

G_END_DECLS
