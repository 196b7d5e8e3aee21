/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long frames of the Connections page's two views take with many sessions that come, go and
 * talk, as one line of JSON: median, 99th percentile and maximum by the clock and as processor time
 * of the main thread, and the parts of the latter. GSK_RENDERER chooses the renderer.
 */
#include <adwaita.h>
#include <stdio.h>
#include <stdlib.h>

#include "frame-meter.h"
#include "panel/widgets/graph-view.h"
#include "panel/widgets/session-table.h"
#include "relay/session-list.h"
#include "relay/session-private.h"

#define USERS          50
#define SETTLE_SECONDS 3
#define SCROLL_STEP    13 /* pixels a frame */

static char *view = NULL;
static int n_sessions = 1000;
static int seconds = 20;
static int churn = 5;
static int sorted_by = -1;
static gboolean scrolls = FALSE;

static const GOptionEntry options[] = {
  { "view", 0, 0, G_OPTION_ARG_STRING, &view, "graph (as it is) or table", "VIEW" },
  { "sessions", 0, 0, G_OPTION_ARG_INT, &n_sessions, "how many (1000)", "N" },
  { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "of measuring (20)", "N" },
  { "churn", 0, 0, G_OPTION_ARG_INT, &churn, "that end and start at an update (5)", "N" },
  { "sort", 0, 0, G_OPTION_ARG_INT, &sorted_by, "the table by this column, from 0", "N" },
  { "scroll", 0, 0, G_OPTION_ARG_NONE, &scrolls, "up and down all the time", NULL },
  { NULL }
};

typedef struct {
  ThSessionList *list;
  GPtrArray *records;
  guint next;
  GMainLoop *loop;
} Bench;

static ThAddress
address (guint network, guint host, guint16 port)
{
  ThAddress parsed;
  g_autofree char *text = g_strdup_printf ("198.18.%u.%u", network % 256, host % 254 + 1);
  th_address_parse (&parsed, text, port);
  return parsed;
}

/* Two of four talk with each other, the others with peers outside. */
static void
add_session (Bench *self)
{
  guint i = self->next++;
  g_autofree char *user = g_strdup_printf ("user-%02u", i % USERS);
  ThTurnRecord *record = th_turn_record_new (user);
  g_autoptr (ThSession) session = NULL;
  ThAddress peer = address (200 + i % 30, i, 5000);
  guint partner = i % 4 < 2 ? i ^ 1 : i;

  record->transport = i % 3 == 0 ? TH_TRANSPORT_TCP : TH_TRANSPORT_UDP;
  record->client = address (i % 40, i, (guint16) (40000 + i % 20000));
  th_address_parse (&record->relayed[0], "203.0.113.1", (guint16) (49152 + i % 16000));
  record->started_at = g_get_real_time () / G_USEC_PER_SEC;
  session = th_session_new (record);
  if (partner != i)
    th_address_parse (&peer, "203.0.113.1", (guint16) (49152 + partner % 16000));
  th_session_add_peer (session, &peer, 0x4000);
  th_session_list_add (self->list, session);
  g_ptr_array_add (self->records, record);
}

static void
refresh_session (gpointer session, gpointer now)
{
  th_session_refresh (session, *(gint64 *) now);
}

/* What a relay does meanwhile. */
static void
on_refresh (gpointer data)
{
  Bench *self = data;
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < (guint) churn; i++)
    {
      ThTurnRecord *oldest = self->records->pdata[0];
      th_session_list_remove (self->list, oldest->id);
      g_ptr_array_remove_index (self->records, 0);
      add_session (self);
    }
  for (guint i = 0; i < self->records->len; i++)
    {
      ThTurnRecord *record = self->records->pdata[i];
      th_counter_add (&record->bytes_up, (guint64) g_random_int_range (0, 100000));
      th_counter_add (&record->bytes_down, (guint64) g_random_int_range (0, 100000));
    }
  th_session_list_foreach (self->list, refresh_session, &now);
}

static gboolean
on_timer_end (gpointer data)
{
  g_main_loop_quit (((Bench *) data)->loop);
  return G_SOURCE_REMOVE;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double difference = *(const double *) a - *(const double *) b;
  return difference < 0 ? -1 : difference > 0;
}

static double
percentile (const double *sorted, guint n, double part)
{
  return sorted[(guint) ((n - 1) * part)];
}

/* @offset: of the time within FrameTimes */
static void
print_times (GArray *frames, const char *what, gsize offset)
{
  guint n = frames->len;
  g_autofree double *times = g_new (double, n);
  for (guint i = 0; i < n; i++)
    times[i] = G_STRUCT_MEMBER (double, &g_array_index (frames, FrameTimes, i), offset);
  qsort (times, n, sizeof *times, compare);
  printf (", \"%s\": {\"median\": %.2f, \"p99\": %.2f, \"max\": %.2f}", what,
          percentile (times, n, 0.5), percentile (times, n, 0.99), times[n - 1]);
}

