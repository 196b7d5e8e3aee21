/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GnuTLS as a client, on a socket that is waited for beside the main context.
 */
#include "dtls-end.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "waiting.h"

/* Messages may be as long as there is room for in one. */
#define RECORD_MAX 16384

static gboolean
is_lost (DtlsEnd *self, gboolean outgoing, const guint8 *bytes, gsize length)
{
  return self->filter != NULL && self->filter (outgoing, bytes, length, self->filter_data);
}

static gssize
on_push (gnutls_transport_ptr_t data, const void *bytes, size_t length)
{
  DtlsEnd *self = data;

  if (self->sent != NULL)
    g_ptr_array_add (self->sent, g_bytes_new (bytes, length));
  self->bytes_sent += length;
  if (!is_lost (self, TRUE, bytes, length))
    g_assert_cmpint (send (self->fd, bytes, length, MSG_NOSIGNAL), ==, (gssize) length);
  return (gssize) length;
}

static gssize
on_pull (gnutls_transport_ptr_t data, void *bytes, size_t length)
{
  DtlsEnd *self = data;

  for (;;)
    {
      gssize n = recv (self->fd, bytes, length, MSG_DONTWAIT);

      if (n < 0)
        {
          gnutls_transport_set_errno (self->tls, EAGAIN);
          return -1;
        }
      self->bytes_received += (gsize) n;
      if (!is_lost (self, FALSE, bytes, (gsize) n))
        return n;
    }
}

static int
on_pull_timeout (gnutls_transport_ptr_t data, unsigned int milliseconds)
{
  struct pollfd item = { .fd = ((DtlsEnd *) data)->fd, .events = POLLIN };

  return poll (&item, 1, 0);
}

static void
set_up (DtlsEnd *self)
{
  g_assert_cmpint (gnutls_init (&self->tls, GNUTLS_CLIENT | GNUTLS_DATAGRAM | GNUTLS_NONBLOCK),
                   >=, 0);
  g_assert_cmpint (gnutls_set_default_priority (self->tls), >=, 0);
  gnutls_certificate_allocate_credentials (&self->credentials);
  gnutls_credentials_set (self->tls, GNUTLS_CRD_CERTIFICATE, self->credentials);
  gnutls_transport_set_ptr (self->tls, self);
  gnutls_transport_set_push_function (self->tls, on_push);
  gnutls_transport_set_pull_function (self->tls, on_pull);
  gnutls_transport_set_pull_timeout_function (self->tls, on_pull_timeout);
}

DtlsEnd *
dtls_end_new (int fd)
{
  DtlsEnd *self = g_new0 (DtlsEnd, 1);

  self->fd = fd;
  set_up (self);
  return self;
}

void
dtls_end_free (DtlsEnd *self)
{
  gnutls_deinit (self->tls);
  gnutls_certificate_free_credentials (self->credentials);
  g_clear_pointer (&self->sent, g_ptr_array_unref);
  g_free (self);
}

int
dtls_end_step (DtlsEnd *self)
{
  return gnutls_handshake (self->tls);
}

gboolean
dtls_end_shake_hands (DtlsEnd *self)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  for (;;)
    {
      int result = dtls_end_step (self);

      if (result == GNUTLS_E_SUCCESS || gnutls_error_is_fatal (result))
        {
          gnutls_dtls_set_mtu (self->tls, RECORD_MAX);
          return result == GNUTLS_E_SUCCESS;
        }
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      wait_a_little (self->fd);
    }
}

void
dtls_end_write (DtlsEnd *self, const void *bytes, gsize length)
{
  g_assert_cmpint (gnutls_record_send (self->tls, bytes, length), ==, (gssize) length);
}

gsize
dtls_end_read (DtlsEnd *self, void *bytes, gsize size)
{
  gssize n = gnutls_record_recv (self->tls, bytes, size);

  if (n > 0)
    return (gsize) n;
  if (n == 0 || gnutls_error_is_fatal ((int) n))
    self->ended = TRUE;
  return 0;
}
