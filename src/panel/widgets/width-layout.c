/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThWidthLayout: what handlers of "notify::narrow" and "notify::low" change is measured again by
 * the allocation that follows, so no frame shows the wrong look.
 */
#include "panel/widgets/width-layout.h"

struct _ThWidthLayout {
  GtkLayoutManager parent_instance;
  guint threshold;
  GtkWidget *wide_child; /* weak; nullable */
  guint beside;
  guint low_threshold;
  gboolean narrow;
  gboolean low;
};

G_DEFINE_FINAL_TYPE (ThWidthLayout, th_width_layout, GTK_TYPE_LAYOUT_MANAGER)

enum {
  PROP_0,
  PROP_THRESHOLD,
  PROP_WIDE_CHILD,
  PROP_BESIDE,
  PROP_NARROW,
  PROP_LOW_THRESHOLD,
  PROP_LOW,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

static GtkSizeRequestMode
th_width_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return gtk_widget_get_request_mode (gtk_widget_get_first_child (widget));
}

/* A child that is wide says what it needs as such; it can do with less, as it becomes narrow. */
static void
th_width_layout_measure (GtkLayoutManager *manager,
                         GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  ThWidthLayout *self = TH_WIDTH_LAYOUT (manager);
  gtk_widget_measure (gtk_widget_get_first_child (widget), orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
  if (orientation == GTK_ORIENTATION_HORIZONTAL ? !self->narrow
                                                : self->low_threshold > 0 && !self->low)
    *minimum = 0;
}

/* From which width on the wide look has all the room it needs */
static int
find_threshold (ThWidthLayout *self)
{
  int minimum = 0;
  if (self->wide_child)
    gtk_widget_measure (self->wide_child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL,
                        NULL);
  return MAX ((int) self->threshold, minimum + (int) self->beside);
}

static void
th_width_layout_allocate (GtkLayoutManager *manager,
                          GtkWidget *widget,
                          int width,
                          int height,
                          int baseline)
{
  ThWidthLayout *self = TH_WIDTH_LAYOUT (manager);
  gboolean narrow = width < find_threshold (self);
  gboolean low = height < (int) self->low_threshold;
  if (narrow != self->narrow)
    {
      self->narrow = narrow;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
    }
  if (low != self->low)
    {
      self->low = low;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOW]);
    }
  gtk_widget_allocate (gtk_widget_get_first_child (widget), width, height, baseline, NULL);
}

static void
th_width_layout_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThWidthLayout *self = TH_WIDTH_LAYOUT (object);
  switch (id)
    {
    case PROP_THRESHOLD:
      g_value_set_uint (value, self->threshold);
      break;
    case PROP_WIDE_CHILD:
      g_value_set_object (value, self->wide_child);
      break;
    case PROP_BESIDE:
      g_value_set_uint (value, self->beside);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_LOW_THRESHOLD:
      g_value_set_uint (value, self->low_threshold);
      break;
    case PROP_LOW:
      g_value_set_boolean (value, self->low);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_width_layout_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ThWidthLayout *self = TH_WIDTH_LAYOUT (object);
  if (id == PROP_THRESHOLD)
    self->threshold = g_value_get_uint (value);
  else if (id == PROP_WIDE_CHILD)
    g_set_weak_pointer (&self->wide_child, g_value_get_object (value));
  else if (id == PROP_BESIDE)
    self->beside = g_value_get_uint (value);
  else if (id == PROP_LOW_THRESHOLD)
    self->low_threshold = g_value_get_uint (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
th_width_layout_dispose (GObject *object)
{
  g_clear_weak_pointer (&TH_WIDTH_LAYOUT (object)->wide_child);
  G_OBJECT_CLASS (th_width_layout_parent_class)->dispose (object);
}

static void
th_width_layout_class_init (ThWidthLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);
  GParamFlags given = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GParamFlags found = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = th_width_layout_get_property;
  object_class->set_property = th_width_layout_set_property;
  object_class->dispose = th_width_layout_dispose;
  layout_class->get_request_mode = th_width_layout_get_request_mode;
  layout_class->measure = th_width_layout_measure;
  layout_class->allocate = th_width_layout_allocate;
  properties[PROP_THRESHOLD] =
      g_param_spec_uint ("threshold", NULL, NULL, 0, G_MAXINT, 0, given);
  properties[PROP_WIDE_CHILD] =
      g_param_spec_object ("wide-child", NULL, NULL, GTK_TYPE_WIDGET,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_BESIDE] = g_param_spec_uint ("beside", NULL, NULL, 0, G_MAXINT, 0,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, found);
  properties[PROP_LOW_THRESHOLD] =
      g_param_spec_uint ("low-threshold", NULL, NULL, 0, G_MAXINT, 0, given);
  properties[PROP_LOW] = g_param_spec_boolean ("low", NULL, NULL, FALSE, found);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_width_layout_init (ThWidthLayout *self)
{
}
