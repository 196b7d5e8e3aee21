/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state of each action is what the user chose, or what the desktop gave of it.
 */
#include "panel/desktop/desktop.h"

#include <glib/gi18n.h>

#include "panel/desktop/awake.h"
#include "panel/desktop/background.h"
#include "panel/desktop/notices.h"
#include "panel/desktop/self-test-notice.h"
#include "panel/problem-remedy.h"
#include "panel/restart-question.h"

struct _ThDesktop {
  GObject parent_instance;
  GtkApplication *application;
  ThPanelState *state;
  ThBackground *background;
  ThAwake *awake;
  ThEngine *engine;   /* nullable */
  ThNotices *notices; /* of the engine, as the next */
  ThSelfTestNotice *self_test;
};

G_DEFINE_FINAL_TYPE (ThDesktop, th_desktop, G_TYPE_OBJECT)

static void
set_state (ThDesktop *self, const char *action, gboolean on)
{
  GAction *found = g_action_map_lookup_action (G_ACTION_MAP (self->application), action);

  g_simple_action_set_state (G_SIMPLE_ACTION (found), g_variant_new_boolean (on));
}

/* What the actions say is what is kept. */
static void
show_state (ThDesktop *self)
{
  set_state (self, "background", self->state->background);
  set_state (self, "autostart", self->state->autostart);
  set_state (self, "keep-awake", self->state->keep_awake);
}

/* In the window that has toasts, even if it was hidden meanwhile: it may not stay so. */
static void
say (ThDesktop *self, const char *text)
{
  for (GList *l = gtk_application_get_windows (self->application); l; l = l->next)
    {
      if (!gtk_widget_activate_action (l->data, "win.say", "s", text))
        continue;
      gtk_widget_set_visible (l->data, TRUE);
      return;
    }
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ThDesktop) self = data;
  g_autoptr (GError) error = NULL;
  gboolean background, autostart;

  if (!th_background_ask_finish (result, &background, &autostart, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      g_message ("Running in the background cannot be arranged: %s", error->message);
      say (self, _("This desktop cannot arrange that"));
      background = autostart = FALSE;
    }
  else if ((self->state->background && !background) || (self->state->autostart && !autostart))
    say (self, _("The desktop does not allow that; its settings for apps can"));
  self->state->background &= background;
  self->state->autostart &= autostart;
  show_state (self);
  th_panel_state_save (self->state);
}

static void
ask (ThDesktop *self)
{
  show_state (self);
  th_background_ask_async (self->background, self->state->autostart, on_asked,
                           g_object_ref (self));
}

static void
on_background_change (GSimpleAction *action, GVariant *value, gpointer data)
{
  ThDesktop *self = data;

  self->state->background = g_variant_get_boolean (value);
  self->state->autostart &= self->state->background; /* it starts without a window */
  ask (self);
}

static void
on_autostart_change (GSimpleAction *action, GVariant *value, gpointer data)
{
  ThDesktop *self = data;

  self->state->autostart = g_variant_get_boolean (value);
  self->state->background |= self->state->autostart;
  ask (self);
}

static void
update (ThDesktop *self)
{
  guint calls = th_calls_count (self->engine);
  g_autofree char *status =
      calls > 0 ? g_strdup_printf (ngettext ("%u call through the relay",
                                             "%u calls through the relay", calls),
                                   calls)
                : g_strdup (th_engine_get_state (self->engine) == TH_ENGINE_RUNNING
                                ? _("The relay is ready")
                                : _("The relay is stopped"));

  th_awake_set (self->awake, self->state->keep_awake && calls > 0,
                gtk_application_get_active_window (self->application));
  th_background_say (self->background, status);
}

static void
on_keep_awake_change (GSimpleAction *action, GVariant *value, gpointer data)
{
  ThDesktop *self = data;

  self->state->keep_awake = g_variant_get_boolean (value);
  show_state (self);
  th_panel_state_save (self->state);
  if (self->engine)
    update (self);
}

/* From a notification: its problem may be another one by now, or gone. */
static void
on_mend (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ThDesktop *self = data;
  GListModel *problems = self->engine ? th_engine_get_problems (self->engine) : NULL;

  for (guint i = 0; problems && i < g_list_model_get_n_items (problems); i++)
    {
      g_autoptr (ThProblem) problem = g_list_model_get_item (problems, i);
      g_autoptr (ThRemedy) remedy = th_remedy_new (problem);

      if (!g_str_equal (th_problem_get_id (problem), g_variant_get_string (parameter, NULL)) ||
          !th_remedy_is_quiet (remedy))
        continue;
      th_remedy_apply (remedy, self->engine, problem);
      return;
    }
}

static gboolean
is_seen (gpointer data)
{
  ThDesktop *self = data;
  GtkWindow *window = gtk_application_get_active_window (self->application);

  return window && gtk_window_is_active (window);
}

static void
th_desktop_dispose (GObject *object)
{
  ThDesktop *self = TH_DESKTOP (object);

  g_clear_object (&self->notices);
  g_clear_object (&self->self_test);
  g_clear_object (&self->engine);
  g_clear_object (&self->background);
  g_clear_pointer (&self->awake, th_awake_free);
  G_OBJECT_CLASS (th_desktop_parent_class)->dispose (object);
}

static void
th_desktop_class_init (ThDesktopClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = th_desktop_dispose;
}

static void
th_desktop_init (ThDesktop *self)
{
  self->background = th_background_new ();
}

ThDesktop *
th_desktop_new (GtkApplication *application, ThPanelState *state)
{
  static const GActionEntry entries[] = {
    { .name = "background", .state = "false", .change_state = on_background_change },
    { .name = "autostart", .state = "false", .change_state = on_autostart_change },
    { .name = "keep-awake", .state = "false", .change_state = on_keep_awake_change },
    { .name = "mend", .parameter_type = "s", .activate = on_mend },
  };
  ThDesktop *self = g_object_new (TH_TYPE_DESKTOP, NULL);

  self->application = application;
  self->state = state;
  self->awake = th_awake_new (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   self);
  show_state (self);
  return self;
}

void
th_desktop_set_engine (ThDesktop *self, ThEngine *engine)
{
  g_return_if_fail (TH_IS_DESKTOP (self) && !self->engine);
  self->engine = g_object_ref (engine);
  self->notices = th_notices_new (G_APPLICATION (self->application), engine,
                                  &self->state->met_client, is_seen, self);
  self->self_test = th_self_test_notice_new (G_APPLICATION (self->application),
                                             th_engine_get_ice_runs (engine));
  g_signal_connect_object (th_relay_get_sessions (th_engine_get_relay (engine)), "items-changed",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}
