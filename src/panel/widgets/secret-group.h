/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSecretGroup: one kind of secret: the current one, a button that rotates it, and what is left
 * of the former ones.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"
#include "panel/ticker.h"

G_BEGIN_DECLS

#define TH_TYPE_SECRET_GROUP (th_secret_group_get_type ())
G_DECLARE_FINAL_TYPE (ThSecretGroup, th_secret_group, TH, SECRET_GROUP, AdwPreferencesGroup)

void th_secret_group_set_engine (ThSecretGroup *self,
                                 ThEngine *engine,
                                 ThRingKind kind,
                                 ThTicker *ticker);

G_END_DECLS
