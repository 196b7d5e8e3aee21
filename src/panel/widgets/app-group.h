/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAppGroup: the apps that may ask the endpoint for credentials, each with a token.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"
#include "panel/ticker.h"

G_BEGIN_DECLS

#define TH_TYPE_APP_GROUP (th_app_group_get_type ())
G_DECLARE_FINAL_TYPE (ThAppGroup, th_app_group, TH, APP_GROUP, AdwBin)

void th_app_group_set_engine (ThAppGroup *self, ThEngine *engine, ThTicker *ticker);

G_END_DECLS
