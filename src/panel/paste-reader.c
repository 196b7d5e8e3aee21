/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A GTask for each text, and for each file.
 */
#include "panel/paste-reader.h"

#include <string.h>

static void
give (GTask *task, ThIcePaste *paste, GError *error)
{
  if (paste)
    g_task_return_pointer (task, paste, (GDestroyNotify) th_ice_paste_free);
  else
    g_task_return_error (task, error);
}

static void
read_text (GTask *task, gpointer source, gpointer text, GCancellable *cancellable)
{
  GError *error = NULL;
  ThIcePaste *paste = th_ice_paste_parse (text, strlen (text), &error);

  give (task, paste, error);
}

static void
read_file (GTask *task, gpointer source, gpointer file, GCancellable *cancellable)
{
  GError *error = NULL;
  gsize length = 0;
  g_autofree char *bytes = g_malloc (TH_ICE_PASTE_SIZE_MAX + 1); /* one more tells too much */
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, &error);
  ThIcePaste *paste = NULL;

  if (stream && g_input_stream_read_all (G_INPUT_STREAM (stream), bytes, TH_ICE_PASTE_SIZE_MAX + 1,
                                         &length, cancellable, &error))
    paste = th_ice_paste_parse (bytes, length, &error);
  give (task, paste, error);
}

void
th_paste_read_text_async (char *text,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, th_paste_read_text_async);
  g_task_set_task_data (task, text, g_free);
  g_task_run_in_thread (task, read_text);
}

void
th_paste_read_file_async (GFile *file,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, th_paste_read_file_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, read_file);
}

ThIcePaste *
th_paste_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
