/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A server whose static users come and go while it runs, for tests with real clients. It reads the
 * same configuration as turnhouse-server, and lines "add NAME" and "remove NAME" from the pipe
 * "orders" that it makes in its state directory; it writes "added NAME PASSWORD", "removed NAME" or
 * "failed MESSAGE" to its output.
 */
#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <sys/stat.h>

#include "app/engine.h"
#include "app/state-directory.h"
#include "credentials/secret.h"

static gboolean
on_signal (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

static void
on_added (GObject *users, GAsyncResult *result, gpointer data)
{
  g_autofree char *name = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ThSecretText) password =
      th_user_list_add_finish (TH_USER_LIST (users), result, &error);

  if (password != NULL)
    g_print ("added %s %s\n", name, password);
  else
    g_print ("failed %s\n", error->message);
}

static void
on_removed (GObject *users, GAsyncResult *result, gpointer data)
{
  g_autofree char *name = data;
  g_autoptr (GError) error = NULL;

  if (th_user_list_remove_finish (TH_USER_LIST (users), result, &error))
    g_print ("removed %s\n", name);
  else
    g_print ("failed %s\n", error->message);
}

static void
carry_out (ThUserList *users, const char *order)
{
  g_auto (GStrv) words = g_strsplit (order, " ", 2);

  if (g_strv_length (words) != 2)
    g_error ("What is %s?", order);
  if (g_str_equal (words[0], "add"))
    th_user_list_add_async (users, words[1], NULL, NULL, on_added, g_strdup (words[1]));
  else
    th_user_list_remove_async (users, words[1], NULL, on_removed, g_strdup (words[1]));
}

static void
on_order (GObject *stream, GAsyncResult *result, gpointer users)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *order = g_data_input_stream_read_line_finish (
      G_DATA_INPUT_STREAM (stream), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_assert_no_error (error);
  carry_out (users, order);
  g_data_input_stream_read_line_async (G_DATA_INPUT_STREAM (stream), G_PRIORITY_DEFAULT,
                                       g_task_get_cancellable (G_TASK (result)), on_order, users);
}

/* The pipe is open for writing too, so that it does not end between two orders. */
static GDataInputStream *
open_orders (const char *state_directory)
{
  g_autofree char *path = g_build_filename (state_directory, "orders", NULL);
  g_autoptr (GInputStream) pipe = NULL;
  int fd;

  if (mkfifo (path, 0600) != 0)
    g_error ("%s: %s", path, g_strerror (errno));
  fd = open (path, O_RDWR | O_CLOEXEC);
  pipe = g_unix_input_stream_new (fd, TRUE);
  return g_data_input_stream_new (pipe);
}

static void
run (ThEngine *engine, const char *state_directory)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GDataInputStream) orders = open_orders (state_directory);

  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_data_input_stream_read_line_async (orders, G_PRIORITY_DEFAULT, cancellable, on_order,
                                       th_engine_get_users (engine));
  g_print ("ready\n");
  g_main_loop_run (loop);
  g_cancellable_cancel (cancellable);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

int
main (int argc, char **argv)
{
  g_autofree char *state_directory = th_state_directory_find ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ThSettings) settings = NULL;
  g_autoptr (ThEngine) engine = NULL;

  if (argc == 3 && g_str_equal (argv[1], "--config"))
    settings = th_settings_new_from_file (argv[2], &error);
  if (settings != NULL)
    engine = th_engine_new (settings, state_directory, &error);
  if (engine == NULL || !th_engine_start (engine, &error))
    {
      g_printerr ("%s\n", error != NULL ? error->message : "usage: --config FILE");
      return 1;
    }
  run (engine, state_directory);
  th_engine_stop (engine);
  return 0;
}
