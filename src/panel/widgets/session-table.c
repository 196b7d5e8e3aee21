/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSessionTable: cells are inscriptions, which never ask for another size, so numbers that change
 * move nothing. What is sorted by a number is sorted again every few seconds, unless the pointer
 * is on it.
 */
#include "panel/widgets/session-table.h"

#include <glib/gi18n.h>

#include "panel/connection-text.h"
#include "panel/format.h"

#define RESORT_SECONDS 5

typedef char *(*TextFunc) (ThSession *session);
typedef double (*NumberFunc) (ThSession *session);

/* A column of words is sorted by them, one of numbers by these. */
typedef struct {
  const char *title;
  int width;
  gboolean expand;
  const char *property; /* which says when the text is another; NULL: never */
  TextFunc text;
  NumberFunc number; /* NULL: words */
} Column;

struct _ThSessionTable {
  AdwBin parent_instance;
  GtkColumnView *view;
  GtkEventController *pointer;
  ThConnections *connections;
  GtkSingleSelection *selection;
  guint timer;
};

G_DEFINE_FINAL_TYPE (ThSessionTable, th_session_table, ADW_TYPE_BIN)

static char *
text_of_transport (ThSession *session)
{
  return g_strdup (th_session_get_transport (session));
}

static char *
text_of_client (ThSession *session)
{
  return g_strdup (th_session_get_client (session));
}

static char *
text_of_peers (ThSession *session)
{
  char *peers = NULL;
  g_object_get (session, "peers", &peers, NULL);
  return peers;
}

static char *
text_of_rate_up (ThSession *session)
{
  return th_format_rate (th_session_get_rate_up (session));
}

static char *
text_of_rate_down (ThSession *session)
{
  return th_format_rate (th_session_get_rate_down (session));
}

static char *
text_of_bytes (ThSession *session)
{
  return g_format_size (th_connection_bytes (session));
}

static char *
text_of_age (ThSession *session)
{
  return th_connection_age (session);
}

static double
number_of_bytes (ThSession *session)
{
  return th_connection_bytes (session);
}

static double
number_of_age (ThSession *session)
{
  return th_session_get_age (session);
}

static const Column columns[] = {
  { N_ ("User"), 130, TRUE, NULL, th_connection_user, NULL },
  { N_ ("Transport"), 90, FALSE, NULL, text_of_transport, NULL },
  { N_ ("Client"), 170, TRUE, NULL, text_of_client, NULL },
  { N_ ("Peers"), 170, TRUE, "peers", text_of_peers, NULL },
  { N_ ("To Peers"), 105, FALSE, "rate-up", text_of_rate_up, th_session_get_rate_up },
  { N_ ("To Client"), 105, FALSE, "rate-down", text_of_rate_down, th_session_get_rate_down },
  { N_ ("Total"), 90, FALSE, "bytes-up", text_of_bytes, number_of_bytes },
  { N_ ("Time"), 90, FALSE, "age", text_of_age, number_of_age },
};

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const Column *column = data;
  ThSession *one = (ThSession *) a;
  ThSession *other = (ThSession *) b;

  if (column->number)
    {
      double difference = column->number (one) - column->number (other);
      return difference < 0 ? -1 : difference > 0;
    }
  g_autofree char *text = column->text (one);
  g_autofree char *other_text = column->text (other);
  return g_utf8_collate (text, other_text);
}

static void
show_text (GtkListItem *item, const Column *column)
{
  GtkInscription *cell = GTK_INSCRIPTION (gtk_list_item_get_child (item));
  g_autofree char *text = column->text (gtk_list_item_get_item (item));
  if (g_strcmp0 (gtk_inscription_get_text (cell), text) == 0)
    return;
  gtk_inscription_set_text (cell, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
on_session_notify (ThSession *session, GParamSpec *property, GtkListItem *item)
{
  show_text (item, g_object_get_data (G_OBJECT (item), "column"));
}

static void
on_factory_setup (GtkListItemFactory *factory, GtkListItem *item, const Column *column)
{
  GtkWidget *cell = gtk_inscription_new (NULL);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (cell), column->number ? 1 : 0);
  if (column->number)
    gtk_widget_add_css_class (cell, "numeric");
  g_object_set_data (G_OBJECT (item), "column", (gpointer) column);
  gtk_list_item_set_child (item, cell);
}

static void
on_factory_bind (GtkListItemFactory *factory, GtkListItem *item, const Column *column)
{
  show_text (item, column);
  if (column->property)
    {
      g_autofree char *signal = g_strconcat ("notify::", column->property, NULL);
      g_signal_connect (gtk_list_item_get_item (item), signal, G_CALLBACK (on_session_notify),
                        item);
    }
}

static void
on_factory_unbind (GtkListItemFactory *factory, GtkListItem *item, const Column *column)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), on_session_notify, item);
}

