/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The small print of a chart: what it writes on itself, and the box beside its cursor.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Returns: (transfer full): small, with figures of one width */
PangoLayout *th_chart_text_layout (GtkWidget *widget, const char *text);

void th_chart_text_draw (GtkSnapshot *snapshot,
                         PangoLayout *layout,
                         double x,
                         double y,
                         const GdkRGBA *color);

/* A box with that text at the top of @plot, right of @x, or left of it where there is more room. */
void th_chart_text_draw_box (GtkWidget *widget,
                             GtkSnapshot *snapshot,
                             const char *text,
                             double x,
                             const graphene_rect_t *plot);

/* A colour of the style sheet; that of text where it has none of that name. */
GdkRGBA th_chart_text_color (GtkWidget *widget, const char *name);

/* @time: microseconds of the monotonic clock
 * Returns: (transfer full): the time of day here */
char *th_chart_text_clock (gint64 time);

G_END_DECLS
