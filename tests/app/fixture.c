/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An engine under test.
 */
#include "fixture.h"

#include <glib/gstdio.h>

static GSocket *
open_socket (gboolean tcp, guint16 port)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, tcp ? G_SOCKET_TYPE_STREAM : G_SOCKET_TYPE_DATAGRAM,
                    tcp ? G_SOCKET_PROTOCOL_TCP : G_SOCKET_PROTOCOL_UDP, NULL);

  if (!g_socket_bind (socket, address, tcp, NULL) || (tcp && !g_socket_listen (socket, NULL)))
    return NULL;
  return g_steal_pointer (&socket);
}

static gboolean
is_free (guint16 port)
{
  g_autoptr (GSocket) udp = open_socket (FALSE, port);
  g_autoptr (GSocket) tcp = open_socket (TRUE, port);

  return udp != NULL && tcp != NULL;
}

/* Below the ports that the kernel hands out, or a connection of another test could have it. */
guint16
find_free_ports (void)
{
  for (;;)
    {
      guint16 port = g_random_int_range (20000, 32000);

      if (is_free (port) && is_free (port + 1))
        return port;
    }
}

GSocket *
take_port (gboolean tcp, guint16 port)
{
  GSocket *socket = open_socket (tcp, port);

  g_assert_nonnull (socket);
  return socket;
}

void
fixture_set (Fixture *fixture, ThSetting setting, const char *text)
{
  g_autoptr (GError) error = NULL;

  th_settings_set_text (fixture->settings, setting, text, &error);
  g_assert_no_error (error);
}

static void
set_port (Fixture *fixture, ThSetting setting, guint16 port)
{
  g_autofree char *text = g_strdup_printf ("%u", port);

  fixture_set (fixture, setting, text);
}

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("turnhouse-test-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->settings = th_settings_new ();
  fixture->port = find_free_ports ();
  do
    fixture->endpoint_port = find_free_ports ();
  while (ABS (fixture->endpoint_port - fixture->port) < 2);
  fixture_set (fixture, TH_SETTING_RELAY_LISTEN, "127.0.0.1");
  fixture_set (fixture, TH_SETTING_RELAY_WORKERS, "1");
  set_port (fixture, TH_SETTING_RELAY_PORT, fixture->port);
  fixture_set (fixture, TH_SETTING_RELAY_TLS_PORT, "0");
  set_port (fixture, TH_SETTING_ENDPOINT_PORT, fixture->endpoint_port);
  fixture->engine = th_engine_new (fixture->settings, fixture->directory, &error);
  g_assert_no_error (error);
}

static void
remove_directory (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_file_test (file, G_FILE_TEST_IS_DIR))
        remove_directory (file);
      else
        g_unlink (file);
    }
  g_rmdir (path);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->engine);
  g_object_unref (fixture->settings);
  run_pending ();
  remove_directory (fixture->directory);
  g_free (fixture->directory);
}

void
fixture_start (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  th_engine_start (fixture->engine, &error);
  g_assert_no_error (error);
}

ThProblem *
get_problem (ThEngine *engine, const char *id)
{
  GListModel *problems = th_engine_get_problems (engine);

  for (guint i = 0; i < g_list_model_get_n_items (problems); i++)
    {
      g_autoptr (ThProblem) problem = g_list_model_get_item (problems, i);

      if (g_str_equal (th_problem_get_id (problem), id))
        return g_steal_pointer (&problem);
    }
  g_error ("There is no problem of the kind %s", id);
}

char *
describe_urls (ThEngine *engine)
{
  GListModel *urls = th_engine_get_urls (engine);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (urls); i++)
    {
      g_autoptr (ThConnectUrl) url = g_list_model_get_item (urls, i);

      g_string_append_printf (text, "%s %s\n", th_connect_url_get_label (url),
                              th_connect_url_get_url (url));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
run_pending (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}
