/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A short list, gone through for each connection that is taken in.
 */
#include "relay/proxies.h"

gboolean
th_proxies_init (ThProxies *self, const char *const *texts, GError **error)
{
  guint n = texts == NULL ? 0 : g_strv_length ((char **) texts);

  *self = (ThProxies) { .networks = g_new (ThCidr, n) };
  for (; self->n_networks < n; self->n_networks++)
    {
      if (!th_cidr_parse (texts[self->n_networks], &self->networks[self->n_networks], error))
        {
          th_proxies_clear (self);
          return FALSE;
        }
    }
  return TRUE;
}

void
th_proxies_clear (ThProxies *self)
{
  g_clear_pointer (&self->networks, g_free);
  self->n_networks = 0;
}

gboolean
th_proxies_contain (const ThProxies *self, const ThAddress *address)
{
  for (guint i = 0; i < self->n_networks; i++)
    {
      if (th_cidr_contains (&self->networks[i], address))
        return TRUE;
    }
  return FALSE;
}
