/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThHistoryRow: one thing that was done to a secret: what, by whom, and how long ago.
 */
#pragma once

#include <adwaita.h>

#include "credentials/ring-event.h"

G_BEGIN_DECLS

#define TH_TYPE_HISTORY_ROW (th_history_row_get_type ())
G_DECLARE_FINAL_TYPE (ThHistoryRow, th_history_row, TH, HISTORY_ROW, AdwActionRow)

GtkWidget *th_history_row_new (ThRingEvent *event);

/* Says anew how long ago that is. */
void th_history_row_update (ThHistoryRow *self);

G_END_DECLS
