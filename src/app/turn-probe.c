/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One allocation, from the client's side.
 */
#include "app/turn-probe.h"

#include <gnutls/crypto.h>

#include "stun/builder.h"
#include "stun/integrity.h"
#include "stun/message.h"

#define TRIES 3  /* over UDP */
#define WAIT 1   /* seconds for an answer, each time */
#define MESSAGE_MAX 2048

typedef struct {
  ThTransport transport;
  GSocket *socket;
  const char *username;
  const char *password;
  char *realm; /* nullable: not challenged yet */
  char *nonce;
  guint8 answer_bytes[MESSAGE_MAX];
  ThStunMessage answer;
} Probe;

static void
probe_clear (Probe *self)
{
  g_clear_object (&self->socket);
  g_free (self->realm);
  g_free (self->nonce);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Probe, probe_clear)

static gboolean
fail (GError **error, const char *text)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, text);
  return FALSE;
}

static gboolean
probe_connect (Probe *self, const ThAddress *server, GError **error)
{
  gboolean udp = self->transport == TH_TRANSPORT_UDP;
  g_autoptr (GSocketAddress) address =
      g_socket_address_new_from_native ((gpointer) server, th_address_size (server));

  self->socket =
      g_socket_new (g_socket_address_get_family (address),
                    udp ? G_SOCKET_TYPE_DATAGRAM : G_SOCKET_TYPE_STREAM,
                    udp ? G_SOCKET_PROTOCOL_UDP : G_SOCKET_PROTOCOL_TCP, error);
  if (self->socket == NULL)
    return FALSE;
  g_socket_set_timeout (self->socket, WAIT);
  return g_socket_connect (self->socket, address, NULL, error);
}

static gboolean
receive_exactly (Probe *self, guint8 *bytes, gsize length, GError **error)
{
  while (length > 0)
    {
      gssize received = g_socket_receive (self->socket, (char *) bytes, length, NULL, error);

      if (received <= 0)
        return received == 0 ? fail (error, "the relay ended the connection") : FALSE;
      bytes += received;
      length -= received;
    }
  return TRUE;
}

/* Over a stream the header says how much follows (RFC 8489, section 6.2.2). */
static gssize
receive_frame (Probe *self, GError **error)
{
  guint8 *bytes = self->answer_bytes;
  gsize length;

  if (!receive_exactly (self, bytes, TH_STUN_HEADER_SIZE, error))
    return -1;
  length = bytes[2] << 8 | bytes[3];
  if (length > MESSAGE_MAX - TH_STUN_HEADER_SIZE)
    {
      fail (error, "the answer is too long");
      return -1;
    }
  if (!receive_exactly (self, bytes + TH_STUN_HEADER_SIZE, length, error))
    return -1;
  return TH_STUN_HEADER_SIZE + length;
}

static gssize
exchange_bytes (Probe *self, const guint8 *request, gsize length, GError **error)
{
  if (self->transport == TH_TRANSPORT_TCP)
    {
      if (g_socket_send (self->socket, (const char *) request, length, NULL, error) < 0)
        return -1;
      return receive_frame (self, error);
    }
  for (guint i = 0; i < TRIES; i++)
    {
      gssize received;

      g_clear_error (error);
      if (g_socket_send (self->socket, (const char *) request, length, NULL, error) < 0)
        return -1;
      received = g_socket_receive (self->socket, (char *) self->answer_bytes, MESSAGE_MAX, NULL,
                                   error);
      if (received >= 0)
        return received;
    }
  return -1;
}

/* Signs @builder where there has been a challenge, sends it, and takes the answer. */
static gboolean
exchange (Probe *self, ThStunBuilder *builder, GError **error)
{
  guint8 key[TH_STUN_KEY_MAX];
  gsize length;
  gssize received;

  if (self->realm != NULL)
    {
      gsize key_length = th_stun_long_term_key (
          TH_STUN_ALGORITHM_MD5, self->username, strlen (self->username), self->realm,
          strlen (self->realm), self->password, strlen (self->password), key);

      th_stun_builder_add_string (builder, TH_STUN_USERNAME, self->username);
      th_stun_builder_add_string (builder, TH_STUN_REALM, self->realm);
      th_stun_builder_add_string (builder, TH_STUN_NONCE, self->nonce);
      th_stun_builder_add_integrity (builder, key, key_length);
    }
  length = th_stun_builder_end (builder);
  received = exchange_bytes (self, builder->buffer, length, error);
  if (received < 0)
    return FALSE;
  if (!th_stun_message_parse (&self->answer, self->answer_bytes, received) ||
      memcmp (th_stun_message_transaction_id (&self->answer), builder->buffer + 8,
              TH_STUN_TRANSACTION_ID_SIZE) != 0)
    return fail (error, "the answer is not STUN");
  return TRUE;
}

