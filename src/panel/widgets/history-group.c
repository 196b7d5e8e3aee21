/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThHistoryGroup: a slice of the secret ring's history.
 */
#include "panel/widgets/history-group.h"

#include <glib/gi18n.h>

#include "panel/widgets/history-row.h"

#define SHOWN_AT_FIRST 4

struct _ThHistoryGroup {
  AdwBin parent_instance;
  GtkListBox *list;
  GtkLabel *nothing;
  GtkButton *more_button;

  GListModel *history; /* held by the slice */
  GtkSliceListModel *slice;
  gboolean expanded;
};

G_DEFINE_FINAL_TYPE (ThHistoryGroup, th_history_group, ADW_TYPE_BIN)

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  return th_history_row_new (item);
}

static void
show_as_many_as_wanted (ThHistoryGroup *self)
{
  guint n = g_list_model_get_n_items (self->history);
  gtk_slice_list_model_set_size (self->slice, self->expanded ? n : SHOWN_AT_FIRST);
  gtk_button_set_label (self->more_button, self->expanded ? _("Show Less") : _("Show All"));
  gtk_widget_set_visible (GTK_WIDGET (self->more_button), n > SHOWN_AT_FIRST);
  gtk_widget_set_visible (GTK_WIDGET (self->list), n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->nothing), n == 0);
}

static void
on_more_button_clicked (ThHistoryGroup *self)
{
  self->expanded = !self->expanded;
  show_as_many_as_wanted (self);
}

static void
on_ticker_tick (ThHistoryGroup *self)
{
  GtkListBoxRow *row;
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)); i++)
    th_history_row_update (TH_HISTORY_ROW (row));
}

static void
th_history_group_dispose (GObject *object)
{
  ThHistoryGroup *self = TH_HISTORY_GROUP (object);
  if (self->list)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  g_clear_object (&self->slice);
  G_OBJECT_CLASS (th_history_group_parent_class)->dispose (object);
}

static void
th_history_group_class_init (ThHistoryGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_history_group_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/history-group.ui");
  gtk_widget_class_bind_template_child (widget_class, ThHistoryGroup, list);
  gtk_widget_class_bind_template_child (widget_class, ThHistoryGroup, nothing);
  gtk_widget_class_bind_template_child (widget_class, ThHistoryGroup, more_button);
  gtk_widget_class_bind_template_callback (widget_class, on_more_button_clicked);
}

static void
th_history_group_init (ThHistoryGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_history_group_set_engine (ThHistoryGroup *self, ThEngine *engine, ThTicker *ticker)
{
  g_return_if_fail (TH_IS_HISTORY_GROUP (self) && !self->slice);
  self->history = th_secret_ring_get_history (th_engine_get_secret_ring (engine));
  self->slice = gtk_slice_list_model_new (g_object_ref (self->history), 0, SHOWN_AT_FIRST);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->slice), create_row, NULL, NULL);
  g_signal_connect_object (self->history, "items-changed", G_CALLBACK (show_as_many_as_wanted),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ticker, "tick", G_CALLBACK (on_ticker_tick), self, G_CONNECT_SWAPPED);
  show_as_many_as_wanted (self);
}
