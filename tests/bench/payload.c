/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bodies are cuts from one table of random bytes: writing one is pointing at it, checking one is
 * comparing, and both cost next to nothing beside the system calls.
 */
#include "payload.h"

#include <string.h>

#define CUTS 4096

static guint8 table[CUTS + PAYLOAD_MAX];
static guint64 key;

static guint64
mix (guint64 value)
{
  value ^= value >> 33;
  value *= G_GUINT64_CONSTANT (0xFF51AFD7ED558CCD);
  value ^= value >> 33;
  value *= G_GUINT64_CONSTANT (0xC4CEB9FE1A85EC53);
  return value ^ value >> 33;
}

static guint64
name (guint32 lane, guint32 number)
{
  return (guint64) lane << 32 | number;
}

static guint32
seal (const Stamp *stamp)
{
  return (guint32) mix (mix (name (stamp->lane, stamp->number) ^ key) ^ (guint64) stamp->sent_at ^
                        (guint64) stamp->length << 48);
}

void
payload_init (void)
{
  key = (guint64) g_random_int () << 32 | g_random_int ();
  for (gsize i = 0; i < sizeof table; i++)
    table[i] = (guint8) mix (i + 1);
}

Stamp
payload_stamp (guint32 lane, guint32 number, gsize length, gint64 now)
{
  Stamp stamp = { .lane = lane, .number = number, .sent_at = now, .length = (guint32) length };

  stamp.seal = seal (&stamp);
  return stamp;
}

const guint8 *
payload_body (guint32 lane, guint32 number)
{
  return table + mix (name (lane, number)) % CUTS;
}

gboolean
payload_check (const guint8 *bytes, gsize length, Stamp *stamp)
{
  if (length < sizeof *stamp || length > PAYLOAD_MAX)
    return FALSE;
  memcpy (stamp, bytes, sizeof *stamp);
  return stamp->length == length && stamp->seal == seal (stamp) &&
         memcmp (bytes + sizeof *stamp, payload_body (stamp->lane, stamp->number),
                 length - sizeof *stamp) == 0;
}
