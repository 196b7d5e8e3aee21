/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThProblemRow: shows a ThProblem.
 */
#include "panel/widgets/problem-row.h"

#include <glib/gi18n.h>

#include "panel/problem-remedy.h"
#include "panel/widgets/flow-layout.h"

struct _ThProblemRow {
  AdwPreferencesRow parent_instance;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *detail;
  GtkButton *action_button;
  ThProblem *problem;
};

G_DEFINE_FINAL_TYPE (ThProblemRow, th_problem_row, ADW_TYPE_PREFERENCES_ROW)

enum {
  SIGNAL_RESOLVE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
show_severity (ThProblemRow *self, ThSeverity severity)
{
  gboolean error = severity == TH_SEVERITY_ERROR;
  gtk_image_set_from_icon_name (self->icon,
                                error ? "turnhouse-error-symbolic" : "turnhouse-warning-symbolic");
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), error ? "error" : "warning");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  error ? _("Error") : _("Warning"), -1);
}

static void
on_action_button_clicked (ThProblemRow *self)
{
  g_autoptr (ThProblem) problem = g_object_ref (self->problem);
  g_signal_emit (self, signals[SIGNAL_RESOLVE], 0, problem);
}

static void
th_problem_row_dispose (GObject *object)
{
  ThProblemRow *self = TH_PROBLEM_ROW (object);
  g_clear_object (&self->problem);
  G_OBJECT_CLASS (th_problem_row_parent_class)->dispose (object);
}

static void
th_problem_row_class_init (ThProblemRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_problem_row_dispose;
  signals[SIGNAL_RESOLVE] = g_signal_new ("resolve", TH_TYPE_PROBLEM_ROW, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, TH_TYPE_PROBLEM);
  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/problem-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ThProblemRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ThProblemRow, title);
  gtk_widget_class_bind_template_child (widget_class, ThProblemRow, detail);
  gtk_widget_class_bind_template_child (widget_class, ThProblemRow, action_button);
  gtk_widget_class_bind_template_callback (widget_class, on_action_button_clicked);
}

static void
th_problem_row_init (ThProblemRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
th_problem_row_new (ThProblem *problem)
{
  ThProblemRow *self = g_object_new (TH_TYPE_PROBLEM_ROW, NULL);
  const char *title = th_problem_get_title (problem);
  g_autoptr (ThRemedy) remedy = th_remedy_new (problem);

  self->problem = g_object_ref (problem);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->detail, th_problem_get_detail (problem));
  gtk_button_set_label (self->action_button, remedy->label);
  show_severity (self, th_problem_get_severity (problem));
  return GTK_WIDGET (self);
}
