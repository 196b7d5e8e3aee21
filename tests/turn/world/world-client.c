/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The client's half of the protocol, written for the tests apart from the server's.
 */
#include "world-client.h"

#include <string.h>

#include "addresses.h"
#include "stun/bytes.h"
#include "stun/integrity.h"

/* Nonces are good for an hour; a client that heeds that asks for another a little before. */
#define NONCE_USE SECONDS (3500)

static gsize
make_key (const WorldClient *self, guint8 key[TH_STUN_KEY_MAX])
{
  gsize length = th_stun_long_term_key (self->algorithm != 0 ? self->algorithm
                                                             : TH_STUN_ALGORITHM_MD5,
                                        self->user, strlen (self->user),
                                        WORLD_REALM, strlen (WORLD_REALM),
                                        self->password, strlen (self->password), key);

  g_assert_cmpuint (length, >, 0);
  return length;
}

/* Who asks with SHA-256 is answered with it; what proves nothing must not be there. */
static void
check_integrity (WorldClient *self, const ThStunMessage *request)
{
  guint8 key[TH_STUN_KEY_MAX];
  gsize key_length = make_key (self, key);
  ThStunAttribute integrity;
  gboolean sha256 = th_stun_message_find (request, TH_STUN_MESSAGE_INTEGRITY_SHA256, &integrity);

  self->answer_is_signed = client_answer_has (self, TH_STUN_MESSAGE_INTEGRITY) ||
                           client_answer_has (self, TH_STUN_MESSAGE_INTEGRITY_SHA256);
  if (!self->answer_is_signed)
    return;
  g_assert_true (client_answer_has (self, TH_STUN_MESSAGE_INTEGRITY) == !sha256);
  integrity = client_answer_get (self, sha256 ? TH_STUN_MESSAGE_INTEGRITY_SHA256
                                              : TH_STUN_MESSAGE_INTEGRITY);
  g_assert_true (th_stun_check_integrity (&self->message, &integrity, key, key_length));
}

/* Challenges go to strangers, so they are kept as short as they can be. */
static gboolean
is_challenge (guint code)
{
  return code == TH_STUN_UNAUTHENTICATED || code == TH_STUN_STALE_NONCE;
}

/* Returns: 0 or the error code */
static int
read_answer (WorldClient *self)
{
  ThStunMessage request;
  ThStunAttribute error;
  const char *reason;
  gsize reason_length;
  const char *words;
  guint code;

  g_byte_array_set_size (self->answer, 0);
  g_byte_array_append (self->answer, self->world->output->data, self->world->output->len);
  g_assert_true (th_stun_message_parse (&request, self->request, self->request_length));
  g_assert_true (th_stun_message_parse (&self->message, self->answer->data, self->answer->len));
  g_assert_cmphex (self->message.method, ==, request.method);
  g_assert_cmpmem (th_stun_message_transaction_id (&self->message), TH_STUN_TRANSACTION_ID_SIZE,
                   th_stun_message_transaction_id (&request), TH_STUN_TRANSACTION_ID_SIZE);
  g_assert_true (th_stun_check_fingerprint (&self->message) ==
                 th_stun_check_fingerprint (&request));
  check_integrity (self, &request);

  if (self->message.class == TH_STUN_SUCCESS)
    return 0;
  g_assert_cmpint (self->message.class, ==, TH_STUN_ERROR);
  error = client_answer_get (self, TH_STUN_ERROR_CODE);
  g_assert_true (th_stun_attribute_get_error (&error, &code, &reason, &reason_length));
  words = is_challenge (code) ? "" : th_stun_error_reason (code);
  g_assert_cmpmem (reason, reason_length, words, strlen (words));
  return (int) code;
}

static void
take_nonce (WorldClient *self)
{
  ThStunAttribute nonce = client_answer_get (self, TH_STUN_NONCE);

  g_assert_cmpuint (nonce.length, <, sizeof self->nonce);
  memcpy (self->nonce, nonce.value, nonce.length);
  self->nonce[nonce.length] = '\0';
  self->nonce_time = self->world->monotonic;
}

