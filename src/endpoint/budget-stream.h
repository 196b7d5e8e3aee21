/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThBudgetStream: another stream, of which only so many bytes can be read. libsoup 3.2 collects a
 * WebSocket message in memory however many pieces it comes in; the budget bounds that.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TH_TYPE_BUDGET_STREAM (th_budget_stream_get_type ())
G_DECLARE_FINAL_TYPE (ThBudgetStream, th_budget_stream, TH, BUDGET_STREAM, GIOStream)

/* @base: (transfer none): pollable both ways, closes without blocking, and is closed with this one.
 * Reading more than @budget bytes fails with G_IO_ERROR_FAILED. */
ThBudgetStream *th_budget_stream_new (GIOStream *base, gsize budget);

G_END_DECLS
