/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThFlowLayout: two children, beside or below one another.
 */
#include "panel/widgets/flow-layout.h"

struct _ThFlowLayout {
  GtkLayoutManager parent_instance;
  guint spacing;
  int line_spacing; /* -1: as between the children */
  guint words_width;
  guint first_width;
  gboolean packed;
  gboolean even;
};

G_DEFINE_FINAL_TYPE (ThFlowLayout, th_flow_layout, GTK_TYPE_LAYOUT_MANAGER)

enum {
  PROP_0,
  PROP_SPACING,
  PROP_LINE_SPACING,
  PROP_WORDS_WIDTH,
  PROP_FIRST_WIDTH,
  PROP_PACKED,
  PROP_EVEN,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

typedef struct {
  GtkWidget *first, *second; /* nullable, where there is none to be seen */
  int first_minimum, first_natural;
  int second_minimum, second_natural;
  int spacing, line_spacing; /* 0 where a child is missing */
} Row;

static GtkWidget *
visible_or_null (GtkWidget *child)
{
  return child && gtk_widget_should_layout (child) ? child : NULL;
}

static void
measure_width (GtkWidget *child, int *minimum, int *natural)
{
  *minimum = *natural = 0;
  if (child)
    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, minimum, natural, NULL, NULL);
}

static Row
row_of (ThFlowLayout *self, GtkWidget *widget)
{
  GtkWidget *first = gtk_widget_get_first_child (widget);
  Row row = {
    .first = visible_or_null (first),
    .second = visible_or_null (first ? gtk_widget_get_next_sibling (first) : NULL),
  };
  measure_width (row.first, &row.first_minimum, &row.first_natural);
  measure_width (row.second, &row.second_minimum, &row.second_natural);
  if (row.first)
    row.first_natural = MAX (row.first_natural, (int) self->first_width);
  row.spacing = row.first && row.second ? self->spacing : 0;
  row.line_spacing = row.spacing > 0 && self->line_spacing >= 0 ? self->line_spacing : row.spacing;
  return row;
}

static gboolean
fits_in_one_line (ThFlowLayout *self, const Row *row, int width)
{
  int words = MAX (row->first_minimum, MIN (row->first_natural, (int) self->words_width));
  words = MAX (words, (int) self->first_width);
  if (self->even)
    return width < 0 ||
           2 * MAX (row->first_natural, row->second_natural) + row->spacing <= width;
  return width < 0 || words + row->spacing + row->second_natural <= width;
}

/* Of the second child, beside the first. */
static int
second_width (ThFlowLayout *self, const Row *row, int width)
{
  gboolean half = self->even && row->first && row->second && width >= 0;
  return half ? (width - row->spacing) / 2 : row->second_natural;
}

static int
height_of (GtkWidget *child, int width)
{
  int height = 0;
  if (child)
    gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  return height;
}

static int
height_for_width (ThFlowLayout *self, const Row *row, int width)
{
  if (!fits_in_one_line (self, row, width))
    return height_of (row->first, width) + row->line_spacing + height_of (row->second, width);
  int second = second_width (self, row, width);
  int rest = width < 0 ? -1 : width - row->spacing - second;
  return MAX (height_of (row->first, rest), height_of (row->second, second));
}

static void
place (GtkWidget *child, int x, int y, int width, int height)
{
  if (child)
    gtk_widget_size_allocate (child, &(GtkAllocation){ x, y, width, height }, -1);
}

static GtkSizeRequestMode
th_flow_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
th_flow_layout_measure (GtkLayoutManager *manager,
                        GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  ThFlowLayout *self = TH_FLOW_LAYOUT (manager);
  Row row = row_of (self, widget);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (row.first_minimum, row.second_minimum);
      *natural = row.first_natural + row.spacing + row.second_natural;
    }
  else
    {
      *minimum = *natural = height_for_width (self, &row, for_size);
    }
}

static void
th_flow_layout_allocate (GtkLayoutManager *manager,
                         GtkWidget *widget,
                         int width,
                         int height,
                         int baseline)
{
  ThFlowLayout *self = TH_FLOW_LAYOUT (manager);
  Row row = row_of (self, widget);
  if (fits_in_one_line (self, &row, width))
    {
      gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
      int second = second_width (self, &row, width);
      int room = width - row.spacing - second;
      int first = self->packed ? MIN (row.first_natural, room) : room;
      int second_x = first + row.spacing;
      place (row.first, mirrored ? width - first : 0, 0, first, height);
      place (row.second, mirrored ? width - second_x - second : second_x, 0, second, height);
      return;
    }
  int first_height = height_of (row.first, width);
  place (row.first, 0, 0, width, first_height);
  place (row.second, 0, first_height + row.line_spacing, width,
         height - first_height - row.line_spacing);
}

static void
th_flow_layout_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThFlowLayout *self = TH_FLOW_LAYOUT (object);
  switch (id)
    {
    case PROP_SPACING:
      g_value_set_uint (value, self->spacing);
      break;
    case PROP_LINE_SPACING:
      g_value_set_int (value, self->line_spacing);
      break;
    case PROP_WORDS_WIDTH:
      g_value_set_uint (value, self->words_width);
      break;
    case PROP_FIRST_WIDTH:
      g_value_set_uint (value, self->first_width);
      break;
    case PROP_PACKED:
      g_value_set_boolean (value, self->packed);
      break;
    case PROP_EVEN:
      g_value_set_boolean (value, self->even);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_flow_layout_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ThFlowLayout *self = TH_FLOW_LAYOUT (object);
  switch (id)
    {
    case PROP_SPACING:
      self->spacing = g_value_get_uint (value);
      break;
    case PROP_LINE_SPACING:
      self->line_spacing = g_value_get_int (value);
      break;
    case PROP_WORDS_WIDTH:
      self->words_width = g_value_get_uint (value);
      break;
    case PROP_FIRST_WIDTH:
      self->first_width = g_value_get_uint (value);
      break;
    case PROP_PACKED:
      self->packed = g_value_get_boolean (value);
      break;
    case PROP_EVEN:
      self->even = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
}

static void
th_flow_layout_class_init (ThFlowLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = th_flow_layout_get_property;
  object_class->set_property = th_flow_layout_set_property;
  layout_class->get_request_mode = th_flow_layout_get_request_mode;
  layout_class->measure = th_flow_layout_measure;
  layout_class->allocate = th_flow_layout_allocate;
  properties[PROP_SPACING] = g_param_spec_uint ("spacing", NULL, NULL, 0, 100, 0, flags);
  properties[PROP_LINE_SPACING] =
      g_param_spec_int ("line-spacing", NULL, NULL, -1, 100, -1, flags);
  properties[PROP_WORDS_WIDTH] = g_param_spec_uint ("words-width", NULL, NULL, 0, 1000, 220, flags);
  properties[PROP_FIRST_WIDTH] = g_param_spec_uint ("first-width", NULL, NULL, 0, 1000, 0, flags);
  properties[PROP_PACKED] = g_param_spec_boolean ("packed", NULL, NULL, FALSE, flags);
  properties[PROP_EVEN] = g_param_spec_boolean ("even", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_flow_layout_init (ThFlowLayout *self)
{
  self->line_spacing = -1;
  self->words_width = 220;
}
