/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThHistoryGroup: what was done to the secrets, newest first: a few lines, and the rest on request.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"
#include "panel/ticker.h"

G_BEGIN_DECLS

#define TH_TYPE_HISTORY_GROUP (th_history_group_get_type ())
G_DECLARE_FINAL_TYPE (ThHistoryGroup, th_history_group, TH, HISTORY_GROUP, AdwBin)

void th_history_group_set_engine (ThHistoryGroup *self, ThEngine *engine, ThTicker *ticker);

G_END_DECLS
