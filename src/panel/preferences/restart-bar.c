/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRestartBar: asks before it ends calls.
 */
#include "panel/preferences/restart-bar.h"

#include <glib/gi18n.h>

#include "panel/restart-question.h"
#include "panel/widgets/flow-layout.h"

struct _ThRestartBar {
  AdwBin parent_instance;
  GtkRevealer *revealer;
  GtkLabel *cost;
  ThEngine *engine; /* weak, as in all of this window */
};

G_DEFINE_FINAL_TYPE (ThRestartBar, th_restart_bar, ADW_TYPE_BIN)

static char *
cost_text (guint calls)
{
  if (calls == 0)
    return g_strdup (_("No call ends"));
  return g_strdup_printf (ngettext ("Ends %u call", "Ends %u calls", calls), calls);
}

static void
update_cost (ThRestartBar *self)
{
  if (!self->engine)
    return; /* closed while the question was open */
  g_autofree char *cost = cost_text (th_calls_count (self->engine));
  gtk_label_set_label (self->cost, cost);
}

static void
update (ThRestartBar *self)
{
  gboolean pending;
  if (!self->engine)
    return;
  g_object_get (self->engine, "restart-pending", &pending, NULL);
  update_cost (self);
  gtk_revealer_set_reveal_child (self->revealer, pending);
}

/* A revealer's child can be reached by the keyboard even when there is nothing of it to see. */
static void
on_revealed_changed (ThRestartBar *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->revealer),
                          gtk_revealer_get_reveal_child (self->revealer) ||
                              gtk_revealer_get_child_revealed (self->revealer));
}

static void
restart (gpointer data)
{
  ThRestartBar *self = data;
  if (self->engine)
    th_engine_restart (self->engine);
}

static void
on_button_clicked (ThRestartBar *self)
{
  th_restart_or_ask (GTK_WIDGET (self), self->engine, restart, self);
}

static void
th_restart_bar_dispose (GObject *object)
{
  g_clear_weak_pointer (&TH_RESTART_BAR (object)->engine);
  G_OBJECT_CLASS (th_restart_bar_parent_class)->dispose (object);
}

static void
th_restart_bar_class_init (ThRestartBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_restart_bar_dispose;
  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/preferences/restart-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ThRestartBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, ThRestartBar, cost);
  gtk_widget_class_bind_template_callback (widget_class, on_button_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_revealed_changed);
}

static void
th_restart_bar_init (ThRestartBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self->revealer), FALSE);
}

GtkWidget *
th_restart_bar_new (ThEngine *engine)
{
  ThRestartBar *self = g_object_new (TH_TYPE_RESTART_BAR, NULL);
  g_set_weak_pointer (&self->engine, engine);
  g_signal_connect_object (engine, "notify::restart-pending", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (th_engine_get_relay (engine), "notify::session-count",
                           G_CALLBACK (update_cost), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
