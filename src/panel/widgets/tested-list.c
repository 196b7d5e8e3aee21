/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTestedList: has rows only while it is unfolded: they are many labels that few people look at.
 */
#include "panel/widgets/tested-list.h"

#include "panel/widgets/path-steps.h"

struct _ThTestedList {
  AdwBin parent_instance;
  AdwExpanderRow *expander;
  GListModel *paths; /* nullable */
  GPtrArray *rows;   /* of the expander, which owns them */
};

G_DEFINE_FINAL_TYPE (ThTestedList, th_tested_list, ADW_TYPE_BIN)

static void
remove_rows (ThTestedList *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (self->expander, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
}

static void
add_rows (ThTestedList *self)
{
  for (guint i = self->rows->len; i < g_list_model_get_n_items (self->paths); i++)
    {
      g_autoptr (ThIcePath) path = g_list_model_get_item (self->paths, i);
      GtkWidget *row = th_path_steps_new (path);

      adw_expander_row_add_row (self->expander, row);
      g_ptr_array_add (self->rows, row);
    }
}

static void
on_expanded_changed (ThTestedList *self)
{
  remove_rows (self);
  if (self->paths && adw_expander_row_get_expanded (self->expander))
    add_rows (self);
}

/* Paths are added at the end, and never go. */
static void
on_paths_changed (ThTestedList *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), g_list_model_get_n_items (self->paths) > 0);
  if (adw_expander_row_get_expanded (self->expander))
    add_rows (self);
}

static void
forget_paths (ThTestedList *self)
{
  if (self->paths)
    g_signal_handlers_disconnect_by_data (self->paths, self);
  g_clear_object (&self->paths);
}

static void
th_tested_list_dispose (GObject *object)
{
  ThTestedList *self = TH_TESTED_LIST (object);

  forget_paths (self);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (th_tested_list_parent_class)->dispose (object);
}

static void
th_tested_list_class_init (ThTestedListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_tested_list_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/tested-list.ui");
  gtk_widget_class_bind_template_child (widget_class, ThTestedList, expander);
  gtk_widget_class_bind_template_callback (widget_class, on_expanded_changed);
}

static void
th_tested_list_init (ThTestedList *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_tested_list_set_model (ThTestedList *self, GListModel *paths)
{
  g_return_if_fail (TH_IS_TESTED_LIST (self));
  remove_rows (self);
  forget_paths (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  if (!paths)
    return;
  self->paths = g_object_ref (paths);
  g_signal_connect_object (paths, "items-changed", G_CALLBACK (on_paths_changed), self,
                           G_CONNECT_SWAPPED);
  on_paths_changed (self);
}
