/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading PEM files, and leaving nothing of them in memory.
 */
#include "network/pem-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "network/certificate.h"

static gboolean
refuse (ThPemKind kind, const char *name, const char *why, GError **error)
{
  /* Translators: %1$s is a file, %2$s why not, perhaps in the system's words */
  g_set_error (error, TH_NETWORK_ERROR, TH_NETWORK_ERROR_READ,
               kind == TH_PEM_CERTIFICATE ? _("The certificate %1$s cannot be read: %2$s")
                                          : _("The private key %1$s cannot be read: %2$s"),
               name, why);
  return FALSE;
}

/* A pipe would have the reader wait, and a folder cannot be read at all. */
static const char *
check_kind (int fd)
{
  struct stat status;

  if (fstat (fd, &status) != 0)
    return g_strerror (errno);
  if (!S_ISREG (status.st_mode))
    return _("it is not a regular file");
  if (status.st_size > TH_PEM_SIZE_MAX)
    return _("it is larger than 256 KiB");
  return NULL;
}

/* Into @bytes, which has room for one byte more than is allowed. */
static gssize
read_whole (int fd, char *bytes)
{
  gsize length = 0;

  while (length <= TH_PEM_SIZE_MAX)
    {
      gssize n = read (fd, bytes + length, TH_PEM_SIZE_MAX + 1 - length);

      if (n == 0)
        return length;
      if (n < 0 && errno != EINTR)
        return -1;
      if (n > 0)
        length += n;
    }
  errno = EFBIG;
  return -1;
}

static gboolean
read_into (ThPem *self, ThPemKind kind, int fd, GError **error)
{
  const char *why = fd < 0 ? g_strerror (errno) : check_kind (fd);
  gssize length;

  if (why != NULL)
    return refuse (kind, self->name, why, error);
  self->length = TH_PEM_SIZE_MAX + 1;
  self->bytes = g_malloc0 (self->length + 1);
  length = read_whole (fd, self->bytes);
  if (length < 0)
    return refuse (kind, self->name, g_strerror (errno), error);
  self->length = length;
  self->bytes[length] = '\0';
  return TRUE;
}

ThPem *
th_pem_read (ThPemKind kind, const char *path, GError **error)
{
  g_autoptr (ThPem) self = th_pem_new_take (NULL, NULL, 0);
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  int number = errno;
  gboolean read_well;

  self->name = g_filename_display_name (path);
  errno = number;
  read_well = read_into (self, kind, fd, error);
  if (fd >= 0)
    close (fd);
  return read_well ? g_steal_pointer (&self) : NULL;
}

ThPem *
th_pem_new_take (const char *name, char *bytes, gsize length)
{
  ThPem *self = g_new (ThPem, 1);

  *self = (ThPem){ g_strdup (name), bytes, length };
  return self;
}

void
th_pem_free (ThPem *self)
{
  if (self->bytes != NULL)
    explicit_bzero (self->bytes, self->length);
  g_free (self->bytes);
  g_free (self->name);
  g_free (self);
}
