/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * $XDG_CONFIG_HOME/autostart/APPLICATION-ID.desktop
 */
#include "panel/desktop/autostart-file.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

static gboolean
fail (const char *path, const char *what, GError **error)
{
  int number = errno;
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: %s: %s", shown, what,
               g_strerror (number));
  return FALSE;
}

static gboolean
write_file (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_TYPE,
                         G_KEY_FILE_DESKTOP_TYPE_APPLICATION);
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_NAME, "Turnhouse");
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_ICON,
                         TH_APPLICATION_ID);
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_EXEC,
                         "turnhouse --background");
  return g_key_file_save_to_file (file, path, error);
}

gboolean
th_autostart_file_set (gboolean wanted, GError **error)
{
  g_autofree char *directory = g_build_filename (g_get_user_config_dir (), "autostart", NULL);
  g_autofree char *path = g_build_filename (directory, TH_APPLICATION_ID ".desktop", NULL);

  if (!wanted)
    return g_unlink (path) == 0 || errno == ENOENT || fail (path, "cannot be removed", error);
  if (g_mkdir_with_parents (directory, 0700) != 0)
    return fail (directory, "cannot be made", error);
  return write_file (path, error);
}
