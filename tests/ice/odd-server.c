/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The odd server. Over TCP it takes whole frames to come in one piece, which on loopback they do.
 */
#include "odd-server.h"

#include <string.h>

#include "credentials/rest.h"
#include "stun/builder.h"
#include "stun/bytes.h"
#include "stun/integrity.h"
#include "stun/message.h"

#define REALM "odd"
#define FRAME_MAX 2048

typedef struct {
  OddServer *server;
  GSocket *socket;  /* of the connection, or of all over UDP */
  GSource *source;  /* nullable: of the connection */
  GSocketAddress *address;
  ThAddress mapped;
  guint16 relayed_port; /* 0: no allocation */
  guint16 channel_port; /* the peer's relayed port */
} Client;

struct _OddServer {
  const OddScript *script;
  gboolean tcp;
  GSocket *socket;
  GSource *source;
  GPtrArray *clients;
  guint16 next_port;
};

static void
client_free (gpointer data)
{
  Client *client = data;

  if (client->source != NULL)
    {
      g_source_destroy (client->source);
      g_source_unref (client->source);
    }
  g_object_unref (client->socket);
  g_clear_object (&client->address);
  g_free (client);
}

static void
send_bytes (Client *client, const guint8 *bytes, gsize length)
{
  if (client->server->tcp)
    g_socket_send (client->socket, (const char *) bytes, length, NULL, NULL);
  else
    g_socket_send_to (client->socket, client->address, (const char *) bytes, length, NULL, NULL);
}

static void
make_key (const char *user, const char *password, guint8 *key)
{
  th_stun_long_term_key (TH_STUN_ALGORITHM_MD5, user, strlen (user), REALM, strlen (REALM),
                         password, strlen (password), key);
}

/* What the user's password is, and whether it is still good. */
static gboolean
find_password (const OddScript *script, const char *user, char *password)
{
  ThRestName name;

  if (script->secret == NULL)
    return g_strlcpy (password, ODD_PASSWORD, TH_REST_PASSWORD_SIZE) > 0;
  return th_rest_parse_name (&name, user, strlen (user)) &&
         name.expires_at >= script->accepts_from &&
         th_rest_make_password (script->secret, strlen (script->secret), user, strlen (user),
                                password);
}

static void
begin_answer (ThStunBuilder *builder, guint8 *bytes, const ThStunMessage *request,
              ThStunClass class)
{
  th_stun_builder_init (builder, bytes, FRAME_MAX, class, request->method,
                        th_stun_message_transaction_id (request));
}

static void
answer_error (Client *client, const ThStunMessage *request, guint code)
{
  guint8 bytes[FRAME_MAX];
  ThStunBuilder builder;

  begin_answer (&builder, bytes, request, TH_STUN_ERROR);
  th_stun_builder_add_error (&builder, code, NULL);
  if (code == TH_STUN_UNAUTHENTICATED || code == TH_STUN_STALE_NONCE)
    {
      th_stun_builder_add_string (&builder, TH_STUN_REALM, REALM);
      if (!client->server->script->without_nonce)
        th_stun_builder_add_string (&builder, TH_STUN_NONCE, "nonce");
    }
  send_bytes (client, bytes, th_stun_builder_end (&builder));
}

static void
relayed_address (const Client *client, ThAddress *address)
{
  th_address_parse (address, "127.0.0.1", client->relayed_port);
}

/* Adds what the method's answer holds, and does what was asked for. */
static void
serve (Client *client, const ThStunMessage *request, ThStunBuilder *builder)
{
  ThStunAttribute attribute;
  ThAddress address;
  guint32 number = 1;

  if (request->method == TH_STUN_ALLOCATE)
    client->relayed_port = client->server->next_port++;
  if (request->method == TH_STUN_REFRESH &&
      th_stun_message_find (request, TH_STUN_LIFETIME, &attribute) &&
      th_stun_attribute_get_u32 (&attribute, &number) && number == 0)
    client->relayed_port = 0;
  if (request->method == TH_STUN_CHANNEL_BIND &&
      th_stun_message_find (request, TH_STUN_XOR_PEER_ADDRESS, &attribute) &&
      th_stun_attribute_get_xor_address (&attribute, request, &address))
    client->channel_port = th_address_port (&address);
  if (client->server->script->without_addresses)
    return;
  th_stun_builder_add_xor_address (builder, TH_STUN_XOR_MAPPED_ADDRESS, &client->mapped);
  relayed_address (client, &address);
  if (request->method == TH_STUN_ALLOCATE)
    th_stun_builder_add_xor_address (builder, TH_STUN_XOR_RELAYED_ADDRESS, &address);
}

