/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text as snapshot nodes, in colours that follow the theme.
 */
#include "panel/widgets/chart-text.h"

#define GAP 6

PangoLayout *
th_chart_text_layout (GtkWidget *widget, const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  PangoAttrList *attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  return layout;
}

void
th_chart_text_draw (GtkSnapshot *snapshot,
                    PangoLayout *layout,
                    double x,
                    double y,
                    const GdkRGBA *color)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (round (x), round (y)));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

void
th_chart_text_draw_box (GtkWidget *widget,
                        GtkSnapshot *snapshot,
                        const char *text,
                        double x,
                        const graphene_rect_t *plot)
{
  g_autoptr (PangoLayout) layout = th_chart_text_layout (widget, text);
  int width, height;
  pango_layout_get_pixel_size (layout, &width, &height);

  double box_width = width + 4 * GAP, box_height = height + 2 * GAP;
  double right = plot->origin.x + plot->size.width;
  double left = x + 2 * GAP + box_width <= right ? x + 2 * GAP : x - 2 * GAP - box_width;
  left = MAX (left, 0);

  GdkRGBA background = th_chart_text_color (widget, "popover_bg_color");
  GdkRGBA color = th_chart_text_color (widget, "popover_fg_color");
  graphene_rect_t box = GRAPHENE_RECT_INIT (left, plot->origin.y, box_width, box_height);
  GskRoundedRect outline;
  gsk_rounded_rect_init_from_rect (&outline, &box, GAP);
  gtk_snapshot_append_outset_shadow (snapshot, &outline, &(GdkRGBA){ 0, 0, 0, 0.3 }, 0, 1, 1, 3);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &background, &box);
  gtk_snapshot_pop (snapshot);
  th_chart_text_draw (snapshot, layout, left + 2 * GAP, plot->origin.y + GAP, &color);
}

GdkRGBA
th_chart_text_color (GtkWidget *widget, const char *name)
{
  GdkRGBA color;
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  if (!gtk_style_context_lookup_color (context, name, &color))
    gtk_style_context_get_color (context, &color);
  return color;
}

char *
th_chart_text_clock (gint64 time)
{
  gint64 ago = g_get_monotonic_time () - time;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) then = g_date_time_add (now, -ago);
  return g_date_time_format (then, "%X");
}
