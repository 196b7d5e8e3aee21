/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asking, telling and reading, over a non-blocking socket that is waited for beside the main
 * context.
 */
#include "client.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "peer.h"
#include "stun/bytes.h"
#include "stun/integrity.h"
#include "waiting.h"

#define OUT_SIZE (66 * 1024)

static void
open_socket (Client *self, const ThAddress *server)
{
  socklen_t size = sizeof self->local;
  int type = th_transport_is_stream (self->transport) ? SOCK_STREAM : SOCK_DGRAM;

  self->fd = socket (server->any.sa_family, type | SOCK_CLOEXEC, 0);
  g_assert_cmpint (self->fd, >=, 0);
  /* The kernel answers for the relay, so this may block. */
  g_assert_no_errno (connect (self->fd, &server->any, th_address_size (server)));
  g_assert_no_errno (getsockname (self->fd, &self->local.any, &size));
}

/* The relay may still know the last client of a UDP port; so no port has two in one process. */
static void
connect_to (Client *self, const ThAddress *server)
{
  static gboolean used[G_MAXUINT16 + 1];
  int one = 1;

  open_socket (self, server);
  if (th_transport_is_stream (self->transport))
    {
      g_assert_no_errno (setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
      return;
    }
  while (used[th_address_port (&self->local)])
    {
      int keeper = self->fd; /* so that the kernel chooses another */

      open_socket (self, server);
      close (keeper);
    }
  used[th_address_port (&self->local)] = TRUE;
  enlarge_receive_buffer (self->fd);
}

/* ---- reading ---- */

static Packet *
packet_new (PacketKind kind, const guint8 *data, gsize length)
{
  Packet *self = g_new0 (Packet, 1);

  self->kind = kind;
  self->data = g_memdup2 (data, length);
  self->length = length;
  return self;
}

static Packet *
read_channel_data (const guint8 *bytes, gsize length)
{
  Packet *packet;

  g_assert_cmpuint (length, >=, TH_CHANNEL_HEADER_SIZE);
  g_assert_cmpuint (th_read_u16 (bytes + 2), <=, length - TH_CHANNEL_HEADER_SIZE);
  packet = packet_new (PACKET_CHANNEL_DATA, bytes + TH_CHANNEL_HEADER_SIZE,
                       th_read_u16 (bytes + 2));
  packet->channel = th_read_u16 (bytes);
  return packet;
}

static Packet *
read_indication (const ThStunMessage *message)
{
  ThStunAttribute peer, data, icmp;
  Packet *packet;

  g_assert_cmpuint (message->method, ==, TH_STUN_DATA);
  g_assert_true (th_stun_message_find (message, TH_STUN_XOR_PEER_ADDRESS, &peer));
  if (th_stun_message_find (message, TH_STUN_ICMP, &icmp))
    {
      g_assert_cmpuint (icmp.length, ==, 8);
      packet = packet_new (PACKET_ICMP, NULL, 0);
      packet->error_type = th_read_u16 (icmp.value + 2) >> 9;
      packet->error_code = th_read_u16 (icmp.value + 2) & 0x1FF;
      packet->error_data = th_read_u32 (icmp.value + 4);
    }
  else
    {
      g_assert_true (th_stun_message_find (message, TH_STUN_DATA_ATTRIBUTE, &data));
      packet = packet_new (PACKET_DATA, data.value, data.length);
    }
  g_assert_true (th_stun_attribute_get_xor_address (&peer, message, &packet->peer));
  return packet;
}

static Packet *
read_packet (const guint8 *bytes, gsize length)
{
  ThStunMessage message;

  if ((bytes[0] & 0xC0) == 0x40)
    return read_channel_data (bytes, length);
  g_assert_true (th_stun_message_parse (&message, bytes, length));
  if (message.class == TH_STUN_INDICATION)
    return read_indication (&message);
  g_assert_true (message.class == TH_STUN_SUCCESS || message.class == TH_STUN_ERROR);
  return packet_new (PACKET_ANSWER, bytes, length);
}

/* Told apart here anew, so as not to test the relay's framing with itself. 0: not known yet */
static gsize
frame_length (const GByteArray *in)
{
  if (in->len < 4)
    return 0;
  if ((in->data[0] & 0xC0) == 0x40)
    return TH_CHANNEL_HEADER_SIZE + ((th_read_u16 (in->data + 2) + 3u) & ~3u);
  g_assert_cmpuint (in->data[0] & 0xC0, ==, 0);
  return TH_STUN_HEADER_SIZE + th_read_u16 (in->data + 2);
}

static Packet *
next_frame (Client *self)
{
  gsize length = frame_length (self->in);
  Packet *packet;

  if (length == 0 || length > self->in->len)
    return NULL;
  packet = read_packet (self->in->data, length);
  g_byte_array_remove_range (self->in, 0, (guint) length);
  return packet;
}

/* As recv(2), also of what TLS brought. */
static gssize
read_bytes (Client *self, guint8 *bytes, gsize size)
{
  gssize n;

  if (self->tls == NULL)
    return recv (self->fd, bytes, size, MSG_DONTWAIT);
  n = gnutls_record_recv (self->tls, bytes, size);
  if (n >= 0)
    return n;
  errno = n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED ? EAGAIN : EPROTO;
  return -1;
}

/* Returns: the next packet that is here already, or NULL */
static Packet *
take_packet (Client *self)
{
  guint8 bytes[G_MAXUINT16];
  Packet *packet = th_transport_is_stream (self->transport) ? next_frame (self) : NULL;
  gssize n;

  if (packet != NULL || self->ended)
    return packet;
  n = read_bytes (self, bytes, sizeof bytes);
  if (n > 0 && !th_transport_is_stream (self->transport))
    return read_packet (bytes, (gsize) n);
  if (n > 0)
    {
      g_byte_array_append (self->in, bytes, (guint) n);
      return next_frame (self);
    }
  if (self->transport != TH_TRANSPORT_UDP && (n == 0 || errno != EAGAIN))
    self->ended = TRUE;
  return NULL;
}

static Packet *
receive (Client *self, guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * G_GINT64_CONSTANT (1000);

  for (;;)
    {
      Packet *packet = take_packet (self);

      if (packet != NULL || self->ended || g_get_monotonic_time () > end)
        return packet;
      wait_a_little (self->fd);
    }
}

/* ---- asking ---- */

static void
take_challenge (Client *self)
{
  ThStunAttribute realm, nonce;

  g_assert_true (th_stun_message_find (&self->message, TH_STUN_REALM, &realm));
  g_assert_true (th_stun_message_find (&self->message, TH_STUN_NONCE, &nonce));
  g_free (self->realm);
  g_free (self->nonce);
  self->realm = g_strndup ((const char *) realm.value, realm.length);
  self->nonce = g_strndup ((const char *) nonce.value, nonce.length);
  self->key_length =
      th_stun_long_term_key (TH_STUN_ALGORITHM_MD5, self->user, strlen (self->user), self->realm,
                             realm.length, self->password, strlen (self->password), self->key);
}

static void
add_credentials (Client *self)
{
  th_stun_builder_add_string (&self->builder, TH_STUN_USERNAME, self->user);
  th_stun_builder_add_string (&self->builder, TH_STUN_REALM, self->realm);
  th_stun_builder_add_string (&self->builder, TH_STUN_NONCE, self->nonce);
  th_stun_builder_add_integrity (&self->builder, self->key, self->key_length);
}

static gboolean
is_answer_to_us (const Client *self, const Packet *packet)
{
  return packet->kind == PACKET_ANSWER &&
         memcmp (packet->data + 8, self->out + 8, TH_STUN_TRANSACTION_ID_SIZE) == 0;
}

static void
await_answer (Client *self)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  g_clear_pointer (&self->answer, packet_free);
  while (self->answer == NULL)
    {
      Packet *packet = receive (self, 1000);

      if (packet != NULL && is_answer_to_us (self, packet))
        self->answer = packet;
      else if (packet != NULL)
        g_queue_push_tail (&self->waiting, packet);
      g_assert_false (self->ended);
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
  g_assert_true (th_stun_message_parse (&self->message, self->answer->data, self->answer->length));
}

static guint
read_error (const Client *self)
{
  ThStunAttribute error;
  const char *reason;
  gsize reason_length;
  guint code;

  if (self->message.class == TH_STUN_SUCCESS)
    return 0;
  g_assert_true (th_stun_message_find (&self->message, TH_STUN_ERROR_CODE, &error));
  g_assert_true (th_stun_attribute_get_error (&error, &code, &reason, &reason_length));
  return code;
}

/* Success on a request with credentials must be proven. */
static void
check_integrity (const Client *self)
{
  ThStunAttribute integrity;

  if (self->realm == NULL || self->message.class != TH_STUN_SUCCESS)
    return;
  g_assert_true (th_stun_message_find (&self->message, TH_STUN_MESSAGE_INTEGRITY, &integrity));
  g_assert_true (th_stun_check_integrity (&self->message, &integrity, self->key, self->key_length));
}

static ThAddress
read_address (const Client *self, guint16 type)
{
  ThStunAttribute attribute;
  ThAddress address;

  g_assert_true (th_stun_message_find (&self->message, type, &attribute));
  g_assert_true (th_stun_attribute_get_xor_address (&attribute, &self->message, &address));
  g_assert_true (type != TH_STUN_XOR_MAPPED_ADDRESS || th_address_equal (&address, &self->local));
  return address;
}

void
packet_free (Packet *self)
{
  g_free (self->data);
  g_free (self);
}

static gboolean
write_to_socket (Client *self, const void *bytes, gsize length)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  gsize sent = 0;

  while (sent < length)
    {
      gssize n = send (self->fd, (const guint8 *) bytes + sent, length - sent,
                       MSG_DONTWAIT | MSG_NOSIGNAL);

      if (n > 0)
        sent += (gsize) n;
      else if (errno != EAGAIN)
        return FALSE;
      else
        wait_a_little (-1);
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
  return TRUE;
}

static gssize
on_tls_pull (gnutls_transport_ptr_t data, void *bytes, size_t size)
{
  Client *self = data;

  return recv (self->fd, bytes, size, MSG_DONTWAIT);
}

/* The relay may have to run for there to be room. */
static gssize
on_tls_push (gnutls_transport_ptr_t data, const void *bytes, size_t size)
{
  Client *self = data;

  if (write_to_socket (self, bytes, size))
    return (gssize) size;
  errno = ECONNRESET;
  return -1;
}

static gnutls_certificate_credentials_t
anybody (void)
{
  static gnutls_certificate_credentials_t credentials;

  if (credentials == NULL)
    gnutls_certificate_allocate_credentials (&credentials);
  return credentials;
}

static void
begin_tls (Client *self)
{
  g_assert_cmpint (gnutls_init (&self->tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK), ==, 0);
  gnutls_set_default_priority (self->tls);
  gnutls_credentials_set (self->tls, GNUTLS_CRD_CERTIFICATE, anybody ());
  gnutls_transport_set_ptr (self->tls, self);
  gnutls_transport_set_pull_function (self->tls, on_tls_pull);
  gnutls_transport_set_push_function (self->tls, on_tls_push);
}

static void
begin_dtls (Client *self)
{
  self->dtls = dtls_end_new (self->fd);
  self->tls = self->dtls->tls;
}

static Client *
client_new_unshaken (ThTransport transport, const ThAddress *server, const char *user)
{
  Client *self = g_new0 (Client, 1);

  self->transport = transport;
  self->user = g_strdup (user);
  self->password = g_strconcat (user, "-secret", NULL);
  self->out = g_malloc (OUT_SIZE);
  self->in = g_byte_array_new ();
  g_queue_init (&self->waiting);
  connect_to (self, server);
  if (transport == TH_TRANSPORT_TLS)
    begin_tls (self);
  else if (transport == TH_TRANSPORT_DTLS)
    begin_dtls (self);
  return self;
}

int
client_shake_hands (Client *self)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  int result;

  while ((result = gnutls_handshake (self->tls)) == GNUTLS_E_AGAIN)
    {
      wait_a_little (self->fd);
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
  return result;
}

Client *
client_new (ThTransport transport, const ThAddress *server, const char *user)
{
  gnutls_datum_t turn = { (guint8 *) "stun.turn", 9 };
  Client *self = client_new_unshaken (transport, server, user);

  if (self->tls == NULL)
    return self;
  gnutls_alpn_set_protocols (self->tls, &turn, 1, 0);
  if (self->dtls != NULL)
    g_assert_true (dtls_end_shake_hands (self->dtls));
  else
    g_assert_cmpint (client_shake_hands (self), ==, 0);
  return self;
}

Client *
client_new_before_handshake (const ThAddress *server, const char *user)
{
  return client_new_unshaken (TH_TRANSPORT_TLS, server, user);
}

void
client_free (Client *self)
{
  close (self->fd);
  if (self->dtls != NULL)
    dtls_end_free (self->dtls);
  else if (self->tls != NULL)
    gnutls_deinit (self->tls);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) packet_free);
  g_clear_pointer (&self->answer, packet_free);
  g_byte_array_unref (self->in);
  g_free (self->user);
  g_free (self->password);
  g_free (self->realm);
  g_free (self->nonce);
  g_free (self->out);
  g_free (self);
}

