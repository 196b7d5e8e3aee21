/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIcePage: does it work? Tests this relay or other servers and shows live how far each way gets,
 * what addresses are found, and what that means.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"

G_BEGIN_DECLS

#define TH_TYPE_ICE_PAGE (th_ice_page_get_type ())
G_DECLARE_FINAL_TYPE (ThIcePage, th_ice_page, TH, ICE_PAGE, AdwBin)

void th_ice_page_set_engine (ThIcePage *self, ThEngine *engine);

G_END_DECLS
