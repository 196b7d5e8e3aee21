/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The answer of /api/livekit/ice-config: what apps expect that fetch the ICE configuration of
 * LiveKit's TURN server for their direct connections: a user's id as the user name, and a JWT as
 * the password.
 */
#pragma once

#include "endpoint/request.h"

G_BEGIN_DECLS

void th_answer_livekit_ice_config (const ThRequest *request);

G_END_DECLS
