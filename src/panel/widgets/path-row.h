/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPathRow: a way to a server with its stages, live: UDP · IPv4, DNS, Binding, Allocate, Echo.
 */
#pragma once

#include <adwaita.h>

#include "ice/ice-path.h"

G_BEGIN_DECLS

#define TH_TYPE_PATH_ROW (th_path_row_get_type ())
G_DECLARE_FINAL_TYPE (ThPathRow, th_path_row, TH, PATH_ROW, AdwPreferencesRow)

GtkWidget *th_path_row_new (ThIcePath *path);

G_END_DECLS
