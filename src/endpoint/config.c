/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The endpoint's plain values: made with defaults, copied, freed.
 */
#include "endpoint/config.h"

ThEndpointConfig *
th_endpoint_config_new (void)
{
  ThEndpointConfig *self = g_new0 (ThEndpointConfig, 1);

  self->listen = g_strsplit ("127.0.0.1", ",", -1);
  self->trust_loopback = TRUE;
  self->cors_origins = g_new0 (char *, 1);
  self->hybrid = TRUE;
  self->fallback_stun = g_strsplit ("stun:stun.l.google.com:19302", ",", -1);
  self->requests_per_minute = 60;
  self->metrics = TRUE;
  self->realm = g_strdup ("turnhouse");
  self->default_ttl = 86400;
  self->max_ttl = 86400;
  self->request_timeout = 15000;
  return self;
}

ThEndpointConfig *
th_endpoint_config_copy (const ThEndpointConfig *self)
{
  ThEndpointConfig *copy = g_memdup2 (self, sizeof *self);

  copy->listen = g_strdupv (self->listen);
  copy->cors_origins = g_strdupv (self->cors_origins);
  copy->fallback_stun = g_strdupv (self->fallback_stun);
  copy->realm = g_strdup (self->realm);
  return copy;
}

void
th_endpoint_config_free (ThEndpointConfig *self)
{
  if (self == NULL)
    return;
  g_strfreev (self->listen);
  g_strfreev (self->cors_origins);
  g_strfreev (self->fallback_stun);
  g_free (self->realm);
  g_free (self);
}
