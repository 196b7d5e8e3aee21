/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTicker: tells what counts time, such as "23 h 41 min", when to look again. It sleeps while
 * nobody looks.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TH_TYPE_TICKER (th_ticker_get_type ())
G_DECLARE_FINAL_TYPE (ThTicker, th_ticker, TH, TICKER, GObject)

/* Signal "tick": every second while active, and at once when it becomes that. */

ThTicker *th_ticker_new (void);

/* Off at first. */
void th_ticker_set_active (ThTicker *self, gboolean active);

G_END_DECLS
