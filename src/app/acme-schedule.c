/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Authorities let a name fail five times an hour (Let's Encrypt), and ask to be spared retries.
 */
#include "app/acme-schedule.h"

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define BEFORE (30 * DAY)

gint64
th_acme_schedule_renewal (gint64 not_before, gint64 not_after)
{
  return not_after - MIN (BEFORE, MAX (not_after - not_before, 0) / 3);
}

gint64
th_acme_schedule_delay (guint failures, gboolean patient, double jitter)
{
  static const gint64 delays[] = { 15 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, DAY };
  gint64 delay = patient ? DAY : delays[MIN (MAX (failures, 1), G_N_ELEMENTS (delays)) - 1];

  return delay - delay / 10 + (gint64) ((double) delay / 5 * jitter);
}
