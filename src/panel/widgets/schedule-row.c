/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThScheduleRow: its choices stand in the order of the setting's words.
 */
#include "panel/widgets/schedule-row.h"

#include <glib/gi18n.h>

#include "panel/format.h"

struct _ThScheduleRow {
  AdwComboRow parent_instance;
  ThSettings *settings;
};

G_DEFINE_FINAL_TYPE (ThScheduleRow, th_schedule_row, ADW_TYPE_COMBO_ROW)

static void
show_choice (ThScheduleRow *self)
{
  guint place = th_settings_get_integer (self->settings, TH_SETTING_CREDENTIALS_ROTATE);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), place);
}

static void
show_grace (ThScheduleRow *self)
{
  gint64 grace = th_settings_get_integer (self->settings, TH_SETTING_CREDENTIALS_GRACE);
  g_autofree char *left = th_format_time_left (grace);
  /* Translators: %s is a span of time such as "24 h" */
  g_autofree char *text = grace > 0
                              ? g_strdup_printf (_("Old secrets last %s"), left)
                              : g_strdup (_("Old secrets end at once"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
}

static void
on_selected_changed (ThScheduleRow *self)
{
  const ThSettingRow *setting = th_setting_get_row (TH_SETTING_CREDENTIALS_ROTATE);
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));
  g_autoptr (GError) error = NULL;
  if (!self->settings || selected == GTK_INVALID_LIST_POSITION ||
      selected == th_settings_get_integer (self->settings, TH_SETTING_CREDENTIALS_ROTATE))
    return;
  if (!th_settings_set_text (self->settings, TH_SETTING_CREDENTIALS_ROTATE,
                             setting->choices[selected], &error))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", error->message);
}

static void
th_schedule_row_dispose (GObject *object)
{
  g_clear_object (&TH_SCHEDULE_ROW (object)->settings);
  G_OBJECT_CLASS (th_schedule_row_parent_class)->dispose (object);
}

static void
th_schedule_row_class_init (ThScheduleRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_schedule_row_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/schedule-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, on_selected_changed);
}

static void
th_schedule_row_init (ThScheduleRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_schedule_row_set_settings (ThScheduleRow *self, ThSettings *settings)
{
  g_return_if_fail (TH_IS_SCHEDULE_ROW (self) && !self->settings);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed::credentials-rotate", G_CALLBACK (show_choice), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::credentials-grace", G_CALLBACK (show_grace), self,
                           G_CONNECT_SWAPPED);
  show_choice (self);
  show_grace (self);
}
