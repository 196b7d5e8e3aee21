/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads /proc/self (proc(5)) and the resource limits.
 */
#include "endpoint/process-facts.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* The name of the program, in parentheses, may hold anything; what follows it is numbers. */
static gboolean
read_stat (guint64 *start_ticks, guint64 *virtual_bytes, guint64 *resident_pages)
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
                 start_ticks, virtual_bytes, resident_pages) == 3;
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

void
th_process_facts_read (ThProcessFacts *facts)
{
  struct rusage usage;
  struct rlimit limit;
  struct timespec boot;
  guint64 start_ticks, resident_pages;

  *facts = (ThProcessFacts) { .age_seconds = -1, .open_files = count_open_files () };
  if (getrusage (RUSAGE_SELF, &usage) == 0)
    facts->cpu_seconds = seconds_of (&usage.ru_utime) + seconds_of (&usage.ru_stime);
  if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    facts->files_max = limit.rlim_cur;
  if (!read_stat (&start_ticks, &facts->virtual_bytes, &resident_pages))
    return;
  facts->resident_bytes = resident_pages * (guint64) sysconf (_SC_PAGESIZE);
  if (clock_gettime (CLOCK_BOOTTIME, &boot) == 0)
    facts->age_seconds = MAX ((double) boot.tv_sec + (double) boot.tv_nsec / 1e9 -
                                  (double) start_ticks / (double) sysconf (_SC_CLK_TCK),
                              0);
}
