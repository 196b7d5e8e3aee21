/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A poll function tells working from waiting. The meter's handlers run after GTK's own, which are
 * connected when a window is realized.
 */
#include "frame-meter.h"

#include <time.h>

/* A turn of the frame clock with less work than that, and without painting, is no frame. */
#define WORK_MS 1.0

typedef enum {
  AT_END_OF_LAST,
  AT_BEGIN,
  AT_PAINT,
  AT_RENDERED,
  N_MOMENTS
} Moment;

struct _FrameMeter {
  GdkFrameClock *clock;
  GArray *frames;
  double processor[N_MOMENTS];
  double clock_at_end; /* of the last frame */
  double waited;       /* since then */
  gboolean painted;
};

static FrameMeter *meter; /* what a poll function cannot be told */

static double
milliseconds_of (clockid_t clock)
{
  struct timespec time;
  clock_gettime (clock, &time);
  return (double) time.tv_sec * 1e3 + (double) time.tv_nsec / 1e6;
}

static int
poll_and_measure (GPollFD *fds, guint n, int timeout)
{
  double begun = milliseconds_of (CLOCK_MONOTONIC);
  int result = g_poll (fds, n, timeout);
  if (meter)
    meter->waited += milliseconds_of (CLOCK_MONOTONIC) - begun;
  return result;
}

static void
take_moment (FrameMeter *self, Moment moment)
{
  self->processor[moment] = milliseconds_of (CLOCK_THREAD_CPUTIME_ID);
}

static void
begin_next (FrameMeter *self)
{
  self->waited = 0;
  self->painted = FALSE;
  self->clock_at_end = milliseconds_of (CLOCK_MONOTONIC);
  take_moment (self, AT_END_OF_LAST);
}

static void
on_clock_before_paint (FrameMeter *self)
{
  take_moment (self, AT_BEGIN);
  self->processor[AT_PAINT] = self->processor[AT_BEGIN];
}

static void
on_clock_layout (FrameMeter *self)
{
  take_moment (self, AT_PAINT);
}

static void
on_clock_paint (FrameMeter *self)
{
  self->painted = TRUE;
}

static void
on_clock_after_paint (FrameMeter *self)
{
  const double *at = self->processor;
  double clock = milliseconds_of (CLOCK_MONOTONIC) - self->clock_at_end - self->waited;
  FrameTimes times = { .clock = clock };

  take_moment (self, AT_RENDERED);
  times.processor = at[AT_RENDERED] - at[AT_END_OF_LAST];
  times.before = at[AT_BEGIN] - at[AT_END_OF_LAST];
  times.layout = at[AT_PAINT] - at[AT_BEGIN];
  times.render = at[AT_RENDERED] - at[AT_PAINT];
  if (self->painted || times.processor >= WORK_MS)
    g_array_append_val (self->frames, times);
  begin_next (self);
}

FrameMeter *
frame_meter_new (void)
{
  FrameMeter *self = g_new0 (FrameMeter, 1);
  self->frames = g_array_new (FALSE, FALSE, sizeof (FrameTimes));
  g_main_context_set_poll_func (NULL, poll_and_measure);
  meter = self;
  return self;
}

void
frame_meter_free (FrameMeter *self)
{
  meter = NULL;
  g_main_context_set_poll_func (NULL, NULL);
  g_array_unref (self->frames);
  g_free (self);
}

void
frame_meter_start (FrameMeter *self, GdkFrameClock *clock)
{
  self->clock = clock;
  begin_next (self);
  g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (on_clock_before_paint), self);
  g_signal_connect_swapped (clock, "layout", G_CALLBACK (on_clock_layout), self);
  g_signal_connect_swapped (clock, "paint", G_CALLBACK (on_clock_paint), self);
  g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (on_clock_after_paint), self);
}

void
frame_meter_stop (FrameMeter *self)
{
  g_signal_handlers_disconnect_by_data (self->clock, self);
}

GArray *
frame_meter_get_frames (FrameMeter *self)
{
  return self->frames;
}
