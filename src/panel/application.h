/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThApplication: the panel as one program: it holds the engine, starts the relay at once and
 * stops it at the end, and opens the window.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TH_TYPE_APPLICATION (th_application_get_type ())
G_DECLARE_FINAL_TYPE (ThApplication, th_application, TH, APPLICATION, AdwApplication)

/* @started_at: microseconds of the monotonic clock, when the program began */
ThApplication *th_application_new (gint64 started_at);

G_END_DECLS
