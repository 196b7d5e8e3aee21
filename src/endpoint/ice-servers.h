/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The answer of /api/ice-servers: what a WebRTC app puts into RTCPeerConnection: STUN and TURN
 * URLs and a fresh credential by the REST scheme.
 */
#pragma once

#include "endpoint/request.h"

G_BEGIN_DECLS

void th_answer_ice_servers (const ThRequest *request);

G_END_DECLS
