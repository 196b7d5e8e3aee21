/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTrafficMeter: turns the relay's byte counters into rates.
 */
#include "panel/traffic-meter.h"

/* An hour of seconds, and some for samples that come a little early. */
#define CAPACITY 3700
/* Microseconds between samples from which on it was a pause. */
#define PAUSE (3 * G_USEC_PER_SEC)
/* Microseconds of a pause from which on the recorder knows better what went on meanwhile. */
#define LONG_PAUSE (2 * MINUTE)
#define MINUTE     (60 * (gint64) G_USEC_PER_SEC)
#define HOUR       (60 * MINUTE)

struct _ThTrafficMeter {
  GObject parent_instance;

  ThRelay *relay;
  ThTrafficRecorder *recorder; /* nullable: there is none */
  ThSeries *to_peers, *to_clients;
  guint64 bytes_to_peers, bytes_to_clients; /* at the last sample */
  gint64 sampled_at;                        /* 0: never yet */
  guint timer;
};

G_DEFINE_FINAL_TYPE (ThTrafficMeter, th_traffic_meter, G_TYPE_OBJECT)

enum {
  SIGNAL_SAMPLED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* A counter that went down belongs to a relay that was started anew. */
static double
rate (guint64 before, guint64 now, gint64 microseconds)
{
  guint64 bytes = now >= before ? now - before : now;
  return bytes * 8.0 * G_USEC_PER_SEC / microseconds;
}

static void
add_rate (ThTrafficMeter *self, ThSeries *series, gint64 time, double value)
{
  /* So that the mean of a pause is drawn as a level and not as a slope. */
  if (time - self->sampled_at >= PAUSE)
    th_series_add (series, self->sampled_at, value);
  th_series_add (series, time, value);
}

static double
last_value (ThSeries *series)
{
  ThSeriesPoint point;
  return th_series_get_last (series, &point) ? point.value : 0;
}

/* One minute of the recorder's, as a point in the middle of it, if that lies after @from. All in
 * microseconds of the monotonic clock. A minute that is not over at @until is as long as it has
 * lasted. */
static void
add_minute (ThTrafficMeter *self,
            gint64 start,
            const ThTrafficBytes *bytes,
            gint64 from,
            gint64 until)
{
  gint64 length = CLAMP (until - start, G_USEC_PER_SEC, MINUTE);
  gint64 middle = start + length / 2;
  if (middle <= from || middle >= until)
    return;
  th_series_add (self->to_peers, middle, rate (0, bytes->to_peers, length));
  th_series_add (self->to_clients, middle, rate (0, bytes->to_clients, length));
}

/* Adds what the recorder knows of the time before @now that nobody sampled, at most an hour.
 * Returns: whether there was such a time */
static gboolean
add_recorded (ThTrafficMeter *self, gint64 now)
{
  gint64 from = MAX (self->sampled_at, now - HOUR);
  gint64 wall = g_get_real_time () - now; /* from one clock to the other */
  guint n, place = 0;
  if (!self->recorder || now - from < LONG_PAUSE)
    return FALSE;

  th_traffic_recorder_look (self->recorder);
  const ThTrafficRow *rows =
      th_traffic_history_get_minutes (th_traffic_recorder_get_history (self->recorder), &n);
  for (gint64 minute = (from + wall) / MINUTE; minute <= (now + wall) / MINUTE; minute++)
    {
      while (place < n && rows[place].number < minute)
        place++;
      gboolean any = place < n && rows[place].number == minute;
      add_minute (self, minute * MINUTE - wall, any ? &rows[place].bytes : &(ThTrafficBytes){ 0 },
                  from, now);
    }
  return TRUE;
}

static void
sample (ThTrafficMeter *self)
{
  gint64 time = g_get_monotonic_time ();
  ThRelayStatistics now;
  if (add_recorded (self, time))
    self->sampled_at = 0; /* what was carried since then is in there */
  th_relay_get_statistics (self->relay, &now);
  th_traffic_meter_add (self, &now, time);
}

static gboolean
on_timer_second (gpointer data)
{
  sample (data);
  return G_SOURCE_CONTINUE;
}

static void
th_traffic_meter_dispose (GObject *object)
{
  ThTrafficMeter *self = TH_TRAFFIC_METER (object);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->relay);
  g_clear_object (&self->to_peers);
  g_clear_object (&self->to_clients);
  G_OBJECT_CLASS (th_traffic_meter_parent_class)->dispose (object);
}

static void
th_traffic_meter_class_init (ThTrafficMeterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = th_traffic_meter_dispose;
  signals[SIGNAL_SAMPLED] = g_signal_new ("sampled", TH_TYPE_TRAFFIC_METER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
th_traffic_meter_init (ThTrafficMeter *self)
{
  self->to_peers = th_series_new (CAPACITY);
  self->to_clients = th_series_new (CAPACITY);
}

ThTrafficMeter *
th_traffic_meter_new (ThRelay *relay, ThTrafficRecorder *recorder)
{
  ThTrafficMeter *self = g_object_new (TH_TYPE_TRAFFIC_METER, NULL);
  self->relay = g_object_ref (relay);
  self->recorder = recorder;
  return self;
}

void
th_traffic_meter_set_active (ThTrafficMeter *self, gboolean active)
{
  g_return_if_fail (TH_IS_TRAFFIC_METER (self));
  if (active == (self->timer != 0))
    return;
  if (active)
    {
      if (g_get_monotonic_time () - self->sampled_at >= G_USEC_PER_SEC)
        sample (self);
      self->timer = g_timeout_add_seconds (1, on_timer_second, self);
    }
  else
    {
      g_clear_handle_id (&self->timer, g_source_remove);
    }
}

void
th_traffic_meter_add (ThTrafficMeter *self, const ThRelayStatistics *now, gint64 time)
{
  g_return_if_fail (TH_IS_TRAFFIC_METER (self) && now && time > self->sampled_at);
  if (self->sampled_at > 0)
    {
      gint64 elapsed = time - self->sampled_at;
      add_rate (self, self->to_peers, time,
                rate (self->bytes_to_peers, now->bytes_to_peers, elapsed));
      add_rate (self, self->to_clients, time,
                rate (self->bytes_to_clients, now->bytes_to_clients, elapsed));
    }
  self->bytes_to_peers = now->bytes_to_peers;
  self->bytes_to_clients = now->bytes_to_clients;
  self->sampled_at = time;
  g_signal_emit (self, signals[SIGNAL_SAMPLED], 0);
}

ThSeries *
th_traffic_meter_get_to_peers (ThTrafficMeter *self)
{
  return self->to_peers;
}

ThSeries *
th_traffic_meter_get_to_clients (ThTrafficMeter *self)
{
  return self->to_clients;
}

double
th_traffic_meter_get_rate (ThTrafficMeter *self)
{
  return last_value (self->to_peers) + last_value (self->to_clients);
}
