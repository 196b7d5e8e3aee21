/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names that mean this machine, and origins.
 */
#include "endpoint/origin.h"

#include <gio/gio.h>

gboolean
th_host_is_loopback (const char *host)
{
  gsize length = strlen (host);

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  if (length > strlen (".localhost") &&
      g_ascii_strcasecmp (host + length - strlen (".localhost"), ".localhost") == 0)
    return TRUE;

  g_autofree char *bare = NULL;
  if (length > 2 && host[0] == '[' && host[length - 1] == ']')
    bare = g_strndup (host + 1, length - 2);

  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (bare != NULL ? bare : host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

gboolean
th_origin_is_loopback (const char *origin)
{
  g_autoptr (GUri) uri = g_uri_parse (origin, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL || g_uri_get_userinfo (uri) != NULL)
    return FALSE;

  const char *scheme = g_uri_get_scheme (uri);
  return (g_str_equal (scheme, "http") || g_str_equal (scheme, "https")) &&
         th_host_is_loopback (g_uri_get_host (uri));
}

gboolean
th_origin_is_listed (const char *origin, const char *const *list)
{
  return !g_str_equal (origin, "*") && g_strv_contains (list, origin);
}
