/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThFactRow: sets a label only when it says something else, so that what is selected of it stays.
 */
#include "panel/widgets/fact-row.h"

#include "panel/widgets/flow-layout.h"

struct _ThFactRow {
  GtkListBoxRow parent_instance;
  GtkLabel *title;
  GtkLabel *value;
};

G_DEFINE_FINAL_TYPE (ThFactRow, th_fact_row, GTK_TYPE_LIST_BOX_ROW)

enum {
  PROP_0,
  PROP_TITLE,
  PROP_VALUE,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

static void
th_fact_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThFactRow *self = TH_FACT_ROW (object);
  if (id == PROP_TITLE)
    g_value_set_string (value, gtk_label_get_label (self->title));
  else if (id == PROP_VALUE)
    g_value_set_string (value, gtk_label_get_label (self->value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
th_fact_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ThFactRow *self = TH_FACT_ROW (object);
  if (id == PROP_TITLE)
    gtk_label_set_label (self->title, g_value_get_string (value));
  else if (id == PROP_VALUE)
    th_fact_row_set_value (self, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
th_fact_row_class_init (ThFactRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = th_fact_row_get_property;
  object_class->set_property = th_fact_row_set_property;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);
  properties[PROP_VALUE] = g_param_spec_string ("value", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/fact-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ThFactRow, title);
  gtk_widget_class_bind_template_child (widget_class, ThFactRow, value);
}

static void
th_fact_row_init (ThFactRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_fact_row_set_value (ThFactRow *self, const char *value)
{
  g_return_if_fail (TH_IS_FACT_ROW (self));
  if (g_strcmp0 (gtk_label_get_label (self->value), value) != 0)
    gtk_label_set_label (self->value, value);
}
