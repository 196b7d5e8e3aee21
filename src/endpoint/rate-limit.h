/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRateLimit: how many requests each caller may make per minute. A caller is any text; each has a
 * bucket that holds a minute's worth and refills evenly. Memory is bounded whoever calls. Time is
 * an argument. One thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many callers are remembered; more make the one forgotten that was silent longest. */
#define TH_RATE_LIMIT_CALLERS 4096

typedef struct _ThRateLimit ThRateLimit;

/* @per_minute: 0: no limit */
ThRateLimit *th_rate_limit_new (guint per_minute);
void th_rate_limit_free (ThRateLimit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThRateLimit, th_rate_limit_free)

/**
 * th_rate_limit_take:
 * @now: microseconds, monotonic
 * @retry_after: (out) (optional): seconds until the next request will be taken, at least 1
 *
 * Counts a request of @caller.
 *
 * Returns: %FALSE if it is one too many; @retry_after is set then
 */
gboolean th_rate_limit_take (ThRateLimit *self, const char *caller, gint64 now, guint *retry_after);

/* TRUE if th_rate_limit_take() would return FALSE now; counts nothing. */
gboolean th_rate_limit_is_reached (ThRateLimit *self,
                                   const char *caller,
                                   gint64 now,
                                   guint *retry_after);

G_END_DECLS
