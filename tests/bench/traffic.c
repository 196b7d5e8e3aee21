/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two sources take turns: clients and peers; where clients talk to each other, there is only one.
 * Each goes through its lanes in turn.
 */
#include "traffic.h"

#include <string.h>

#include "clock.h"
#include "garbage.h"
#include "payload.h"
#include "stun/bytes.h"
#include "tally.h"

/* A source that is further behind than that does not catch up: that would be a flood. */
#define BEHIND_MAX 512

/* What does not come for so long will never. */
#define GIVEN_UP_AFTER (100 * NS_PER_MS)
#define SETTLE_TIME (300 * NS_PER_MS)

#define N_GARBAGE 64

typedef struct {
  guint32 number; /* of the next one to send */
  Tally tally;
} Lane;

typedef struct {
  gboolean active;
  SourceKind kind;
  guint flow;        /* whose turn it is */
  guint in_burst;    /* how many of its turn are done */
  double per_ns;     /* rate; 0: by @window */
  guint window;
  guint64 done;      /* sent or skipped: what the pace goes by */
  guint64 given_up;
  gint64 last_arrival;
  double garbage_due;
  TrafficCounts counts;
  Histogram latency;
} Source;

/* Made once, since what is posted must stay. */
typedef struct {
  guint8 bytes[GARBAGE_MAX];
  gsize length;
} Garbage;

struct _Traffic {
  const Options *options;
  Network *network;
  Lane *lanes; /* two for each flow */
  Source sources[N_SOURCES];
  gint64 started;
  Garbage garbage[N_GARBAGE];
};

static guint32
lane_of (guint flow, SourceKind source)
{
  return 2 * flow + source;
}

/* ---- sending ---- */

static void
send_garbage (Traffic *self, Source *source)
{
  const Garbage *garbage = &self->garbage[source->counts.garbage++ % N_GARBAGE];

  if (source->kind == SOURCE_CLIENTS)
    network_send_from_client (self->network, source->flow, NULL, 0, garbage->bytes, garbage->length);
  else
    network_send_from_stranger (self->network, source->flow, garbage->bytes, garbage->length);
}

static void
send_payload (Traffic *self, Source *source, gint64 now)
{
  struct
  {
    guint16 channel, length; /* network order */
    Stamp stamp;
  } __attribute__ ((packed)) head;
  guint32 lane = lane_of (source->flow, source->kind);
  guint32 number = self->lanes[lane].number++;
  gsize size = self->options->size;
  const guint8 *body = payload_body (lane, number);

  head.channel = g_htons (FLOW_CHANNEL);
  head.length = g_htons ((guint16) size);
  head.stamp = payload_stamp (lane, number, size, now);
  if (source->kind == SOURCE_CLIENTS)
    network_send_from_client (self->network, source->flow, &head, sizeof head, body,
                              size - sizeof head.stamp);
  else
    network_send_from_peer (self->network, source->flow, (guint8 *) &head + TH_CHANNEL_HEADER_SIZE,
                            sizeof head.stamp, body, size - sizeof head.stamp);
  source->counts.sent++;
}

static void
pass_turn_on (Traffic *self, Source *source)
{
  if (++source->in_burst < self->options->burst)
    return;
  source->in_burst = 0;
  source->flow = (source->flow + 1) % self->options->flows;
}

static void
send_some (Traffic *self, Source *source, guint64 count, gint64 now)
{
  double garbage = (double) self->options->garbage / (100 - self->options->garbage);

  for (guint64 i = 0; i < count; i++)
    {
      send_payload (self, source, now);
      for (source->garbage_due += garbage; source->garbage_due >= 1; source->garbage_due--)
        send_garbage (self, source);
      pass_turn_on (self, source);
    }
  source->done += count;
}

static guint64
whole_bursts (const Traffic *self, guint64 count)
{
  return count - count % self->options->burst;
}

/* By the clock: what should have left by now. */
static guint64
count_due (Traffic *self, Source *source, gint64 now)
{
  guint64 target = (guint64) ((double) (now - self->started) * source->per_ns);
  guint64 due = target > source->done ? target - source->done : 0;

  if (due > BEHIND_MAX)
    {
      source->counts.skipped += due - BEHIND_MAX;
      source->done += due - BEHIND_MAX;
      due = BEHIND_MAX;
    }
  return whole_bursts (self, due);
}

/* By what has come back: what there is room for on the way. */
static guint64
count_missing (Traffic *self, Source *source, gint64 now)
{
  guint64 lost = source->counts.sent - source->counts.received;
  gint64 under_way = (gint64) (lost - source->given_up);

  if (under_way > 0 && now - source->last_arrival > GIVEN_UP_AFTER)
    {
      source->given_up = lost;
      source->last_arrival = now;
      under_way = 0;
    }
  if (under_way >= source->window)
    return 0;
  return whole_bursts (self, (guint64) (source->window - MAX (under_way, 0)));
}

