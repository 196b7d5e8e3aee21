/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counting this process's descriptors and threads, and running out of descriptors on purpose.
 */
#pragma once

#include <glib.h>

guint count_descriptors (void);
guint count_threads (void);

/* From now on only so many more descriptors can be opened. Threads share the limit. */
void allow_descriptors (guint n);

/* As many again as before. */
void restore_descriptors (void);

/* For this process so many more and never again others: even a relay, which raises the limit as far
 * as it may, gets no more. */
void limit_descriptors_for_good (guint n);
