/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTrafficCard: words around a ThChart.
 */
#include "panel/widgets/traffic-card.h"

#include <glib/gi18n.h>

#include "panel/format.h"
#include "panel/widgets/chart.h"
#include "panel/widgets/flow-layout.h"
#include "panel/widgets/traffic-options.h"

struct _ThTrafficCard {
  AdwBin parent_instance;
  ThChart *chart;
  GtkLabel *to_peers;
  GtkLabel *to_clients;
  GtkLabel *today;
  GtkLabel *month;
  GtkMenuButton *options_button;
  ThTrafficOptions *options;
  ThTrafficMeter *meter;
  ThTrafficRecorder *recorder;
  guint span; /* minutes */
  gboolean bytes;
  gboolean paused;
};

G_DEFINE_FINAL_TYPE (ThTrafficCard, th_traffic_card, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SPAN,
  PROP_BYTES,
  PROP_PAUSED,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

static void
show_rate (ThTrafficCard *self, GtkLabel *label, ThSeries *series, const char *direction)
{
  ThSeriesPoint point = { 0 };
  th_series_get_last (series, &point);
  g_autofree char *rate =
      th_format_rate_in (point.value, self->bytes ? TH_RATE_BYTES : TH_RATE_BITS);
  g_autofree char *text = g_strdup_printf ("%s %s", direction, rate);
  gtk_label_set_label (label, text);
}

static void
show_rates (ThTrafficCard *self)
{
  show_rate (self, self->to_peers, th_traffic_meter_get_to_peers (self->meter), _("to peers"));
  show_rate (self, self->to_clients, th_traffic_meter_get_to_clients (self->meter),
             _("to clients"));
}

/* "This month 41 GB of 20 TB, about 58 GB by its end" */
static char *
month_text (const ThTrafficTotals *totals, guint64 plan)
{
  g_autofree char *month = th_format_size (totals->month);
  g_autofree char *allowed = th_format_size (plan);
  g_autofree char *forecast = th_format_size (totals->forecast);
  g_autofree char *used =
      plan > 0
          /* Translators: amounts of data: what is used, and what the month's plan allows */
          ? g_strdup_printf (_("This month %1$s of %2$s"), month, allowed)
          /* Translators: %s is an amount of data such as "3.2 GB" */
          : g_strdup_printf (_("This month %s"), month);
  if (totals->forecast == 0)
    return g_steal_pointer (&used);
  /* Translators: %1$s is "This month 41 GB", %2$s what it comes to if it goes on like that */
  return g_strdup_printf (_("%1$s, about %2$s by its end"), used, forecast);
}

static char *
month_tooltip (const ThTrafficTotals *totals)
{
  const char *counted = _("What the relay passed on, to peers and to clients, without headers");
  if (totals->forecast == 0)
    return g_strdup (counted);
  g_autofree char *forecast =
      g_strdup_printf (ngettext ("The forecast takes the rest of the month to be like the last day",
                                 "The forecast takes the rest of the month to be like the "
                                 "%u days so far",
                                 totals->days),
                       totals->days);
  return g_strdup_printf ("%s.\n%s.", counted, forecast);
}

static void
show_totals (ThTrafficCard *self)
{
  ThTrafficTotals totals;
  th_traffic_recorder_look (self->recorder);
  th_traffic_recorder_get_totals (self->recorder, &totals);

  g_autofree char *today = th_format_size (totals.today);
  /* Translators: %s is an amount of data such as "3.2 GB" */
  g_autofree char *today_text = g_strdup_printf (_("Today %s"), today);
  g_autofree char *month = month_text (&totals, th_traffic_recorder_get_plan (self->recorder));
  g_autofree char *tooltip = month_tooltip (&totals);
  gtk_label_set_label (self->today, today_text);
  gtk_label_set_label (self->month, month);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->month), tooltip);
}

