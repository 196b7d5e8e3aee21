/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * End 0 sends probes, which end 1 returns, and then the burst, which end 1 counts. Both ends have
 * one clock, so a packet that says when it was sent tells how long one way took.
 */
#include "ice/ice-meter.h"

#include <string.h>

#include "stun/bytes.h"
#include "turn/random.h"

/* A packet: mark, kind, number of the run, serial number, time of sending. Its first byte is no
 * STUN's and no ChannelData's (RFC 7983). */
#define MARK 0x90544D31u
#define HEADER_SIZE 28
#define PROBE_SIZE 100  /* as audio has it */
#define BURST_SIZE 1100 /* as video has it, and through any path in one piece */

/* However the plan and the clock may be. */
#define PROBES_MAX 2000
#define PACKETS_AT_ONCE_MAX 64

#define SLICE 100000        /* of the burst: after each, its rate is thought over */
#define FIRST_RATE 1000000. /* bits a second */
#define LEAST_RATE 200000.
#define ENOUGH 0.9          /* arrives of what was sent: it may be more */
#define BEST_WINDOW 250000
#define JITTER_GAIN 16      /* RFC 3550, section 6.4.1 */
#define LATE 500000         /* a probe that is not back after this is counted as lost meanwhile */

typedef enum {
  KIND_PROBE = 1,
  KIND_ECHO,
  KIND_BURST,
} Kind;

typedef struct {
  gint64 sent;
  gint64 rtt; /* -1: not back */
} Probe;

/* What of the burst arrived until when: for the best window. */
typedef struct {
  gint64 time;
  guint64 bytes;
} Mark;

struct _ThIceMeter {
  ThIceMeterPlan plan;
  ThIceMeterEvents events;
  gpointer user_data;
  gint64 begun;
  guint64 run;
  GArray *probes; /* of Probe */
  gint64 transit; /* of the last probe that arrived; -1: none */
  double jitter;

  gint64 burst_begun; /* 0: not yet */
  gint64 burst_ticked;
  double rate;        /* bits a second */
  double credit;      /* bytes that may be sent now */
  guint32 burst_serial;
  gint64 slice_begun;
  guint64 slice_sent, slice_arrived; /* bytes, when the slice began */
  guint64 sent, arrived;             /* bytes of the burst */
  GArray *marks; /* of Mark */

  gint64 sampled; /* when the last sample was complete */
  guint sampled_probes;
  guint64 sampled_arrived;
};

const ThIceMeterPlan th_ice_meter_usual = {
  .probing = 2 * G_USEC_PER_SEC,
  .probe_interval = G_USEC_PER_SEC / 50,
  .patience = G_USEC_PER_SEC / 2,
  .bursting = G_USEC_PER_SEC,
  .max_rate = 20e6,
  .sampling = G_USEC_PER_SEC / 8,
};

/* ---- packets ---- */

static void
write_u64 (guint8 *bytes, guint64 value)
{
  th_write_u32 (bytes, (guint32) (value >> 32));
  th_write_u32 (bytes + 4, (guint32) value);
}

static guint64
read_u64 (const guint8 *bytes)
{
  return (guint64) th_read_u32 (bytes) << 32 | th_read_u32 (bytes + 4);
}

static gboolean
send_packet (ThIceMeter *self, Kind kind, guint32 serial, gint64 time, gsize length)
{
  guint8 bytes[BURST_SIZE] = { 0 };

  th_write_u32 (bytes, MARK);
  th_write_u32 (bytes + 4, kind);
  write_u64 (bytes + 8, self->run);
  th_write_u32 (bytes + 16, serial);
  write_u64 (bytes + 20, (guint64) time);
  return self->events.send (kind == KIND_ECHO ? 1 : 0, bytes, length, self->user_data);
}

/* ---- figures ---- */

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

/* Of the probes from @first on: sorted times of those that came back. */
static GArray *
sort_times (ThIceMeter *self, guint first)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = first; i < self->probes->len; i++)
    {
      gint64 rtt = g_array_index (self->probes, Probe, i).rtt;

      if (rtt >= 0)
        g_array_append_val (times, rtt);
    }
  g_array_sort (times, compare_times);
  return times;
}

