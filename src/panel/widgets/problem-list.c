/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThProblemList: a slice of the engine's problems.
 */
#include "panel/widgets/problem-list.h"

#include <glib/gi18n.h>

#include "panel/widgets/problem-row.h"

#define SHOWN_AT_FIRST 3

struct _ThProblemList {
  AdwBin parent_instance;
  GtkListBox *list;
  GtkButton *more_button;
  GListModel *problems;
  GtkSliceListModel *slice;
  gboolean expanded;
};

G_DEFINE_FINAL_TYPE (ThProblemList, th_problem_list, ADW_TYPE_BIN)

enum {
  SIGNAL_RESOLVE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_row_resolve (ThProblemList *self, ThProblem *problem)
{
  g_signal_emit (self, signals[SIGNAL_RESOLVE], 0, problem);
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  GtkWidget *row = th_problem_row_new (item);
  g_signal_connect_object (row, "resolve", G_CALLBACK (on_row_resolve), user_data,
                           G_CONNECT_SWAPPED);
  return row;
}

static void
show_as_many_as_wanted (ThProblemList *self)
{
  guint n = g_list_model_get_n_items (self->problems);
  guint hidden = n > SHOWN_AT_FIRST ? n - SHOWN_AT_FIRST : 0;
  /* Translators: a button below the list of problems that shows the others */
  g_autofree char *more = g_strdup_printf (ngettext ("%u More", "%u More", hidden), hidden);

  gtk_slice_list_model_set_size (self->slice, self->expanded ? n : SHOWN_AT_FIRST);
  gtk_button_set_label (self->more_button, self->expanded ? _("Show Less") : more);
  gtk_widget_set_visible (GTK_WIDGET (self->more_button), hidden > 0);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}

static void
on_more_button_clicked (ThProblemList *self)
{
  self->expanded = !self->expanded;
  show_as_many_as_wanted (self);
}

static void
th_problem_list_dispose (GObject *object)
{
  ThProblemList *self = TH_PROBLEM_LIST (object);
  if (self->list)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  g_clear_object (&self->slice);
  G_OBJECT_CLASS (th_problem_list_parent_class)->dispose (object);
}

static void
th_problem_list_class_init (ThProblemListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_problem_list_dispose;
  signals[SIGNAL_RESOLVE] = g_signal_new ("resolve", TH_TYPE_PROBLEM_LIST, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, TH_TYPE_PROBLEM);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/problem-list.ui");
  gtk_widget_class_bind_template_child (widget_class, ThProblemList, list);
  gtk_widget_class_bind_template_child (widget_class, ThProblemList, more_button);
  gtk_widget_class_bind_template_callback (widget_class, on_more_button_clicked);
}

static void
th_problem_list_init (ThProblemList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_problem_list_set_model (ThProblemList *self, GListModel *problems)
{
  g_return_if_fail (TH_IS_PROBLEM_LIST (self) && !self->slice);
  self->problems = problems; /* held by the slice */
  self->slice = gtk_slice_list_model_new (g_object_ref (problems), 0, SHOWN_AT_FIRST);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->slice), create_row, self, NULL);
  g_signal_connect_object (problems, "items-changed", G_CALLBACK (show_as_many_as_wanted), self,
                           G_CONNECT_SWAPPED);
  show_as_many_as_wanted (self);
}
