/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTrafficOptions: the popover in which the unit of the traffic chart and the month's plan are
 * chosen. What is chosen holds at once.
 */
#pragma once

#include <gtk/gtk.h>

#include "settings/settings.h"

G_BEGIN_DECLS

#define TH_TYPE_TRAFFIC_OPTIONS (th_traffic_options_get_type ())
G_DECLARE_FINAL_TYPE (ThTrafficOptions, th_traffic_options, TH, TRAFFIC_OPTIONS, GtkPopover)

/* Property "bytes" (boolean): bytes a second, not bits. */

/* Once. @settings: (transfer none): where the plan is read and written (traffic/plan-limit) */
void th_traffic_options_set_settings (ThTrafficOptions *self, ThSettings *settings);

G_END_DECLS
