/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSessionTable: the sessions as a table that can be sorted and stays as it is while its numbers
 * change.
 */
#pragma once

#include <adwaita.h>

#include "panel/connections.h"

G_BEGIN_DECLS

#define TH_TYPE_SESSION_TABLE (th_session_table_get_type ())
G_DECLARE_FINAL_TYPE (ThSessionTable, th_session_table, TH, SESSION_TABLE, AdwBin)

/* Once. The row that is selected there is selected here, and the other way round. */
void th_session_table_set_connections (ThSessionTable *self, ThConnections *connections);

G_END_DECLS
