/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counters with one writer: the worker adds, any thread reads. A plain load and store of the
 * writer's, without a locked instruction, and still no torn or lost value.
 */
#pragma once

#include <glib.h>

static inline void
th_counter_add (guint64 *counter, guint64 amount)
{
  __atomic_store_n (counter, __atomic_load_n (counter, __ATOMIC_RELAXED) + amount,
                    __ATOMIC_RELAXED);
}

/* For what is no sum but read in the same way. */
static inline void
th_counter_set (guint64 *counter, guint64 value)
{
  __atomic_store_n (counter, value, __ATOMIC_RELAXED);
}

static inline guint64
th_counter_read (const guint64 *counter)
{
  return __atomic_load_n (counter, __ATOMIC_RELAXED);
}
