/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Randomness straight from the kernel, for whatever an attacker must not guess: keys, ports,
 * tokens. Any thread may call. Where the kernel gives none, the program ends: going on with
 * guessable secrets would be worse.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void th_random_bytes (gpointer bytes, gsize length);

/* A number from 0 to @limit - 1, each as likely as the others; @limit is at least 1. */
guint32 th_random_below (guint32 limit);

G_END_DECLS
