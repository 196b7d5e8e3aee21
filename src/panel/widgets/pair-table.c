/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPairTable: a column view over pairs, of which those selected come first and the others keep
 * their order.
 */
#include "panel/widgets/pair-table.h"

#include <glib/gi18n.h>

#include "ice/ice-pair.h"
#include "panel/candidate-text.h"
#include "panel/widgets/text-column.h"

struct _ThPairTable {
  AdwBin parent_instance;
  GtkScrolledWindow *frame;
  GtkColumnView *view;
  GtkSorter *sorter;
  GListModel *pairs; /* nullable */
};

G_DEFINE_FINAL_TYPE (ThPairTable, th_pair_table, ADW_TYPE_BIN)

static char *
text_of_state (gpointer item)
{
  if (th_ice_pair_is_selected (item))
    return g_strdup (C_ ("pair", "In use"));
  switch (th_ice_pair_get_state (item))
    {
    case TH_ICE_PAIR_SUCCEEDED:
      return g_strdup (C_ ("pair", "Works"));
    case TH_ICE_PAIR_FAILED:
      return g_strdup (C_ ("pair", "Failed"));
    case TH_ICE_PAIR_IN_PROGRESS:
      return g_strdup (C_ ("pair", "Being tried"));
    case TH_ICE_PAIR_WAITING:
    case TH_ICE_PAIR_FROZEN:
    default:
      return g_strdup (C_ ("pair", "Not tried"));
    }
}

static char *
text_of_local_kind (gpointer item)
{
  return th_candidate_text_kind (th_ice_pair_get_local (item));
}

static char *
text_of_local (gpointer item)
{
  return th_candidate_text_address (th_ice_pair_get_local (item));
}

static char *
text_of_remote_kind (gpointer item)
{
  return th_candidate_text_kind (th_ice_pair_get_remote (item));
}

static char *
text_of_remote (gpointer item)
{
  return th_candidate_text_address (th_ice_pair_get_remote (item));
}

static const ThTextColumn columns[] = {
  { N_ ("State"), text_of_state, "heading", NULL, FALSE },
  { N_ ("From"), text_of_local, "monospace", N_ ("The local candidate"), FALSE },
  { N_ ("Kind"), text_of_local_kind, "dim-label", N_ ("Of the local candidate"), FALSE },
  { N_ ("To"), text_of_remote, "monospace", N_ ("The remote candidate"), FALSE },
  { N_ ("Kind"), text_of_remote_kind, "dim-label", N_ ("Of the remote candidate"), TRUE },
};

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  return th_ice_pair_is_selected ((gpointer) b) - th_ice_pair_is_selected ((gpointer) a);
}

static void
on_pairs_changed (ThPairTable *self)
{
  guint n = self->pairs ? g_list_model_get_n_items (self->pairs) : 0;

  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  th_text_columns_fit (self->frame, n);
}

static void
forget_pairs (ThPairTable *self)
{
  if (self->pairs)
    g_signal_handlers_disconnect_by_data (self->pairs, self);
  g_clear_object (&self->pairs);
}

static void
th_pair_table_dispose (GObject *object)
{
  ThPairTable *self = TH_PAIR_TABLE (object);

  if (self->view)
    gtk_column_view_set_model (self->view, NULL);
  forget_pairs (self);
  g_clear_object (&self->sorter);
  G_OBJECT_CLASS (th_pair_table_parent_class)->dispose (object);
}

static void
th_pair_table_class_init (ThPairTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_pair_table_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/pair-table.ui");
  gtk_widget_class_bind_template_child (widget_class, ThPairTable, frame);
  gtk_widget_class_bind_template_child (widget_class, ThPairTable, view);
}

static void
th_pair_table_init (ThPairTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  th_text_columns_add (self->view, columns, G_N_ELEMENTS (columns));
  self->sorter = GTK_SORTER (gtk_custom_sorter_new (compare, NULL, NULL));
}

void
th_pair_table_set_model (ThPairTable *self, GListModel *pairs)
{
  g_return_if_fail (TH_IS_PAIR_TABLE (self));
  g_autoptr (GtkNoSelection) selection = NULL;
  GtkSortListModel *sorted;

  forget_pairs (self);
  if (pairs)
    {
      self->pairs = g_object_ref (pairs);
      g_signal_connect_object (pairs, "items-changed", G_CALLBACK (on_pairs_changed), self,
                               G_CONNECT_SWAPPED);
      sorted = gtk_sort_list_model_new (g_object_ref (pairs), g_object_ref (self->sorter));
      selection = gtk_no_selection_new (G_LIST_MODEL (sorted));
    }
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  on_pairs_changed (self);
}
