/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store: the lock on the directory, the marker that says where its secrets are, and the place
 * that they are in.
 */
#include "credentials/store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "credentials/ring.h"
#include "credentials/store-driver.h"

#define COPIED "copies may be left in the other place" /* in the marker's second line */

static const char *const kinds[] = { [TH_STORE_FILES] = "files", [TH_STORE_KEYRING] = "keyring" };

static const ThStoreDriver *keyring; /* nullable */

static gboolean
lock_directory (int fd)
{
  while (flock (fd, LOCK_EX) != 0)
    if (errno != EINTR)
      return FALSE;
  return TRUE;
}

static gboolean
open_and_lock (ThStore *self, GError **error)
{
  if (g_mkdir_with_parents (self->directory, 0700) != 0)
    return th_store_fail (self->directory, NULL, TH_STORE_MAKE, errno, error);
  self->fd = open (self->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->fd < 0)
    return th_store_fail (self->directory, NULL, TH_STORE_OPEN, errno, error);
  return lock_directory (self->fd) ||
         th_store_fail (self->directory, NULL, TH_STORE_LOCK, errno, error);
}

/* Returns: FALSE if it is no marker */
static gboolean
parse_marker (const char *text, ThStoreKind *kind, gboolean *copied)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 0);

  *copied = lines[0] != NULL && lines[1] != NULL && g_str_equal (g_strchomp (lines[1]), COPIED);
  for (guint i = 0; lines[0] != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (g_strstrip (lines[0]), kinds[i]))
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_marker (const char *directory, int fd, ThStoreKind *kind, gboolean *copied, GError **error)
{
  ThStorePlace *place = th_store_files.open (directory, fd, error);
  g_autofree char *text = NULL;
  gsize length;
  gboolean is_read = th_store_files.read (place, TH_STORE_MARKER, &text, &length, error);

  th_store_files.close (place);
  *kind = TH_STORE_FILES;
  *copied = FALSE;
  if (!is_read || text == NULL || parse_marker (text, kind, copied))
    return is_read;

  g_autofree char *shown = g_filename_display_name (directory);
  g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE,
               _("%1$s/%2$s must say where the secrets are, “files” or “keyring”, and says "
                 "neither"),
               shown, TH_STORE_MARKER);
  return FALSE;
}

/* TRUE with the place opened, as the marker says */
static gboolean
open_place (ThStore *self, GError **error)
{
  if (!open_and_lock (self, error) ||
      !read_marker (self->directory, self->fd, &self->kind, &self->copied, error))
    return FALSE;
  self->driver = th_store_get_driver (self->kind, error);
  if (self->driver != NULL)
    self->place = self->driver->open (self->directory, self->fd, error);
  return self->place != NULL;
}

void
th_store_set_keyring (const ThStoreDriver *driver)
{
  keyring = driver;
}

const ThStoreDriver *
th_store_get_driver (ThStoreKind kind, GError **error)
{
  if (kind == TH_STORE_FILES)
    return &th_store_files;
  if (keyring == NULL)
    g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE,
                         _("The secrets are in the system keyring, which this program does not "
                           "use; have the panel that keeps them there move them to files"));
  return keyring;
}

gboolean
th_store_mark (ThStore *self, ThStoreKind kind, gboolean copied, GError **error)
{
  ThStorePlace *place = th_store_files.open (self->directory, self->fd, error);
  g_autofree char *text = g_strconcat (kinds[kind], "\n", copied ? COPIED "\n" : NULL, NULL);
  gboolean written = th_store_files.write (place, TH_STORE_MARKER, text, strlen (text), error);

  th_store_files.close (place);
  return written;
}

