/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSplice: what a client's data connection (RFC 6062) has beside itself: the peer's connection, and
 * how far both have come. Bytes are read from one only as the other takes them, and the end of one
 * direction leaves the other alone.
 */
#pragma once

#include "relay/peer-socket.h"

G_BEGIN_DECLS

typedef struct {
  ThPeerSocket *peer;
  ThTurnStream *stream;
  GByteArray *to_peer; /* what the peer has not taken yet; NULL: nothing */
  gboolean client_ended; /* sends no more */
  gboolean peer_ended;
  gboolean told_peer;   /* that the client has ended */
  gboolean told_client; /* that the peer has */
} ThSplice;

/* @stream: (transfer full): with its socket */
ThSplice *th_splice_new (ThTurnStream *stream);
void th_splice_free (ThSplice *self);

/**
 * th_splice_write:
 *
 * Sends to the peer what waits, and after that @bytes; what it does not take waits.
 *
 * Returns: FALSE if the peer is gone
 */
gboolean th_splice_write (ThSplice *self, const guint8 *bytes, gsize length);

/* Both directions have ended, and all is out. */
gboolean th_splice_is_done (const ThSplice *self);

G_END_DECLS
