/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A window of 64 bits that moves with the highest number.
 */
#include "tally.h"

#define WINDOW 64

Arrival
tally_take (Tally *self, guint32 number)
{
  if (number >= self->next)
    {
      guint32 step = number + 1 - self->next;

      self->before = (step < WINDOW ? self->before << step : 0) | 1;
      self->next = number + 1;
      return ARRIVAL_IN_ORDER;
    }
  else
    {
      guint32 back = self->next - 1 - number;
      guint64 bit = back < WINDOW ? G_GUINT64_CONSTANT (1) << back : 0;

      if (self->before & bit)
        return ARRIVAL_AGAIN;
      self->before |= bit;
      return ARRIVAL_LATE;
    }
}
