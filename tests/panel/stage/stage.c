/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The panel as main.c has it, with somebody outside who sets its stage: who writes commands
 * (commands.h) to its standard input, a line each, and gets a line for each when the window shows
 * what came of it: "ok" or "no", and an answer.
 *
 * Nothing moves by itself, and windows look as with a desktop around them: as if they had the
 * focus, and with round corners. The environment's TURNHOUSE_LOCALE_DIR is where translations are.
 */
#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>

#include "app/log.h"
#include "commands.h"
#include "find.h"
#include "panel/application.h"

/* What a change leads to is laid out in one frame, and may change more. */
#define FRAMES   2
#define FRAME_MS 20

typedef struct {
  GtkApplication *application;
  GDataInputStream *input;
  char *answer; /* to be given when the window has settled */
  guint frames; /* until then */
} Stage;

static void read_command (Stage *self);

static void
dress (GtkWidget *window)
{
  if (gtk_widget_has_css_class (window, "solid-csd"))
    {
      gtk_widget_remove_css_class (window, "solid-csd");
      gtk_widget_add_css_class (window, "csd");
    }
  gtk_widget_unset_state_flags (window, GTK_STATE_FLAG_BACKDROP);
}

static void
dress_all (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      if (gtk_widget_get_realized (window))
        dress (window);
    }
}

static void
give_answer (Stage *self)
{
  puts (self->answer);
  fflush (stdout);
  g_clear_pointer (&self->answer, g_free);
  read_command (self);
}

static gboolean
on_frame (gpointer data)
{
  Stage *self = data;
  dress_all ();
  if (self->frames-- > 0)
    return G_SOURCE_CONTINUE;
  give_answer (self);
  return G_SOURCE_REMOVE;
}

/* Below the priority of layout and drawing, so that each run of it is behind a frame. */
static void
answer_when_settled (Stage *self)
{
  self->frames = FRAMES;
  g_timeout_add_full (GDK_PRIORITY_REDRAW + 20, FRAME_MS, on_frame, self, NULL);
}

static void
on_line (GObject *input, GAsyncResult *result, gpointer data)
{
  Stage *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *line =
      g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (input), result, NULL, &error);
  g_autofree char *answer = NULL;
  gboolean changes = FALSE;
  if (!line)
    {
      g_application_quit (G_APPLICATION (self->application));
      return;
    }
  answer = command_run (self->application, line, &changes, &error);
  self->answer =
      answer ? g_strconcat ("ok ", answer, NULL) : g_strconcat ("no ", error->message, NULL);
  if (changes)
    answer_when_settled (self);
  else
    give_answer (self);
}

static void
read_command (Stage *self)
{
  g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, NULL, on_line, self);
}

static void
on_activate (GtkApplication *application, Stage *self)
{
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE,
                "gtk-cursor-blink", FALSE, "gtk-overlay-scrolling", TRUE, NULL);
  read_command (self);
}

static void
set_up_language (void)
{
  const char *catalogues = g_getenv ("TURNHOUSE_LOCALE_DIR");
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, catalogues ? catalogues : "");
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

int
main (int argc, char **argv)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (0, FALSE);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);
  gint64 started_at = g_get_monotonic_time ();
  int status;

  th_log_install ();
  set_up_language ();
  g_autoptr (ThApplication) application = th_application_new (started_at);
  Stage stage = { .application = GTK_APPLICATION (application), .input = lines };
  g_signal_connect_after (application, "activate", G_CALLBACK (on_activate), &stage);
  status = g_application_run (G_APPLICATION (application), argc, argv);
  g_free (stage.answer);
  return status;
}
