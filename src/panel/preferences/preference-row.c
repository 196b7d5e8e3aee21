/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPreferenceRow: an AdwActionRow, so that the search of the window finds it by title and subtitle,
 * but with a layout of its own, where the control moves below the words if there is little room.
 */
#include "panel/preferences/preference-row.h"

#include <glib/gi18n.h>

#include "app/relay-settings.h"
#include "panel/preferences/control.h"
#include "panel/widgets/flow-layout.h"
#include "settings/value.h"

struct _ThPreferenceRow {
  AdwActionRow parent_instance;
  GtkBox *content;
  GtkBox *words;
  GtkBox *controls;
  GtkButton *reset_button;
  GtkBox *problem_box;
  GtkLabel *problem;
  GtkBox *note_box;
  GtkImage *note_icon;
  GtkLabel *note;

  const ThPreference *preference;
  ThEngine *engine;     /* weak: libadwaita 1.2 never frees the rows of its window of preferences */
  ThSettings *settings; /* the engine's */
  ThControl *control;
  gboolean tell_of_restart;
};

G_DEFINE_FINAL_TYPE (ThPreferenceRow, th_preference_row, ADW_TYPE_ACTION_ROW)

static const ThSettingRow *
table_row (ThPreferenceRow *self)
{
  return th_setting_get_row (self->preference->setting);
}

/* What the table says, without the place in a key file: that is where the text stands. */
static const char *
words_of (ThPreferenceRow *self, const GError *error)
{
  const ThSettingRow *row = table_row (self);
  g_autofree char *place = g_strdup_printf ("[%s] %s: ", row->group, row->key);
  return g_str_has_prefix (error->message, place) ? error->message + strlen (place)
                                                  : error->message;
}

/* @problem: NULL for none */
static void
show_problem (ThPreferenceRow *self, const char *problem)
{
  gtk_label_set_label (self->problem, problem ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_box), problem != NULL);
  th_control_set_problem (self->control, problem);
}

static gboolean
has_problem (ThPreferenceRow *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->problem_box));
}

/* The setting's own name, for those who know it from a configuration file. */
static char *
place_text (ThPreferenceRow *self)
{
  const ThSettingRow *row = table_row (self);
  /* Translators: %1$s is the name of a setting, %2$s of its group in a configuration file */
  return g_strdup_printf (_("%1$s in [%2$s]"), row->key, row->group);
}

/* "Found by the relay itself", where a list has nothing in it; else as in a key file */
static char *
default_text (ThPreferenceRow *self)
{
  const char *fallback = table_row (self)->fallback;
  if (self->preference->nothing && (!*fallback || g_str_equal (fallback, "auto")))
    return g_strdup (th_preference_translate (self->preference->nothing));
  if (!*fallback)
    return g_strdup (_("empty"));
  return g_strdup (fallback);
}

static const char *
locked_text (void)
{
  return _("Locked by the administrator of this desktop");
}

static void
show_note (ThPreferenceRow *self, const char *icon_name, const char *css_class, const char *text)
{
  gtk_image_set_from_icon_name (self->note_icon, icon_name);
  gtk_widget_set_visible (GTK_WIDGET (self->note_icon), icon_name != NULL);
  gtk_widget_set_css_classes (GTK_WIDGET (self->note_box), (const char *[]){ css_class, NULL });
  gtk_label_set_label (self->note, text);
  gtk_widget_set_visible (GTK_WIDGET (self->note_box), TRUE);
}

static void
update_note (ThPreferenceRow *self)
{
  ThSetting setting = self->preference->setting;
  if (!th_settings_is_writable (self->settings, setting))
    show_note (self, "turnhouse-locked-symbolic", "dim-label", locked_text ());
  else if (th_engine_is_setting_pending (self->engine, setting))
    show_note (self, "turnhouse-warning-symbolic", "warning",
               _("Waits until the relay restarts"));
  else if (self->tell_of_restart && th_relay_setting_needs_restart (setting))
    show_note (self, NULL, "dim-label", _("Takes effect after the relay restarts"));
  else
    gtk_widget_set_visible (GTK_WIDGET (self->note_box), FALSE);
}

static void
update_around (ThPreferenceRow *self)
{
  ThSetting setting = self->preference->setting;
  gboolean writable = th_settings_is_writable (self->settings, setting);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), writable ? NULL : locked_text ());
  gtk_widget_set_sensitive (GTK_WIDGET (self->control), writable);
  gtk_widget_set_visible (GTK_WIDGET (self->reset_button),
                          writable && !th_settings_is_default (self->settings, setting));
  update_note (self);
}

static void
update (ThPreferenceRow *self)
{
  th_control_show (self->control, self->settings);
  show_problem (self, NULL);
  update_around (self);
}

static void
apply (ThPreferenceRow *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = th_control_read (self->control, &error);
  if (text &&
      th_settings_set_text (self->settings, self->preference->setting, text, &error))
    update (self); /* also where it is the same as before, but was written in another way */
  else
    show_problem (self, words_of (self, error));
}

