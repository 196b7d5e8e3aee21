/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request at a time for each flow, repeated with the nonce when challenged, and again when no
 * answer comes.
 */
#include "setup.h"

#include <string.h>

#include "clock.h"
#include "fail.h"
#include "stun/builder.h"
#include "stun/integrity.h"
#include "stun/message.h"

#define LIFETIME 600
#define REQUEST_MAX 1200

/* As RFC 8489, section 6.2.1 has it, but for the number of tries. */
#define FIRST_WAIT (500 * NS_PER_MS)
#define TRIES_MAX 6
#define CHALLENGES_MAX 3

typedef struct {
  char *nonce;
  gboolean open;
  guint8 id[TH_STUN_TRANSACTION_ID_SIZE];
  gint64 deadline;
  guint tries;
  guint challenges;
} Request;

struct _Setup {
  SetupPlan plan;
  SetupSendFunc send;
  gpointer user_data;
  Request *requests;
  char *realm;
  guint8 key[TH_STUN_KEY_MAX];
  gsize key_length;
  guint16 method;
  guint n_begun, n_open;
  gint64 next_look;
  guint retransmissions;
};

static void
add_what_is_asked (Setup *self, const Flow *flow, ThStunBuilder *builder)
{
  switch (self->method)
    {
    case TH_STUN_ALLOCATE:
      th_stun_builder_add_u32 (builder, TH_STUN_REQUESTED_TRANSPORT, TH_TURN_TRANSPORT_UDP << 24);
      th_stun_builder_add_u32 (builder, TH_STUN_LIFETIME, LIFETIME);
      break;
    case TH_STUN_CHANNEL_BIND:
      th_stun_builder_add_u32 (builder, TH_STUN_CHANNEL_NUMBER, FLOW_CHANNEL << 16);
      th_stun_builder_add_xor_address (builder, TH_STUN_XOR_PEER_ADDRESS, &flow->peer);
      break;
    case TH_STUN_REFRESH:
      th_stun_builder_add_u32 (builder, TH_STUN_LIFETIME, 0);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
send_request (Setup *self, guint index, gint64 now)
{
  Request *request = &self->requests[index];
  guint8 bytes[REQUEST_MAX];
  ThStunBuilder builder;
  gsize length;

  th_stun_builder_init (&builder, bytes, sizeof bytes, TH_STUN_REQUEST, self->method, request->id);
  add_what_is_asked (self, &self->plan.flows[index], &builder);
  if (request->nonce != NULL)
    {
      th_stun_builder_add_string (&builder, TH_STUN_USERNAME, self->plan.user);
      th_stun_builder_add_string (&builder, TH_STUN_REALM, self->realm);
      th_stun_builder_add_string (&builder, TH_STUN_NONCE, request->nonce);
      th_stun_builder_add_integrity (&builder, self->key, self->key_length);
    }
  length = th_stun_builder_end (&builder);
  g_assert (length > 0);
  request->deadline = now + (FIRST_WAIT << request->tries++);
  self->send (index, bytes, length, self->user_data);
}

static void
ask (Setup *self, guint index, gint64 now)
{
  Request *request = &self->requests[index];

  for (guint i = 0; i < G_N_ELEMENTS (request->id); i++)
    request->id[i] = (guint8) g_random_int ();
  request->tries = 0;
  send_request (self, index, now);
}

static void
repeat_what_is_overdue (Setup *self, gint64 now)
{
  for (guint i = 0; i < self->n_begun; i++)
    {
      Request *request = &self->requests[i];

      if (!request->open || request->deadline > now)
        continue;
      if (request->tries == TRIES_MAX)
        fail ("no answer to the request of flow %u", i);
      if (!self->plan.reliable)
        self->retransmissions++;
      send_request (self, i, now);
    }
}

/* Returns: (nullable) (transfer full) */
static char *
get_text (const ThStunMessage *message, guint16 type)
{
  ThStunAttribute attribute;

  return th_stun_message_find (message, type, &attribute)
             ? g_strndup ((const char *) attribute.value, attribute.length)
             : NULL;
}

static guint
get_error (const ThStunMessage *message)
{
  ThStunAttribute attribute;
  const char *reason;
  gsize reason_length;
  guint code = 0;

  if (th_stun_message_find (message, TH_STUN_ERROR_CODE, &attribute))
    th_stun_attribute_get_error (&attribute, &code, &reason, &reason_length);
  return code;
}

static void
learn_realm (Setup *self, char *realm)
{
  const char *user = self->plan.user;
  const char *password = self->plan.password;

  g_free (self->realm);
  self->realm = realm;
  self->key_length =
      th_stun_long_term_key (TH_STUN_ALGORITHM_MD5, user, strlen (user), realm, strlen (realm),
                             password, strlen (password), self->key);
}

static void
take_refusal (Setup *self, guint index, const ThStunMessage *message)
{
  Request *request = &self->requests[index];
  guint code = get_error (message);
  char *realm;

  if ((code != TH_STUN_UNAUTHENTICATED && code != TH_STUN_STALE_NONCE) ||
      request->challenges++ == CHALLENGES_MAX)
    fail ("the server refuses a request of method %u with %u", self->method, code);
  realm = get_text (message, TH_STUN_REALM);
  g_free (request->nonce);
  request->nonce = get_text (message, TH_STUN_NONCE);
  if (realm == NULL || request->nonce == NULL)
    fail ("a challenge without realm or nonce");
  if (g_strcmp0 (realm, self->realm) == 0)
    g_free (realm);
  else
    learn_realm (self, realm);
  ask (self, index, clock_now ());
}

static void
take_success (Setup *self, guint index, const ThStunMessage *message)
{
  Flow *flow = &self->plan.flows[index];
  ThStunAttribute relayed;

  if (self->method == TH_STUN_ALLOCATE &&
      (!th_stun_message_find (message, TH_STUN_XOR_RELAYED_ADDRESS, &relayed) ||
       !th_stun_attribute_get_xor_address (&relayed, message, &flow->relayed)))
    fail ("an allocation without an address");
  self->requests[index].open = FALSE;
  self->n_open--;
}

Setup *
setup_new (const SetupPlan *plan, SetupSendFunc send, gpointer user_data)
{
  Setup *self = g_new0 (Setup, 1);

  self->plan = *plan;
  self->send = send;
  self->user_data = user_data;
  self->requests = g_new0 (Request, plan->n_flows);
  return self;
}

void
setup_free (Setup *self)
{
  for (guint i = 0; i < self->plan.n_flows; i++)
    g_free (self->requests[i].nonce);
  g_free (self->requests);
  g_free (self->realm);
  g_free (self);
}

void
setup_begin (Setup *self, guint16 method)
{
  self->method = method;
  self->n_begun = 0;
  self->next_look = clock_now () + FIRST_WAIT;
}

gboolean
setup_go_on (Setup *self, gint64 now)
{
  while (self->n_open < self->plan.parallel && self->n_begun < self->plan.n_flows)
    {
      Request *request = &self->requests[self->n_begun];

      request->open = TRUE;
      request->challenges = 0;
      self->n_open++;
      ask (self, self->n_begun++, now);
    }
  if (now > self->next_look)
    {
      repeat_what_is_overdue (self, now);
      self->next_look = now + 50 * NS_PER_MS;
    }
  return self->n_open > 0;
}

void
setup_take (Setup *self, guint index, const guint8 *bytes, gsize length)
{
  Request *request = &self->requests[index];
  ThStunMessage message;

  if (!request->open || !th_stun_message_parse (&message, bytes, length) ||
      memcmp (th_stun_message_transaction_id (&message), request->id, sizeof request->id) != 0)
    return;
  if (message.class == TH_STUN_SUCCESS)
    take_success (self, index, &message);
  else
    take_refusal (self, index, &message);
}

guint
setup_retransmissions (const Setup *self)
{
  return self->retransmissions;
}
