/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThChoiceControl: a GtkDropDown whose items stand in the order of the setting's words.
 */
#include "panel/preferences/choice-control.h"

struct _ThChoiceControl {
  ThControl parent_instance;
  GtkDropDown *widget;
};

G_DEFINE_FINAL_TYPE (ThChoiceControl, th_choice_control, TH_TYPE_CONTROL)

static void
on_selected_changed (ThControl *control)
{
  th_control_edit (control, TRUE);
}

static void
th_choice_control_set_up (ThControl *control, const ThPreference *preference)
{
  ThChoiceControl *self = TH_CHOICE_CONTROL (control);
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  for (const char *const *label = preference->choices; *label; label++)
    gtk_string_list_append (labels, th_preference_translate (*label));
  gtk_drop_down_set_model (self->widget, G_LIST_MODEL (labels));
  th_control_name (GTK_WIDGET (self->widget), th_preference_translate (preference->title));
  g_signal_connect_object (self->widget, "notify::selected", G_CALLBACK (on_selected_changed), self,
                           G_CONNECT_SWAPPED);
}

static void
th_choice_control_show (ThControl *control, ThSettings *settings)
{
  ThSetting setting = th_control_get_preference (control)->setting;
  gtk_drop_down_set_selected (TH_CHOICE_CONTROL (control)->widget,
                              th_settings_get_integer (settings, setting));
}

static char *
th_choice_control_read (ThControl *control, GError **error)
{
  guint selected = gtk_drop_down_get_selected (TH_CHOICE_CONTROL (control)->widget);
  return g_strdup (th_control_get_row (control)->choices[selected]);
}

static void
th_choice_control_class_init (ThChoiceControlClass *klass)
{
  ThControlClass *control_class = TH_CONTROL_CLASS (klass);
  control_class->set_up = th_choice_control_set_up;
  control_class->show = th_choice_control_show;
  control_class->read = th_choice_control_read;
}

static void
th_choice_control_init (ThChoiceControl *self)
{
  self->widget = GTK_DROP_DOWN (gtk_drop_down_new (NULL, NULL));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->widget));
}
