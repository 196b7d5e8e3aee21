/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Starting gnome-keyring-daemon, and the parts of its D-Bus interfaces that a desktop session uses.
 */
#include "secret-service.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../settings/folder.h"

#define PASSWORD "a password of the test"
#define SECONDS  20

#define SERVICE         "org.freedesktop.secrets"
#define SERVICE_PATH    "/org/freedesktop/secrets"
#define COLLECTION_PATH "/org/freedesktop/secrets/collection/login"
#define PROMPTER        "org.gnome.keyring.SystemPrompter"
#define PROMPTER_PATH   "/org/gnome/keyring/Prompter"
#define CALLBACK        "org.gnome.keyring.internal.Prompter.Callback"

static const char prompter_xml[] =
    "<node><interface name='org.gnome.keyring.internal.Prompter'>"
    "<method name='BeginPrompting'><arg type='o' direction='in'/></method>"
    "<method name='PerformPrompt'><arg type='o' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='a{sv}' direction='in'/><arg type='s' direction='in'/></method>"
    "<method name='StopPrompting'><arg type='o' direction='in'/></method>"
    "</interface></node>";

static struct {
  TestFolder *home;
  GTestDBus *bus;
  GDBusConnection *connection; /* the desktop's, not the one that the code under test shares */
  GPid daemon;
  TestUser user;
  guint prompts;
  char *asker, *callback; /* nullable: of the prompt that waits for the user */
} desktop;

static void
set_home (void)
{
  static const char *const names[] = { "HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME",
                                       "XDG_CONFIG_HOME", "XDG_CACHE_HOME" };

  desktop.home = test_folder_new ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_setenv (names[i], desktop.home, TRUE);
}

