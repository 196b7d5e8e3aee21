/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing answers: what every one of them has in common, and the challenge. Answers to strangers
 * are kept short, so that nobody can use the server to multiply traffic.
 */
#include "turn/server-private.h"

/* In the order in which the server prefers them (RFC 8489, section 14.11). */
static const ThStunPasswordAlgorithm algorithms[] = {
  TH_STUN_ALGORITHM_SHA256,
  TH_STUN_ALGORITHM_MD5,
};

void
th_turn_answer_begin (ThTurnExchange *self, ThStunClass class)
{
  const ThStunMessage *request = &self->request.message;

  th_stun_builder_init (&self->answer, self->action->head, TH_TURN_HEAD_SIZE, class,
                        request->method, th_stun_message_transaction_id (request));
}

void
th_turn_answer_send (ThTurnExchange *self)
{
  const ThTurnProof *proof = &self->proof;

  if (proof->proven && proof->sha256)
    th_stun_builder_add_integrity_sha256 (&self->answer, proof->key.key, proof->key.key_length);
  else if (proof->proven)
    th_stun_builder_add_integrity (&self->answer, proof->key.key, proof->key.key_length);
  if (th_turn_has (&self->request.fingerprint))
    th_stun_builder_add_fingerprint (&self->answer);

  self->action->head_length = th_stun_builder_end (&self->answer);
  self->action->client = self->client;
  self->action->verb = self->action->head_length > 0 ? TH_TURN_TO_CLIENT : TH_TURN_NOTHING;
}

static ThRefusalReason
usual_reason (guint code)
{
  switch (code)
    {
    case TH_STUN_FORBIDDEN:
      return TH_REFUSAL_FORBIDDEN_PEER;
    case TH_STUN_UNKNOWN_ATTRIBUTE:
      return TH_REFUSAL_UNKNOWN_ATTRIBUTE;
    case TH_STUN_ALLOCATION_MISMATCH:
      return TH_REFUSAL_NO_ALLOCATION;
    case TH_STUN_STALE_NONCE:
      return TH_REFUSAL_STALE_NONCE;
    case TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED:
      return TH_REFUSAL_FAMILY;
    case TH_STUN_WRONG_CREDENTIALS:
      return TH_REFUSAL_OTHER_USER;
    case TH_STUN_UNSUPPORTED_TRANSPORT:
      return TH_REFUSAL_TRANSPORT;
    case TH_STUN_PEER_FAMILY_MISMATCH:
      return TH_REFUSAL_PEER_FAMILY;
    case TH_STUN_INSUFFICIENT_CAPACITY:
      return TH_REFUSAL_CAPACITY;
    case TH_STUN_UNAUTHENTICATED:
      return TH_REFUSAL_NONE; /* not without a reason of its own */
    case TH_STUN_BAD_REQUEST:
    default:
      return TH_REFUSAL_BAD_REQUEST;
    }
}

static void
tell_refusal (ThTurnExchange *self, guint code)
{
  const ThTurnServer *server = self->server;
  const ThStunAttribute *name = &self->request.username;
  const ThTurnKey *key = &self->proof.key;
  const ThTurnRefusal refusal = {
    .reason = self->reason != TH_REFUSAL_NONE ? self->reason : usual_reason (code),
    .code = code,
    .client = self->client,
    .name = (const char *) name->value,
    .name_length = name->length,
    .user = key->user,
    .kind = key->kind,
    .expires_at = key->expires_at,
    .session = self->allocation != NULL ? self->allocation->record->id : 0,
    .peer = &self->refused_peer,
  };

  if (server->driver->refused != NULL && refusal.reason != TH_REFUSAL_NONE)
    server->driver->refused (server->user_data, &refusal);
}

/* RFC 8489, sections 10, 14.15 and 14.16 */
static void
add_alternate_server (ThTurnExchange *self)
{
  const ThAlternateServer *server = self->alternate_server;
  ThTransport transport = self->client->transport;

  th_stun_builder_add_address (&self->answer, TH_STUN_ALTERNATE_SERVER, &server->address);
  if (server->domain[0] != '\0' &&
      (transport == TH_TRANSPORT_TLS || transport == TH_TRANSPORT_DTLS))
    th_stun_builder_add_string (&self->answer, TH_STUN_ALTERNATE_DOMAIN, server->domain);
}

void
th_turn_answer_error (ThTurnExchange *self, ThStunErrorCode code)
{
  th_turn_answer_error_quietly (self, code);
  tell_refusal (self, code);
}

void
th_turn_answer_error_quietly (ThTurnExchange *self, ThStunErrorCode code)
{
  th_turn_answer_begin (self, TH_STUN_ERROR);
  th_stun_builder_add_error (&self->answer, code, NULL);
  if (code == TH_STUN_UNKNOWN_ATTRIBUTE)
    th_stun_builder_add_unknown_attributes (&self->answer, self->request.unknown,
                                            self->request.n_unknown);
  if (code == TH_STUN_TRY_ALTERNATE)
    add_alternate_server (self);
  th_turn_answer_send (self);
}

void
th_turn_answer_challenge (ThTurnExchange *self, ThStunErrorCode code)
{
  ThTurnServer *server = self->server;
  char nonce[TH_NONCE_SIZE + 1];

  if (!th_throttle_allow (server->throttle, &self->client->address, server->now))
    {
      th_counter_add (&server->counters.challenges_withheld, 1);
      if (self->reason == TH_REFUSAL_NONE)
        self->reason = TH_REFUSAL_WITHHELD;
      tell_refusal (self, 0);
      return;
    }
  th_counter_add (&server->counters.challenges, 1);
  th_nonce_make (&server->config->nonce_key, &self->client->address, server->now, nonce);

  th_turn_answer_begin (self, TH_STUN_ERROR);
  th_stun_builder_add_error (&self->answer, code, ""); /* words would only make it longer */
  th_stun_builder_add_string (&self->answer, TH_STUN_REALM, server->config->realm);
  th_stun_builder_add_string (&self->answer, TH_STUN_NONCE, nonce);
  th_stun_builder_add_password_algorithms (&self->answer, algorithms, G_N_ELEMENTS (algorithms));
  th_turn_answer_send (self);
  tell_refusal (self, code);
}
