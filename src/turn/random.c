/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Randomness by getrandom(2), asked for in pieces that the kernel gives whole.
 */
#include "turn/random.h"

#include <errno.h>
#include <sys/random.h>

/* getrandom(2): up to so many bytes are never cut short by a signal. */
#define PIECE_SIZE 256

void
th_random_bytes (gpointer bytes, gsize length)
{
  guint8 *next = bytes;

  while (length > 0)
    {
      gssize got = getrandom (next, MIN (length, PIECE_SIZE), 0);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        g_error ("The kernel gives no randomness: %s", g_strerror (errno));
      next += got;
      length -= (gsize) got;
    }
}

guint32
th_random_below (guint32 limit)
{
  guint32 value;

  g_return_val_if_fail (limit > 0, 0);

  /* The lowest 2^32 mod limit values would make some remainders likelier than others. */
  do
    th_random_bytes (&value, sizeof value);
  while (value < -limit % limit);
  return value % limit;
}
