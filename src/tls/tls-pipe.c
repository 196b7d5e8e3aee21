/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GnuTLS between two pieces of memory. It takes its input from the desk and so never reads a socket
 * for five bytes of a header; its output is collected there.
 */
#include "tls/tls-pipe.h"

#include <errno.h>
#include <string.h>

typedef enum {
  STATE_SHAKING,
  STATE_OPEN,
  STATE_SILENT, /* it has said goodbye, and only listens */
  STATE_ENDED,  /* nothing more is read or written */
} State;

struct _ThTlsPipe {
  gnutls_session_t session;
  ThTlsContext *context;
  ThTlsDesk *desk; /* while it works */
  State state;
};

static gssize
on_session_pull (gnutls_transport_ptr_t data, void *bytes, size_t length)
{
  ThTlsPipe *self = data;
  gsize n = self->desk == NULL ? 0 : MIN (length, self->desk->input_length);

  if (n == 0)
    {
      gnutls_transport_set_errno (self->session, EAGAIN);
      return -1;
    }
  memcpy (bytes, self->desk->input, n);
  self->desk->input += n;
  self->desk->input_length -= n;
  return (gssize) n;
}

static gssize
on_session_push (gnutls_transport_ptr_t data, const giovec_t *parts, int n_parts)
{
  ThTlsPipe *self = data;
  gssize length = 0;

  for (int i = 0; i < n_parts; i++)
    {
      g_byte_array_append (self->desk->output, parts[i].iov_base, (guint) parts[i].iov_len);
      length += (gssize) parts[i].iov_len;
    }
  return length;
}

/* Warnings of the client's are no reason to stop. */
static gboolean
is_to_be_repeated (gssize result)
{
  return result == GNUTLS_E_INTERRUPTED || result == GNUTLS_E_WARNING_ALERT_RECEIVED;
}

/* Returns: whether data can flow now */
static gboolean
shake_hands (ThTlsPipe *self)
{
  int result;

  do
    result = gnutls_handshake (self->session);
  while (is_to_be_repeated (result));
  if (result >= 0)
    {
      self->state = STATE_OPEN;
    }
  else if (result != GNUTLS_E_AGAIN)
    {
      gnutls_alert_send_appropriate (self->session, result);
      self->state = STATE_ENDED;
    }
  return self->state == STATE_OPEN;
}

static gssize
receive (ThTlsPipe *self, guint8 *bytes, gsize size)
{
  gssize result;

  do
    result = gnutls_record_recv (self->session, bytes, size);
  while (is_to_be_repeated (result));
  return result;
}

/* @result: why there is no more data */
static void
note_end (ThTlsPipe *self, gssize result)
{
  if (result == GNUTLS_E_REHANDSHAKE)
    gnutls_alert_send (self->session, GNUTLS_AL_FATAL, GNUTLS_A_NO_RENEGOTIATION);
  else if (result != 0)
    gnutls_alert_send_appropriate (self->session, (int) result);
  if (result != 0) /* after a close_notify, one goes back */
    self->state = STATE_ENDED;
}

static gboolean
encrypt (ThTlsPipe *self, const guint8 *bytes, gsize length)
{
  while (length > 0 && self->state == STATE_OPEN)
    {
      gssize sent = gnutls_record_send (self->session, bytes, length);

      if (sent < 0 && !is_to_be_repeated (sent))
        self->state = STATE_ENDED;
      bytes += MAX (sent, 0);
      length -= (gsize) MAX (sent, 0);
    }
  return length == 0;
}

ThTlsDesk *
th_tls_desk_new (void)
{
  ThTlsDesk *self = g_new0 (ThTlsDesk, 1);

  self->output = g_byte_array_new ();
  return self;
}

void
th_tls_desk_free (ThTlsDesk *self)
{
  g_byte_array_unref (self->output);
  explicit_bzero (self->record, sizeof self->record);
  g_free (self);
}

ThTlsPipe *
th_tls_pipe_new (ThTlsContext *context, const char *const *protocols)
{
  gnutls_session_t session = th_tls_context_new_session (context, TH_TLS_OVER_TCP, protocols);
  ThTlsPipe *self;

  if (session == NULL)
    return NULL;
  self = g_new0 (ThTlsPipe, 1);
  self->session = session;
  self->context = th_tls_context_ref (context);
  gnutls_transport_set_ptr (session, self);
  gnutls_transport_set_pull_function (session, on_session_pull);
  gnutls_transport_set_vec_push_function (session, on_session_push);
  return self;
}

void
th_tls_pipe_free (ThTlsPipe *self)
{
  gnutls_deinit (self->session);
  th_tls_context_unref (self->context);
  g_free (self);
}

gboolean
th_tls_pipe_is_open (const ThTlsPipe *self)
{
  return self->state == STATE_OPEN;
}

gboolean
th_tls_pipe_speaks (const ThTlsPipe *self, const char *protocol)
{
  gnutls_datum_t chosen;

  return gnutls_alpn_get_selected_protocol (self->session, &chosen) >= 0 &&
         chosen.size == strlen (protocol) && memcmp (chosen.data, protocol, chosen.size) == 0;
}

gsize
th_tls_pipe_read (ThTlsPipe *self, ThTlsDesk *desk, guint8 *bytes, gsize size, gboolean *ended)
{
  gsize length = 0;
  gssize result = 0;

  self->desk = desk;
  *ended = FALSE;
  if (self->state == STATE_OPEN || self->state == STATE_SILENT ||
      (self->state == STATE_SHAKING && shake_hands (self)))
    {
      while (length < size && (result = receive (self, bytes + length, size - length)) > 0)
        length += (gsize) result;
      *ended = result <= 0 && result != GNUTLS_E_AGAIN;
      if (*ended)
        note_end (self, result);
    }
  *ended |= self->state == STATE_ENDED;
  desk->input_length = 0;
  self->desk = NULL;
  return length;
}

gboolean
th_tls_pipe_write (ThTlsPipe *self, ThTlsDesk *desk, const guint8 *bytes, gsize length)
{
  while (length > 0)
    {
      gsize n = MIN (length, TH_TLS_RECORD_MAX - desk->filled);

      memcpy (desk->record + desk->filled, bytes, n);
      desk->filled += n;
      bytes += n;
      length -= n;
      if (desk->filled == TH_TLS_RECORD_MAX && !th_tls_pipe_flush (self, desk))
        return FALSE;
    }
  return TRUE;
}

gboolean
th_tls_pipe_flush (ThTlsPipe *self, ThTlsDesk *desk)
{
  gboolean sent;

  self->desk = desk;
  sent = encrypt (self, desk->record, desk->filled);
  self->desk = NULL;
  desk->filled = 0;
  return sent;
}

void
th_tls_pipe_say_goodbye (ThTlsPipe *self, ThTlsDesk *desk)
{
  self->desk = desk;
  if (self->state == STATE_OPEN)
    {
      gnutls_bye (self->session, GNUTLS_SHUT_WR);
      self->state = STATE_SILENT;
    }
  else if (self->state == STATE_SHAKING)
    {
      self->state = STATE_ENDED;
    }
  self->desk = NULL;
}
