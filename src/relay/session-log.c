/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a session began stays; of what came later the oldest gives way.
 */
#include "relay/session-log.h"

#define BEGINNING 2

static gboolean
repeats_refresh (const ThSessionLog *self, const ThSessionNote *note)
{
  return note->kind == TH_NOTE_REFRESHED && self->notes->len > 0 &&
         g_array_index (self->notes, ThSessionNote, self->notes->len - 1).kind == note->kind;
}

void
th_session_log_add (ThSessionLog *self, const ThSessionNote *note)
{
  if (self->notes == NULL)
    self->notes = g_array_new (FALSE, FALSE, sizeof (ThSessionNote));
  if (repeats_refresh (self, note))
    {
      ThSessionNote *last = &g_array_index (self->notes, ThSessionNote, self->notes->len - 1);

      last->time = note->time;
      last->count += note->count;
      return;
    }
  if (self->notes->len == TH_SESSION_NOTES_MAX)
    {
      g_array_remove_index (self->notes, BEGINNING);
      self->left_out++;
    }
  g_array_append_vals (self->notes, note, 1);
}

void
th_session_log_clear (ThSessionLog *self)
{
  g_clear_pointer (&self->notes, g_array_unref);
  self->left_out = 0;
}
