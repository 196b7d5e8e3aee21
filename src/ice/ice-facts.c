/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Facts, empty or not.
 */
#include "ice/ice-facts.h"

static void
path_facts_free (gpointer data)
{
  ThIcePathFacts *self = data;

  th_ice_server_free (self->server);
  g_free (self->certificate_names);
  g_free (self);
}

ThIceFacts *
th_ice_facts_new (void)
{
  ThIceFacts *self = g_new0 (ThIceFacts, 1);

  self->paths = g_ptr_array_new_with_free_func (path_facts_free);
  self->candidates = g_array_new (FALSE, TRUE, sizeof (ThIceCandidateFacts));
  self->refused_rows = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
th_ice_facts_free (ThIceFacts *self)
{
  g_ptr_array_unref (self->paths);
  g_array_unref (self->candidates);
  g_ptr_array_unref (self->refused_rows);
  g_free (self);
}

ThIcePathFacts *
th_ice_facts_add_path (ThIceFacts *self, const ThIceServer *server, ThStunFamily family)
{
  ThIcePathFacts *path = g_new0 (ThIcePathFacts, 1);

  path->server = th_ice_server_copy (server);
  path->family = family;
  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    path->stages[i].error = -1;
  g_ptr_array_add (self->paths, path);
  return path;
}

const ThAddress *
th_ice_facts_get_mapped (const ThIceFacts *self)
{
  static const ThAddress unknown;

  for (guint i = 0; i < self->paths->len; i++)
    {
      const ThIcePathFacts *path = g_ptr_array_index (self->paths, i);

      if (th_address_is_set (&path->mapped))
        return &path->mapped;
    }
  return &unknown;
}
