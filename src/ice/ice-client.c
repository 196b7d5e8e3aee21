/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Transactions. Their number is small, so they lie in a plain array. Whoever is answered may free
 * the client; so it is held meanwhile, as in ice-link.c.
 */
#include "ice/ice-client.h"

#include <glib/gi18n.h>
#include <string.h>

#include "credentials/secret.h"
#include "stun/integrity.h"
#include "turn/random.h"

#define MESSAGE_MAX 2048
#define RTO 300          /* milliseconds before the first retransmission; then doubled */
#define ATTEMPTS_MAX 4   /* one without credentials, one with, and two stale nonces */

typedef struct {
  ThIceClient *client;
  guint8 id[TH_STUN_TRANSACTION_ID_SIZE];
  ThStunMethod method;
  ThIceWriteFunc write; /* nullable */
  ThIceAnswerFunc answered;
  gpointer data;
  guint8 bytes[MESSAGE_MAX];
  gsize length;
  gboolean with_credentials;
  guint attempts;
  guint rto;   /* milliseconds */
  guint timer; /* source, to send again; 0: none */
  guint limit; /* source; 0: none */
} Transaction;

struct _ThIceClient {
  guint references;
  ThIceLink *link; /* not owned */
  const ThIceServer *server;
  guint timeout;
  char *username; /* nullable; prepared, as is the password */
  char *password;
  char *realm; /* nullable: not challenged yet */
  char *nonce;
  guint8 key[TH_STUN_KEY_MAX];
  gsize key_length;
  char *software;
  GPtrArray *transactions;
};

static void
transaction_free (gpointer data)
{
  Transaction *transaction = data;

  g_clear_handle_id (&transaction->timer, g_source_remove);
  g_clear_handle_id (&transaction->limit, g_source_remove);
  g_free (transaction);
}

static void
unref (ThIceClient *self)
{
  if (--self->references > 0)
    return;
  g_free (self->username);
  th_secret_free (self->password);
  g_free (self->realm);
  g_free (self->nonce);
  g_free (self->software);
  g_ptr_array_unref (self->transactions);
  explicit_bzero (self->key, sizeof self->key);
  g_free (self);
}

/* Takes @transaction out of the list and tells how it ended. */
static void
finish (Transaction *transaction, const ThStunMessage *answer, guint code, const GError *error)
{
  ThIceAnswerFunc answered = transaction->answered;
  gpointer data = transaction->data;

  g_ptr_array_remove_fast (transaction->client->transactions, transaction);
  if (answered != NULL)
    answered (answer, code, error, data);
}

static void
finish_with (Transaction *transaction, ThIceError code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (TH_ICE_ERROR, code, message);

  finish (transaction, NULL, 0, error);
}

static void
finish_with_code (Transaction *transaction, guint code)
{
  g_autoptr (GError) error = NULL;
  const char *reason = th_stun_error_reason (code);

  g_set_error (&error, TH_ICE_ERROR, TH_ICE_ERROR_CODE, _("The server answers: %s (%u)."),
               *reason != '\0' ? reason : "Error", code);
  finish (transaction, NULL, code, error);
}

static void
add_credentials (ThIceClient *self, ThStunBuilder *builder)
{
  th_stun_builder_add_string (builder, TH_STUN_USERNAME, self->username);
  th_stun_builder_add_string (builder, TH_STUN_REALM, self->realm);
  th_stun_builder_add_string (builder, TH_STUN_NONCE, self->nonce);
  th_stun_builder_add_integrity (builder, self->key, self->key_length);
}

static gsize
write_message (ThIceClient *self,
               guint8 *bytes,
               ThStunClass class,
               ThStunMethod method,
               const guint8 *id,
               ThIceWriteFunc write,
               gpointer data)
{
  ThStunBuilder builder;

  th_stun_builder_init (&builder, bytes, MESSAGE_MAX, class, method, id);
  if (write != NULL)
    write (&builder, data);
  if (class == TH_STUN_REQUEST && method != TH_STUN_BINDING && self->realm != NULL)
    add_credentials (self, &builder);
  return th_stun_builder_end (&builder);
}

static gboolean
on_time_to_repeat (gpointer data)
{
  Transaction *transaction = data;

  transaction->rto *= 2;
  transaction->timer = g_timeout_add (transaction->rto, on_time_to_repeat, transaction);
  th_ice_link_send (transaction->client->link, transaction->bytes, transaction->length);
  return G_SOURCE_REMOVE;
}

