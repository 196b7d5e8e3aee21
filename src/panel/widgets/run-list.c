/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRunList: rows with a check button each. Two that are checked are compared, the older with the
 * newer; whoever checks a third one lets go of the one checked first.
 */
#include "panel/widgets/run-list.h"

#include <glib/gi18n.h>

#include "app/ice-changes.h"
#include "panel/format.h"
#include "panel/verdict-look.h"

#define SHOWN_AT_FIRST 4

struct _ThRunList {
  AdwBin parent_instance;
  GtkListBox *list;
  GtkLabel *hint;
  GtkWidget *changes_card;
  GtkLabel *changes;
  GtkButton *more_button;

  GListModel *history; /* held by the slice */
  GtkSliceListModel *slice;
  gboolean expanded;
  GtkCheckButton *checked[2]; /* in the order of checking; weak */
};

G_DEFINE_FINAL_TYPE (ThRunList, th_run_list, ADW_TYPE_BIN)

static ThIceRun *
run_of (GtkCheckButton *button)
{
  return g_object_get_data (G_OBJECT (button), "run");
}

static char *
describe_when (const ThIceRunValues *values)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *ago = th_format_ago (MAX (now - values->time, 0));
  const char *what = values->own_relay ? _("This relay") : _("Other servers");

  if (values->scheduled)
    what = _("This relay, by itself");
  return g_strdup_printf ("%s · %s", ago, what);
}

static char *
describe_changes (ThIceRun *one, ThIceRun *other)
{
  gboolean older = th_ice_run_get_values (one)->time <= th_ice_run_get_values (other)->time;
  g_auto (GStrv) changes =
      older ? th_ice_changes_describe (one, other) : th_ice_changes_describe (other, one);

  return *changes ? g_strjoinv ("\n", changes) : g_strdup (_("Nothing changed between these two"));
}

static void
update_changes (ThRunList *self)
{
  gboolean both = self->checked[0] && self->checked[1];

  gtk_widget_set_visible (self->changes_card, both);
  gtk_widget_set_visible (GTK_WIDGET (self->hint),
                          !both && g_list_model_get_n_items (self->history) > 1);
  if (!both)
    return;
  g_autofree char *text = describe_changes (run_of (self->checked[0]), run_of (self->checked[1]));
  gtk_label_set_label (self->changes, text);
}

static void
on_toggled (ThRunList *self, GtkCheckButton *button)
{
  GtkCheckButton *first = self->checked[0], *second = self->checked[1];

  if (!gtk_check_button_get_active (button))
    {
      g_set_weak_pointer (&self->checked[0], button == first ? second : first);
      g_set_weak_pointer (&self->checked[1], NULL);
    }
  else if (first && second)
    {
      g_set_weak_pointer (&self->checked[0], second);
      g_set_weak_pointer (&self->checked[1], button);
      g_signal_handlers_block_by_func (first, on_toggled, self);
      gtk_check_button_set_active (first, FALSE);
      g_signal_handlers_unblock_by_func (first, on_toggled, self);
    }
  else
    g_set_weak_pointer (&self->checked[first ? 1 : 0], button);
  update_changes (self);
}

static GtkWidget *
create_check (ThRunList *self, ThIceRun *run)
{
  GtkWidget *check = gtk_check_button_new ();

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (check, _("Compare"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Compare"), -1);
  g_object_set_data_full (G_OBJECT (check), "run", g_object_ref (run), g_object_unref);
  g_signal_connect_object (check, "toggled", G_CALLBACK (on_toggled), self, G_CONNECT_SWAPPED);
  return check;
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  const ThIceRunValues *values = th_ice_run_get_values (item);
  const ThVerdictLook *look = th_verdict_look_get (values->verdict);
  g_autofree char *when = describe_when (values);
  g_autofree char *moment = th_format_moment (values->time);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", look->icon, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_widget_add_css_class (icon, look->style ? look->style : "dim-label");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), values->headline);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), when);
  gtk_widget_set_tooltip_text (row, moment);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_check (user_data, item));
  return row;
}

static void
show_as_many_as_wanted (ThRunList *self)
{
  guint n = g_list_model_get_n_items (self->history);

  gtk_slice_list_model_set_size (self->slice, self->expanded ? n : SHOWN_AT_FIRST);
  gtk_button_set_label (self->more_button, self->expanded ? _("Show Less") : _("Show All"));
  gtk_widget_set_visible (GTK_WIDGET (self->more_button), n > SHOWN_AT_FIRST);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  update_changes (self);
}

static void
on_more_button_clicked (ThRunList *self)
{
  self->expanded = !self->expanded;
  show_as_many_as_wanted (self);
}

static void
th_run_list_dispose (GObject *object)
{
  ThRunList *self = TH_RUN_LIST (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->checked); i++)
    g_clear_weak_pointer (&self->checked[i]);
  if (self->list)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  g_clear_object (&self->slice);
  G_OBJECT_CLASS (th_run_list_parent_class)->dispose (object);
}

static void
th_run_list_class_init (ThRunListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_run_list_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/run-list.ui");
  gtk_widget_class_bind_template_child (widget_class, ThRunList, list);
  gtk_widget_class_bind_template_child (widget_class, ThRunList, hint);
  gtk_widget_class_bind_template_child (widget_class, ThRunList, changes_card);
  gtk_widget_class_bind_template_child (widget_class, ThRunList, changes);
  gtk_widget_class_bind_template_child (widget_class, ThRunList, more_button);
  gtk_widget_class_bind_template_callback (widget_class, on_more_button_clicked);
}

static void
th_run_list_init (ThRunList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_run_list_set_runs (ThRunList *self, ThIceRuns *runs)
{
  g_return_if_fail (TH_IS_RUN_LIST (self) && !self->slice);
  self->history = th_ice_runs_get_history (runs);
  self->slice = gtk_slice_list_model_new (g_object_ref (self->history), 0, SHOWN_AT_FIRST);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->slice), create_row, self, NULL);
  g_signal_connect_object (self->history, "items-changed", G_CALLBACK (show_as_many_as_wanted),
                           self, G_CONNECT_SWAPPED);
  show_as_many_as_wanted (self);
}