static void
print_results (GArray *frames, GtkWidget *window)
{
  if (frames->len == 0)
    g_error ("No frame was drawn");
  printf ("{\"view\": \"%s\", \"sessions\": %d, \"renderer\": \"%s\", \"frames\": %u", view,
          n_sessions, G_OBJECT_TYPE_NAME (gtk_native_get_renderer (GTK_NATIVE (window))),
          frames->len);
  print_times (frames, "clock", G_STRUCT_OFFSET (FrameTimes, clock));
  print_times (frames, "processor", G_STRUCT_OFFSET (FrameTimes, processor));
  print_times (frames, "before", G_STRUCT_OFFSET (FrameTimes, before));
  print_times (frames, "layout", G_STRUCT_OFFSET (FrameTimes, layout));
  print_times (frames, "render", G_STRUCT_OFFSET (FrameTimes, render));
  printf ("}\n");
}

/* What an application has by itself. */
static void
load_style (void)
{
  GdkDisplay *display = gdk_display_get_default ();
  GtkCssProvider *style = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (style, "/io/github/turnhouse/Turnhouse/style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (style),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_unref (style);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display),
                                    "/io/github/turnhouse/Turnhouse/icons");
}

static GtkWidget *
find_child (GtkWidget *widget, GType type)
{
  GtkWidget *found = g_type_is_a (G_OBJECT_TYPE (widget), type) ? widget : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_child (child, type);
  return found;
}

static GtkWidget *
new_table (ThConnections *connections)
{
  GtkWidget *table = g_object_new (TH_TYPE_SESSION_TABLE, NULL);
  th_session_table_set_connections (TH_SESSION_TABLE (table), connections);
  if (sorted_by >= 0)
    {
      GtkColumnView *columns = GTK_COLUMN_VIEW (find_child (table, GTK_TYPE_COLUMN_VIEW));
      g_autoptr (GtkColumnViewColumn) column =
          g_list_model_get_item (gtk_column_view_get_columns (columns), (guint) sorted_by);
      gtk_column_view_sort_by_column (columns, column, GTK_SORT_DESCENDING);
    }
  return table;
}

static GtkWidget *
new_graph (ThConnections *connections)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *graph = g_object_new (TH_TYPE_GRAPH_VIEW, NULL);
  th_graph_view_set_connections (TH_GRAPH_VIEW (graph), connections);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), graph);
  return scrolled;
}

static gboolean
on_scroll_due (GtkWidget *window, GdkFrameClock *clock, gpointer data)
{
  static double step = SCROLL_STEP;
  GtkWidget *scrolled = find_child (window, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *place = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  double before = gtk_adjustment_get_value (place);

  gtk_adjustment_set_value (place, before + step);
  if (gtk_adjustment_get_value (place) == before)
    step = -step;
  return G_SOURCE_CONTINUE;
}

static void
measure (Bench *self, FrameMeter *meter, GtkWidget *window)
{
  gtk_window_present (GTK_WINDOW (window));
  if (scrolls)
    gtk_widget_add_tick_callback (window, on_scroll_due, NULL, NULL);
  g_timeout_add_seconds (SETTLE_SECONDS, on_timer_end, self);
  g_main_loop_run (self->loop);
  frame_meter_start (meter, gtk_widget_get_frame_clock (window));
  g_timeout_add_seconds ((guint) MAX (seconds, 1), on_timer_end, self);
  g_main_loop_run (self->loop);
  frame_meter_stop (meter);
}

static void
read_options (int *argc, char ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      exit (2);
    }
  if (!view)
    view = g_strdup ("graph");
}

int
main (int argc, char **argv)
{
  Bench bench = { 0 };
  FrameMeter *meter;
  g_autoptr (ThConnections) connections = NULL;
  GtkWidget *window;

  read_options (&argc, &argv);
  adw_init ();
  load_style ();
  meter = frame_meter_new ();
  bench.list = th_session_list_new ();
  bench.records = g_ptr_array_new_with_free_func ((GDestroyNotify) th_turn_record_unref);
  bench.loop = g_main_loop_new (NULL, FALSE);
  for (int i = 0; i < n_sessions; i++)
    add_session (&bench);
  connections = th_connections_new (G_LIST_MODEL (bench.list), on_refresh, &bench);
  window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 960, 680);
  adw_window_set_content (ADW_WINDOW (window), g_str_equal (view, "table")
                                                   ? new_table (connections)
                                                   : new_graph (connections));
  th_connections_set_active (connections, TRUE);
  measure (&bench, meter, window);
  print_results (frame_meter_get_frames (meter), window);

  th_connections_set_active (connections, FALSE);
  gtk_window_destroy (GTK_WINDOW (window));
  frame_meter_free (meter);
  g_main_loop_unref (bench.loop);
  g_ptr_array_unref (bench.records);
  g_object_unref (bench.list);
  return 0;
}
