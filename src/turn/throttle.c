/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Token buckets in a fixed table. A bucket is one number: until when its network has drawn its
 * replies in advance (the generic cell rate algorithm, which needs no refilling). A network's
 * bucket is in one small set of the table, told by a keyed hash so that nobody can aim at another's
 * set. In it a network keeps its own bucket while it is busy; a newcomer takes over one that is
 * idle, that is full again, and where there is none it shares a busy one.
 */
#include "turn/throttle.h"

#include "turn/random.h"

#define N_SETS 1024
#define BUCKETS_PER_SET 4

/* How far a network may draw in advance: it makes the burst twice the rate. */
#define BURST_US (2 * G_USEC_PER_SEC)

typedef struct {
  guint64 network; /* as network_of() has it; 0: never used */
  gint64 drawn_until;
} Bucket;

struct _ThThrottle {
  gint64 interval_us; /* between two replies in the long run; 0: no limit */
  guint64 key[2];
  Bucket buckets[N_SETS][BUCKETS_PER_SET];
};

static inline guint64
rotate (guint64 value, guint bits)
{
  return value << bits | value >> (64 - bits);
}

static void
siphash_rounds (guint64 v[4], guint n_rounds)
{
  while (n_rounds-- > 0)
    {
      v[0] += v[1];
      v[2] += v[3];
      v[1] = rotate (v[1], 13) ^ v[0];
      v[3] = rotate (v[3], 16) ^ v[2];
      v[0] = rotate (v[0], 32);
      v[2] += v[1];
      v[0] += v[3];
      v[1] = rotate (v[1], 17) ^ v[2];
      v[3] = rotate (v[3], 21) ^ v[0];
      v[2] = rotate (v[2], 32);
    }
}

/* SipHash-2-4 of the eight bytes of @value. */
static guint64
keyed_hash (const guint64 key[2], guint64 value)
{
  const guint64 length_block = G_GUINT64_CONSTANT (8) << 56;
  guint64 v[4] = {
    key[0] ^ G_GUINT64_CONSTANT (0x736f6d6570736575),
    key[1] ^ G_GUINT64_CONSTANT (0x646f72616e646f6d),
    key[0] ^ G_GUINT64_CONSTANT (0x6c7967656e657261),
    key[1] ^ G_GUINT64_CONSTANT (0x7465646279746573),
  };

  v[3] ^= value;
  siphash_rounds (v, 2);
  v[0] ^= value;
  v[3] ^= length_block;
  siphash_rounds (v, 2);
  v[0] ^= length_block;
  v[2] ^= 0xff;
  siphash_rounds (v, 4);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static Bucket *
find_bucket (ThThrottle *self, guint64 network, gint64 now)
{
  guint64 hash = keyed_hash (self->key, network);
  Bucket *set = self->buckets[hash % N_SETS];

  for (guint i = 0; i < BUCKETS_PER_SET; i++)
    {
      if (set[i].network == network)
        return &set[i];
    }
  for (guint i = 0; i < BUCKETS_PER_SET; i++)
    {
      if (set[i].network == 0 || set[i].drawn_until <= now)
        {
          set[i] = (Bucket) { .network = network, .drawn_until = now };
          return &set[i];
        }
    }
  return &set[(hash >> 32) % BUCKETS_PER_SET];
}

/* The family's size and the leading 24 or 48 bits of the address, in one number. */
guint64
th_throttle_network_of (const ThAddress *client)
{
  gsize length;
  const guint8 *bytes = th_address_bytes (client, &length);
  guint64 network;
  guint n_bytes;

  if (th_address_is_ipv6 (client) && IN6_IS_ADDR_V4MAPPED (&client->v6.sin6_addr))
    {
      bytes += 12;
      length = 4;
    }
  network = length;
  n_bytes = length == 4 ? 3 : 6;
  for (guint i = 0; i < n_bytes; i++)
    network = network << 8 | bytes[i];
  return network;
}

ThThrottle *
th_throttle_new (guint per_second)
{
  ThThrottle *self = g_new0 (ThThrottle, 1);

  th_random_bytes (self->key, sizeof self->key);
  th_throttle_set_rate (self, per_second);
  return self;
}

void
th_throttle_free (ThThrottle *self)
{
  g_free (self);
}

void
th_throttle_set_rate (ThThrottle *self, guint per_second)
{
  self->interval_us = per_second > 0 ? MAX (G_USEC_PER_SEC / per_second, 1) : 0;
}

gboolean
th_throttle_allow (ThThrottle *self, const ThAddress *client, gint64 monotonic_us)
{
  Bucket *bucket;
  gint64 drawn_until;

  if (self->interval_us == 0 || th_address_is_loopback (client))
    return TRUE;

  bucket = find_bucket (self, th_throttle_network_of (client), monotonic_us);
  drawn_until = MAX (bucket->drawn_until, monotonic_us) + self->interval_us;
  if (drawn_until > monotonic_us + BURST_US)
    return FALSE;
  bucket->drawn_until = drawn_until;
  return TRUE;
}
