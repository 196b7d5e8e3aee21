/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every datagram of the load carries: a stamp that tells its lane, its number there and when
 * it was sent, and a body that follows from lane and number. So whoever receives one can tell
 * whether each of its bytes is what was sent, without having seen it before.
 */
#pragma once

#include <glib.h>

#define PAYLOAD_MAX 1440

/* The smallest payload is a stamp alone. */
typedef struct {
  guint32 lane;
  guint32 number;
  gint64 sent_at; /* nanoseconds, of the monotonic clock */
  guint32 length; /* of the whole payload */
  guint32 seal;   /* over all of this; payloads of other processes have others */
} Stamp;

/* Before anything else. */
void payload_init (void);

Stamp payload_stamp (guint32 lane, guint32 number, gsize length, gint64 now);

/* What follows the stamp, as long as needed; never changes. */
const guint8 *payload_body (guint32 lane, guint32 number);

/* FALSE if these are not the bytes of a payload of this process. */
gboolean payload_check (const guint8 *bytes, gsize length, Stamp *stamp);
