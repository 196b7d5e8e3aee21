/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Linear probing in a table at most half full; a removal shifts the followers back, so searches
 * never step over graves.
 */
#include "turn/allocation-table.h"

#include <gnutls/crypto.h>
#include <string.h>

#define SLOTS_MIN 16

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

static guint32
hash_client (const ThAllocationTable *self, const ThTurnClient *client)
{
  guint64 state = self->key[0] ^ (guint64) client->transport;

  state = mix_address (state, self->key[1], &client->address);
  state = mix_address (state, self->key[1], &client->local);
  return (guint32) (state ^ (state >> 32));
}

static guint
slot_of (const ThAllocationTable *self, guint32 hash, const ThTurnClient *client)
{
  guint mask = self->n_slots - 1;
  guint at = hash & mask;

  while (self->slots[at].allocation != NULL)
    {
      if (self->slots[at].hash == hash &&
          th_turn_client_equal (&self->slots[at].allocation->client, client))
        break;
      at = (at + 1) & mask;
    }
  return at;
}

static void
resize (ThAllocationTable *self, guint n_slots)
{
  g_autofree ThAllocationSlot *old = self->slots;
  guint n_old = self->n_slots;

  self->slots = g_new0 (ThAllocationSlot, n_slots);
  self->n_slots = n_slots;
  for (guint i = 0; i < n_old; i++)
    {
      if (old[i].allocation != NULL)
        self->slots[slot_of (self, old[i].hash, &old[i].allocation->client)] = old[i];
    }
}

void
th_allocation_table_init (ThAllocationTable *self)
{
  *self = (ThAllocationTable) { 0 };
  if (gnutls_rnd (GNUTLS_RND_KEY, self->key, sizeof self->key) != 0)
    g_error ("no random numbers to be had from the system");
  self->key[1] |= 1;
  resize (self, SLOTS_MIN);
}

void
th_allocation_table_clear (ThAllocationTable *self)
{
  g_clear_pointer (&self->slots, g_free);
  self->n_slots = self->n_allocations = 0;
}

ThTurnAllocation *
th_allocation_table_find (const ThAllocationTable *self, const ThTurnClient *client)
{
  return self->slots[slot_of (self, hash_client (self, client), client)].allocation;
}

void
th_allocation_table_add (ThAllocationTable *self, ThTurnAllocation *allocation)
{
  guint32 hash = hash_client (self, &allocation->client);

  if ((self->n_allocations + 1) * 2 > self->n_slots)
    resize (self, self->n_slots * 2);
  self->slots[slot_of (self, hash, &allocation->client)] = (ThAllocationSlot) {
    .hash = hash,
    .allocation = allocation,
  };
  self->n_allocations++;
}

void
th_allocation_table_remove (ThAllocationTable *self, ThTurnAllocation *allocation)
{
  guint mask = self->n_slots - 1;
  guint hole = slot_of (self, hash_client (self, &allocation->client), &allocation->client);

  g_return_if_fail (self->slots[hole].allocation == allocation);

  for (guint at = (hole + 1) & mask; self->slots[at].allocation != NULL; at = (at + 1) & mask)
    {
      guint home = self->slots[at].hash & mask;

      /* Who lies at or before the hole on its way from home may move into it. */
      if (((at - home) & mask) >= ((at - hole) & mask))
        {
          self->slots[hole] = self->slots[at];
          hole = at;
        }
    }
  self->slots[hole] = (ThAllocationSlot) { 0 };
  self->n_allocations--;
}
