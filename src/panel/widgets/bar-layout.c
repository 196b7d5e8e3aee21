/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThBarLayout: the last child stands at the end of the first line, whoever else is in it.
 */
#include "panel/widgets/bar-layout.h"

struct _ThBarLayout {
  GtkLayoutManager parent_instance;
  guint spacing;
};

G_DEFINE_FINAL_TYPE (ThBarLayout, th_bar_layout, GTK_TYPE_LAYOUT_MANAGER)

enum {
  PROP_0,
  PROP_SPACING,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

typedef struct {
  GtkWidget *widget; /* nullable: there is none to be seen */
  int minimum, natural;
} Part;

typedef struct {
  Part first, middle, last;
  int gap; /* before the middle; 0 where there is none */
  int spacing;
} Bar;

static Part
measure_part (GtkWidget *child)
{
  Part part = { .widget = child && gtk_widget_should_layout (child) ? child : NULL };

  if (part.widget)
    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &part.minimum, &part.natural, NULL,
                        NULL);
  return part;
}

static Bar
measure_bar (ThBarLayout *self, GtkWidget *widget)
{
  GtkWidget *first = gtk_widget_get_first_child (widget);
  GtkWidget *middle = gtk_widget_get_next_sibling (first);
  Bar bar = {
    .first = measure_part (first),
    .middle = measure_part (middle),
    .last = measure_part (gtk_widget_get_next_sibling (middle)),
    .spacing = (int) self->spacing,
  };

  bar.gap = bar.middle.widget ? bar.spacing : 0;
  return bar;
}

static gboolean
fits_in_one_line (const Bar *bar, int width)
{
  return width < 0 || bar->first.natural + bar->gap + bar->middle.natural + bar->spacing +
                              bar->last.natural <=
                          width;
}

static int
height_of (const Part *part, int width)
{
  int height = 0;

  if (part->widget)
    gtk_widget_measure (part->widget, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  return height;
}

/* Of the first child, where the middle one is below. */
static int
first_width (const Bar *bar, int width)
{
  return MIN (bar->first.natural, width - bar->spacing - bar->last.natural);
}

static int
height_of_ends (const Bar *bar, int first)
{
  return MAX (height_of (&bar->first, first), height_of (&bar->last, bar->last.natural));
}

static void
place (const Part *part, GtkWidget *bar, int x, int y, int width, int height)
{
  gboolean mirrored = gtk_widget_get_direction (bar) == GTK_TEXT_DIR_RTL;

  if (mirrored)
    x = gtk_widget_get_width (bar) - x - width;
  if (part->widget)
    gtk_widget_size_allocate (part->widget, &(GtkAllocation){ x, y, width, height }, -1);
}

static GtkSizeRequestMode
th_bar_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
th_bar_layout_measure (GtkLayoutManager *manager,
                       GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  Bar bar = measure_bar (TH_BAR_LAYOUT (manager), widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (bar.first.minimum + bar.spacing + bar.last.natural, bar.middle.minimum);
      *natural = bar.first.natural + bar.gap + bar.middle.natural + bar.spacing + bar.last.natural;
    }
  else if (fits_in_one_line (&bar, for_size))
    *minimum = *natural = MAX (height_of_ends (&bar, bar.first.natural),
                               height_of (&bar.middle, bar.middle.natural));
  else
    *minimum = *natural = height_of_ends (&bar, first_width (&bar, for_size)) + bar.gap +
                          height_of (&bar.middle, for_size);
}

static void
th_bar_layout_allocate (GtkLayoutManager *manager,
                        GtkWidget *widget,
                        int width,
                        int height,
                        int baseline)
{
  Bar bar = measure_bar (TH_BAR_LAYOUT (manager), widget);
  gboolean one_line = fits_in_one_line (&bar, width);
  int first = one_line ? bar.first.natural : first_width (&bar, width);
  int line = one_line ? height : height_of_ends (&bar, first);

  place (&bar.first, widget, 0, 0, first, line);
  place (&bar.last, widget, width - bar.last.natural, 0, bar.last.natural, line);
  if (one_line)
    place (&bar.middle, widget, first + bar.gap, 0, bar.middle.natural, line);
  else
    place (&bar.middle, widget, 0, line + bar.gap, width, height - line - bar.gap);
}

static void
th_bar_layout_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SPACING)
    g_value_set_uint (value, TH_BAR_LAYOUT (object)->spacing);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
th_bar_layout_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SPACING)
    TH_BAR_LAYOUT (object)->spacing = g_value_get_uint (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (object));
}

static void
th_bar_layout_class_init (ThBarLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->get_property = th_bar_layout_get_property;
  object_class->set_property = th_bar_layout_set_property;
  layout_class->get_request_mode = th_bar_layout_get_request_mode;
  layout_class->measure = th_bar_layout_measure;
  layout_class->allocate = th_bar_layout_allocate;
  properties[PROP_SPACING] = g_param_spec_uint ("spacing", NULL, NULL, 0, 100, 0,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_bar_layout_init (ThBarLayout *self)
{
}
