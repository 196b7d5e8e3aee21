/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThConnection: a client's TCP connection, plain or with TLS: frames out of bytes, and answers into
 * a stream whose reader may be slow. What waits to be sent is bounded: media that does not fit is
 * dropped and counted, never cut in the middle of a frame.
 */
#pragma once

#include "relay/inbox.h"
#include "relay/udp-socket.h"
#include "tls/tls-pipe.h"
#include "turn/client.h"

G_BEGIN_DECLS

/* Media waits up to this far, answers up to twice as far. Bytes. */
#define TH_CONNECTION_QUEUE_MAX (256 * 1024)

/* Without an allocation, a connection must bring a whole message this often. Microseconds. */
#define TH_CONNECTION_PATIENCE (30 * G_USEC_PER_SEC)

/* A handshake must be done by then. Microseconds. */
#define TH_CONNECTION_HANDSHAKE_PATIENCE (10 * G_USEC_PER_SEC)

/* Without an allocation, no message is longer. */
#define TH_CONNECTION_GREETING_MAX 4096

typedef struct {
  ThWatch watch;
  ThOutlet outlet;
  ThTurnClient client;
  ThPoller *poller;
  ThDropCounters *drops;
  gpointer owner; /* the ThWorker */
  guint index;    /* in its list */
  gboolean has_allocation;
  gboolean ended;  /* nothing comes behind what was read last */
  gboolean broken;
  gboolean greeted;   /* its first bytes have come, no more than TH_TLS_SPACE */
  gboolean shaking;   /* counted among its worker's handshakes */
  GList held;         /* in its worker's list; data NULL: in none */
  ThTlsPipe *tls;     /* nullable */
  ThTlsDesk *desk;    /* (transfer none): its worker's */
  GPtrArray *broken_ones; /* its worker's list: to be closed when the batch ends */
  gint64 last_message;
  GByteArray *partial; /* the beginning of a frame; NULL: none */
  GByteArray *queue;   /* what the kernel has not taken yet; NULL: nothing */
  gsize queue_sent;    /* bytes of the queue that it has taken since */
} ThConnection;

/* @fd: connected, non-blocking; becomes the connection's own
 * @broken_ones: (transfer none): where it enters itself when it has come to its end */
ThConnection *th_connection_new (int fd,
                                 const ThAddress *peer,
                                 const ThAddress *local,
                                 ThPoller *poller,
                                 GPtrArray *broken_ones,
                                 ThDropCounters *drops,
                                 ThTlsDesk *desk,
                                 gint64 now);
void th_connection_free (ThConnection *self);

/**
 * th_connection_read:
 * @inbox: must have room for one slot
 * @bytes: (out): what was read, after what was left over from the last time; in the inbox
 *
 * Returns: how many bytes there are; 0: nothing new. Marks the connection broken when it has ended,
 * or ended when these are the last
 */
gsize th_connection_read (ThConnection *self, ThInbox *inbox, const guint8 **bytes);

/**
 * th_connection_next_frame:
 * @bytes, @length: (inout): the bytes not yet used; moved past the frame
 * @frame, @frame_length: (out)
 *
 * Returns: FALSE when there is no further whole frame; what remains is kept for the next read, or
 * the connection is broken because it can be no frame
 */
gboolean th_connection_next_frame (ThConnection *self,
                                   const guint8 **bytes,
                                   gsize *length,
                                   const guint8 **frame,
                                   gsize *frame_length);

/**
 * th_connection_start_tls:
 * @bytes, @length: the first bytes that th_connection_read() brought; what they hold takes their
 *   place
 *
 * From now on the connection is one with TLS.
 *
 * Returns: how many bytes there are now
 */
gsize th_connection_start_tls (ThConnection *self,
                               ThTlsContext *context,
                               const guint8 *bytes,
                               gsize length);

/* Whether what comes is no TURN, but a browser that looks for a website (RFC 7301). It is told so,
 * and the connection is broken. */
gboolean th_connection_refuse_website (ThConnection *self);

/* The last bytes: that nothing more comes. */
void th_connection_say_goodbye (ThConnection *self);

/* The kernel takes more: sends what waits. */
void th_connection_write_queue (ThConnection *self);

/* Nothing more is read or sent; its worker closes it when the batch ends. */
void th_connection_break (ThConnection *self);

/* Whether it has been silent for too long without an allocation. */
gboolean th_connection_is_idle (const ThConnection *self, gint64 now);

G_END_DECLS
