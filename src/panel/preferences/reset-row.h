/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThResetRow: puts all preferences back to their defaults, once that was confirmed.
 */
#pragma once

#include <adwaita.h>

#include "settings/settings.h"

G_BEGIN_DECLS

#define TH_TYPE_RESET_ROW (th_reset_row_get_type ())
G_DECLARE_FINAL_TYPE (ThResetRow, th_reset_row, TH, RESET_ROW, AdwActionRow)

GtkWidget *th_reset_row_new (ThSettings *settings);

G_END_DECLS
