/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Linear probing in a table at most half full; a removal shifts the followers back, so searches
 * never step over graves.
 */
#include "turn/allocation-table.h"

#include <gnutls/crypto.h>

#define SLOTS_MIN 16

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
  return self->slots[slot_of (self, th_turn_client_hash (client, self->key), client)].allocation;
}

void
th_allocation_table_add (ThAllocationTable *self, ThTurnAllocation *allocation)
{
  guint32 hash = th_turn_client_hash (&allocation->client, self->key);

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
  const ThTurnClient *client = &allocation->client;
  guint hole = slot_of (self, th_turn_client_hash (client, self->key), client);

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
