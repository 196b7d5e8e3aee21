/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A socket's file outlives its process, so it cannot tell whether a server runs; a lock can, which
 * ends with the process however that ends. Whoever has the lock may take the old file away.
 */
#include "control/control-socket.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_NAME "control.sock"
#define LOCK_NAME "control.lock"

/* Clients that come at the same time; more are told to try again. */
#define BACKLOG 128

/* With the NUL that not every system's tools can do without. */
#define PATH_SIZE_MAX sizeof ((struct sockaddr_un *) NULL)->sun_path

struct _ThControlSocket {
  char *path;
  int lock;
  GSocket *socket; /* nullable */
};

static gboolean
fail (const char *path, const char *what, int number, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s cannot be %s: %s", shown,
               what, g_strerror (number));
  return FALSE;
}

/* (transfer full) (nullable) */
static GSocketAddress *
make_address (const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  if (strlen (path) < PATH_SIZE_MAX)
    return g_unix_socket_address_new (path);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG,
               "The control socket cannot be named %s: a socket's name has at most %d bytes; a "
               "shorter $STATE_DIRECTORY helps",
               shown, (int) PATH_SIZE_MAX - 1);
  return NULL;
}

static GSocket *
make_socket (GError **error)
{
  return g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                       error);
}

static gboolean
take_lock (ThControlSocket *self, const char *state_directory, GError **error)
{
  g_autofree char *path = g_build_filename (state_directory, LOCK_NAME, NULL);
  g_autofree char *shown = g_filename_display_name (state_directory);

  if (g_mkdir_with_parents (state_directory, 0700) != 0)
    return fail (state_directory, "made", errno, error);
  self->lock = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (self->lock < 0)
    return fail (path, "opened", errno, error);
  if (flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  if (errno != EWOULDBLOCK)
    return fail (path, "locked", errno, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
               "A turnhouse-server runs already with the state directory %s; another one needs a "
               "$STATE_DIRECTORY of its own",
               shown);
  return FALSE;
}

/* Nobody can connect before it listens, and then it is the owner's alone. */
static gboolean
listen_at (ThControlSocket *self, GSocketAddress *address, GError **error)
{
  g_autoptr (GSocket) socket = make_socket (error);

  if (socket == NULL)
    return FALSE;
  if (g_unlink (self->path) != 0 && errno != ENOENT)
    return fail (self->path, "replaced", errno, error);
  if (!g_socket_bind (socket, address, FALSE, error))
    {
      g_autofree char *shown = g_filename_display_name (self->path);
      g_prefix_error (error, "%s: ", shown);
      return FALSE;
    }
  if (g_chmod (self->path, 0600) != 0)
    return fail (self->path, "kept private", errno, error);
  g_socket_set_listen_backlog (socket, BACKLOG);
  g_socket_set_blocking (socket, FALSE);
  if (!g_socket_listen (socket, error))
    return FALSE;
  self->socket = g_steal_pointer (&socket);
  return TRUE;
}

ThControlSocket *
th_control_socket_open (const char *state_directory, GError **error)
{
  g_autoptr (ThControlSocket) self = g_new0 (ThControlSocket, 1);
  g_autoptr (GSocketAddress) address = NULL;

  self->lock = -1;
  self->path = g_build_filename (state_directory, SOCKET_NAME, NULL);
  if (!take_lock (self, state_directory, error))
    return NULL;
  address = make_address (self->path, error);
  if (address == NULL || !listen_at (self, address, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
th_control_socket_close (ThControlSocket *self)
{
  if (self->socket != NULL)
    g_unlink (self->path);
  g_clear_object (&self->socket);
  if (self->lock >= 0)
    close (self->lock);
  g_free (self->path);
  g_free (self);
}

GSocket *
th_control_socket_get (ThControlSocket *self)
{
  return self->socket;
}

GSocket *
th_control_socket_connect (const char *state_directory, GError **error)
{
  g_autofree char *path = g_build_filename (state_directory, SOCKET_NAME, NULL);
  g_autofree char *shown = g_filename_display_name (state_directory);
  g_autoptr (GSocketAddress) address = make_address (path, error);
  g_autoptr (GSocket) socket = address != NULL ? make_socket (error) : NULL;
  g_autoptr (GError) why = NULL;

  if (socket == NULL)
    return NULL;
  if (g_socket_connect (socket, address, NULL, &why))
    return g_steal_pointer (&socket);
  if (g_error_matches (why, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
      g_error_matches (why, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "No Turnhouse runs with the state directory %s", shown);
  else
    g_set_error (error, G_IO_ERROR, why->code,
                 "The Turnhouse of %s cannot be reached: %s", shown, why->message);
  return NULL;
}
