/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sorts the attributes of a message into the places of ThTurnRequest.
 */
#include "turn/request.h"

#include "stun/integrity.h"

static ThStunAttribute *
place_for (ThTurnRequest *self, guint16 type)
{
  switch (type)
    {
    case TH_STUN_USERNAME:
      return &self->username;
    case TH_STUN_USERHASH:
      return &self->userhash;
    case TH_STUN_REALM:
      return &self->realm;
    case TH_STUN_NONCE:
      return &self->nonce;
    case TH_STUN_MESSAGE_INTEGRITY:
      return &self->integrity;
    case TH_STUN_MESSAGE_INTEGRITY_SHA256:
      return &self->integrity_sha256;
    case TH_STUN_PASSWORD_ALGORITHM:
      return &self->password_algorithm;
    case TH_STUN_PASSWORD_ALGORITHMS:
      return &self->password_algorithms;
    case TH_STUN_REQUESTED_TRANSPORT:
      return &self->requested_transport;
    case TH_STUN_REQUESTED_ADDRESS_FAMILY:
      return &self->requested_family;
    case TH_STUN_ADDITIONAL_ADDRESS_FAMILY:
    case TH_STUN_ADDITIONAL_ADDRESS_FAMILY_DRAFT:
      return &self->additional_family;
    case TH_STUN_EVEN_PORT:
      return &self->even_port;
    case TH_STUN_RESERVATION_TOKEN:
      return &self->reservation_token;
    case TH_STUN_DONT_FRAGMENT:
      return &self->dont_fragment;
    case TH_STUN_LIFETIME:
      return &self->lifetime;
    case TH_STUN_CHANNEL_NUMBER:
      return &self->channel_number;
    case TH_STUN_XOR_PEER_ADDRESS:
      return &self->peer;
    case TH_STUN_DATA_ATTRIBUTE:
      return &self->data;
    case TH_STUN_CONNECTION_ID:
      return &self->connection_id;
    case TH_STUN_MOBILITY_TICKET:
      return &self->ticket;
    case TH_STUN_FINGERPRINT:
      return &self->fingerprint;
    default:
      return NULL;
    }
}

/* Attributes of answers are passed over where they do not belong (RFC 8489, section 6.3). */
static gboolean
is_of_answers (guint16 type)
{
  switch (type)
    {
    case TH_STUN_MAPPED_ADDRESS:
    case TH_STUN_ERROR_CODE:
    case TH_STUN_UNKNOWN_ATTRIBUTES:
    case TH_STUN_XOR_RELAYED_ADDRESS:
    case TH_STUN_XOR_MAPPED_ADDRESS:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
note_unknown (ThTurnRequest *self, guint16 type)
{
  for (guint i = 0; i < self->n_unknown; i++)
    {
      if (self->unknown[i] == type)
        return;
    }
  if (self->n_unknown < G_N_ELEMENTS (self->unknown))
    self->unknown[self->n_unknown++] = type;
}

gboolean
th_turn_request_parse (ThTurnRequest *self, const guint8 *bytes, gsize length)
{
  ThStunIter iter;
  ThStunAttribute attribute;

  *self = (ThTurnRequest) { 0 };
  if (!th_stun_message_parse (&self->message, bytes, length))
    return FALSE;

  th_stun_iter_init (&iter, &self->message);
  while (th_stun_iter_next (&iter, &attribute))
    {
      ThStunAttribute *place = place_for (self, attribute.type);

      if (place != NULL && !th_turn_has (place))
        *place = attribute;
      else if (place == NULL && !TH_STUN_COMPREHENSION_OPTIONAL (attribute.type) &&
               !is_of_answers (attribute.type))
        note_unknown (self, attribute.type);
      if (attribute.type == TH_STUN_CHANGE_REQUEST && !th_turn_has (&self->change_request))
        self->change_request = attribute;
    }
  return !th_turn_has (&self->fingerprint) || th_stun_check_fingerprint (&self->message);
}

void
th_turn_request_understand (ThTurnRequest *self, guint16 type)
{
  guint kept = 0;

  for (guint i = 0; i < self->n_unknown; i++)
    {
      if (self->unknown[i] != type)
        self->unknown[kept++] = self->unknown[i];
    }
  self->n_unknown = kept;
}

guint
th_turn_attribute_family (const ThStunAttribute *attribute)
{
  return attribute->length == 4 ? attribute->value[0] : 0;
}
