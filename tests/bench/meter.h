/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a process has used so far, as the kernel accounts for it.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

typedef struct {
  gint64 cpu_ns;   /* of all its threads, by the scheduler's own count */
  gint64 sleeps;   /* how often they gave up the processor by themselves */
  gint64 resident; /* KiB */
} Usage;

/* FALSE if there is no such process, or this one may not look at it. */
gboolean usage_read (pid_t process, Usage *usage);

/* Processor time of the kernel threads that move packets on nobody's account, in nanoseconds. */
gint64 usage_softirq_ns (void);
