/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Durable files by the usual dance: write a new one, sync it, rename it over the old one, sync the
 * directory. The store's lock on the directory keeps other processes out meanwhile.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "credentials/ring.h"
#include "credentials/store-driver.h"

struct _ThStorePlace {
  char *directory; /* for messages */
  int fd;          /* not ours */
};

static gboolean
fail (ThStorePlace *self, const char *name, ThStoreDeed deed, int number, GError **error)
{
  return th_store_fail (self->directory, name, deed, number, error);
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
write_new_file (ThStorePlace *self, const char *name, const char *bytes, gsize length)
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
read_file (ThStorePlace *self, const char *name, char **bytes, gsize *length, GError **error)
{
  int fd = openat (self->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  g_autoptr (GInputStream) stream = NULL;
  g_autofree char *contents = NULL;

  *bytes = NULL;
  if (fd < 0)
    return errno == ENOENT || fail (self, name, TH_STORE_READ, errno, error);

  stream = g_unix_input_stream_new (fd, TRUE);
  contents = g_malloc (TH_STORE_FILE_SIZE_MAX + 1);
  if (!g_input_stream_read_all (stream, contents, TH_STORE_FILE_SIZE_MAX + 1, length, NULL, NULL))
    return fail (self, name, TH_STORE_READ, EIO, error);
  if (*length > TH_STORE_FILE_SIZE_MAX)
    {
      explicit_bzero (contents, *length);
      g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED,
                   _("%s is larger than anything that is kept there"), name);
      return FALSE;
    }
  contents[*length] = '\0';
  *bytes = g_steal_pointer (&contents);
  return TRUE;
}

static gboolean
write_file (ThStorePlace *self, const char *name, const char *bytes, gsize length, GError **error)
{
  g_autofree char *new_name = g_strconcat (name, ".new", NULL);

  if (write_new_file (self, new_name, bytes, length) &&
      renameat (self->fd, new_name, self->fd, name) == 0 && fsync (self->fd) == 0)
    return TRUE;

  fail (self, name, TH_STORE_WRITE, errno, error);
  unlinkat (self->fd, new_name, 0);
  return FALSE;
}

static char *
set_file_aside (ThStorePlace *self, const char *name, GError **error)
{
  for (guint i = 0; i < TH_STORE_ASIDE_ATTEMPTS; i++)
    {
      g_autofree char *aside = th_store_name_aside (name, i);

      if (renameat2 (self->fd, name, self->fd, aside, RENAME_NOREPLACE) == 0)
        return g_steal_pointer (&aside);
      if (errno != EEXIST)
        break;
    }
  fail (self, name, TH_STORE_SET_ASIDE, errno, error);
  return NULL;
}

/* What was set aside may be too large to be read, and then stays where it is. */
static gboolean
is_listed (ThStorePlace *self, const char *name)
{
  struct stat status;

  return th_store_is_kept (name) && fstatat (self->fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISREG (status.st_mode) &&
         (g_str_has_suffix (name, TH_STORE_SUFFIX) || status.st_size <= TH_STORE_FILE_SIZE_MAX);
}

static GStrv
list_files (ThStorePlace *self, GError **error)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  int fd = openat (self->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  int number = errno;

  if (dir == NULL)
    {
      if (fd >= 0)
        close (fd);
      fail (self, NULL, TH_STORE_READ, number, error);
      return NULL;
    }
  for (struct dirent *entry; (entry = readdir (dir)) != NULL;)
    if (is_listed (self, entry->d_name))
      g_strv_builder_add (names, entry->d_name);
  closedir (dir);
  return g_strv_builder_end (names);
}

static gboolean
remove_file (ThStorePlace *self, const char *name, GError **error)
{
  g_autofree char *new_name = g_strconcat (name, ".new", NULL); /* of a write that was cut off */

  if ((unlinkat (self->fd, new_name, 0) == 0 || errno == ENOENT) &&
      (unlinkat (self->fd, name, 0) == 0 || errno == ENOENT) && fsync (self->fd) == 0)
    return TRUE;
  return fail (self, name, TH_STORE_REMOVE, errno, error);
}

static ThStorePlace *
open_files (const char *directory, int fd, GError **error)
{
  ThStorePlace *self = g_new (ThStorePlace, 1);

  *self = (ThStorePlace) { .directory = g_strdup (directory), .fd = fd };
  return self;
}

static void
close_files (ThStorePlace *self)
{
  g_free (self->directory);
  g_free (self);
}

const ThStoreDriver th_store_files = {
  .open = open_files,
  .close = close_files,
  .read = read_file,
  .write = write_file,
  .set_aside = set_file_aside,
  .list = list_files,
  .remove = remove_file,
};