static void
add_column (ThSessionTable *self, const Column *column)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) added = NULL;
  g_autoptr (GtkSorter) sorter =
      GTK_SORTER (gtk_custom_sorter_new (compare, (gpointer) column, NULL));

  g_signal_connect (factory, "setup", G_CALLBACK (on_factory_setup), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (on_factory_bind), (gpointer) column);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_factory_unbind), (gpointer) column);
  added = gtk_column_view_column_new (_ (column->title), g_object_ref (factory));
  gtk_column_view_column_set_sorter (added, sorter);
  gtk_column_view_column_set_fixed_width (added, column->width);
  gtk_column_view_column_set_resizable (added, TRUE);
  gtk_column_view_column_set_expand (added, column->expand);
  gtk_column_view_append_column (self->view, added);
}

static gboolean
on_timer_resort (gpointer data)
{
  ThSessionTable *self = data;
  GtkEventControllerMotion *pointer = GTK_EVENT_CONTROLLER_MOTION (self->pointer);
  if (!gtk_event_controller_motion_contains_pointer (pointer) &&
      !th_connections_is_paused (self->connections))
    gtk_sorter_changed (gtk_column_view_get_sorter (self->view), GTK_SORTER_CHANGE_DIFFERENT);
  return G_SOURCE_CONTINUE;
}

static void
on_row_selected (ThSessionTable *self)
{
  ThSession *session = gtk_single_selection_get_selected_item (self->selection);
  if (session)
    th_connections_select (self->connections, session);
}

/* The position of a session in the order of the table, or GTK_INVALID_LIST_POSITION */
static guint
find_position (ThSessionTable *self, ThSession *session)
{
  GListModel *rows = G_LIST_MODEL (self->selection);
  guint n = g_list_model_get_n_items (rows);
  for (guint i = 0; session && i < n; i++)
    {
      g_autoptr (ThSession) other = g_list_model_get_item (rows, i);
      if (other == session)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

static void
on_selected_elsewhere (ThSessionTable *self)
{
  ThSession *selected = th_connections_get_selected (self->connections);
  if (gtk_single_selection_get_selected_item (self->selection) != selected)
    gtk_single_selection_set_selected (self->selection, find_position (self, selected));
}

static void
th_session_table_map (GtkWidget *widget)
{
  ThSessionTable *self = TH_SESSION_TABLE (widget);
  GTK_WIDGET_CLASS (th_session_table_parent_class)->map (widget);
  self->timer = g_timeout_add_seconds (RESORT_SECONDS, on_timer_resort, self);
}

static void
th_session_table_unmap (GtkWidget *widget)
{
  ThSessionTable *self = TH_SESSION_TABLE (widget);
  g_clear_handle_id (&self->timer, g_source_remove);
  GTK_WIDGET_CLASS (th_session_table_parent_class)->unmap (widget);
}

static void
th_session_table_dispose (GObject *object)
{
  ThSessionTable *self = TH_SESSION_TABLE (object);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->selection);
  g_clear_object (&self->connections);
  G_OBJECT_CLASS (th_session_table_parent_class)->dispose (object);
}

static void
th_session_table_class_init (ThSessionTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_session_table_dispose;
  widget_class->map = th_session_table_map;
  widget_class->unmap = th_session_table_unmap;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/session-table.ui");
  gtk_widget_class_bind_template_child (widget_class, ThSessionTable, view);
  gtk_widget_class_bind_template_child (widget_class, ThSessionTable, pointer);
}

static void
th_session_table_init (ThSessionTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    add_column (self, &columns[i]);
}

void
th_session_table_set_connections (ThSessionTable *self, ThConnections *connections)
{
  g_return_if_fail (TH_IS_SESSION_TABLE (self) && !self->connections);
  g_autoptr (GListModel) sorted = NULL;

  self->connections = g_object_ref (connections);
  sorted = G_LIST_MODEL (
      gtk_sort_list_model_new (g_object_ref (th_connections_get_found (connections)),
                               g_object_ref (gtk_column_view_get_sorter (self->view))));
  self->selection = gtk_single_selection_new (g_object_ref (sorted));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (on_row_selected), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connections, "notify::selected", G_CALLBACK (on_selected_elsewhere),
                           self, G_CONNECT_SWAPPED);
}
