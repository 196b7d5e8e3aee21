/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThConnectRow: opens the dialog for the engine's apps.
 */
#include "panel/widgets/connect-row.h"

#include "panel/widgets/connect-dialog.h"

struct _ThConnectRow {
  AdwActionRow parent_instance;
  ThEngine *engine; /* NULL until it is set */
};

G_DEFINE_FINAL_TYPE (ThConnectRow, th_connect_row, ADW_TYPE_ACTION_ROW)

static void
on_button_clicked (ThConnectRow *self)
{
  th_connect_dialog_present (GTK_WIDGET (self), self->engine, NULL);
}

static void
on_urls_changed (ThConnectRow *self, guint position, guint removed, guint added, GListModel *urls)
{
  gtk_widget_set_visible (GTK_WIDGET (self), g_list_model_get_n_items (urls) > 0);
}

static void
th_connect_row_dispose (GObject *object)
{
  g_clear_object (&TH_CONNECT_ROW (object)->engine);
  G_OBJECT_CLASS (th_connect_row_parent_class)->dispose (object);
}

static void
th_connect_row_class_init (ThConnectRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_connect_row_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/connect-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, on_button_clicked);
}

static void
th_connect_row_init (ThConnectRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_connect_row_set_engine (ThConnectRow *self, ThEngine *engine)
{
  GListModel *urls = th_engine_get_urls (engine);

  g_return_if_fail (TH_IS_CONNECT_ROW (self) && !self->engine);
  self->engine = g_object_ref (engine);
  g_signal_connect_object (urls, "items-changed", G_CALLBACK (on_urls_changed), self,
                           G_CONNECT_SWAPPED);
  on_urls_changed (self, 0, 0, 0, urls);
}
