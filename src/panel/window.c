/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThWindow: the frame around the pages. It remembers its size, knows whether anyone can see it,
 * and asks before it closes where the relay would stop.
 */
#include "panel/window.h"

#include <glib/gi18n.h>

#include "app/rotator.h"
#include "panel/compat.h"
#include "panel/event-window.h"
#include "panel/pages/connections-page.h"
#include "panel/pages/credentials-page.h"
#include "panel/pages/ice-page.h"
#include "panel/pages/server-page.h"
#include "panel/preferences/preference-map.h"
#include "panel/preferences/preferences.h"
#include "panel/restart-question.h"
#include "panel/widgets/width-layout.h"

#define ROTATION_TOAST_SECONDS 15

struct _ThWindow {
  AdwApplicationWindow parent_instance;
  ThWidthLayout *width;
  GtkStack *titles;
  GtkWidget *title;
  GtkWidget *switcher;
  AdwToastOverlay *toasts;
  AdwViewStack *pages;
  AdwViewSwitcherBar *switcher_bar;
  ThServerPage *server_page;
  ThCredentialsPage *credentials_page;
  ThConnectionsPage *connections_page;
  ThIcePage *ice_page;
  AdwStatusPage *failure_page;

  ThPanelState *state;
  ThEngine *engine;         /* NULL until it could be made */
  AdwToast *rotation_toast; /* NULL unless it is shown */
  AdwToast *last_toast;     /* of the others; weak, nullable */
  ThEventWindow *event_window; /* weak; NULL unless it is open */
};

G_DEFINE_FINAL_TYPE (ThWindow, th_window, ADW_TYPE_APPLICATION_WINDOW)

/* With a tooltip, which a toast's own title has not, where there is no room for all of @text. */
static AdwToast *
toast_new (const char *text)
{
  GtkWidget *title = gtk_label_new (text);
  AdwToast *toast = adw_toast_new ("");
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (title, text);
  gtk_widget_add_css_class (title, "heading");
  adw_toast_set_custom_title (toast, title);
  return toast;
}

/* What was said before makes room: toasts wait for one another, and nobody wants to hear late, and
 * once for each time, that something was copied. */
