/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThConnectRow: leads to what to paste into which app. Not to be seen while apps have no address to
 * go to.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"

G_BEGIN_DECLS

#define TH_TYPE_CONNECT_ROW (th_connect_row_get_type ())
G_DECLARE_FINAL_TYPE (ThConnectRow, th_connect_row, TH, CONNECT_ROW, AdwActionRow)

/* Once. */
void th_connect_row_set_engine (ThConnectRow *self, ThEngine *engine);

G_END_DECLS
