/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The answer of /api/ice-servers: what a WebRTC app puts into RTCPeerConnection: STUN and TURN
 * URLs and a fresh credential by the REST scheme.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "endpoint/request.h"

G_BEGIN_DECLS

void th_answer_ice_servers (const ThRequest *request);

/* Adds the member "iceServers" to an object that is being built. */
void th_ice_servers_add (JsonBuilder *object,
                         const ThRequest *request,
                         const ThCredential *credential);

G_END_DECLS
