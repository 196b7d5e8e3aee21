/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A datagram socket, and waiting for it.
 */
#include "peer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "waiting.h"

void
enlarge_receive_buffer (int fd)
{
  int size = 1024 * 1024;

  g_assert_no_errno (setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size));
}

void
peer_open_at (Peer *self, const ThAddress *address)
{
  socklen_t size = sizeof self->address;

  self->fd = socket (address->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (self->fd, >=, 0);
  g_assert_no_errno (bind (self->fd, &address->any, th_address_size (address)));
  g_assert_no_errno (getsockname (self->fd, &self->address.any, &size));
  enlarge_receive_buffer (self->fd);
}

void
peer_open (Peer *self, const char *host)
{
  ThAddress address;

  g_assert_true (th_address_parse (&address, host, 0));
  peer_open_at (self, &address);
}

void
peer_close (Peer *self)
{
  close (self->fd);
  self->fd = -1;
}

void
peer_send (const Peer *self, const ThAddress *to, const void *bytes, gsize length)
{
  g_assert_cmpint (sendto (self->fd, bytes, length, 0, &to->any, th_address_size (to)), ==, length);
}

GBytes *
peer_receive (const Peer *self, ThAddress *from, guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * G_GINT64_CONSTANT (1000);
  g_autofree guint8 *bytes = g_malloc (G_MAXUINT16);
  ThAddress source = TH_ADDRESS_NONE;
  socklen_t size = sizeof source;
  gssize length;

  while (!wait_a_little (self->fd))
    {
      if (g_get_monotonic_time () > end)
        return NULL;
    }
  length = recvfrom (self->fd, bytes, G_MAXUINT16, 0, &source.any, &size);
  g_assert_cmpint (length, >=, 0);
  if (from != NULL)
    *from = source;
  return g_bytes_new (bytes, (gsize) length);
}

void
peer_expect (const Peer *self, const char *text, ThAddress *from)
{
  g_autoptr (GBytes) bytes = peer_receive (self, from, PATIENCE / 1000);

  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static gboolean
is_free (const ThAddress *address, int type)
{
  int fd = socket (address->any.sa_family, type | SOCK_CLOEXEC, 0);
  gboolean bound = bind (fd, &address->any, th_address_size (address)) == 0;

  close (fd);
  return bound;
}

ThAddress
free_address (const char *host)
{
  for (;;)
    {
      guint16 port = (guint16) g_random_int_range (10000, 32000);
      ThAddress address;

      g_assert_true (th_address_parse (&address, host, port));
      if (is_free (&address, SOCK_DGRAM) && is_free (&address, SOCK_STREAM))
        return address;
    }
}

gboolean
has_ipv6 (void)
{
  g_autofree char *addresses = NULL;

  return g_file_get_contents ("/proc/net/if_inet6", &addresses, NULL, NULL) &&
         strstr (addresses, "00000000000000000000000000000001 ") != NULL;
}
