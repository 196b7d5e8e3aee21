/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GnuTLS on memory: it reads the record that is being taken, and writes to whoever sends.
 *
 * What is not protected yet can come from anybody who knows the five-tuple, so an open session is
 * shown protected records only, and of these none that GnuTLS would keep without a limit.
 */
#include "relay/dtls-session.h"

#include <errno.h>
#include <string.h>

/* A ClientHello with everything in it, rounded up; other messages of clients are shorter. */
#define HANDSHAKE_MESSAGE_MAX 8192

#define FIRST_ALERT_SIZE (TH_DTLS_HEADER_SIZE + 2)
#define DTLS_MAJOR 0xFE
#define DTLS_MINOR_1_0 0xFF

#define RETRANSMIT_MS 1000
#define PATIENCE_MS (TH_DTLS_HANDSHAKE_PATIENCE / 1000)

static const char *const protocols[] = { "stun.turn", "stun.nat-discovery", NULL };

static gssize
on_pull (gnutls_transport_ptr_t data, void *bytes, size_t length)
{
  ThDtlsSession *self = data;
  const ThDtlsRecord *record = g_steal_pointer (&self->incoming);

  if (record == NULL)
    {
      gnutls_transport_set_errno (self->tls, EAGAIN);
      return -1;
    }
  length = MIN (length, record->length);
  memcpy (bytes, record->bytes, length);
  return (gssize) length;
}

static int
on_pull_timeout (gnutls_transport_ptr_t data, unsigned int milliseconds)
{
  return ((ThDtlsSession *) data)->incoming != NULL;
}

/* Before a version is chosen, GnuTLS 3.7 writes that of TLS on an alert, and clients who have asked
 * for an older one would never read that it is refused. */
static void
write_first_alert (ThDtlsSession *self, const guint8 *bytes, gsize length)
{
  guint8 alert[FIRST_ALERT_SIZE];

  memcpy (alert, bytes, length);
  alert[1] = DTLS_MAJOR;
  alert[2] = DTLS_MINOR_1_0;
  self->write (self, alert, length);
}

static gssize
on_push (gnutls_transport_ptr_t data, const void *bytes, size_t length)
{
  ThDtlsSession *self = data;

  if (length == FIRST_ALERT_SIZE && ((const guint8 *) bytes)[1] != DTLS_MAJOR)
    write_first_alert (self, bytes, length);
  else
    self->write (self, bytes, length);
  return (gssize) length;
}

static void
set_up (ThDtlsSession *self)
{
  gnutls_transport_set_ptr (self->tls, self);
  gnutls_transport_set_pull_function (self->tls, on_pull);
  gnutls_transport_set_pull_timeout_function (self->tls, on_pull_timeout);
  gnutls_transport_set_push_function (self->tls, on_push);
  gnutls_handshake_set_max_packet_length (self->tls, HANDSHAKE_MESSAGE_MAX);
  gnutls_dtls_set_timeouts (self->tls, RETRANSMIT_MS, PATIENCE_MS);
  gnutls_dtls_set_mtu (self->tls, TH_DTLS_HANDSHAKE_MTU);
  gnutls_dtls_prestate_set (self->tls, &self->prestate);
}

/* It is over with it, and the client is told why. */
static void
fail (ThDtlsSession *self, int error)
{
  gnutls_alert_send_appropriate (self->tls, error);
  self->state = TH_DTLS_ENDED;
}

static void
shake_hands (ThDtlsSession *self)
{
  int result = gnutls_handshake (self->tls);

  if (result == GNUTLS_E_SUCCESS)
    {
      self->state = TH_DTLS_OPEN;
      gnutls_dtls_set_mtu (self->tls, TH_DTLS_RECORD_MAX);
    }
  else if (gnutls_error_is_fatal (result))
    {
      fail (self, result);
    }
}

/* Nobody may change keys once they are there, nor give up a session for others. */
static gboolean
is_for_open_session (const ThDtlsRecord *record)
{
  return record->epoch != 0 && record->content != TH_DTLS_CHANGE_CIPHER_SPEC;
}

