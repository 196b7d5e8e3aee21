/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThNumberControl: a GtkSpinButton that does not correct what is typed without a word, and does not
 * change when the page is scrolled. For a span of time it counts in the unit that is chosen beside
 * it; the limits of the setting are then those in that unit.
 */
#include "panel/preferences/number-control.h"

#include <glib/gi18n.h>

#include "settings/value.h"

#define STEPS_SETTLE_MS 300 /* after the last step its result counts */

struct _ThNumberControl {
  ThControl parent_instance;
  GtkDropDown *mode; /* "Automatic" or "Fixed"; NULL where there is no such choice */
  GtkSpinButton *spin;
  GtkDropDown *unit; /* of spans of time; else NULL */
  double checked;    /* the value when a text was found wrong */
  gboolean wrong;    /* the text stands there although it is no value */
  guint settle;      /* source */
};

G_DEFINE_FINAL_TYPE (ThNumberControl, th_number_control, TH_TYPE_CONTROL)

static const struct {
  const char *label;
  gint64 seconds;
} units[] = {
  { N_("seconds"), 1 },
  { N_("minutes"), 60 },
  { N_("hours"), 3600 },
  { N_("days"), 86400 },
};

static gint64
scale_of (ThNumberControl *self)
{
  return self->unit ? units[gtk_drop_down_get_selected (self->unit)].seconds : 1;
}

static gboolean
is_automatic (ThNumberControl *self)
{
  return self->mode && gtk_drop_down_get_selected (self->mode) == 0;
}

/* The setting's row with its limits in the unit that is chosen. */
static ThSettingRow
scaled_row (ThNumberControl *self)
{
  ThSettingRow row = *th_control_get_row (TH_CONTROL (self));
  gint64 scale = scale_of (self);
  row.minimum = (row.minimum + scale - 1) / scale;
  row.maximum /= scale;
  return row;
}

static gboolean
parse (ThNumberControl *self, gint64 *number, GError **error)
{
  ThSettingRow row = scaled_row (self);
  ThSettingValue value;
  if (!th_setting_value_parse (&value, &row, gtk_editable_get_text (GTK_EDITABLE (self->spin)),
                               error))
    return FALSE;
  *number = value.integer;
  th_setting_value_clear (&value);
  return TRUE;
}

static gboolean
on_settled (gpointer data)
{
  ThNumberControl *self = data;
  self->settle = 0;
  if (th_control_is_edited (TH_CONTROL (self)))
    th_control_edit (TH_CONTROL (self), TRUE);
  return G_SOURCE_REMOVE;
}

static int
on_spin_input (ThNumberControl *self, double *value)
{
  gint64 number;
  self->wrong = !parse (self, &number, NULL);
  self->checked = gtk_adjustment_get_value (gtk_spin_button_get_adjustment (self->spin));
  if (self->wrong)
    return GTK_INPUT_ERROR;
  *value = number;
  return TRUE;
}

/* Returns: %TRUE to leave the text as it is */
static gboolean
on_spin_output (ThNumberControl *self)
{
  double value = gtk_adjustment_get_value (gtk_spin_button_get_adjustment (self->spin));
  self->wrong = self->wrong && value == self->checked;
  return self->wrong;
}

static void
on_spin_value_changed (ThNumberControl *self)
{
  if (!th_control_is_edited (TH_CONTROL (self)))
    return;
  g_clear_handle_id (&self->settle, g_source_remove);
  self->settle = g_timeout_add (STEPS_SETTLE_MS, on_settled, self);
}

static void
show_limits (ThNumberControl *self)
{
  ThSettingRow row = scaled_row (self);
  GtkAdjustment *adjustment = gtk_spin_button_get_adjustment (self->spin);
  gtk_adjustment_set_lower (adjustment, row.minimum);
  gtk_adjustment_set_upper (adjustment, row.maximum);
}

static void
on_unit_changed (ThNumberControl *self)
{
  show_limits (self);
  th_control_edit (TH_CONTROL (self), TRUE);
}

static void
on_mode_changed (ThNumberControl *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->spin), !is_automatic (self));
  th_control_edit (TH_CONTROL (self), TRUE);
}

/* The largest unit in which @value is a whole number; but the one that is chosen, if it is then. */
static guint
unit_for (ThNumberControl *self, gint64 value)
{
  gint64 number;
  if (parse (self, &number, NULL) && number > 0 && number * scale_of (self) == value)
    return gtk_drop_down_get_selected (self->unit);
  for (guint i = G_N_ELEMENTS (units) - 1; i > 0; i--)
    if (value % units[i].seconds == 0)
      return i;
  return 0;
}

static void
ignore_scrolling (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_NONE);
    }
}

