/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEntryControl: a GtkEntry as wide as what is usual for its type.
 */
#include "panel/preferences/entry-control.h"

#include <glib/gi18n.h>

#include "panel/compat.h"
#include "settings/value.h"

struct _ThEntryControl {
  ThControl parent_instance;
  GtkEntry *entry;
};

G_DEFINE_FINAL_TYPE (ThEntryControl, th_entry_control, TH_TYPE_CONTROL)

static void
on_file_chosen (gpointer data, const char *path)
{
  ThEntryControl *self = data;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), path);
  th_control_edit (TH_CONTROL (self), TRUE);
}

static void
on_choose_clicked (ThEntryControl *self)
{
  const ThPreference *preference = th_control_get_preference (TH_CONTROL (self));
  th_compat_choose_file (GTK_WIDGET (self), th_preference_translate (preference->title),
                         on_file_chosen, self);
}

/* The name of a file is rather chosen than typed. */
static void
add_choose_button (ThEntryControl *self, const char *title)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *button = gtk_button_new_with_label (_("Choose…"));
  /* Translators: what a button does; %s is "Certificate" or "Private key" */
  g_autofree char *name = g_strdup_printf (_("Choose the file: %s"), title);

  th_control_name (button, name);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 8); /* the rest is the window's */
  gtk_widget_set_hexpand (GTK_WIDGET (self->entry), TRUE);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->entry));
  gtk_box_append (GTK_BOX (box), button);
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_choose_clicked), self,
                           G_CONNECT_SWAPPED);
}

static void
th_entry_control_set_up (ThControl *control, const ThPreference *preference)
{
  ThEntryControl *self = TH_ENTRY_CONTROL (control);
  gboolean port = th_control_get_row (control)->type == TH_SETTING_TYPE_PORT;
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), port ? 6 : 20);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->entry), port ? 6 : 20);
  th_control_set_example (self->entry, preference);
  gtk_entry_set_input_purpose (self->entry,
                               port ? GTK_INPUT_PURPOSE_DIGITS : GTK_INPUT_PURPOSE_FREE_FORM);
  th_control_name (GTK_WIDGET (self->entry), th_preference_translate (preference->title));
  th_control_watch (control, GTK_WIDGET (self->entry));
  if (th_control_get_row (control)->type == TH_SETTING_TYPE_PATH)
    add_choose_button (self, th_preference_translate (preference->title));
}

static void
th_entry_control_show (ThControl *control, ThSettings *settings)
{
  ThSetting setting = th_control_get_preference (control)->setting;
  const char *text = th_settings_get_string (settings, setting);
  GtkEditable *editable = GTK_EDITABLE (TH_ENTRY_CONTROL (control)->entry);
  if (g_strcmp0 (gtk_editable_get_text (editable), text) != 0) /* else the cursor would move */
    gtk_editable_set_text (editable, text);
}

static char *
th_entry_control_read (ThControl *control, GError **error)
{
  GtkEditable *editable = GTK_EDITABLE (TH_ENTRY_CONTROL (control)->entry);
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (editable)));
  return th_setting_escape_string (text);
}

static void
th_entry_control_dispose (GObject *object)
{
  g_clear_object (&TH_ENTRY_CONTROL (object)->entry);
  G_OBJECT_CLASS (th_entry_control_parent_class)->dispose (object);
}

static void
th_entry_control_class_init (ThEntryControlClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = th_entry_control_dispose;
  ThControlClass *control_class = TH_CONTROL_CLASS (klass);
  control_class->set_up = th_entry_control_set_up;
  control_class->show = th_entry_control_show;
  control_class->read = th_entry_control_read;
}

static void
th_entry_control_init (ThEntryControl *self)
{
  self->entry = GTK_ENTRY (g_object_ref_sink (gtk_entry_new ()));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->entry));
}