static void
answer_success (Client *client, const ThStunMessage *request, const char *user)
{
  const OddScript *script = client->server->script;
  guint8 bytes[FRAME_MAX], key[TH_STUN_KEY_MAX];
  char password[TH_REST_PASSWORD_SIZE];
  ThStunBuilder builder;

  begin_answer (&builder, bytes, request, TH_STUN_SUCCESS);
  th_stun_builder_add_string (&builder, TH_STUN_SOFTWARE, "odd 1.0");
  serve (client, request, &builder);
  if (user != NULL && !script->unsigned_answers && find_password (script, user, password))
    {
      make_key (user, script->other_password ? "other" : password, key);
      th_stun_builder_add_integrity (&builder, key, 16);
    }
  send_bytes (client, bytes, th_stun_builder_end (&builder));
}

/* (nullable): the user who signed, NULL: unsigned or badly */
static char *
find_user (const OddScript *script, const ThStunMessage *request)
{
  char password[TH_REST_PASSWORD_SIZE];
  ThStunAttribute name, integrity;
  guint8 key[TH_STUN_KEY_MAX];
  g_autofree char *user = NULL;

  if (!th_stun_message_find (request, TH_STUN_USERNAME, &name) ||
      !th_stun_message_find (request, TH_STUN_MESSAGE_INTEGRITY, &integrity))
    return NULL;
  user = g_strndup ((const char *) name.value, name.length);
  if (!find_password (script, user, password))
    return NULL;
  make_key (user, password, key);
  return th_stun_check_integrity (request, &integrity, key, 16) ? g_steal_pointer (&user) : NULL;
}

static void
answer (Client *client, const ThStunMessage *request)
{
  const OddScript *script = client->server->script;
  g_autofree char *user = find_user (script, request);

  if (request->method == script->mute)
    return;
  if (request->method == TH_STUN_BINDING)
    {
      if (script->refused == TH_STUN_BINDING)
        answer_error (client, request, script->code);
      else
        answer_success (client, request, NULL);
    }
  else if (user == NULL)
    answer_error (client, request, TH_STUN_UNAUTHENTICATED);
  else if (script->stale)
    answer_error (client, request, TH_STUN_STALE_NONCE);
  else if (request->method == script->refused)
    answer_error (client, request, script->code);
  else
    answer_success (client, request, user);
}

static Client *
find_by_port (OddServer *self, guint16 port)
{
  for (guint i = 0; i < self->clients->len; i++)
    {
      Client *client = g_ptr_array_index (self->clients, i);

      if (client->relayed_port == port && port != 0)
        return client;
    }
  return NULL;
}

static void
relay (Client *from, guint16 to_port, const guint8 *data, gsize length)
{
  static const guint8 id[TH_STUN_TRANSACTION_ID_SIZE] = { 1 };
  Client *to = find_by_port (from->server, to_port);
  guint8 bytes[FRAME_MAX];
  ThStunBuilder builder;
  ThAddress peer;

  if (to == NULL || from->server->script->swallows)
    return;
  if (to->channel_port == from->relayed_port)
    {
      th_write_u16 (bytes, TH_CHANNEL_MIN);
      th_write_u16 (bytes + 2, length);
      memcpy (bytes + TH_CHANNEL_HEADER_SIZE, data, length);
      send_bytes (to, bytes, TH_CHANNEL_HEADER_SIZE + length);
      return;
    }
  relayed_address (from, &peer);
  th_stun_builder_init (&builder, bytes, FRAME_MAX, TH_STUN_INDICATION, TH_STUN_DATA, id);
  th_stun_builder_add_xor_address (&builder, TH_STUN_XOR_PEER_ADDRESS, &peer);
  th_stun_builder_add_bytes (&builder, TH_STUN_DATA_ATTRIBUTE, data, length);
  send_bytes (to, bytes, th_stun_builder_end (&builder));
}

static void
take_indication (Client *client, const ThStunMessage *message)
{
  ThStunAttribute peer, data;
  ThAddress address;

  if (message->method == TH_STUN_SEND &&
      th_stun_message_find (message, TH_STUN_XOR_PEER_ADDRESS, &peer) &&
      th_stun_attribute_get_xor_address (&peer, message, &address) &&
      th_stun_message_find (message, TH_STUN_DATA_ATTRIBUTE, &data))
    relay (client, th_address_port (&address), data.value, data.length);
}

