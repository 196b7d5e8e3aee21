/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks at the relay's counters by a timer and hands what there is to write to a thread: a disk may
 * take its time. One thread at a time, and one that can be waited for when all stops.
 */
#include "app/traffic-recorder.h"

#include "app/problems.h"
#include "app/traffic-file.h"

#define LOOK_EVERY_SECONDS 10
#define WRITE_EVERY        (60 * G_TIME_SPAN_SECOND)
#define GIGABYTE           G_GUINT64_CONSTANT (1000000000)
#define WARN_AT_PERCENT    80

/* Owned by the thread until it is done. */
typedef struct {
  char *directory;
  char *json;
  gsize length;
  GError *error; /* why it is not written */
  gint done;     /* atomic */
} Writing;

struct _ThTrafficRecorder {
  char *directory;
  ThRelay *relay;
  ThSettings *settings;
  GListStore *problems;
  ThTrafficHistory *history;
  guint timer;        /* 0: not started */
  guint told;         /* percent of the plan that the problem tells; 0: there is none */
  gboolean unwritten; /* the history is newer than what was handed over last */
  gboolean failing;   /* the last writing failed, which was said */
  gint64 written_at;  /* monotonic; when that was begun */
  Writing *writing;   /* nullable */
  GThread *thread;    /* nullable: of @writing */
};

static void
writing_free (Writing *writing)
{
  g_free (writing->directory);
  g_free (writing->json);
  g_clear_error (&writing->error);
  g_free (writing);
}

static gpointer
write_in_thread (gpointer data)
{
  Writing *writing = data;

  th_traffic_file_write (writing->directory, writing->json, writing->length, &writing->error);
  g_atomic_int_set (&writing->done, TRUE);
  return NULL;
}

static void
begin_writing (ThTrafficRecorder *self)
{
  Writing *writing = g_new0 (Writing, 1);

  writing->directory = g_strdup (self->directory);
  writing->json = th_traffic_file_print (self->history, &writing->length);
  self->written_at = g_get_monotonic_time ();
  self->unwritten = FALSE;
  self->writing = writing;
  self->thread = g_thread_new ("traffic", write_in_thread, writing);
}

/* Waits for the end of what is being written. A failure is said once; the next try comes later. */
static void
end_writing (ThTrafficRecorder *self)
{
  gboolean failed;

  if (self->writing == NULL)
    return;
  g_thread_join (g_steal_pointer (&self->thread));
  failed = self->writing->error != NULL;
  if (failed && !self->failing)
    g_warning ("The traffic so far is not kept: %s", self->writing->error->message);
  self->failing = failed;
  self->unwritten |= failed;
  g_clear_pointer (&self->writing, writing_free);
}

static void
write_when_due (ThTrafficRecorder *self)
{
  if (self->writing != NULL && !g_atomic_int_get (&self->writing->done))
    return;
  end_writing (self);
  if (self->unwritten && g_get_monotonic_time () - self->written_at >= WRITE_EVERY)
    begin_writing (self);
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

  self->directory = g_strdup (directory);
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
  g_free (self->directory);
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
  end_writing (self);
  if (self->unwritten)
    begin_writing (self);
  end_writing (self);
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
