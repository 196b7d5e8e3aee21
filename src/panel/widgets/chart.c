/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThChart: grid and text are snapshot nodes, the lines one cairo node. A chart without traffic
 * looks the same at every sample and is then not drawn again.
 */
#include "panel/widgets/chart.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "panel/format.h"
#include "panel/widgets/axis.h"
#include "panel/widgets/chart-text.h"

#define MAX_LINES 4
/* About as many points as a line has when it shows all samples of a minute, up to 180. */
#define MAX_POINTS 180
#define GAP 6

typedef struct {
  ThSeries *series;
  ThSeries *shown; /* the same, or while paused what it was then */
  char *label;
  char *color_name;
} Line;

struct _ThChart {
  GtkWidget parent_instance;

  Line lines[MAX_LINES];
  guint n_lines;
  guint span;    /* seconds */
  gint64 from, to; /* where it stands still; else both 0 */
  double cursor; /* 0 to 1; negative: none */
  const ThChartUnit *unit;
  gboolean paused;
  gboolean flat; /* what was drawn last had nothing but zero in it */
  char *description;
};

G_DEFINE_FINAL_TYPE (ThChart, th_chart, GTK_TYPE_WIDGET)

/* What one drawing needs, worked out once. */
typedef struct {
  GArray *points[MAX_LINES];
  double top; /* the value of the highest grid line */
  gint64 now;
  graphene_rect_t plot;
  GdkRGBA text_color, grid_color;
} Frame;

static gboolean
stands_still (ThChart *self)
{
  return self->to > self->from;
}

static gint64
span_time (ThChart *self)
{
  return stands_still (self) ? self->to - self->from : (gint64) self->span * G_USEC_PER_SEC;
}

/* The right edge: the time of the newest sample, or where a chart ends that stands still. */
static gint64
newest_time (ThChart *self)
{
  gint64 newest = 0;
  if (stands_still (self))
    return self->to;
  for (guint i = 0; i < self->n_lines; i++)
    {
      ThSeriesPoint point;
      if (th_series_get_last (self->lines[i].shown, &point))
        newest = MAX (newest, point.time);
    }
  return newest;
}

static GArray *
visible_points (ThChart *self, guint line, gint64 now)
{
  gint64 step = self->span > MAX_POINTS ? span_time (self) / MAX_POINTS : 0;
  return th_series_get_points (self->lines[line].shown, now - span_time (self), step);
}

static double
highest_value (GArray *points)
{
  double highest = 0;
  for (guint i = 0; i < points->len; i++)
    highest = MAX (highest, g_array_index (points, ThSeriesPoint, i).value);
  return highest;
}

/* Round in the unit that is shown */
static double
step_for (ThChart *self, double highest)
{
  double one = self->unit->one;
  return one * th_axis_step (highest / one, TH_CHART_GRID_LINES, self->unit->smallest_step / one);
}

/* As much room as the widest label of the axis can need, so that the plot never changes width. */
static void
label_size (ThChart *self, int *width, int *height)
{
  g_autofree char *widest = self->unit->format_widest ();
  g_autoptr (PangoLayout) layout = th_chart_text_layout (GTK_WIDGET (self), widest);
  pango_layout_get_pixel_size (layout, width, height);
}

static void
frame_init (ThChart *self, Frame *frame)
{
  gboolean contrast = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
  double highest = 0;

  frame->now = newest_time (self);
  for (guint i = 0; i < self->n_lines; i++)
    {
      frame->points[i] = visible_points (self, i, frame->now);
      highest = MAX (highest, highest_value (frame->points[i]));
    }
  self->flat = highest <= 0;
  frame->top = TH_CHART_GRID_LINES * step_for (self, highest);
  frame->plot = th_chart_get_plot_area (self);

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)),
                               &frame->text_color);
  frame->grid_color = frame->text_color;
  frame->text_color.alpha *= contrast ? 0.9 : 0.6;
  frame->grid_color.alpha *= contrast ? 0.3 : 0.1;
}

static void
frame_clear (ThChart *self, Frame *frame)
{
  for (guint i = 0; i < self->n_lines; i++)
    g_array_unref (frame->points[i]);
}

static double
x_at (ThChart *self, const Frame *frame, gint64 time)
{
  double share = 1 - (double) (frame->now - time) / span_time (self);
  return frame->plot.origin.x + share * frame->plot.size.width;
}

static double
y_at (const Frame *frame, double value)
{
  return frame->plot.origin.y + (1 - value / frame->top) * frame->plot.size.height;
}

