/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counting handshakes. The table has an entry for each network that has any, so it is as bounded as
 * they are.
 */
#include "relay/handshakes.h"

#include "turn/throttle.h"

struct _ThHandshakes {
  gint *all;
  GHashTable *of_network; /* guint64, owned: GUINT_TO_POINTER */
  guint steps;            /* in this batch */
};

ThHandshakes *
th_handshakes_new (gint *all)
{
  ThHandshakes *self = g_new0 (ThHandshakes, 1);

  self->all = all;
  self->of_network = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return self;
}

void
th_handshakes_free (ThHandshakes *self)
{
  g_hash_table_unref (self->of_network);
  g_free (self);
}

static void
set_count (ThHandshakes *self, guint64 network, guint count)
{
  if (count == 0)
    g_hash_table_remove (self->of_network, &network);
  else
    g_hash_table_replace (self->of_network, g_memdup2 (&network, sizeof network),
                          GUINT_TO_POINTER (count));
}

gboolean
th_handshakes_begin (ThHandshakes *self, const ThAddress *client)
{
  guint64 network = th_throttle_network_of (client);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->of_network, &network));

  if (count >= TH_HANDSHAKES_OF_NETWORK_MAX)
    return FALSE;
  if (g_atomic_int_add (self->all, 1) >= TH_HANDSHAKES_MAX)
    {
      g_atomic_int_add (self->all, -1);
      return FALSE;
    }
  set_count (self, network, count + 1);
  return TRUE;
}

void
th_handshakes_end (ThHandshakes *self, const ThAddress *client)
{
  guint64 network = th_throttle_network_of (client);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->of_network, &network));

  g_return_if_fail (count > 0);

  set_count (self, network, count - 1);
  g_atomic_int_add (self->all, -1);
}

gboolean
th_handshakes_take_step (ThHandshakes *self)
{
  return self->steps++ < TH_HANDSHAKE_STEPS;
}

void
th_handshakes_begin_batch (ThHandshakes *self)
{
  self->steps = 0;
}
