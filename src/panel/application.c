/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThApplication: start, stop, and the actions that belong to no page.
 */
#include "panel/application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "app/engine.h"
#include "app/rotator.h"
#include "control/control-server.h"
#include "credentials/store-move.h"
#include "panel/command-line.h"
#include "panel/compat.h"
#include "panel/desktop/desktop.h"
#include "panel/pages/keyring-page.h"
#include "panel/options.h"
#include "panel/panel-settings.h"
#include "panel/panel-state.h"
#include "panel/window.h"

struct _ThApplication {
  AdwApplication parent_instance;
  gint64 started_at;
  char *state_directory;
  ThPanelState *state;
  ThDesktop *desktop;
  ThControlSocket *socket; /* nullable */
  ThEngine *engine; /* NULL where it cannot be made */
  ThControlServer *control; /* nullable, of both */
  gboolean stays_hidden; /* the window, at the start */
  GCancellable *waiting;       /* for the keyring; nullable */
  ThKeyringPage *keyring_page; /* in the window now; nullable */
  GtkWidget *pages;            /* of the window, meanwhile; nullable */
  guint signal_sources[2];
};

G_DEFINE_FINAL_TYPE (ThApplication, th_application, ADW_TYPE_APPLICATION)

/* Returns: (nullable): the window with the pages, not a dialog of it */
static ThWindow *
main_window (ThApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l; l = l->next)
    {
      if (TH_IS_WINDOW (l->data))
        return l->data;
    }
  return NULL;
}

static void
show_keyring_page (ThApplication *self, ThWindow *window)
{
  AdwApplicationWindow *frame = ADW_APPLICATION_WINDOW (window);
  if (self->keyring_page)
    {
      th_keyring_page_set_waiting (self->keyring_page);
      return;
    }
  self->pages = g_object_ref (adw_application_window_get_content (frame));
  self->keyring_page = TH_KEYRING_PAGE (th_keyring_page_new ());
  adw_application_window_set_content (frame, GTK_WIDGET (self->keyring_page));
}

static void
hide_keyring_page (ThApplication *self, ThWindow *window)
{
  if (!self->keyring_page)
    return;
  self->keyring_page = NULL;
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), self->pages);
  g_clear_object (&self->pages);
}

/* Who holds it is the one with these secrets: two would undo each other's changes. */
static gboolean
open_socket (ThApplication *self, ThWindow *window)
{
  g_autoptr (GError) error = NULL;

  self->socket = th_control_socket_open (self->state_directory, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    {
      g_message ("%s", error->message);
      th_window_set_failure (window, _("Another Turnhouse of yours runs already, perhaps in another "
                                       "session. Quit it there, then try again here."));
      return FALSE;
    }
  if (!self->socket)
    g_message ("--status and --rotate will not reach this program. %s", error->message);
  return TRUE;
}

/* Makes the engine and starts the relay; what cannot be becomes something the window says. */
static void
make_engine (ThApplication *self, ThWindow *window)
{
  g_autoptr (ThSettings) settings = th_panel_settings_load ();
  g_autoptr (GError) error = NULL;

  if (!open_socket (self, window))
    return;
  self->engine = th_engine_new (settings, self->state_directory, &error);
  if (!self->engine)
    {
      g_message ("%s", error->message);
      th_window_set_failure (window, error->message);
      g_clear_pointer (&self->socket, th_control_socket_close);
      return;
    }
  if (self->socket)
    self->control = th_control_server_new (self->engine, self->socket);
  th_desktop_set_engine (self->desktop, self->engine);
  th_ice_runs_follow_setting (th_engine_get_ice_runs (self->engine), TRUE);
  th_engine_start (self->engine, NULL);
  th_window_set_engine (window, self->engine, self->state_directory);
}

static void
on_unlocked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean unlocked = th_store_unlock_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* and so is the application */

  ThApplication *self = data;
  ThWindow *window = main_window (self);
  g_clear_object (&self->waiting);
  if (!window)
    return; /* closed this moment */
  if (!unlocked)
    {
      g_message ("%s", error->message);
      th_keyring_page_set_error (self->keyring_page, error);
      return;
    }
  hide_keyring_page (self, window);
  make_engine (self, window);
}