static GtkDropDown *
add_unit (ThNumberControl *self, GtkBox *box, const char *title)
{
  /* Translators: %s is the title of a preference, such as "Lifetime" */
  g_autofree char *name = g_strdup_printf (_("%s, unit"), title);
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  GtkWidget *unit = gtk_drop_down_new (NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    gtk_string_list_append (labels, _(units[i].label));
  gtk_drop_down_set_model (GTK_DROP_DOWN (unit), G_LIST_MODEL (labels));
  th_control_name (unit, name);
  g_signal_connect_object (unit, "notify::selected", G_CALLBACK (on_unit_changed), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (box, unit);
  return GTK_DROP_DOWN (unit);
}

static GtkDropDown *
add_mode (ThNumberControl *self, GtkBox *box, const char *title)
{
  /* Translators: %s is the title of a preference, such as "Threads" */
  g_autofree char *name = g_strdup_printf (_("%s, automatic or fixed"), title);
  const char *const labels[] = { _("Automatic"), _("Fixed"), NULL };
  GtkWidget *mode = gtk_drop_down_new_from_strings (labels);
  th_control_name (mode, name);
  g_signal_connect_object (mode, "notify::selected", G_CALLBACK (on_mode_changed), self,
                           G_CONNECT_SWAPPED);
  gtk_box_prepend (box, mode);
  return GTK_DROP_DOWN (mode);
}

static void
set_up_spin (ThNumberControl *self, const char *title)
{
  gtk_spin_button_set_increments (self->spin, 1, 10);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->spin), self->unit ? 4 : 7);
  show_limits (self);
  gtk_spin_button_set_update_policy (self->spin, GTK_UPDATE_IF_VALID);
  ignore_scrolling (GTK_WIDGET (self->spin));
  th_control_name (GTK_WIDGET (self->spin), title);
  th_control_watch (TH_CONTROL (self), GTK_WIDGET (self->spin));
  g_signal_connect_object (self->spin, "input", G_CALLBACK (on_spin_input), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->spin, "output", G_CALLBACK (on_spin_output), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->spin, "value-changed", G_CALLBACK (on_spin_value_changed), self,
                           G_CONNECT_SWAPPED);
}

static void
th_number_control_set_up (ThControl *control, const ThPreference *preference)
{
  ThNumberControl *self = TH_NUMBER_CONTROL (control);
  const char *title = th_preference_translate (preference->title);
  GtkBox *box = GTK_BOX (adw_bin_get_child (ADW_BIN (self)));
  if (th_control_get_row (control)->type == TH_SETTING_TYPE_AUTO_INTEGER)
    self->mode = add_mode (self, box, title);
  if (preference->duration)
    self->unit = add_unit (self, box, title);
  else if (preference->unit)
    gtk_box_append (box, gtk_label_new (th_preference_translate (preference->unit)));
  set_up_spin (self, title);
}

static void
show_number (ThNumberControl *self, gint64 value)
{
  self->wrong = FALSE;
  if (self->unit)
    gtk_drop_down_set_selected (self->unit, unit_for (self, value));
  show_limits (self);
  gtk_spin_button_set_value (self->spin, value / scale_of (self));
  if (!on_spin_output (self)) /* also where only the text was wrong */
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value / scale_of (self));
      if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->spin)), text) != 0)
        gtk_editable_set_text (GTK_EDITABLE (self->spin), text);
    }
}

static void
th_number_control_show (ThControl *control, ThSettings *settings)
{
  ThNumberControl *self = TH_NUMBER_CONTROL (control);
  gint64 value = th_settings_get_integer (settings, th_control_get_preference (control)->setting);
  g_clear_handle_id (&self->settle, g_source_remove);
  if (self->mode)
    gtk_drop_down_set_selected (self->mode, value < 0 ? 0 : 1);
  gtk_widget_set_visible (GTK_WIDGET (self->spin), value >= 0);
  show_number (self, value < 0 ? g_get_num_processors () : value);
}

static char *
th_number_control_read (ThControl *control, GError **error)
{
  ThNumberControl *self = TH_NUMBER_CONTROL (control);
  gint64 number;
  if (is_automatic (self))
    return g_strdup ("auto");
  if (!parse (self, &number, error))
    return NULL;
  return g_strdup_printf ("%" G_GINT64_FORMAT, number * scale_of (self));
}

static void
th_number_control_dispose (GObject *object)
{
  g_clear_handle_id (&TH_NUMBER_CONTROL (object)->settle, g_source_remove);
  G_OBJECT_CLASS (th_number_control_parent_class)->dispose (object);
}

static void
th_number_control_class_init (ThNumberControlClass *klass)
{
  ThControlClass *control_class = TH_CONTROL_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_number_control_dispose;
  control_class->set_up = th_number_control_set_up;
  control_class->show = th_number_control_show;
  control_class->read = th_number_control_read;
}

static void
th_number_control_init (ThNumberControl *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->spin = GTK_SPIN_BUTTON (gtk_spin_button_new (NULL, 1, 0));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->spin));
  adw_bin_set_child (ADW_BIN (self), box);
}
