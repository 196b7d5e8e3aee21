/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSessionCell: one text of the session in a row of the table. Never asks for another size,
 * whatever it says.
 */
#pragma once

#include <gtk/gtk.h>

#include "panel/widgets/session-rows.h"

G_BEGIN_DECLS

#define TH_TYPE_SESSION_CELL (th_session_cell_get_type ())
G_DECLARE_FINAL_TYPE (ThSessionCell, th_session_cell, TH, SESSION_CELL, GtkWidget)

/* Returns: (transfer full) */
typedef char *(*ThSessionText) (ThSession *session);

/* @number: figures of the same width, at the end of the cell */
GtkWidget *th_session_cell_new (ThSessionText text, gboolean number);

/* @row: (nullable) */
void th_session_cell_show (ThSessionCell *self, ThSessionRow *row);

/* Asks who is in the row, and for the text. */
void th_session_cell_refresh (ThSessionCell *self);

G_END_DECLS
