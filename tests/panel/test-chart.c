/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of the chart: what is drawn is rendered and looked at, pixel by pixel.
 */
#include <adwaita.h>

#include "panel/widgets/chart.h"

#define SECOND             ((gint64) G_USEC_PER_SEC)
#define NOW                (10000 * SECOND)
#define WIDTH              600
#define HEIGHT             200
#define RATE(number, unit) number "\u00a0" unit "/\u2060s"

typedef struct {
  GtkWindow *window;
  ThChart *chart;
  ThSeries *to_peers, *to_clients;
} Fixture;

typedef struct {
  guchar *data;
  int width, height;
} Picture;

typedef enum {
  NOTHING,
  RED,
  BLUE
} Ink;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->window = GTK_WINDOW (gtk_window_new ());
  fixture->chart = TH_CHART (th_chart_new ());
  fixture->to_peers = th_series_new (4000);
  fixture->to_clients = th_series_new (4000);
  th_chart_add_line (fixture->chart, fixture->to_peers, "to peers", "test_red");
  th_chart_add_line (fixture->chart, fixture->to_clients, "to clients", "test_blue");
  gtk_widget_set_size_request (GTK_WIDGET (fixture->chart), WIDTH, HEIGHT);
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->chart));
  gtk_window_present (fixture->window);
  while (gtk_widget_get_width (GTK_WIDGET (fixture->chart)) == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (fixture->window);
  g_object_unref (fixture->to_peers);
  g_object_unref (fixture->to_clients);
}

/* Two level lines over the @seconds before @end. */
static void
fill (Fixture *fixture, gint64 end, guint seconds, double to_peers, double to_clients)
{
  for (guint i = 0; i <= seconds; i++)
    {
      gint64 time = end - (gint64) (seconds - i) * SECOND;
      th_series_add (fixture->to_peers, time, to_peers);
      th_series_add (fixture->to_clients, time, to_clients);
    }
}

static Picture
render (Fixture *fixture)
{
  GtkWidget *widget = GTK_WIDGET (fixture->chart);
  Picture picture = { NULL, gtk_widget_get_width (widget), gtk_widget_get_height (widget) };
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GTK_WIDGET_GET_CLASS (widget)->snapshot (widget, snapshot);
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (snapshot);
  g_autoptr (GdkTexture) texture =
      gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (fixture->window)), node,
                                   &GRAPHENE_RECT_INIT (0, 0, picture.width, picture.height));
  picture.data = g_malloc0_n (picture.height, picture.width * 4);
  gdk_texture_download (texture, picture.data, picture.width * 4);
  return picture;
}

/* The pixels are premultiplied BGRA on this byte order, ARGB in a word on any. */
static Ink
ink_at (const Picture *picture, int x, int y)
{
  guint32 pixel;
  memcpy (&pixel, picture->data + (y * picture->width + x) * 4, sizeof pixel);
  guint alpha = pixel >> 24, red = pixel >> 16 & 0xff, green = pixel >> 8 & 0xff,
        blue = pixel & 0xff;
  if (alpha > 220 && red > 220 && green < 40 && blue < 60)
    return RED;
  if (alpha > 220 && blue > 200 && green < 40 && red < 60)
    return BLUE;
  return NOTHING;
}

/* Whether the line of that colour crosses the column @x within two pixels of @y. */
static gboolean
line_crosses (const Picture *picture, int x, double y, Ink ink)
{
  for (int dy = -2; dy <= 2; dy++)
    if (ink_at (picture, x, (int) y + dy) == ink)
      return TRUE;
  return FALSE;
}

static guint
count_ink (const Picture *picture, Ink ink)
{
  guint n = 0;
  for (int y = 0; y < picture->height; y++)
    for (int x = 0; x < picture->width; x++)
      n += ink_at (picture, x, y) == ink;
  return n;
}

/* Whether anything at all is drawn in that rectangle. */
static gboolean
has_marks (const Picture *picture, int left, int top, int width, int height)
{
  for (int y = MAX (top, 0); y < MIN (top + height, picture->height); y++)
    for (int x = left; x < MIN (left + width, picture->width); x++)
      if (picture->data[(y * picture->width + x) * 4 + 3] > 60)
        return TRUE;
  return FALSE;
}

static void
test_lines_stand_at_their_values (Fixture *fixture, gconstpointer data)
{
  fill (fixture, NOW, 60, 4.5e6, 1.5e6); /* of 6 Mbit/s */
  Picture picture = render (fixture);
  graphene_rect_t plot = th_chart_get_plot_area (fixture->chart);
  double high = plot.origin.y + plot.size.height * 0.25;
  double low = plot.origin.y + plot.size.height * 0.75;

  for (guint i = 1; i < 10; i++)
    {
      int x = plot.origin.x + plot.size.width * i / 10;
      g_assert_true (line_crosses (&picture, x, high, RED));
      g_assert_true (line_crosses (&picture, x, low, BLUE));
      g_assert_false (line_crosses (&picture, x, high, BLUE));
      g_assert_false (line_crosses (&picture, x, (high + low) / 2, RED));
    }
  g_free (picture.data);
}

