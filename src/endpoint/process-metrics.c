/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Puts what the process uses into words that Prometheus knows.
 */
#include "endpoint/process-metrics.h"

#include "endpoint/process-facts.h"

static void
add_cpu (ThExposition *exposition, const ThProcessFacts *facts)
{
  th_exposition_single (exposition, "process_cpu_seconds_total", TH_METRIC_COUNTER,
                        "Processor time used, by the system for it included.",
                        facts->cpu_seconds);
}

static void
add_files (ThExposition *exposition, const ThProcessFacts *facts)
{
  th_exposition_single (exposition, "process_open_fds", TH_METRIC_GAUGE, "Open file descriptors.",
                        facts->open_files);
  if (facts->files_max > 0)
    th_exposition_single (exposition, "process_max_fds", TH_METRIC_GAUGE,
                          "File descriptors that may be open.", (double) facts->files_max);
}

static void
add_memory_and_age (ThExposition *exposition, const ThProcessFacts *facts)
{
  if (facts->resident_bytes == 0)
    return;
  th_exposition_single (exposition, "process_resident_memory_bytes", TH_METRIC_GAUGE,
                        "Memory in use.", (double) facts->resident_bytes);
  th_exposition_single (exposition, "process_virtual_memory_bytes", TH_METRIC_GAUGE,
                        "Address space in use.", (double) facts->virtual_bytes);
  if (facts->age_seconds < 0)
    return;
  th_exposition_single (exposition, "process_start_time_seconds", TH_METRIC_GAUGE,
                        "When the process started, since 1970.",
                        (double) g_get_real_time () / G_USEC_PER_SEC - facts->age_seconds);
  th_exposition_single (exposition, "turnhouse_uptime_seconds", TH_METRIC_GAUGE,
                        "How long the process has been running.", facts->age_seconds);
}

void
th_process_metrics_add (ThExposition *exposition)
{
  ThProcessFacts facts;

  th_process_facts_read (&facts);
  add_cpu (exposition, &facts);
  add_memory_and_age (exposition, &facts);
  add_files (exposition, &facts);
}