void
client_set_password (Client *self, const char *password)
{
  g_free (self->password);
  self->password = g_strdup (password);
}

gboolean
client_write (Client *self, const void *bytes, gsize length)
{
  if (self->tls == NULL)
    return write_to_socket (self, bytes, length);
  for (gsize sent = 0; sent < length;)
    {
      gssize n = gnutls_record_send (self->tls, (const guint8 *) bytes + sent, length - sent);

      if (n < 0)
        return FALSE;
      sent += (gsize) n;
    }
  return TRUE;
}

ThStunBuilder *
client_begin (Client *self, ThStunClass class, guint16 method)
{
  static guint64 serial;
  guint8 id[TH_STUN_TRANSACTION_ID_SIZE] = { 0 };

  serial++;
  memcpy (id, &serial, sizeof serial);
  th_stun_builder_init (&self->builder, self->out, OUT_SIZE, class, method, id);
  return &self->builder;
}

void
client_tell (Client *self)
{
  gsize length = th_stun_builder_end (&self->builder);

  g_assert_cmpuint (length, >, 0);
  client_write (self, self->out, length);
}

guint
client_ask (Client *self)
{
  const ThStunBuilder plain = self->builder;
  gboolean had_nonce = self->realm != NULL;
  guint code;

  if (had_nonce)
    add_credentials (self);
  client_tell (self);
  await_answer (self);
  code = read_error (self);
  if ((code == TH_STUN_UNAUTHENTICATED && !had_nonce) || code == TH_STUN_STALE_NONCE)
    {
      take_challenge (self);
      self->builder = plain;
      add_credentials (self);
      client_tell (self);
      await_answer (self);
      code = read_error (self);
    }
  check_integrity (self);
  return code;
}

