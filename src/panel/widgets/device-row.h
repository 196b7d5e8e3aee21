/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThDeviceRow: a device that opened the test page: its name and what came of it, live; unfolded,
 * all that its browser told.
 */
#pragma once

#include <adwaita.h>

#include "app/test-visit.h"

G_BEGIN_DECLS

#define TH_TYPE_DEVICE_ROW (th_device_row_get_type ())
G_DECLARE_FINAL_TYPE (ThDeviceRow, th_device_row, TH, DEVICE_ROW, AdwExpanderRow)

GtkWidget *th_device_row_new (ThTestVisit *visit);

G_END_DECLS
