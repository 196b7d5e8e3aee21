/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long frames of the Connections page's two views take with many sessions that come, go and
 * talk: bench-connections graph|table [SESSIONS [SECONDS [CHURN]]], where CHURN sessions end and
 * start at each update (5). Prints median and 99th percentile of
 * what a frame takes from beginning to end, by the clock, and of the processor time in it that is
 * the main thread's: what other programs take meanwhile, and threads of a software GL, is not in
 * that. GSK_RENDERER chooses the renderer.
 */
#include <adwaita.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "panel/widgets/graph-view.h"
#include "panel/widgets/session-table.h"
#include "relay/session-list.h"
#include "relay/session-private.h"

#define USERS 50

typedef struct {
  ThSessionList *list;
  GPtrArray *records;
  guint next;
  guint churn;
  GArray *frames[2]; /* of double: milliseconds by the clock, and of the processor */
  double begun[2];
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

  for (guint i = 0; i < self->churn; i++)
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

static double
milliseconds_of (clockid_t clock)
{
  struct timespec time;
  clock_gettime (clock, &time);
  return (double) time.tv_sec * 1e3 + (double) time.tv_nsec / 1e6;
}

static void
on_frame_begun (Bench *self)
{
  self->begun[0] = milliseconds_of (CLOCK_MONOTONIC);
  self->begun[1] = milliseconds_of (CLOCK_THREAD_CPUTIME_ID);
}

static void
on_frame_ended (Bench *self)
{
  double clock = milliseconds_of (CLOCK_MONOTONIC) - self->begun[0];
  double processor = milliseconds_of (CLOCK_THREAD_CPUTIME_ID) - self->begun[1];
  g_array_append_val (self->frames[0], clock);
  g_array_append_val (self->frames[1], processor);
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
percentile (GArray *sorted, double part)
{
  return g_array_index (sorted, double, (guint) ((sorted->len - 1) * part));
}

static void
print_times (const char *what, GArray *times)
{
  g_array_sort (times, compare);
  printf (" %s median %.2f ms, p99 %.2f ms, max %.2f ms;", what, percentile (times, 0.5),
          percentile (times, 0.99), percentile (times, 1));
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
new_view (const char *name, ThConnections *connections)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *view;
  if (g_str_equal (name, "table"))
    {
      view = g_object_new (TH_TYPE_SESSION_TABLE, NULL);
      th_session_table_set_connections (TH_SESSION_TABLE (view), connections);
      return view;
    }
  view = g_object_new (TH_TYPE_GRAPH_VIEW, NULL);
  th_graph_view_set_connections (TH_GRAPH_VIEW (view), connections);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  return scrolled;
}

static void
measure (Bench *self, const char *name, guint seconds, GtkWidget *window)
{
  GdkFrameClock *clock;
  gtk_window_present (GTK_WINDOW (window));
  clock = gtk_widget_get_frame_clock (window);
  g_timeout_add_seconds (2, on_timer_end, self); /* until all is there */
  g_main_loop_run (self->loop);
  g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (on_frame_begun), self);
  g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (on_frame_ended), self);
  g_timeout_add_seconds (seconds, on_timer_end, self);
  g_main_loop_run (self->loop);
  g_signal_handlers_disconnect_by_data (clock, self);

  if (self->frames[0]->len == 0)
    g_error ("No frame was drawn");
  printf ("%s, %u sessions, %s: %u frames,", name, self->records->len,
          G_OBJECT_TYPE_NAME (gtk_native_get_renderer (GTK_NATIVE (window))),
          self->frames[0]->len);
  print_times ("clock", self->frames[0]);
  print_times ("processor", self->frames[1]);
  printf ("\n");
}

int
main (int argc, char **argv)
{
  const char *name = argc > 1 ? argv[1] : "graph";
  guint n = argc > 2 ? (guint) atoi (argv[2]) : 1000;
  guint seconds = argc > 3 ? (guint) atoi (argv[3]) : 10;
  Bench bench = { .churn = argc > 4 ? (guint) atoi (argv[4]) : 5 };
  g_autoptr (ThConnections) connections = NULL;
  GtkWidget *window;

  adw_init ();
  load_style ();
  bench.list = th_session_list_new ();
  bench.records = g_ptr_array_new_with_free_func ((GDestroyNotify) th_turn_record_unref);
  for (guint i = 0; i < G_N_ELEMENTS (bench.frames); i++)
    bench.frames[i] = g_array_new (FALSE, FALSE, sizeof (double));
  bench.loop = g_main_loop_new (NULL, FALSE);
  for (guint i = 0; i < n; i++)
    add_session (&bench);
  connections = th_connections_new (G_LIST_MODEL (bench.list), on_refresh, &bench);
  window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 960, 680);
  adw_window_set_content (ADW_WINDOW (window), new_view (name, connections));
  th_connections_set_active (connections, TRUE);
  measure (&bench, name, MAX (seconds, 1), window);

  th_connections_set_active (connections, FALSE);
  gtk_window_destroy (GTK_WINDOW (window));
  g_main_loop_unref (bench.loop);
  g_array_unref (bench.frames[0]);
  g_array_unref (bench.frames[1]);
  g_ptr_array_unref (bench.records);
  g_object_unref (bench.list);
  return 0;
}
