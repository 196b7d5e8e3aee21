/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numeric addresses alone: clients are told nothing else, and nobody here looks names up.
 */
#include "turn/alternate-server.h"

#include <string.h>

gboolean
th_alternate_server_parse (ThAlternateServer *self, const char *text)
{
  const char *slash = strchr (text, '/');
  g_autofree char *place = slash != NULL ? g_strndup (text, slash - text) : g_strdup (text);
  char *colon = strrchr (place, ':');
  guint64 port;

  if (colon == NULL)
    return FALSE;
  *colon = '\0';
  if (!g_ascii_string_to_unsigned (colon + 1, 10, 1, G_MAXUINT16, &port, NULL) ||
      !th_address_parse (&self->address, place, (guint16) port) ||
      th_address_is_ipv6 (&self->address) != (place[0] == '['))
    return FALSE;
  if (slash == NULL)
    slash = "/";
  else if (slash[1] == '\0')
    return FALSE;
  return g_strlcpy (self->domain, slash + 1, sizeof self->domain) < sizeof self->domain;
}
