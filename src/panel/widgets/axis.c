/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Round steps for a chart's value axis.
 */
#include "panel/widgets/axis.h"

#include <math.h>

double
th_axis_step (double maximum, guint lines, double smallest)
{
  double needed = MAX (maximum / lines, smallest);
  double power = pow (10, floor (log10 (needed)));
  for (int factor = 1; factor <= 5; factor++)
    {
      /* Leaves room for the last digit of a division that does not come out even. */
      if (factor * power >= needed * (1 - 1e-9))
        return factor * power;
    }
  return 10 * power;
}
