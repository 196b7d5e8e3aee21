/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A link is a socket, for streams a queue before it and frames behind it, and for TLS and DTLS a
 * session in between. Whoever is called back may free the link at once; so each callback holds on
 * to it, and looks afterwards whether it goes on.
 */
#include "ice/ice-link.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <gnutls/dtls.h>
#include <string.h>

#include "ice/ice-frames.h"

#define DATAGRAM_MAX 65536
#define QUEUE_MAX 64      /* messages; a path has a few under way at once */
#define READS_AT_ONCE 32  /* then others have their turn */

typedef enum {
  CONNECTING,
  SHAKING_HANDS,
  OPEN,
  ENDED,
} State;

struct _ThIceLink {
  guint references;
  State state;
  ThIceTransport transport;
  char *host;
  char *preface; /* nullable */
  ThIceTrust *trust; /* nullable: no TLS */
  const ThIceLinkEvents *events;
  gpointer data;
  GSocket *socket;
  GSource *input;
  GSource *output; /* nullable: nothing waits to be sent */
  guint timer;     /* of DTLS: source, 0: none */
  gnutls_session_t session; /* nullable */
  GError *trouble;          /* nullable: why the session could not send or receive */
  GError *unsent;           /* nullable: why a message could not leave, not yet told */
  ThIceCertificate *certificate; /* nullable */
  GQueue queue;                  /* (element-type GBytes) */
  ThIceFrames frames;
  guint8 *buffer;
  gboolean garbage;
};

static gboolean on_output_ready (GSocket *socket, GIOCondition condition, gpointer data);

/* A link that somebody further up the stack holds. */
typedef ThIceLink Held;

static ThIceLink *
ref (ThIceLink *self)
{
  self->references++;
  return self;
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
unref (ThIceLink *self)
{
  if (--self->references > 0)
    return;
  g_clear_pointer (&self->session, gnutls_deinit);
  g_clear_pointer (&self->trust, th_ice_trust_unref);
  g_clear_pointer (&self->certificate, th_ice_certificate_free);
  g_clear_error (&self->trouble);
  g_clear_error (&self->unsent);
  g_clear_object (&self->socket);
  g_queue_clear_full (&self->queue, (GDestroyNotify) g_bytes_unref);
  th_ice_frames_clear (&self->frames);
  g_free (self->buffer);
  g_free (self->host);
  g_free (self->preface);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Held, unref)

static void
stop_watching (ThIceLink *self)
{
  self->state = ENDED;
  clear_source (&self->input);
  clear_source (&self->output);
  g_clear_handle_id (&self->timer, g_source_remove);
}

static void
fail (ThIceLink *self, const GError *error)
{
  if (self->state == ENDED)
    return;
  stop_watching (self);
  self->events->failed (error, self->data);
}

static void
fail_with (ThIceLink *self, ThIceError code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (TH_ICE_ERROR, code, message);

  fail (self, error);
}

static void
fail_like (ThIceLink *self, const GError *trouble)
{
  g_autoptr (GError) error = NULL;

  th_ice_error_translate (&error, trouble);
  fail (self, error);
}

static void
want_output (ThIceLink *self)
{
  if (self->output != NULL || self->state == ENDED)
    return;
  self->output = g_socket_create_source (self->socket, G_IO_OUT, NULL);
  g_source_set_callback (self->output, G_SOURCE_FUNC (on_output_ready), self, NULL);
  g_source_attach (self->output, NULL);
}

static gboolean
would_block (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

/* Under the session: what it sends and receives goes through the socket. */

static ssize_t
session_result (ThIceLink *self, gssize result, GError *error)
{
  if (result >= 0)
    return result;
  gnutls_transport_set_errno (self->session, would_block (error) ? EAGAIN : EIO);
  if (would_block (error))
    g_error_free (error);
  else
    {
      g_clear_error (&self->trouble);
      self->trouble = error;
    }
  return -1;
}

static ssize_t
on_session_push (gnutls_transport_ptr_t data, const void *bytes, size_t length)
{
  ThIceLink *self = data;
  GError *error = NULL;
  gssize sent = g_socket_send (self->socket, bytes, length, NULL, &error);

  return session_result (self, sent, error);
}

static ssize_t
on_session_pull (gnutls_transport_ptr_t data, void *bytes, size_t length)
{
  ThIceLink *self = data;
  GError *error = NULL;
  gssize received = g_socket_receive (self->socket, bytes, length, NULL, &error);

  return session_result (self, received, error);
}

static int
on_session_poll (gnutls_transport_ptr_t data, unsigned int milliseconds)
{
  ThIceLink *self = data;

  return g_socket_condition_check (self->socket, G_IO_IN) != 0;
}

static void
fail_session (ThIceLink *self, int result)
{
  g_autoptr (GError) error = NULL;

  if (self->trouble != NULL)
    fail_like (self, self->trouble);
  else if (result == GNUTLS_E_PREMATURE_TERMINATION || result == 0)
    fail_with (self, TH_ICE_ERROR_CLOSED, _("The server ended the connection."));
  else if (result == GNUTLS_E_FATAL_ALERT_RECEIVED)
    {
      const char *alert = gnutls_alert_get_name (gnutls_alert_get (self->session));

      g_set_error (&error, TH_ICE_ERROR, TH_ICE_ERROR_HANDSHAKE, _("The server refused: %s."),
                   alert != NULL ? alert : "unknown alert");
      fail (self, error);
    }
  else
    {
      g_set_error (&error, TH_ICE_ERROR, TH_ICE_ERROR_HANDSHAKE, _("No secure connection: %s"),
                   gnutls_strerror (result));
      fail (self, error);
    }
}

/* Above the session, or the socket alone. */

static gssize
receive_some (ThIceLink *self, GError **error)
{
  if (self->session == NULL)
    return g_socket_receive (self->socket, (char *) self->buffer, DATAGRAM_MAX, NULL, error);

  gssize result = gnutls_record_recv (self->session, self->buffer, DATAGRAM_MAX);
  if (result > 0)
    return result;
  if (result < 0 && !gnutls_error_is_fatal ((int) result))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "");
      return -1;
    }
  if (result < 0 && self->trouble != NULL)
    g_propagate_error (error, g_steal_pointer (&self->trouble));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "");
  return -1;
}

