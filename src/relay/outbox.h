/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThOutbox: what a worker is about to send. Packets are posted as they come out of the server and
 * leave together, outlet by outlet, when the batch that caused them has been worked through; order
 * is kept per outlet. Payloads are not copied: they stay in the inbox until then.
 */
#pragma once

#include <sys/uio.h>

#include "stun/address.h"

G_BEGIN_DECLS

#define TH_PARCEL_PARTS_MAX 3

typedef struct _ThOutbox ThOutbox;
typedef struct _ThOutlet ThOutlet;

/* One datagram, or one frame of a stream. */
typedef struct {
  ThAddress to;   /* datagrams: where to; unset on a stream */
  ThAddress from; /* datagrams: our address to send from; unset: the socket's own */
  struct iovec parts[TH_PARCEL_PARTS_MAX];
  guint n_parts;
  gsize length;
  gint next; /* of the same outlet; -1: the last */
  gboolean dont_fragment;
  gboolean control; /* an answer rather than media: not dropped lightly */
} ThParcel;

/**
 * ThOutlet:
 * @deliver: sends the parcels from @first on, following `next`; must not post anything
 *
 * Where packets leave: part of a socket or connection.
 */
struct _ThOutlet {
  void (*deliver) (ThOutlet *self, const ThParcel *parcels, gint first);
  gint first, last;
  ThOutlet *next_waiting;
  gboolean waiting;
};

ThOutbox *th_outbox_new (void);
void th_outbox_free (ThOutbox *self);

/* Whether there is room for one more parcel with the largest head. */
gboolean th_outbox_has_room (const ThOutbox *self);

/* The same with a head of that size. */
gboolean th_outbox_has_room_for (const ThOutbox *self, gsize head_length);

/* Room for a head of TH_TURN_HEAD_SIZE bytes, or what th_outbox_has_room_for() said there is; belongs to the next th_outbox_post(). */
guint8 *th_outbox_head (ThOutbox *self);

/**
 * th_outbox_post:
 * @head_length: bytes written to th_outbox_head(); may be 0
 * @payload: (nullable): must stay until the outbox is flushed
 * @tail: 0 to 3 zero bytes after it
 *
 * Returns: the parcel, for the caller to fill in addresses and flags
 */
ThParcel *th_outbox_post (ThOutbox *self,
                          ThOutlet *outlet,
                          gsize head_length,
                          const guint8 *payload,
                          gsize payload_length,
                          guint tail);

/* Sends everything. */
void th_outbox_flush (ThOutbox *self);

/* @outlet is about to close: sends what waits for it, in its order. */
void th_outbox_flush_outlet (ThOutbox *self, ThOutlet *outlet);

G_END_DECLS
