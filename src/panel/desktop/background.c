/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * org.freedesktop.portal.Background. Its answer is a signal of an object whose path is known
 * beforehand, so we listen before we ask.
 */
#include "panel/desktop/background.h"

#include <glib/gi18n.h>

#include "panel/desktop/autostart-file.h"

#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define INTERFACE "org.freedesktop.portal.Background"

typedef struct {
  gboolean background;
  gboolean autostart;
} Leave;

struct _ThBackground {
  GObject parent_instance;
  GDBusConnection *bus; /* NULL: there is none, or it was not needed so far */
  GTask *asking;        /* nullable */
  guint response;       /* the signal we listen for, while asking */
  guint n_asked;
  char *status; /* nullable: what was said last */
};

G_DEFINE_FINAL_TYPE (ThBackground, th_background, G_TYPE_OBJECT)

static gboolean
is_in_sandbox (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) ||
         g_strcmp0 (g_getenv ("GTK_USE_PORTAL"), "1") == 0;
}

/* (transfer none) (nullable) */
static GDBusConnection *
get_bus (ThBackground *self, GError **error)
{
  if (!self->bus)
    self->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, error); /* the application's: no wait */
  return self->bus;
}

/* Ends the question that waits; what comes after that about it is not heard. */
static void
settle (ThBackground *self, Leave *leave, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->asking);

  if (self->response)
    g_dbus_connection_signal_unsubscribe (self->bus, self->response);
  self->response = 0;
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_memdup2 (leave, sizeof *leave), g_free);
}

static void
on_response (GDBusConnection *bus,
             const char *sender,
             const char *path,
             const char *interface,
             const char *signal,
             GVariant *parameters,
             gpointer data)
{
  g_autoptr (GVariant) results = NULL;
  Leave leave = { FALSE, FALSE };
  guint response;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    return;
  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  if (response == 0)
    {
      g_variant_lookup (results, "background", "b", &leave.background);
      g_variant_lookup (results, "autostart", "b", &leave.autostart);
    }
  settle (data, &leave, NULL);
}

static void
on_called (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ThBackground *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply || self->asking != task)
    {
      g_clear_error (&error);
      return;
    }
  g_dbus_error_strip_remote_error (error);
  settle (self, NULL, error);
}

static GVariant *
make_options (const char *token, gboolean autostart)
{
  static const char *const command[] = { "turnhouse", "--background", NULL };
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_variant_builder_add (&options, "{sv}", "reason",
                         g_variant_new_string (_("Calls go on without the window")));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (autostart));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command, -1));
  return g_variant_new ("(s@a{sv})", "", g_variant_builder_end (&options));
}

static void
ask_portal (ThBackground *self, gboolean autostart)
{
  GError *error = NULL;
  GDBusConnection *bus = get_bus (self, &error);

  if (!bus)
    {
      settle (self, NULL, error);
      return;
    }
  g_autofree char *token = g_strdup_printf ("turnhouse%u", ++self->n_asked);
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (bus) + 1);
  g_autofree char *path = g_strconcat (PORTAL_PATH "/request/",
                                       g_strdelimit (sender, ".", '_'), "/", token, NULL);
  self->response = g_dbus_connection_signal_subscribe (
      bus, PORTAL, "org.freedesktop.portal.Request", "Response", path, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, on_response, self, NULL);
  g_dbus_connection_call (bus, PORTAL, PORTAL_PATH, INTERFACE, "RequestBackground",
                          make_options (token, autostart), G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_called,
                          g_object_ref (self->asking));
}

static void
write_autostart (ThBackground *self, gboolean autostart)
{
  Leave leave = { TRUE, autostart };
  GError *error = NULL;

  th_autostart_file_set (autostart, &error);
  settle (self, &leave, error);
}

static void
th_background_dispose (GObject *object)
{
  ThBackground *self = TH_BACKGROUND (object);

  g_clear_object (&self->bus);
  g_clear_pointer (&self->status, g_free);
  G_OBJECT_CLASS (th_background_parent_class)->dispose (object);
}

static void
th_background_class_init (ThBackgroundClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = th_background_dispose;
}

static void
th_background_init (ThBackground *self)
{
}

ThBackground *
th_background_new (void)
{
  return g_object_new (TH_TYPE_BACKGROUND, NULL);
}

void
th_background_ask_async (ThBackground *self,
                         gboolean autostart,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (TH_IS_BACKGROUND (self));
  if (self->asking)
    settle (self, NULL, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Asked anew"));
  self->asking = g_task_new (self, NULL, callback, user_data);
  if (is_in_sandbox ())
    ask_portal (self, autostart);
  else
    write_autostart (self, autostart);
}

gboolean
th_background_ask_finish (GAsyncResult *result,
                          gboolean *background,
                          gboolean *autostart,
                          GError **error)
{
  g_autofree Leave *leave = g_task_propagate_pointer (G_TASK (result), error);

  if (!leave)
    return FALSE;
  *background = leave->background;
  *autostart = leave->autostart;
  return TRUE;
}

void
th_background_say (ThBackground *self, const char *status)
{
  GDBusConnection *bus;
  GVariantBuilder options;

  g_return_if_fail (TH_IS_BACKGROUND (self));
  if (!is_in_sandbox () || g_strcmp0 (self->status, status) == 0)
    return;
  g_free (self->status);
  self->status = g_strdup (status);
  bus = get_bus (self, NULL);
  if (!bus)
    return;
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "message", g_variant_new_string (status));
  g_dbus_connection_call (bus, PORTAL, PORTAL_PATH, INTERFACE, "SetStatus",
                          g_variant_new ("(a{sv})", &options), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                          NULL, NULL, NULL);
}