static gsize
take_message (ThDtlsSession *self, guint8 *message, gsize length)
{
  gssize n = gnutls_record_recv (self->tls, message, length);

  if (n > 0)
    return (gsize) n;
  if (n == GNUTLS_E_REHANDSHAKE)
    gnutls_alert_send (self->tls, GNUTLS_AL_FATAL, GNUTLS_A_NO_RENEGOTIATION);
  if (n == 0 || n == GNUTLS_E_REHANDSHAKE || gnutls_error_is_fatal ((int) n))
    self->state = TH_DTLS_ENDED;
  return 0;
}

ThDtlsSession *
th_dtls_session_new (const ThTurnClient *client,
                     const ThDtlsRecord *hello,
                     const guint8 *random,
                     const gnutls_dtls_prestate_st *prestate,
                     ThDtlsWriter write,
                     gpointer listener,
                     gint64 now)
{
  ThDtlsSession *self = g_new0 (ThDtlsSession, 1);

  self->client = *client;
  self->client.path = self;
  self->listener = listener;
  self->begun = self->last_message = now;
  self->prestate = *prestate;
  self->hello = g_memdup2 (hello->bytes, hello->length);
  self->hello_length = hello->length;
  self->write = write;
  self->records_left = TH_DTLS_HANDSHAKE_RECORDS;
  memcpy (self->random, random, sizeof self->random);
  return self;
}

void
th_dtls_session_begin (ThDtlsSession *self, ThTlsContext *context)
{
  g_autofree guint8 *hello = g_steal_pointer (&self->hello);
  ThDtlsRecord record = { .bytes = hello, .length = self->hello_length };

  g_return_if_fail (self->state == TH_DTLS_WAITING);

  self->tls = th_tls_context_new_session (context, TH_TLS_OVER_UDP, protocols);
  if (self->tls == NULL)
    {
      self->state = TH_DTLS_ENDED;
      return;
    }
  self->context = th_tls_context_ref (context);
  self->state = TH_DTLS_GREETING;
  set_up (self);
  self->incoming = &record;
  shake_hands (self);
  self->incoming = NULL;
}

void
th_dtls_session_free (ThDtlsSession *self)
{
  if (self->tls != NULL)
    gnutls_deinit (self->tls);
  g_clear_pointer (&self->context, th_tls_context_unref);
  g_free (self->hello);
  g_free (self);
}

gsize
th_dtls_session_take (ThDtlsSession *self, const ThDtlsRecord *record, guint8 *message)
{
  gsize length = 0;

  self->incoming = record;
  if (self->state == TH_DTLS_GREETING && self->records_left > 0)
    {
      self->records_left--;
      shake_hands (self);
    }
  else if (self->state == TH_DTLS_OPEN && is_for_open_session (record))
    {
      length = take_message (self, message, record->length);
    }
  self->incoming = NULL;
  return length;
}

gboolean
th_dtls_session_send (ThDtlsSession *self, const guint8 *message, gsize length)
{
  return self->state == TH_DTLS_OPEN && gnutls_record_send (self->tls, message, length) >= 0;
}

void
th_dtls_session_remind (ThDtlsSession *self, gint64 now)
{
  if (self->state > TH_DTLS_GREETING)
    return;
  if (now - self->begun > TH_DTLS_HANDSHAKE_PATIENCE)
    self->state = TH_DTLS_ENDED;
  else if (self->state == TH_DTLS_GREETING)
    shake_hands (self);
}

void
th_dtls_session_end (ThDtlsSession *self)
{
  if (self->state == TH_DTLS_OPEN)
    gnutls_bye (self->tls, GNUTLS_SHUT_WR);
  self->state = TH_DTLS_ENDED;
}

gboolean
th_dtls_session_is_idle (const ThDtlsSession *self, gint64 now)
{
  return !self->has_allocation && now - self->last_message > TH_DTLS_PATIENCE;
}