/* ---- receiving ---- */

static void
take (Traffic *self, guint32 lane, const guint8 *bytes, gsize length, gint64 now)
{
  Source *source = &self->sources[lane % N_SOURCES];
  Stamp stamp;
  Arrival arrival;

  if (!payload_check (bytes, length, &stamp))
    {
      source->counts.corrupt++;
      return;
    }
  if (stamp.lane != lane)
    {
      source->counts.misled++;
      return;
    }
  arrival = tally_take (&self->lanes[lane].tally, stamp.number);
  source->last_arrival = now;
  if (arrival == ARRIVAL_AGAIN)
    {
      source->counts.again++;
      return;
    }
  source->counts.received++;
  source->counts.late += arrival == ARRIVAL_LATE;
  histogram_add (&source->latency, now - stamp.sent_at);
}

static gboolean
all_arrived (const Traffic *self)
{
  TrafficCounts counts = traffic_counts (self);

  return counts.received == counts.sent;
}

static gint64
last_arrival (const Traffic *self)
{
  return MAX (self->sources[0].last_arrival, self->sources[1].last_arrival);
}

Traffic *
traffic_new (const Options *options, Network *network)
{
  Traffic *self = g_new0 (Traffic, 1);
  gboolean active[N_SOURCES] = { options->up || options->pairs, options->down && !options->pairs };
  guint n_active = active[0] + active[1];

  self->options = options;
  self->network = network;
  self->lanes = g_new0 (Lane, 2 * options->flows);
  self->started = clock_now ();
  for (guint i = 0; i < N_GARBAGE; i++)
    self->garbage[i].length = garbage_make (self->garbage[i].bytes, i, options->size);
  for (guint i = 0; i < N_SOURCES; i++)
    {
      self->sources[i].active = active[i];
      self->sources[i].kind = i;
      self->sources[i].per_ns = options->rate / n_active / NS_PER_SECOND;
      self->sources[i].window = options->window / n_active;
      self->sources[i].last_arrival = self->started;
    }
  return self;
}

void
traffic_free (Traffic *self)
{
  g_free (self->lanes);
  g_free (self);
}

void
traffic_run (Traffic *self, gint64 until)
{
  gint64 now;

  while ((now = clock_now ()) < until)
    {
      for (guint i = 0; i < N_SOURCES; i++)
        {
          Source *source = &self->sources[i];

          if (source->active && source->per_ns > 0)
            send_some (self, source, count_due (self, source, now), now);
          else if (source->active)
            send_some (self, source, count_missing (self, source, now), now);
          network_flush (self->network);
        }
      network_receive (self->network);
    }
}

void
traffic_settle (Traffic *self)
{
  gint64 stopped = clock_now ();

  while (!all_arrived (self) && clock_now () < MAX (stopped, last_arrival (self)) + SETTLE_TIME)
    {
      network_flush (self->network);
      network_receive (self->network);
    }
}

void
traffic_take_at_client (Traffic *self, guint flow, const guint8 *bytes, gsize length, gint64 now)
{
  guint32 lane = self->options->pairs ? lane_of (flow ^ 1, SOURCE_CLIENTS)
                                      : lane_of (flow, SOURCE_PEERS);
  gsize told = length < TH_CHANNEL_HEADER_SIZE ? 0 : th_read_u16 (bytes + 2);

  if (length < TH_CHANNEL_HEADER_SIZE + told || th_read_u16 (bytes) != FLOW_CHANNEL)
    self->sources[lane % N_SOURCES].counts.corrupt++;
  else
    take (self, lane, bytes + TH_CHANNEL_HEADER_SIZE, told, now);
}

void
traffic_take_at_peer (Traffic *self, guint flow, const guint8 *bytes, gsize length, gint64 now)
{
  take (self, lane_of (flow, SOURCE_CLIENTS), bytes, length, now);
}

TrafficCounts
traffic_counts (const Traffic *self)
{
  const TrafficCounts *a = &self->sources[0].counts;
  const TrafficCounts *b = &self->sources[1].counts;

  return (TrafficCounts) {
    .sent = a->sent + b->sent,
    .received = a->received + b->received,
    .late = a->late + b->late,
    .again = a->again + b->again,
    .corrupt = a->corrupt + b->corrupt,
    .misled = a->misled + b->misled,
    .skipped = a->skipped + b->skipped,
    .garbage = a->garbage + b->garbage,
  };
}

void
traffic_forget_latencies (Traffic *self)
{
  for (guint i = 0; i < N_SOURCES; i++)
    memset (&self->sources[i].latency, 0, sizeof self->sources[i].latency);
}

const Histogram *
traffic_latencies (const Traffic *self, SourceKind source)
{
  return &self->sources[source].latency;
}