static gboolean
on_limit (gpointer data)
{
  Transaction *transaction = data;

  transaction->limit = 0;
  if (th_ice_link_has_seen_garbage (transaction->client->link))
    finish_with (transaction, TH_ICE_ERROR_GARBAGE, _("What answers there is no STUN server."));
  else
    finish_with (transaction, TH_ICE_ERROR_TIMEOUT, _("No answer came in time."));
  return G_SOURCE_REMOVE;
}

static gboolean
on_too_long (gpointer data)
{
  Transaction *transaction = data;

  transaction->limit = 0;
  finish_with (transaction, TH_ICE_ERROR_INVALID, _("User name, realm or nonce are too long."));
  return G_SOURCE_REMOVE;
}

/* Writes and sends the request, for the first time or with what the server has told since. */
static void
attempt (Transaction *transaction)
{
  ThIceClient *self = transaction->client;

  g_clear_handle_id (&transaction->timer, g_source_remove);
  g_clear_handle_id (&transaction->limit, g_source_remove);
  transaction->attempts++;
  transaction->with_credentials = self->realm != NULL && transaction->method != TH_STUN_BINDING;
  th_random_bytes (transaction->id, sizeof transaction->id);
  transaction->length =
      write_message (self, transaction->bytes, TH_STUN_REQUEST, transaction->method,
                     transaction->id, transaction->write, transaction->data);
  if (transaction->length == 0)
    {
      transaction->limit = g_idle_add (on_too_long, transaction);
      return;
    }
  transaction->rto = RTO;
  if (th_ice_link_loses (self->link))
    transaction->timer = g_timeout_add (RTO, on_time_to_repeat, transaction);
  transaction->limit = g_timeout_add (self->timeout, on_limit, transaction);
  th_ice_link_send (self->link, transaction->bytes, transaction->length);
}

static char *
dup_attribute (const ThStunMessage *message, guint16 type)
{
  ThStunAttribute attribute;

  if (!th_stun_message_find (message, type, &attribute))
    return NULL;
  return g_strndup ((const char *) attribute.value, attribute.length);
}

static void
make_key (ThIceClient *self)
{
  self->key_length = th_stun_long_term_key (
      TH_STUN_ALGORITHM_MD5, self->username, strlen (self->username), self->realm,
      strlen (self->realm), self->password, strlen (self->password), self->key);
}

/* FALSE: there is no challenge in @answer that could be met. */
static gboolean
take_challenge (ThIceClient *self, const ThStunMessage *answer)
{
  g_autofree char *realm = dup_attribute (answer, TH_STUN_REALM);
  g_autofree char *nonce = dup_attribute (answer, TH_STUN_NONCE);

  if (nonce == NULL || (realm == NULL && self->realm == NULL))
    return FALSE;
  g_free (self->nonce);
  self->nonce = g_steal_pointer (&nonce);
  if (realm == NULL)
    return TRUE;
  g_free (self->realm);
  self->realm = g_steal_pointer (&realm);
  make_key (self);
  return TRUE;
}

static void
take_error (Transaction *transaction, const ThStunMessage *answer)
{
  ThIceClient *self = transaction->client;
  ThStunAttribute attribute;
  const char *reason;
  gsize reason_length;
  guint code = 0;
  gboolean challenge;

  if (!th_stun_message_find (answer, TH_STUN_ERROR_CODE, &attribute) ||
      !th_stun_attribute_get_error (&attribute, &code, &reason, &reason_length))
    {
      finish_with (transaction, TH_ICE_ERROR_GARBAGE,
                   _("The server refuses, but does not say why."));
      return;
    }
  challenge = (code == TH_STUN_UNAUTHENTICATED && !transaction->with_credentials) ||
              (code == TH_STUN_STALE_NONCE && transaction->with_credentials);
  if (!challenge || transaction->attempts >= ATTEMPTS_MAX)
    finish_with_code (transaction, code);
  else if (self->password == NULL)
    finish_with (transaction, TH_ICE_ERROR_NO_CREDENTIALS,
                 _("The server asks for user name and password (401)."));
  else if (take_challenge (self, answer))
    attempt (transaction);
  else
    finish_with (transaction, TH_ICE_ERROR_GARBAGE,
                 _("The server asks for credentials without realm or nonce."));
}

