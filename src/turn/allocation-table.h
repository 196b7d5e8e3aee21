/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The allocations of one worker by five-tuple: a hash table with open addressing, since every
 * packet of a client asks it once. The hash is keyed, so that nobody outside can aim at one slot.
 */
#pragma once

#include "turn/allocation.h"

G_BEGIN_DECLS

typedef struct {
  guint32 hash;
  ThTurnAllocation *allocation; /* NULL: free */
} ThAllocationSlot;

typedef struct {
  ThAllocationSlot *slots;
  guint n_slots; /* a power of two */
  guint n_allocations;
  guint64 key[2];
} ThAllocationTable;

void th_allocation_table_init (ThAllocationTable *self);

/* Frees the table, not the allocations. */
void th_allocation_table_clear (ThAllocationTable *self);

ThTurnAllocation *th_allocation_table_find (const ThAllocationTable *self,
                                            const ThTurnClient *client);

/* There must be none with that five-tuple yet. */
void th_allocation_table_add (ThAllocationTable *self, ThTurnAllocation *allocation);
void th_allocation_table_remove (ThAllocationTable *self, ThTurnAllocation *allocation);

G_END_DECLS
