/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counting answers.
 */
#include "endpoint/counters.h"

void
th_endpoint_counters_add_answer (ThEndpointCounters *self, guint status)
{
  if (status > 0 && status < G_N_ELEMENTS (self->answers))
    self->answers[status]++;
}
