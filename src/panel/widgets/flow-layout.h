/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThFlowLayout: lays out two children side by side where both fit, else the second below the
 * first. So a row with words and a button works at the width of a phone, with widgets that
 * libadwaita 1.2 has.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TH_TYPE_FLOW_LAYOUT (th_flow_layout_get_type ())
G_DECLARE_FINAL_TYPE (ThFlowLayout, th_flow_layout, TH, FLOW_LAYOUT, GtkLayoutManager)

/*
 * Properties:
 *
 * - spacing (uint): between the children, in pixels
 * - line-spacing (int): the same where the second is below the first; -1: as spacing
 * - words-width (uint): how wide the first child shall at least be beside the second, or its
 *   natural width, where that is less
 * - first-width (uint): how wide the first child is beside the second at least, whatever it says, so
 *   that the second one keeps its place
 * - packed (boolean): the second child comes right after the first, not at the end of the row
 * - even (boolean): beside one another, both are as wide, and none less than its natural width
 */

G_END_DECLS
