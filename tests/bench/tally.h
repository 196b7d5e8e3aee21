/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tally: in which order the numbers of one lane arrive, and whether any comes twice.
 */
#pragma once

#include <glib.h>

typedef enum {
  ARRIVAL_IN_ORDER, /* numbers may have been left out before it */
  ARRIVAL_LATE,     /* after one with a higher number */
  ARRIVAL_AGAIN,
} Arrival;

/* All zero: nothing has arrived yet. */
typedef struct {
  guint32 next;   /* one more than the highest that arrived */
  guint64 before; /* bit i: whether next - 1 - i has arrived */
} Tally;

/* Repetitions are recognized among the last 64 numbers; older ones pass as late. */
Arrival tally_take (Tally *self, guint32 number);
