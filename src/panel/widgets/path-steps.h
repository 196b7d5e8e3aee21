/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPathSteps: everything about one path of a test: each step with how it went, its time, its code
 * and what was seen, and what the server says of itself.
 */
#pragma once

#include <adwaita.h>

#include "ice/ice-path.h"

G_BEGIN_DECLS

#define TH_TYPE_PATH_STEPS (th_path_steps_get_type ())
G_DECLARE_FINAL_TYPE (ThPathSteps, th_path_steps, TH, PATH_STEPS, AdwPreferencesRow)

GtkWidget *th_path_steps_new (ThIcePath *path);

G_END_DECLS
