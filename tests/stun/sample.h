/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of this room share: a transaction id, a key, a message under construction, and a
 * parse of an exact copy, so that one byte read too far is a report of the address sanitizer.
 */
#pragma once

#include <string.h>

#include "stun/builder.h"
#include "stun/integrity.h"
#include "stun/message.h"

static const guint8 sample_id[TH_STUN_TRANSACTION_ID_SIZE] = "turnhouse-id";
static const guint8 sample_key[16] = "sixteen byte key";

/* A builder with its own buffer. */
typedef struct {
  ThStunBuilder builder;
  guint8 bytes[1024];
} Sample;

static inline ThStunBuilder *
sample_init (Sample *self)
{
  th_stun_builder_init (&self->builder, self->bytes, sizeof self->bytes, TH_STUN_REQUEST,
                        TH_STUN_ALLOCATE, sample_id);
  return &self->builder;
}

/* Ends the message, which must fit and parse. */
static inline void
sample_parse (Sample *self, ThStunMessage *message)
{
  gsize length = th_stun_builder_end (&self->builder);

  g_assert_cmpuint (length, >=, TH_STUN_HEADER_SIZE);
  g_assert_true (th_stun_message_parse (message, self->bytes, length));
}

/* Whether @length bytes parse, tried on a heap copy of just that size. */
static inline gboolean
sample_parses_exact (const guint8 *bytes, gsize length)
{
  g_autofree guint8 *copy = g_malloc (MAX (length, 1));
  const guint8 *start = length > 0 ? copy : copy + 1;
  ThStunMessage message;

  if (length > 0)
    memcpy (copy, bytes, length);
  return th_stun_message_parse (&message, start, length);
}
