/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSessionTable: a column view has widgets for some two hundred rows, in sight or not. Its rows
 * are places (ThSessionRows), so that these stay when sessions come and go. Of the texts in them
 * those in sight are brought up to date, some with each frame after an update, and the others
 * little by little. What is sorted by a number is sorted again every few seconds, unless the
 * pointer is on it.
 */
#include "panel/widgets/session-table.h"

#include <glib/gi18n.h>

#include "panel/connection-text.h"
#include "panel/format.h"
#include "panel/widgets/session-cell.h"
#include "panel/widgets/session-rows.h"

#define RESORT_SECONDS 5
#define ROWS_AT_ONCE   6 /* brought up to date with one frame */
#define ROWS_IN_TURN   4 /* of those out of sight, at an update */

typedef double (*NumberFunc) (ThSession *session);

/* Columns are made for GNOME's font at its usual size; this is how wide a digit is in that. */
#define USUAL_DIGIT 9.0

/* A column of words is sorted by them, one of numbers by these. */
typedef struct {
  const char *title;
  int width;
  gboolean expand;
  ThSessionText text;
  NumberFunc number; /* NULL: words */
} Column;

struct _ThSessionTable {
  AdwBin parent_instance;
  GtkColumnView *view;
  GtkEventController *pointer;
  ThConnections *connections;
  GtkSingleSelection *selection;
  gboolean following; /* what it is selecting is selected already */
  GListModel *sessions; /* in the order of the rows */
  ThSessionRows *rows;
  guint timer;
  guint update; /* its number, by which rows know whether they are up to date */
  guint turn;   /* the first row of those that are next */
  guint tick;
  gboolean reordered;
  guint scrolled; /* frames for which to look who has come into sight */
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
  return th_format_size (th_connection_bytes (session));
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
  { N_ ("User"), 130, TRUE, th_connection_user, NULL },
  { N_ ("Transport"), 85, FALSE, text_of_transport, NULL },
  { N_ ("Client"), 165, TRUE, text_of_client, NULL },
  { N_ ("Peers"), 165, TRUE, text_of_peers, NULL },
  { N_ ("To Peers"), 115, FALSE, text_of_rate_up, th_session_get_rate_up },
  { N_ ("To Client"), 110, FALSE, text_of_rate_down, th_session_get_rate_down },
  { N_ ("Total"), 90, FALSE, text_of_bytes, number_of_bytes },
  { N_ ("Time"), 85, FALSE, text_of_age, number_of_age },
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
on_factory_setup (GtkListItemFactory *factory, GtkListItem *item, const Column *column)
{
  gtk_list_item_set_child (item, th_session_cell_new (column->text, column->number != NULL));
}

static void
on_factory_bind (GtkListItemFactory *factory, GtkListItem *item, const Column *column)
{
  th_session_cell_show (TH_SESSION_CELL (gtk_list_item_get_child (item)),
                        gtk_list_item_get_item (item));
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
  added = gtk_column_view_column_new (_ (column->title), g_object_ref (factory));
  gtk_column_view_column_set_sorter (added, sorter);
  gtk_column_view_column_set_resizable (added, TRUE);
  gtk_column_view_column_set_expand (added, column->expand);
  gtk_column_view_append_column (self->view, added);
}

/* Numbers always fit, whatever the size of text; who has made a column wider starts anew then. */
static void
fit_columns (ThSessionTable *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  double digit = (double) pango_font_metrics_get_approximate_digit_width (metrics) / PANGO_SCALE;
  GListModel *added = gtk_column_view_get_columns (self->view);
  pango_font_metrics_unref (metrics);
  for (guint i = 0; i < g_list_model_get_n_items (added); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (added, i);
      gtk_column_view_column_set_fixed_width (column,
                                              (int) (columns[i].width * digit / USUAL_DIGIT));
    }
}

static void
th_session_table_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (th_session_table_parent_class)->system_setting_changed (widget, setting);
  fit_columns (TH_SESSION_TABLE (widget));
}

static void
refresh_row (GtkWidget *row)
{
  for (GtkWidget *place = gtk_widget_get_first_child (row); place;
       place = gtk_widget_get_next_sibling (place))
    {
      GtkWidget *cell = gtk_widget_get_first_child (place);
      if (TH_IS_SESSION_CELL (cell))
        th_session_cell_refresh (TH_SESSION_CELL (cell));
    }
}

/* Returns: whether it was not up to date */
static gboolean
bring_up_to_date (ThSessionTable *self, GtkWidget *row)
{
  static GQuark update = 0;
  if (update == 0)
    update = g_quark_from_static_string ("th-session-table-update");
  if (GPOINTER_TO_UINT (g_object_get_qdata (G_OBJECT (row), update)) == self->update)
    return FALSE;
  g_object_set_qdata (G_OBJECT (row), update, GUINT_TO_POINTER (self->update));
  refresh_row (row);
  return TRUE;
}

static gboolean
is_in_sight (GtkWidget *row, int height)
{
  GtkAllocation area;
  gtk_widget_get_allocation (row, &area);
  return area.y + area.height > -height / 4 && area.y < height + height / 4;
}

/* At most @n rows in sight or close to it, and when that is all, some of the others, which take
 * turns. Returns: whether it was all */
