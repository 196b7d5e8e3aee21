/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks at the relay's counters by a timer, and has written what is new.
 */
#include "app/traffic-recorder.h"

#include "app/kept-file.h"
#include "app/problems.h"
#include "app/traffic-file.h"

#define LOOK_EVERY_SECONDS 10
#define WRITE_EVERY        (60 * G_TIME_SPAN_SECOND)
#define GIGABYTE           G_GUINT64_CONSTANT (1000000000)
#define WARN_AT_PERCENT    80

struct _ThTrafficRecorder {
  ThKeptFileWriter *writer;
  ThRelay *relay;
  ThSettings *settings;
  GListStore *problems;
  ThTrafficHistory *history;
  guint timer;        /* 0: not started */
  guint told;         /* percent of the plan that the problem tells; 0: there is none */
  gboolean unwritten; /* the history is newer than what was handed over last */
  gint64 written_at;  /* monotonic; when that was */
};

static void
write_history (ThTrafficRecorder *self)
{
  gsize length;
  char *text = th_traffic_file_print (self->history, &length);

  self->written_at = g_get_monotonic_time ();
  self->unwritten = FALSE;
  th_kept_file_writer_write (self->writer, text, length);
}

static gboolean
is_unwritten (ThTrafficRecorder *self)
{
  return self->unwritten || th_kept_file_writer_has_failed (self->writer);
}

static void
write_when_due (ThTrafficRecorder *self)
{
  if (is_unwritten (self) && g_get_monotonic_time () - self->written_at >= WRITE_EVERY)
    write_history (self);
}

/* Replaced only when it says something else. */
static void
tell_plan (ThTrafficRecorder *self)
{
  guint64 plan = th_traffic_recorder_get_plan (self);
  ThTrafficTotals totals;
  guint percent;

  th_traffic_recorder_get_totals (self, &totals);
  percent = th_traffic_totals_get_percent (&totals, plan);
  if (percent < WARN_AT_PERCENT)
    percent = 0;
  if (percent == self->told)
    return;
  self->told = percent;
  th_problems_remove (self->problems, "traffic-plan");
  if (percent > 0)
    th_problems_add_plan (self->problems, &totals, plan);
}

static void
on_plan_changed (ThTrafficRecorder *self)
{
  if (self->timer == 0)
    return;
  self->told = 0;
  th_problems_remove (self->problems, "traffic-plan");
  tell_plan (self);
}

static gboolean
on_time_to_look (gpointer data)
{
  ThTrafficRecorder *self = data;

  th_traffic_recorder_look (self);
  tell_plan (self);
  write_when_due (self);
  return G_SOURCE_CONTINUE;
}

ThTrafficRecorder *
th_traffic_recorder_new (const char *directory,
                         ThRelay *relay,
                         ThSettings *settings,
                         GListStore *problems)
{
  ThTrafficRecorder *self = g_new0 (ThTrafficRecorder, 1);

  self->writer = th_kept_file_writer_new (directory, TH_TRAFFIC_FILE_NAME);
  self->relay = g_object_ref (relay);
  self->settings = g_object_ref (settings);
  self->problems = g_object_ref (problems);
  self->history = th_traffic_file_read (directory);
  g_signal_connect_swapped (settings, "changed::traffic-plan-limit", G_CALLBACK (on_plan_changed),
                            self);
  return self;
}

void
th_traffic_recorder_free (ThTrafficRecorder *self)
{
  th_traffic_recorder_stop (self);
  g_signal_handlers_disconnect_by_data (self->settings, self);
  th_kept_file_writer_free (self->writer);
  g_object_unref (self->relay);
  g_object_unref (self->settings);
  g_object_unref (self->problems);
  th_traffic_history_free (self->history);
  g_free (self);
}

void
th_traffic_recorder_start (ThTrafficRecorder *self)
{
  if (self->timer != 0)
    return;
  th_traffic_history_begin (self->history);
  self->timer = g_timeout_add_seconds (LOOK_EVERY_SECONDS, on_time_to_look, self);
  self->told = 0;
  tell_plan (self);
}

void
th_traffic_recorder_stop (ThTrafficRecorder *self)
{
  if (self->timer != 0)
    th_traffic_recorder_look (self);
  g_clear_handle_id (&self->timer, g_source_remove);
  th_kept_file_writer_flush (self->writer);
  if (is_unwritten (self))
    write_history (self);
  th_kept_file_writer_flush (self->writer);
}

void
th_traffic_recorder_look (ThTrafficRecorder *self)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  ThRelayStatistics now;

  if (self->timer == 0)
    return;
  th_relay_get_statistics (self->relay, &now);
  ThTrafficBytes counters = { now.bytes_to_peers, now.bytes_to_clients };
  if (th_traffic_history_note (self->history, g_get_real_time () / G_USEC_PER_SEC, zone,
                               &counters))
    self->unwritten = TRUE;
}

ThTrafficHistory *
th_traffic_recorder_get_history (ThTrafficRecorder *self)
{
  return self->history;
}

void
th_traffic_recorder_get_totals (ThTrafficRecorder *self, ThTrafficTotals *totals)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  th_traffic_history_get_totals (self->history, g_get_real_time () / G_USEC_PER_SEC, zone, totals);
}

guint64
th_traffic_recorder_get_plan (ThTrafficRecorder *self)
{
  return GIGABYTE *
         (guint64) th_settings_get_integer (self->settings, TH_SETTING_TRAFFIC_PLAN_LIMIT);
}
