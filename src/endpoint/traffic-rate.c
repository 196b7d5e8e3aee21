/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The difference of the relay's counters between two ticks of a timer.
 */
#include "endpoint/traffic-rate.h"

typedef struct {
  gint64 time;                  /* monotonic microseconds */
  guint64 to_peers, to_clients; /* bytes */
} Sample;

struct _ThTrafficRate {
  const ThEndpointBackend *backend;
  gpointer backend_data;
  Sample last;
  gint64 to_peers, to_clients; /* bit/s */
  guint tick;                  /* source */
};

static Sample
look (ThTrafficRate *self)
{
  ThRelayStatistics statistics;

  self->backend->get_statistics (self->backend_data, &statistics);
  return (Sample){
    .time = g_get_monotonic_time (),
    .to_peers = statistics.bytes_to_peers,
    .to_clients = statistics.bytes_to_clients,
  };
}

/* Counters begin again at zero when the relay is started anew. */
static gint64
rate (guint64 before, guint64 now, gint64 elapsed)
{
  guint64 bytes = now >= before ? now - before : now;

  return elapsed <= 0 ? 0 : (gint64) ((double) bytes * 8 * G_USEC_PER_SEC / (double) elapsed);
}

static gboolean
on_tick (gpointer data)
{
  ThTrafficRate *self = data;
  Sample now = look (self);
  gint64 elapsed = now.time - self->last.time;

  self->to_peers = rate (self->last.to_peers, now.to_peers, elapsed);
  self->to_clients = rate (self->last.to_clients, now.to_clients, elapsed);
  self->last = now;
  return G_SOURCE_CONTINUE;
}

ThTrafficRate *
th_traffic_rate_new (const ThEndpointBackend *backend, gpointer backend_data, guint interval)
{
  ThTrafficRate *self = g_new0 (ThTrafficRate, 1);

  self->backend = backend;
  self->backend_data = backend_data;
  self->last = look (self);
  self->tick = g_timeout_add (interval, on_tick, self);
  return self;
}

void
th_traffic_rate_free (ThTrafficRate *self)
{
  if (self == NULL)
    return;
  g_source_remove (self->tick);
  g_free (self);
}

gint64
th_traffic_rate_to_peers (const ThTrafficRate *self)
{
  return self->to_peers;
}

gint64
th_traffic_rate_to_clients (const ThTrafficRate *self)
{
  return self->to_clients;
}
