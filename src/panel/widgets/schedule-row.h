/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThScheduleRow: how often the shared secret is rotated without anyone asking.
 */
#pragma once

#include <adwaita.h>

#include "settings/settings.h"

G_BEGIN_DECLS

#define TH_TYPE_SCHEDULE_ROW (th_schedule_row_get_type ())
G_DECLARE_FINAL_TYPE (ThScheduleRow, th_schedule_row, TH, SCHEDULE_ROW, AdwComboRow)

void th_schedule_row_set_settings (ThScheduleRow *self, ThSettings *settings);

G_END_DECLS
