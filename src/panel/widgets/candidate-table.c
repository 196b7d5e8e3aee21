/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCandidateTable: a column view over those candidates that are wanted.
 */
#include "panel/widgets/candidate-table.h"

#include <glib/gi18n.h>

#include "panel/candidate-text.h"
#include "panel/widgets/text-column.h"

struct _ThCandidateTable {
  AdwBin parent_instance;
  GtkColumnView *view;
  GtkToggleButton *relay_only;
  GtkScrolledWindow *frame;
  GtkWidget *nothing;
  GListModel *candidates; /* nullable */
  GtkFilter *filter;
  GtkFilterListModel *wanted; /* of @candidates */
};

G_DEFINE_FINAL_TYPE (ThCandidateTable, th_candidate_table, ADW_TYPE_BIN)

/* In what people paste there are those of both sides. */
static char *
text_of_kind (gpointer item)
{
  g_autofree char *kind = th_candidate_text_kind (item);

  if (!th_ice_candidate_get_values (item)->remote)
    return g_steal_pointer (&kind);
  /* Translators: %s is a kind of address, such as "Relay"; it is that of who is called */
  return g_strdup_printf (_("%s, other side"), kind);
}

static const ThTextColumn columns[] = {
  { N_ ("Time"), th_candidate_text_time, NULL, NULL, FALSE },
  { N_ ("Kind"), text_of_kind, "heading",
    N_ ("host: of this device; srflx: seen by a server; prflx: seen by the peer; "
        "relay: of a relay"),
    FALSE },
  { N_ ("Transport"), th_candidate_text_transport, NULL, NULL, FALSE },
  { N_ ("Address"), th_candidate_text_address, "monospace", NULL, FALSE },
  { N_ ("Priority"), th_candidate_text_priority, "dim-label",
    N_ ("Kind | local preference | component"), FALSE },
  { N_ ("From"), th_candidate_text_source, "dim-label",
    N_ ("The server that told or gave it, or the address behind it"), TRUE },
  { N_ ("Foundation"), th_candidate_text_foundation, "dim-label", N_ ("Foundation/component"),
    FALSE },
};

static gboolean
is_wanted (gpointer item, gpointer data)
{
  ThCandidateTable *self = data;

  return !gtk_toggle_button_get_active (self->relay_only) ||
         th_ice_candidate_get_values (item)->type == TH_ICE_CANDIDATE_RELAY;
}

static void
on_candidates_changed (ThCandidateTable *self)
{
  guint n = self->wanted ? g_list_model_get_n_items (G_LIST_MODEL (self->wanted)) : 0;
  gboolean any = self->candidates && g_list_model_get_n_items (self->candidates) > 0;

  gtk_widget_set_visible (GTK_WIDGET (self), any);
  gtk_widget_set_visible (GTK_WIDGET (self->frame), n > 0);
  gtk_widget_set_visible (self->nothing, n == 0);
  th_text_columns_fit (self->frame, n);
}

static void
on_filter_changed (ThCandidateTable *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  on_candidates_changed (self);
}

static void
forget_candidates (ThCandidateTable *self)
{
  if (self->wanted)
    g_signal_handlers_disconnect_by_data (self->wanted, self);
  g_clear_object (&self->wanted);
  g_clear_object (&self->candidates);
}

static void
th_candidate_table_dispose (GObject *object)
{
  ThCandidateTable *self = TH_CANDIDATE_TABLE (object);

  if (self->view)
    gtk_column_view_set_model (self->view, NULL);
  forget_candidates (self);
  g_clear_object (&self->filter);
  G_OBJECT_CLASS (th_candidate_table_parent_class)->dispose (object);
}

static void
th_candidate_table_class_init (ThCandidateTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_candidate_table_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/candidate-table.ui");
  gtk_widget_class_bind_template_child (widget_class, ThCandidateTable, view);
  gtk_widget_class_bind_template_child (widget_class, ThCandidateTable, relay_only);
  gtk_widget_class_bind_template_child (widget_class, ThCandidateTable, frame);
  gtk_widget_class_bind_template_child (widget_class, ThCandidateTable, nothing);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
}

static void
th_candidate_table_init (ThCandidateTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  th_text_columns_add (self->view, columns, G_N_ELEMENTS (columns));
  self->filter = GTK_FILTER (gtk_custom_filter_new (is_wanted, self, NULL));
}

void
th_candidate_table_set_model (ThCandidateTable *self, GListModel *candidates)
{
  g_return_if_fail (TH_IS_CANDIDATE_TABLE (self));
  g_autoptr (GtkNoSelection) selection = NULL;

  forget_candidates (self);
  if (candidates)
    {
      self->candidates = g_object_ref (candidates);
      self->wanted = gtk_filter_list_model_new (g_object_ref (candidates),
                                                g_object_ref (self->filter));
      g_signal_connect_object (self->wanted, "items-changed", G_CALLBACK (on_candidates_changed),
                               self, G_CONNECT_SWAPPED);
      selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->wanted)));
    }
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  on_candidates_changed (self);
}