static gboolean
refresh_rows (ThSessionTable *self, guint n)
{
  GtkWidget *list = gtk_widget_get_last_child (GTK_WIDGET (self->view)); /* below the titles */
  int height = gtk_widget_get_height (list);
  guint place = 0;

  for (GtkWidget *row = gtk_widget_get_first_child (list); row && n > 0;
       row = gtk_widget_get_next_sibling (row))
    n -= is_in_sight (row, height) && bring_up_to_date (self, row);
  if (n == 0)
    return FALSE;
  for (GtkWidget *row = gtk_widget_get_first_child (list); row;
       row = gtk_widget_get_next_sibling (row), place++)
    {
      if (place >= self->turn && place < self->turn + ROWS_IN_TURN)
        bring_up_to_date (self, row);
    }
  self->turn = self->turn + ROWS_IN_TURN < place ? self->turn + ROWS_IN_TURN : 0;
  return TRUE;
}

static gboolean
on_frame_due (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  ThSessionTable *self = TH_SESSION_TABLE (widget);
  gboolean all;
  if (self->reordered) /* the list view has enough to do with this frame */
    {
      self->reordered = FALSE;
      return G_SOURCE_CONTINUE;
    }
  all = refresh_rows (self, ROWS_AT_ONCE);
  if (self->scrolled > 0)
    self->scrolled--;
  if (!all || self->scrolled > 0)
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
await_frame (ThSessionTable *self)
{
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_frame_due, NULL, NULL);
}

/* With the next frame, before rows are where they are scrolled to, and with the one after that. */
static void
on_scrolled (ThSessionTable *self)
{
  self->scrolled = 2;
  await_frame (self);
}

static gboolean
on_timer_resort (gpointer data)
{
  ThSessionTable *self = data;
  GtkEventControllerMotion *pointer = GTK_EVENT_CONTROLLER_MOTION (self->pointer);
  if (self->connections && !gtk_event_controller_motion_contains_pointer (pointer) &&
      !th_connections_is_paused (self->connections))
    gtk_sorter_changed (gtk_column_view_get_sorter (self->view), GTK_SORTER_CHANGE_DIFFERENT);
  return G_SOURCE_CONTINUE;
}

static void
on_row_selected (ThSessionTable *self)
{
  ThSessionRow *row = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr (ThSession) session = row ? th_session_row_dup_session (row) : NULL;
  if (session && !self->following)
    th_connections_select (self->connections, session);
}

/* The position of a session in the order of the table, or GTK_INVALID_LIST_POSITION */
static guint
find_position (ThSessionTable *self, ThSession *session)
{
  guint n = g_list_model_get_n_items (self->sessions);
  for (guint i = 0; session && i < n; i++)
    {
      g_autoptr (ThSession) other = g_list_model_get_item (self->sessions, i);
      if (other == session)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

/* The row of who is selected, wherever that is now. */
static void
follow_selected (ThSessionTable *self)
{
  ThSession *selected = th_connections_get_selected (self->connections);
  self->following = TRUE;
  gtk_single_selection_set_selected (self->selection, find_position (self, selected));
  self->following = FALSE;
}

static void
on_updated (ThSessionTable *self)
{
  if (!self->connections)
    return;
  th_session_rows_follow (self->rows);
  follow_selected (self);
  self->update++;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    await_frame (self);
}

/* What is in sight stays where it is when something goes or comes above it. */
static void
stay_in_place (ThSessionTable *self, guint position, guint removed, guint added)
{
  GtkAdjustment *place = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));
  GtkWidget *list = gtk_widget_get_last_child (GTK_WIDGET (self->view));
  GtkWidget *row = gtk_widget_get_first_child (list);
  double value = gtk_adjustment_get_value (place);
  int height = row ? gtk_widget_get_height (row) : 0;
  if (height > 0 && (position + removed) * (double) height <= value)
    gtk_adjustment_set_value (place, value + ((double) added - removed) * height);
}

static void
on_sessions_changed (ThSessionTable *self, guint position, guint removed, guint added)
{
  follow_selected (self);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  stay_in_place (self, position, removed, added);
  self->update++;
  self->reordered = TRUE;
  await_frame (self);
}

static void
th_session_table_map (GtkWidget *widget)
{
  ThSessionTable *self = TH_SESSION_TABLE (widget);
  GTK_WIDGET_CLASS (th_session_table_parent_class)->map (widget);
  self->timer = g_timeout_add_seconds (RESORT_SECONDS, on_timer_resort, self);
  on_updated (self);
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
  if (self->sessions) /* which change once more when the columns they are sorted by go */
    g_signal_handlers_disconnect_by_data (self->sessions, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->rows);
  g_clear_object (&self->sessions);
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
  widget_class->system_setting_changed = th_session_table_system_setting_changed;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/session-table.ui");
  gtk_widget_class_bind_template_child (widget_class, ThSessionTable, view);
  gtk_widget_class_bind_template_child (widget_class, ThSessionTable, pointer);
}

static void
th_session_table_init (ThSessionTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view)),
                           "value-changed", G_CALLBACK (on_scrolled), self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    add_column (self, &columns[i]);
  fit_columns (self);
}

void
th_session_table_set_connections (ThSessionTable *self, ThConnections *connections)
{
  g_return_if_fail (TH_IS_SESSION_TABLE (self) && !self->connections);

  self->connections = g_object_ref (connections);
  self->sessions = G_LIST_MODEL (
      gtk_sort_list_model_new (g_object_ref (th_connections_get_found (connections)),
                               g_object_ref (gtk_column_view_get_sorter (self->view))));
  self->rows = th_session_rows_new (self->sessions);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->rows)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->sessions, "items-changed", G_CALLBACK (on_sessions_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (on_row_selected), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (connections, "updated", G_CALLBACK (on_updated), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (connections, "notify::selected", G_CALLBACK (follow_selected), self,
                           G_CONNECT_SWAPPED);
}