static char *
describe_failure (ThStoreDeed deed, const char *path, const char *why)
{
  switch (deed)
    {
    case TH_STORE_MAKE:
      /* Translators: %1$s is a file or folder, %2$s why not, in the system's words */
      return g_strdup_printf (_("%1$s cannot be made: %2$s"), path, why);
    case TH_STORE_OPEN:
      return g_strdup_printf (_("%1$s cannot be opened: %2$s"), path, why);
    case TH_STORE_LOCK:
      return g_strdup_printf (_("%1$s cannot be locked: %2$s"), path, why);
    case TH_STORE_READ:
      return g_strdup_printf (_("%1$s cannot be read: %2$s"), path, why);
    case TH_STORE_WRITE:
      return g_strdup_printf (_("%1$s cannot be written: %2$s"), path, why);
    case TH_STORE_SET_ASIDE:
      return g_strdup_printf (_("%1$s cannot be kept aside: %2$s"), path, why);
    case TH_STORE_REMOVE:
      return g_strdup_printf (_("%1$s cannot be removed: %2$s"), path, why);
    }
  g_return_val_if_reached (NULL);
}

gboolean
th_store_fail (const char *directory,
               const char *name,
               ThStoreDeed deed,
               int number,
               GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *shown = g_filename_display_name (path);

  g_autofree char *text = describe_failure (deed, shown, g_strerror (number));

  g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE, text);
  return FALSE;
}

gboolean
th_store_is_kept (const char *name)
{
  return g_str_is_ascii (name) && (g_str_has_suffix (name, TH_STORE_SUFFIX) ||
                                   strstr (name, TH_STORE_SUFFIX ".damaged-") != NULL);
}

char *
th_store_name_aside (const char *name, guint attempt)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%SZ");

  return attempt == 0 ? g_strdup_printf ("%s.damaged-%s", name, time)
                      : g_strdup_printf ("%s.damaged-%s-%u", name, time, attempt);
}

ThStoreKind
th_store_get_kind (const char *directory)
{
  int fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ThStoreKind kind = TH_STORE_FILES;
  gboolean copied;

  if (fd < 0)
    return TH_STORE_FILES;
  read_marker (directory, fd, &kind, &copied, NULL);
  close (fd);
  return kind;
}

ThStore *
th_store_open (const char *directory, GError **error)
{
  g_autoptr (ThStore) self = g_new0 (ThStore, 1);

  self->directory = g_strdup (directory);
  self->fd = -1;
  return open_place (self, error) ? g_steal_pointer (&self) : NULL;
}

ThStore *
th_store_open_files (const char *directory, GError **error)
{
  g_autoptr (ThStore) self = g_new0 (ThStore, 1);

  self->directory = g_strdup (directory);
  self->fd = -1;
  self->driver = &th_store_files;
  if (open_and_lock (self, error))
    self->place = self->driver->open (self->directory, self->fd, error);
  return self->place != NULL ? g_steal_pointer (&self) : NULL;
}

void
th_store_close (ThStore *self)
{
  if (self->place != NULL)
    self->driver->close (self->place);
  if (self->fd >= 0)
    close (self->fd); /* which also unlocks */
  g_free (self->directory);
  g_free (self);
}

gboolean
th_store_read (ThStore *self, const char *name, char **bytes, gsize *length, GError **error)
{
  return self->driver->read (self->place, name, bytes, length, error);
}

gboolean
th_store_write (ThStore *self, const char *name, const char *bytes, gsize length, GError **error)
{
  return self->driver->write (self->place, name, bytes, length, error);
}

char *
th_store_set_aside (ThStore *self, const char *name, GError **error)
{
  return self->driver->set_aside (self->place, name, error);
}

GError *
th_store_set_damaged_aside (ThStore *self, const char *name, const char *then)
{
  g_autofree char *path = g_build_filename (self->directory, name, NULL);
  g_autofree char *shown = g_filename_display_name (path);
  GError *error = NULL;
  g_autofree char *aside = th_store_set_aside (self, name, &error);

  if (aside != NULL)
    g_set_error (&error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED,
                 /* Translators: %1$s and %2$s are files, %3$s is "then apps need new tokens" */
                 _("%1$s is damaged and was kept as %2$s; put a good copy back, or start again: "
                   "%3$s"),
                 shown, aside, then);
  return error;
}
