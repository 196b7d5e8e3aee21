/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTlsPipe: the server's end of one TLS session over a stream, with bytes that come and bytes that
 * go and no socket: its user reads and sends them as suits it, many records in a call. What it needs
 * only while it works lies on a ThTlsDesk, which all pipes of a thread share, so that an idle one
 * costs little. One thread at a time.
 */
#pragma once

#include "tls/tls-context.h"

G_BEGIN_DECLS

/* The first byte of a connection that begins with TLS (RFC 8446, section 5.1). */
#define TH_TLS_FIRST_BYTE 0x16

/* What one record can carry, and what it takes at most on the wire. Bytes. */
#define TH_TLS_RECORD_MAX (16 * 1024)
#define TH_TLS_RECORD_SIZE_MAX (TH_TLS_RECORD_MAX + 2048 + 5)

/* As much is read in a call at most. */
#define TH_TLS_SPACE (64 * 1024)

typedef struct {
  const guint8 *input; /* what came and has not been taken yet; of whoever gave it */
  gsize input_length;
  GByteArray *output; /* what is to go */
  gsize filled;       /* of @record */
  guint8 record[TH_TLS_RECORD_MAX]; /* what will be one record */
  guint8 space[TH_TLS_SPACE];       /* for input to be read into */
} ThTlsDesk;

ThTlsDesk *th_tls_desk_new (void);
void th_tls_desk_free (ThTlsDesk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTlsDesk, th_tls_desk_free)

typedef struct _ThTlsPipe ThTlsPipe;

/* @protocols: as of th_tls_context_new_session()
 * Returns: (nullable): NULL if there is no memory for a session */
ThTlsPipe *th_tls_pipe_new (ThTlsContext *context, const char *const *protocols);
void th_tls_pipe_free (ThTlsPipe *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTlsPipe, th_tls_pipe_free)

/* Whether both sides have agreed: data can flow. */
gboolean th_tls_pipe_is_open (const ThTlsPipe *self);

/* Whether the protocol chosen by ALPN is that one. */
gboolean th_tls_pipe_speaks (const ThTlsPipe *self, const char *protocol);

/**
 * th_tls_pipe_read:
 * @desk: with its input set; all of it is taken, and what is to be answered added to its output
 * @bytes: (out caller-allocates): room for the input and one record more
 * @ended: (out): the client has closed its side, or nothing it sends can be understood any more
 *
 * Shakes hands first. Renegotiation, which nobody needs and which costs the server more than the
 * client, ends the session.
 *
 * Returns: how many bytes of data came; also where @ended
 */
gsize th_tls_pipe_read (ThTlsPipe *self,
                        ThTlsDesk *desk,
                        guint8 *bytes,
                        gsize size,
                        gboolean *ended);

/* Adds to the record on the desk, and full ones to its output. FALSE: the session has failed. */
gboolean th_tls_pipe_write (ThTlsPipe *self, ThTlsDesk *desk, const guint8 *bytes, gsize length);

/* The record on the desk as well; before another pipe's turn. */
gboolean th_tls_pipe_flush (ThTlsPipe *self, ThTlsDesk *desk);

/* Says that nothing more comes (close_notify), once. What the client still sends can be read. */
void th_tls_pipe_say_goodbye (ThTlsPipe *self, ThTlsDesk *desk);

G_END_DECLS
