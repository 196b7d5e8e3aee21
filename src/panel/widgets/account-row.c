/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAccountRow: its menu's actions become signals.
 */
#include "panel/widgets/account-row.h"

#include <glib/gi18n.h>

struct _ThAccountRow {
  AdwActionRow parent_instance;
  GtkMenuButton *menu_button;
  GObject *item;
};

G_DEFINE_FINAL_TYPE (ThAccountRow, th_account_row, ADW_TYPE_ACTION_ROW)

enum {
  SIGNAL_REPLACE,
  SIGNAL_REMOVE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_action_replace (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_REPLACE], 0);
}

static void
on_action_remove (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_REMOVE], 0);
}

static void
th_account_row_dispose (GObject *object)
{
  g_clear_object (&TH_ACCOUNT_ROW (object)->item);
  G_OBJECT_CLASS (th_account_row_parent_class)->dispose (object);
}

static void
th_account_row_class_init (ThAccountRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_account_row_dispose;
  signals[SIGNAL_REPLACE] = g_signal_new ("replace", TH_TYPE_ACCOUNT_ROW, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REMOVE] = g_signal_new ("remove", TH_TYPE_ACCOUNT_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "account.replace", NULL, on_action_replace);
  gtk_widget_class_install_action (widget_class, "account.remove", NULL, on_action_remove);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/account-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ThAccountRow, menu_button);
}

static void
th_account_row_init (ThAccountRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
th_account_row_new (gpointer item, const char *name, GMenuModel *menu)
{
  ThAccountRow *self = g_object_new (TH_TYPE_ACCOUNT_ROW, "title", name, NULL);
  /* Translators: %s is the name of an app or user */
  g_autofree char *label = g_strdup_printf (_("What to do with %s"), name);
  self->item = g_object_ref (item);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->menu_button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  gtk_menu_button_set_menu_model (self->menu_button, menu);
  gtk_widget_set_visible (GTK_WIDGET (self->menu_button), menu != NULL);
  return GTK_WIDGET (self);
}

gpointer
th_account_row_get_item (ThAccountRow *self)
{
  return self->item;
}

const char *
th_account_row_get_name (ThAccountRow *self)
{
  return adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));
}
