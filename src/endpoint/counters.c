/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counting answers. Few of all the pairs of route and status ever occur, so they are listed.
 */
#include "endpoint/counters.h"

void
th_endpoint_counters_init (ThEndpointCounters *self)
{
  *self = (ThEndpointCounters) { 0 };
  self->answers = g_array_new (FALSE, FALSE, sizeof (ThAnswerCount));
}

void
th_endpoint_counters_clear (ThEndpointCounters *self)
{
  g_clear_pointer (&self->answers, g_array_unref);
}

void
th_endpoint_counters_add_answer (ThEndpointCounters *self, const char *route, guint status)
{
  const ThAnswerCount first = { route != NULL ? route : "other", status, 1 };

  if (status == 0)
    return;
  for (guint i = 0; i < self->answers->len; i++)
    {
      ThAnswerCount *row = &g_array_index (self->answers, ThAnswerCount, i);

      if (row->status == status && g_str_equal (row->route, first.route))
        {
          row->count++;
          return;
        }
    }
  g_array_append_val (self->answers, first);
}