guint
client_bind_test (Client *self)
{
  guint code;

  client_begin (self, TH_STUN_REQUEST, TH_STUN_BINDING);
  client_tell (self);
  await_answer (self);
  code = read_error (self);
  if (code == 0)
    read_address (self, TH_STUN_XOR_MAPPED_ADDRESS);
  return code;
}

static void
begin_allocate (Client *self)
{
  ThStunBuilder *builder = client_begin (self, TH_STUN_REQUEST, TH_STUN_ALLOCATE);

  th_stun_builder_add_u32 (builder, TH_STUN_REQUESTED_TRANSPORT, TH_TURN_TRANSPORT_UDP << 24);
  th_stun_builder_add_u32 (builder, TH_STUN_REQUESTED_ADDRESS_FAMILY,
                           (guint32) th_address_family (&self->local) << 24);
}

void
client_tell_allocate (Client *self)
{
  g_assert_nonnull (self->realm);
  begin_allocate (self);
  add_credentials (self);
  client_tell (self);
}

guint
client_allocate (Client *self)
{
  guint code;

  begin_allocate (self);
  code = client_ask (self);
  if (code != 0)
    return code;
  read_address (self, TH_STUN_XOR_MAPPED_ADDRESS);
  self->relayed = read_address (self, TH_STUN_XOR_RELAYED_ADDRESS);
  return 0;
}

