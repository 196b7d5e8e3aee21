/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Arithmetic and JSON. What was not measured is left out.
 */
#include "report.h"

#include <json-glib/json-glib.h>

static void
add_number (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

static void
add_count (JsonBuilder *builder, const char *name, guint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, (gint64) value);
}

static void
begin (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
}

static double
cpu_ns (const Stage *stage)
{
  return (double) (stage->after.cpu_ns - stage->before.cpu_ns);
}

static double
per (double amount, double count)
{
  return count > 0 ? amount / count : 0;
}

static void
add_setup (JsonBuilder *builder, const Options *options, const Figures *figures)
{
  begin (builder, "setup");
  add_number (builder, "allocate_seconds", figures->allocating.seconds);
  add_number (builder, "allocations_per_second", per (options->flows, figures->allocating.seconds));
  add_count (builder, "retransmissions", figures->retransmissions);
  if (options->process != 0)
    {
      add_number (builder, "cpu_us_per_allocation",
                  cpu_ns (&figures->allocating) / 1000 / options->flows);
      if (!options->allocate_only)
        add_number (builder, "cpu_us_per_channel",
                    cpu_ns (&figures->binding) / 1000 / options->flows);
    }
  json_builder_end_object (builder);
}

static void
add_memory (JsonBuilder *builder, const Options *options, const Figures *figures, gboolean relayed)
{
  const Usage *first = &figures->before;
  const Usage *last = relayed ? &figures->relaying.after : &figures->binding.after;

  begin (builder, "memory");
  add_count (builder, "kib_before", (guint64) first->resident);
  add_count (builder, "kib_after", (guint64) last->resident);
  add_number (builder, "kib_per_allocation",
              (double) (last->resident - first->resident) / options->flows);
  json_builder_end_object (builder);
}

static void
add_counts (JsonBuilder *builder, const Figures *figures)
{
  const TrafficCounts *counts = &figures->counts;
  guint64 lost = counts->sent - counts->received;

  add_count (builder, "sent", counts->sent);
  add_count (builder, "received", counts->received);
  add_count (builder, "lost", lost);
  add_number (builder, "lost_percent", per (100.0 * (double) lost, (double) counts->sent));
  add_count (builder, "late", counts->late);
  add_count (builder, "again", counts->again);
  add_count (builder, "corrupt", counts->corrupt);
  add_count (builder, "misled", counts->misled);
  add_count (builder, "stray", figures->strays);
  add_count (builder, "garbage", counts->garbage);
  add_count (builder, "skipped", counts->skipped);
}

static void
add_cost (JsonBuilder *builder, const Figures *figures)
{
  const Stage *stage = &figures->relaying;
  double received = (double) figures->received;

  add_number (builder, "cpu_ns_per_packet", per (cpu_ns (stage), received));
  add_number (builder, "cpu_ns_per_input", per (cpu_ns (stage), received + (double) figures->garbage));
  add_number (builder, "cpu_load", per (cpu_ns (stage) / 1e9, stage->seconds));
  add_number (builder, "sleeps_per_packet",
              per ((double) (stage->after.sleeps - stage->before.sleeps), received));
  add_number (builder, "softirq_ns_per_packet", per ((double) figures->softirq_ns, received));
}

static void
add_latency (JsonBuilder *builder, const char *name, const Histogram *histogram)
{
  static const struct {
    const char *name;
    double part;
  } quantiles[] = { { "p50_us", 0.5 }, { "p90_us", 0.9 }, { "p99_us", 0.99 }, { "p999_us", 0.999 } };

  if (histogram->count == 0)
    return;
  begin (builder, name);
  for (guint i = 0; i < G_N_ELEMENTS (quantiles); i++)
    add_number (builder, quantiles[i].name,
                (double) histogram_quantile (histogram, quantiles[i].part) / 1000);
  add_number (builder, "max_us", (double) histogram->largest / 1000);
  json_builder_end_object (builder);
}

static void
add_traffic (JsonBuilder *builder,
             const Options *options,
             const Figures *figures,
             const Traffic *traffic)
{
  begin (builder, "traffic");
  add_counts (builder, figures);
  add_number (builder, "seconds", figures->relaying.seconds);
  add_number (builder, "packets_per_second", per ((double) figures->received, figures->relaying.seconds));
  add_number (builder, "load_ns_per_packet", per ((double) figures->own_cpu_ns, (double) figures->received));
  if (options->process != 0)
    add_cost (builder, figures);
  add_latency (builder, "up", traffic_latencies (traffic, SOURCE_CLIENTS));
  add_latency (builder, "down", traffic_latencies (traffic, SOURCE_PEERS));
  json_builder_end_object (builder);
}

char *
report_to_json (const Options *options, const Figures *figures, const Traffic *traffic)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_count (builder, "flows", options->flows);
  add_count (builder, "size", options->size);
  add_setup (builder, options, figures);
  if (options->process != 0)
    add_memory (builder, options, figures, traffic != NULL);
  if (traffic != NULL)
    add_traffic (builder, options, figures, traffic);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, TRUE);
}