static gboolean
is_signed_well (ThIceClient *self, const ThStunMessage *answer)
{
  ThStunAttribute integrity;

  return th_stun_message_find (answer, TH_STUN_MESSAGE_INTEGRITY, &integrity) &&
         th_stun_check_integrity (answer, &integrity, self->key, self->key_length);
}

static void
take_answer (Transaction *transaction, const ThStunMessage *answer)
{
  ThIceClient *self = transaction->client;
  g_autofree char *software = dup_attribute (answer, TH_STUN_SOFTWARE);

  if (software != NULL)
    {
      g_free (self->software);
      self->software = g_utf8_make_valid (software, -1);
    }
  if (answer->class == TH_STUN_ERROR)
    take_error (transaction, answer);
  else if (transaction->with_credentials && !is_signed_well (self, answer))
    finish_with (transaction, TH_ICE_ERROR_INTEGRITY,
                 _("The server’s answer is not signed with the same password."));
  else
    finish (transaction, answer, 0, NULL);
}

ThIceClient *
th_ice_client_new (ThIceLink *link, const ThIceServer *server, guint timeout)
{
  ThIceClient *self = g_new0 (ThIceClient, 1);

  self->references = 1;
  self->link = link;
  self->server = server;
  self->timeout = timeout;
  self->transactions = g_ptr_array_new_with_free_func (transaction_free);
  if (server->username == NULL || server->password == NULL)
    return self;
  self->username = th_stun_prepare_string (server->username);
  self->password = th_stun_prepare_string (server->password);
  if (self->username == NULL) /* the profile refuses it, but a server may be less strict */
    self->username = g_strdup (server->username);
  if (self->password == NULL)
    self->password = g_strdup (server->password);
  return self;
}

void
th_ice_client_free (ThIceClient *self)
{
  g_ptr_array_set_size (self->transactions, 0);
  unref (self);
}

void
th_ice_client_request (ThIceClient *self,
                       ThStunMethod method,
                       ThIceWriteFunc write,
                       ThIceAnswerFunc answered,
                       gpointer data)
{
  Transaction *transaction = g_new0 (Transaction, 1);

  transaction->client = self;
  transaction->method = method;
  transaction->write = write;
  transaction->answered = answered;
  transaction->data = data;
  g_ptr_array_add (self->transactions, transaction);
  attempt (transaction);
}

static void
send_once (ThIceClient *self,
           ThStunClass class,
           ThStunMethod method,
           ThIceWriteFunc write,
           gpointer data)
{
  guint8 id[TH_STUN_TRANSACTION_ID_SIZE];
  guint8 bytes[MESSAGE_MAX];
  gsize length;

  th_random_bytes (id, sizeof id);
  length = write_message (self, bytes, class, method, id, write, data);
  if (length > 0)
    th_ice_link_send (self->link, bytes, length);
}

void
th_ice_client_request_once (ThIceClient *self,
                            ThStunMethod method,
                            ThIceWriteFunc write,
                            gpointer data)
{
  send_once (self, TH_STUN_REQUEST, method, write, data);
}

void
th_ice_client_indicate (ThIceClient *self,
                        ThStunMethod method,
                        ThIceWriteFunc write,
                        gpointer data)
{
  send_once (self, TH_STUN_INDICATION, method, write, data);
}

gboolean
th_ice_client_receive (ThIceClient *self, const guint8 *frame, gsize length)
{
  ThStunMessage message;

  if (!th_stun_message_parse (&message, frame, length) ||
      (message.class != TH_STUN_SUCCESS && message.class != TH_STUN_ERROR))
    return FALSE;
  for (guint i = 0; i < self->transactions->len; i++)
    {
      Transaction *transaction = g_ptr_array_index (self->transactions, i);

      if (message.method != transaction->method ||
          memcmp (transaction->id, th_stun_message_transaction_id (&message),
                  sizeof transaction->id) != 0)
        continue;
      self->references++;
      take_answer (transaction, &message);
      unref (self);
      return TRUE;
    }
  return TRUE; /* an answer that comes twice, or to a request that was given up */
}

gboolean
th_ice_client_is_challenged (ThIceClient *self)
{
  return self->realm != NULL;
}

const char *
th_ice_client_get_software (ThIceClient *self)
{
  return self->software;
}