/* In the daemon-to-be: it ends with the test, however that ends. */
static void
end_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
start_daemon (const char *program)
{
  const char *arguments[] = { program, "--foreground", "--unlock", "--components=secrets", NULL };
  g_autoptr (GError) error = NULL;
  int input;

  g_spawn_async_with_pipes (NULL, (char **) arguments, NULL,
                            G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                                G_SPAWN_STDERR_TO_DEV_NULL,
                            end_with_parent, NULL, &desktop.daemon, &input, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (write (input, PASSWORD, strlen (PASSWORD)), ==, strlen (PASSWORD));
  g_assert_no_errno (close (input));
}

static GVariant *
call (const char *path, const char *interface, const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer =
      g_dbus_connection_call_sync (desktop.connection, SERVICE, path, interface, method, arguments,
                                   NULL, G_DBUS_CALL_FLAGS_NONE, SECONDS * 1000, NULL, &error);

  g_assert_no_error (error);
  return answer;
}

static void
wait_for_service (void)
{
  gint64 end = g_get_monotonic_time () + SECONDS * G_USEC_PER_SEC;
  gboolean there = FALSE;

  while (!there)
    {
      g_autoptr (GVariant) answer =
          g_dbus_connection_call_sync (desktop.connection, "org.freedesktop.DBus", "/",
                                       "org.freedesktop.DBus", "NameHasOwner",
                                       g_variant_new ("(s)", SERVICE), NULL, G_DBUS_CALL_FLAGS_NONE,
                                       -1, NULL, NULL);

      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_variant_get (answer, "(b)", &there);
      g_usleep (10000);
    }
}

static void
answer_prompt (const char *reply)
{
  g_autoptr (GVariantDict) properties = g_variant_dict_new (NULL);

  g_dbus_connection_call (desktop.connection, desktop.asker, desktop.callback, CALLBACK,
                          "PromptReady",
                          g_variant_new ("(s@a{sv}s)", reply, g_variant_dict_end (properties), ""),
                          NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

/* Answers as the user does, if there is one. */
static void
ask_user (void)
{
  if (desktop.asker == NULL || desktop.user == TEST_USER_IS_AWAY)
    return;
  if (desktop.user == TEST_USER_UNLOCKS)
    test_secret_service_unlock ();
  answer_prompt ("no");
  g_clear_pointer (&desktop.asker, g_free);
  g_clear_pointer (&desktop.callback, g_free);
}

static void
on_prompter_called (GDBusConnection *connection,
                    const char *sender,
                    const char *path,
                    const char *interface,
                    const char *method,
                    GVariant *parameters,
                    GDBusMethodInvocation *invocation,
                    gpointer data)
{
  g_dbus_method_invocation_return_value (invocation, NULL);
  if (g_str_equal (method, "StopPrompting"))
    return;
  g_free (desktop.asker);
  g_free (desktop.callback);
  desktop.asker = g_strdup (sender);
  g_variant_get_child (parameters, 0, "o", &desktop.callback);
  if (g_str_equal (method, "BeginPrompting"))
    {
      desktop.prompts++;
      answer_prompt ("");
    }
  else
    ask_user ();
}

static void
start_prompter (void)
{
  static const GDBusInterfaceVTable functions = { .method_call = on_prompter_called };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (prompter_xml, NULL);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  g_dbus_connection_register_object (desktop.connection, PROMPTER_PATH, node->interfaces[0],
                                     &functions, NULL, NULL, &error);
  g_assert_no_error (error);
  answer = g_dbus_connection_call_sync (desktop.connection, "org.freedesktop.DBus", "/",
                                        "org.freedesktop.DBus", "RequestName",
                                        g_variant_new ("(su)", PROMPTER, 0), NULL,
                                        G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

gboolean
test_secret_service_start (void)
{
  g_autofree char *program = g_find_program_in_path ("gnome-keyring-daemon");
  g_autoptr (GError) error = NULL;

  if (program == NULL)
    return FALSE;
  set_home ();
  desktop.bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (desktop.bus);
  desktop.connection =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (desktop.bus),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  start_daemon (program);
  wait_for_service ();
  start_prompter ();
  return TRUE;
}

void
test_secret_service_stop (void)
{
  g_assert_no_errno (kill (desktop.daemon, SIGKILL));
  g_spawn_close_pid (desktop.daemon);
  g_dbus_connection_close_sync (desktop.connection, NULL, NULL);
  g_clear_object (&desktop.connection);
  g_clear_pointer (&desktop.asker, g_free);
  g_clear_pointer (&desktop.callback, g_free);
  g_test_dbus_stop (desktop.bus);
  g_clear_object (&desktop.bus);
  g_clear_pointer (&desktop.home, test_folder_free);
}

void
test_secret_service_lock (void)
{
  const char *paths[] = { COLLECTION_PATH, NULL };
  g_autoptr (GVariant) answer =
      call (SERVICE_PATH, "org.freedesktop.Secret.Service", "Lock", g_variant_new ("(^ao)", paths));
}

/* As logging in does. */
void
test_secret_service_unlock (void)
{
  g_autoptr (GVariant) session =
      call (SERVICE_PATH, "org.freedesktop.Secret.Service", "OpenSession",
            g_variant_new ("(sv)", "plain", g_variant_new_string ("")));
  const char *path;
  g_autoptr (GVariant) answer = NULL;

  g_variant_get (session, "(v&o)", NULL, &path);
  answer = call (SERVICE_PATH, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
                 "UnlockWithMasterPassword",
                 g_variant_new ("(o(o@ay@ays))", COLLECTION_PATH, path,
                                g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, NULL, 0, 1),
                                g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, PASSWORD,
                                                           strlen (PASSWORD), 1),
                                "text/plain"));
}

void
test_secret_service_set_user (TestUser user)
{
  desktop.user = user;
  ask_user ();
}

guint
test_secret_service_count_prompts (void)
{
  guint prompts;

  /* What the service sent before it answered this has arrived, too. */
  g_variant_unref (call (SERVICE_PATH, "org.freedesktop.DBus.Peer", "Ping", NULL));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  prompts = desktop.prompts;
  desktop.prompts = 0;
  return prompts;
}

static GVariant *
get_property (const char *path, const char *interface, const char *name)
{
  g_autoptr (GVariant) answer = call (path, "org.freedesktop.DBus.Properties", "Get",
                                      g_variant_new ("(ss)", interface, name));
  GVariant *value;

  g_variant_get (answer, "(v)", &value);
  return value;
}

GStrv
test_secret_service_get_labels (void)
{
  g_autoptr (GVariant) items =
      get_property (COLLECTION_PATH, "org.freedesktop.Secret.Collection", "Items");
  g_autofree const char **paths = g_variant_get_objv (items, NULL);
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();

  for (const char **path = paths; *path != NULL; path++)
    {
      g_autoptr (GVariant) label = get_property (*path, "org.freedesktop.Secret.Item", "Label");

      g_strv_builder_add (labels, g_variant_get_string (label, NULL));
    }
  return g_strv_builder_end (labels);
}

void
test_secret_service_freeze (void)
{
  g_assert_no_errno (kill (desktop.daemon, SIGSTOP));
}

void
test_secret_service_thaw (void)
{
  g_assert_no_errno (kill (desktop.daemon, SIGCONT));
}
