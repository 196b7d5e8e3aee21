/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hash of a five-tuple.
 */
#include "turn/client.h"

#include <string.h>

/* Multiplies to 128 bits and folds: every input bit reaches every output bit. */
static inline guint64
mix (guint64 a, guint64 b)
{
  __uint128_t product = (__uint128_t) a * b;

  return (guint64) product ^ (guint64) (product >> 64);
}

static inline guint64
mix_address (guint64 state, guint64 key, const ThAddress *address)
{
  guint64 part[2];

  if (!th_address_is_ipv6 (address))
    {
      memcpy (part, address, sizeof part[0]); /* family, port, host */
      return mix (state ^ part[0], key);
    }
  memcpy (part, &address->v6.sin6_addr, sizeof part);
  state = mix (state ^ part[0] ^ address->v6.sin6_port, key);
  return mix (state ^ part[1], key);
}

guint32
th_turn_client_hash (const ThTurnClient *self, const guint64 key[2])
{
  guint64 state = key[0] ^ (guint64) self->transport;

  state = mix_address (state, key[1] | 1, &self->address);
  state = mix_address (state, key[1] | 1, &self->local);
  return (guint32) (state ^ (state >> 32));
}