static void
begin_request (ThStunBuilder *builder, guint8 *buffer, ThStunMethod method)
{
  guint8 id[TH_STUN_TRANSACTION_ID_SIZE];

  gnutls_rnd (GNUTLS_RND_NONCE, id, sizeof id);
  th_stun_builder_init (builder, buffer, MESSAGE_MAX, TH_STUN_REQUEST, method, id);
}

/* @family: 0: the server's choice, which is IPv4 (RFC 8656, section 7.1) */
static gboolean
allocate (Probe *self, guint family, GError **error)
{
  guint8 buffer[MESSAGE_MAX];
  ThStunBuilder builder;

  begin_request (&builder, buffer, TH_STUN_ALLOCATE);
  th_stun_builder_add_u32 (&builder, TH_STUN_REQUESTED_TRANSPORT,
                           (guint32) TH_TURN_TRANSPORT_UDP << 24);
  if (family != 0)
    th_stun_builder_add_u32 (&builder, TH_STUN_REQUESTED_ADDRESS_FAMILY, (guint32) family << 24);
  return exchange (self, &builder, error);
}

static void
give_back (Probe *self)
{
  guint8 buffer[MESSAGE_MAX];
  ThStunBuilder builder;

  begin_request (&builder, buffer, TH_STUN_REFRESH);
  th_stun_builder_add_u32 (&builder, TH_STUN_LIFETIME, 0);
  exchange (self, &builder, NULL); /* without it, the allocation expires by itself */
}

static char *
dup_attribute (const ThStunMessage *message, guint16 type)
{
  ThStunAttribute attribute;

  if (!th_stun_message_find (message, type, &attribute))
    return NULL;
  return g_strndup ((const char *) attribute.value, attribute.length);
}

/* 0: a success */
static guint
error_code (const ThStunMessage *answer)
{
  ThStunAttribute attribute;
  const char *reason;
  gsize length;
  guint code = 0;

  if (th_stun_message_find (answer, TH_STUN_ERROR_CODE, &attribute))
    th_stun_attribute_get_error (&attribute, &code, &reason, &length);
  return code;
}

static gboolean
get_challenged (Probe *self, GError **error)
{
  if (!allocate (self, 0, error))
    return FALSE;
  if (error_code (&self->answer) != TH_STUN_UNAUTHENTICATED)
    return fail (error, "the relay did not ask for credentials");
  self->realm = dup_attribute (&self->answer, TH_STUN_REALM);
  self->nonce = dup_attribute (&self->answer, TH_STUN_NONCE);
  return self->realm != NULL && self->nonce != NULL ? TRUE
                                                    : fail (error, "the challenge is incomplete");
}

static gboolean
read_relayed (Probe *self, ThAddress *relayed, GError **error)
{
  ThStunAttribute attribute;
  guint code = error_code (&self->answer);

  if (code != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the relay refused (%u)", code);
      return FALSE;
    }
  if (!th_stun_message_find (&self->answer, TH_STUN_XOR_RELAYED_ADDRESS, &attribute) ||
      !th_stun_attribute_get_xor_address (&attribute, &self->answer, relayed))
    return fail (error, "the relay named no relayed address");
  return TRUE;
}

gboolean
th_turn_probe (ThTransport transport,
               const ThAddress *server,
               const char *username,
               const char *password,
               ThAddress *relayed,
               GError **error)
{
  g_auto (Probe) self = { .transport = transport, .username = username, .password = password };

  if (!probe_connect (&self, server, error) || !get_challenged (&self, error) ||
      !allocate (&self, 0, error))
    return FALSE;
  /* A relay with IPv6 addresses alone wants to be asked for them. */
  if (error_code (&self.answer) == TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED &&
      !allocate (&self, TH_STUN_FAMILY_IPV6, error))
    return FALSE;
  if (!read_relayed (&self, relayed, error))
    return FALSE;
  give_back (&self);
  return TRUE;
}
