/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThMeasurements: a chart for each figure, fed with the samples of the test.
 */
#include "panel/widgets/measurements.h"

#include <glib/gi18n.h>

#include "panel/format.h"
#include "panel/widgets/figure-chart.h"
#include "panel/widgets/flow-layout.h"

#define USUAL_LENGTH G_USEC_PER_SEC       /* microseconds for which is measured */
#define FIGURE_EVERY (G_USEC_PER_SEC / 2) /* microseconds for which one is shown at least */

struct _ThMeasurements {
  AdwBin parent_instance;
  ThFigureChart *round_trip, *jitter, *loss, *throughput;
  ThIceTest *test;   /* nullable */
  gint64 figures_at; /* microseconds of the sample whose figures are shown; -1: none */
};

G_DEFINE_FINAL_TYPE (ThMeasurements, th_measurements, ADW_TYPE_BIN)

static double
to_milliseconds (gint64 microseconds)
{
  return microseconds / 1000.0;
}

static char *
describe_round_trip (const ThIceFigures *figures)
{
  g_autofree char *median = th_format_milliseconds (to_milliseconds (figures->rtt_p50));
  g_autofree char *most = th_format_milliseconds (to_milliseconds (figures->rtt_p95));

  /* Translators: how long packets take: %1$s in the median, 95 of 100 of them at most %2$s */
  return g_strdup_printf (_("%1$s · 95 %% within %2$s"), median, most);
}

static void
show_figures (ThMeasurements *self)
{
  ThIceFigures figures;
  g_autofree char *round_trip = NULL, *jitter = NULL, *loss = NULL, *throughput = NULL;

  if (!th_ice_test_get_figures (self->test, &figures))
    return;
  round_trip = describe_round_trip (&figures);
  jitter = th_format_milliseconds (to_milliseconds (figures.jitter));
  loss = th_format_percent (figures.loss * 100);
  throughput = figures.throughput > 0 ? th_format_rate (figures.throughput) : g_strdup ("–");
  th_figure_chart_set_figure (self->round_trip, round_trip);
  th_figure_chart_set_figure (self->jitter, jitter);
  th_figure_chart_set_figure (self->loss, loss);
  th_figure_chart_set_figure (self->throughput, throughput);
}

static void
add_sample (ThMeasurements *self, const ThIceSampleValues *values)
{
  if (values->rtt >= 0)
    {
      th_figure_chart_add (self->round_trip, values->time, to_milliseconds (values->rtt));
      th_figure_chart_add (self->jitter, values->time, to_milliseconds (values->jitter));
    }
  th_figure_chart_add (self->loss, values->time, values->loss * 100);
  th_figure_chart_add (self->throughput, values->time, values->throughput);
  if (self->figures_at >= 0 && values->time - self->figures_at < FIGURE_EVERY)
    return;
  self->figures_at = values->time;
  show_figures (self);
}

static void
clear (ThMeasurements *self)
{
  self->figures_at = -1;
  th_figure_chart_clear (self->round_trip, USUAL_LENGTH);
  th_figure_chart_clear (self->jitter, USUAL_LENGTH);
  th_figure_chart_clear (self->loss, USUAL_LENGTH);
  th_figure_chart_clear (self->throughput, USUAL_LENGTH);
}

static void
on_samples_changed (ThMeasurements *self, guint position, guint removed, guint added)
{
  GListModel *samples = th_ice_test_get_samples (self->test);

  if (removed > 0)
    {
      clear (self);
      position = 0;
    }
  for (guint i = position; i < g_list_model_get_n_items (samples); i++)
    {
      g_autoptr (ThIceSample) sample = g_list_model_get_item (samples, i);
      add_sample (self, th_ice_sample_get_values (sample));
    }
  gtk_widget_set_visible (GTK_WIDGET (self), g_list_model_get_n_items (samples) > 0);
}

static void
forget_test (ThMeasurements *self)
{
  if (!self->test)
    return;
  g_signal_handlers_disconnect_by_data (self->test, self);
  g_signal_handlers_disconnect_by_data (th_ice_test_get_samples (self->test), self);
  g_clear_object (&self->test);
}

static void
th_measurements_dispose (GObject *object)
{
  forget_test (TH_MEASUREMENTS (object));
  G_OBJECT_CLASS (th_measurements_parent_class)->dispose (object);
}

static void
th_measurements_class_init (ThMeasurementsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_measurements_dispose;

  g_type_ensure (TH_TYPE_FIGURE_CHART);
  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/measurements.ui");
  gtk_widget_class_bind_template_child (widget_class, ThMeasurements, round_trip);
  gtk_widget_class_bind_template_child (widget_class, ThMeasurements, jitter);
  gtk_widget_class_bind_template_child (widget_class, ThMeasurements, loss);
  gtk_widget_class_bind_template_child (widget_class, ThMeasurements, throughput);
}

static void
th_measurements_init (ThMeasurements *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  th_figure_chart_set_up (self->round_trip, _("Round trip"), &th_chart_milliseconds,
                          "to_peers_color");
  th_figure_chart_set_up (self->jitter, _("Jitter"), &th_chart_milliseconds, "to_peers_color");
  th_figure_chart_set_up (self->loss, _("Loss"), &th_chart_percent, "to_peers_color");
  th_figure_chart_set_up (self->throughput, _("Throughput"), &th_chart_bits, "to_clients_color");
}

void
th_measurements_set_test (ThMeasurements *self, ThIceTest *test)
{
  g_return_if_fail (TH_IS_MEASUREMENTS (self));
  forget_test (self);
  clear (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  if (!test)
    return;
  self->test = g_object_ref (test);
  g_signal_connect_object (th_ice_test_get_samples (test), "items-changed",
                           G_CALLBACK (on_samples_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (test, "notify::running", G_CALLBACK (show_figures), self,
                           G_CONNECT_SWAPPED);
  on_samples_changed (self, 0, 0, 0);
}