static void
deliver_frames (ThIceLink *self)
{
  while (self->state == OPEN)
    {
      gboolean garbage;
      gsize length;
      g_autofree guint8 *frame = th_ice_frames_pop (&self->frames, &length, &garbage);

      if (garbage)
        fail_with (self, TH_ICE_ERROR_GARBAGE, _("What answers there is no STUN server."));
      if (frame == NULL)
        return;
      self->events->received (frame, length, self->data);
    }
}

static void
take_in (ThIceLink *self, gsize length)
{
  if (!th_ice_transport_is_datagram (self->transport))
    {
      th_ice_frames_push (&self->frames, self->buffer, length);
      deliver_frames (self);
    }
  else if (length >= 4 && th_ice_frame_is_possible (self->buffer, length, self->frames.channel))
    self->events->received (self->buffer, length, self->data);
  else
    self->garbage = TRUE;
}

static gboolean
is_end (ThIceLink *self, gssize received)
{
  return received == 0 && !th_ice_transport_is_datagram (self->transport);
}

static void
read_all (ThIceLink *self)
{
  for (guint i = 0; i < READS_AT_ONCE && self->state == OPEN; i++)
    {
      g_autoptr (GError) error = NULL;
      gssize received = receive_some (self, &error);

      if (is_end (self, received))
        fail_with (self, TH_ICE_ERROR_CLOSED, _("The server ended the connection."));
      else if (received >= 0)
        take_in (self, received);
      else if (would_block (error))
        return;
      else
        fail_like (self, error);
    }
}

static void
become_open (ThIceLink *self)
{
  self->state = OPEN;
  if (self->session != NULL)
    self->events->secured (self->data);
  if (self->state == OPEN && self->session != NULL)
    read_all (self); /* what came with the end of the handshake no socket tells of */
}

static void
check_certificate (ThIceLink *self)
{
  g_autoptr (GError) error = NULL;

  self->certificate = th_ice_certificate_read (self->session);
  if (th_ice_certificate_check (self->session, self->host, &error))
    become_open (self);
  else
    fail (self, error);
}

static gboolean on_handshake_timer (gpointer data);

