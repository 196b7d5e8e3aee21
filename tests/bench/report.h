/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a run of the load found out, as one JSON object. Its names say the units.
 */
#pragma once

#include "meter.h"
#include "options.h"
#include "traffic.h"

/* One stage of a run: from when to when, and what the server used meanwhile. */
typedef struct {
  double seconds;
  Usage before, after;
} Stage;

typedef struct {
  Usage before; /* anybody came */
  Stage allocating, binding, relaying;
  guint retransmissions;
  TrafficCounts counts;       /* of all traffic */
  guint64 strays;
  guint64 received, garbage;  /* of the measured time */
  gint64 own_cpu_ns;          /* of the load, likewise */
  gint64 softirq_ns;
} Figures;

/* Returns: (transfer full): @traffic may be NULL where there was none */
char *report_to_json (const Options *options, const Figures *figures, const Traffic *traffic);