static void
draw_grid (ThChart *self, GtkSnapshot *snapshot, const Frame *frame)
{
  for (guint i = 0; i <= TH_CHART_GRID_LINES; i++)
    {
      double value = frame->top * i / TH_CHART_GRID_LINES;
      double y = round (y_at (frame, value));
      gtk_snapshot_append_color (snapshot, &frame->grid_color,
                                 &GRAPHENE_RECT_INIT (frame->plot.origin.x, y,
                                                      frame->plot.size.width, 1));
      if (i == 0)
        continue;

      g_autofree char *text = self->unit->format_round (value);
      g_autoptr (PangoLayout) layout = th_chart_text_layout (GTK_WIDGET (self), text);
      int width, height;
      pango_layout_get_pixel_size (layout, &width, &height);
      th_chart_text_draw (snapshot, layout, gtk_widget_get_width (GTK_WIDGET (self)) - width,
                 y - height / 2.0, &frame->text_color);
    }
}

/* A moment: the time of day, or how long after the start of a chart that stands still. */
static char *
time_text (ThChart *self, gint64 time)
{
  if (!stands_still (self))
    return th_chart_text_clock (time);
  /* Translators: seconds since the test began: "0.03 s" */
  return g_strdup_printf (_("%.2f s"), (time - self->from) / (double) G_USEC_PER_SEC);
}

/* Where the time axis begins and ends: "5 minutes ago" and "now"; otherwise moments. */
static void
draw_time_labels (ThChart *self, GtkSnapshot *snapshot, const Frame *frame)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean follows = !stands_still (self) && !self->paused;
  g_autofree char *start = follows ? th_format_ago (self->span)
                                   : time_text (self, frame->now - span_time (self));
  /* Translators: the right end of a chart's time axis */
  g_autofree char *end = follows ? g_strdup (_("now")) : time_text (self, frame->now);
  g_autoptr (PangoLayout) left = th_chart_text_layout (widget, start);
  g_autoptr (PangoLayout) right = th_chart_text_layout (widget, end);
  double y = frame->plot.origin.y + frame->plot.size.height + GAP;
  int width;

  th_chart_text_draw (snapshot, left, frame->plot.origin.x, y, &frame->text_color);
  pango_layout_get_pixel_size (right, &width, NULL);
  th_chart_text_draw (snapshot, right, frame->plot.origin.x + frame->plot.size.width - width, y,
                      &frame->text_color);
}

static void
draw_line (ThChart *self, cairo_t *cr, const Frame *frame, guint line)
{
  GArray *points = frame->points[line];
  if (points->len < 2)
    return;

  double base = y_at (frame, 0);
  GdkRGBA color = th_chart_text_color (GTK_WIDGET (self), self->lines[line].color_name);
  for (guint i = 0; i < points->len; i++)
    {
      const ThSeriesPoint *point = &g_array_index (points, ThSeriesPoint, i);
      cairo_line_to (cr, x_at (self, frame, point->time), y_at (frame, point->value));
    }
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_stroke_preserve (cr);

  cairo_line_to (cr,
                 x_at (self, frame, g_array_index (points, ThSeriesPoint, points->len - 1).time),
                 base);
  cairo_line_to (cr, x_at (self, frame, g_array_index (points, ThSeriesPoint, 0).time), base);
  cairo_close_path (cr);
  color.alpha *= 0.16;
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_fill (cr);
}

static void
draw_lines (ThChart *self, GtkSnapshot *snapshot, const Frame *frame)
{
  graphene_rect_t area = frame->plot;
  graphene_rect_inset (&area, 0, -2); /* half a line's width at zero and at the top */
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &area);
  gboolean contrast = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());

  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < self->n_lines; i++)
    {
      /* Through a relay often goes the same both ways: a thin line on a wide one shows both. */
      cairo_set_line_width (cr, i == 0 ? 3 : 1.5);
      /* Where colours may not tell the lines apart, dashes do. */
      if (contrast && i > 0)
        cairo_set_dash (cr, (const double[]){ 6, 4 }, 2, 0);
      draw_line (self, cr, frame, i);
    }
  cairo_destroy (cr);
}

/* The value of that line at @time, as it is drawn. */
static double
value_at (ThChart *self, guint line, gint64 time)
{
  g_autoptr (GArray) points = visible_points (self, line, newest_time (self));
  ThSeriesPoint nearest = { 0 };
  for (guint i = 0; i < points->len; i++)
    {
      ThSeriesPoint point = g_array_index (points, ThSeriesPoint, i);
      if (i == 0 || ABS (point.time - time) <= ABS (nearest.time - time))
        nearest = point;
    }
  return nearest.value;
}

