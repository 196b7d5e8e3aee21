/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTlsStream: the server's side of TLS on a connected socket, as a stream that libsoup can read
 * and write. It lives on the main loop alone and never blocks it. (GIO's own, GTlsServerConnection,
 * keeps a thread of the program's common pool busy for every handshake, as long as the client
 * likes; a few clients that stall would stop all that is done in threads. Nor does it let a program
 * choose the versions that are spoken.)
 */
#pragma once

#include <gio/gio.h>

#include "tls/tls-context.h"

G_BEGIN_DECLS

#define TH_TYPE_TLS_STREAM (th_tls_stream_get_type ())
G_DECLARE_FINAL_TYPE (ThTlsStream, th_tls_stream, TH, TLS_STREAM, GIOStream)

/**
 * th_tls_stream_new:
 * @connection: (transfer none): not blocking; closed with the stream
 *
 * Returns: (transfer full) (nullable): NULL if there is no memory for a session
 */
ThTlsStream *th_tls_stream_new (GSocketConnection *connection, ThTlsContext *context);

/**
 * th_tls_stream_handshake:
 *
 * Goes on with the handshake as far as can be done now. Before it is done, the stream can neither
 * be read nor written.
 *
 * Returns: TRUE when done; FALSE with G_IO_ERROR_WOULD_BLOCK when it waits for the client, for
 *   th_tls_stream_get_condition(); or with G_TLS_ERROR when it failed, which the client was told
 */
gboolean th_tls_stream_handshake (ThTlsStream *self, GError **error);

/* What the socket is waited for: that it can be read or that it can be written. */
GIOCondition th_tls_stream_get_condition (ThTlsStream *self);

/* Tells the client that nothing more comes (RFC 8446, section 6.1), if that can be done now. */
void th_tls_stream_say_goodbye (ThTlsStream *self);

G_END_DECLS
