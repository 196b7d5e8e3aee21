/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThListControl: what is typed joins the list on Enter, or when the focus goes; what is pasted may
 * be several items. A list that says "auto" shows as one without items.
 */
#include "panel/preferences/list-control.h"

#include <glib/gi18n.h>

#include "settings/value.h"

#define AUTOMATIC "auto"

struct _ThListControl {
  ThControl parent_instance;
  GtkBox *lines;
  GtkEntry *entry;
  char **items;
  int removed; /* the place of the item that goes; -1: none */
};

G_DEFINE_FINAL_TYPE (ThListControl, th_list_control, TH_TYPE_CONTROL)

static gboolean
may_be_automatic (ThListControl *self)
{
  return th_control_get_row (TH_CONTROL (self))->type == TH_SETTING_TYPE_EXTERNAL_LIST;
}

static void
add_once (GPtrArray *items, char *item)
{
  if (*item && !g_ptr_array_find_with_equal_func (items, item, g_str_equal, NULL))
    g_ptr_array_add (items, item);
}

static void
remove_item (GtkButton *button, ThListControl *self)
{
  self->removed = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "place"));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry)); /* the button goes */
  th_control_edit (TH_CONTROL (self), TRUE);
  self->removed = -1;
}

static void
on_add_button_clicked (ThListControl *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  if (*gtk_editable_get_text (GTK_EDITABLE (self->entry)))
    th_control_edit (TH_CONTROL (self), TRUE);
}

static GtkWidget *
text_label_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  return label;
}

static GtkWidget *
button_new (const char *icon_name, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  th_control_name (button, name);
  return button;
}

static void
add_line (ThListControl *self, guint place)
{
  const ThPreference *preference = th_control_get_preference (TH_CONTROL (self));
  /* Translators: %1$s is an item such as an address, %2$s the title of its list */
  g_autofree char *name = g_strdup_printf (_("Remove %1$s from %2$s"), self->items[place],
                                           th_preference_translate (preference->title));
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = text_label_new (self->items[place]);
  GtkWidget *button = button_new ("turnhouse-remove-symbolic", name);
  gtk_widget_add_css_class (label, "numeric");
  g_object_set_data (G_OBJECT (button), "place", GINT_TO_POINTER (place));
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_item), self, 0);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), button);
  gtk_box_append (self->lines, line);
}

static void
show_lines (ThListControl *self)
{
  GtkWidget *line;
  while ((line = gtk_widget_get_first_child (GTK_WIDGET (self->lines))))
    gtk_box_remove (self->lines, line);
  for (guint i = 0; self->items[i]; i++)
    add_line (self, i);
  if (!self->items[0])
    {
      const ThPreference *preference = th_control_get_preference (TH_CONTROL (self));
      GtkWidget *nothing = text_label_new (th_preference_translate (preference->nothing));
      gtk_widget_add_css_class (nothing, "dim-label");
      gtk_widget_set_margin_top (nothing, 6);
      gtk_widget_set_margin_bottom (nothing, 6);
      gtk_box_append (self->lines, nothing);
    }
}

static void
th_list_control_set_up (ThControl *control, const ThPreference *preference)
{
  ThListControl *self = TH_LIST_CONTROL (control);
  const char *title = th_preference_translate (preference->title);
  /* Translators: %s is the title of a list, such as "Closed networks" */
  g_autofree char *name = g_strdup_printf (_("Add to %s"), title);
  GtkWidget *add_button = button_new ("turnhouse-add-symbolic", name);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  th_control_set_example (self->entry, preference);
  th_control_name (GTK_WIDGET (self->entry), title);
  th_control_watch (control, GTK_WIDGET (self->entry));
  g_signal_connect_object (add_button, "clicked", G_CALLBACK (on_add_button_clicked), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->entry));
  gtk_box_append (GTK_BOX (line), add_button);
  gtk_box_append (GTK_BOX (adw_bin_get_child (ADW_BIN (self))), line);
}

static void
th_list_control_show (ThControl *control, ThSettings *settings)
{
  ThListControl *self = TH_LIST_CONTROL (control);
  const char *const *items =
      th_settings_get_list (settings, th_control_get_preference (control)->setting);
  if (may_be_automatic (self) && g_strcmp0 (items[0], AUTOMATIC) == 0)
    items++;
  g_strfreev (self->items);
  self->items = g_strdupv ((char **) items);
  show_lines (self);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
}

static char *
th_list_control_read (ThControl *control, GError **error)
{
  ThListControl *self = TH_LIST_CONTROL (control);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  /* No item of any list has blanks in it. */
  g_auto (GStrv) typed = g_strsplit_set (gtk_editable_get_text (GTK_EDITABLE (self->entry)),
                                         ",; \t\n", -1);
  for (int i = 0; self->items[i]; i++)
    if (i != self->removed)
      add_once (items, self->items[i]);
  for (guint i = 0; typed[i] && self->removed < 0; i++)
    add_once (items, typed[i]);
  if (items->len == 0 && may_be_automatic (self))
    return g_strdup (AUTOMATIC);
  g_ptr_array_add (items, NULL);
  return th_setting_escape_items ((const char *const *) items->pdata);
}

static void
th_list_control_finalize (GObject *object)
{
  g_strfreev (TH_LIST_CONTROL (object)->items);
  G_OBJECT_CLASS (th_list_control_parent_class)->finalize (object);
}

static void
th_list_control_class_init (ThListControlClass *klass)
{
  ThControlClass *control_class = TH_CONTROL_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = th_list_control_finalize;
  control_class->set_up = th_list_control_set_up;
  control_class->show = th_list_control_show;
  control_class->read = th_list_control_read;
}

static void
th_list_control_init (ThListControl *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->removed = -1;
  self->items = g_new0 (char *, 1);
  self->lines = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  self->entry = GTK_ENTRY (gtk_entry_new ());
  gtk_widget_set_hexpand (GTK_WIDGET (self->entry), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->lines));
  adw_bin_set_child (ADW_BIN (self), box);
}
