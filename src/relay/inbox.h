/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThInbox: the buffers that a worker receives into, shared by all its sockets. What arrives stays
 * where it is until the worker has sent everything that came of it; then the inbox is emptied as a
 * whole. Buffers are large enough for any datagram, and for a run of datagrams of one sender that
 * the kernel hands over as one (UDP_GRO), but only what is used ever becomes memory.
 */
#pragma once

#include "stun/address.h"

G_BEGIN_DECLS

#define TH_INBOX_SLOTS 64

/* The beginning of the largest frame on a stream, which is a STUN message of 65535 bytes after its
 * header, a record of TLS on top, and room to read more. */
#define TH_INBOX_SLOT_SIZE (88 * 1024)

typedef struct _ThInbox ThInbox;

/* One datagram, or a run of them. */
typedef struct {
  ThAddress from;
  ThAddress local; /* to which host it was sent, port 0; unset where the socket does not tell */
  const guint8 *bytes;
  gsize length;  /* of the whole run */
  gsize segment; /* of each datagram in it; the last may be shorter */
  guint32 lost; /* how many the kernel has dropped on that socket since it was opened */
} ThDatagram;

ThInbox *th_inbox_new (void);
void th_inbox_free (ThInbox *self);

/* How many slots are free. */
guint th_inbox_room (const ThInbox *self);

/* Everything received so far may be overwritten. */
void th_inbox_empty (ThInbox *self);

/**
 * th_inbox_receive:
 * @fd: a non-blocking datagram socket
 * @max: at most so many, and at most th_inbox_room()
 * @datagrams: (out): valid until the inbox is emptied
 *
 * Returns: how many came; 0 if there was none, or with errno set an error
 */
guint th_inbox_receive (ThInbox *self, int fd, guint max, const ThDatagram **datagrams);

/* Steps through the datagrams of a run: @offset begins at 0; FALSE after the last. */
static inline gboolean
th_run_next (const ThDatagram *run, gsize *offset, const guint8 **bytes, gsize *length)
{
  /* An empty datagram is one too. */
  if (*offset >= run->length && *offset > 0)
    return FALSE;
  *bytes = run->bytes + *offset;
  *length = MIN (run->segment, run->length - *offset);
  *offset += MAX (*length, 1);
  return TRUE;
}

/* One slot of %TH_INBOX_SLOT_SIZE bytes for a stream to read into; there must be room. */
guint8 *th_inbox_take_slot (ThInbox *self);

G_END_DECLS
