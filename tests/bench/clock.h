/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The clock that the load is paced and measured by: nanoseconds since some moment, never back.
 */
#pragma once

#include <glib.h>
#include <time.h>

#define NS_PER_SECOND G_GINT64_CONSTANT (1000000000)
#define NS_PER_MS (NS_PER_SECOND / 1000)

static inline gint64
clock_now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return time.tv_sec * NS_PER_SECOND + time.tv_nsec;
}
