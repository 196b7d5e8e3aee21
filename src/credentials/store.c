/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Durable files by the usual dance: write a new one, sync it, rename it over the old one, sync the
 * directory. A lock on the directory keeps other processes out meanwhile.
 */
#include "credentials/store.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "credentials/ring.h"

#define ASIDE_TRIES 100

struct _ThStore
{
  char *directory; /* for messages */
  int fd;
};

static gboolean
fail (const char *directory, const char *name, const char *what, int number, GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE, "%s cannot be %s: %s",
               shown, what, g_strerror (number));
  return FALSE;
}

static gboolean
lock_directory (int fd)
{
  while (flock (fd, LOCK_EX) != 0)
    if (errno != EINTR)
      return FALSE;
  return TRUE;
}

/* TRUE if all was written and is on the disk; else errno says why not. */
static gboolean
write_durably (int fd, const char *bytes, gsize length)
{
  while (length > 0)
    {
      gssize n = write (fd, bytes, length);

      if (n < 0 && errno != EINTR)
        return FALSE;
      if (n > 0)
        {
          bytes += n;
          length -= n;
        }
    }
  return fchmod (fd, 0600) == 0 && fsync (fd) == 0;
}

static gboolean
write_new_file (ThStore *self, const char *name, const char *bytes, gsize length)
{
  int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
  int fd = openat (self->fd, name, flags, 0600);
  gboolean written;
  int number;

  if (fd < 0)
    return FALSE;
  written = write_durably (fd, bytes, length);
  number = errno;
  if (close (fd) != 0 && written)
    return FALSE;
  errno = number;
  return written;
}

static gboolean
open_and_lock (ThStore *self, GError **error)
{
  if (g_mkdir_with_parents (self->directory, 0700) != 0)
    return fail (self->directory, NULL, "made", errno, error);
  self->fd = open (self->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->fd < 0)
    return fail (self->directory, NULL, "opened", errno, error);
  return lock_directory (self->fd) || fail (self->directory, NULL, "locked", errno, error);
}

ThStore *
th_store_open (const char *directory, GError **error)
{
  g_autoptr (ThStore) self = g_new (ThStore, 1);

  *self = (ThStore) { .directory = g_strdup (directory), .fd = -1 };
  return open_and_lock (self, error) ? g_steal_pointer (&self) : NULL;
}

void
th_store_close (ThStore *self)
{
  if (self->fd >= 0)
    close (self->fd); /* which also unlocks */
  g_free (self->directory);
  g_free (self);
}

gboolean
th_store_read (ThStore *self, const char *name, char **bytes, gsize *length, GError **error)
{
  int fd = openat (self->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  g_autoptr (GInputStream) stream = NULL;
  g_autofree char *contents = NULL;

  *bytes = NULL;
  if (fd < 0)
    return errno == ENOENT || fail (self->directory, name, "read", errno, error);

  stream = g_unix_input_stream_new (fd, TRUE);
  contents = g_malloc (TH_STORE_FILE_SIZE_MAX + 1);
  if (!g_input_stream_read_all (stream, contents, TH_STORE_FILE_SIZE_MAX + 1, length, NULL, NULL))
    return fail (self->directory, name, "read", EIO, error);
  if (*length > TH_STORE_FILE_SIZE_MAX)
    {
      explicit_bzero (contents, *length);
      g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED,
                   "%s is larger than anything that is kept there", name);
      return FALSE;
    }
  contents[*length] = '\0';
  *bytes = g_steal_pointer (&contents);
  return TRUE;
}

gboolean
th_store_write (ThStore *self, const char *name, const char *bytes, gsize length, GError **error)
{
  g_autofree char *new_name = g_strconcat (name, ".new", NULL);

  if (write_new_file (self, new_name, bytes, length) &&
      renameat (self->fd, new_name, self->fd, name) == 0 && fsync (self->fd) == 0)
    return TRUE;

  fail (self->directory, name, "written", errno, error);
  unlinkat (self->fd, new_name, 0);
  return FALSE;
}

char *
th_store_set_aside (ThStore *self, const char *name, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%SZ");

  for (guint i = 0; i < ASIDE_TRIES; i++)
    {
      g_autofree char *aside = i == 0 ? g_strdup_printf ("%s.damaged-%s", name, time)
                                      : g_strdup_printf ("%s.damaged-%s-%u", name, time, i);

      if (renameat2 (self->fd, name, self->fd, aside, RENAME_NOREPLACE) == 0)
        return g_steal_pointer (&aside);
      if (errno != EEXIST)
        break;
    }
  fail (self->directory, name, "kept aside", errno, error);
  return NULL;
}