/* The totals go on in a pause: they are no part of what is looked at. */
static void
on_meter_sampled (ThTrafficCard *self)
{
  if (!self->paused)
    show_rates (self);
  show_totals (self);
}

static void
set_bytes (ThTrafficCard *self, gboolean bytes)
{
  self->bytes = bytes;
  th_chart_set_unit (self->chart, bytes ? &th_chart_bytes : &th_chart_bits);
  if (self->meter)
    show_rates (self);
}

static void
set_paused (ThTrafficCard *self, gboolean paused)
{
  self->paused = paused;
  th_chart_set_paused (self->chart, paused);
  if (self->meter && !paused)
    show_rates (self);
}

static void
th_traffic_card_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThTrafficCard *self = TH_TRAFFIC_CARD (object);
  if (id == PROP_SPAN)
    g_value_set_uint (value, self->span);
  else if (id == PROP_BYTES)
    g_value_set_boolean (value, self->bytes);
  else if (id == PROP_PAUSED)
    g_value_set_boolean (value, self->paused);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
th_traffic_card_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ThTrafficCard *self = TH_TRAFFIC_CARD (object);
  switch (id)
    {
    case PROP_SPAN:
      self->span = g_value_get_uint (value);
      th_chart_set_span (self->chart, self->span * 60);
      break;
    case PROP_BYTES:
      set_bytes (self, g_value_get_boolean (value));
      break;
    case PROP_PAUSED:
      set_paused (self, g_value_get_boolean (value));
      break;
    default:
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
  properties[PROP_BYTES] = g_param_spec_boolean ("bytes", NULL, NULL, FALSE,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PAUSED] = g_param_spec_boolean ("paused", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  gtk_widget_class_install_property_action (widget_class, "traffic.span", "span");
  gtk_widget_class_install_property_action (widget_class, "traffic.paused", "paused");

  g_type_ensure (TH_TYPE_CHART);
  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  g_type_ensure (TH_TYPE_TRAFFIC_OPTIONS);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/traffic-card.ui");
  gtk_widget_class_bind_template_child (widget_class, ThTrafficCard, chart);
  gtk_widget_class_bind_template_child (widget_class, ThTrafficCard, to_peers);
  gtk_widget_class_bind_template_child (widget_class, ThTrafficCard, to_clients);
  gtk_widget_class_bind_template_child (widget_class, ThTrafficCard, today);
  gtk_widget_class_bind_template_child (widget_class, ThTrafficCard, month);
  gtk_widget_class_bind_template_child (widget_class, ThTrafficCard, options_button);
  gtk_widget_class_bind_template_child (widget_class, ThTrafficCard, options);
}

static void
th_traffic_card_init (ThTrafficCard *self)
{
  self->span = 1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_traffic_card_set_engine (ThTrafficCard *self, ThEngine *engine, ThTrafficMeter *meter)
{
  g_return_if_fail (TH_IS_TRAFFIC_CARD (self) && !self->meter);
  ThSettings *settings = th_engine_get_settings (engine);

  self->meter = g_object_ref (meter);
  self->recorder = th_engine_get_traffic (engine);
  th_chart_add_line (self->chart, th_traffic_meter_get_to_peers (meter), _("to peers"),
                     "to_peers_color");
  th_chart_add_line (self->chart, th_traffic_meter_get_to_clients (meter), _("to clients"),
                     "to_clients_color");
  th_traffic_options_set_settings (self->options, settings);
  g_signal_connect_object (meter, "sampled", G_CALLBACK (on_meter_sampled), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::traffic-plan-limit", G_CALLBACK (show_totals), self,
                           G_CONNECT_SWAPPED);
  on_meter_sampled (self);
}

void
th_traffic_card_show_plan (ThTrafficCard *self)
{
  g_return_if_fail (TH_IS_TRAFFIC_CARD (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->options_button)); /* scrolls there */
  gtk_menu_button_popup (self->options_button);
}
