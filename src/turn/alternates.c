/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two hosts times two ports.
 */
#include "turn/alternates.h"

static ThAddress
with_port (const ThAddress *host, guint16 port)
{
  ThAddress address = *host;

  th_address_set_port (&address, port);
  return address;
}

gboolean
th_alternates_find (const ThAlternates *self, const ThAddress *local, ThAlternate *alternate)
{
  guint16 port = th_address_port (local);

  if (!th_alternates_are_set (self) || (port != self->ports[0] && port != self->ports[1]))
    return FALSE;
  alternate->port = port == self->ports[1];
  for (guint i = 0; i < G_N_ELEMENTS (self->internal); i++)
    {
      alternate->host = i;
      if (th_address_same_host (&self->internal[i], local))
        return TRUE;
    }
  return FALSE;
}

ThAddress
th_alternates_internal (const ThAlternates *self, ThAlternate alternate)
{
  return with_port (&self->internal[alternate.host], self->ports[alternate.port]);
}

ThAddress
th_alternates_external (const ThAlternates *self, ThAlternate alternate)
{
  return with_port (&self->external[alternate.host], self->ports[alternate.port]);
}
