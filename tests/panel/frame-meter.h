/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What frames of a window take. A frame is all that the main thread does from the end of one to the
 * end of the next: updates of models, layout, snapshot and rendering, but not waiting for something
 * to happen. Turns of the frame clock that neither paint nor work are none.
 */
#pragma once

#include <gtk/gtk.h>

typedef struct {
  double clock;     /* milliseconds */
  double processor; /* of the main thread: without other programs and a software GL's threads */
  double before;    /* of the processor's time: until the frame clock begins */
  double layout;
  double render;
} FrameTimes;

typedef struct _FrameMeter FrameMeter;

/* Of all that runs on the default main context, which must not run yet. */
FrameMeter *frame_meter_new (void);
void frame_meter_free (FrameMeter *self);

/* From now on; the clock must live as long. */
void frame_meter_start (FrameMeter *self, GdkFrameClock *clock);
void frame_meter_stop (FrameMeter *self);

/* (transfer none) (element-type FrameTimes) */
GArray *frame_meter_get_frames (FrameMeter *self);
