/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTurnRequest: a STUN message with every attribute that a TURN server looks at found in one
 * pass. Where an attribute comes twice the first counts; XOR-PEER-ADDRESS may come several times.
 * A view: it points into the message.
 */
#pragma once

#include "stun/message.h"

G_BEGIN_DECLS

#define TH_TURN_UNKNOWN_MAX 16

/* An attribute's value is NULL where the attribute is absent. */
typedef struct {
  ThStunMessage message;
  ThStunAttribute username;
  ThStunAttribute userhash;
  ThStunAttribute realm;
  ThStunAttribute nonce;
  ThStunAttribute integrity;
  ThStunAttribute integrity_sha256;
  ThStunAttribute password_algorithm;
  ThStunAttribute password_algorithms;
  ThStunAttribute requested_transport;
  ThStunAttribute requested_family;
  ThStunAttribute additional_family;
  ThStunAttribute even_port;
  ThStunAttribute reservation_token;
  ThStunAttribute dont_fragment;
  ThStunAttribute lifetime;
  ThStunAttribute channel_number;
  ThStunAttribute peer; /* the first one */
  ThStunAttribute data;
  ThStunAttribute connection_id;
  ThStunAttribute ticket; /* may be empty, and yet be there */
  ThStunAttribute fingerprint;
  ThStunAttribute change_request; /* also noted as unknown: few requests may have it */
  guint16 unknown[TH_TURN_UNKNOWN_MAX]; /* comprehension-required ones, each once */
  guint n_unknown;
} ThTurnRequest;

static inline gboolean
th_turn_has (const ThStunAttribute *attribute)
{
  return attribute->value != NULL;
}

/* FALSE if the bytes are no STUN message, or carry a FINGERPRINT that does not fit. */
gboolean th_turn_request_parse (ThTurnRequest *self, const guint8 *bytes, gsize length);

/* Takes @type off the unknown ones: this request may have it. */
void th_turn_request_understand (ThTurnRequest *self, guint16 type);

/* A family attribute's first byte; 0 if its length is wrong. */
guint th_turn_attribute_family (const ThStunAttribute *attribute);

G_END_DECLS
