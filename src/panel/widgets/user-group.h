/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThUserGroup: static users, for apps that can take nothing but a name and a password.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"
#include "panel/ticker.h"

G_BEGIN_DECLS

#define TH_TYPE_USER_GROUP (th_user_group_get_type ())
G_DECLARE_FINAL_TYPE (ThUserGroup, th_user_group, TH, USER_GROUP, AdwBin)

void th_user_group_set_engine (ThUserGroup *self, ThEngine *engine, ThTicker *ticker);

G_END_DECLS