static void
append_value (ThChart *self, GString *text, const char *label, double value)
{
  g_autofree char *shown = self->unit->format (value);
  g_string_append_printf (text, "%s%s %s", text->len > 0 ? "\n" : "", shown, label);
}

/* "14:02:11", then a line of text for each line of the chart. */
static char *
cursor_text (ThChart *self, gint64 time)
{
  g_autofree char *moment = time_text (self, time);
  GString *text = g_string_new (moment);
  for (guint i = 0; i < self->n_lines; i++)
    append_value (self, text, self->lines[i].label, value_at (self, i, time));
  return g_string_free (text, FALSE);
}

/* The newest values, a line of text for each line of the chart. */
static char *
present_text (ThChart *self)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < self->n_lines; i++)
    {
      ThSeriesPoint point = { 0 };
      th_series_get_last (self->lines[i].shown, &point);
      append_value (self, text, self->lines[i].label, point.value);
    }
  return g_string_free (text, FALSE);
}

/* The moment the cursor stands at; where nothing was measured yet, the first that was. */
static gint64
cursor_time (ThChart *self, gint64 now)
{
  gint64 time = now - (1 - self->cursor) * span_time (self);
  g_autoptr (GArray) points = visible_points (self, 0, now);
  return points->len > 0 ? MAX (time, g_array_index (points, ThSeriesPoint, 0).time) : time;
}

static void
draw_cursor (ThChart *self, GtkSnapshot *snapshot, const Frame *frame)
{
  double x = round (x_at (self, frame, cursor_time (self, frame->now)));
  gtk_snapshot_append_color (snapshot, &frame->text_color,
                             &GRAPHENE_RECT_INIT (x, frame->plot.origin.y, 1,
                                                  frame->plot.size.height));
  g_autofree char *text = cursor_text (self, cursor_time (self, frame->now));
  th_chart_text_draw_box (GTK_WIDGET (self), snapshot, text, x, &frame->plot);
}

/* Says the present values, or those at the cursor, to who cannot see them. */
static void
update_description (ThChart *self)
{
  g_autofree char *text = self->cursor >= 0
                              ? cursor_text (self, cursor_time (self, newest_time (self)))
                              : present_text (self);
  if (g_strcmp0 (text, self->description) == 0)
    return;
  g_free (self->description);
  self->description = g_steal_pointer (&text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  self->description, -1);
}

