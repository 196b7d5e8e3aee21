/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTrafficOptions: a plan in GB or TB, where the setting knows GB alone.
 */
#include "panel/widgets/traffic-options.h"

#include <glib/gi18n.h>

#define GB_PER_TB  1000
#define FIRST_PLAN "1000" /* GB, offered when there was no plan */

enum {
  UNIT_GB,
  UNIT_TB
};

struct _ThTrafficOptions {
  GtkPopover parent_instance;
  GtkCheckButton *bits_button;
  GtkCheckButton *bytes_button;
  GtkSwitch *plan_switch;
  GtkWidget *plan_box;
  GtkSpinButton *amount;
  GtkDropDown *unit;
  ThSettings *settings;
  gboolean showing; /* what the settings say, which is no wish to change them */
};

G_DEFINE_FINAL_TYPE (ThTrafficOptions, th_traffic_options, GTK_TYPE_POPOVER)

enum {
  PROP_0,
  PROP_BYTES,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

static void
show_plan (ThTrafficOptions *self)
{
  gint64 plan = th_settings_get_integer (self->settings, TH_SETTING_TRAFFIC_PLAN_LIMIT);
  gboolean whole_terabytes = plan % GB_PER_TB == 0;

  self->showing = TRUE;
  gtk_switch_set_active (self->plan_switch, plan > 0);
  gtk_widget_set_sensitive (self->plan_box, plan > 0);
  if (plan > 0)
    {
      gtk_drop_down_set_selected (self->unit, whole_terabytes ? UNIT_TB : UNIT_GB);
      gtk_spin_button_set_value (self->amount, whole_terabytes ? plan / GB_PER_TB : plan);
    }
  self->showing = FALSE;
}

static void
set_plan (ThTrafficOptions *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  if (g_str_equal (text,
                   th_settings_get_string (self->settings, TH_SETTING_TRAFFIC_PLAN_LIMIT)))
    return;
  if (!th_settings_set_text (self->settings, TH_SETTING_TRAFFIC_PLAN_LIMIT, text, &error))
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", error->message);
      show_plan (self);
    }
}

static void
on_plan_switch_changed (ThTrafficOptions *self)
{
  if (self->settings && !self->showing)
    set_plan (self, gtk_switch_get_active (self->plan_switch) ? FIRST_PLAN : "0");
}

static void
on_amount_changed (ThTrafficOptions *self)
{
  if (!self->settings || self->showing)
    return;
  gboolean terabytes = gtk_drop_down_get_selected (self->unit) == UNIT_TB;
  gint64 amount = gtk_spin_button_get_value_as_int (self->amount);
  g_autofree char *text =
      g_strdup_printf ("%" G_GINT64_FORMAT, terabytes ? amount * GB_PER_TB : amount);
  set_plan (self, text);
}

static void
on_bytes_toggled (ThTrafficOptions *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BYTES]);
}

static void
th_traffic_options_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThTrafficOptions *self = TH_TRAFFIC_OPTIONS (object);
  if (id == PROP_BYTES)
    g_value_set_boolean (value, gtk_check_button_get_active (self->bytes_button));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
th_traffic_options_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ThTrafficOptions *self = TH_TRAFFIC_OPTIONS (object);
  if (id == PROP_BYTES)
    gtk_check_button_set_active (
        g_value_get_boolean (value) ? self->bytes_button : self->bits_button, TRUE);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
th_traffic_options_dispose (GObject *object)
{
  g_clear_object (&TH_TRAFFIC_OPTIONS (object)->settings);
  G_OBJECT_CLASS (th_traffic_options_parent_class)->dispose (object);
}

static void
th_traffic_options_class_init (ThTrafficOptionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = th_traffic_options_get_property;
  object_class->set_property = th_traffic_options_set_property;
  object_class->dispose = th_traffic_options_dispose;
  properties[PROP_BYTES] = g_param_spec_boolean (
      "bytes", NULL, NULL, FALSE,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/traffic-options.ui");
  gtk_widget_class_bind_template_child (widget_class, ThTrafficOptions, bits_button);
  gtk_widget_class_bind_template_child (widget_class, ThTrafficOptions, bytes_button);
  gtk_widget_class_bind_template_child (widget_class, ThTrafficOptions, plan_switch);
  gtk_widget_class_bind_template_child (widget_class, ThTrafficOptions, plan_box);
  gtk_widget_class_bind_template_child (widget_class, ThTrafficOptions, amount);
  gtk_widget_class_bind_template_child (widget_class, ThTrafficOptions, unit);
  gtk_widget_class_bind_template_callback (widget_class, on_bytes_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_plan_switch_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_amount_changed);
}

static void
th_traffic_options_init (ThTrafficOptions *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_traffic_options_set_settings (ThTrafficOptions *self, ThSettings *settings)
{
  g_return_if_fail (TH_IS_TRAFFIC_OPTIONS (self) && !self->settings);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed::traffic-plan-limit", G_CALLBACK (show_plan), self,
                           G_CONNECT_SWAPPED);
  show_plan (self);
}
