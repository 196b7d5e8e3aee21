/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Questions, each with a transaction id and a timer.
 */
#include "ice/nat-socket.h"

#include <string.h>

#include "stun/builder.h"
#include "stun/message.h"
#include "turn/random.h"

#define ANSWER_MAX 1500

/* Milliseconds until the next try; they add up to TH_NAT_PATIENCE. */
static const guint waits[] = { 150, 300, 450, 600 };

struct _ThNatSocket {
  GSocket *socket;
  GSource *source;
  guint16 port;
  GPtrArray *questions; /* of Question */
};

typedef struct {
  ThNatSocket *socket;
  ThAddress server;
  guint32 change;
  guint8 id[TH_STUN_TRANSACTION_ID_SIZE];
  guint tries;
  guint timer;
  ThNatAnswered answered;
  gpointer user_data;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_handle_id (&question->timer, g_source_remove);
  g_free (question);
}

static void
send_question (Question *self)
{
  g_autoptr (GSocketAddress) to =
      g_socket_address_new_from_native (&self->server, th_address_size (&self->server));
  guint8 bytes[64];
  ThStunBuilder builder;

  th_stun_builder_init (&builder, bytes, sizeof bytes, TH_STUN_REQUEST, TH_STUN_BINDING, self->id);
  if (self->change != 0)
    th_stun_builder_add_u32 (&builder, TH_STUN_CHANGE_REQUEST, self->change);
  /* What cannot be sent is not answered. */
  g_socket_send_to (self->socket->socket, to, (const char *) bytes, th_stun_builder_end (&builder),
                    NULL, NULL);
}

/* Who is told may free the socket, so it comes last. */
static void
conclude (Question *self, const ThNatAnswer *answer)
{
  ThNatAnswered answered = self->answered;
  gpointer user_data = self->user_data;

  g_ptr_array_remove_fast (self->socket->questions, self);
  answered (answer, user_data);
}

static gboolean
on_timer (gpointer data)
{
  Question *self = data;
  static const ThNatAnswer none = { .answered = FALSE };

  self->timer = 0;
  if (self->tries == G_N_ELEMENTS (waits))
    {
      conclude (self, &none);
      return G_SOURCE_REMOVE;
    }
  send_question (self);
  self->timer = g_timeout_add (waits[self->tries++], on_timer, self);
  return G_SOURCE_REMOVE;
}

static Question *
find_question (ThNatSocket *self, const ThStunMessage *message, const ThAddress *from)
{
  const guint8 *id = th_stun_message_transaction_id (message);

  for (guint i = 0; i < self->questions->len; i++)
    {
      Question *question = self->questions->pdata[i];

      if (memcmp (question->id, id, sizeof question->id) == 0 &&
          (question->change != 0 || th_address_equal (&question->server, from)))
        return question;
    }
  return NULL;
}

static gboolean
read_answer (const ThStunMessage *message, ThNatAnswer *answer)
{
  ThStunAttribute attribute;

  if (message->class != TH_STUN_SUCCESS || message->method != TH_STUN_BINDING ||
      !th_stun_message_find (message, TH_STUN_XOR_MAPPED_ADDRESS, &attribute) ||
      !th_stun_attribute_get_xor_address (&attribute, message, &answer->mapped))
    return FALSE;
  if (th_stun_message_find (message, TH_STUN_OTHER_ADDRESS, &attribute))
    th_stun_attribute_get_address (&attribute, &answer->other);
  return TRUE;
}

/* An error, such as that CHANGE-REQUEST is unknown, is as good as silence, but comes sooner. */
static void
take (ThNatSocket *self, const guint8 *bytes, gsize length, const ThAddress *from)
{
  ThNatAnswer answer = { .from = *from, .other = TH_ADDRESS_NONE };
  ThStunMessage message;
  Question *question;

  if (!th_stun_looks_like_message (bytes, length) ||
      !th_stun_message_parse (&message, bytes, length))
    return;
  question = find_question (self, &message, from);
  if (question == NULL || (message.class != TH_STUN_SUCCESS && message.class != TH_STUN_ERROR))
    return;
  answer.answered = read_answer (&message, &answer);
  conclude (question, &answer);
}

static gboolean
on_readable (GSocket *socket, GIOCondition condition, gpointer data)
{
  g_autoptr (GSocketAddress) address = NULL;
  guint8 bytes[ANSWER_MAX];
  gssize length =
      g_socket_receive_from (socket, &address, (char *) bytes, sizeof bytes, NULL, NULL);
  struct sockaddr_storage raw;
  ThAddress from;

  if (length > 0 && g_socket_address_to_native (address, &raw, sizeof raw, NULL) &&
      th_address_from_sockaddr (&from, (struct sockaddr *) &raw, sizeof raw))
    take (data, bytes, (gsize) length, &from);
  return G_SOURCE_CONTINUE;
}

ThNatSocket *
th_nat_socket_new (ThStunFamily family)
{
  GSocketFamily kind = family == TH_STUN_FAMILY_IPV6 ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4;
  g_autoptr (GInetAddress) any = g_inet_address_new_any (kind);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new (any, 0);
  g_autoptr (GSocketAddress) local = NULL;
  g_autoptr (GSocket) socket =
      g_socket_new (kind, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  ThNatSocket *self;

  if (socket == NULL || !g_socket_bind (socket, any_port, FALSE, NULL))
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  local = g_socket_get_local_address (socket, NULL);
  self = g_new0 (ThNatSocket, 1);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
  self->questions = g_ptr_array_new_with_free_func (question_free);
  self->source = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (self->source, NULL);
  self->socket = g_steal_pointer (&socket);
  return self;
}

void
th_nat_socket_free (ThNatSocket *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_ptr_array_unref (self->questions);
  g_object_unref (self->socket);
  g_free (self);
}

guint16
th_nat_socket_get_port (ThNatSocket *self)
{
  return self->port;
}

void
th_nat_socket_ask (ThNatSocket *self,
                   const ThAddress *server,
                   guint32 change,
                   ThNatAnswered answered,
                   gpointer user_data)
{
  Question *question = g_new0 (Question, 1);

  question->socket = self;
  question->server = *server;
  question->change = change;
  question->answered = answered;
  question->user_data = user_data;
  th_random_bytes (question->id, sizeof question->id);
  g_ptr_array_add (self->questions, question);
  question->timer = g_idle_add (on_timer, question);
}