/* The nearest rank; -1 of nothing. */
static gint64
percentile (GArray *sorted, guint percent)
{
  guint rank = (sorted->len * percent + 99) / 100;

  return sorted->len > 0 ? g_array_index (sorted, gint64, MAX (rank, 1) - 1) : -1;
}

/* Of those that should be back by @now. */
static double
lost_share (ThIceMeter *self, gint64 now, gint64 patience)
{
  guint n = 0, lost = 0;

  for (guint i = 0; i < self->probes->len; i++)
    {
      const Probe *probe = &g_array_index (self->probes, Probe, i);

      if (probe->rtt < 0 && now - probe->sent < patience)
        continue;
      n++;
      lost += probe->rtt < 0;
    }
  return n > 0 ? (double) lost / n : 0;
}

/* Bits a second in the window of the burst in which most arrived. */
static double
best_rate (ThIceMeter *self)
{
  double best = 0;
  guint first = 0;

  for (guint last = 0; last < self->marks->len; last++)
    {
      const Mark *end = &g_array_index (self->marks, Mark, last);
      const Mark *start;

      while (end->time - g_array_index (self->marks, Mark, first).time > BEST_WINDOW)
        first++;
      start = &g_array_index (self->marks, Mark, first);
      if (end->time - start->time >= BEST_WINDOW / 2)
        best = MAX (best, (double) (end->bytes - start->bytes) * 8 * G_USEC_PER_SEC /
                              (double) (end->time - start->time));
    }
  return best;
}

/* ---- what is due ---- */

static gint64
probing_ends (ThIceMeter *self)
{
  return self->begun + self->plan.probing;
}

static void
send_probes (ThIceMeter *self, gint64 now)
{
  while (self->probes->len < PROBES_MAX && now < probing_ends (self) &&
         now >= self->begun + (gint64) self->probes->len * self->plan.probe_interval)
    {
      Probe probe = { .sent = now, .rtt = -1 };

      g_array_append_val (self->probes, probe);
      send_packet (self, KIND_PROBE, self->probes->len - 1, now, PROBE_SIZE);
    }
}

static gboolean
all_returned (ThIceMeter *self)
{
  for (guint i = 0; i < self->probes->len; i++)
    {
      if (g_array_index (self->probes, Probe, i).rtt < 0)
        return FALSE;
    }
  return TRUE;
}

/* More while it arrives; else what did arrive. */
static void
think_over_rate (ThIceMeter *self, gint64 now)
{
  guint64 sent = self->sent - self->slice_sent;
  guint64 arrived = self->arrived - self->slice_arrived;
  double seconds = (double) (now - self->slice_begun) / G_USEC_PER_SEC;

  if (now - self->slice_begun < SLICE)
    return;
  if ((double) arrived >= ENOUGH * (double) sent)
    self->rate = MIN (self->rate * 2, self->plan.max_rate);
  else
    self->rate = MAX ((double) arrived * 8 / seconds, LEAST_RATE);
  self->slice_begun = now;
  self->slice_sent = self->sent;
  self->slice_arrived = self->arrived;
}

static void
send_burst (ThIceMeter *self, gint64 now)
{
  think_over_rate (self, now);
  self->credit += self->rate / 8 * (double) (now - self->burst_ticked) / G_USEC_PER_SEC;
  self->credit = MIN (self->credit, (double) PACKETS_AT_ONCE_MAX * BURST_SIZE);
  self->burst_ticked = now;
  while (self->credit >= BURST_SIZE)
    {
      self->credit -= BURST_SIZE;
      self->sent += BURST_SIZE;
      if (!send_packet (self, KIND_BURST, self->burst_serial++, now, BURST_SIZE))
        break; /* what the socket does not take has not arrived, either */
    }
}

static void
begin_burst (ThIceMeter *self, gint64 now)
{
  Mark mark = { .time = now };

  self->burst_begun = self->burst_ticked = self->slice_begun = now;
  self->rate = MIN (FIRST_RATE, self->plan.max_rate);
  g_array_append_val (self->marks, mark);
}

