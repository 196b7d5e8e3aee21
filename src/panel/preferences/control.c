/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThControl: what all kinds have in common, above all when typing is done.
 */
#include "panel/preferences/control.h"

#include <glib/gi18n.h>

#include "panel/preferences/choice-control.h"
#include "panel/preferences/entry-control.h"
#include "panel/preferences/list-control.h"
#include "panel/preferences/number-control.h"
#include "panel/preferences/path-control.h"
#include "panel/preferences/range-control.h"
#include "panel/preferences/switch-control.h"

typedef struct {
  const ThPreference *preference;
  GPtrArray *editables; /* element GtkWidget, not owned */
  gboolean showing;     /* what changes now, the user did not do */
  gboolean edited;
} ThControlPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ThControl, th_control, ADW_TYPE_BIN)

enum {
  EDITED,
  REVERT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static ThControlPrivate *
private_of (ThControl *self)
{
  return th_control_get_instance_private (self);
}

static void
finish_editing (ThControl *self)
{
  if (th_control_is_edited (self))
    th_control_edit (self, TRUE);
}

static void
on_editable_changed (ThControl *self)
{
  th_control_edit (self, FALSE);
}

static gboolean
on_key_pressed (ThControl *self, guint key)
{
  if (key != GDK_KEY_Escape || !th_control_is_edited (self))
    return GDK_EVENT_PROPAGATE;
  g_signal_emit (self, signals[REVERT], 0);
  return GDK_EVENT_STOP;
}

static void
th_control_unmap (GtkWidget *widget)
{
  finish_editing (TH_CONTROL (widget)); /* the window closes, or another page is shown */
  GTK_WIDGET_CLASS (th_control_parent_class)->unmap (widget);
}

static void
th_control_finalize (GObject *object)
{
  g_ptr_array_unref (private_of (TH_CONTROL (object))->editables);
  G_OBJECT_CLASS (th_control_parent_class)->finalize (object);
}

static void
th_control_class_init (ThControlClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = th_control_finalize;
  GTK_WIDGET_CLASS (klass)->unmap = th_control_unmap;

  signals[EDITED] = g_signal_new ("edited", TH_TYPE_CONTROL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[REVERT] = g_signal_new ("revert", TH_TYPE_CONTROL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static void
th_control_init (ThControl *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  private_of (self)->editables = g_ptr_array_new ();
  g_signal_connect_object (focus, "leave", G_CALLBACK (finish_editing), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key_pressed), self,
                           G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

static GType
type_for (const ThPreference *preference)
{
  switch (th_preference_get_widget (preference))
    {
    case TH_PREFERENCE_WIDGET_SWITCH:
      return TH_TYPE_SWITCH_CONTROL;
    case TH_PREFERENCE_WIDGET_NUMBER:
      return TH_TYPE_NUMBER_CONTROL;
    case TH_PREFERENCE_WIDGET_CHOICE:
      return TH_TYPE_CHOICE_CONTROL;
    case TH_PREFERENCE_WIDGET_ENTRY:
      return TH_TYPE_ENTRY_CONTROL;
    case TH_PREFERENCE_WIDGET_PATH:
      return TH_TYPE_PATH_CONTROL;
    case TH_PREFERENCE_WIDGET_RANGE:
      return TH_TYPE_RANGE_CONTROL;
    case TH_PREFERENCE_WIDGET_LIST:
      return TH_TYPE_LIST_CONTROL;
    case TH_PREFERENCE_WIDGET_NONE:
      break;
    }
  g_return_val_if_reached (G_TYPE_INVALID);
}

ThControl *
th_control_new (const ThPreference *preference)
{
  ThControl *self = g_object_new (type_for (preference), NULL);
  private_of (self)->preference = preference;
  TH_CONTROL_GET_CLASS (self)->set_up (self, preference);
  return self;
}

const ThPreference *
th_control_get_preference (ThControl *self)
{
  return private_of (self)->preference;
}

const ThSettingRow *
th_control_get_row (ThControl *self)
{
  return th_setting_get_row (private_of (self)->preference->setting);
}

void
th_control_show (ThControl *self, ThSettings *settings)
{
  ThControlPrivate *private = private_of (self);
  private->showing = TRUE;
  TH_CONTROL_GET_CLASS (self)->show (self, settings);
  private->showing = FALSE;
  private->edited = FALSE;
}

char *
th_control_read (ThControl *self, GError **error)
{
  return TH_CONTROL_GET_CLASS (self)->read (self, error);
}

gboolean
th_control_is_edited (ThControl *self)
{
  return private_of (self)->edited;
}

static void
mark_part (GtkWidget *part, const char *problem)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (part);
  if (problem)
    gtk_widget_add_css_class (part, "error");
  else
    gtk_widget_remove_css_class (part, "error");
  gtk_accessible_update_state (accessible, GTK_ACCESSIBLE_STATE_INVALID,
                               problem ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  problem ? problem : "", -1);
}

void
th_control_set_problem (ThControl *self, const char *problem)
{
  GPtrArray *editables = private_of (self)->editables;
  for (guint i = 0; i < editables->len; i++)
    mark_part (g_ptr_array_index (editables, i), problem);
}

void
th_control_edit (ThControl *self, gboolean done)
{
  ThControlPrivate *private = private_of (self);
  if (private->showing)
    return;
  private->edited = TRUE;
  g_signal_emit (self, signals[EDITED], 0, done);
}

void
th_control_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
th_control_set_example (GtkEntry *entry, const ThPreference *preference)
{
  /* Translators: %s is a port, an address or the like */
  g_autofree char *text =
      preference->example ? g_strdup_printf (_("for example %s"), preference->example) : NULL;
  gtk_entry_set_placeholder_text (entry, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (entry), text); /* which may not fit */
}

void
th_control_watch (ThControl *self, GtkWidget *editable)
{
  g_ptr_array_add (private_of (self)->editables, editable);
  g_signal_connect_object (editable, "changed", G_CALLBACK (on_editable_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_editable_get_delegate (GTK_EDITABLE (editable)), "activate",
                           G_CALLBACK (finish_editing), self, G_CONNECT_SWAPPED);
}
