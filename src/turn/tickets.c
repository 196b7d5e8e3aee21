/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hash table under a lock, asked only when a client moves. The tickets are random, so that their
 * first bytes are hash enough.
 */
#include "turn/tickets.h"

#include <string.h>

#include "turn/random.h"

typedef struct {
  guint8 ticket[TH_TICKET_SIZE]; /* first: the entry is its own key */
  ThTicketHolder holder;
} Entry;

struct _ThTickets {
  gatomicrefcount references;
  GMutex lock;
  GHashTable *entries; /* a set of Entry */
};

static guint
hash_ticket (gconstpointer ticket)
{
  guint hash;

  memcpy (&hash, ticket, sizeof hash);
  return hash;
}

static gboolean
tickets_are_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, TH_TICKET_SIZE) == 0;
}

ThTickets *
th_tickets_new (void)
{
  ThTickets *self = g_new0 (ThTickets, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  self->entries = g_hash_table_new_full (hash_ticket, tickets_are_equal, NULL, g_free);
  return self;
}

ThTickets *
th_tickets_ref (ThTickets *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
th_tickets_unref (ThTickets *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_hash_table_unref (self->entries);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Clients such as coturn's keep a ticket as a C string, so no byte of it is 0. */
static void
make_ticket (guint8 ticket[TH_TICKET_SIZE])
{
  th_random_bytes (ticket, TH_TICKET_SIZE);
  for (guint i = 0; i < TH_TICKET_SIZE; i++)
    {
      if (ticket[i] == 0)
        ticket[i] = 1;
    }
}

void
th_tickets_issue (ThTickets *self, const ThTicketHolder *holder, guint8 ticket[TH_TICKET_SIZE])
{
  Entry *entry = g_new (Entry, 1);

  make_ticket (entry->ticket);
  entry->holder = *holder;
  memcpy (ticket, entry->ticket, sizeof entry->ticket);
  g_mutex_lock (&self->lock);
  g_hash_table_replace (self->entries, entry, entry);
  g_mutex_unlock (&self->lock);
}

gboolean
th_tickets_find (ThTickets *self,
                 const guint8 ticket[TH_TICKET_SIZE],
                 gint64 now_us,
                 ThTicketHolder *holder)
{
  const Entry *entry;
  gboolean found;

  g_mutex_lock (&self->lock);
  entry = g_hash_table_lookup (self->entries, ticket);
  found = entry != NULL && (entry->holder.expires == 0 || entry->holder.expires > now_us);
  if (found)
    *holder = entry->holder;
  g_mutex_unlock (&self->lock);
  return found;
}

void
th_tickets_update (ThTickets *self,
                   const guint8 ticket[TH_TICKET_SIZE],
                   gpointer owner,
                   gint64 expires_us)
{
  Entry *entry;

  g_mutex_lock (&self->lock);
  entry = g_hash_table_lookup (self->entries, ticket);
  if (entry != NULL)
    {
      entry->holder.owner = owner;
      entry->holder.expires = expires_us;
    }
  g_mutex_unlock (&self->lock);
}

void
th_tickets_withdraw (ThTickets *self, const guint8 ticket[TH_TICKET_SIZE])
{
  g_mutex_lock (&self->lock);
  g_hash_table_remove (self->entries, ticket);
  g_mutex_unlock (&self->lock);
}
