/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSessionCell: text is laid out when it is drawn, and drawn anew only when it is another.
 */
#include "panel/widgets/session-cell.h"

struct _ThSessionCell {
  GtkWidget parent_instance;
  ThSessionText text_of;
  gboolean number;
  ThSessionRow *row;
  char *text;
  PangoLayout *layout; /* NULL until it is drawn */
};

G_DEFINE_FINAL_TYPE (ThSessionCell, th_session_cell, GTK_TYPE_WIDGET)

static void
forget_layout (ThSessionCell *self)
{
  g_clear_object (&self->layout);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static PangoLayout *
new_layout (ThSessionCell *self)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->text);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_alignment (layout, self->number ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  if (self->number)
    {
      PangoAttrList *attributes = pango_attr_list_new ();
      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
      pango_layout_set_attributes (layout, attributes);
      pango_attr_list_unref (attributes);
    }
  return layout;
}

/* As high as a line of text, and as wide as its column is. */
static void
th_session_cell_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  PangoFontMetrics *metrics;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  metrics = pango_context_get_metrics (context, NULL, NULL);
  *minimum = *natural = PANGO_PIXELS_CEIL (pango_font_metrics_get_height (metrics));
  pango_font_metrics_unref (metrics);
}

static void
th_session_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ThSessionCell *self = TH_SESSION_CELL (widget);
  GdkRGBA color;
  int height;

  if (!self->text)
    return;
  if (!self->layout)
    self->layout = new_layout (self);
  pango_layout_set_width (self->layout, gtk_widget_get_width (widget) * PANGO_SCALE);
  pango_layout_get_pixel_size (self->layout, NULL, &height);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT (0, (gtk_widget_get_height (widget) - height) / 2));
  gtk_snapshot_append_layout (snapshot, self->layout, &color);
  gtk_snapshot_restore (snapshot);
}

/* What does not fit is told when the pointer rests on it. */
static gboolean
th_session_cell_query_tooltip (GtkWidget *widget,
                               int x,
                               int y,
                               gboolean by_keyboard,
                               GtkTooltip *tooltip)
{
  ThSessionCell *self = TH_SESSION_CELL (widget);
  gtk_tooltip_set_text (tooltip, self->text);
  return self->layout && pango_layout_is_ellipsized (self->layout);
}

/* The font is another. */
static void
th_session_cell_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (th_session_cell_parent_class)->css_changed (widget, change);
  forget_layout (TH_SESSION_CELL (widget));
}

static void
th_session_cell_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (th_session_cell_parent_class)->system_setting_changed (widget, setting);
  forget_layout (TH_SESSION_CELL (widget));
}

static void
th_session_cell_direction_changed (GtkWidget *widget, GtkTextDirection former)
{
  GTK_WIDGET_CLASS (th_session_cell_parent_class)->direction_changed (widget, former);
  forget_layout (TH_SESSION_CELL (widget));
}

static void
th_session_cell_finalize (GObject *object)
{
  ThSessionCell *self = TH_SESSION_CELL (object);
  g_clear_object (&self->row);
  g_clear_object (&self->layout);
  g_free (self->text);
  G_OBJECT_CLASS (th_session_cell_parent_class)->finalize (object);
}

static void
th_session_cell_class_init (ThSessionCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = th_session_cell_finalize;
  widget_class->measure = th_session_cell_measure;
  widget_class->snapshot = th_session_cell_snapshot;
  widget_class->query_tooltip = th_session_cell_query_tooltip;
  widget_class->css_changed = th_session_cell_css_changed;
  widget_class->system_setting_changed = th_session_cell_system_setting_changed;
  widget_class->direction_changed = th_session_cell_direction_changed;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
th_session_cell_init (ThSessionCell *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

GtkWidget *
th_session_cell_new (ThSessionText text, gboolean number)
{
  ThSessionCell *self = g_object_new (TH_TYPE_SESSION_CELL, NULL);
  self->text_of = text;
  self->number = number;
  return GTK_WIDGET (self);
}

void
th_session_cell_show (ThSessionCell *self, ThSessionRow *row)
{
  g_return_if_fail (TH_IS_SESSION_CELL (self));
  if (g_set_object (&self->row, row))
    th_session_cell_refresh (self);
}

void
th_session_cell_refresh (ThSessionCell *self)
{
  g_return_if_fail (TH_IS_SESSION_CELL (self));
  g_autoptr (ThSession) session = self->row ? th_session_row_dup_session (self->row) : NULL;
  g_autofree char *text = session ? self->text_of (session) : NULL;
  if (g_strcmp0 (text, self->text) == 0)
    return;
  g_free (self->text);
  self->text = g_steal_pointer (&text);
  if (self->layout && self->text)
    pango_layout_set_text (self->layout, self->text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->text ? self->text : "", -1);
}
