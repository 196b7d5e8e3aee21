/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks at engine and settings.
 */
#include "panel/device-need.h"

#include "relay/machine-addresses.h"
#include "stun/address.h"

static gboolean
listens_here_alone (ThSettings *settings)
{
  const char *const *listen = th_settings_get_list (settings, TH_SETTING_ENDPOINT_LISTEN);

  for (guint i = 0; listen[i]; i++)
    {
      ThAddress address;
      if (!th_address_parse (&address, listen[i], 0) || !th_address_is_loopback (&address))
        return FALSE;
    }
  return listen[0] != NULL;
}

static gboolean
has_endpoint (ThEngine *engine)
{
  GListModel *problems = th_engine_get_problems (engine);

  for (guint i = 0; i < g_list_model_get_n_items (problems); i++)
    {
      g_autoptr (ThProblem) problem = g_list_model_get_item (problems, i);
      if (g_str_has_prefix (th_problem_get_id (problem), "endpoint-"))
        return FALSE;
    }
  return TRUE;
}

/* Not every machine has "::" to listen on, and where one cannot listen all of it fails. */
static const char *
find_all_addresses (void)
{
  g_autoptr (GArray) addresses = th_machine_addresses ();

  for (guint i = 0; i < addresses->len; i++)
    if (th_address_is_ipv6 (&g_array_index (addresses, ThAddress, i)))
      return "0.0.0.0,::";
  return "0.0.0.0";
}

ThDeviceNeed
th_device_need_find (ThEngine *engine)
{
  ThSettings *settings = th_engine_get_settings (engine);

  if (th_engine_get_state (engine) == TH_ENGINE_STOPPED)
    return TH_DEVICE_NEED_START;
  if (th_engine_get_state (engine) == TH_ENGINE_FAILED)
    return TH_DEVICE_NEED_RELAY;
  if (th_settings_get_integer (settings, TH_SETTING_ENDPOINT_PORT) == 0)
    return TH_DEVICE_NEED_PORT;
  if (!has_endpoint (engine))
    return TH_DEVICE_NEED_ENDPOINT;
  return listens_here_alone (settings) ? TH_DEVICE_NEED_SHARE : TH_DEVICE_NEED_NOTHING;
}

gboolean
th_device_need_meet (ThDeviceNeed self, ThEngine *engine, GError **error)
{
  ThSettings *settings = th_engine_get_settings (engine);
  gboolean allowed = TRUE;

  if (self == TH_DEVICE_NEED_START)
    th_engine_start (engine, NULL); /* what goes wrong becomes a problem in words */
  else if (self == TH_DEVICE_NEED_PORT)
    allowed = th_settings_reset (settings, TH_SETTING_ENDPOINT_PORT, error);
  else if (self == TH_DEVICE_NEED_SHARE)
    allowed = th_settings_set_text (settings, TH_SETTING_ENDPOINT_LISTEN, find_all_addresses (),
                                    error);
  else
    return TRUE;
  if (allowed && self != TH_DEVICE_NEED_START)
    th_engine_reread (engine); /* ends no call */
  return allowed;
}