static void
test_lines_end_at_now (Fixture *fixture, gconstpointer data)
{
  fill (fixture, NOW, 30, 4.5e6, 1.5e6); /* of a minute */
  Picture picture = render (fixture);
  graphene_rect_t plot = th_chart_get_plot_area (fixture->chart);
  double high = plot.origin.y + plot.size.height * 0.25;

  g_assert_true (line_crosses (&picture, plot.size.width - 3, high, RED));
  g_assert_true (line_crosses (&picture, plot.size.width * 0.52, high, RED));
  g_assert_false (line_crosses (&picture, plot.size.width * 0.48, high, RED));
  g_free (picture.data);
}

static void
test_without_traffic_there_is_no_line (Fixture *fixture, gconstpointer data)
{
  Picture empty = render (fixture);
  fill (fixture, NOW, 60, 0, 0);
  Picture idle = render (fixture);

  g_assert_cmpuint (count_ink (&empty, RED) + count_ink (&empty, BLUE), ==, 0);
  g_assert_cmpuint (count_ink (&idle, RED) + count_ink (&idle, BLUE), ==, 0);
  g_assert_cmpmem (empty.data, empty.height * empty.width * 4, idle.data,
                   idle.height * idle.width * 4);
  g_free (empty.data);
  g_free (idle.data);
}

static void
test_axis_has_round_labels (Fixture *fixture, gconstpointer data)
{
  static const char *const expected[] = { RATE ("2", "Mbit"), RATE ("4", "Mbit"),
                                          RATE ("6", "Mbit") };
  fill (fixture, NOW, 60, 4.5e6, 1.5e6);
  Picture picture = render (fixture);
  graphene_rect_t plot = th_chart_get_plot_area (fixture->chart);
  int right = plot.origin.x + plot.size.width;

  for (guint line = 1; line <= TH_CHART_GRID_LINES; line++)
    {
      g_autofree char *label = th_chart_dup_axis_label (fixture->chart, line);
      int y = plot.origin.y + plot.size.height * (TH_CHART_GRID_LINES - line) / TH_CHART_GRID_LINES;
      g_assert_cmpstr (label, ==, expected[line - 1]);
      g_assert_true (has_marks (&picture, right + 2, y - 5, WIDTH - right, 10));
    }
  g_assert_false (
      has_marks (&picture, right + 2, plot.origin.y + plot.size.height / 6 - 3, WIDTH - right, 6));
  g_assert_true (has_marks (&picture, 0, plot.origin.y + plot.size.height + 4, 60, 30));
  g_free (picture.data);
}

static void
test_span_reaches_back (Fixture *fixture, gconstpointer data)
{
  fill (fixture, NOW - 600 * SECOND, 60, 4.5e6, 1.5e6);
  fill (fixture, NOW, 500, 0, 0);
  Picture minute = render (fixture);
  th_chart_set_span (fixture->chart, 3600);
  Picture hour = render (fixture);

  g_assert_cmpuint (count_ink (&minute, RED), ==, 0);
  g_assert_cmpuint (count_ink (&hour, RED), >, 5);
  g_free (minute.data);
  g_free (hour.data);
}