static void
shake_hands (ThIceLink *self)
{
  int result;

  do
    result = gnutls_handshake (self->session);
  while (result < 0 && result != GNUTLS_E_AGAIN && !gnutls_error_is_fatal (result));
  g_clear_handle_id (&self->timer, g_source_remove);
  if (result == GNUTLS_E_SUCCESS)
    check_certificate (self);
  else if (result != GNUTLS_E_AGAIN)
    fail_session (self, result);
  else
    {
      if (gnutls_record_get_direction (self->session) == 1)
        want_output (self);
      if (th_ice_transport_is_datagram (self->transport))
        self->timer = g_timeout_add (MAX (gnutls_dtls_get_timeout (self->session), 1),
                                     on_handshake_timer, self);
    }
}

static gboolean
on_handshake_timer (gpointer data)
{
  g_autoptr (Held) self = ref (data);

  self->timer = 0;
  shake_hands (self);
  return G_SOURCE_REMOVE;
}

static void
begin_handshake (ThIceLink *self)
{
  gboolean datagram = th_ice_transport_is_datagram (self->transport);

  self->state = SHAKING_HANDS;
  self->session = th_ice_trust_new_session (self->trust, datagram, self->host);
  if (self->session == NULL)
    {
      fail_with (self, TH_ICE_ERROR_SYSTEM, _("TLS cannot be set up."));
      return;
    }
  gnutls_transport_set_ptr (self->session, self);
  gnutls_transport_set_push_function (self->session, on_session_push);
  gnutls_transport_set_pull_function (self->session, on_session_pull);
  gnutls_transport_set_pull_timeout_function (self->session, on_session_poll);
  shake_hands (self);
}

static gboolean
on_input_ready (GSocket *socket, GIOCondition condition, gpointer data)
{
  g_autoptr (Held) self = ref (data);

  if (self->state == SHAKING_HANDS)
    shake_hands (self);
  else if (self->state == OPEN)
    read_all (self);
  return G_SOURCE_CONTINUE; /* a source that was destroyed meanwhile stays so */
}

/* The buffer of a new socket takes so little at once. */
static gboolean
send_preface (ThIceLink *self, GError **error)
{
  return self->preface == NULL || th_ice_transport_is_datagram (self->transport) ||
         g_socket_send (self->socket, self->preface, strlen (self->preface), NULL, error) >= 0;
}

static void
become_connected (ThIceLink *self)
{
  g_autoptr (GError) error = NULL;

  if (!g_socket_check_connect_result (self->socket, &error) || !send_preface (self, &error))
    {
      fail_like (self, error);
      return;
    }
  self->input = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->input, G_SOURCE_FUNC (on_input_ready), self, NULL);
  g_source_attach (self->input, NULL);
  self->state = OPEN;
  self->events->connected (self->data);
  if (self->state == OPEN && th_ice_transport_is_secure (self->transport))
    begin_handshake (self);
}

/* A datagram that cannot leave is one that got lost on the way; whoever sent it sends again. */
static gssize
send_some (ThIceLink *self, GBytes *bytes, GError **error)
{
  gsize length;
  const guint8 *start = g_bytes_get_data (bytes, &length);

  if (self->session == NULL)
    return g_socket_send (self->socket, (const char *) start, length, NULL, error);

  gssize result = gnutls_record_send (self->session, start, length);
  if (result >= 0)
    return result;
  if (!gnutls_error_is_fatal ((int) result))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "");
  else if (self->trouble != NULL)
    g_propagate_error (error, g_steal_pointer (&self->trouble));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "");
  return -1;
}

static gboolean
send_first (ThIceLink *self, GError **error)
{
  g_autoptr (GBytes) bytes = g_queue_pop_head (&self->queue);
  gsize length = g_bytes_get_size (bytes);
  gssize sent = send_some (self, bytes, error);

  if (sent >= 0 && (gsize) sent < length && !th_ice_transport_is_datagram (self->transport))
    g_queue_push_head (&self->queue, g_bytes_new_from_bytes (bytes, sent, length - sent));
  else if (sent < 0 && would_block (*error))
    g_queue_push_head (&self->queue, g_steal_pointer (&bytes));
  return sent >= 0;
}

