/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When a certificate is renewed, and when it is tried again after a failure. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Seconds since 1970 from which on a certificate with these limits is to be renewed: 30 days before
 * its end, or at the last third of its time where that is shorter. */
gint64 th_acme_schedule_renewal (gint64 not_before, gint64 not_after);

/**
 * th_acme_schedule_delay:
 * @failures: in a row, 1 or more
 * @patient: whether the authority asked to be left alone
 * @jitter: 0 to 1
 *
 * Returns: seconds until the next try: a quarter of an hour, then more and more, a day at most; a
 * tenth more or less, so that those who failed together do not come back together
 */
gint64 th_acme_schedule_delay (guint failures, gboolean patient, double jitter);

G_END_DECLS
