/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parcels of a batch, chained by outlet.
 */
#include "relay/outbox.h"

#include "turn/server.h"

#define PARCELS_MAX 256

/* A batch for clients of DTLS is all heads: records do not lie where the payload came from. Memory
 * that is never reached is none. */
#define HEADS_SIZE (384 * 1024)

struct _ThOutbox {
  ThParcel parcels[PARCELS_MAX];
  guint n_parcels;
  ThOutlet *waiting; /* outlets with parcels, the first to get one first */
  ThOutlet **last_waiting;
  gsize heads_used;
  guint8 heads[HEADS_SIZE];
};

static const guint8 zeros[3];

static void
add_part (ThParcel *parcel, const void *bytes, gsize length)
{
  if (length == 0)
    return;
  parcel->parts[parcel->n_parts++] = (struct iovec) { (void *) bytes, length };
  parcel->length += length;
}

static void
chain (ThOutbox *self, ThOutlet *outlet, gint index)
{
  if (outlet->waiting)
    {
      self->parcels[outlet->last].next = index;
      outlet->last = index;
      return;
    }
  outlet->first = outlet->last = index;
  outlet->waiting = TRUE;
  outlet->next_waiting = NULL;
  *self->last_waiting = outlet;
  self->last_waiting = &outlet->next_waiting;
}

static void
deliver (ThOutbox *self, ThOutlet *outlet)
{
  outlet->waiting = FALSE;
  outlet->deliver (outlet, self->parcels, outlet->first);
}

ThOutbox *
th_outbox_new (void)
{
  ThOutbox *self = g_new0 (ThOutbox, 1);

  self->last_waiting = &self->waiting;
  return self;
}

void
th_outbox_free (ThOutbox *self)
{
  g_free (self);
}

gboolean
th_outbox_has_room (const ThOutbox *self)
{
  return th_outbox_has_room_for (self, TH_TURN_HEAD_SIZE);
}

gboolean
th_outbox_has_room_for (const ThOutbox *self, gsize head_length)
{
  return self->n_parcels < PARCELS_MAX && self->heads_used + head_length <= HEADS_SIZE;
}

guint8 *
th_outbox_head (ThOutbox *self)
{
  return self->heads + self->heads_used;
}

ThParcel *
th_outbox_post (ThOutbox *self,
                ThOutlet *outlet,
                gsize head_length,
                const guint8 *payload,
                gsize payload_length,
                guint tail)
{
  gint index = (gint) self->n_parcels++;
  ThParcel *parcel = &self->parcels[index];

  parcel->to.any.sa_family = AF_UNSPEC;
  parcel->from.any.sa_family = AF_UNSPEC;
  parcel->n_parts = 0;
  parcel->length = 0;
  parcel->next = -1;
  parcel->dont_fragment = FALSE;
  parcel->control = FALSE;
  add_part (parcel, th_outbox_head (self), head_length);
  add_part (parcel, payload, payload_length);
  add_part (parcel, zeros, tail);
  self->heads_used += (head_length + 7) & ~(gsize) 7;
  chain (self, outlet, index);
  return parcel;
}

void
th_outbox_flush (ThOutbox *self)
{
  ThOutlet *outlet = self->waiting;

  while (outlet != NULL)
    {
      ThOutlet *next = outlet->next_waiting;

      deliver (self, outlet);
      outlet = next;
    }
  self->waiting = NULL;
  self->last_waiting = &self->waiting;
  self->n_parcels = 0;
  self->heads_used = 0;
}

void
th_outbox_flush_outlet (ThOutbox *self, ThOutlet *outlet)
{
  ThOutlet **at = &self->waiting;

  if (!outlet->waiting)
    return;
  while (*at != outlet)
    at = &(*at)->next_waiting;
  *at = outlet->next_waiting;
  if (self->last_waiting == &outlet->next_waiting)
    self->last_waiting = at;
  deliver (self, outlet);
}
