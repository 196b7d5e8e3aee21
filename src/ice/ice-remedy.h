/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What to do about an error, in words. Any thread may call.
 */
#pragma once

#include "ice/ice-facts.h"

G_BEGIN_DECLS

/* What @error, or with %TH_ICE_ERROR_CODE @stun_code, mostly comes from; translated, not NULL. */
const char *th_ice_reason (ThIceStageKind stage, ThIceError error, guint stun_code);

/* What to do about it; translated, never NULL. */
const char *th_ice_remedy (ThIceStageKind stage, ThIceError error, guint stun_code);

G_END_DECLS
