/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSwitchControl: a GtkSwitch.
 */
#include "panel/preferences/switch-control.h"

struct _ThSwitchControl {
  ThControl parent_instance;
  GtkSwitch *widget;
};

G_DEFINE_FINAL_TYPE (ThSwitchControl, th_switch_control, TH_TYPE_CONTROL)

static void
on_active_changed (ThControl *control)
{
  th_control_edit (control, TRUE);
}

static void
th_switch_control_set_up (ThControl *control, const ThPreference *preference)
{
  ThSwitchControl *self = TH_SWITCH_CONTROL (control);
  th_control_name (GTK_WIDGET (self->widget), th_preference_translate (preference->title));
}

static void
th_switch_control_show (ThControl *control, ThSettings *settings)
{
  ThSwitchControl *self = TH_SWITCH_CONTROL (control);
  const ThPreference *preference = th_control_get_preference (control);
  gtk_switch_set_active (self->widget, th_settings_get_boolean (settings, preference->setting));
}

static char *
th_switch_control_read (ThControl *control, GError **error)
{
  return g_strdup (gtk_switch_get_active (TH_SWITCH_CONTROL (control)->widget) ? "true" : "false");
}

static void
th_switch_control_class_init (ThSwitchControlClass *klass)
{
  ThControlClass *control_class = TH_CONTROL_CLASS (klass);
  control_class->set_up = th_switch_control_set_up;
  control_class->show = th_switch_control_show;
  control_class->read = th_switch_control_read;
}

static void
th_switch_control_init (ThSwitchControl *self)
{
  self->widget = GTK_SWITCH (gtk_switch_new ());
  g_signal_connect_object (self->widget, "notify::active", G_CALLBACK (on_active_changed), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->widget));
}