WorldClient *
client_new (World *world, const char *user)
{
  static guint n_clients;
  WorldClient *self = g_new0 (WorldClient, 1);
  g_autofree char *host = NULL;

  n_clients++;
  host = g_strdup_printf ("20.%u.%u.%u", n_clients >> 16 & 255, n_clients >> 8 & 255,
                          n_clients & 255);
  self->world = world;
  self->tuple.address = address_and_port (host, 40000);
  self->tuple.local = address_and_port (WORLD_IPV4, WORLD_PORT);
  self->tuple.transport = TH_TRANSPORT_UDP;
  self->tuple.path = self;
  self->user = user;
  self->password = g_str_equal (user, "bob") ? "ross" : "lovelace";
  self->answer = g_byte_array_new ();
  return self;
}

void
client_free (WorldClient *self)
{
  g_byte_array_unref (self->answer);
  g_free (self);
}

void
client_begin (WorldClient *self, guint16 method)
{
  guint8 transaction_id[TH_STUN_TRANSACTION_ID_SIZE] = "transact";

  self->serial++;
  th_write_u32 (transaction_id + 8, self->serial);
  th_stun_builder_init (&self->builder, self->request, sizeof self->request, TH_STUN_REQUEST,
                        method, transaction_id);
}

void
client_add_names (WorldClient *self)
{
  static const ThStunPasswordAlgorithm offered[] = { TH_STUN_ALGORITHM_SHA256,
                                                     TH_STUN_ALGORITHM_MD5 };
  guint8 hash[TH_STUN_USERHASH_SIZE];

  if (self->by_hash)
    {
      th_stun_userhash (self->user, strlen (self->user), WORLD_REALM, strlen (WORLD_REALM), hash);
      th_stun_builder_add_bytes (&self->builder, TH_STUN_USERHASH, hash, sizeof hash);
    }
  else
    {
      th_stun_builder_add_string (&self->builder, TH_STUN_USERNAME, self->user);
    }
  th_stun_builder_add_string (&self->builder, TH_STUN_REALM, WORLD_REALM);
  th_stun_builder_add_string (&self->builder, TH_STUN_NONCE, self->nonce);
  if (self->algorithm == 0)
    return;
  th_stun_builder_add_password_algorithms (&self->builder, offered, G_N_ELEMENTS (offered));
  th_stun_builder_add_u32 (&self->builder, TH_STUN_PASSWORD_ALGORITHM,
                           (guint32) self->algorithm << 16);
}

void
client_add_proof (WorldClient *self)
{
  guint8 key[TH_STUN_KEY_MAX];
  gsize key_length = make_key (self, key);

  if (self->sha256)
    th_stun_builder_add_integrity_sha256 (&self->builder, key, key_length);
  else
    th_stun_builder_add_integrity (&self->builder, key, key_length);
}

int
client_exchange (WorldClient *self)
{
  if (self->fingerprint)
    th_stun_builder_add_fingerprint (&self->builder);
  self->request_length = th_stun_builder_end (&self->builder);
  g_assert_cmpuint (self->request_length, >, 0);
  return client_repeat (self);
}

int
client_repeat (WorldClient *self)
{
  ThTurnVerb verb = world_from_client (self->world, &self->tuple, self->request,
                                       self->request_length);

  if (verb == TH_TURN_NOTHING)
    return SILENCE;
  g_assert_true (verb == TH_TURN_TO_CLIENT || verb == TH_TURN_TO_CLIENT_FROM);
  return read_answer (self);
}

int
client_ask_nonce (WorldClient *self)
{
  int code;

  client_begin_allocate (self);
  code = client_exchange (self);
  if (code == TH_STUN_UNAUTHENTICATED)
    take_nonce (self);
  return code;
}

void
client_renew_nonce (WorldClient *self)
{
  WorldClient asker = *self;

  if (self->nonce[0] != '\0' && self->world->monotonic - self->nonce_time < NONCE_USE)
    return;
  g_assert_cmpint (client_ask_nonce (&asker), ==, TH_STUN_UNAUTHENTICATED);
  memcpy (self->nonce, asker.nonce, sizeof self->nonce);
  self->nonce_time = asker.nonce_time;
  self->serial = asker.serial;
}

int
client_end (WorldClient *self)
{
  int code;

  client_renew_nonce (self);
  client_add_names (self);
  client_add_proof (self);
  code = client_exchange (self);
  if (code != SILENCE && code != TH_STUN_UNAUTHENTICATED && code != TH_STUN_STALE_NONCE)
    g_assert_true (self->answer_is_signed);
  return code;
}

