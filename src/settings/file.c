/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bounded read that takes pipes as well as files, so that a configuration may come from a
 * process substitution.
 */
#include "settings/file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <string.h>
#include <sys/stat.h>

#include "settings/settings.h"

static void
set_error (const char *path, const char *why, GError **error)
{
  g_autofree char *name = th_display_path (path);

  g_set_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_READ, "%s: cannot be read: %s", name,
               why);
}

static gboolean
is_readable_by_others (int fd)
{
  struct stat status;

  return fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && (status.st_mode & S_IROTH) != 0;
}

char *
th_read_limited (const char *path,
                 gsize limit,
                 gsize *length,
                 gboolean *readable_by_others,
                 GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) why = NULL;
  char *bytes;

  if (fd < 0)
    {
      set_error (path, g_strerror (errno), error);
      return NULL;
    }
  *readable_by_others = is_readable_by_others (fd);
  stream = g_unix_input_stream_new (fd, TRUE);
  bytes = g_malloc (limit + 2); /* one to see that there is more, one for the NUL */
  if (!g_input_stream_read_all (stream, bytes, limit + 1, length, NULL, &why))
    set_error (path, why->message, error);
  else if (*length > limit)
    set_error (path, g_strerror (EFBIG), error);
  else
    {
      bytes[*length] = '\0';
      return bytes;
    }
  explicit_bzero (bytes, *length);
  g_free (bytes);
  return NULL;
}

char *
th_display_path (const char *path)
{
  return g_strdelimit (g_filename_display_name (path), "\n\r", '?');
}

void
th_warn_about_open_file (const char *path)
{
  g_autofree char *name = th_display_path (path);

  g_warning ("%s holds secrets, but every user of this machine may read it; "
             "mode 0600 keeps it private",
             name);
}
