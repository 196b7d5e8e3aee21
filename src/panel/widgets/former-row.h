/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThFormerRow: for how long former secrets are still accepted, who lives on them, and a button
 * that ends that now. Not to be seen when there are none.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"
#include "panel/ticker.h"

G_BEGIN_DECLS

#define TH_TYPE_FORMER_ROW (th_former_row_get_type ())
G_DECLARE_FINAL_TYPE (ThFormerRow, th_former_row, TH, FORMER_ROW, AdwPreferencesRow)

void th_former_row_set_engine (ThFormerRow *self,
                               ThEngine *engine,
                               ThRingKind kind,
                               ThTicker *ticker);

G_END_DECLS