static void
on_series_changed (ThSeries *series, ThChart *self)
{
  ThSeriesPoint point;
  if (self->paused)
    return;
  update_description (self);
  if (self->flat && !stands_still (self) && self->cursor < 0 &&
      th_series_get_last (series, &point) && point.value <= 0)
    return;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_pointer_motion (GtkEventControllerMotion *controller, double x, double y, ThChart *self)
{
  graphene_rect_t plot = th_chart_get_plot_area (self);
  double position = (x - plot.origin.x) / MAX (plot.size.width, 1);
  th_chart_set_cursor (self, position <= 1 ? position : -1);
}

static void
on_pointer_leave (GtkEventControllerMotion *controller, ThChart *self)
{
  th_chart_set_cursor (self, -1);
}

static void
on_focus_leave (GtkEventControllerFocus *controller, ThChart *self)
{
  th_chart_set_cursor (self, -1);
}

/* From one point of the lines to the next. */
static double
key_step (ThChart *self)
{
  return 1.0 / MIN (self->span, MAX_POINTS);
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                ThChart *self)
{
  double position = self->cursor >= 0 ? self->cursor : 1;
  switch (keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      th_chart_set_cursor (self, MAX (position - key_step (self), 0));
      return TRUE;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      th_chart_set_cursor (self, MIN (position + key_step (self), 1));
      return TRUE;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      th_chart_set_cursor (self, 0);
      return TRUE;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      th_chart_set_cursor (self, 1);
      return TRUE;
    case GDK_KEY_Escape:
      if (self->cursor < 0)
        return FALSE;
      th_chart_set_cursor (self, -1);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
th_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ThChart *self = TH_CHART (widget);
  Frame frame;
  frame_init (self, &frame);
  if (frame.plot.size.width > 0 && frame.plot.size.height > 0)
    {
      draw_grid (self, snapshot, &frame);
      draw_time_labels (self, snapshot, &frame);
      if (!self->flat || stands_still (self))
        draw_lines (self, snapshot, &frame);
      if (self->cursor >= 0 && frame.now > 0)
        draw_cursor (self, snapshot, &frame);
    }
  frame_clear (self, &frame);
}

static void
th_chart_measure (GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline,
                  int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : 120;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 180;
}

static void
th_chart_dispose (GObject *object)
{
  ThChart *self = TH_CHART (object);
  for (guint i = 0; i < self->n_lines; i++)
    {
      g_signal_handlers_disconnect_by_data (self->lines[i].series, self);
      g_clear_object (&self->lines[i].series);
      g_clear_object (&self->lines[i].shown);
      g_clear_pointer (&self->lines[i].label, g_free);
      g_clear_pointer (&self->lines[i].color_name, g_free);
    }
  self->n_lines = 0;
  g_clear_pointer (&self->description, g_free);
  G_OBJECT_CLASS (th_chart_parent_class)->dispose (object);
}

static void
th_chart_class_init (ThChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_chart_dispose;
  widget_class->snapshot = th_chart_snapshot;
  widget_class->measure = th_chart_measure;
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
th_chart_init (ThChart *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  self->span = 60;
  self->unit = &th_chart_bits;
  self->cursor = -1;
  gtk_widget_set_focusable (widget, TRUE);

  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect (motion, "motion", G_CALLBACK (on_pointer_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_pointer_leave), self);
  gtk_widget_add_controller (widget, motion);

  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key_pressed), self);
  gtk_widget_add_controller (widget, key);

  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_signal_connect (focus, "leave", G_CALLBACK (on_focus_leave), self);
  gtk_widget_add_controller (widget, focus);
}

GtkWidget *
th_chart_new (void)
{
  return g_object_new (TH_TYPE_CHART, NULL);
}

void
th_chart_add_line (ThChart *self, ThSeries *series, const char *label, const char *color_name)
{
  g_return_if_fail (TH_IS_CHART (self) && self->n_lines < MAX_LINES);
  self->lines[self->n_lines++] = (Line){
    .series = g_object_ref (series),
    .shown = g_object_ref (series),
    .label = g_strdup (label),
    .color_name = g_strdup (color_name),
  };
  g_signal_connect (series, "changed", G_CALLBACK (on_series_changed), self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
th_chart_set_span (ThChart *self, guint seconds)
{
  g_return_if_fail (TH_IS_CHART (self) && seconds > 0);
  self->span = seconds;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
th_chart_set_unit (ThChart *self, const ThChartUnit *unit)
{
  g_return_if_fail (TH_IS_CHART (self) && unit);
  self->unit = unit;
  update_description (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
th_chart_set_range (ThChart *self, gint64 from, gint64 to)
{
  g_return_if_fail (TH_IS_CHART (self) && to > from);
  self->from = from;
  self->to = to;
  update_description (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
th_chart_set_paused (ThChart *self, gboolean paused)
{
  g_return_if_fail (TH_IS_CHART (self));
  if (paused == self->paused)
    return;
  self->paused = paused;
  for (guint i = 0; i < self->n_lines; i++)
    {
      Line *line = &self->lines[i];
      g_object_unref (line->shown);
      line->shown = paused ? th_series_copy (line->series) : g_object_ref (line->series);
    }
  update_description (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

char *
th_chart_dup_axis_label (ThChart *self, guint line)
{
  gint64 now = newest_time (self);
  double highest = 0;
  for (guint i = 0; i < self->n_lines; i++)
    {
      g_autoptr (GArray) points = visible_points (self, i, now);
      highest = MAX (highest, highest_value (points));
    }
  return self->unit->format_round (line * step_for (self, highest));
}

graphene_rect_t
th_chart_get_plot_area (ThChart *self)
{
  int label_width, label_height;
  label_size (self, &label_width, &label_height);
  float top = ceil (label_height / 2.0);
  float width = gtk_widget_get_width (GTK_WIDGET (self)) - label_width - 2 * GAP;
  float height = gtk_widget_get_height (GTK_WIDGET (self)) - top - label_height - GAP;
  return GRAPHENE_RECT_INIT (0, top, MAX (width, 0), MAX (height, 0));
}

void
th_chart_set_cursor (ThChart *self, double position)
{
  g_return_if_fail (TH_IS_CHART (self));
  if (self->cursor < 0 && position < 0)
    return;
  self->cursor = position;
  update_description (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