static void
take_sample (ThIceMeter *self, gint64 now)
{
  g_autoptr (GArray) times = NULL;
  ThIceSampleValues values;

  if (now - self->sampled < self->plan.sampling)
    return;
  times = sort_times (self, self->sampled_probes);
  values = (ThIceSampleValues) {
    .time = now - self->begun,
    .rtt = percentile (times, 50),
    .jitter = (gint64) self->jitter,
    .loss = lost_share (self, now, LATE),
    .throughput = (double) (self->arrived - self->sampled_arrived) * 8 * G_USEC_PER_SEC /
                  (double) (now - self->sampled),
  };
  self->sampled = now;
  self->sampled_probes = self->probes->len;
  self->sampled_arrived = self->arrived;
  if (self->events.sample != NULL)
    self->events.sample (&values, self->user_data);
}

/* ---- what arrives ---- */

static void
on_probe (ThIceMeter *self, guint32 serial, gint64 sent, gint64 now)
{
  gint64 transit = now - sent;

  if (self->transit >= 0)
    self->jitter += (ABS (transit - self->transit) - self->jitter) / JITTER_GAIN;
  self->transit = transit;
  send_packet (self, KIND_ECHO, serial, sent, PROBE_SIZE);
}

static void
on_echo (ThIceMeter *self, guint32 serial, gint64 now)
{
  Probe *probe;

  if (serial >= self->probes->len)
    return;
  probe = &g_array_index (self->probes, Probe, serial);
  if (probe->rtt < 0)
    probe->rtt = now - probe->sent;
}

static void
on_burst (ThIceMeter *self, gsize length, gint64 now)
{
  Mark mark = { .time = now, .bytes = self->arrived + length };
  Mark *last = &g_array_index (self->marks, Mark, self->marks->len - 1);

  self->arrived += length;
  if (now - last->time >= SLICE / 10)
    g_array_append_val (self->marks, mark);
  else
    last->bytes = self->arrived;
}

ThIceMeter *
th_ice_meter_new (const ThIceMeterPlan *plan,
                  gint64 now,
                  const ThIceMeterEvents *events,
                  gpointer user_data)
{
  ThIceMeter *self = g_new0 (ThIceMeter, 1);

  self->plan = *plan;
  self->events = *events;
  self->user_data = user_data;
  self->begun = self->sampled = now;
  th_random_bytes (&self->run, sizeof self->run);
  self->probes = g_array_new (FALSE, FALSE, sizeof (Probe));
  self->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  self->transit = -1;
  return self;
}

void
th_ice_meter_free (ThIceMeter *self)
{
  g_array_unref (self->probes);
  g_array_unref (self->marks);
  g_free (self);
}

gboolean
th_ice_meter_tick (ThIceMeter *self, gint64 now)
{
  gboolean bursting;

  send_probes (self, now);
  take_sample (self, now);
  if (now < probing_ends (self))
    return TRUE;
  if (self->burst_begun == 0 && !all_returned (self) &&
      now < probing_ends (self) + self->plan.patience)
    return TRUE;
  if (self->plan.bursting == 0)
    return FALSE;
  if (self->burst_begun == 0)
    begin_burst (self, now);
  bursting = now < self->burst_begun + self->plan.bursting;
  if (bursting)
    send_burst (self, now);
  return bursting || (self->arrived < self->sent &&
                      now < self->burst_begun + self->plan.bursting + self->plan.patience / 2);
}

void
th_ice_meter_received (ThIceMeter *self, guint side, const guint8 *bytes, gsize length, gint64 now)
{
  guint32 kind, serial;

  if (length < HEADER_SIZE || th_read_u32 (bytes) != MARK || read_u64 (bytes + 8) != self->run)
    return;
  kind = th_read_u32 (bytes + 4);
  serial = th_read_u32 (bytes + 16);
  if (kind == KIND_PROBE && side == 1)
    on_probe (self, serial, (gint64) read_u64 (bytes + 20), now);
  else if (kind == KIND_ECHO && side == 0)
    on_echo (self, serial, now);
  else if (kind == KIND_BURST && side == 1 && self->burst_begun != 0)
    on_burst (self, length, now);
}

ThIceFigures
th_ice_meter_get_figures (ThIceMeter *self)
{
  g_autoptr (GArray) times = sort_times (self, 0);

  return (ThIceFigures) {
    .n_sent = self->probes->len,
    .n_returned = times->len,
    .rtt_p50 = percentile (times, 50),
    .rtt_p95 = percentile (times, 95),
    .jitter = (gint64) self->jitter,
    .loss = self->probes->len > 0 ? 1 - (double) times->len / self->probes->len : 0,
    .throughput = best_rate (self),
  };
}