static void
say (ThWindow *self, const char *text)
{
  if (!self->toasts)
    return; /* the window is gone */
  AdwToast *toast = toast_new (text);
  if (self->last_toast)
    adw_toast_dismiss (self->last_toast);
  g_set_weak_pointer (&self->last_toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
on_action_say (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  say (TH_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
on_action_copy (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          g_variant_get_string (parameter, NULL));
  say (TH_WINDOW (widget), _("Copied"));
}

static void
on_undone (GObject *rotator, GAsyncResult *result, gpointer data)
{
  g_autoptr (ThWindow) self = data;
  g_autoptr (GError) error = NULL;
  if (!th_rotator_undo_finish (TH_ROTATOR (rotator), result, &error))
    say (self, error->message);
}

static void
on_action_undo_rotation (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ThWindow *self = TH_WINDOW (widget);
  if (self->engine)
    th_rotator_undo_async (th_engine_get_rotator (self->engine), g_variant_get_uint32 (parameter),
                           "panel", NULL, on_undone, g_object_ref (self));
}

/* Only the last rotation can be undone, so only the last one is offered to be. */
static void
dismiss_rotation_toast (ThWindow *self)
{
  if (self->rotation_toast)
    adw_toast_dismiss (self->rotation_toast);
}

static void
on_rotation_toast_dismissed (ThWindow *self, AdwToast *toast)
{
  if (toast == self->rotation_toast)
    self->rotation_toast = NULL;
}

static void
offer_undo (ThWindow *self, ThRingKind kind, const char *text)
{
  AdwToast *toast = toast_new (text);
  adw_toast_set_button_label (toast, _("Undo"));
  adw_toast_set_action_name (toast, "win.undo-rotation");
  adw_toast_set_action_target (toast, "u", kind);
  adw_toast_set_timeout (toast, ROTATION_TOAST_SECONDS);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (on_rotation_toast_dismissed), self,
                           G_CONNECT_SWAPPED);
  self->rotation_toast = toast;
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* Where the old secret ended at once there is no way back. */
static void
say_rotated (ThWindow *self, ThRingKind kind)
{
  /* Translators: beside "Undo" and a cross, in a window as narrow as a phone */
  const char *text = kind == TH_RING_API ? C_("toast", "API secret rotated")
                                         : C_("toast", "Secret rotated");

  if (th_secret_ring_can_undo (th_engine_get_secret_ring (self->engine), kind))
    offer_undo (self, kind, text);
  else
    say (self, text);
}

/* Says what happened whoever did it: a button, the desktop, the schedule. */
static void
on_history_changed (ThWindow *self,
                    guint position,
                    guint removed,
                    guint added,
                    GListModel *history)
{
  g_autoptr (ThRingEvent) event = g_list_model_get_item (history, 0);
  if (added == 0 || !event)
    return;
  dismiss_rotation_toast (self);
  if (th_ring_event_get_deed (event) == TH_RING_DEED_ROTATED)
    say_rotated (self, th_ring_event_get_kind (event));
  else if (th_ring_event_get_deed (event) == TH_RING_DEED_UNDONE)
    say (self, _("Rotation undone"));
}

static void
on_action_page (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ThWindow *self = TH_WINDOW (widget);
  const char *name = g_variant_get_string (parameter, NULL);
  if (adw_view_stack_get_child_by_name (self->pages, name))
    adw_view_stack_set_visible_child_name (self->pages, name);
}

static void
on_action_preferences (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ThWindow *self = TH_WINDOW (widget);
  if (self->engine)
    th_compat_preferences_present (th_preferences_new (self->engine), GTK_WINDOW (self));
}

static void
on_action_preference (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ThWindow *self = TH_WINDOW (widget);
  const char *name = g_variant_get_string (parameter, NULL);
  for (guint i = 0; self->engine && i < th_preferences_get_n (); i++)
    {
      ThSetting setting = th_preferences_get (i)->setting;
      if (!g_str_equal (th_setting_get_row (setting)->name, name))
        continue;
      GtkWidget *preferences = th_preferences_new (self->engine);
      th_compat_preferences_present (preferences, GTK_WINDOW (self));
      th_preferences_show_setting (preferences, setting);
      return;
    }
}

static void
on_action_search (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ThWindow *self = TH_WINDOW (widget);
  if (!self->engine)
    return;
  adw_view_stack_set_visible_child_name (self->pages, "connections");
  th_connections_page_search (self->connections_page);
}

/* @session: 0: events of all */
static void
show_events (ThWindow *self, guint64 session, const char *name)
{
  if (!self->engine)
    return;
  if (!self->event_window)
    g_set_weak_pointer (&self->event_window,
                        th_event_window_new (th_engine_get_events (self->engine),
                                             GTK_WINDOW (self)));
  th_event_window_show_session (self->event_window, session, name);
  gtk_window_present (GTK_WINDOW (self->event_window));
}

static void
on_action_event_log (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  show_events (TH_WINDOW (widget), 0, NULL);
}

static void
on_action_session_events (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  guint64 session;
  const char *name;
  g_variant_get (parameter, "(t&s)", &session, &name);
  show_events (TH_WINDOW (widget), session, name);
}

/* The pages, or why there is nothing to show on them; the switcher where there is room for it. */
static void
update_frame (ThWindow *self)
{
  gboolean any = self->engine != NULL;
  gboolean narrow;
  g_object_get (self->width, "narrow", &narrow, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->pages), any);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.preferences", any);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.event-log", any);
  gtk_stack_set_visible_child (self->titles, any && !narrow ? self->switcher : self->title);
  adw_view_switcher_bar_set_reveal (self->switcher_bar, any && narrow);
}

static void
update_shown (ThWindow *self)
{
  GtkNative *native = GTK_NATIVE (self);
  GdkSurface *surface = gtk_native_get_surface (native);
  gboolean shown = surface && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
                   !th_compat_is_hidden (gdk_toplevel_get_state (GDK_TOPLEVEL (surface)));
  gpointer page = adw_view_stack_get_visible_child (self->pages);
  th_server_page_set_shown (self->server_page, shown && page == self->server_page);
  th_credentials_page_set_shown (self->credentials_page, shown && page == self->credentials_page);
  th_connections_page_set_shown (self->connections_page, shown && page == self->connections_page);
}

static void
on_page_changed (ThWindow *self)
{
  if (!self->state)
    return; /* the pages are being made */
  g_free (self->state->page);
  self->state->page = g_strdup (adw_view_stack_get_visible_child_name (self->pages));
  update_shown (self);
}

static void
th_window_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (th_window_parent_class)->map (widget);
  update_shown (TH_WINDOW (widget));
}

