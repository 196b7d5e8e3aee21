/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRangeControl: two entries. With one of them changed it may be no range yet, so it is done only
 * when the focus leaves both.
 */
#include "panel/preferences/range-control.h"

#include <glib/gi18n.h>

struct _ThRangeControl {
  ThControl parent_instance;
  GtkEntry *ends[2];
};

G_DEFINE_FINAL_TYPE (ThRangeControl, th_range_control, TH_TYPE_CONTROL)

static GtkEntry *
end_new (ThRangeControl *self, const char *name)
{
  GtkWidget *entry = gtk_entry_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 6);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), 6);
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_DIGITS);
  th_control_name (entry, name);
  th_control_watch (TH_CONTROL (self), entry);
  return GTK_ENTRY (entry);
}

static void
th_range_control_set_up (ThControl *control, const ThPreference *preference)
{
  ThRangeControl *self = TH_RANGE_CONTROL (control);
  const char *title = th_preference_translate (preference->title);
  /* Translators: %s is the title of a preference, such as "Ports for calls" */
  g_autofree char *first = g_strdup_printf (_("%s, first"), title);
  /* Translators: %s is the title of a preference, such as "Ports for calls" */
  g_autofree char *last = g_strdup_printf (_("%s, last"), title);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->ends[0] = end_new (self, first);
  self->ends[1] = end_new (self, last);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->ends[0]));
  gtk_box_append (GTK_BOX (box), gtk_label_new ("–"));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->ends[1]));
  adw_bin_set_child (ADW_BIN (self), box);
}

static void
th_range_control_show (ThControl *control, ThSettings *settings)
{
  ThSetting setting = th_control_get_preference (control)->setting;
  guint16 ends[2];
  th_settings_get_port_range (settings, setting, &ends[0], &ends[1]);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      GtkEditable *editable = GTK_EDITABLE (TH_RANGE_CONTROL (control)->ends[i]);
      g_autofree char *text = g_strdup_printf ("%u", ends[i]);
      if (g_strcmp0 (gtk_editable_get_text (editable), text) != 0)
        gtk_editable_set_text (editable, text);
    }
}

static char *
th_range_control_read (ThControl *control, GError **error)
{
  ThRangeControl *self = TH_RANGE_CONTROL (control);
  return g_strdup_printf ("%s-%s", gtk_editable_get_text (GTK_EDITABLE (self->ends[0])),
                          gtk_editable_get_text (GTK_EDITABLE (self->ends[1])));
}

static void
th_range_control_class_init (ThRangeControlClass *klass)
{
  ThControlClass *control_class = TH_CONTROL_CLASS (klass);
  control_class->set_up = th_range_control_set_up;
  control_class->show = th_range_control_show;
  control_class->read = th_range_control_read;
}

static void
th_range_control_init (ThRangeControl *self)
{
}
