/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules of the ring: one secret is current, former ones stay accepted until their time ends,
 * and the configuration's secret counts again only once it changes.
 */
#include "credentials/ring-state.h"

#include <string.h>

#include "credentials/secret.h"
#include "stun/integrity.h"

static void
free_ring_secret (gpointer data)
{
  ThRingSecret *secret = data;

  th_secret_free (secret->text);
  g_free (secret);
}

static char *
make_digest (const char *seed)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);
}

ThRingState *
th_ring_state_new (void)
{
  ThRingState *self = g_new0 (ThRingState, 1);

  self->secrets = g_ptr_array_new_with_free_func (free_ring_secret);
  return self;
}

void
th_ring_state_free (ThRingState *self)
{
  g_ptr_array_unref (self->secrets);
  g_free (self->seed_digest);
  g_free (self);
}

const ThRingSecret *
th_ring_state_get_current (const ThRingState *self)
{
  return self->secrets->len > 0 ? g_ptr_array_index (self->secrets, 0) : NULL;
}

static void
forget (ThRingState *self, const char *text)
{
  for (guint i = self->secrets->len; i-- > 0;)
    {
      const ThRingSecret *secret = g_ptr_array_index (self->secrets, i);

      if (g_str_equal (secret->text, text))
        g_ptr_array_remove_index (self->secrets, i);
    }
}

void
th_ring_state_make_current (ThRingState *self, const char *text, gint64 now, gint64 grace)
{
  const ThRingSecret *newest = th_ring_state_get_current (self);
  ThRingSecret *secret = g_new (ThRingSecret, 1);

  *secret = (ThRingSecret) {
    .text = g_strdup (text),
    .created = now,
    .generation = newest != NULL ? newest->generation + 1 : 1,
  };
  if (newest != NULL)
    ((ThRingSecret *) g_ptr_array_index (self->secrets, 0))->expires_at = now + grace;
  forget (self, text);
  g_ptr_array_insert (self->secrets, 0, secret);
  if (self->secrets->len > TH_RING_SECRETS_MAX)
    g_ptr_array_set_size (self->secrets, TH_RING_SECRETS_MAX);
}

gboolean
th_ring_state_take_seed (ThRingState *self, const char *seed, gint64 now, gint64 grace)
{
  g_autofree char *digest = make_digest (seed);
  const ThRingSecret *current = th_ring_state_get_current (self);

  if (g_strcmp0 (digest, self->seed_digest) == 0)
    return FALSE;
  g_free (self->seed_digest);
  self->seed_digest = g_steal_pointer (&digest);
  if (current == NULL || !g_str_equal (current->text, seed))
    th_ring_state_make_current (self, seed, now, grace);
  return TRUE;
}

void
th_ring_state_drop_expired (ThRingState *self, gint64 now)
{
  for (guint i = self->secrets->len; i-- > 1;)
    {
      const ThRingSecret *secret = g_ptr_array_index (self->secrets, i);

      if (secret->expires_at <= now)
        g_ptr_array_remove_index (self->secrets, i);
    }
}
