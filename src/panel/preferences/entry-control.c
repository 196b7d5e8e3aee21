/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEntryControl: a GtkEntry as wide as what is usual for its type.
 */
#include "panel/preferences/entry-control.h"

#include "settings/value.h"

typedef struct {
  GtkEntry *entry;
} ThEntryControlPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (ThEntryControl, th_entry_control, TH_TYPE_CONTROL)

static void
th_entry_control_set_up (ThControl *control, const ThPreference *preference)
{
  GtkEntry *entry = th_entry_control_get_entry (TH_ENTRY_CONTROL (control));
  gboolean port = th_control_get_row (control)->type == TH_SETTING_TYPE_PORT;
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), port ? 6 : 20);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), port ? 6 : 20);
  th_control_set_example (entry, preference);
  gtk_entry_set_input_purpose (entry,
                               port ? GTK_INPUT_PURPOSE_DIGITS : GTK_INPUT_PURPOSE_FREE_FORM);
  th_control_name (GTK_WIDGET (entry), th_preference_translate (preference->title));
  th_control_watch (control, GTK_WIDGET (entry));
}

static void
th_entry_control_show (ThControl *control, ThSettings *settings)
{
  ThSetting setting = th_control_get_preference (control)->setting;
  const char *text = th_settings_get_string (settings, setting);
  GtkEditable *editable = GTK_EDITABLE (th_entry_control_get_entry (TH_ENTRY_CONTROL (control)));
  if (g_strcmp0 (gtk_editable_get_text (editable), text) != 0) /* else the cursor would move */
    gtk_editable_set_text (editable, text);
}

static char *
th_entry_control_read (ThControl *control, GError **error)
{
  GtkEditable *editable = GTK_EDITABLE (th_entry_control_get_entry (TH_ENTRY_CONTROL (control)));
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (editable)));
  return th_setting_escape_string (text);
}

static void
th_entry_control_class_init (ThEntryControlClass *klass)
{
  ThControlClass *control_class = TH_CONTROL_CLASS (klass);
  control_class->set_up = th_entry_control_set_up;
  control_class->show = th_entry_control_show;
  control_class->read = th_entry_control_read;
}

static void
th_entry_control_init (ThEntryControl *self)
{
  ThEntryControlPrivate *private = th_entry_control_get_instance_private (self);
  private->entry = GTK_ENTRY (gtk_entry_new ());
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (private->entry));
}

GtkEntry *
th_entry_control_get_entry (ThEntryControl *self)
{
  ThEntryControlPrivate *private = th_entry_control_get_instance_private (self);
  return private->entry;
}
