/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCandidateTable: a column view over ThIceCandidate, which never change: a cell is filled once.
 */
#include "panel/widgets/candidate-table.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ice/ice-candidate.h"

struct _ThCandidateTable {
  AdwBin parent_instance;
  GtkColumnView *view;
};

G_DEFINE_FINAL_TYPE (ThCandidateTable, th_candidate_table, ADW_TYPE_BIN)

typedef struct {
  const char *title;
  char *(*text) (ThIceCandidate *candidate);
  const char *style; /* nullable */
  const char *tooltip; /* nullable: what the text means */
} Column;

static char *
text_of_time (ThIceCandidate *candidate)
{
  /* Translators: seconds since the test began: "0.03 s" */
  return g_strdup_printf (_("%.2f s"),
                          th_ice_candidate_get_values (candidate)->time / (double) G_USEC_PER_SEC);
}

static char *
text_of_type (ThIceCandidate *candidate)
{
  switch (th_ice_candidate_get_values (candidate)->type)
    {
    case TH_ICE_CANDIDATE_HOST:
      return g_strdup (C_ ("candidate", "This device"));
    case TH_ICE_CANDIDATE_SRFLX:
      return g_strdup (C_ ("candidate", "Seen by a server"));
    case TH_ICE_CANDIDATE_PRFLX:
      return g_strdup (C_ ("candidate", "Seen by the peer"));
    case TH_ICE_CANDIDATE_RELAY:
    default:
      return g_strdup (C_ ("candidate", "Relay"));
    }
}

/* As the protocol has it, of the candidate; and where that is another, of the way to the relay. */
static char *
text_of_transport (ThIceCandidate *candidate)
{
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);
  const char *own = values->tcp ? "TCP" : "UDP";
  g_autofree char *way = NULL;

  if (!values->relay_protocol)
    return g_strdup (own);
  way = g_ascii_strup (values->relay_protocol, -1);
  /* Translators: %1$s is UDP; %2$s is how the relay is reached: UDP, TCP or TLS */
  return g_strdup_printf (_("%1$s over %2$s"), own, way);
}

static char *
text_of_address (ThIceCandidate *candidate)
{
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);

  if (!*values->address)
    return g_strdup (_("Kept back"));
  return g_strdup_printf (strchr (values->address, ':') ? "[%s]:%u" : "%s:%u", values->address,
                          values->port);
}

static char *
text_of_priority (ThIceCandidate *candidate)
{
  return g_strdup_printf ("%u|%u|%u", th_ice_candidate_get_type_preference (candidate),
                          th_ice_candidate_get_local_preference (candidate),
                          th_ice_candidate_get_component_preference (candidate));
}

/* The server, else the address behind this one. */
static char *
text_of_source (ThIceCandidate *candidate)
{
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);

  if (values->server_url)
    return g_strdup (values->server_url);
  if (!values->related_address)
    return g_strdup ("");
  return g_strdup_printf (strchr (values->related_address, ':') ? "[%s]:%u" : "%s:%u",
                          values->related_address, values->related_port);
}

static char *
text_of_foundation (ThIceCandidate *candidate)
{
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);

  return g_strdup_printf ("%s/%u", values->foundation, values->component);
}

static const Column columns[] = {
  { N_ ("Time"), text_of_time, NULL, NULL },
  { N_ ("Kind"), text_of_type, "heading", NULL },
  { N_ ("Transport"), text_of_transport, NULL, NULL },
  { N_ ("Address"), text_of_address, "monospace", NULL },
  { N_ ("Priority"), text_of_priority, "dim-label", N_ ("Kind, local preference, component") },
  { N_ ("From"), text_of_source, "dim-label", NULL },
  { N_ ("Foundation"), text_of_foundation, "dim-label", N_ ("Foundation, component") },
};

static void
on_factory_setup (GtkListItemFactory *factory, GtkListItem *item, const Column *column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "numeric");
  if (column->style)
    gtk_widget_add_css_class (label, column->style);
  if (column->tooltip)
    gtk_widget_set_tooltip_text (label, _ (column->tooltip));
  gtk_list_item_set_child (item, label);
}

static void
on_factory_bind (GtkListItemFactory *factory, GtkListItem *item, const Column *column)
{
  g_autofree char *text = column->text (gtk_list_item_get_item (item));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
add_column (ThCandidateTable *self, const Column *column)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) added = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (on_factory_setup), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (on_factory_bind), (gpointer) column);
  added = gtk_column_view_column_new (_ (column->title), g_object_ref (factory));
  gtk_column_view_column_set_resizable (added, TRUE);
  gtk_column_view_append_column (self->view, added);
}

static void
th_candidate_table_class_init (ThCandidateTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/candidate-table.ui");
  gtk_widget_class_bind_template_child (widget_class, ThCandidateTable, view);
}

static void
th_candidate_table_init (ThCandidateTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    add_column (self, &columns[i]);
}

void
th_candidate_table_set_model (ThCandidateTable *self, GListModel *candidates)
{
  g_return_if_fail (TH_IS_CANDIDATE_TABLE (self));
  g_autoptr (GtkNoSelection) selection =
      gtk_no_selection_new (candidates ? g_object_ref (candidates) : NULL);

  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
}
