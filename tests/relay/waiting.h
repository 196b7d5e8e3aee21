/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the tests of this room wait: the main context runs meanwhile, since the relay under test may
 * live on it, and nobody waits longer than it takes.
 */
#pragma once

#include <glib.h>
#include <poll.h>

/* A test that waits this long has failed. */
#define PATIENCE (10 * G_USEC_PER_SEC)

static inline void
run_main_context (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Returns as soon as @fd is readable (-1: nothing to read), at the latest after a millisecond. */
static inline gboolean
wait_a_little (int fd)
{
  struct pollfd item = { .fd = fd, .events = POLLIN };

  if (g_main_context_iteration (NULL, FALSE))
    return poll (&item, 1, 0) > 0;
  return poll (&item, 1, 1) > 0;
}

/* Runs the main context for that long. */
static inline void
run_for (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * G_GINT64_CONSTANT (1000);

  while (g_get_monotonic_time () < end)
    wait_a_little (-1);
}

#define wait_until(condition)                                                                     \
  G_STMT_START                                                                                    \
  {                                                                                               \
    gint64 deadline_ = g_get_monotonic_time () + PATIENCE;                                        \
    while (!(condition))                                                                          \
      {                                                                                           \
        if (g_get_monotonic_time () > deadline_)                                                  \
          g_error ("%s: waited in vain until " #condition, G_STRFUNC);                            \
        wait_a_little (-1);                                                                       \
      }                                                                                           \
  }                                                                                               \
  G_STMT_END
