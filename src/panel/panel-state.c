/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPanelState: the key file behind it.
 */
#include "panel/panel-state.h"

#define DEFAULT_WIDTH  960
#define DEFAULT_HEIGHT 680
#define DEFAULT_PAGE   "server"
#define SMALLEST       200
#define LARGEST        16384

/* A size that a window can have, else @fallback. */
static int
read_size (GKeyFile *file, const char *key, int fallback)
{
  int size = g_key_file_get_integer (file, "window", key, NULL);
  return size >= SMALLEST && size <= LARGEST ? size : fallback;
}

ThPanelState *
th_panel_state_load (const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  ThPanelState *self = g_new0 (ThPanelState, 1);

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  self->path = g_strdup (path);
  self->width = read_size (file, "width", DEFAULT_WIDTH);
  self->height = read_size (file, "height", DEFAULT_HEIGHT);
  self->maximized = g_key_file_get_boolean (file, "window", "maximized", NULL);
  self->welcomed = g_key_file_get_boolean (file, "welcome", "dismissed", NULL);
  self->traffic_in_bytes = g_key_file_get_boolean (file, "traffic", "bytes", NULL);
  self->background = g_key_file_get_boolean (file, "desktop", "background", NULL);
  self->asked_about_background = g_key_file_get_boolean (file, "desktop", "asked", NULL);
  self->autostart = g_key_file_get_boolean (file, "desktop", "autostart", NULL);
  self->keep_awake = g_key_file_get_boolean (file, "desktop", "keep-awake", NULL);
  self->met_client = g_key_file_get_boolean (file, "welcome", "met-client", NULL);
  self->page = g_key_file_get_string (file, "window", "page", NULL);
  if (!self->page)
    self->page = g_strdup (DEFAULT_PAGE);
  return self;
}

void
th_panel_state_save (ThPanelState *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  g_key_file_set_integer (file, "window", "width", self->width);
  g_key_file_set_integer (file, "window", "height", self->height);
  g_key_file_set_boolean (file, "window", "maximized", self->maximized);
  g_key_file_set_string (file, "window", "page", self->page);
  g_key_file_set_boolean (file, "welcome", "dismissed", self->welcomed);
  g_key_file_set_boolean (file, "traffic", "bytes", self->traffic_in_bytes);
  g_key_file_set_boolean (file, "welcome", "met-client", self->met_client);
  g_key_file_set_boolean (file, "desktop", "background", self->background);
  g_key_file_set_boolean (file, "desktop", "asked", self->asked_about_background);
  g_key_file_set_boolean (file, "desktop", "autostart", self->autostart);
  g_key_file_set_boolean (file, "desktop", "keep-awake", self->keep_awake);
  if (!g_key_file_save_to_file (file, self->path, &error))
    g_info ("The window's state is not kept: %s", error->message);
}

void
th_panel_state_free (ThPanelState *self)
{
  g_free (self->page);
  g_free (self->path);
  g_free (self);
}
