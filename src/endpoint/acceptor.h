/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAcceptor: the endpoint's listening sockets and the connections that came in by them. It hands
 * connections to libsoup, and adds what libsoup lacks: HTTP and HTTPS on the same port, how many
 * connections there may be, how long each may take or be idle, and a way to refuse a request before
 * all of it has come. A connection carries one request after another (RFC 9112, section 9.3). Main
 * context only.
 */
#pragma once

#include <libsoup/soup.h>

#include "tls/tls-context.h"

G_BEGIN_DECLS

/* The most connections at one time. Further ones take the place of the one that has been idle for
 * longest after an answer; where none is, they are closed at once. */
#define TH_ACCEPTOR_CONNECTIONS 256

/* The most of them that are in a TLS handshake at one time, so that plain HTTP always has places
 * too; further ones take the place of the oldest of these. */
#define TH_ACCEPTOR_HANDSHAKES 128

typedef struct _ThAcceptor ThAcceptor;

/**
 * th_acceptor_new:
 * @server: (transfer none): gets the connections; outlives the acceptor
 * @timeout: milliseconds that a client may take for the headers of a request, from the start of the
 *   connection or the end of the answer before, and then for the rest until it is answered
 */
ThAcceptor *th_acceptor_new (SoupServer *server, guint timeout);

/* Closes the listening sockets and every connection; after soup_server_disconnect(). */
void th_acceptor_free (ThAcceptor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThAcceptor, th_acceptor_free)

/**
 * th_acceptor_listen:
 * @port: 0: any free one
 *
 * An IPv6 address does not stand for IPv4 as well. Errors are those of GIO (%G_IO_ERROR).
 */
gboolean th_acceptor_listen (ThAcceptor *self, GInetAddress *address, guint16 port, GError **error);

/* The port of the first socket that listens; 0: none does. */
guint16 th_acceptor_get_port (ThAcceptor *self);

/* @context: (transfer none) (nullable): for connections that come from now on; NULL: TLS is not
 * spoken, as at first */
void th_acceptor_set_tls (ThAcceptor *self, ThTlsContext *context);

/* The headers of @message have come: now the rest may take its time. */
void th_acceptor_got_headers (ThAcceptor *self, SoupServerMessage *message);

/* The connection of @message becomes something else than HTTP, for at most so long. */
void th_acceptor_let_live (ThAcceptor *self, SoupServerMessage *message, guint milliseconds);

/**
 * th_acceptor_refuse:
 * @body: JSON
 *
 * Answers at once, though @message has not come whole, and ends the connection soon after. What
 * still comes in until then is read and thrown away, so that the client gets to read the answer.
 */
void th_acceptor_refuse (ThAcceptor *self,
                         SoupServerMessage *message,
                         guint status,
                         const char *body);

G_END_DECLS
