/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThWidthLayout: gives one child all the room and knows whether that is narrow, or low. It stands in
 * for the breakpoints that libadwaita has from 1.4 on.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TH_TYPE_WIDTH_LAYOUT (th_width_layout_get_type ())
G_DECLARE_FINAL_TYPE (ThWidthLayout, th_width_layout, TH, WIDTH_LAYOUT, GtkLayoutManager)

/*
 * Properties:
 *
 * - threshold (uint): pixels; less is narrow
 * - wide-child (GtkWidget, nullable): what is shown only when it is wide. Where it needs more than
 *   "threshold" less "beside", as with large text, less than that is narrow
 * - beside (uint): pixels that go to what stands beside it
 * - narrow (boolean, read-only): notifies before the child gets its room, so that what the child
 *   has in it may be shown and hidden then
 * - low-threshold (uint): pixels of height; less is low; 0: nothing is
 * - low (boolean, read-only): as narrow
 */

G_END_DECLS
