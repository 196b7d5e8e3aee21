/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * load: puts load on a TURN server, checks every byte that comes back, and measures what it costs.
 * `load --help` lists what it can do; bench.py runs it.
 */
#include <errno.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "payload.h"
#include "report.h"
#include "setup.h"

typedef struct {
  const Options *options;
  Network *network;
  Setup *setup;
  Traffic *traffic; /* NULL before it begins */
  Figures figures;
} Load;

static void
on_at_client (guint flow, const guint8 *bytes, gsize length, gint64 now, gpointer user_data)
{
  Load *self = user_data;

  if (length > 0 && (bytes[0] & 0xC0) == 0)
    setup_take (self->setup, flow, bytes, length);
  else if (self->traffic != NULL)
    traffic_take_at_client (self->traffic, flow, bytes, length, now);
}

static void
on_at_peer (guint flow, const guint8 *bytes, gsize length, gint64 now, gpointer user_data)
{
  Load *self = user_data;

  if (self->traffic != NULL)
    traffic_take_at_peer (self->traffic, flow, bytes, length, now);
}

static const NetworkFuncs network_funcs = { .at_client = on_at_client, .at_peer = on_at_peer };

/* The bytes of a request do not stay. */
static void
on_setup_send (guint flow, const guint8 *bytes, gsize length, gpointer user_data)
{
  Load *self = user_data;

  network_send_from_client (self->network, flow, NULL, 0, bytes, length);
  network_flush (self->network);
}

static void
look_at_server (const Load *self, Usage *usage)
{
  if (self->options->process != 0 && !usage_read (self->options->process, usage))
    fail ("process %d cannot be observed", self->options->process);
}

static void
ask_for_all (Load *self, guint16 method, Stage *stage)
{
  gint64 start = clock_now ();

  look_at_server (self, &stage->before);
  setup_begin (self->setup, method);
  while (setup_go_on (self->setup, clock_now ()))
    {
      network_receive (self->network);
      network_flush (self->network);
    }
  stage->seconds = (double) (clock_now () - start) / NS_PER_SECOND;
  look_at_server (self, &stage->after);
}

static void
pair_up (Load *self)
{
  Flow *flows = network_flows (self->network);

  for (guint i = 0; i < self->options->flows; i++)
    flows[i].peer = flows[i ^ 1].relayed;
}

static gint64
own_cpu_ns (void)
{
  Usage usage;

  return usage_read (getpid (), &usage) ? usage.cpu_ns : 0;
}

/* What has happened since @before. */
static void
note_difference (Figures *figures, TrafficCounts now, TrafficCounts before)
{
  figures->received = now.received - before.received;
  figures->garbage = now.garbage - before.garbage;
}

static void
relay (Load *self)
{
  Figures *figures = &self->figures;
  const Options *options = self->options;
  TrafficCounts before;
  gint64 start;

  self->traffic = traffic_new (options, self->network);
  traffic_run (self->traffic, clock_now () + (gint64) (options->warm_up * NS_PER_SECOND));
  traffic_forget_latencies (self->traffic);
  figures->own_cpu_ns = -own_cpu_ns ();
  figures->softirq_ns = -usage_softirq_ns ();
  look_at_server (self, &figures->relaying.before);
  before = traffic_counts (self->traffic);

  start = clock_now ();
  traffic_run (self->traffic, start + (gint64) (options->seconds * NS_PER_SECOND));
  figures->relaying.seconds = (double) (clock_now () - start) / NS_PER_SECOND;

  note_difference (figures, traffic_counts (self->traffic), before);
  look_at_server (self, &figures->relaying.after);
  figures->own_cpu_ns += own_cpu_ns ();
  figures->softirq_ns += usage_softirq_ns ();
  traffic_settle (self->traffic);
  figures->counts = traffic_counts (self->traffic);
  figures->strays = network_strays (self->network);
}

static void
run (Load *self)
{
  Stage ignored;

  ask_for_all (self, TH_STUN_ALLOCATE, &self->figures.allocating);
  if (self->options->pairs)
    pair_up (self);
  if (self->options->allocate_only)
    self->figures.binding.after = self->figures.allocating.after;
  else
    ask_for_all (self, TH_STUN_CHANNEL_BIND, &self->figures.binding);
  self->figures.retransmissions = setup_retransmissions (self->setup);
  if (!self->options->allocate_only)
    relay (self);
  if (!self->options->keep)
    ask_for_all (self, TH_STUN_REFRESH, &ignored);
}

static void
prepare_process (const Options *options)
{
  struct rlimit files;
  cpu_set_t processors;

  if (getrlimit (RLIMIT_NOFILE, &files) == 0)
    {
      files.rlim_cur = files.rlim_max;
      setrlimit (RLIMIT_NOFILE, &files);
    }
  if (options->processor < 0)
    return;
  CPU_ZERO (&processors);
  CPU_SET ((guint) options->processor, &processors);
  if (sched_setaffinity (0, sizeof processors, &processors) != 0)
    fail ("running on processor %d: %s", options->processor, g_strerror (errno));
}

int
main (int argc, char *argv[])
{
  g_autoptr (Options) options = options_parse (&argc, &argv);
  Load self = { .options = options };
  g_autofree char *json = NULL;

  prepare_process (options);
  payload_init ();
  look_at_server (&self, &self.figures.before);
  self.network = network_new (options, &network_funcs, &self);
  self.setup = setup_new (
      &(SetupPlan){
          .flows = network_flows (self.network),
          .n_flows = options->flows,
          .user = options->user,
          .password = options->password,
          .parallel = options->parallel,
          .reliable = options->tcp,
      },
      on_setup_send, &self);
  run (&self);
  json = report_to_json (options, &self.figures, self.traffic);
  g_print ("%s\n", json);
  if (self.traffic != NULL && self.figures.counts.received == 0)
    fail ("nothing came through");

  g_clear_pointer (&self.traffic, traffic_free);
  g_clear_pointer (&self.setup, setup_free);
  g_clear_pointer (&self.network, network_free);
  return 0;
}
