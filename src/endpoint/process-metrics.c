/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads /proc/self (proc(5)) and the resource limits.
 */
#include "endpoint/process-metrics.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

typedef struct {
  guint64 start;    /* clock ticks after boot */
  guint64 virtual;  /* bytes */
  guint64 resident; /* pages */
} ProcessFacts;

/* The name of the program, in parentheses, may hold anything; what follows it is numbers. */
static gboolean
read_facts (ProcessFacts *facts)
{
  g_autofree char *text = NULL;
  const char *rest;

  if (!g_file_get_contents ("/proc/self/stat", &text, NULL, NULL))
    return FALSE;
  rest = strrchr (text, ')');
  return rest != NULL &&
         sscanf (rest + 1,
                 " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d"
                 " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
                 &facts->start, &facts->virtual, &facts->resident) == 3;
}

static guint
count_open_files (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint count = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    count++;
  return count > 0 ? count - 1 : 0; /* without the folder itself */
}

static double
seconds_of (const struct timeval *time)
{
  return (double) time->tv_sec + (double) time->tv_usec / G_USEC_PER_SEC;
}

static void
add_cpu (ThExposition *exposition)
{
  struct rusage usage;

  if (getrusage (RUSAGE_SELF, &usage) == 0)
    th_exposition_single (exposition, "process_cpu_seconds_total", TH_METRIC_COUNTER,
                          "Processor time used, by the system for it included.",
                          seconds_of (&usage.ru_utime) + seconds_of (&usage.ru_stime));
}

static void
add_files (ThExposition *exposition)
{
  struct rlimit limit;

  th_exposition_single (exposition, "process_open_fds", TH_METRIC_GAUGE, "Open file descriptors.",
                        count_open_files ());
  if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    th_exposition_single (exposition, "process_max_fds", TH_METRIC_GAUGE,
                          "File descriptors that may be open.", (double) limit.rlim_cur);
}

static void
add_memory_and_age (ThExposition *exposition)
{
  ProcessFacts facts;
  struct timespec boot;

  if (!read_facts (&facts))
    return;
  th_exposition_single (exposition, "process_resident_memory_bytes", TH_METRIC_GAUGE,
                        "Memory in use.",
                        (double) facts.resident * (double) sysconf (_SC_PAGESIZE));
  th_exposition_single (exposition, "process_virtual_memory_bytes", TH_METRIC_GAUGE,
                        "Address space in use.", (double) facts.virtual);
  if (clock_gettime (CLOCK_BOOTTIME, &boot) != 0)
    return;

  double age = (double) boot.tv_sec + (double) boot.tv_nsec / 1e9 -
               (double) facts.start / (double) sysconf (_SC_CLK_TCK);
  th_exposition_single (exposition, "process_start_time_seconds", TH_METRIC_GAUGE,
                        "When the process started, since 1970.",
                        (double) g_get_real_time () / G_USEC_PER_SEC - age);
  th_exposition_single (exposition, "turnhouse_uptime_seconds", TH_METRIC_GAUGE,
                        "How long the process has been running.", MAX (age, 0));
}

void
th_process_metrics_add (ThExposition *exposition)
{
  add_cpu (exposition);
  add_memory_and_age (exposition);
  add_files (exposition);
}
