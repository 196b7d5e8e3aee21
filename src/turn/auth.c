/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The long-term credential mechanism as RFC 8489, section 9.2.4, orders its checks, with the nonce
 * cookie and the protection against bidding the password algorithm down.
 */
#include "turn/server-private.h"

#include <string.h>

#include "stun/integrity.h"

/* What the challenge offers, as it must come back: SHA-256, then MD5, neither with parameters. */
static const guint8 offered_algorithms[] = { 0, TH_STUN_ALGORITHM_SHA256, 0, 0,
                                             0, TH_STUN_ALGORITHM_MD5,    0, 0 };

/* A PASSWORD-ALGORITHM of four bytes that is one of ours, or 0. */
static guint
chosen_algorithm (const ThStunAttribute *attribute)
{
  guint32 value;

  if (!th_stun_attribute_get_u32 (attribute, &value))
    return 0;
  switch (value >> 16)
    {
    case TH_STUN_ALGORITHM_MD5:
    case TH_STUN_ALGORITHM_SHA256:
      return (value & 0xFFFF) == 0 ? value >> 16 : 0;
    default:
      return 0;
    }
}

/* Both or neither, and the list unaltered: else somebody between us struck the better ones out. */
static gboolean
choose_algorithm (ThTurnExchange *self)
{
  const ThTurnRequest *request = &self->request;
  const ThStunAttribute *list = &request->password_algorithms;
  guint chosen;

  self->proof.algorithm = TH_STUN_ALGORITHM_MD5;
  if (!th_turn_has (&request->password_algorithm) && !th_turn_has (list))
    return TRUE;
  if (!th_turn_has (&request->password_algorithm) || !th_turn_has (list))
    return FALSE;
  chosen = chosen_algorithm (&request->password_algorithm);
  self->proof.algorithm = chosen;
  return chosen != 0 && list->length == sizeof offered_algorithms &&
         memcmp (list->value, offered_algorithms, sizeof offered_algorithms) == 0;
}

static gboolean
has_all_parts (const ThTurnRequest *request)
{
  gboolean named = th_turn_has (&request->username) || th_turn_has (&request->userhash);

  return named && th_turn_has (&request->realm) && th_turn_has (&request->nonce) &&
         request->username.length <= TH_STUN_USERNAME_MAX &&
         request->realm.length <= TH_STUN_REALM_MAX && request->nonce.length <= TH_STUN_NONCE_MAX &&
         (!th_turn_has (&request->userhash) || request->userhash.length == TH_STUN_USERHASH_SIZE);
}

static gboolean
proves (ThTurnExchange *self, const ThTurnKey *key)
{
  const ThStunAttribute *integrity =
      self->proof.sha256 ? &self->request.integrity_sha256 : &self->request.integrity;

  return th_stun_check_integrity (&self->request.message, integrity, key->key, key->key_length);
}

/* Whether the request names the user of the client's allocation. */
static gboolean
names_owner (const ThTurnExchange *self)
{
  const ThTurnAllocation *allocation = self->allocation;
  const ThStunAttribute *name = &self->request.username;

  if (th_turn_has (name))
    return allocation->username != NULL && strlen (allocation->username) == name->length &&
           memcmp (allocation->username, name->value, name->length) == 0;
  return memcmp (allocation->userhash, self->request.userhash.value, TH_STUN_USERHASH_SIZE) == 0;
}

/* Requests on a live allocation are mostly its owner's, and then its key is at hand. */
static gboolean
prove_by_allocation (ThTurnExchange *self)
{
  const ThTurnAllocation *allocation = self->allocation;
  ThTurnKey *key = &self->proof.key;

  if (allocation == NULL || allocation->algorithm != self->proof.algorithm || !names_owner (self))
    return FALSE;
  memcpy (key->key, allocation->key, sizeof key->key);
  key->key_length = allocation->key_length;
  key->expires_at = allocation->record->expires_at;
  key->secret = allocation->record->secret;
  g_strlcpy (key->user, allocation->record->user, sizeof key->user);
  return proves (self, key);
}

/* For those who watch: whom the client claims to be, by the likeliest of the keys that it lacks. */
static void
note_claim (ThTurnExchange *self, const ThTurnKey *keys, guint n_keys)
{
  ThTurnKey *claimed = &self->proof.key;

  self->reason = n_keys > 0 ? TH_REFUSAL_WRONG_PASSWORD : TH_REFUSAL_UNKNOWN_NAME;
  if (n_keys > 0)
    *claimed = keys[0];
  else
    *claimed = (ThTurnKey) { 0 };
  explicit_bzero (claimed->key, sizeof claimed->key);
}

