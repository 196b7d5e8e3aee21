/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The counted references of ThTurnRecord, and its numbering.
 */
#include "turn/record.h"

#include <string.h>

ThTurnRecord *
th_turn_record_new (const char *user)
{
  static guint64 last_id;
  gsize length = strlen (user) + 1;
  ThTurnRecord *self = g_malloc0 (sizeof *self + length);

  g_atomic_ref_count_init (&self->references);
  self->id = __atomic_add_fetch (&last_id, 1, __ATOMIC_RELAXED);
  memcpy (self->user, user, length);
  return self;
}

ThTurnRecord *
th_turn_record_ref (ThTurnRecord *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
th_turn_record_unref (ThTurnRecord *self)
{
  if (g_atomic_ref_count_dec (&self->references))
    g_free (self);
}
