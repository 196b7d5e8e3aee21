/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAwake: keeps the computer from going to sleep while calls go through the relay.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _ThAwake ThAwake;

/* @application: outlives it */
ThAwake *th_awake_new (GtkApplication *application);
void th_awake_free (ThAwake *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThAwake, th_awake_free)

/* @window: (nullable): which the desktop may name as the reason */
void th_awake_set (ThAwake *self, gboolean awake, GtkWindow *window);

G_END_DECLS