void
client_begin_allocate (WorldClient *self)
{
  client_begin (self, TH_STUN_ALLOCATE);
  th_stun_builder_add_u32 (&self->builder, TH_STUN_REQUESTED_TRANSPORT,
                           (guint32) TH_TURN_TRANSPORT_UDP << 24);
}

int
client_allocate (WorldClient *self)
{
  int code;

  client_begin_allocate (self);
  code = client_end (self);
  if (code == 0)
    self->relayed = client_answer_address (self, TH_STUN_XOR_RELAYED_ADDRESS);
  return code;
}

int
client_refresh (WorldClient *self, guint32 lifetime)
{
  client_begin (self, TH_STUN_REFRESH);
  th_stun_builder_add_u32 (&self->builder, TH_STUN_LIFETIME, lifetime);
  return client_end (self);
}

int
client_permit (WorldClient *self, const ThAddress *peer)
{
  client_begin (self, TH_STUN_CREATE_PERMISSION);
  th_stun_builder_add_xor_address (&self->builder, TH_STUN_XOR_PEER_ADDRESS, peer);
  return client_end (self);
}

int
client_bind (WorldClient *self, guint16 channel, const ThAddress *peer)
{
  client_begin (self, TH_STUN_CHANNEL_BIND);
  th_stun_builder_add_u32 (&self->builder, TH_STUN_CHANNEL_NUMBER, (guint32) channel << 16);
  th_stun_builder_add_xor_address (&self->builder, TH_STUN_XOR_PEER_ADDRESS, peer);
  return client_end (self);
}

ThTurnVerb
client_send (WorldClient *self, const ThAddress *peer, const char *text)
{
  guint8 bytes[2048];
  ThStunBuilder builder;

  th_stun_builder_init (&builder, bytes, sizeof bytes, TH_STUN_INDICATION, TH_STUN_SEND,
                        (const guint8 *) "indication..");
  th_stun_builder_add_xor_address (&builder, TH_STUN_XOR_PEER_ADDRESS, peer);
  th_stun_builder_add_string (&builder, TH_STUN_DATA_ATTRIBUTE, text);
  return world_from_client (self->world, &self->tuple, bytes, th_stun_builder_end (&builder));
}

ThTurnVerb
client_send_channel (WorldClient *self, guint16 channel, const char *text)
{
  return client_send_frame (self, channel, (guint16) strlen (text), text, strlen (text));
}

ThTurnVerb
client_send_frame (WorldClient *self,
                   guint16 channel,
                   guint16 said_length,
                   gconstpointer bytes,
                   gsize length)
{
  g_autofree guint8 *frame = g_malloc (TH_CHANNEL_HEADER_SIZE + length);

  th_write_u16 (frame, channel);
  th_write_u16 (frame + 2, said_length);
  if (length > 0)
    memcpy (frame + TH_CHANNEL_HEADER_SIZE, bytes, length);
  return world_from_client (self->world, &self->tuple, frame, TH_CHANNEL_HEADER_SIZE + length);
}

ThTurnVerb
client_hear (WorldClient *self, const ThAddress *peer, const char *text)
{
  ThRelayEnd *end = client_relay_end (self);

  g_assert_nonnull (end);
  return world_from_peer (self->world, end, peer, text, strlen (text));
}

ThRelayEnd *
client_relay_end (WorldClient *self)
{
  WorldSocket *socket = world_socket_behind (self->world, &self->relayed);

  return socket != NULL ? socket->end : NULL;
}

gboolean
client_answer_has (WorldClient *self, guint16 type)
{
  ThStunAttribute attribute;

  return th_stun_message_find (&self->message, type, &attribute);
}

ThStunAttribute
client_answer_get (WorldClient *self, guint16 type)
{
  ThStunAttribute attribute;

  g_assert_true (th_stun_message_find (&self->message, type, &attribute));
  return attribute;
}

guint32
client_answer_u32 (WorldClient *self, guint16 type)
{
  ThStunAttribute attribute = client_answer_get (self, type);
  guint32 value;

  g_assert_true (th_stun_attribute_get_u32 (&attribute, &value));
  return value;
}

ThAddress
client_answer_address (WorldClient *self, guint16 type)
{
  ThStunAttribute attribute = client_answer_get (self, type);
  ThAddress value;

  g_assert_true (th_stun_attribute_get_xor_address (&attribute, &self->message, &value));
  return value;
}
