/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of gathering and calling share: a relay of our own on loopback, lists of servers,
 * and waiting until nothing of a test is left.
 */
#pragma once

#include "../relay/fixture.h"
#include "ice/ice-server.h"

/* "turn:HOST:PORT?transport=TRANSPORT" of a running relay, with the credentials of ada */
ThIceServer *server_of (const Fixture *relay, const char *transport);

/* Takes over up to four servers; the first NULL ends them. (transfer full) (element-type
 * ThIceServer) */
GPtrArray *list_of (ThIceServer *a, ThIceServer *b, ThIceServer *c, ThIceServer *d);

/* From a URL, with credentials that no relay knows. */
ThIceServer *foreign_server (const char *url);

/* A datagram socket that swallows everything; "stun:" or "turn:" */
ThIceServer *silent_server (const Peer *peer, const char *scheme);

/* The agents of the test are gone, and so is every session of the relay that they had. */
void wait_until_closed (void);
