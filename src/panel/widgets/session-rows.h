/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSessionRows: rows of a table as places, of which each shows whoever stands there. When sessions
 * come, go or change places a list view would make, number and lay out anew all rows from there on;
 * of these it only hears when there are more or fewer, and that at their end.
 */
#pragma once

#include <gio/gio.h>

#include "relay/session.h"

G_BEGIN_DECLS

#define TH_TYPE_SESSION_ROW (th_session_row_get_type ())
G_DECLARE_FINAL_TYPE (ThSessionRow, th_session_row, TH, SESSION_ROW, GObject)

#define TH_TYPE_SESSION_ROWS (th_session_rows_get_type ())
G_DECLARE_FINAL_TYPE (ThSessionRows, th_session_rows, TH, SESSION_ROWS, GObject)

/* A list model of ThSessionRow. */
ThSessionRows *th_session_rows_new (GListModel *sessions);

/* Has as many rows as there are sessions now. */
void th_session_rows_follow (ThSessionRows *self);

/* (transfer full) (nullable): who stands there now; NULL where nobody does any more */
ThSession *th_session_row_dup_session (ThSessionRow *self);

G_END_DECLS
