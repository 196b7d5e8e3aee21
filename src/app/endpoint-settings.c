/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the settings of [endpoint].
 */
#include "app/endpoint-settings.h"

static void
take_list (char ***list, ThSettings *settings, ThSetting setting)
{
  g_strfreev (*list);
  *list = g_strdupv ((char **) th_settings_get_list (settings, setting));
}

ThEndpointConfig *
th_endpoint_config_from_settings (ThSettings *settings)
{
  g_autoptr (ThEndpointConfig) config = th_endpoint_config_new ();

  take_list (&config->listen, settings, TH_SETTING_ENDPOINT_LISTEN);
  take_list (&config->cors_origins, settings, TH_SETTING_ENDPOINT_CORS_ORIGINS);
  take_list (&config->fallback_stun, settings, TH_SETTING_ENDPOINT_FALLBACK_STUN);
  config->port = th_settings_get_integer (settings, TH_SETTING_ENDPOINT_PORT);
  config->trust_loopback = th_settings_get_boolean (settings, TH_SETTING_ENDPOINT_TRUST_LOOPBACK);
  config->hybrid = th_settings_get_boolean (settings, TH_SETTING_ENDPOINT_HYBRID);
  config->requests_per_minute =
      th_settings_get_integer (settings, TH_SETTING_ENDPOINT_REQUESTS_PER_MINUTE);
  config->metrics = th_settings_get_boolean (settings, TH_SETTING_ENDPOINT_METRICS);
  g_free (config->realm);
  config->realm = g_strdup (th_settings_get_string (settings, TH_SETTING_RELAY_REALM));
  config->default_ttl = th_settings_get_integer (settings, TH_SETTING_CREDENTIALS_TTL);
  config->max_ttl = th_settings_get_integer (settings, TH_SETTING_ENDPOINT_MAX_TTL);
  return g_steal_pointer (&config);
}
