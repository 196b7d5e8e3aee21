/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTrafficCard: words around a ThChart.
 */
#include "panel/widgets/traffic-card.h"

#include <glib/gi18n.h>

#include "panel/format.h"
#include "panel/widgets/chart.h"
#include "panel/widgets/flow-layout.h"

struct _ThTrafficCard {
  AdwBin parent_instance;
  ThChart *chart;
  GtkLabel *to_peers;
  GtkLabel *to_clients;
  GtkLabel *total;
  ThTrafficMeter *meter;
  guint span; /* minutes */
};

G_DEFINE_FINAL_TYPE (ThTrafficCard, th_traffic_card, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SPAN,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

static void
show_rate (GtkLabel *label, ThSeries *series, const char *direction)
{
  ThSeriesPoint point = { 0 };
  th_series_get_last (series, &point);
  g_autofree char *rate = th_format_rate (point.value);
  g_autofree char *text = g_strdup_printf ("%s %s", direction, rate);
  gtk_label_set_label (label, text);
}

static void
show_total (ThTrafficCard *self)
{
  guint64 bytes = th_traffic_meter_get_total (self->meter);
  g_autofree char *size = g_format_size (bytes);
  /* Translators: %s is an amount of data such as "3.2 GB" */
  g_autofree char *text = g_strdup_printf (_("%s since the relay started"), size);
  gtk_label_set_label (self->total, text);
}

static void
on_meter_sampled (ThTrafficCard *self)
{
  show_rate (self->to_peers, th_traffic_meter_get_to_peers (self->meter), _("to peers"));
  show_rate (self->to_clients, th_traffic_meter_get_to_clients (self->meter), _("to clients"));
  show_total (self);
}

static void
th_traffic_card_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SPAN)
    g_value_set_uint (value, TH_TRAFFIC_CARD (object)->span);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
th_traffic_card_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ThTrafficCard *self = TH_TRAFFIC_CARD (object);
  if (id == PROP_SPAN)
    {
      self->span = g_value_get_uint (value);
      th_chart_set_span (self->chart, self->span * 60);
    }
  else
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_traffic_card_dispose (GObject *object)
{
  g_clear_object (&TH_TRAFFIC_CARD (object)->meter);
  G_OBJECT_CLASS (th_traffic_card_parent_class)->dispose (object);
}

static void
th_traffic_card_class_init (ThTrafficCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = th_traffic_card_get_property;
  object_class->set_property = th_traffic_card_set_property;
  object_class->dispose = th_traffic_card_dispose;
  properties[PROP_SPAN] =
      g_param_spec_uint ("span", NULL, NULL, 1, 60, 1, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  gtk_widget_class_install_property_action (widget_class, "traffic.span", "span");

  g_type_ensure (TH_TYPE_CHART);
  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/traffic-card.ui");
  gtk_widget_class_bind_template_child (widget_class, ThTrafficCard, chart);
  gtk_widget_class_bind_template_child (widget_class, ThTrafficCard, to_peers);
  gtk_widget_class_bind_template_child (widget_class, ThTrafficCard, to_clients);
  gtk_widget_class_bind_template_child (widget_class, ThTrafficCard, total);
}

static void
th_traffic_card_init (ThTrafficCard *self)
{
  self->span = 1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_traffic_card_set_meter (ThTrafficCard *self, ThTrafficMeter *meter)
{
  g_return_if_fail (TH_IS_TRAFFIC_CARD (self) && !self->meter);
  self->meter = g_object_ref (meter);
  th_chart_add_line (self->chart, th_traffic_meter_get_to_peers (meter), _("to peers"),
                     "to_peers_color");
  th_chart_add_line (self->chart, th_traffic_meter_get_to_clients (meter), _("to clients"),
                     "to_clients_color");
  g_signal_connect_object (meter, "sampled", G_CALLBACK (on_meter_sampled), self,
                           G_CONNECT_SWAPPED);
  on_meter_sampled (self);
}
