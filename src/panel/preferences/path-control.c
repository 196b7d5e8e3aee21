/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPathControl: an entry with a button that opens the desktop's own window to choose files.
 */
#include "panel/preferences/path-control.h"

#include <glib/gi18n.h>

struct _ThPathControl {
  ThEntryControl parent_instance;
  GtkFileChooserNative *chooser; /* while it is open; nullable */
};

G_DEFINE_FINAL_TYPE (ThPathControl, th_path_control, TH_TYPE_ENTRY_CONTROL)

static void
close_chooser (ThPathControl *self)
{
  if (self->chooser)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
}

static void
on_chooser_response (ThPathControl *self, int response)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  GtkEntry *entry = th_entry_control_get_entry (TH_ENTRY_CONTROL (self));
  close_chooser (self);
  if (response != GTK_RESPONSE_ACCEPT || !file || !g_file_peek_path (file))
    return;
  gtk_editable_set_text (GTK_EDITABLE (entry), g_file_peek_path (file));
  th_control_edit (TH_CONTROL (self), TRUE);
}

static void
on_button_clicked (ThPathControl *self)
{
  const ThPreference *preference = th_control_get_preference (TH_CONTROL (self));
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  close_chooser (self);
  self->chooser = gtk_file_chooser_native_new (th_preference_translate (preference->title),
                                               GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("Choose"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_chooser_response), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static GtkWidget *
button_new (const char *title)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("turnhouse-open-symbolic");
  /* Translators: %s is what the file is, such as "Certificate" */
  g_autofree char *name = g_strdup_printf (_("%s: choose a file"), title);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  th_control_name (button, name);
  return button;
}

static void
th_path_control_set_up (ThControl *control, const ThPreference *preference)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *button = button_new (th_preference_translate (preference->title));
  g_autoptr (GtkWidget) entry =
      g_object_ref (GTK_WIDGET (th_entry_control_get_entry (TH_ENTRY_CONTROL (control))));

  TH_CONTROL_CLASS (th_path_control_parent_class)->set_up (control, preference);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_button_clicked), control,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (control), box);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), button);
}

static void
th_path_control_dispose (GObject *object)
{
  close_chooser (TH_PATH_CONTROL (object));
  G_OBJECT_CLASS (th_path_control_parent_class)->dispose (object);
}

static void
th_path_control_class_init (ThPathControlClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = th_path_control_dispose;
  TH_CONTROL_CLASS (klass)->set_up = th_path_control_set_up;
}

static void
th_path_control_init (ThPathControl *self)
{
}
