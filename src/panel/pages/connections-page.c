/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThConnectionsPage: graph, table and details look at one model, and the page at whether there is
 * anything to look at.
 */
#include "panel/pages/connections-page.h"

#include <glib/gi18n.h>

#include "panel/connections.h"
#include "panel/widgets/flow-layout.h"
#include "panel/widgets/graph-view.h"
#include "panel/widgets/session-details.h"
#include "panel/widgets/session-table.h"
#include "panel/widgets/width-layout.h"

#define DETAILS_WIDTH  320

struct _ThConnectionsPage {
  AdwBin parent_instance;
  ThWidthLayout *width;
  GtkStack *content;
  GtkWidget *empty_page;
  GtkWidget *main;
  GtkEditable *search;
  GtkDropDown *grouping;
  GtkToggleButton *pause;
  GtkWidget *panes;
  GtkWidget *toolbar;
  GtkStack *found;
  GtkWidget *nothing_page;
  GtkStack *views;
  ThGraphView *graph;
  ThSessionTable *table;
  ThSessionDetails *details;

  ThEngine *engine;
  ThConnections *connections; /* NULL until there is an engine */
};

G_DEFINE_FINAL_TYPE (ThConnectionsPage, th_connections_page, ADW_TYPE_BIN)

/* Details stand beside what they belong to, below it where that is narrow, and in place of it where
 * there is no room for both. */
static void
update_frame (ThConnectionsPage *self)
{
  gboolean narrow, low;
  g_object_get (self->width, "narrow", &narrow, "low", &low, NULL);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->panes), narrow
                                                                    ? GTK_ORIENTATION_VERTICAL
                                                                    : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_size_request (GTK_WIDGET (self->details), narrow ? -1 : DETAILS_WIDTH, -1);
  gboolean alone = narrow && low && gtk_widget_get_visible (GTK_WIDGET (self->details));
  gtk_widget_set_visible (GTK_WIDGET (self->found), !alone);
  gtk_widget_set_visible (self->toolbar, !alone);
  if (narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self->details), "below");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->details), "below");
  gtk_widget_set_visible (GTK_WIDGET (self->grouping),
                          g_strcmp0 (gtk_stack_get_visible_child_name (self->views), "graph") == 0);
}

static void
show_relay (ThConnectionsPage *self)
{
  guint16 first, last;
  guint used = th_connections_count (self->connections);
  th_settings_get_port_range (th_engine_get_settings (self->engine),
                              TH_SETTING_RELAY_RELAY_PORTS, &first, &last);
  /* Translators: how many ports are used, of how many */
  g_autofree char *text = g_strdup_printf (_("%1$u of %2$'u ports in use"), used,
                                           (guint) last - first + 1);
  th_graph_view_set_relay_text (self->graph, text);
}

static void
on_updated (ThConnectionsPage *self)
{
  gboolean any = th_connections_count (self->connections) > 0 ||
                 th_connections_get_selected (self->connections);
  gboolean found = g_list_model_get_n_items (th_connections_get_found (self->connections)) > 0;
  gtk_stack_set_visible_child (self->content, any ? self->main : self->empty_page);
  gtk_stack_set_visible_child (self->found, found || !*gtk_editable_get_text (self->search)
                                                ? GTK_WIDGET (self->views)
                                                : self->nothing_page);
  show_relay (self);
}

static void
on_search_changed (ThConnectionsPage *self)
{
  if (self->connections)
    th_connections_set_search (self->connections, gtk_editable_get_text (self->search));
}

static void
on_search_set (ThConnectionsPage *self)
{
  g_autofree char *search = NULL;
  g_object_get (self->connections, "search", &search, NULL);
  if (g_strcmp0 (gtk_editable_get_text (self->search), search) != 0)
    gtk_editable_set_text (self->search, search);
}

static void
on_clear_clicked (ThConnectionsPage *self)
{
  gtk_editable_set_text (self->search, "");
}

static void
on_grouping_changed (ThConnectionsPage *self)
{
  th_graph_view_set_grouping (self->graph, gtk_drop_down_get_selected (self->grouping));
}

static void
th_connections_page_dispose (GObject *object)
{
  ThConnectionsPage *self = TH_CONNECTIONS_PAGE (object);
  if (self->connections)
    th_connections_set_active (self->connections, FALSE);
  g_clear_object (&self->connections);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (th_connections_page_parent_class)->dispose (object);
}

static void
th_connections_page_class_init (ThConnectionsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_connections_page_dispose;

  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  g_type_ensure (TH_TYPE_GRAPH_VIEW);
  g_type_ensure (TH_TYPE_SESSION_DETAILS);
  g_type_ensure (TH_TYPE_SESSION_TABLE);
  g_type_ensure (TH_TYPE_WIDTH_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/pages/connections-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, width);
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, content);
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, empty_page);
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, main);
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, search);
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, grouping);
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, pause);
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, panes);
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, toolbar);
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, found);
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, nothing_page);
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, views);
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, graph);
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, table);
  gtk_widget_class_bind_template_child (widget_class, ThConnectionsPage, details);
  gtk_widget_class_bind_template_callback (widget_class, update_frame);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_clear_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_grouping_changed);
}

static void
th_connections_page_init (ThConnectionsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (self->search), GTK_WIDGET (self));
  update_frame (self);
}

void
th_connections_page_set_engine (ThConnectionsPage *self, ThEngine *engine)
{
  g_return_if_fail (TH_IS_CONNECTIONS_PAGE (self) && !self->connections);
  ThRelay *relay = th_engine_get_relay (engine);

  self->engine = g_object_ref (engine);
  self->connections = th_connections_new (
      th_relay_get_sessions (relay), (ThConnectionsRefresh) th_relay_refresh_sessions, relay);
  th_graph_view_set_connections (self->graph, self->connections);
  th_session_table_set_connections (self->table, self->connections);
  th_session_details_set_connections (self->details, engine, self->connections);
  g_object_bind_property (self->pause, "active", self->connections, "paused",
                          G_BINDING_DEFAULT);
  g_signal_connect_object (self->connections, "updated", G_CALLBACK (on_updated), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connections, "notify::search", G_CALLBACK (on_search_set), self,
                           G_CONNECT_SWAPPED);
  on_updated (self);
}

void
th_connections_page_set_shown (ThConnectionsPage *self, gboolean shown)
{
  g_return_if_fail (TH_IS_CONNECTIONS_PAGE (self));
  if (self->connections)
    th_connections_set_active (self->connections, shown);
}

void
th_connections_page_search (ThConnectionsPage *self)
{
  g_return_if_fail (TH_IS_CONNECTIONS_PAGE (self));
  if (gtk_stack_get_visible_child (self->content) == self->main)
    gtk_widget_grab_focus (GTK_WIDGET (self->search));
}