/* The relay starts at once, unless its secrets are in a keyring, which may be locked. */
static void
set_up_engine (ThApplication *self, ThWindow *window)
{
  if (th_store_get_kind (self->state_directory) == TH_STORE_FILES)
    {
      hide_keyring_page (self, window);
      make_engine (self, window);
      th_store_unlock_async (self->state_directory, NULL, NULL, NULL); /* if a move was cut off */
      return;
    }
  show_keyring_page (self, window);
  self->waiting = g_cancellable_new ();
  th_store_unlock_async (self->state_directory, self->waiting, on_unlocked, self);
}

static void
on_first_frame_painted (GdkFrameClock *clock, ThApplication *self)
{
  g_signal_handlers_disconnect_by_func (clock, on_first_frame_painted, self);
  g_debug ("first frame after %" G_GINT64_FORMAT " ms",
           (g_get_monotonic_time () - self->started_at) / 1000);
}

static gboolean
on_terminate (gpointer data)
{
  g_application_quit (data);
  return G_SOURCE_CONTINUE;
}

static void
on_action_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  th_compat_show_about (GTK_WINDOW (main_window (data)));
}

static void
on_action_quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ThWindow *window = main_window (data);
  if (window)
    th_window_quit (window);
  else
    g_application_quit (data);
}

static void
on_action_retry (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ThApplication *self = data;
  if (!self->engine && !self->waiting)
    set_up_engine (self, main_window (self));
}

/* From a notification, perhaps while another window is in front. */
static void
on_action_show_page (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GApplication *application = data;
  g_application_activate (application);
  gtk_widget_activate_action (GTK_WIDGET (main_window (data)), "win.page", "s",
                              g_variant_get_string (parameter, NULL));
}

static void
on_rotated (GObject *rotator, GAsyncResult *result, gpointer data)
{
  g_autoptr (ThApplication) self = data;
  g_autoptr (GError) error = NULL;
  ThWindow *window = main_window (self);
  if (th_rotator_rotate_finish (TH_ROTATOR (rotator), result, &error))
    return; /* the window says so */
  g_message ("The secret cannot be rotated: %s", error->message);
  if (window)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.say", "s", error->message);
}

/* Also called over the session bus, by the desktop or a script; perhaps as the first thing. */
static void
on_action_rotate_credentials (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ThApplication *self = data;
  if (!self->engine)
    g_application_activate (G_APPLICATION (self));
  if (self->engine)
    th_rotator_rotate_async (th_engine_get_rotator (self->engine), TH_RING_SECRET, "desktop", NULL,
                             on_rotated, g_object_ref (self));
}

static void
add_actions (ThApplication *self)
{
  static const GActionEntry entries[] = {
    { .name = "about", .activate = on_action_about },
    { .name = "quit", .activate = on_action_quit },
    { .name = "retry", .activate = on_action_retry },
    { .name = "rotate-credentials", .activate = on_action_rotate_credentials },
    { .name = "show-page", .activate = on_action_show_page, .parameter_type = "s" },
  };
  static const struct {
    const char *action;
    const char *keys;
  } accelerators[] = {
    { "app.quit", "<Control>q" },
    { "window.close", "<Control>w" },
    { "win.preferences", "<Control>comma" },
    { "win.search", "<Control>f" },
    { "win.event-log", "<Control>l" },
    { "win.page('server')", "<Alt>1" },
    { "win.page('credentials')", "<Alt>2" },
    { "win.page('connections')", "<Alt>3" },
    { "win.page('ice-test')", "<Alt>4" },
  };
  GtkApplication *application = GTK_APPLICATION (self);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (application, accelerators[i].action,
                                           (const char *[]){ accelerators[i].keys, NULL });
}

static int
th_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  ThApplication *self = TH_APPLICATION (application);
  int status = th_command_line_run (options, self->state_directory);

  if (status >= 0)
    return status;
  self->stays_hidden = g_variant_dict_contains (options, "background");
  if (self->stays_hidden && g_application_register (application, NULL, NULL) &&
      g_application_get_is_remote (application))
    return 0; /* it runs, and is to be left alone */
  return G_APPLICATION_CLASS (th_application_parent_class)
      ->handle_local_options (application, options);
}