static void
test_tells_its_values (Fixture *fixture, gconstpointer data)
{
  fill (fixture, NOW, 60, 4.5e6, 1.5e6);
  gtk_test_accessible_assert_role (fixture->chart, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (fixture->chart, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       RATE ("4.5", "Mbit") " to peers\n"
                                       RATE ("1.5", "Mbit") " to clients");
}

static void
test_cursor_tells_the_past (Fixture *fixture, gconstpointer data)
{
  fill (fixture, NOW - 31 * SECOND, 29, 30e6, 0);
  fill (fixture, NOW, 30, 15e6, 5e6);
  Picture before = render (fixture);
  th_chart_set_cursor (fixture->chart, 0.25);
  Picture with = render (fixture);
  graphene_rect_t plot = th_chart_get_plot_area (fixture->chart);

  g_assert_false (has_marks (&before, plot.size.width * 0.25 - 1, plot.origin.y + 4, 3, 6));
  g_assert_true (has_marks (&with, plot.size.width * 0.25 - 1, plot.origin.y + 4, 3, 6));
  char *reason = gtk_test_accessible_check_property (GTK_ACCESSIBLE (fixture->chart),
                                                     GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "");
  g_assert_nonnull (
      strstr (reason, RATE ("30.0", "Mbit") " to peers\n" RATE ("0", "bit") " to clients"));

  th_chart_set_cursor (fixture->chart, -1);
  gtk_test_accessible_assert_property (fixture->chart, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       RATE ("15.0", "Mbit") " to peers\n"
                                       RATE ("5.0", "Mbit") " to clients");
  g_free (reason);
  g_free (before.data);
  g_free (with.data);
}

static void
test_cursor_stays_where_there_are_samples (Fixture *fixture, gconstpointer data)
{
  fill (fixture, NOW, 30, 15e6, 5e6); /* of a minute */
  graphene_rect_t plot = th_chart_get_plot_area (fixture->chart);
  th_chart_set_cursor (fixture->chart, 0.1);
  Picture picture = render (fixture);

  g_assert_false (has_marks (&picture, plot.size.width * 0.1 - 2, plot.origin.y + 4, 5, 6));
  g_assert_true (has_marks (&picture, plot.size.width * 0.5 - 2, plot.origin.y + 4, 5, 6));
  g_free (picture.data);
}

static void
define_colors (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_data (provider,
                                   "@define-color test_red #ff0000;"
                                   "@define-color test_blue #0000ff;",
                                   -1);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
test_a_pause_holds_what_is_drawn (Fixture *fixture, gconstpointer data)
{
  fill (fixture, NOW, 60, 4.5e6, 1.5e6); /* of 6 Mbit/s */
  graphene_rect_t plot = th_chart_get_plot_area (fixture->chart);
  double high = plot.origin.y + plot.size.height * 0.25;
  int middle = plot.origin.x + plot.size.width / 2;

  th_chart_set_paused (fixture->chart, TRUE);
  fill (fixture, NOW + 4000 * SECOND, 3900, 0, 0); /* more than a series holds */
  Picture paused = render (fixture);
  g_assert_true (line_crosses (&paused, middle, high, RED));
  g_free (paused.data);

  th_chart_set_paused (fixture->chart, FALSE);
  Picture present = render (fixture);
  g_assert_false (line_crosses (&present, middle, high, RED));
  g_free (present.data);
}

static void
test_bytes_have_an_axis_of_their_own (Fixture *fixture, gconstpointer data)
{
  fill (fixture, NOW, 60, 4.5e6, 1.5e6); /* 562.5 kB/s */
  th_chart_set_unit (fixture->chart, &th_chart_bytes);
  g_autofree char *top = th_chart_dup_axis_label (fixture->chart, 3);
  g_assert_cmpstr (top, ==, RATE ("600", "kB"));
  Picture picture = render (fixture);
  graphene_rect_t plot = th_chart_get_plot_area (fixture->chart);
  double y = plot.origin.y + plot.size.height * (1 - 562.5 / 600);
  g_assert_true (line_crosses (&picture, plot.origin.x + plot.size.width / 2, y, RED));
  g_free (picture.data);
}

/* A level line from a quarter of the range to its half */
static void
test_a_range_stands_still (Fixture *fixture, gconstpointer data)
{
  th_chart_set_unit (fixture->chart, &th_chart_milliseconds);
  th_chart_set_range (fixture->chart, 0, SECOND);
  th_series_add (fixture->to_peers, SECOND / 4, 0.2); /* of 0.3 ms */
  th_series_add (fixture->to_peers, SECOND / 2, 0.2);
  Picture picture = render (fixture);
  graphene_rect_t plot = th_chart_get_plot_area (fixture->chart);
  double y = plot.origin.y + plot.size.height / 3;
  g_autofree char *top = th_chart_dup_axis_label (fixture->chart, 3);

  g_assert_cmpstr (top, ==, "0.3\u00a0ms");
  g_assert_true (line_crosses (&picture, plot.origin.x + plot.size.width * 0.3, y, RED));
  g_assert_true (line_crosses (&picture, plot.origin.x + plot.size.width * 0.45, y, RED));
  g_assert_false (line_crosses (&picture, plot.origin.x + plot.size.width * 0.2, y, RED));
  g_assert_false (line_crosses (&picture, plot.origin.x + plot.size.width * 0.55, y, RED));
  g_free (picture.data);
}

/* What was measured as nothing is not what was not measured. */
static void
test_a_range_shows_zero (Fixture *fixture, gconstpointer data)
{
  th_chart_set_unit (fixture->chart, &th_chart_percent);
  th_chart_set_range (fixture->chart, 0, SECOND);
  th_series_add (fixture->to_peers, 0, 0);
  th_series_add (fixture->to_peers, SECOND, 0);
  Picture picture = render (fixture);
  graphene_rect_t plot = th_chart_get_plot_area (fixture->chart);

  g_assert_true (line_crosses (&picture, plot.origin.x + plot.size.width / 2,
                               plot.origin.y + plot.size.height, RED));
  g_free (picture.data);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  define_colors ();
#define ADD(name, function)                                                                        \
  g_test_add ("/panel/chart/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("lines-stand-at-their-values", test_lines_stand_at_their_values);
  ADD ("lines-end-at-now", test_lines_end_at_now);
  ADD ("without-traffic-there-is-no-line", test_without_traffic_there_is_no_line);
  ADD ("axis-has-round-labels", test_axis_has_round_labels);
  ADD ("span-reaches-back", test_span_reaches_back);
  ADD ("tells-its-values", test_tells_its_values);
  ADD ("a-pause-holds-what-is-drawn", test_a_pause_holds_what_is_drawn);
  ADD ("bytes-have-an-axis-of-their-own", test_bytes_have_an_axis_of_their_own);
  ADD ("a-range-stands-still", test_a_range_stands_still);
  ADD ("a-range-shows-zero", test_a_range_shows_zero);
  ADD ("cursor-tells-the-past", test_cursor_tells_the_past);
  ADD ("cursor-stays-where-there-are-samples", test_cursor_stays_where_there_are_samples);
  return g_test_run ();
}
