/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The counted references of ThTurnRecord, and its numbering.
 */
#include "turn/record.h"

ThTurnRecord *
th_turn_record_new (void)
{
  static guint64 last_id;
  ThTurnRecord *self = g_new0 (ThTurnRecord, 1);

  g_atomic_ref_count_init (&self->references);
  self->id = __atomic_add_fetch (&last_id, 1, __ATOMIC_RELAXED);
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