static void
th_application_startup (GApplication *application)
{
  ThApplication *self = TH_APPLICATION (application);
  G_APPLICATION_CLASS (th_application_parent_class)->startup (application);

  g_autofree char *path = g_build_filename (self->state_directory, "panel.ini", NULL);
  self->state = th_panel_state_load (path);
  self->desktop = th_desktop_new (GTK_APPLICATION (self), self->state);
  self->signal_sources[0] = g_unix_signal_add (SIGTERM, on_terminate, self);
  self->signal_sources[1] = g_unix_signal_add (SIGINT, on_terminate, self);
  gtk_window_set_default_icon_name (TH_APPLICATION_ID);
  add_actions (self);
}

static void
th_application_activate (GApplication *application)
{
  ThApplication *self = TH_APPLICATION (application);
  ThWindow *window = main_window (self);
  if (!window)
    {
      GtkWidget *widget = th_window_new (GTK_APPLICATION (self), self->state);
      window = TH_WINDOW (widget);
      if (TH_DEVELOPMENT)
        gtk_widget_add_css_class (widget, "devel"); /* stripes */
      set_up_engine (self, window);
      gtk_widget_realize (widget);
      g_signal_connect_object (gtk_widget_get_frame_clock (widget), "after-paint",
                               G_CALLBACK (on_first_frame_painted), self, 0);
    }
  if (!self->stays_hidden)
    gtk_window_present (GTK_WINDOW (window));
  self->stays_hidden = FALSE;
}

static void
th_application_shutdown (GApplication *application)
{
  ThApplication *self = TH_APPLICATION (application);
  for (guint i = 0; i < G_N_ELEMENTS (self->signal_sources); i++)
    g_clear_handle_id (&self->signal_sources[i], g_source_remove);
  g_cancellable_cancel (self->waiting);
  if (self->engine)
    th_engine_stop (self->engine);

  /* A session that ends leaves the window open; it tells its size as it goes. */
  ThWindow *window = main_window (self);
  if (window)
    gtk_window_destroy (GTK_WINDOW (window));
  th_panel_state_save (self->state);

  G_APPLICATION_CLASS (th_application_parent_class)->shutdown (application);
  g_clear_object (&self->desktop);
  g_clear_pointer (&self->control, th_control_server_free);
  g_clear_pointer (&self->socket, th_control_socket_close);
  g_clear_object (&self->engine);
  g_clear_object (&self->waiting);
  g_clear_object (&self->pages);
  g_clear_pointer (&self->state, th_panel_state_free);
}

static void
th_application_finalize (GObject *object)
{
  g_free (TH_APPLICATION (object)->state_directory);
  G_OBJECT_CLASS (th_application_parent_class)->finalize (object);
}

static void
th_application_class_init (ThApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = th_application_finalize;
  application_class->handle_local_options = th_application_handle_local_options;
  application_class->startup = th_application_startup;
  application_class->activate = th_application_activate;
  application_class->shutdown = th_application_shutdown;
}

static void
th_application_init (ThApplication *self)
{
  guint n_options;
  const ThPanelOption *options = th_panel_options_get (&n_options);
  g_autofree GOptionEntry *entries = g_new0 (GOptionEntry, n_options + 2);
  for (guint i = 0; i < n_options; i++)
    entries[i] = (GOptionEntry){ .long_name = options[i].name,
                                 .arg = options[i].arg,
                                 .description = _(options[i].help),
                                 .arg_description = options[i].value };
  entries[n_options] = (GOptionEntry){ .long_name = G_OPTION_REMAINING,
                                       .arg = G_OPTION_ARG_STRING_ARRAY,
                                       .arg_description = "[URL…]" };

  GApplication *application = G_APPLICATION (self);
  g_application_add_main_option_entries (application, entries);
  g_application_set_option_context_summary (application, _(th_panel_options_get_summary ()));
  g_application_set_option_context_description (application,
                                                _(th_panel_options_get_description ()));
}

ThApplication *
th_application_new (gint64 started_at)
{
  ThApplication *self =
      g_object_new (TH_TYPE_APPLICATION, "application-id", TH_APPLICATION_ID, "resource-base-path",
                    "/io/github/turnhouse/Turnhouse", "register-session", TRUE, NULL);
  self->started_at = started_at;
  self->state_directory = g_build_filename (g_get_user_state_dir (), "turnhouse-panel", NULL);
  return self;
}
