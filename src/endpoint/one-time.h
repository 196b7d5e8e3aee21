/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThOneTime: tokens that open something once, and only for a while. They are random, live in memory
 * alone, and there are never many of them. Time is an argument. One thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ThOneTime ThOneTime;

/* @max: how many are good at one time; one more ends the oldest. @lifetime: microseconds */
ThOneTime *th_one_time_new (guint max, gint64 lifetime);
void th_one_time_free (ThOneTime *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThOneTime, th_one_time_free)

/* @now: microseconds, monotonic. Returns: (transfer full): 128 bits of the kernel's as base64url */
char *th_one_time_make (ThOneTime *self, gint64 now);

/* For how many microseconds th_one_time_take() would still succeed; 0: it would not. */
gint64 th_one_time_get_time_left (ThOneTime *self, const char *token, gint64 now);

/* Returns: TRUE if @token was good, which it is no more. Takes as long for any token of ours. */
gboolean th_one_time_take (ThOneTime *self, const char *token, gint64 now);

G_END_DECLS