guint
client_refresh (Client *self, guint32 lifetime)
{
  ThStunBuilder *builder = client_begin (self, TH_STUN_REQUEST, TH_STUN_REFRESH);

  th_stun_builder_add_u32 (builder, TH_STUN_LIFETIME, lifetime);
  return client_ask (self);
}

guint
client_permit (Client *self, const ThAddress *peer)
{
  ThStunBuilder *builder = client_begin (self, TH_STUN_REQUEST, TH_STUN_CREATE_PERMISSION);

  th_stun_builder_add_xor_address (builder, TH_STUN_XOR_PEER_ADDRESS, peer);
  return client_ask (self);
}

guint
client_bind_channel (Client *self, guint16 channel, const ThAddress *peer)
{
  ThStunBuilder *builder = client_begin (self, TH_STUN_REQUEST, TH_STUN_CHANNEL_BIND);

  th_stun_builder_add_u32 (builder, TH_STUN_CHANNEL_NUMBER, (guint32) channel << 16);
  th_stun_builder_add_xor_address (builder, TH_STUN_XOR_PEER_ADDRESS, peer);
  return client_ask (self);
}

static void
begin_send (Client *self, const ThAddress *peer, const void *bytes, gsize length)
{
  ThStunBuilder *builder = client_begin (self, TH_STUN_INDICATION, TH_STUN_SEND);

  th_stun_builder_add_xor_address (builder, TH_STUN_XOR_PEER_ADDRESS, peer);
  th_stun_builder_add_bytes (builder, TH_STUN_DATA_ATTRIBUTE, bytes, length);
}

