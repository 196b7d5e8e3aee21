/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Streams: the TCP connections of clients, one each, with the frames of TURN on them, and with or
 * without TLS between. Writing
 * never waits: what the server does not take yet is kept until it does.
 */
#pragma once

#include "stun/address.h"

typedef struct _Streams Streams;

/* @frame: a whole one with its padding */
typedef void (*StreamFunc) (guint index,
                            const guint8 *frame,
                            gsize length,
                            gint64 now,
                            gpointer user_data);

Streams *streams_new (guint n, gboolean tls);
void streams_free (Streams *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Streams, streams_free)

/* Connects the one of that index. @local: (inout): the host to connect from; gets its port */
void streams_connect (Streams *self, guint index, ThAddress *local, const ThAddress *server);

gboolean streams_is_connected (const Streams *self, guint index);

/* What is posted leaves when the streams are flushed. */
void streams_post (Streams *self, guint index, const void *bytes, gsize length);
void streams_flush (Streams *self);

/* Hands over the frames that are there; does not wait. */
void streams_receive (Streams *self, StreamFunc func, gpointer user_data);
