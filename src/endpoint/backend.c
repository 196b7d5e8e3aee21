/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lists of URLs that a backend hands to the endpoint.
 */
#include "endpoint/backend.h"

void
th_relay_urls_free (ThRelayUrls *self)
{
  if (self == NULL)
    return;
  g_strfreev (self->stun);
  g_strfreev (self->turn_udp);
  g_strfreev (self->turn_tcp);
  g_strfreev (self->turns);
  g_strfreev (self->turns_udp);
  g_free (self);
}