void
client_send (Client *self, const ThAddress *peer, const void *bytes, gsize length)
{
  begin_send (self, peer, bytes, length);
  client_tell (self);
}

void
client_send_unfragmented (Client *self, const ThAddress *peer, const void *bytes, gsize length)
{
  begin_send (self, peer, bytes, length);
  th_stun_builder_add_flag (&self->builder, TH_STUN_DONT_FRAGMENT);
  client_tell (self);
}

void
client_send_channel (Client *self, guint16 channel, const void *bytes, gsize length)
{
  gsize padding = th_transport_is_stream (self->transport) ? -length & 3 : 0;

  g_assert_cmpuint (length, <=, G_MAXUINT16);
  th_write_u16 (self->out, channel);
  th_write_u16 (self->out + 2, (guint16) length);
  memcpy (self->out + TH_CHANNEL_HEADER_SIZE, bytes, length);
  memset (self->out + TH_CHANNEL_HEADER_SIZE + length, 0, padding);
  client_write (self, self->out, TH_CHANNEL_HEADER_SIZE + length + padding);
}

Packet *
client_receive (Client *self, guint milliseconds)
{
  Packet *packet = g_queue_pop_head (&self->waiting);

  return packet != NULL ? packet : receive (self, milliseconds);
}

void
client_expect_data (Client *self, const ThAddress *peer, const char *text)
{
  g_autoptr (Packet) packet = client_receive (self, PATIENCE / 1000);

  g_assert_nonnull (packet);
  g_assert_cmpint (packet->kind, ==, PACKET_DATA);
  g_assert_true (th_address_equal (&packet->peer, peer));
  g_assert_cmpmem (packet->data, packet->length, text, strlen (text));
}

void
client_expect_channel_data (Client *self, guint16 channel, const char *text)
{
  g_autoptr (Packet) packet = client_receive (self, PATIENCE / 1000);

  g_assert_nonnull (packet);
  g_assert_cmpint (packet->kind, ==, PACKET_CHANNEL_DATA);
  g_assert_cmpuint (packet->channel, ==, channel);
  g_assert_cmpmem (packet->data, packet->length, text, strlen (text));
}

void
client_expect_end (Client *self)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  while (!self->ended)
    {
      Packet *packet = receive (self, 100);

      g_clear_pointer (&packet, packet_free);
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
}
