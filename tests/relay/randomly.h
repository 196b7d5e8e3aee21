/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What tests draw from GLib's random numbers, which are the same for the same --seed.
 */
#pragma once

#include <glib.h>
#include <string.h>

/* TRUE once in @n times, on average. */
static inline gboolean
one_in (guint n)
{
  return g_test_rand_int_range (0, (gint32) n) == 0;
}

/* From 0 to @most, both included. */
static inline gsize
random_up_to (gsize most)
{
  return (gsize) g_test_rand_int_range (0, (gint32) most + 1);
}

static inline void
fill_randomly (guint8 *bytes, gsize length)
{
  while (length > 0)
    {
      gint32 random = g_test_rand_int ();
      gsize part = MIN (length, sizeof random);

      memcpy (bytes, &random, part);
      bytes += part;
      length -= part;
    }
}
