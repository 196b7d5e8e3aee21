/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The answer of /api/ice-servers: what a WebRTC app puts into RTCPeerConnection: STUN and TURN
 * URLs and a fresh credential by the REST scheme. And the parts of such lists, for other routes.
 * Entries that would have no URL are left out: browsers refuse them.
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

/* What that list is made of: @own STUN URLs, after the fallback ones where those are on; */
void th_ice_servers_add_stun (JsonBuilder *array, const ThRequest *request, char **own);

/* TURN URLs, @second (nullable) after @first, then @third (nullable); */
void th_ice_servers_add_turn (JsonBuilder *array,
                              char **first,
                              char **second,
                              char **third,
                              const ThCredential *credential);

/* and beside the list, how long it is good for: the members "ttl" and "expiresAt". */
void th_ice_servers_add_lifetime (JsonBuilder *object, const ThCredential *credential);

G_END_DECLS
