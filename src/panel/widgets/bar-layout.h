/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThBarLayout: lays out three children as a bar: all in one line where they fit, else the first and
 * the last in it and the one between them below. So what a bar is about, and its button, stay where
 * they are at the width of a phone.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TH_TYPE_BAR_LAYOUT (th_bar_layout_get_type ())
G_DECLARE_FINAL_TYPE (ThBarLayout, th_bar_layout, TH, BAR_LAYOUT, GtkLayoutManager)

/* Property: spacing (uint): between the children, and the lines, in pixels */

G_END_DECLS
