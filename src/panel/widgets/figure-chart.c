/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThFigureChart: words above a ThChart, which stands still and grows only where there is more.
 */
#include "panel/widgets/figure-chart.h"

#define SAMPLES 256

struct _ThFigureChart {
  AdwBin parent_instance;
  GtkLabel *name;
  GtkLabel *figure;
  ThChart *chart;
  ThSeries *series;
  gint64 length; /* microseconds that the chart shows */
};

G_DEFINE_FINAL_TYPE (ThFigureChart, th_figure_chart, ADW_TYPE_BIN)

static void
set_length (ThFigureChart *self, gint64 length)
{
  self->length = length;
  th_chart_set_range (self->chart, 0, length);
}

static void
th_figure_chart_dispose (GObject *object)
{
  g_clear_object (&TH_FIGURE_CHART (object)->series);
  G_OBJECT_CLASS (th_figure_chart_parent_class)->dispose (object);
}

static void
th_figure_chart_class_init (ThFigureChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_figure_chart_dispose;

  g_type_ensure (TH_TYPE_CHART);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/figure-chart.ui");
  gtk_widget_class_bind_template_child (widget_class, ThFigureChart, name);
  gtk_widget_class_bind_template_child (widget_class, ThFigureChart, figure);
  gtk_widget_class_bind_template_child (widget_class, ThFigureChart, chart);
}

static void
th_figure_chart_init (ThFigureChart *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->series = th_series_new (SAMPLES);
}

void
th_figure_chart_set_up (ThFigureChart *self,
                        const char *name,
                        const ThChartUnit *unit,
                        const char *color_name)
{
  g_return_if_fail (TH_IS_FIGURE_CHART (self));
  gtk_label_set_label (self->name, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->chart), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
  th_chart_set_unit (self->chart, unit);
  th_chart_add_line (self->chart, self->series, name, color_name);
}

void
th_figure_chart_clear (ThFigureChart *self, gint64 length)
{
  g_return_if_fail (TH_IS_FIGURE_CHART (self));
  th_series_clear (self->series);
  set_length (self, length);
}

void
th_figure_chart_add (ThFigureChart *self, gint64 time, double value)
{
  g_return_if_fail (TH_IS_FIGURE_CHART (self));
  if (time > self->length)
    set_length (self, time);
  th_series_add (self->series, time, value);
}

void
th_figure_chart_set_figure (ThFigureChart *self, const char *text)
{
  g_return_if_fail (TH_IS_FIGURE_CHART (self));
  gtk_label_set_label (self->figure, text);
}
