/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /test/stream: the WebSocket (RFC 6455) by which an opened test page is given ICE servers and
 * tells what it finds. Whoever has the page's ticket may open it, once. What comes in is bounded in
 * every way, and understood by the backend alone. Main context only.
 */
#pragma once

#include "endpoint/request.h"

G_BEGIN_DECLS

/* How many pages are listened to at one time. */
#define TH_TEST_STREAMS_MAX 8

/* Of one page: bytes of one message, bytes and messages in all, messages a second, milliseconds */
#define TH_TEST_MESSAGE_MAX (16 * 1024)
#define TH_TEST_BYTES_MAX (1024 * 1024)
#define TH_TEST_MESSAGES_MAX 2000
#define TH_TEST_RATE_MAX 200
#define TH_TEST_DURATION_MAX (3 * 60 * 1000)

/* Seconds that the page's credential lives */
#define TH_TEST_CREDENTIAL_TTL 300

/* ThTestStreams: all that are open. */
ThTestStreams *th_test_streams_new (const ThEndpointBackend *backend, gpointer backend_data);

/* Closes them; none can be opened any more. */
void th_test_streams_free (ThTestStreams *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTestStreams, th_test_streams_free)

/* Closes those that are open now, without ceremony. */
void th_test_streams_close (ThTestStreams *self);

void th_answer_test_stream (const ThRequest *request);

G_END_DECLS
