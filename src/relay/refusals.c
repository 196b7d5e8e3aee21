/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A short array that is looked through from the beginning: there are few kinds of trouble at a
 * time, and each request that gets here has cost a keyed hash already.
 */
#include "relay/refusals.h"

#include <string.h>

struct _ThRefusals {
  ThRelayRefusal kept[TH_REFUSALS_MAX];
  guint n_kept;
  guint others[TH_REFUSAL_N_REASONS]; /* that found no place */
};

static gboolean
is_same (const ThRelayRefusal *kept, const ThTurnRefusal *refusal, gsize name_length)
{
  return kept->reason == refusal->reason &&
         th_address_same_host (&kept->client, &refusal->client->address) &&
         kept->name_length == name_length &&
         memcmp (kept->name, refusal->name_length > 0 ? refusal->name : "", name_length) == 0;
}

static ThRelayRefusal *
find_place (ThRefusals *self, const ThTurnRefusal *refusal, gsize name_length)
{
  for (guint i = 0; i < self->n_kept; i++)
    {
      if (is_same (&self->kept[i], refusal, name_length))
        return &self->kept[i];
    }
  if (self->n_kept == TH_REFUSALS_MAX)
    return NULL;
  self->kept[self->n_kept].count = 0;
  return &self->kept[self->n_kept++];
}

ThRefusals *
th_refusals_new (void)
{
  return g_new0 (ThRefusals, 1);
}

void
th_refusals_free (ThRefusals *self)
{
  g_free (self);
}

void
th_refusals_note (ThRefusals *self, const ThTurnRefusal *refusal, gint64 time)
{
  gsize name_length = MIN (refusal->name_length, TH_REFUSAL_NAME_SIZE);
  ThRelayRefusal *place = find_place (self, refusal, name_length);

  if (place == NULL)
    {
      self->others[refusal->reason]++;
      return;
    }
  place->reason = refusal->reason;
  place->count++;
  place->time = time;
  place->code = refusal->code;
  place->transport = refusal->client->transport;
  place->client = refusal->client->address;
  place->peer = *refusal->peer;
  place->session = refusal->session;
  place->kind = refusal->kind;
  place->expires_at = refusal->expires_at;
  g_strlcpy (place->user, refusal->user, sizeof place->user);
  place->name_length = name_length;
  if (name_length > 0)
    memcpy (place->name, refusal->name, name_length);
}

GArray *
th_refusals_take (ThRefusals *self, gint64 time)
{
  GArray *taken;

  if (self->n_kept == 0)
    return NULL; /* then there is room, and no others */
  taken = g_array_sized_new (FALSE, FALSE, sizeof (ThRelayRefusal), self->n_kept);
  g_array_append_vals (taken, self->kept, self->n_kept);
  for (guint reason = 0; reason < TH_REFUSAL_N_REASONS; reason++)
    {
      const ThRelayRefusal others = {
        .reason = reason, .count = self->others[reason], .time = time
      };

      if (others.count > 0)
        g_array_append_val (taken, others);
    }
  self->n_kept = 0;
  memset (self->others, 0, sizeof self->others);
  return taken;
}
