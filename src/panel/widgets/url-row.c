/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThUrlRow: the window's action "win.copy" does the copying and says so.
 */
#include "panel/widgets/url-row.h"

#include <glib/gi18n.h>

struct _ThUrlRow {
  AdwPreferencesRow parent_instance;
  GtkLabel *label;
  GtkLabel *url;
  GtkButton *copy_button;
};

G_DEFINE_FINAL_TYPE (ThUrlRow, th_url_row, ADW_TYPE_PREFERENCES_ROW)

static void
th_url_row_class_init (ThUrlRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/turnhouse/Turnhouse/widgets/url-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ThUrlRow, label);
  gtk_widget_class_bind_template_child (widget_class, ThUrlRow, url);
  gtk_widget_class_bind_template_child (widget_class, ThUrlRow, copy_button);
}

static void
th_url_row_init (ThUrlRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
th_url_row_new (ThConnectUrl *url)
{
  ThUrlRow *self = g_object_new (TH_TYPE_URL_ROW, NULL);
  const char *label = th_connect_url_get_label (url);
  const char *text = th_connect_url_get_url (url);
  /* Translators: what the copy button does; %s is the kind of address, such as "TURN over TCP" */
  g_autofree char *copy = g_strdup_printf (_("Copy %s address"), label);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_label_set_label (self->label, label);
  gtk_label_set_label (self->url, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->url), text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->copy_button), copy);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  copy, -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->copy_button), "s", text);
  return GTK_WIDGET (self);
}