static void
th_window_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (th_window_parent_class)->unmap (widget);
  update_shown (TH_WINDOW (widget));
}

static void
th_window_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (th_window_parent_class)->realize (widget);
  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (widget)), "notify::state",
                           G_CALLBACK (update_shown), widget, G_CONNECT_SWAPPED);
}

/* The relay goes on, and another start shows the window again. */
static void
hide (gpointer data)
{
  gtk_widget_set_visible (GTK_WIDGET (data), FALSE);
}

static void
go_on_without_window (gpointer data)
{
  ThWindow *self = data;
  self->state->asked_about_background = TRUE;
  gtk_widget_activate_action (GTK_WIDGET (self), "app.background", NULL);
  hide (self);
}

static void
close_for_good (gpointer data)
{
  ThWindow *self = data;
  self->state->asked_about_background = TRUE;
  gtk_window_destroy (GTK_WINDOW (self));
}

/* @calls: how many end */
static char *
make_warning (guint calls)
{
  return g_strdup_printf (ngettext ("The relay stops, and %u call that goes through it ends.",
                                    "The relay stops, and %u calls that go through it end.",
                                    calls),
                          calls);
}

/* Whoever closes the window for the first time may mean the window alone. */
static void
ask_whether_to_go_on (ThWindow *self, guint calls)
{
  g_autofree char *body = calls > 0 ? make_warning (calls)
                                    : g_strdup (_("Without it, apps have no relay. It can go on "
                                                  "without the window."));
  th_compat_confirm_or (GTK_WIDGET (self), _("Stop the Relay?"), body, _("_Quit"), close_for_good,
                        _("Keep _Running"), go_on_without_window, self);
}

static gboolean
th_window_close_request (GtkWindow *window)
{
  ThWindow *self = TH_WINDOW (window);
  guint calls = self->engine ? th_calls_count (self->engine) : 0;
  gboolean runs = self->engine && th_engine_get_state (self->engine) == TH_ENGINE_RUNNING;

  if (runs && self->state->background)
    hide (self);
  else if (runs && (calls > 0 || !self->state->asked_about_background))
    ask_whether_to_go_on (self, calls);
  else
    return GTK_WINDOW_CLASS (th_window_parent_class)->close_request (window);
  return GDK_EVENT_STOP;
}

static void
th_window_unrealize (GtkWidget *widget)
{
  ThWindow *self = TH_WINDOW (widget);
  GtkWindow *window = GTK_WINDOW (widget);
  self->state->maximized = gtk_window_is_maximized (window);
  gtk_window_get_default_size (window, &self->state->width, &self->state->height);
  GTK_WIDGET_CLASS (th_window_parent_class)->unrealize (widget);
}

static void
th_window_dispose (GObject *object)
{
  g_clear_weak_pointer (&TH_WINDOW (object)->last_toast);
  g_clear_object (&TH_WINDOW (object)->engine);
  g_clear_weak_pointer (&TH_WINDOW (object)->event_window);
  G_OBJECT_CLASS (th_window_parent_class)->dispose (object);
}