/* What was wrong may be right now; that something is wrong waits until the user is through. */
static void
check (ThPreferenceRow *self)
{
  g_autofree char *text = th_control_read (self->control, NULL);
  ThSettingValue value;
  if (!text || !th_setting_value_parse (&value, table_row (self), text, NULL))
    return;
  th_setting_value_clear (&value);
  show_problem (self, NULL);
}

static void
on_control_edited (ThPreferenceRow *self, gboolean done)
{
  if (done)
    apply (self);
  else if (has_problem (self))
    check (self);
}

static void
on_reset_button_clicked (ThPreferenceRow *self)
{
  g_autoptr (GError) error = NULL;
  gtk_widget_grab_focus (GTK_WIDGET (self)); /* the button goes */
  if (th_settings_reset (self->settings, self->preference->setting, &error))
    update (self);
  else
    show_problem (self, words_of (self, error));
}

static void
th_preference_row_dispose (GObject *object)
{
  g_clear_weak_pointer (&TH_PREFERENCE_ROW (object)->engine);
  G_OBJECT_CLASS (th_preference_row_parent_class)->dispose (object);
}

static void
th_preference_row_class_init (ThPreferenceRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_preference_row_dispose;
  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/preferences/preference-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ThPreferenceRow, content);
  gtk_widget_class_bind_template_child (widget_class, ThPreferenceRow, words);
  gtk_widget_class_bind_template_child (widget_class, ThPreferenceRow, controls);
  gtk_widget_class_bind_template_child (widget_class, ThPreferenceRow, reset_button);
  gtk_widget_class_bind_template_child (widget_class, ThPreferenceRow, problem_box);
  gtk_widget_class_bind_template_child (widget_class, ThPreferenceRow, problem);
  gtk_widget_class_bind_template_child (widget_class, ThPreferenceRow, note_box);
  gtk_widget_class_bind_template_child (widget_class, ThPreferenceRow, note_icon);
  gtk_widget_class_bind_template_child (widget_class, ThPreferenceRow, note);
  gtk_widget_class_bind_template_callback (widget_class, on_reset_button_clicked);
}

static void
th_preference_row_init (ThPreferenceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Lists, names of files and URLs have the whole width below the words; all else stands beside
 * them. */
static gboolean
is_wide (ThPreferenceRow *self)
{
  const ThSettingRow *row = table_row (self);
  return th_setting_row_is_list (row) || row->type == TH_SETTING_TYPE_PATH ||
         row->type == TH_SETTING_TYPE_HTTPS_URL;
}

static void
place_control (ThPreferenceRow *self)
{
  GtkWidget *control = GTK_WIDGET (self->control);
  GtkWidget *words = gtk_widget_get_first_child (GTK_WIDGET (self->content));
  if (is_wide (self))
    gtk_box_insert_child_after (self->content, control, words);
  else
    gtk_box_append (self->controls, control);
}

static void
set_words (ThPreferenceRow *self)
{
  const char *title = th_preference_translate (self->preference->title);
  g_autofree char *place = place_text (self);
  g_autofree char *fallback = default_text (self);
  /* Translators: %s is the title of a preference */
  g_autofree char *name = g_strdup_printf (_("Reset %s to default"), title);
  /* Translators: %s is a value */
  g_autofree char *tooltip = g_strdup_printf (_("Reset to default: %s"), fallback);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self),
                               th_preference_translate (self->preference->help));
  th_control_name (GTK_WIDGET (self), title);
  th_control_name (GTK_WIDGET (self->reset_button), name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->words), place);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->reset_button), tooltip);
}

static void
follow (ThPreferenceRow *self)
{
  const char *name = table_row (self)->name;
  g_autofree char *changed = g_strconcat ("changed::", name, NULL);
  g_autofree char *writable_changed = g_strconcat ("writable-changed::", name, NULL);

  g_signal_connect_object (self->control, "edited", G_CALLBACK (on_control_edited), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->control, "revert", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, changed, G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, writable_changed, G_CALLBACK (update_around), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->engine, "notify::restart-pending", G_CALLBACK (update_note), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
th_preference_row_new (const ThPreference *preference, ThEngine *engine, gboolean tell_of_restart)
{
  ThPreferenceRow *self = g_object_new (TH_TYPE_PREFERENCE_ROW, NULL);
  self->preference = preference;
  g_set_weak_pointer (&self->engine, engine);
  self->settings = th_engine_get_settings (engine);
  self->tell_of_restart = tell_of_restart;
  self->control = th_control_new (preference);
  place_control (self);
  set_words (self);
  follow (self);
  update (self);
  return GTK_WIDGET (self);
}

ThSetting
th_preference_row_get_setting (ThPreferenceRow *self)
{
  g_return_val_if_fail (TH_IS_PREFERENCE_ROW (self), TH_N_SETTINGS);
  return self->preference->setting;
}
