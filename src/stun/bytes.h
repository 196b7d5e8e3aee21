/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers in network order at addresses that need not be aligned, and padding. Every number that
 * this room reads from or writes into a packet goes through here.
 */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* A value's length with its padding, to a multiple of 4 (RFC 8489, section 14). */
static inline gsize
th_padded_length (gsize length)
{
  return (length + 3) & ~(gsize) 3;
}

static inline guint16
th_read_u16 (const guint8 *bytes)
{
  guint16 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT16_FROM_BE (value);
}

static inline guint32
th_read_u32 (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_BE (value);
}

static inline void
th_write_u16 (guint8 *bytes, guint16 value)
{
  value = GUINT16_TO_BE (value);
  memcpy (bytes, &value, sizeof value);
}

static inline void
th_write_u32 (guint8 *bytes, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (bytes, &value, sizeof value);
}

G_END_DECLS