static void
th_window_class_init (ThWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_window_dispose;
  widget_class->map = th_window_map;
  widget_class->unmap = th_window_unmap;
  widget_class->realize = th_window_realize;
  widget_class->unrealize = th_window_unrealize;
  GTK_WINDOW_CLASS (klass)->close_request = th_window_close_request;

  g_type_ensure (TH_TYPE_CONNECTIONS_PAGE);
  g_type_ensure (TH_TYPE_CREDENTIALS_PAGE);
  g_type_ensure (TH_TYPE_ICE_PAGE);
  g_type_ensure (TH_TYPE_SERVER_PAGE);
  g_type_ensure (TH_TYPE_WIDTH_LAYOUT);
  gtk_widget_class_install_action (widget_class, "win.copy", "s", on_action_copy);
  gtk_widget_class_install_action (widget_class, "win.event-log", NULL, on_action_event_log);
  gtk_widget_class_install_action (widget_class, "win.page", "s", on_action_page);
  gtk_widget_class_install_action (widget_class, "win.preference", "s", on_action_preference);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, on_action_preferences);
  gtk_widget_class_install_action (widget_class, "win.say", "s", on_action_say);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, on_action_search);
  gtk_widget_class_install_action (widget_class, "win.session-events", "(ts)",
                                   on_action_session_events);
  gtk_widget_class_install_action (widget_class, "win.undo-rotation", "u",
                                   on_action_undo_rotation);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/turnhouse/Turnhouse/window.ui");
  gtk_widget_class_bind_template_child (widget_class, ThWindow, width);
  gtk_widget_class_bind_template_child (widget_class, ThWindow, titles);
  gtk_widget_class_bind_template_child (widget_class, ThWindow, title);
  gtk_widget_class_bind_template_child (widget_class, ThWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, ThWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ThWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, ThWindow, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, ThWindow, server_page);
  gtk_widget_class_bind_template_child (widget_class, ThWindow, credentials_page);
  gtk_widget_class_bind_template_child (widget_class, ThWindow, connections_page);
  gtk_widget_class_bind_template_child (widget_class, ThWindow, ice_page);
  gtk_widget_class_bind_template_child (widget_class, ThWindow, failure_page);
  gtk_widget_class_bind_template_callback (widget_class, update_frame);
  gtk_widget_class_bind_template_callback (widget_class, on_page_changed);
}

static void
th_window_init (ThWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
th_window_new (GtkApplication *application, ThPanelState *state)
{
  ThWindow *self = g_object_new (TH_TYPE_WINDOW, "application", application, NULL);
  self->state = state;
  gtk_window_set_default_size (GTK_WINDOW (self), state->width, state->height);
  if (state->maximized)
    gtk_window_maximize (GTK_WINDOW (self));
  if (adw_view_stack_get_child_by_name (self->pages, state->page))
    adw_view_stack_set_visible_child_name (self->pages, state->page);
  return GTK_WIDGET (self);
}

void
th_window_set_engine (ThWindow *self, ThEngine *engine, const char *state_directory)
{
  g_return_if_fail (TH_IS_WINDOW (self) && !self->engine);
  self->engine = g_object_ref (engine);
  th_server_page_set_engine (self->server_page, engine, self->state);
  th_credentials_page_set_engine (self->credentials_page, engine, state_directory);
  th_connections_page_set_engine (self->connections_page, engine);
  th_ice_page_set_engine (self->ice_page, engine);
  gtk_widget_set_visible (GTK_WIDGET (self->failure_page), FALSE);
  g_signal_connect_object (th_secret_ring_get_history (th_engine_get_secret_ring (engine)),
                           "items-changed", G_CALLBACK (on_history_changed), self,
                           G_CONNECT_SWAPPED);
  update_frame (self);
  update_shown (self);
}

void
th_window_set_failure (ThWindow *self, const char *reason)
{
  g_return_if_fail (TH_IS_WINDOW (self));
  g_autofree char *escaped = g_markup_escape_text (reason, -1);
  adw_status_page_set_description (self->failure_page, escaped);
  gtk_widget_set_visible (GTK_WIDGET (self->failure_page), TRUE);
  update_frame (self);
}

void
th_window_quit (ThWindow *self)
{
  g_return_if_fail (TH_IS_WINDOW (self));
  guint calls = self->engine ? th_calls_count (self->engine) : 0;
  if (calls == 0)
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  g_autofree char *body = make_warning (calls);
  gtk_window_present (GTK_WINDOW (self));
  th_compat_confirm (GTK_WIDGET (self), _("Quit Turnhouse?"), body, _("Quit"),
                     (void (*) (gpointer)) gtk_window_destroy, self);
}
