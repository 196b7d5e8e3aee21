/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEventRow: one event in words: what, what is behind it, when, how severe, who.
 */
#pragma once

#include <adwaita.h>

#include "app/event.h"

G_BEGIN_DECLS

#define TH_TYPE_EVENT_ROW (th_event_row_get_type ())
G_DECLARE_FINAL_TYPE (ThEventRow, th_event_row, TH, EVENT_ROW, AdwBin)

GtkWidget *th_event_row_new (void);

/* @event: (nullable): followed from now on */
void th_event_row_set_event (ThEventRow *self, ThEvent *event);

/* Says anew how long ago that is. */
void th_event_row_update_time (ThEventRow *self);

G_END_DECLS