/* Returns: how much of @bytes it took */
static gsize
take_frame (Client *client, const guint8 *bytes, gsize length)
{
  const OddScript *script = client->server->script;
  ThStunMessage message;
  gsize frame = length >= 4 ? th_read_u16 (bytes + 2) : 0;

  frame += bytes[0] >= 0x40 ? TH_CHANNEL_HEADER_SIZE : TH_STUN_HEADER_SIZE;
  if (frame > length)
    return length;
  if (script->raw != NULL)
    send_bytes (client, (const guint8 *) script->raw, strlen (script->raw));
  else if (bytes[0] >= 0x40)
    relay (client, client->channel_port, bytes + TH_CHANNEL_HEADER_SIZE,
           frame - TH_CHANNEL_HEADER_SIZE);
  else if (th_stun_message_parse (&message, bytes, frame))
    {
      if (message.class == TH_STUN_INDICATION)
        take_indication (client, &message);
      else
        answer (client, &message);
    }
  return frame;
}

static gboolean
on_connection_ready (GSocket *socket, GIOCondition condition, gpointer data)
{
  Client *client = data;
  guint8 bytes[FRAME_MAX];
  gssize length = g_socket_receive (socket, (char *) bytes, sizeof bytes, NULL, NULL);

  if (length <= 0 || client->server->script->hangs_up)
    {
      client->relayed_port = 0;
      g_socket_close (socket, NULL);
      return G_SOURCE_REMOVE;
    }
  for (gsize done = 0; done < (gsize) length;)
    done += take_frame (client, bytes + done, length - done);
  return G_SOURCE_CONTINUE;
}

static Client *
add_client (OddServer *self, GSocket *socket, GSocketAddress *address)
{
  Client *client = g_new0 (Client, 1);

  client->server = self;
  client->socket = g_object_ref (socket);
  client->address = g_object_ref (address);
  g_socket_address_to_native (address, &client->mapped, sizeof client->mapped, NULL);
  g_ptr_array_add (self->clients, client);
  return client;
}

static Client *
find_or_add (OddServer *self, GSocketAddress *address)
{
  ThAddress mapped;

  g_socket_address_to_native (address, &mapped, sizeof mapped, NULL);
  for (guint i = 0; i < self->clients->len; i++)
    {
      Client *client = g_ptr_array_index (self->clients, i);

      if (th_address_equal (&client->mapped, &mapped))
        return client;
    }
  return add_client (self, self->socket, address);
}

static gboolean
on_datagram (GSocket *socket, GIOCondition condition, gpointer data)
{
  OddServer *self = data;
  g_autoptr (GSocketAddress) address = NULL;
  guint8 bytes[FRAME_MAX];
  gssize length =
      g_socket_receive_from (socket, &address, (char *) bytes, sizeof bytes, NULL, NULL);

  if (length > 0)
    take_frame (find_or_add (self, address), bytes, length);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_connection (GSocket *listener, GIOCondition condition, gpointer data)
{
  OddServer *self = data;
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, NULL);
  g_autoptr (GSocketAddress) address =
      socket != NULL ? g_socket_get_remote_address (socket, NULL) : NULL;
  Client *client;

  if (address == NULL)
    return G_SOURCE_CONTINUE;
  client = add_client (self, socket, address);
  client->source = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (client->source, G_SOURCE_FUNC (on_connection_ready), client, NULL);
  g_source_attach (client->source, NULL);
  return G_SOURCE_CONTINUE;
}

OddServer *
odd_server_new (gboolean tcp, const OddScript *script)
{
  OddServer *self = g_new0 (OddServer, 1);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);

  self->script = script;
  self->tcp = tcp;
  self->next_port = 50000;
  self->clients = g_ptr_array_new_with_free_func (client_free);
  self->socket = g_socket_new (G_SOCKET_FAMILY_IPV4,
                               tcp ? G_SOCKET_TYPE_STREAM : G_SOCKET_TYPE_DATAGRAM,
                               G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_socket_set_blocking (self->socket, FALSE);
  g_assert_true (g_socket_bind (self->socket, address, FALSE, NULL));
  g_assert_true (!tcp || g_socket_listen (self->socket, NULL));
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (tcp ? on_connection : on_datagram), self,
                         NULL);
  g_source_attach (self->source, NULL);
  return self;
}

void
odd_server_free (OddServer *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_ptr_array_unref (self->clients);
  g_object_unref (self->socket);
  g_free (self);
}

char *
odd_server_get_url (OddServer *self)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (self->socket, NULL);
  guint port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));

  return g_strdup_printf ("turn:127.0.0.1:%u?transport=%s", port, self->tcp ? "tcp" : "udp");
}

guint
odd_server_get_n_allocations (OddServer *self)
{
  guint n = 0;

  for (guint i = 0; i < self->clients->len; i++)
    n += ((Client *) g_ptr_array_index (self->clients, i))->relayed_port != 0;
  return n;
}
