/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThResetRow: what the preferences do not show, it leaves as it is.
 */
#include "panel/preferences/reset-row.h"

#include <glib/gi18n.h>

#include "app/relay-settings.h"
#include "panel/compat.h"
#include "panel/preferences/preference-map.h"
#include "panel/widgets/flow-layout.h"

struct _ThResetRow {
  AdwActionRow parent_instance;
  GtkWidget *button;
  ThSettings *settings; /* weak: libadwaita 1.2 never frees the rows of its window of preferences */
};

G_DEFINE_FINAL_TYPE (ThResetRow, th_reset_row, ADW_TYPE_ACTION_ROW)

static gboolean
can_be_reset (ThResetRow *self, ThSetting setting)
{
  return th_settings_is_writable (self->settings, setting) &&
         !th_settings_is_default (self->settings, setting);
}

/* @n_restart: (out): how many of them need a restart */
static guint
count_changed (ThResetRow *self, guint *n_restart)
{
  guint n = 0;
  *n_restart = 0;
  for (guint i = 0; i < th_preferences_get_n (); i++)
    {
      ThSetting setting = th_preferences_get (i)->setting;
      if (!can_be_reset (self, setting))
        continue;
      n++;
      *n_restart += th_relay_setting_needs_restart (setting) ? 1 : 0;
    }
  return n;
}

static void
update (ThResetRow *self)
{
  guint n_restart;
  if (!self->settings)
    return; /* closed while the question was open */
  guint n = count_changed (self, &n_restart);
  g_autofree char *text =
      n == 0 ? g_strdup (_("Everything is at its default"))
             : g_strdup_printf (
                   ngettext ("%u differs from its default", "%u differ from their defaults", n), n);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  gtk_widget_set_sensitive (self->button, n > 0);
}

static void
reset_all (gpointer data)
{
  ThResetRow *self = data;
  for (guint i = 0; self->settings && i < th_preferences_get_n (); i++)
    {
      ThSetting setting = th_preferences_get (i)->setting;
      g_autoptr (GError) error = NULL;
      if (can_be_reset (self, setting) && !th_settings_reset (self->settings, setting, &error))
        g_message ("A preference stays as it was: %s", error->message);
    }
}

static void
on_button_clicked (ThResetRow *self)
{
  guint n_restart;
  guint n = count_changed (self, &n_restart);
  g_autofree char *heading = g_strdup_printf (
      ngettext ("Reset %u preference to its default?", "Reset %u preferences to their defaults?", n),
      n);
  g_autofree char *waiting =
      n_restart == 0
          ? NULL
          : g_strdup_printf (ngettext ("%u of them waits until the relay restarts.",
                                       "%u of them wait until the relay restarts.", n_restart),
                             n_restart);
  g_autofree char *body =
      g_strjoin (" ", _("Secrets, apps and users stay as they are."), waiting, NULL);
  th_compat_confirm (GTK_WIDGET (self), heading, body, _("Reset All"), reset_all, self);
}

static void
th_reset_row_dispose (GObject *object)
{
  g_clear_weak_pointer (&TH_RESET_ROW (object)->settings);
  G_OBJECT_CLASS (th_reset_row_parent_class)->dispose (object);
}

static void
th_reset_row_class_init (ThResetRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_reset_row_dispose;
  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/preferences/reset-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ThResetRow, button);
  gtk_widget_class_bind_template_callback (widget_class, on_button_clicked);
}

static void
th_reset_row_init (ThResetRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
th_reset_row_new (ThSettings *settings)
{
  ThResetRow *self = g_object_new (TH_TYPE_RESET_ROW, NULL);
  g_set_weak_pointer (&self->settings, settings);
  g_signal_connect_object (settings, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "writable-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