static gboolean
send_queue (ThIceLink *self, GError **error)
{
  while (!g_queue_is_empty (&self->queue))
    {
      if (!send_first (self, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
on_output_ready (GSocket *socket, GIOCondition condition, gpointer data)
{
  g_autoptr (Held) self = ref (data);
  g_autoptr (GError) error = NULL;

  clear_source (&self->output);
  if (self->state == CONNECTING)
    become_connected (self);
  else if (self->state == SHAKING_HANDS)
    shake_hands (self);
  else if (self->state == OPEN && self->unsent != NULL)
    fail_like (self, self->unsent);
  else if (self->state == OPEN && !send_queue (self, &error))
    {
      if (would_block (error))
        want_output (self);
      else
        fail_like (self, error);
    }
  return G_SOURCE_REMOVE;
}

static GSocket *
open_socket (ThIceTransport transport, const ThAddress *remote, GError **error)
{
  gboolean datagram = th_ice_transport_is_datagram (transport);
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GSocketAddress) address =
      g_socket_address_new_from_native ((gpointer) remote, th_address_size (remote));
  g_autoptr (GSocket) socket = g_socket_new (
      g_socket_address_get_family (address),
      datagram ? G_SOCKET_TYPE_DATAGRAM : G_SOCKET_TYPE_STREAM,
      datagram ? G_SOCKET_PROTOCOL_UDP : G_SOCKET_PROTOCOL_TCP, &trouble);

  if (socket != NULL)
    g_socket_set_blocking (socket, FALSE);
  if (socket != NULL && (g_socket_connect (socket, address, NULL, &trouble) ||
                         g_error_matches (trouble, G_IO_ERROR, G_IO_ERROR_PENDING)))
    return g_steal_pointer (&socket);
  th_ice_error_translate (error, trouble);
  return NULL;
}

ThIceLink *
th_ice_link_new (ThIceTransport transport,
                 const ThAddress *remote,
                 const char *host,
                 ThIceTrust *trust,
                 const ThIceLinkEvents *events,
                 gpointer data,
                 GError **error)
{
  g_autoptr (GSocket) socket = open_socket (transport, remote, error);
  ThIceLink *self;

  if (socket == NULL)
    return NULL;
  self = g_new0 (ThIceLink, 1);
  self->references = 1;
  self->transport = transport;
  self->host = g_strdup (host);
  self->trust = trust != NULL ? th_ice_trust_ref (trust) : NULL;
  self->events = events;
  self->data = data;
  self->socket = g_steal_pointer (&socket);
  self->buffer = g_malloc (DATAGRAM_MAX);
  g_queue_init (&self->queue);
  th_ice_frames_init (&self->frames);
  want_output (self); /* which says that it is connected */
  return self;
}

void
th_ice_link_set_preface (ThIceLink *self, const char *preface)
{
  g_free (self->preface);
  self->preface = g_strdup (preface);
}

void
th_ice_link_free (ThIceLink *self)
{
  if (self->state == OPEN && self->session != NULL)
    gnutls_bye (self->session, GNUTLS_SHUT_WR);
  stop_watching (self);
  g_socket_close (self->socket, NULL);
  unref (self);
}

void
th_ice_link_send (ThIceLink *self, const guint8 *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;

  if (self->state != OPEN || g_queue_get_length (&self->queue) >= QUEUE_MAX)
    return;
  g_queue_push_tail (&self->queue, g_bytes_new (bytes, length));
  if (self->output != NULL || send_queue (self, &error))
    return;
  if (!would_block (error))
    self->unsent = g_steal_pointer (&error); /* told from the main loop */
  want_output (self);
}

void
th_ice_link_expect_channel (ThIceLink *self, guint16 channel)
{
  self->frames.channel = channel;
}

void
th_ice_link_get_local (ThIceLink *self, ThAddress *local)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (self->socket, NULL);
  ThAddress native;
  gssize size = address != NULL ? g_socket_address_get_native_size (address) : 0;

  *local = TH_ADDRESS_NONE;
  if (size > 0 && (gsize) size <= sizeof native &&
      g_socket_address_to_native (address, &native, sizeof native, NULL))
    th_address_from_sockaddr (local, &native.any, size);
}

const ThIceCertificate *
th_ice_link_get_certificate (ThIceLink *self)
{
  return self->certificate;
}

gboolean
th_ice_link_loses (ThIceLink *self)
{
  return th_ice_transport_is_datagram (self->transport);
}

gboolean
th_ice_link_has_seen_garbage (ThIceLink *self)
{
  return self->garbage;
}