static gboolean
prove_by_authenticator (ThTurnExchange *self)
{
  const ThTurnServer *server = self->server;
  const ThTurnRequest *request = &self->request;
  ThTurnKey keys[TH_TURN_KEYS_MAX];
  const ThTurnClaim claim = {
    .username = (const char *) request->username.value,
    .username_length = request->username.length,
    .userhash = th_turn_has (&request->username) ? NULL : request->userhash.value,
    .realm = server->config->realm,
    .algorithm = self->proof.algorithm,
    .wall_time = server->wall,
  };
  guint n_keys = server->authenticator->find_keys (server->authenticator, &claim, keys,
                                                   G_N_ELEMENTS (keys));
  gboolean proven = FALSE;

  for (guint i = 0; i < n_keys && !proven; i++)
    {
      proven = proves (self, &keys[i]);
      if (proven)
        self->proof.key = keys[i];
    }
  if (!proven)
    note_claim (self, keys, n_keys);
  explicit_bzero (keys, n_keys * sizeof keys[0]);
  return proven;
}

/* Expiry is checked when an allocation is made, and on refreshing only where that is asked for,
 * also from another address than before (RFC 8016). */
static gboolean
has_expired (const ThTurnExchange *self)
{
  guint16 method = self->request.message.method;
  gboolean refreshes =
      method == TH_STUN_CONNECTION_BIND ||
      (method == TH_STUN_REFRESH &&
       (self->allocation != NULL || th_turn_has (&self->request.ticket)));
  gboolean matters = refreshes ? self->server->config->strict_expiry
                               : method == TH_STUN_ALLOCATE || self->allocation == NULL;

  return matters && self->proof.key.expires_at != 0 &&
         self->proof.key.expires_at <= self->server->wall;
}

static gboolean
refuse_credentials (ThTurnExchange *self, guint64 *reason)
{
  th_counter_add (reason, 1);
  th_turn_answer_challenge (self, TH_STUN_UNAUTHENTICATED);
  return FALSE;
}

static gboolean
is_nonce_of (const ThTurnExchange *self, const ThAddress *client)
{
  const ThTurnServer *server = self->server;
  const ThStunAttribute *nonce = &self->request.nonce;

  return th_nonce_check (&server->config->nonce_key, client, server->now, TH_TURN_NONCE_LIFETIME,
                         nonce->value, nonce->length) == TH_NONCE_VALID;
}

/* A data connection (RFC 6062) may go on with the nonce of the connection it belongs to. */
static gboolean
has_valid_nonce (const ThTurnExchange *self)
{
  ThAddress owner;
  guint32 id;

  if (is_nonce_of (self, &self->client->address))
    return TRUE;
  return self->request.message.method == TH_STUN_CONNECTION_BIND &&
         th_stun_attribute_get_u32 (&self->request.connection_id, &id) &&
         th_streams_find_client (self->server->config->streams, id, &owner) &&
         is_nonce_of (self, &owner);
}

gboolean
th_turn_authenticate (ThTurnExchange *self)
{
  const ThTurnRequest *request = &self->request;

  self->proof.sha256 = th_turn_has (&request->integrity_sha256);
  if (!self->proof.sha256 && !th_turn_has (&request->integrity))
    {
      th_turn_answer_challenge (self, TH_STUN_UNAUTHENTICATED);
      return FALSE;
    }
  if (!has_all_parts (request))
    {
      th_turn_answer_error (self, TH_STUN_BAD_REQUEST);
      return FALSE;
    }
  if (!has_valid_nonce (self))
    {
      th_counter_add (&self->server->counters.stale_nonces, 1);
      th_turn_answer_challenge (self, TH_STUN_STALE_NONCE);
      return FALSE;
    }
  if (!choose_algorithm (self))
    {
      th_turn_answer_error (self, TH_STUN_BAD_REQUEST);
      return FALSE;
    }
  if (!prove_by_allocation (self) && !prove_by_authenticator (self))
    return refuse_credentials (self, &self->server->counters.wrong_credentials);
  if (has_expired (self))
    {
      self->reason = TH_REFUSAL_EXPIRED;
      return refuse_credentials (self, &self->server->counters.expired_credentials);
    }

  self->proof.proven = TRUE;
  if (self->allocation != NULL && !names_owner (self))
    {
      th_turn_answer_error (self, TH_STUN_WRONG_CREDENTIALS);
      return FALSE;
    }
  return TRUE;
}

void
th_turn_hash_user (const ThTurnExchange *self, guint8 hash[TH_STUN_USERHASH_SIZE])
{
  const ThTurnRequest *request = &self->request;
  const char *realm = self->server->config->realm;

  if (th_turn_has (&request->username))
    th_stun_userhash ((const char *) request->username.value, request->username.length, realm,
                      strlen (realm), hash);
  else
    memcpy (hash, request->userhash.value, TH_STUN_USERHASH_SIZE);
}
